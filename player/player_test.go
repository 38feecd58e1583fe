package player_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
	"movify/player"
)

func TestResumeRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                     string
		position, duration, want int64
		watched                  bool
	}{
		{"not begun", 0, 6_000_000, 0, false},
		{"hardly begun", 29_999, 6_000_000, 0, false},
		{"begun", 30_000, 6_000_000, 30_000, false},
		{"near the end", 5_699_999, 6_000_000, 5_699_999, false},
		{"in the names", 5_700_000, 6_000_000, 0, true},
		{"at the end", 6_000_000, 6_000_000, 0, true},
		{"a short clip hardly begun", 3_999, 40_000, 0, false},
		{"a short clip", 4_000, 40_000, 4_000, false},
		{"no length", 0, 0, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := player.Progress{PositionMS: c.position, DurationMS: c.duration}
			if got := p.ResumeMS(); got != c.want || p.Watched() != c.watched {
				t.Errorf("resume at %d, watched %v; want %d, %v", got, p.Watched(), c.want, c.watched)
			}
		})
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	if p.StartMS != 0 || p.Name != "Film" || !strings.HasPrefix(p.Manifest, "/media/") ||
		!strings.HasSuffix(p.Manifest, "/multivariant.m3u8") {
		t.Errorf("playback %+v", p)
	}
	if got := h.segments.takeCalls("warm"); !cmp.Equal(got, []string{"warm 0"}) {
		t.Errorf("warmed %v", got)
	}
	for _, c := range []struct{ ask, want int64 }{{100_000, 100_000}, {-5, 0}, {999_999, 249_999}} {
		got, err := h.Start(t.Context(), caller(anna), "film", "", &c.ask)
		if err != nil || got.StartMS != c.want {
			t.Errorf("start at %d: %d, %v; want %d", c.ask, got.StartMS, err, c.want)
		}
	}
	if _, err := h.Start(t.Context(), caller(anna), "unknown", "", nil); !errors.Is(err, errNoTitle) {
		t.Errorf("unknown title: %v", err)
	}
}

func TestProgressIsCoalesced(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	before := h.store.count()
	for i := range 50 {
		h.now = h.now.Add(time.Second)
		if err := h.Report(t.Context(), anna, p.Session.ID, int64(60_000+1000*i), player.Playing); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.store.count() - before; got != 0 {
		t.Errorf("%d calls of the store while playing, want none", got)
	}
	if err := h.Report(t.Context(), anna, p.Session.ID, 120_000, player.Paused); err != nil {
		t.Fatal(err)
	}
	if got := h.store.count() - before; got != 1 {
		t.Errorf("%d calls of the store after a pause, want one", got)
	}
	if again := h.start(t); again.StartMS != 120_000 {
		t.Errorf("goes on at %d, want 120000", again.StartMS)
	}
}

func TestPositionInMemoryIsSeen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	if err := h.Report(t.Context(), anna, p.Session.ID, 90_000, player.Playing); err != nil {
		t.Fatal(err)
	}
	got, err := h.Progress(t.Context(), "anna", []id.Title{"film", "other"})
	if err != nil || len(got) != 1 || got["film"].PositionMS != 90_000 {
		t.Errorf("progress %v, %v", got, err)
	}
	list, err := h.ContinueWatching(t.Context(), "anna", 10)
	if err != nil || len(list) != 1 || list[0].ResumeMS() != 90_000 {
		t.Errorf("continue watching %v, %v", list, err)
	}
	if err := h.Forget(t.Context(), anna, "film"); err != nil {
		t.Fatal(err)
	}
	if list, err = h.ContinueWatching(t.Context(), "anna", 10); err != nil || len(list) != 0 {
		t.Errorf("after forgetting: %v, %v", list, err)
	}
}

func TestFailedFlushLosesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	h.store.fail = errors.New("disk full")
	if err := h.Report(t.Context(), anna, p.Session.ID, 90_000, player.Paused); !errors.Is(err, h.store.fail) {
		t.Fatalf("want the store's error, got %v", err)
	}
	h.store.fail = nil
	if err := h.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.start(t).StartMS; got != 90_000 {
		t.Errorf("goes on at %d, want 90000", got)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	at := int64(100_000)
	for range 2 {
		if err := h.Stop(t.Context(), anna, p.Session.ID, &at); err != nil {
			t.Fatal(err)
		}
		at = 5 // a doubled stop changes nothing
	}
	if got := h.segments.takeCalls("leave"); len(got) != 1 {
		t.Errorf("left %d times", len(got))
	}
	if err := h.Report(t.Context(), anna, p.Session.ID, 7, player.Playing); !errors.Is(err, player.ErrEnded) {
		t.Errorf("report after the stop: %v", err)
	}
	if _, err := h.Session(t.Context(), anna, p.Session.ID); !errors.Is(err, player.ErrEnded) {
		t.Errorf("session after the stop: %v", err)
	}
	if got := h.start(t).StartMS; got != 100_000 {
		t.Errorf("goes on at %d, want 100000", got)
	}
}

func TestTheEndOfASignInKeepsPositions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	if err := h.Report(t.Context(), anna, p.Session.ID, 90_000, player.Playing); err != nil {
		t.Fatal(err)
	}
	if err := h.EndSignIn(t.Context(), "sign-in"); err != nil {
		t.Fatal(err)
	}
	if got := h.store.position("anna", "film"); got != 90_000 {
		t.Errorf("position %d is stored, want 90000", got)
	}
	if err := h.Report(t.Context(), anna, p.Session.ID, 95_000, player.Playing); !errors.Is(err, player.ErrEnded) {
		t.Errorf("told after the end: %v", err)
	}
}

func TestSessionOfSomebodyElse(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	ben := id.Viewer{Account: "family", Profile: "ben"}
	if _, err := h.Session(t.Context(), ben, p.Session.ID); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("session: %v", err)
	}
	if err := h.Stop(t.Context(), ben, p.Session.ID, nil); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("stop: %v", err)
	}
	if err := h.Report(t.Context(), ben, p.Session.ID, 1, player.Playing); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("report: %v", err)
	}
	if got, err := h.Session(t.Context(), anna, p.Session.ID); err != nil || !cmp.Equal(got.Session, p.Session) ||
		got.Manifest == p.Manifest {
		t.Errorf("own session: %+v, %v", got, err)
	}
}

// Run is tested on a fake clock that moves when all goroutines wait, so nothing depends on how fast this machine is.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.Service = player.New(
			player.Options{
				Store: h.store, Catalogue: fakeCatalogue{asset: "asset"}, Segments: h.segments, Tokens: plainTokens{},
			},
		)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h.Run(ctx) }()

		p := h.start(t)
		if err := h.Report(ctx, anna, p.Session.ID, 60_000, player.Playing); err != nil {
			t.Fatal(err)
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if got := h.store.position("anna", "film"); got != 60_000 {
			t.Errorf("after eleven seconds position %d is stored, want 60000", got)
		}
		if h.Active() != 1 || len(h.segments.takeCalls("leave")) != 0 {
			t.Error("left a playback that is on")
		}

		time.Sleep(30 * time.Second)
		synctest.Wait()
		if h.Active() != 0 || len(h.segments.takeCalls("leave")) != 1 {
			t.Error("a silent playback still holds an encoder")
		}
		if err := h.Report(ctx, anna, p.Session.ID, 65_000, player.Playing); err != nil {
			t.Errorf("a paused viewer cannot go on: %v", err)
		}
		if h.Active() != 1 {
			t.Error("a viewer who came back does not count")
		}

		calls := h.store.count()
		time.Sleep(5 * time.Hour) // out of memory
		synctest.Wait()
		if err := h.Report(ctx, anna, p.Session.ID, 70_000, player.Playing); err != nil {
			t.Errorf("after five hours: %v", err)
		}
		if h.store.count() == calls {
			t.Error("the session was held in memory for five hours of silence")
		}

		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if got := h.store.position("anna", "film"); got != 70_000 {
			t.Errorf("after the end position %d is stored, want 70000", got)
		}
		if len(h.segments.takeCalls("leave")) == 0 {
			t.Error("Run ended without Leave")
		}
	})
}

func (m *memory) position(p id.Profile, t id.Title) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.progress[[2]string{string(p), string(t)}].PositionMS
}
