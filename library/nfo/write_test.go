package nfo_test

import (
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/nfo"
)

// A written file reads back unchanged, and is well-formed for stricter parsers.
func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	one, none, age := 1, 0, 13
	for _, w := range []library.NFOWork{
		{Kind: library.Movie, Facts: library.Facts{
			Name: `Fast & <Loose> "2"`, OriginalName: "Снег", SortName: "fast 2", Year: 1999, Released: "1999-03-31",
			Overview: "One.\n\nTwo & three.",
			Tagline:  "Go.", Genres: []string{"Drama", "Crime"}, Studios: []string{"A & B"},
			Countries: []string{"Chile"}, Tags: []string{"slow"},
			Sets: []string{"Fast Collection", "B"}, SetOverviews: map[string]string{"Fast Collection": "All.\n\nOf them & more."},
			Certification: "PG-13", Age: &age, RuntimeMS: 5_400_000,
			IDs:     map[string]string{"imdb": "tt0000001", "tmdb": "1"},
			Ratings: []library.Rating{{By: "imdb", Value: 7.4, Votes: 9}, {By: "metacritic", Value: 6}},
			Credits: []library.Credit{{Name: "B", Kind: library.Actor, Role: "She"}, {
				Name: "A", Kind: library.Actor, Picture: "https://example.org/a.jpg",
			},
				{Name: "D", Kind: library.Director}, {Name: "W", Kind: library.Writer}},
			Trailers: []string{"https://example.org/t"},
		}},
		{Kind: library.Series, Facts: library.Facts{Name: "Lost", Status: "ended", Year: 2004}},
		{Kind: library.Season, Facts: library.Facts{Name: "Season 1", Season: &one}},
		{
			Kind: library.Episode,
			Facts: library.Facts{
				Name: "Pilot", SeriesName: "Lost", Season: &one, Episode: 2, Released: "2004-09-22", Year: 2004,
			},
		},
		{Kind: library.Episode, Facts: library.Facts{
			Name: "Special", Season: &none, Episode: 2, Airs: &library.Airing{Season: 2, Episode: 5},
		}},
		{Kind: library.Episode, Facts: library.Facts{
			Name: "Special", Season: &none, Episode: 3, Airs: &library.Airing{Season: 2},
		}},
		{Kind: library.Episode, Facts: library.Facts{
			Name: "Special", Season: &none, Episode: 4, Airs: &library.Airing{Season: 2, After: true},
		}},
	} {
		path := filepath.Join(t.TempDir(), "x.nfo")
		if err := (nfo.Writer{}).WriteNFO(path, w); err != nil {
			t.Fatal(err)
		}
		got, err := nfo.Reader{}.ReadNFO(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(library.NFODocument{Works: []library.NFOWork{w}, Ours: true}, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", w.Kind, diff)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(text, new(struct{ XMLName xml.Name })); err != nil {
			t.Errorf("not well-formed: %v\n%s", err, text)
		}
	}
}

func TestWriteTouchesNothingOfOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	work := library.NFOWork{Kind: library.Movie, Facts: library.Facts{Name: "Heat"}}
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"foreign.nfo": "<movie/>", "empty.nfo": "", "late.nfo": strings.Repeat("\n", 2000) + "<!-- written by Movify",
	} {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := (nfo.Writer{}).WriteNFO(path(name), work); !errors.Is(err, library.ErrNFOForeign) {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := os.ReadFile(path(name)); err != nil || string(got) != text {
			t.Errorf("%s is now %q, %v", name, got, err)
		}
	}
	if err := (nfo.Writer{}).WriteNFO(path("ours.nfo"), work); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"link.nfo": path("ours.nfo"), "dangling.nfo": path("nowhere.nfo")} {
		if err := os.Symlink(to, path(name)); err != nil {
			t.Fatal(err)
		}
		if err := (nfo.Writer{}).WriteNFO(path(name), work); !errors.Is(err, library.ErrNFOForeign) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Mkdir(path("folder.nfo"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := (nfo.Writer{}).WriteNFO(path("folder.nfo"), work); !errors.Is(err, library.ErrNFOForeign) {
		t.Errorf("a folder: %v", err)
	}
	if err := (nfo.Writer{}).WriteNFO(path("none/x.nfo"), work); err == nil {
		t.Error("wrote into a folder that is not there")
	}
	if err := (nfo.Writer{}).WriteNFO(path("extra.nfo"), library.NFOWork{Kind: library.Extra}); err == nil {
		t.Error("wrote what cannot be read")
	}
	work.Facts.Name = "Heat, again"
	if err := (nfo.Writer{}).WriteNFO(path("ours.nfo"), work); err != nil {
		t.Fatal(err)
	}
	doc, err := nfo.Reader{}.ReadNFO(path("ours.nfo"))
	if err != nil || doc.Works[0].Facts.Name != "Heat, again" {
		t.Errorf("ours is %+v, %v", doc, err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 7 {
		t.Errorf("the folder holds %v, %v", names, err)
	}
}
