package metadata

import (
	"testing"

	"movify/library"

	"github.com/google/go-cmp/cmp"

	"movify/library/naming"
)

// Identities are kept in databases: what a path stood for it stands for still. A line that has to change here needs a
// migration.
func TestIdentitiesStayWhatTheyWere(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"Heat (1995)/Heat (1995).mkv":                {"movie:heat:1995"},
		"Heat (1995)/Heat (1995) - 2160p.mkv":        {"movie:heat:1995"},
		"Heat.1995.German.1080p.BluRay.x264-GRP.mkv": {"movie:heat:1995"},
		"Clips/beach.mp4":                            {"movie:beach:0:beach:Clips"},
		"beach.mp4":                                  {"movie:beach:0:beach:."},
		"Dark (2017)/Season 01/Dark - S01E02 - Lies.mkv": {
			"series:dark:2017", "series:dark:2017:1", "series:dark:2017:1:2",
		},
		"Lost/Specials/Lost S00E03.mkv": {"series:lost:0", "series:lost:0:0", "series:lost:0:0:3"},
		// Of parts, days and extras there was nothing before.
		"Ben Hur (1959)/Ben Hur (1959) cd2.avi": {"movie:ben hur:1959"},
		"The Daily/The Daily 2024-03-05.mkv": {
			"series:the daily:0", "series:the daily:0:2024", "series:the daily:0:2024:305",
		},
		"Heat (1995)/Heat (1995)-trailer.mkv":   {"extra:heat:1995:trailer:trailer"},
		"Heat (1995)/Featurettes/Making of.mkv": {"extra:heat:1995:featurette:making of"},
	} {
		var got []string
		for _, w := range parsePath(library.Root{ID: "r", Path: "/films"}, "/films/"+path).works {
			got = append(got, w.Identity)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestADayIsAnEpisodeOfItsYear(t *testing.T) {
	t.Parallel()
	works := worksOf(naming.Identity{Kind: library.Episode, Title: "Daily", Date: "2024-03-05"}, ".")
	got := works[2]
	if got.Season != 2024 || got.Episode != 305 || got.EpisodeLast != 305 || got.facts.Released != "2024-03-05" ||
		got.Name != "2024-03-05" {
		t.Errorf("it is %+v", got)
	}
	works = worksOf(naming.Identity{Kind: library.Episode, Title: "Naruto", Absolute: 133, EpisodeLast: 134}, ".")
	if got := works[2]; got.Season != 1 || got.Episode != 133 || got.EpisodeLast != 134 ||
		got.Identity != "series:naruto:0:1:133" {
		t.Errorf("it is %+v", got)
	}
}
