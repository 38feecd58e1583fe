package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"movify/pkg/id"
	"movify/player"
)

// watching proves the part of the port that is about positions, visits, marks and searches.
func watching(t *testing.T, open func(*testing.T) player.Store) {
	run(t, open, []testCase[player.Store]{
		{"the last mark by its time wins", testLastMarkWins},
		{"a list page by page", testMarkPages},
		{"positions make visits", testVisits},
		{"watching again does not take the mark away, and a late position does not bring it back", testWatchedMarkStays},
		{"forget visits", testForgetVisits},
		{"searches", testSearches},
		{"nothing is left of a profile", testForgetProfile},
	})
}

func testLastMarkWins(t *testing.T, s player.Store) {
	listed := mark("p", "film", player.MarkListed, 1, 1000)
	saveMarks(t, s, listed, mark("p", "film", player.MarkRating, -1, 1000), mark("p", "other", player.MarkListed, 1, 1000),
		mark("q", "film", player.MarkWatched, 1, 1000))
	saveMarks(t, s, mark("p", "film", player.MarkListed, 0, 500)) // comes late
	saveMarks(t, s, mark("p", "other", player.MarkListed, 0, 2000), mark("p", "other", player.MarkListed, 1, 1500))
	wantMarks(t, s, "p", listed, mark("p", "film", player.MarkRating, -1, 1000))
	wantMarks(t, s, "q", mark("q", "film", player.MarkWatched, 1, 1000))
}

func testMarkPages(t *testing.T, s player.Store) {
	for i, title := range []id.Title{"a", "b", "c", "d"} {
		saveMarks(t, s, mark("p", title, player.MarkListed, 1, int64(i/2)*1000)) // two at each moment
	}
	saveMarks(t, s, mark("p", "gone", player.MarkListed, 0, 9000), mark("p", "seen", player.MarkWatched, 1, 9000),
		mark("q", "foreign", player.MarkListed, 1, 9000))
	var got []id.Title
	after := player.Cursor{}
	for range 4 {
		page, err := s.Marked(t.Context(), "p", player.MarkListed, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			got = append(got, m.Title)
			after = player.Cursor{At: m.At, ID: string(m.Title)}
		}
	}
	if diff := cmp.Diff([]id.Title{"d", "c", "b", "a"}, got); diff != "" {
		t.Errorf("the list (-want +got):\n%s", diff)
	}
}

func testVisits(t *testing.T, s player.Store) {
	hour := time.Hour.Milliseconds()
	save(t, s, progress("p", "film", 1_000, 0)) // only looked in
	save(
		t, s, progress("p", "film", 100_000, hour), progress("p", "film", 400_000, 2*hour),
		progress("p", "other", 200_000, 3*hour),
	)
	// Reported late: it belongs to the first visit and does not move it back.
	save(t, s, progress("p", "film", 300_000, hour+1))
	save(t, s, progress("p", "film", 970_000, 20*hour), progress("q", "film", 500_000, 20*hour))
	save(t, s, progress("p", "film", 50_000, 21*hour)) // begun again at once
	want := []player.Visit{
		{
			Profile: "p", Title: "film", Began: moment(20 * hour), At: moment(21 * hour), PositionMS: 50_000,
			DurationMS: 1_000_000, Watched: true,
		},
		{
			Profile: "p", Title: "other", Began: moment(3 * hour), At: moment(3 * hour), PositionMS: 200_000,
			DurationMS: 1_000_000,
		},
		{Profile: "p", Title: "film", Began: moment(hour), At: moment(2 * hour), PositionMS: 400_000, DurationMS: 1_000_000},
	}
	got := visits(t, s, "p", 2)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(player.Visit{}, "ID")); diff != "" {
		t.Errorf("visits (-want +got):\n%s", diff)
	}
	wantMarks(t, s, "p", mark("p", "film", player.MarkWatched, 1, 20*hour))
}

func testWatchedMarkStays(t *testing.T, s player.Store) {
	save(t, s, progress("p", "film", 950_000, 1000))
	save(t, s, progress("p", "film", 100_000, 2000))
	wantMarks(t, s, "p", mark("p", "film", player.MarkWatched, 1, 1000))
	saveMarks(t, s, mark("p", "film", player.MarkWatched, 0, 3000))
	save(t, s, progress("p", "film", 990_000, 2500))
	wantMarks(t, s, "p")
	save(t, s, progress("p", "film", 990_000, 4000))
	wantMarks(t, s, "p", mark("p", "film", player.MarkWatched, 1, 4000))
}

func testForgetVisits(t *testing.T, s player.Store) {
	save(
		t, s, progress("p", "film", 950_000, 1000), progress("p", "other", 100_000, 1000),
		progress("q", "film", 100_000, 1000),
	)
	forget := func(title id.Title) {
		if err := s.ForgetVisits(t.Context(), "p", title, moment(2000)); err != nil {
			t.Fatal(err)
		}
	}
	forget("film")
	save(t, s, progress("p", "film", 100_000, 1500)) // told late
	if got := visits(t, s, "p", 9); len(got) != 1 || got[0].Title != "other" {
		t.Errorf("after forgetting one: %+v", got)
	}
	wantMarks(t, s, "p", mark("p", "film", player.MarkWatched, 1, 1000))
	forget("")
	if got := visits(t, s, "p", 9); len(got) != 0 {
		t.Errorf("after forgetting all: %+v", got)
	}
	if got, err := s.Resumable(t.Context(), "p", 9); err != nil || len(got) != 0 {
		t.Errorf("positions after forgetting all: %v, %v", got, err)
	}
	save(t, s, progress("p", "film", 100_000, 3000))
	if got := visits(t, s, "p", 9); len(got) != 1 {
		t.Errorf("watched after forgetting: %+v", got)
	}
	if got := visits(t, s, "q", 9); len(got) != 1 {
		t.Errorf("of the other profile: %+v", got)
	}
}

func testSearches(t *testing.T, s player.Store) {
	add := func(p id.Profile, name, words string, at int64) {
		if err := s.SaveSearch(t.Context(), player.Search{ID: name, Profile: p, Words: words, At: moment(at)}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range player.SearchesKept + 2 {
		add("p", fmt.Sprintf("s%02d", i), fmt.Sprintf("words %d", i), int64(i))
	}
	add("p", "again", " Words   5", 100)
	add("q", "foreign", "words", 0)
	want := []string{"again", "s11", "s10", "s09", "s08", "s07", "s06", "s04", "s03", "s02"}
	if diff := cmp.Diff(want, searches(t, s, "p")); diff != "" {
		t.Errorf("searches (-want +got):\n%s", diff)
	}
	for _, x := range []string{"s10", "s10", "foreign"} {
		if err := s.ForgetSearch(t.Context(), "p", x); err != nil {
			t.Fatal(err)
		}
	}
	if got := searches(t, s, "p"); slices.Contains(got, "s10") || len(got) != len(want)-1 {
		t.Errorf("after forgetting one: %v", got)
	}
	if err := s.ForgetSearch(t.Context(), "p", ""); err != nil {
		t.Fatal(err)
	}
	if got := append(searches(t, s, "p"), searches(t, s, "q")...); !slices.Equal(got, []string{"foreign"}) {
		t.Errorf("after forgetting all: %v", got)
	}
}

func testForgetProfile(t *testing.T, s player.Store) {
	for _, p := range []id.Profile{"p", "q"} {
		save(t, s, progress(p, "film", 950_000, 1000), progress(p, "other", 500_000, 1000))
		search := player.Search{ID: string(p), Profile: p, Words: "film", At: moment(0)}
		if err := s.SaveSearch(t.Context(), search); err != nil {
			t.Fatal(err)
		}
		x := session(id.Session("session of "+p), "in")
		x.Viewer.Profile = p
		addSessions(t, s, x)
	}
	if err := s.ForgetProfile(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	left := func(p id.Profile) []int {
		resumable, err := s.Resumable(t.Context(), p, 9)
		if err != nil {
			t.Fatal(err)
		}
		_, marks, err := s.Standings(t.Context(), p, []id.Title{"film", "other"})
		if err != nil {
			t.Fatal(err)
		}
		sessions := 1
		if _, err := s.Session(t.Context(), id.Session("session of "+p)); err != nil {
			sessions = 0
		}
		return []int{len(resumable), len(marks), len(visits(t, s, p, 9)), len(searches(t, s, p)), sessions}
	}
	if diff := cmp.Diff([][]int{{0, 0, 0, 0, 0}, {1, 1, 2, 1, 1}}, [][]int{left("p"), left("q")}); diff != "" {
		t.Errorf("positions, marks, visits, searches, sessions (-want +got):\n%s", diff)
	}
}

func mark(p id.Profile, title id.Title, k player.MarkKind, value int, at int64) player.Mark {
	return player.Mark{Profile: p, Title: title, Kind: k, Value: value, At: moment(at)}
}

func saveMarks(t *testing.T, s player.Store, ms ...player.Mark) {
	t.Helper()
	if err := s.SaveMarks(t.Context(), ms); err != nil {
		t.Fatal(err)
	}
}

func wantMarks(t *testing.T, s player.Store, p id.Profile, want ...player.Mark) {
	t.Helper()
	titles := []id.Title{"film", "other", "unknown"}
	at, got, err := s.Standings(t.Context(), p, titles)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := s.Progress(t.Context(), p, titles)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(alone, at); diff != "" {
		t.Errorf("positions of %s without and with marks (-without +with):\n%s", p, diff)
	}
	byName := cmpopts.SortSlices(
		func(a, b player.Mark) bool { return string(a.Title)+string(a.Kind) < string(b.Title)+string(b.Kind) },
	)
	if diff := cmp.Diff(want, got, byName, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("marks of %s (-want +got):\n%s", p, diff)
	}
}

// visits reads all visits of a profile in pages.
func visits(t *testing.T, s player.Store, p id.Profile, pageLength int) []player.Visit {
	t.Helper()
	var out []player.Visit
	after := player.Cursor{}
	for {
		page, err := s.Visits(t.Context(), p, after, pageLength)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page...)
		if len(page) < pageLength {
			return out
		}
		last := page[len(page)-1]
		after = player.Cursor{At: last.At, ID: last.ID}
	}
}

func searches(t *testing.T, s player.Store, p id.Profile) []string {
	t.Helper()
	all, err := s.Searches(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, x := range all {
		out = append(out, x.ID)
	}
	return out
}
