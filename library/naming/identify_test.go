package naming_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"movify/library/naming"
)

// TestIdentify reads testdata/cases: a file for each rule, in it a path, an arrow and what it holds, one case a line. Each
// rule has its section in docs/naming.md. In the cases of neighbours the lines between two empty ones are one tree.
func TestIdentify(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	manual, err := os.ReadFile("../../docs/naming.md")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, file := range files {
		rule := ruleOf(file)
		if !strings.Contains(string(manual), "`"+rule+"`") {
			t.Errorf("docs/naming.md does not explain the rule %s", rule)
		}
		t.Run(rule, func(t *testing.T) { cases += checkNames(t, file) })
	}
	if cases < 1000 {
		t.Errorf("only %d cases were read", cases)
	}
	for _, m := range regexp.MustCompile("(?m)^## .*`([a-z-]+)`$").FindAllStringSubmatch(string(manual), -1) {
		if !slices.ContainsFunc(files, func(f string) bool { return ruleOf(f) == m[1] }) {
			t.Errorf("docs/naming.md explains %s, and nothing proves it", m[1])
		}
	}
}

// ruleOf gives the rule of a file of cases: "12-extras.txt" is of extras.
func ruleOf(file string) string {
	_, rule, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txt"), "-")
	return rule
}

func checkNames(t *testing.T, file string) (cases int) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	trees := strings.SplitAfter(string(text), "\n")
	if ruleOf(file) == "neighbours" {
		trees = strings.Split(string(text), "\n\n")
	}
	for _, tree := range trees {
		var paths, wants []string
		folders := make(map[string][]string)
		for line := range strings.Lines(tree) {
			path, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
			if !ok {
				t.Fatalf("no arrow in %q", line)
			}
			paths, wants = append(paths, path), append(wants, want)
			if dir, name := filepath.Split(path); !naming.IsSubtitle(name) {
				folders[dir] = append(folders[dir], name)
			}
		}
		for i, path := range paths {
			siblings := naming.NewSiblings(folders[path[:strings.LastIndex(path, "/")+1]], nil)
			if got := format(siblings.Identify(path)); got != wants[i] {
				t.Errorf("%s\n got %s\nwant %s", path, got, wants[i])
			}
			cases++
		}
	}
	return cases
}

// format writes an identity as one line: "movie|Title|1999", "episode|Series|2008|S01E02-03|Name" or
// "extra|Title|1999|trailer|Name", then what else is known as key=value.
func format(i naming.Identity) string {
	parts := []string{string(i.Kind), i.Title, fmt.Sprint(i.Year)}
	switch i.Kind {
	case naming.Episode:
		code := fmt.Sprintf("S%02dE%02d", i.Season, i.Episode)
		if i.EpisodeLast != i.Episode {
			code += fmt.Sprintf("-%02d", i.EpisodeLast)
		}
		parts = append(parts, code, i.EpisodeName)
	case naming.Extra:
		parts = append(parts, string(i.Extra), i.ExtraName)
		if i.Evidence["season"] != "" {
			parts = append(parts, fmt.Sprint("season=", i.Season))
		}
	}
	var more []string
	for source, id := range i.IDs {
		more = append(more, source+"="+id)
	}
	slices.Sort(more)
	for _, field := range []struct{ name, value string }{
		{"date", i.Date}, {"absolute", orEmpty(i.Absolute)}, {"part", orEmpty(i.Part)}, {"edition", i.Edition},
		{"language", i.Language}, {"flags", strings.Join(i.Flags, ",")}, {"home", orEmpty(i.FolderDepth)},
	} {
		if field.value != "" {
			more = append(more, field.name+"="+field.value)
		}
	}
	return strings.Join(append(append(parts, more...), string(i.Sure)), "|")
}

func orEmpty(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func TestIdentifyKeepsItsEvidence(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]map[string]string{
		"Heat (1995)/heat.mkv": {"title": "folder name", "year": "folder name"},
		"Heat (1995).mkv":      {"title": "file name", "year": "file name"},
		"Lost (2004)/Season 1/Lost S01E02.mkv": {
			"title": "series folder", "year": "series folder", "season": "file name", "episode": "file name",
		},
		"Lost/Season 2/03 - Orientation.mkv": {
			"title": "series folder", "season": "season folder", "episode": "file name", "episodeName": "file name",
		},
		"Heat (1995)/Trailers/One.mkv": {
			"title": "folder name", "year": "folder name", "extra": "extras folder", "extraName": "file name",
		},
		"Heat (1995) {tmdb-949}/heat.3d.mkv": {"title": "folder name", "year": "folder name", "ids": "folder name"},
		"Heat (1995)/CD1/heat.1080p.hdr.mkv": {
			"title": "folder name", "year": "folder name", "part": "folder name", "flags": "file name",
		},
		"Heat (1995) [German] - Uncut.mkv": {
			"title": "file name", "year": "file name", "edition": "file name", "language": "file name",
		},
		"Heat (1995).fr.forced.srt": {
			"title": "file name", "year": "file name", "language": "file name", "flags": "file name",
		},
		"The Daily Show 2024-03-15 Guest.mkv": {
			"title": "file name", "season": "file name", "episode": "file name", "date": "file name",
			"episodeName": "file name",
		},
		"[G] Bleach - 012.mkv": {"title": "file name", "episode": "file name", "absolute": "file name"},
	} {
		got := naming.Identify(path).Evidence
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
	for _, path := range []string{
		"", "/", "a/b/c.mkv", "S01E01.mkv", "Season 1/1.mkv", "\xff (1999)/\n.mkv", "[x].mkv", "1x02", ".mkv",
		"2012 (2009).mkv",
		"[G] B - 01-02 [x].mkv", "A/BDMV/STREAM/00001.m2ts", "A (2000)/Extras/b-trailer.mkv", "A - 2020-01-02.mkv", "{港}00", "[組][港][01-02]", "A.2001.Écran.Edition.mkv",
		"A.S01E01-S01E03.srt", "A, The (1999) cd1.en.hi.srt",
	} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		id := naming.Identify(path)
		switch id.Kind {
		case naming.Movie, naming.Extra:
			if id.Episode != 0 || id.Kind == naming.Extra && id.Extra == "" {
				t.Errorf("%+v", id)
			}
		case naming.Episode:
			if id.Title == "" || id.EpisodeLast < id.Episode || id.Season < 0 || id.Episode < 0 {
				t.Errorf("%+v", id)
			}
		default:
			t.Errorf("kind is %q", id.Kind)
		}
		if id.Kind == naming.Movie && id.Title == "" {
			t.Errorf("a film without a name: %+v", id)
		}
		for _, text := range []string{id.Title, id.EpisodeName, id.ExtraName, id.Edition} {
			if strings.ContainsAny(text, "\n\x00") {
				t.Errorf("control characters in %q", text)
			}
		}
		if id.Year != 0 && (id.Year < 1888 || id.Year > 2039) {
			t.Errorf("year %d", id.Year)
		}
		if depth := strings.Count(path, "/"); id.FolderDepth > depth {
			t.Errorf("home is %d folders deep in %q", id.FolderDepth, path)
		}
		if id.Sure == "" || id.Evidence == nil {
			t.Errorf("%+v", id)
		}
	})
}

// FuzzSiblings: the order of the names does not matter, the same names give the same work, and each file is a film, an
// episode or an extra.
func FuzzSiblings(f *testing.F) {
	f.Add("A (2000)", "1.mkv", "2.mkv", "03.mkv")
	f.Add("A/Season 1 Part 2", "A - 01.mkv", "A - 02.mkv", "A - 02.5.mkv")
	f.Add("[G] A [x]", "title00.mkv", "title01.mkv", "A 720.mkv")
	f.Fuzz(func(t *testing.T, dir, a, b, c string) {
		x := naming.NewSiblings([]string{a, b, c}, nil).Identify(dir + "/" + a)
		y := naming.NewSiblings([]string{c, b, a}, nil).Identify(dir + "/" + a)
		if format(x) != format(y) {
			t.Errorf("%s, or in another order %s", format(x), format(y))
		}
		if x.Title == "" && x.Kind != naming.Extra || x.EpisodeLast < x.Episode || x.Evidence == nil {
			t.Errorf("%+v", x)
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
		if got := naming.Fold(name); got != want {
			t.Errorf("Fold(%q) = %q, want %q", name, got, want)
		}
	}
	sorted := []string{"10 Things I Hate About You", "A-Ha", "A.I. Artificial Intelligence", "The A-Team", "The Abyss", "Amélie", "Rocky", "Rocky 2", "Rocky 10", "Zodiac"}
	for i := 1; i < len(sorted); i++ {
		if a, b := naming.SortKey(sorted[i-1]), naming.SortKey(sorted[i]); a >= b {
			t.Errorf("%q (%s) does not come before %q (%s)", sorted[i-1], a, sorted[i], b)
		}
	}
	if naming.SortKey("The") == "" {
		t.Error("a title that is only an article has no key")
	}
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"plain ünï 七":       "plain ünï 七",
		"a\nb\tc\r":         `a\nb\tc\r`,
		"bad\xffutf8":       `bad\xffutf8`,
		"\x00\x7f":          `\u0000\u007f`,
		"\uFFFD":            "\uFFFD",
		"a\u202evkm.exe":    `a\u202evkm.exe`, // would be read as "aexe.mkv"
		"\u2066a\u2069":     `\u2066a\u2069`,
		"\u200fשלום (2001)": "\u200fשלום (2001)",
	} {
		if got := naming.Display(name); got != want {
			t.Errorf("Display(%q) = %q, want %q", name, got, want)
		}
	}
}
