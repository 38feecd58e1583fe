package library_test

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"movify/library"
)

// TestIdentify reads testdata/identify.txt: a path, a tab or more, and what it holds, one case a line.
func TestIdentify(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/identify.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		path, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("no arrow in %q", line)
		}
		cases++
		if got := describe(library.Identify(path)); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
	if cases < 80 {
		t.Errorf("only %d cases were read", cases)
	}
}

// describe writes an identity as one line: "movie|Title|1999" or "episode|Series|2008|S01E02-03|Name", then what else is
// known as key=value.
func describe(i library.Identity) string {
	parts := []string{string(i.Kind), i.Title, fmt.Sprint(i.Year)}
	if i.Kind == library.Episode {
		code := fmt.Sprintf("S%02dE%02d", i.Season, i.Episode)
		if i.EpisodeLast != i.Episode {
			code += fmt.Sprintf("-%02d", i.EpisodeLast)
		}
		parts = append(parts, code, i.EpisodeName)
	}
	var more []string
	for source, id := range i.IDs {
		more = append(more, source+"="+id)
	}
	slices.Sort(more)
	if i.Part > 0 {
		more = append(more, fmt.Sprint("part=", i.Part))
	}
	if i.Edition != "" {
		more = append(more, "edition="+i.Edition)
	}
	for _, f := range i.Flags {
		more = append(more, "flag="+f)
	}
	return strings.Join(append(parts, more...), "|")
}

func TestIdentifyKeepsItsEvidence(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]map[string]string{
		"Heat (1995)/heat.mkv":                 {"title": "folder name", "year": "folder name"},
		"Heat (1995).mkv":                      {"title": "file name", "year": "file name"},
		"Lost (2004)/Season 1/Lost S01E02.mkv": {"title": "series folder", "year": "series folder", "season": "file name", "episode": "file name"},
		"Lost/Season 2/03 - Orientation.mkv":   {"title": "series folder", "season": "season folder", "episode": "file name", "episodeName": "file name"},
	} {
		got := library.Identify(path).Evidence
		for field, from := range want {
			if got[field] != from {
				t.Errorf("%s: %s is from %q, want %q", path, field, got[field], from)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	for _, path := range []string{"", "/", "a/b/c.mkv", "S01E01.mkv", "Season 1/1.mkv", "\xff (1999)/\n.mkv", "[x].mkv", "1x02", ".mkv", "2012 (2009).mkv"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		id := library.Identify(path)
		if id.Kind != library.Movie && id.Kind != library.Episode {
			t.Errorf("kind is %q", id.Kind)
		}
		if id.Kind == library.Episode && (id.Title == "" || id.EpisodeLast < id.Episode) {
			t.Errorf("%+v", id)
		}
		if strings.ContainsAny(id.Title, "\n\x00") {
			t.Errorf("control characters in %q", id.Title)
		}
	})
}

func TestFoldAndSortKey(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Amélie":                "amelie",
		"Ærøskøbing & Łódź":     "aeroskobing and lodz",
		"  Mission:Impossible!": "mission impossible",
		"Don’t Look Up":         "dont look up",
		"STRASSE straße":        "strasse strasse",
		"七人の侍":                  "七人の侍",
		"...":                   "",
	} {
		if got := library.Fold(name); got != want {
			t.Errorf("Fold(%q) = %q, want %q", name, got, want)
		}
	}
	sorted := []string{"10 Things I Hate About You", "The Abyss", "Amélie", "Rocky", "Rocky 2", "Rocky 10", "Zodiac"}
	for i := 1; i < len(sorted); i++ {
		if a, b := library.SortKey(sorted[i-1]), library.SortKey(sorted[i]); a >= b {
			t.Errorf("%q (%s) does not come before %q (%s)", sorted[i-1], a, sorted[i], b)
		}
	}
	if library.SortKey("The") == "" {
		t.Error("a title that is only an article has no key")
	}
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"plain ünï 七": "plain ünï 七",
		"a\nb\tc\r":   `a\nb\tc\r`,
		"bad\xffutf8": `bad\xffutf8`,
		"\x00\x7f":    `\u0000\u007f`,
		"\uFFFD":      "\uFFFD",
	} {
		if got := library.Display(name); got != want {
			t.Errorf("Display(%q) = %q, want %q", name, got, want)
		}
	}
}
