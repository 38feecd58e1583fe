package player_test

import (
	"testing"
	"time"

	"movify/pkg/id"
	"movify/player"
)

func TestTheFileOfAVisit(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time {
		return time.Unix(1_800_000_000, 0).Add(time.Duration(minute) * time.Minute)
	}
	visit := player.Visit{Began: at(10), At: at(20), DurationMS: 90_000}
	session := func(f id.File, from, to int) player.Session {
		return player.Session{File: f, Started: at(from), Expires: at(600), Ended: at(to)}
	}
	open := player.Session{File: "b", Started: at(15), Expires: at(600)}
	lengths := map[id.File]int64{"a": 60_000, "b": 90_400, "c": 0}
	for name, c := range map[string]struct {
		last     player.Progress
		sessions []player.Session
		lengths  map[id.File]int64
		want     id.File
	}{
		"nothing is known":                       {},
		"the last position":                      {last: player.Progress{File: "a", At: at(20)}, lengths: lengths, want: "a"},
		"a position of another time":             {last: player.Progress{File: "a", At: at(21)}, lengths: lengths, want: "b"},
		"a position that was removed":            {last: player.Progress{At: at(20)}, lengths: lengths, want: "b"},
		"its session":                            {sessions: []player.Session{session("a", 9, 20)}, lengths: lengths, want: "a"},
		"a session that is not over":             {sessions: []player.Session{open}, want: "b"},
		"sessions of two files":                  {sessions: []player.Session{session("a", 9, 12), session("b", 12, 20)}, lengths: lengths},
		"sessions of other times":                {sessions: []player.Session{session("a", 1, 9), session("a", 21, 30)}},
		"its length":                             {lengths: lengths, want: "b"},
		"two files of one length":                {lengths: map[id.File]int64{"a": 90_000, "b": 90_900}},
		"three, of which the last is none of it": {lengths: map[id.File]int64{"a": 90_000, "b": 90_000, "d": 20_000}},
		"no file of its length":                  {lengths: map[id.File]int64{"a": 60_000, "c": 0}},
	} {
		if got := player.FileOfVisit(visit, c.last, c.sessions, c.lengths); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
