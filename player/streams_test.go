package player_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/event"
	"movify/pkg/id"
	"movify/player"
	"movify/player/way"
)

const segment = "v1/00007.m4s"

func (h *harness) play(t *testing.T, v id.Viewer) (player.Playback, error) {
	t.Helper()
	return h.Start(t.Context(), caller(v), "film", "", nil)
}

func (h *harness) segment(t *testing.T, p player.Playback) int {
	t.Helper()
	return get(t, h.Service, http.MethodGet, base(p)+segment).StatusCode
}

// After a day, an hour or a minute: four play, the fifth does not, and a silent one gives up its place.
func TestStreamLimit(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.limit = 4
	var four []player.Playback
	for i := range 4 {
		h.now = h.now.Add(time.Second)
		p, err := h.play(t, id.Viewer{Account: "family", Profile: id.Profile(fmt.Sprint("p", i))})
		if err != nil {
			t.Fatal(err)
		}
		four = append(four, p)
	}
	_, err := h.play(t, anna)
	var full player.StreamLimit
	if !errors.As(err, &full) || !errors.Is(err, player.ErrStreamLimit) || full.Limit != 4 || full.Viewer != anna ||
		full.RetryAfter() > 30*time.Second {
		t.Fatalf("the fifth: %v", err)
	}
	var want []player.Stream
	for _, p := range four {
		want = append(
			want,
			player.Stream{
				Session: p.Session.ID, Viewer: p.Session.Viewer, Title: "film", Name: "Film", Agent: "browser",
				Since: p.Session.Started, Way: way.Ladder, Why: p.Way, Asset: p.Session.Asset,
			},
		)
	}
	if diff := cmp.Diff(want, full.Streams); diff != "" {
		t.Errorf("who plays (-want +got):\n%s", diff)
	}
	if _, err := h.play(t, id.Viewer{Account: "neighbours", Profile: "x"}); err != nil {
		t.Errorf("another account: %v", err)
	}

	for range 3 { // three go on for half a minute, the first says nothing
		h.now = h.now.Add(10 * time.Second)
		for _, p := range four[1:] {
			if got := h.segment(t, p); got != 200 {
				t.Fatalf("a playback that holds a place: %d", got)
			}
		}
	}
	fifth, err := h.play(t, anna)
	if err != nil {
		t.Fatalf("after half a minute of silence: %v", err)
	}
	if got := h.segment(t, four[0]); got != 429 {
		t.Errorf("the silent one comes back: %d, want 429", got)
	}
	if err := h.StopStream(t.Context(), "neighbours", fifth.Session.ID); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("stopped by another account: %v", err)
	}
	for range 2 {
		if err := h.StopStream(t.Context(), "family", fifth.Session.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.segment(t, four[0]); got != 200 {
		t.Errorf("after another was stopped: %d", got)
	}
	if got := h.segment(t, fifth); got != 403 {
		t.Errorf("the one that was stopped: %d", got)
	}
	streams, limit, err := h.Streams(t.Context(), "family")
	if err != nil || len(streams) != 4 || limit != 4 {
		t.Errorf("%d streams of %d, %v", len(streams), limit, err)
	}
}

// What a client says of itself neither holds a place nor frees one.
func TestReportsAreNoStream(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.limit = 1
	p := h.start(t)
	for range 4 {
		h.now = h.now.Add(10 * time.Second)
		if err := h.Report(t.Context(), anna, p.Session.ID, 1000, player.Playing); err != nil {
			t.Fatal(err)
		}
	}
	other, err := h.play(t, ben)
	if err != nil {
		t.Fatalf("reports hold a place: %v", err)
	}
	if got := h.segment(t, p); got != 429 {
		t.Errorf("reports keep a place: %d", got)
	}
	if err := h.Report(t.Context(), ben, other.Session.ID, 1000, player.Paused); err != nil {
		t.Fatal(err)
	}
	if got := h.segment(t, p); got != 429 {
		t.Errorf("a pause frees a place at once: %d", got)
	}
}

func TestPlacesAreTakenAgainAfterARestart(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.limit = 2
	first, second := h.start(t), h.start(t)
	h.Service = h.restart("asset")
	for _, p := range []player.Playback{first, second} {
		if got := h.segment(t, p); got != 200 {
			t.Errorf("after a restart: %d", got)
		}
	}
	if _, err := h.play(t, ben); !errors.Is(err, player.ErrStreamLimit) {
		t.Errorf("a third after the restart: %v", err)
	}
	h.limit = 3
	if _, err := h.play(t, ben); err != nil {
		t.Errorf("after the limit was raised: %v", err)
	}
}

func TestPlacesThatLapseAreTold(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	h.bus.take("")
	h.now = h.now.Add(time.Minute)
	if got := h.segment(t, p); got != 200 {
		t.Fatal(got)
	}
	if diff := cmp.Diff([]string{"viewer/streams   → family/"}, h.bus.take(event.Viewer)); diff != "" {
		t.Errorf("a place that is taken again (-want +got):\n%s", diff)
	}
}

// A request that waits for a segment holds the slot, and one that hangs for ever does not.
func TestAWaitingViewerKeepsThePlace(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.limit = 1
	h.segments.slow, h.segments.entered = 9, make(chan struct{})
	p := h.start(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		path := base(p) + "v1/00009.m4s"
		player.NewMediaHandler(h.Service).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
	}()
	<-h.segments.entered
	began := h.now
	h.now = began.Add(50 * time.Second)
	if _, err := h.play(t, ben); !errors.Is(err, player.ErrStreamLimit) {
		t.Errorf("while a viewer waits for a segment: %v", err)
	}
	h.now = began.Add(86 * time.Second)
	if _, err := h.play(t, ben); err != nil {
		t.Errorf("when a request hangs for longer than any may wait: %v", err)
	}
	cancel()
	<-done
	if got := h.segment(t, p); got != 429 {
		t.Errorf("the end of the request that hung took the place back: %d", got)
	}
}

// A notice follows when a slot expires, without a request. The fake clock moves when all goroutines wait.
func TestSilenceIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t)
		h.Service = player.New(
			player.Options{
				Store: h.store, Catalogue: fakeCatalogue{asset: "asset"}, Segments: h.segments, Tokens: plainTokens{},
				Bus: h.bus,
			},
		)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h.Run(ctx) }()
		h.start(t)
		time.Sleep(time.Second)
		synctest.Wait()
		h.bus.take("")
		time.Sleep(28 * time.Second) // a place is promised to be free after thirty
		synctest.Wait()
		if diff := cmp.Diff([]string{"viewer/streams   → family/"}, h.bus.take(event.Viewer)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	})
}

func TestFullIsAnsweredByWhoKnowsHow(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.limit = 1
	first := h.start(t)
	h.now = h.now.Add(30 * time.Second)
	h.start(t)
	r := get(t, h.Service, http.MethodGet, base(first)+segment)
	if text := body(t, r); r.StatusCode != 429 || r.Header.Get("Retry-After") != "25" ||
		text != "1 of 1 in use: as many devices play as this account has places.\n" {
		t.Errorf("%s, Retry-After %q: %s", r.Status, r.Header.Get("Retry-After"), text)
	}
	h.Service = player.New(player.Options{
		Store: h.store, Catalogue: fakeCatalogue{asset: "asset"}, Segments: h.segments, Tokens: plainTokens{}, Limits: limits{h}, Clock: func() time.Time { return h.now },
		Full: func(w http.ResponseWriter, _ *http.Request, l player.StreamLimit) {
			w.WriteHeader(429)
			fmt.Fprint(w, l.Viewer.Profile, " of ", l.Limit, " ", len(l.Streams))
		},
	})
	if _, err := h.play(t, ben); err != nil {
		t.Fatal(err)
	}
	if r := get(t, h.Service, http.MethodGet, base(first)+segment); r.StatusCode != 429 || body(t, r) != "anna of 1 1" {
		t.Errorf("%s", r.Status)
	}
}

// Fifty accounts with eight players each: at no moment do more than four of an account get a byte.
func TestStreamLimitUnderARush(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.limit = 4
	handler := player.NewMediaHandler(h.Service)
	var all sync.WaitGroup
	for a := range 50 {
		account := id.Account(fmt.Sprint("account", a))
		var granted, refused atomic.Int32
		var players sync.WaitGroup
		for p := range 8 {
			players.Go(func() {
				v := id.Viewer{Account: account, Profile: id.Profile(fmt.Sprint(p))}
				playback, err := h.Start(t.Context(), caller(v), "film", "", nil)
				if errors.Is(err, player.ErrStreamLimit) {
					refused.Add(1)
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				granted.Add(1)
				for range 5 {
					w := httptest.NewRecorder()
					handler.ServeHTTP(
						w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, base(playback)+segment, nil),
					)
					if w.Code != 200 {
						t.Errorf("a granted playback got %d", w.Code)
					}
				}
			})
		}
		all.Go(func() {
			players.Wait()
			if granted.Load() != 4 || refused.Load() != 4 {
				t.Errorf("%s: %d play, %d are refused", account, granted.Load(), refused.Load())
			}
		})
	}
	all.Wait()
}

// Sessions that were begun while there was room cannot all be watched: segments are counted, not sessions.
func TestPrefetchingDoesNotDodge(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.limit = 4
	var eight []player.Playback
	for range 8 {
		p, err := h.play(t, anna)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.segment(t, p); got != 200 {
			t.Fatal(got)
		}
		eight = append(eight, p)
		h.now = h.now.Add(26 * time.Second) // silence frees the place
	}
	var granted atomic.Int32
	var players sync.WaitGroup
	for _, p := range eight {
		players.Go(func() {
			if h.segment(t, p) == 200 {
				granted.Add(1)
			}
		})
	}
	players.Wait()
	if granted.Load() != 4 {
		t.Errorf("%d of 8 play at once, want 4", granted.Load())
	}
}
