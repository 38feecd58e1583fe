package transcoder_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4/mp4test"
	"movify/pkg/queue"
	"movify/transcoder"
	"movify/transcoder/encodertest"
)

func TestSegmentIsMadeWhenItIsAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		first := h.mustGet("alice", h.video480(), 5)
		if diff := cmp.Diff([]string{"jit 5-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		if again := h.mustGet("bob", h.video480(), 5); again != first {
			t.Error("the segment has changed")
		}
		for _, e := range h.log.entries {
			if e.Segment == 5 && e.SHA256 != first {
				t.Errorf("the log says %s, served was %s", e.SHA256, first)
			}
		}
		o, err := h.service.Init(t.Context(), "alice", h.asset, h.video480(), 5)
		if err != nil {
			t.Fatal(err)
		}
		o.Body.Close()
		h.log.counts(t)
	})
}

func TestInitIsMadeByARunAtTheNearSegment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		o, err := h.service.Init(t.Context(), "alice", h.asset, h.audio(), 9)
		if err != nil {
			t.Fatal(err)
		}
		o.Body.Close()
		if diff := cmp.Diff([]string{"jit 9-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
	})
}

func TestNoSuchSegment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		for _, n := range []int{-1, segments} {
			if _, err := h.get("alice", h.video480(), n); !errors.Is(err, transcoder.ErrNoSegment) {
				t.Errorf("segment %d: %v", n, err)
			}
		}
		if _, err := h.get("alice", "v9-000000", 0); !errors.Is(err, transcoder.ErrNoSegment) {
			t.Errorf("no such rendition: %v", err)
		}
		if got := h.orders(); got != nil {
			t.Errorf("orders %v", got)
		}
	})
}

func TestViewersOfOneSegmentShareARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, release := blockAt(queue.JIT, 0)
		h := newHarness(t, 0, step, nil)
		defer h.stop()
		var wg sync.WaitGroup
		for _, viewer := range []id.Session{"alice", "bob", "carol"} {
			wg.Go(func() { h.mustGet(viewer, h.video480(), 4) })
		}
		if diff := cmp.Diff([]string{"jit 4-26 at 4"}, h.running()); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		release()
		wg.Wait()
	})
}

func TestSeekStopsUnwantedRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step := func(ctx context.Context, o transcoder.Order, _ media.Rendition, n int) error {
			if n < o.From+2 {
				return ctx.Err()
			}
			<-ctx.Done()
			return ctx.Err()
		}
		h := newHarness(t, 0, step, nil)
		defer h.stop()
		h.mustGet("alice", h.video360(), 0)
		if diff := cmp.Diff([]string{"jit 0-22 at 2"}, h.running()); diff != "" {
			t.Fatalf("runs (-want +got):\n%s", diff)
		}
		h.mustGet("alice", h.video360(), 20)
		if diff := cmp.Diff([]string{"jit 20-27 at 22"}, h.running()); diff != "" {
			t.Errorf("runs after the seek (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"jit 0-22", "jit 20-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		// A viewer's seek does not stop another viewer's run.
		h.mustGet("bob", h.video360(), 0)
		h.mustGet("bob", h.video480(), 3)
		h.mustGet("alice", h.video480(), 20)
		if diff := cmp.Diff([]string{"jit 3-20 at 5", "jit 20-27 at 22"}, h.running()); diff != "" {
			t.Errorf("runs of two viewers (-want +got):\n%s", diff)
		}
	})
}

func TestRunEndsWithItsViewer(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(h *harness){
		"leaves":       func(h *harness) { h.service.Leave("alice") },
		"falls silent": func(*harness) { time.Sleep(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				step, _ := blockAt(queue.JIT, 3)
				h := newHarness(t, 0, step, nil)
				defer h.stop()
				h.mustGet("alice", h.video480(), 2)
				if diff := cmp.Diff([]string{"jit 2-24 at 3"}, h.running()); diff != "" {
					t.Fatalf("runs (-want +got):\n%s", diff)
				}
				leave(h)
				if got := h.running(); got != nil {
					t.Errorf("still running: %v", got)
				}
				if diff := cmp.Diff([]string{"jit 2-24"}, h.orders()); diff != "" {
					t.Errorf("orders (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestBackgroundPausesForAViewer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context, _ transcoder.Order, _ media.Rendition, _ int) error {
			select {
			case <-time.After(time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		h := newHarness(t, 1, slow, nil)
		defer h.stop()
		time.Sleep(8500 * time.Millisecond) // six segments of pre-warm, and some of the rest
		go h.mustGet("alice", h.video360(), 20)
		time.Sleep(1500 * time.Millisecond)
		before := h.running()
		if len(before) != 2 || !strings.HasSuffix(before[0], "paused") || before[1] != "jit 20-27 at 21" {
			t.Fatalf("running: %v", before)
		}
		time.Sleep(3 * time.Second)
		if after := h.running(); after[0] != before[0] {
			t.Errorf("the background run went on: %s, then %s", before[0], after[0])
		}
		time.Sleep(5 * time.Minute)
		h.checkComplete()
	})
}

// slowStep makes a step that takes that long for each segment of a class and a second for others.
func slowStep(class queue.Class, pause time.Duration) encodertest.Step {
	return func(ctx context.Context, o transcoder.Order, _ media.Rendition, _ int) error {
		wait := time.Second
		if o.Class == class {
			wait = pause
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
		return ctx.Err()
	}
}

func TestAudioPausesForTheFirstPicture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		picture := make(chan struct{})
		step := func(ctx context.Context, _ transcoder.Order, r media.Rendition, _ int) error {
			if r.Kind == media.Video {
				select {
				case <-picture:
				case <-ctx.Done():
				}
			}
			return ctx.Err()
		}
		h := newHarness(t, 0, step, nil)
		defer h.stop()
		seen := make(chan struct{})
		go func() {
			defer close(seen)
			h.mustGet("alice", h.video360(), 0)
		}()
		synctest.Wait()
		h.mustGet("alice", h.audio(), 1)
		synctest.Wait()
		if n := h.log.count(h.audio()); n != 2 {
			t.Errorf("%d segments of sound before the first picture, want 2", n)
		}
		close(picture)
		<-seen
		synctest.Wait()
		if n := h.log.count(h.audio()); n != 22 {
			t.Errorf("%d segments of sound after the first picture, want the whole look-ahead of 22", n)
		}
	})
}

func TestAWaitingViewerIsNotSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, slowStep(queue.JIT, 100*time.Second), nil)
		defer h.stop()
		h.mustGet("alice", h.video480(), 20)
		if diff := cmp.Diff([]string{"jit 20-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
	})
}

func TestBackgroundEndsAfterALongPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 1, slowStep(queue.JIT, 100*time.Second), nil)
		defer h.stop()
		time.Sleep(9500 * time.Millisecond)
		for n := 20; n < 24; n++ {
			h.mustGet("alice", h.video360(), n)
		}
		// Its claim was given up after five minutes and taken up again a minute later.
		if diff := cmp.Diff([]string{"new 0-6", "backlog 6-27", "jit 20-27", "backlog 9-20"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}

func TestABrokenRunIsTriedOnceMoreWithCare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step := func(ctx context.Context, o transcoder.Order, _ media.Rendition, n int) error {
			if n == 7 && !o.Careful {
				return errors.New("exit status 1")
			}
			return ctx.Err()
		}
		h := newHarness(t, 0, step, nil)
		defer h.stop()
		h.mustGet("alice", h.video480(), 5)
		h.mustGet("alice", h.video480(), 7)
		if diff := cmp.Diff([]string{"jit 5-27", "jit 7-27 careful"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		h.log.counts(t)
	})
}

func TestAVanishedSegmentIsMadeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		first := h.mustGet("alice", h.video480(), 8)
		synctest.Wait()
		if err := h.stage.Delete(t.Context(), h.asset.SegmentKey(h.video480(), 8)); err != nil {
			t.Fatal(err)
		}
		if again := h.mustGet("alice", h.video480(), 8); again != first {
			t.Error("the segment that was made again differs")
		}
		if diff := cmp.Diff([]string{"jit 8-27", "jit 8-9"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		h.log.counts(t)
	})
}

func TestAVanishedInitSectionIsMadeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		h.mustGet("alice", h.video480(), 8)
		synctest.Wait()
		if err := h.stage.Delete(t.Context(), h.asset.InitKey(h.video480())); err != nil {
			t.Fatal(err)
		}
		h.mustGetInit("alice", h.video480(), 8)
		h.mustGet("alice", h.video480(), 8)
		h.log.counts(t)
	})
}

func TestForeignHeadersAreRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil)
		defer h.stop()
		if err := h.stage.Put(t.Context(), h.asset.InitKey(h.video480()), mp4test.VideoInit(25000, "avc1.640028")); err != nil {
			t.Fatal(err)
		}
		if _, err := h.get("alice", h.video480(), 3); !errors.Is(err, transcoder.ErrEncode) {
			t.Errorf("error is %v, want %v", err, transcoder.ErrEncode)
		}
		if _, err := h.stage.Stat(t.Context(), h.asset.SegmentKey(h.video480(), 3)); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("a segment that fits no other was stored: %v", err)
		}
	})
}

func TestAStuckRunIsKilledAndTriedWithCare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step := func(ctx context.Context, o transcoder.Order, _ media.Rendition, n int) error {
			if n == 10 && !o.Careful {
				<-ctx.Done()
			}
			return ctx.Err()
		}
		h := newHarness(t, 1, step, nil)
		defer h.stop()
		time.Sleep(10 * time.Minute)
		if diff := cmp.Diff([]string{"new 0-6", "backlog 6-27", "backlog 10-27 careful"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
		h.checkComplete()
	})
}

// Viewers who seek while the ladder is made in the background: each gets the segments that were asked for, all segments
// are made, and none twice.
func TestStormOfViewers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, 2, randomPace(seed), nil)
				defer h.stop()
				var wg sync.WaitGroup
				for viewer := range 6 {
					wg.Go(
						func() { h.seekAround(id.Session(rune('a'+viewer)), rand.New(rand.NewPCG(seed, uint64(viewer)))) },
					)
				}
				wg.Wait()
				time.Sleep(30 * time.Minute)
				h.checkComplete()
			})
		})
	}
}

// randomPace makes a step that takes a random time for each segment.
func randomPace(seed uint64) encodertest.Step {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 99))
	return func(ctx context.Context, _ transcoder.Order, _ media.Rendition, _ int) error {
		mu.Lock()
		pause := time.Duration(random.IntN(1500)) * time.Millisecond
		mu.Unlock()
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		return ctx.Err()
	}
}

// seekAround watches a few segments here and there, sometimes on another rung, sometimes without waiting for the end.
func (h *harness) seekAround(viewer id.Session, random *rand.Rand) {
	for range 12 {
		r := h.asset.Ladder.Renditions[random.IntN(3)].ID
		at := random.IntN(segments)
		for n := at; n < min(segments, at+1+random.IntN(5)); n++ {
			ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Minute)
			if random.IntN(6) == 0 {
				cancel() // gone before the answer
			}
			o, err := h.service.Segment(ctx, viewer, h.asset, r, n)
			switch {
			case err == nil:
				o.Body.Close()
			case !errors.Is(err, context.Canceled):
				h.t.Errorf("segment %d of %s: %v", n, r, err)
			}
			cancel()
			time.Sleep(time.Duration(random.IntN(4000)) * time.Millisecond)
		}
		if random.IntN(5) == 0 {
			h.service.Leave(viewer)
		}
	}
	h.service.Leave(viewer)
}
