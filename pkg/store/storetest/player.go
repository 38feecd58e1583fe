package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
	"movify/player"
	"movify/player/way"
)

// moment is a time with the precision that is kept: milliseconds, UTC.
func moment(ms int64) time.Time { return time.UnixMilli(1_800_000_000_000 + ms).UTC() }

// Player proves that a player.Store behaves as its port says.
func Player(t *testing.T, open func(*testing.T) player.Store) {
	run(t, open, []testCase[player.Store]{
		{"session", testSession},
		{"the way of a session", testWayOfSession},
		{"a session ends once", testSessionEndsOnce},
		{"a sign-in ends its sessions only", testSignInEndsItsSessions},
		{"expired sessions are dropped", testExpiredSessionsAreDropped},
		{"the last writer by event time wins", testLastProgressWins},
		{"progress of some titles", testProgressOfTitles},
		{"resumable", testResumable},
		{"the sessions of a profile or an account end", testSessionsOfProfileOrAccountEnd},
		{"forget", testForgetProgress},
	})
	watching(t, open)
}

func testSession(t *testing.T, s player.Store) {
	want := session("one", "in")
	if err := s.AddSession(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := s.Session(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("session (-want +got):\n%s", diff)
	}
	if _, err := s.Session(t.Context(), "other"); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("a session that is not there: %v", err)
	}
}

func testWayOfSession(t *testing.T, s player.Store) {
	for name, c := range map[id.Session]struct {
		way    way.Way
		copies []id.Rendition
	}{
		"original": {way.Way{
			Kind: way.Original, Code: way.Fits, Message: "original: H.264 High 4.1 fits this device", Offered: true,
			Params: map[string]string{way.ParamPicture: "H.264 High 4.1, 1080p, 8.2 Mb/s"},
		}, []id.Rendition{"a1", "a3"}},
		"no sound": {way.Way{Kind: way.Original, Code: way.Chosen, Offered: true}, nil},
		"ladder": {way.Way{
			Kind: way.Ladder, Code: way.LadderChosen, Message: "ladder: it was chosen", Offered: true,
		}, []id.Rendition{"a1"}},
		"unknown": {way.Way{Kind: way.Ladder, Code: way.DeviceUnknown}, nil},
		"none":    {way.Way{}, nil},
	} {
		want := session(name, "in")
		want.Way, want.Copies = c.way, c.copies
		addSessions(t, s, want)
		got, err := s.Session(t.Context(), name)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func testSessionEndsOnce(t *testing.T, s player.Store) {
	addSessions(t, s, session("one", "in"))
	for _, at := range []int64{1000, 2000} {
		if err := s.EndSession(t.Context(), "one", moment(at)); err != nil {
			t.Fatal(err)
		}
	}
	if got := ended(t, s, "one"); !got.Equal(moment(1000)) {
		t.Errorf("ended at %v, want the first end", got)
	}
}

func testSignInEndsItsSessions(t *testing.T, s player.Store) {
	addSessions(t, s, session("one", "in"), session("two", "in"), session("three", "other"))
	if err := s.EndSession(t.Context(), "two", moment(500)); err != nil {
		t.Fatal(err)
	}
	if err := s.EndSignIn(t.Context(), "in", moment(1000)); err != nil {
		t.Fatal(err)
	}
	got := []time.Time{ended(t, s, "one"), ended(t, s, "two"), ended(t, s, "three")}
	if want := []time.Time{moment(1000), moment(500), {}}; !slices.EqualFunc(got, want, time.Time.Equal) {
		t.Errorf("ended at %v, want %v", got, want)
	}
}

func testExpiredSessionsAreDropped(t *testing.T, s player.Store) {
	old, young := session("old", "in"), session("young", "in")
	old.Expires, young.Expires = moment(1000), moment(3000)
	addSessions(t, s, old, young)
	if err := s.DropSessions(t.Context(), moment(2000)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Session(t.Context(), "old"); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("the expired session: %v", err)
	}
	if _, err := s.Session(t.Context(), "young"); err != nil {
		t.Errorf("the other session: %v", err)
	}
}

func testLastProgressWins(t *testing.T, s player.Store) {
	save(t, s, progress("p", "film", 50_000, 1000))
	save(t, s, progress("p", "film", 40_000, 500), progress("q", "film", 60_000, 100)) // the first comes late
	if got := position(t, s, "p", "film"); got != 50_000 {
		t.Errorf("position %d, want the later one, 50000", got)
	}
	save(t, s, progress("p", "film", 70_000, 1000)) // the same moment: the one that is told last
	if got := position(t, s, "p", "film"); got != 70_000 {
		t.Errorf("position %d, want 70000", got)
	}
	if got := position(t, s, "q", "film"); got != 60_000 {
		t.Errorf("position of the other profile %d, want 60000", got)
	}
}

func testProgressOfTitles(t *testing.T, s player.Store) {
	film := progress("p", "film", 50_000, 1000)
	save(t, s, film, progress("p", "other", 50_000, 1000), progress("q", "third", 1, 1))
	got, err := s.Progress(t.Context(), "p", []id.Title{"film", "third", "unknown"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[id.Title]player.Progress{"film": film}, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	got, err = s.Progress(t.Context(), "p", nil)
	if err != nil || len(got) != 0 {
		t.Errorf("of no title: %v, %v", got, err)
	}
}

func testResumable(t *testing.T, s player.Store) {
	save(
		t, s, progress("p", "first", 50_000, 1000), progress("p", "last", 50_000, 3000),
		progress("p", "middle", 50_000, 2000),
		progress(
			"p", "hardly begun", 5_000, 4000,
		),
		progress("p", "watched", 990_000, 5000), progress("q", "foreign", 50_000, 6000),
	)
	got, err := s.Resumable(t.Context(), "p", 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []player.Progress{progress("p", "last", 50_000, 3000), progress("p", "middle", 50_000, 2000)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resumable (-want +got):\n%s", diff)
	}
}

func testSessionsOfProfileOrAccountEnd(t *testing.T, s player.Store) {
	mine, other, foreign := session("one", "in"), session("two", "in"), session("three", "in")
	other.Viewer.Profile = "other"
	foreign.Viewer = id.Viewer{Account: "foreign", Profile: "third"}
	addSessions(t, s, mine, other, foreign)
	if err := s.EndProfile(t.Context(), "other", moment(500)); err != nil {
		t.Fatal(err)
	}
	if err := s.EndAccount(t.Context(), "account", moment(1000)); err != nil {
		t.Fatal(err)
	}
	got := []time.Time{ended(t, s, "one"), ended(t, s, "two"), ended(t, s, "three")}
	if want := []time.Time{moment(1000), moment(500), {}}; !slices.EqualFunc(got, want, time.Time.Equal) {
		t.Errorf("ended at %v, want %v", got, want)
	}
}

func testForgetProgress(t *testing.T, s player.Store) {
	save(t, s, progress("p", "film", 50_000, 1000), progress("q", "film", 50_000, 1000))
	for range 2 {
		if err := s.ForgetProgress(t.Context(), "p", "film", moment(2000)); err != nil {
			t.Fatal(err)
		}
	}
	save(t, s, progress("p", "film", 60_000, 1500)) // told late
	if got, err := s.Progress(t.Context(), "p", []id.Title{"film"}); err != nil || len(got) != 0 {
		t.Errorf("after forgetting: %v, %v", got, err)
	}
	if got, err := s.Resumable(t.Context(), "p", 9); err != nil || len(got) != 0 {
		t.Errorf("after forgetting: %v, %v", got, err)
	}
	if got, err := s.Resumable(t.Context(), "q", 9); err != nil || len(got) != 1 {
		t.Errorf("of the other profile: %v, %v", got, err)
	}
	save(t, s, progress("p", "film", 70_000, 3000))
	if got := position(t, s, "p", "film"); got != 70_000 {
		t.Errorf("watched again after forgetting: %d", got)
	}
}

func session(s id.Session, in id.SignIn) player.Session {
	return player.Session{
		ID: s, Viewer: id.Viewer{Account: "account", Profile: "profile"}, SignIn: in,
		Title: "title", File: "file", Asset: "asset", Agent: "browser", Started: moment(0), Expires: moment(86_400_000),
	}
}

func addSessions(t *testing.T, s player.Store, all ...player.Session) {
	t.Helper()
	for _, x := range all {
		if err := s.AddSession(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
}

func ended(t *testing.T, s player.Store, x id.Session) time.Time {
	t.Helper()
	got, err := s.Session(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return got.Ended
}

// progress is a place in a title of a thousand seconds.
func progress(p id.Profile, title id.Title, positionMS, at int64) player.Progress {
	return player.Progress{
		Profile: p, Title: title, File: "file", PositionMS: positionMS, DurationMS: 1_000_000, At: moment(at),
	}
}

func save(t *testing.T, s player.Store, ps ...player.Progress) {
	t.Helper()
	if err := s.SaveProgress(t.Context(), ps); err != nil {
		t.Fatal(err)
	}
}

func position(t *testing.T, s player.Store, p id.Profile, title id.Title) int64 {
	t.Helper()
	got, err := s.Progress(t.Context(), p, []id.Title{title})
	if err != nil {
		t.Fatal(err)
	}
	return got[title].PositionMS
}
