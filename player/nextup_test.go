package player

import (
	"testing"
	"time"

	"movify/pkg/id"
)

func TestNextUp(t *testing.T) {
	t.Parallel()
	// As a page lists them: specials last.
	series := []Episode{
		{Title: "s1e1", Season: 1, Episode: 1}, {Title: "s1e2", Season: 1, Episode: 2}, {Title: "s1e3", Season: 1, Episode: 3},
		{Title: "s2e1-2", Season: 2, Episode: 1, Last: 2}, {Title: "s2e3", Season: 2, Episode: 3},
		{Title: "special1", Season: 0, Episode: 1}, {Title: "special2", Season: 0, Episode: 2},
	}
	at := func(minute int) time.Time { return time.Date(2026, 5, 1, 20, minute, 0, 0, time.UTC) }
	begun := func(minute int) Standing {
		return Standing{Progress: Progress{PositionMS: 1, DurationMS: 1000, At: at(minute)}}
	}
	seen := func(minute int) Standing { return Standing{Watched: true, WatchedAt: at(minute)} }
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
		{"only rated: untouched", series, map[id.Title]Standing{"s1e3": {Rating: 1}}, "s1e1"},
	} {
		if got := NextUp(c.episodes, c.standings); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
