package metadata_test

import (
	"testing"

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
