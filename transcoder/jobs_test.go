package transcoder_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/fault"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
)

func TestFailureReachesTheWaitingRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		broken := true
		step := func(ctx context.Context, _ transcoder.Order, _ media.Rendition, n int) error {
			mu.Lock()
			defer mu.Unlock()
			if broken && n >= 6 {
				return errors.New("no space left on device")
			}
			return ctx.Err()
		}
		h := newHarness(t, 0, step, nil)
		defer h.stop()
		_, err := h.get("alice", h.video480(), 6)
		if f := fault.Of(err); !errors.Is(err, transcoder.ErrEncode) || f.Kind != fault.Unavailable {
			t.Errorf("error is %v, want %v", err, transcoder.ErrEncode)
		}
		if diff := cmp.Diff([]string{"jit 6-27", "jit 6-27 careful"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		mu.Lock()
		broken = false
		mu.Unlock()
		h.mustGet("alice", h.video480(), 6)
	})
}

func TestAMissingFileReachesTheWaitingRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		h.sources.setAway(true)
		if _, err := h.get("alice", h.video480(), 6); !errors.Is(err, transcoder.ErrSourceAway) {
			t.Errorf("error is %v, want %v", err, transcoder.ErrSourceAway)
		}
		h.sources.setAway(false)
		h.mustGet("alice", h.video480(), 6)
	})
}

func TestAJobThatCannotBeginReachesTheWaitingRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		h.sources.mu.Lock()
		h.sources.src.Probe.Video = nil // the file was replaced in place by one without a picture
		h.sources.mu.Unlock()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := h.service.Segment(ctx, "alice", h.asset, h.video480(), 6); !errors.Is(
			err, transcoder.ErrNoPicture,
		) {
			t.Errorf("error is %v, want %v", err, transcoder.ErrNoPicture)
		}
	})
}

func TestLadderIsGivenUpAfterThreeAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		broken := true
		step := func(ctx context.Context, _ transcoder.Order, _ media.Rendition, n int) error {
			mu.Lock()
			defer mu.Unlock()
			if broken && n >= 2 {
				return errors.New("exit status 1")
			}
			return ctx.Err()
		}
		h := newHarness(t, 1, step, nil)
		defer h.stop()
		time.Sleep(time.Hour)
		tried := len(h.encoder.Orders())
		time.Sleep(24 * time.Hour)
		if n := len(h.encoder.Orders()); n != tried {
			t.Errorf("%d runs in the first hour, %d after a day", tried, n)
		}
		dead, err := h.queue.Dead(t.Context())
		if err != nil || len(dead) != 1 {
			t.Errorf("dead jobs: %v, %v", dead, err)
		}
		if why := h.service.Failure(fingerprint); !strings.Contains(why, "exit status 1") {
			t.Errorf("failure is %q", why)
		}
		mu.Lock()
		broken = false
		mu.Unlock()
		h.service.RetryFailed(fingerprint)
		time.Sleep(time.Minute)
		h.checkComplete()
		if why := h.service.Failure(fingerprint); why != "" {
			t.Errorf("failure is still %q", why)
		}
	})
}

func TestANewFileIsWarmedThenFinished(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 1, nil, nil)
		defer h.stop()
		synctest.Wait()
		if diff := cmp.Diff([]string{"new 0-6", "backlog 6-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		if n := len(h.encoder.Orders()[0].Renditions); n != 3 {
			t.Errorf("the first run makes %d renditions of one reading, want 3", n)
		}
		h.checkComplete()
		h.service.Poke()
		time.Sleep(time.Hour)
		if n := len(h.encoder.Orders()); n != 2 {
			t.Errorf("%d runs for a whole asset: %v", n, h.orders())
		}
	})
}

func TestRestartGoesOnFromTheFirstGap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, _ := blockAt(queue.Backlog, 15)
		h := newHarness(t, 1, step, nil)
		synctest.Wait()
		h.stop()
		before := len(h.log.entries)
		if before != 15*3 {
			t.Fatalf("%d segments before the restart, want 45", before)
		}
		h = newHarness(t, 1, nil, h)
		defer h.stop()
		synctest.Wait()
		if diff := cmp.Diff([]string{"backlog 15-27"}, h.orders()); diff != "" {
			t.Errorf("orders after the restart (-want +got):\n%s", diff)
		}
		h.checkComplete()
	})
}

func TestStopEndsWhatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, _ := blockAt(queue.JIT, 0)
		h := newHarness(t, 1, step, nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := h.service.Segment(ctx, "alice", h.asset, h.video480(), 20)
			ended <- err
		}()
		synctest.Wait()
		h.stop()
		cancel()
		if err := <-ended; err == nil {
			t.Error("a segment out of nowhere")
		}
	})
}
