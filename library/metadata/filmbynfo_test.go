package metadata_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
)

// A number without a season is an episode's, until an NFO file describes a movie.
func TestAnNFOFileDecidesThatAFileIsAFilm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Level/Level 42.mkv":       "film level",
		"Level/Level 42.nfo":       "<movie><title>Level 42</title></movie>",
		"Depth/Depth 23.mkv":       "film depth",
		"Depth/movie.nfo":          "<movie><title>Depth 23</title></movie>",
		"Height/Height 12.mkv":     "film height",
		"Height/Height 12.nfo":     "<episodedetails><title>Twelve</title></episodedetails>",
		"Width/Width S01E02.mkv":   "film width",
		"Width/Width S01E02.nfo":   "<movie><title>Width</title></movie>",
		"Weight/Weight 12.mkv":     "film weight",
		"Weight/Weight 12.txt.nfo": "no description",
	})
	h.Start()
	for name, want := range map[string]library.Kind{
		"Level/Level 42.mkv": library.Movie, "Depth/Depth 23.mkv": library.Movie, "Height/Height 12.mkv": library.Episode,
		"Width/Width S01E02.mkv": library.Episode, "Weight/Weight 12.mkv": library.Episode,
	} {
		h.Until(name, func() bool { return h.FileAt(name).Title != "" })
		if card := h.title(h.FileAt(name).Title); card.Kind != want {
			t.Errorf("%s is a %s, want a %s", name, card.Kind, want)
		}
	}
}

// An NFO file that comes, changes or goes after the first scan decides it again, and what was watched stays with the file.
func TestAnNFOFileThatComesLaterDecidesThatAFileIsAFilm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Level/Level 42.mkv":   "film level",
		"Depth/Depth 23.mkv":   "film depth",
		"Height/Height 12.mkv": "film height",
		"Height/Height 12.nfo": "<movie><title>Height Twelve</title></movie>",
	})
	h.Start()
	want := func(when, name string, kind library.Kind, title string) {
		t.Helper()
		h.ScanAll()
		h.must(h.WaitForSidecars(t.Context()))
		if card := h.title(h.FileAt(name).Title); card.Kind != kind || card.Name != title {
			t.Errorf("%s %s is the %s %s, want the %s %s", when, name, card.Kind, card.Name, kind, title)
		}
	}
	want("at first", "Level/Level 42.mkv", library.Episode, "Episode 42")
	want("at first", "Depth/Depth 23.mkv", library.Episode, "Episode 23")
	want("at first", "Height/Height 12.mkv", library.Movie, "Height Twelve")
	level := h.FileAt("Level/Level 42.mkv").Title

	h.Write("Level/Level 42.nfo", "<movie><title>Level Forty-Two</title></movie>")
	h.Write("Depth/movie.nfo", "<movie><title>Depth Twenty-Three</title></movie>")
	h.Remove("Height/Height 12.nfo")
	want("with an NFO file", "Level/Level 42.mkv", library.Movie, "Level Forty-Two")
	want("with an NFO file", "Depth/Depth 23.mkv", library.Movie, "Depth Twenty-Three")
	want("without one", "Height/Height 12.mkv", library.Episode, "Episode 12")
	if diff := cmp.Diff([]string{"Depth Twenty-Three", "Height", "Level Forty-Two"}, h.Names()); diff != "" {
		t.Error(diff)
	}

	h.Write("Level/Level 42.nfo", "<episodedetails><title>The Forty-Second</title></episodedetails>")
	h.Remove("Depth/movie.nfo")
	want("with another NFO file", "Level/Level 42.mkv", library.Episode, "The Forty-Second")
	want("without one", "Depth/Depth 23.mkv", library.Episode, "Episode 23")
	if now := h.FileAt("Level/Level 42.mkv").Title; now != level {
		t.Errorf("the title was %s and is %s", level, now)
	}
	h.NFO.Refuse(h.Path("Level/Level 42.nfo")) // before the watcher sees it
	h.Write("Level/Level 42.nfo", "<movie><title>Level Forty-Two, again</title></movie>")
	want("with one that cannot be read", "Level/Level 42.mkv", library.Episode, "The Forty-Second")
}
