package catalogue

import (
	"fmt"
	"testing"

	"movify/library"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
)

func TestHomeRows(t *testing.T) {
	t.Parallel()
	channels := func(n int) (out []library.Collection) {
		for i := range n {
			out = append(out, library.Collection{ID: id.Collection(fmt.Sprint("c", i)), Name: fmt.Sprint("Channel ", i), FilledBy: library.ByRule})
		}
		return out
	}
	genres := func(counts ...int) (out []Facet) {
		for i, n := range counts {
			out = append(out, Facet{ID: fmt.Sprint("g", i), Name: fmt.Sprint("Genre ", i), Count: n})
		}
		return out
	}
	walls := []string{"new", "movies", "series"}
	for _, c := range []struct {
		name     string
		channels []library.Collection
		genres   []Facet
		want     []string // below the walls
	}{
		{"nothing but titles", nil, nil, nil},
		{"channels before genres", channels(1), genres(6), []string{"channel:c0", "genre:g0"}},
		{"a genre of few titles is no row", nil, genres(7, 6, 5), []string{"genre:g0", "genre:g1"}},
		{"the three largest genres", nil, genres(9, 9, 9, 9), []string{"genre:g0", "genre:g1", "genre:g2"}},
		{"eight channels", channels(9), nil, []string{
			"channel:c0", "channel:c1", "channel:c2", "channel:c3", "channel:c4", "channel:c5", "channel:c6", "channel:c7"}},
	} {
		var got []string
		for _, row := range HomeRows(c.channels, c.genres) {
			if got = append(got, row.ID); row.Query.Limit != HomeRowLength {
				t.Errorf("%s: %s asks for %d titles", c.name, row.ID, row.Query.Limit)
			}
		}
		if diff := cmp.Diff(append(walls[:3:3], c.want...), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestHomeRowOfAChannelHasItsOrder(t *testing.T) {
	t.Parallel()
	rows := HomeRows([]library.Collection{{ID: "hand", FilledBy: library.ByHand}, {ID: "rule", FilledBy: library.ByRule}}, nil)
	if a, b := rows[3].Query.Sort, rows[4].Query.Sort; a != SortPosition || b != SortName {
		t.Errorf("by hand %s, by rule %s", a, b)
	}
}

func TestResumableLeavesOutWhatCannotGoOn(t *testing.T) {
	t.Parallel()
	film := library.Card{Title: library.Title{ID: "film", Kind: library.Movie}, File: library.File{ID: "f"}}
	trailer := library.Card{Title: library.Title{ID: "trailer", Kind: library.Extra}, File: library.File{ID: "f"}}
	gone := library.Card{Title: library.Title{ID: "gone", Kind: library.Movie}}
	if diff := cmp.Diff([]library.Card{film}, Resumable([]library.Card{gone, film, trailer})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestContinueRowShowsTheLatestFirstAndEachOnce(t *testing.T) {
	t.Parallel()
	begun := []ContinueEntry{{"film", 9}, {"half", 5}, {"old", 1}}
	next := []ContinueEntry{{"next", 7}, {"half", 5}}
	if diff := cmp.Diff([]id.Title{"film", "next", "half", "old"}, ContinueRow(begun, next)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSeriesAreFoundByTheirLatestEpisode(t *testing.T) {
	t.Parallel()
	got := seriesOf([]library.RecentEpisode{
		{Series: "a", Episode: "a2", AtMS: 9, Removed: true}, {Series: "b", Episode: "b1", AtMS: 8}, {Series: "a", Episode: "a1", AtMS: 7},
		{Series: "c", Episode: "c1", AtMS: 6, Removed: true}, {Series: "b", Episode: "b3", AtMS: 5, Removed: true}, {Series: "d", Episode: "d1", AtMS: 4},
	}, 2)
	if diff := cmp.Diff([]RecentSeries{
		{Series: "b", AtMS: 8, Removed: map[id.Title]int64{"b3": 5}}, {Series: "a", AtMS: 7, Removed: map[id.Title]int64{"a2": 9}},
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for episode, want := range map[id.Title]bool{"a1": true, "a2": false, "": false} {
		if got[1].Offers(episode) != want {
			t.Errorf("series a offers %q: %v", episode, !want)
		}
	}
	if !got[0].Offers("b3") {
		t.Error("an episode that was removed before the series went on is not offered")
	}
}
