package player

import (
	"slices"
	"testing"
	"time"

	"movify/pkg/id"
)

// listed gives the episodes of a series as its page does: specials last.
func listed() []Episode {
	return []Episode{
		{Title: "s1e1", Season: 1, Episode: 1}, {Title: "s1e2", Season: 1, Episode: 2}, {Title: "s1e3", Season: 1, Episode: 3},
		{Title: "s2e1-2", Season: 2, Episode: 1, Last: 2}, {Title: "s2e3", Season: 2, Episode: 3},
		{Title: "special1", Season: 0, Episode: 1}, {Title: "special2", Season: 0, Episode: 2},
	}
}

func at(minute int) time.Time { return time.Date(2026, 5, 1, 20, minute, 0, 0, time.UTC) }

func begun(minute int) Standing {
	return Standing{Progress: Progress{PositionMS: 1, DurationMS: 1000, At: at(minute)}}
}

func seen(minute int) Standing { return Standing{Watched: true, WatchedAt: at(minute)} }

func TestNextUp(t *testing.T) {
	t.Parallel()
	series := listed()
	all := func() map[id.Title]Standing {
		out := make(map[id.Title]Standing)
		for i, e := range []id.Title{"special1", "special2", "s1e1", "s1e2", "s1e3", "s2e1-2", "s2e3"} {
			out[e] = seen(i)
		}
		return out
	}
	for _, c := range []struct {
		name      string
		episodes  []Episode
		standings map[id.Title]Standing
		want      id.Title
	}{
		{"untouched", series, nil, "s1e1"},
		{"no episodes", nil, nil, ""},
		{"only specials, untouched", series[5:], nil, ""},
		{"begun, however little", series, map[id.Title]Standing{"s1e2": begun(1)}, "s1e2"},
		{"mid-season", series, map[id.Title]Standing{"s1e1": seen(1), "s1e2": seen(2)}, "s1e3"},
		{"watched out of order: after the last watched", series, map[id.Title]Standing{"s1e1": seen(2), "s1e2": seen(1)}, "s1e2"},
		{"an earlier one begun later", series, map[id.Title]Standing{"s2e3": seen(1), "s1e1": begun(2)}, "s1e1"},
		{"finale of a season", series, map[id.Title]Standing{"s1e3": seen(1)}, "s2e1-2"},
		{"several episodes in a file", series, map[id.Title]Standing{"s2e1-2": seen(1)}, "s2e3"},
		{"a special comes after a special", series, map[id.Title]Standing{"special1": seen(1)}, "special2"},
		{"after the last special the series begins", series, map[id.Title]Standing{"special2": seen(1)}, "s1e1"},
		{"finale of the series: from the beginning", series, map[id.Title]Standing{"s2e3": seen(1)}, "s1e1"},
		{"all watched: from the beginning", series, all(), "s1e1"},
		{"a season marked at once", series, map[id.Title]Standing{"s1e1": seen(1), "s1e2": seen(1), "s1e3": seen(1)}, "s2e1-2"},
		{"only rated: untouched", series, map[id.Title]Standing{"s1e3": {Rating: 1}}, "s1e1"},
	} {
		if got := NextUp(c.episodes, c.standings); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// placed gives a series with specials: one before the second episode, two before the second season and one behind all,
// one before the second of the two episodes of a file, and one without a place.
func placed() []Episode {
	const after = 1 << 30
	return []Episode{
		{Title: "s1e1", Season: 1, Episode: 1}, {Title: "s1e2", Season: 1, Episode: 2},
		{Title: "s2e1-2", Season: 2, Episode: 1, Last: 2}, {Title: "s2e3", Season: 2, Episode: 3},
		{Title: "loose", Episode: 1}, {Title: "loose2", Episode: 9},
		{Title: "early", Episode: 5, AirsSeason: 1, AirsBefore: 2},
		{Title: "christmas", Episode: 3, AirsSeason: 2}, {Title: "newyear", Episode: 4, AirsSeason: 2},
		{Title: "between", Episode: 6, AirsSeason: 2, AirsBefore: 2},
		{Title: "film", Episode: 2, AirsSeason: 2, AirsBefore: after},
	}
}

func TestSpecialsComeAtTheirPlace(t *testing.T) {
	t.Parallel()
	series := placed()
	// From nothing to the end, each watched after the other.
	standings := make(map[id.Title]Standing)
	var got []id.Title
	for i := range series {
		next := NextUp(series, standings)
		continued := Continued(series, standings)
		if i > 0 && i < 9 && next != continued || i >= 9 && continued != "" { // nine have a place
			t.Errorf("after %v: next up is %q, continued %q", got, next, continued)
		}
		got = append(got, next)
		standings[next] = seen(i)
	}
	want := []id.Title{"s1e1", "early", "s1e2", "christmas", "newyear", "s2e1-2", "between", "s2e3", "film", "s1e1", "early"}
	if !slices.Equal(got, want) {
		t.Errorf("watched %v, want %v", got, want)
	}
	for _, c := range []struct {
		name            string
		standings       map[id.Title]Standing
		next, continued id.Title
	}{
		{"a special at its place, begun", map[id.Title]Standing{"s1e1": seen(1), "early": begun(2)}, "early", "early"},
		{"a special watched before its place", map[id.Title]Standing{"early": seen(1), "s1e1": seen(2)}, "early", "s1e2"},
		{"after the special", map[id.Title]Standing{"early": seen(1)}, "s1e2", "s1e2"},
		{"after the last of all", map[id.Title]Standing{"film": seen(1)}, "s1e1", ""},
		{"a special without a place", map[id.Title]Standing{"loose": seen(1)}, "loose2", "loose2"},
		{"the last special without a place", map[id.Title]Standing{"loose2": seen(1)}, "s1e1", "s1e1"},
		{"all were marked at once", map[id.Title]Standing{"loose": seen(1), "s1e1": seen(1), "early": seen(1), "s1e2": seen(1)},
			"christmas", "christmas"},
	} {
		if got := NextUp(series, c.standings); got != c.next {
			t.Errorf("%s: next up is %q, want %q", c.name, got, c.next)
		}
		if got := Continued(series, c.standings); got != c.continued {
			t.Errorf("%s: continued is %q, want %q", c.name, got, c.continued)
		}
	}
	first := append(placed(), Episode{Title: "pilot", Episode: 8, AirsSeason: 1, AirsBefore: 1})
	if got := NextUp(first, nil); got != "pilot" {
		t.Errorf("the series begins with %q, want its pilot", got)
	}
}

func TestContinued(t *testing.T) {
	t.Parallel()
	series := listed()
	for _, c := range []struct {
		name      string
		episodes  []Episode
		standings map[id.Title]Standing
		want      id.Title
	}{
		{"untouched", series, nil, ""},
		{"only rated", series, map[id.Title]Standing{"s1e3": {Rating: 1}}, ""},
		{"begun", series, map[id.Title]Standing{"s1e2": begun(1)}, "s1e2"},
		{"finished", series, map[id.Title]Standing{"s1e1": seen(1)}, "s1e2"},
		{"finale of a season", series, map[id.Title]Standing{"s1e3": seen(1)}, "s2e1-2"},
		{"several episodes in a file", series, map[id.Title]Standing{"s2e1-2": seen(1)}, "s2e3"},
		{"the next one was watched before", series, map[id.Title]Standing{"s1e1": seen(2), "s1e2": seen(1)}, "s1e3"},
		{"all that follow were watched before", series,
			map[id.Title]Standing{"s1e3": seen(2), "s2e1-2": seen(1), "s2e3": seen(1)}, ""},
		{"finale of the series", series, map[id.Title]Standing{"s2e3": seen(1)}, ""},
		{"a special", series, map[id.Title]Standing{"s1e1": seen(1), "special1": seen(2)}, "special2"},
		{"the last special", series, map[id.Title]Standing{"s1e1": seen(1), "special2": seen(2)}, "s1e2"},
		{"watched again, and left at once", series, map[id.Title]Standing{"s2e3": seen(1), "s1e1": begun(2)}, "s1e1"},
		{"the next one is hidden", series[2:], map[id.Title]Standing{"s1e1": seen(1), "s1e3": seen(0)}, "s2e1-2"},
	} {
		if got := Continued(c.episodes, c.standings); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
