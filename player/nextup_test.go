package player

import (
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
