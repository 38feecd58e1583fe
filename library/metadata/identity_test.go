package metadata

import (
	"path"
	"testing"

	"movify/library"

	"github.com/google/go-cmp/cmp"

	"movify/library/naming"
)

// Identities are kept in databases: what a path stood for it stands for still. A line that has to change here needs a
// migration.
func TestIdentitiesStayWhatTheyWere(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
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
		"Lost/Specials/The Making.mkv":            {"series:lost:0", "series:lost:0:0", "series:lost:0:0:0:the making"},
		"Lost/Season 1/Lost S01E11.5 - Recap.mkv": {"series:lost:0", "series:lost:0:0", "series:lost:0:0:0:s01e11 5 recap"},
		"Lost/Season 1/Lost S01E00.mkv":           {"series:lost:0", "series:lost:0:1", "series:lost:0:1:0"},
		"Heat (1995)/Heat (1995)-trailer.mkv":     {"extra:heat:1995:trailer:trailer"},
		"Heat (1995)/Featurettes/Making of.mkv":   {"extra:heat:1995:featurette:making of"},
	} {
		var got []string
		for _, w := range parsePath(library.Root{ID: "r", Path: "/films"}, "/films/"+file, nil).works {
			got = append(got, w.Identity)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", file, diff)
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

// What differs only in a number is never one work.
func TestNeighboursAreWorksOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, folder := range [][]string{
		{"March Lyon/1.mkv", "March Lyon/2.mkv", "March Lyon/3.mkv"},
		{"Show (2018)/Show - 01.mkv", "Show (2018)/Show - 02.mkv"},
		{"Show (2018)/Show 1.mkv", "Show (2018)/Show 2.mkv"},
		{"[G] Hero/[G] Hero [01][x].mkv", "[G] Hero/[G] Hero [02][x].mkv"},
		{"Lost/Season 1/Lost S01E11.mkv", "Lost/Season 1/Lost S01E11.5.mkv"},
		{"Lost/Season 1/Disc 1.mkv", "Lost/Season 1/Disc 2.mkv"},
		{"Lost/Season 3 Part 1/01.mkv", "Lost/Season 3 Part 2/01.mkv"},
		{"Lost/Specials/One.mkv", "Lost/Specials/Two.mkv"},
		{"Heat (1995)/title00.mkv", "Heat (1995)/title01.mkv"},
		{"Heat {tmdb-949}/1.mkv", "Heat {tmdb-949}/2.mkv"},
	} {
		names := make(map[string][]string)
		for _, file := range folder {
			names[path.Dir(file)] = append(names[path.Dir(file)], path.Base(file))
		}
		seen := make(map[string]string)
		for _, file := range folder {
			beside := naming.NewSiblings(names[path.Dir(file)], nil)
			to := parsePath(library.Root{ID: "r", Path: "/films"}, "/films/"+file, beside)
			identity := to.works[len(to.works)-1].Identity
			if other := seen[identity]; other != "" || len(to.IDs) > 0 {
				t.Errorf("%s is the same as %s: %s", file, other, identity)
			}
			seen[identity] = file
		}
	}
}
