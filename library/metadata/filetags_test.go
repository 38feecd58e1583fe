package metadata

import (
	"testing"

	"movify/library"

	"github.com/google/go-cmp/cmp"

	"movify/library/naming"
	"movify/pkg/media"
)

func TestTagFacts(t *testing.T) {
	t.Parallel()
	age := 14
	for name, c := range map[string]struct {
		path string
		tags map[string]string
		want *library.Facts
	}{
		"none": {"Heat (1995).mkv", nil, nil},
		"better words": {
			"Amelie (2001).mkv", map[string]string{"title": "Amélie", "date": "2001-04-25T07:00:00Z"},
			&library.Facts{Name: "Amélie", Year: 2001, Released: "2001-04-25"},
		},
		"a release": {
			"Heat (1995).mkv", map[string]string{"title": "Heat.1995.1080p.BluRay.x264-GRP", "genre": "Movie"}, nil,
		},
		"a program":   {"Heat (1995).mkv", map[string]string{"title": "Encoded by somebody", "comment": "x"}, nil},
		"other words": {"Heat (1995).mkv", map[string]string{"title": "For my friends", "date": "2020"}, nil},
		"more words":  {"Heat (1995).mkv", map[string]string{"title": "Heat from my friends"}, nil},
		"little known": {
			"clips/DSC_0042.mp4", map[string]string{"title": "Summer in Crete", "date": "2014-07-02"},
			&library.Facts{Name: "Summer in Crete", Year: 2014, Released: "2014-07-02"},
		},
		"words of it": {"Heat (1995).mkv", map[string]string{"synopsis": "A thief and a policeman meet for coffee.", "genre": "Crime, Drama", "imdb": "tt0113277",
			"tmdb": "movie/949", "director": "A. Mann", "actor": "B. One; C. Two", "itunextc": "us-tv|TV-14|500|"},
			&library.Facts{Overview: "A thief and a policeman meet for coffee.", Genres: []string{"Crime", "Drama"}, IDs: map[string]string{
				"imdb": "tt0113277", "tmdb": "949",
			},
				Credits: []library.Credit{
					{Name: "B. One", Kind: library.Actor}, {Name: "C. Two", Kind: library.Actor}, {Name: "A. Mann", Kind: library.Director},
				},
				Certification: "TV-14", Age: &age}},
		"an advertisement": {
			"Heat (1995).mkv", map[string]string{"description": "visit https://example.org for more of this"}, nil,
		},
		"episode": {
			"Lost/Season 1/Lost.S01E01.mkv", map[string]string{"title": "Pilot", "show": "Lost", "date": "2004"},
			&library.Facts{Name: "Pilot"},
		},
		"episode, series": {"Lost/Season 1/Lost.S01E01.mkv", map[string]string{"title": "Lost S01E01"}, nil},
		"episode, own name": {
			"Lost/Season 1/Lost.S01E01.Walkabout.mkv", map[string]string{"title": "Something else"}, nil,
		},
		"an extra": {"Heat (1995)/trailers/one.mkv", map[string]string{"title": "The Trailer"}, nil},
	} {
		if diff := cmp.Diff(c.want, tagFacts(media.Probe{Tags: c.tags}, naming.Identify(c.path))); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}
