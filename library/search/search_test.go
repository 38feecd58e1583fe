package search_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"movify/library"
	"movify/library/search"
)

// TestQueriesFindWhatIsMeant asks every query of testdata/queries.txt of the works in testdata/library.txt.
func TestQueriesFindWhatIsMeant(t *testing.T) {
	t.Parallel()
	x := running(t, search.Options{})
	docs := corpus(t)
	if err := x.Index(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	byID := make(map[string]library.SearchDoc)
	for _, d := range docs {
		byID[d.ID] = d
	}
	asked := 0
	for _, line := range lines(t, "testdata/queries.txt") {
		kinds, rest, _ := strings.Cut(line, ": ")
		query, want, ok := strings.Cut(rest, " → ")
		if !ok {
			t.Fatalf("not a query: %q", line)
		}
		asked++
		hits, err := x.Search(t.Context(), library.SearchQuery{Text: query, Kinds: kindsOf[kinds], Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		got := "-"
		if len(hits) > 0 {
			got = byID[hits[0].ID].Names[0]
			if strings.Contains(want, "@") {
				got += " @" + strconv.Itoa(byID[hits[0].ID].Year)
			}
		}
		if got != want {
			t.Errorf("%q finds %q first, want %q\n%s", query, got, want, shown(hits))
		}
	}
	if asked < 120 {
		t.Errorf("%d queries are asked, want 120 at least", asked)
	}
}

var kindsOf = map[string][]library.FindKind{
	"t": {library.FindMovie, library.FindSeries, library.FindEpisode},
	"p": {library.FindPerson},
	"c": {library.FindCollection, library.FindChannel, library.FindGenre},
}

func shown(hits []library.Hit) string {
	var b strings.Builder
	for _, h := range hits {
		fmt.Fprintf(&b, "\t%7.1f %v %s %s\n", h.Score, h.Match, h.Kind, h.Name)
	}
	return b.String()
}

// running gives an index that runs as long as the test.
func running(t testing.TB, o search.Options) *search.Index {
	t.Helper()
	x := search.New(o)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the index ends with %v", err)
		}
	})
	return x
}

var numberOf = regexp.MustCompile(` (\d+)x(\d+)$`)

// corpus reads testdata/library.txt.
func corpus(t testing.TB) (docs []library.SearchDoc) {
	t.Helper()
	for n, line := range lines(t, "testdata/library.txt") {
		cells := append(strings.Split(line, "|"), "", "", "")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		d := library.SearchDoc{
			ID: fmt.Sprintf("%03d", n), Kind: library.FindKind(cells[0]), Names: list(cells[3]), People: list(cells[5]),
		}
		d.Weight, _ = strconv.Atoi(cells[1])
		d.Year, _ = strconv.Atoi(cells[2])
		if at := numberOf.FindStringSubmatch(cells[4]); at != nil {
			d.Season, _ = strconv.Atoi(at[1])
			d.Episode, _ = strconv.Atoi(at[2])
			d.Series = list(strings.TrimSuffix(cells[4], at[0]))
		}
		docs = append(docs, d)
	}
	return docs
}

func list(cell string) (out []string) {
	for piece := range strings.SplitSeq(cell, ";") {
		if piece = strings.TrimSpace(piece); piece != "" {
			out = append(out, piece)
		}
	}
	return out
}

// lines gives what stands in a file but empty lines and those that begin with #.
func lines(t testing.TB, path string) (out []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}
