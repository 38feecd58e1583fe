package transcoder_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
	"movify/pkg/queue"
	"movify/transcoder"
)

// getAll gives the sha256 of every segment and Init Section as a viewer gets them.
func (h *harness) getAll(viewer id.Session) map[string]string {
	h.t.Helper()
	out := map[string]string{}
	for _, r := range h.asset.Ladder.Renditions {
		out[h.asset.InitKey(r.ID)] = h.mustGetInit(viewer, r.ID, 0)
		for n := range segments {
			out[h.asset.SegmentKey(r.ID, n)] = h.mustGet(viewer, r.ID, n)
		}
	}
	return out
}

func TestPackingChangesNoByte(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		blobs := &faultyStore{before: refusePacked}
		h := newHarness(t, 1, nil, nil, withFaultyBlobs(blobs))
		defer h.stop()
		time.Sleep(time.Minute)
		single := h.getAll("alice")
		if _, ok := h.service.Packing(h.asset, h.video480()); ok {
			t.Fatal("packed although the storage refused")
		}
		blobs.set(nil, nil)
		time.Sleep(time.Hour)
		h.checkComplete()
		if diff := cmp.Diff(single, h.getAll("alice")); diff != "" {
			t.Errorf("what a viewer gets has changed:\n%s", diff)
		}
		if got := h.orders(); len(got) != 2 {
			t.Errorf("orders: %v", got)
		}
	})
}

// A viewer who gets segments between any two steps of packing gets the same bytes.
func TestSegmentsStayTheSameWhilePacking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		blobs, stage := &faultyStore{before: refusePacked}, &faultyStore{}
		h := newHarness(
			t, 1, nil, nil, withFaultyBlobs(blobs),
			func(o *transcoder.Options) { stage.Store, o.Stage = o.Stage, stage },
		)
		defer h.stop()
		time.Sleep(time.Minute)
		want := h.getAll("alice")
		looks := 0
		look := func(_, key string) error {
			r := id.Rendition(strings.Split(strings.TrimPrefix(key, h.asset.Prefix), "/")[0])
			if _, ok := h.asset.Ladder.Find(r); !ok {
				return nil
			}
			looks++
			for _, n := range []int{0, looks % segments, segments - 1} {
				if got := h.mustGet("bob", r, n); got != want[h.asset.SegmentKey(r, n)] {
					t.Errorf("after %s: segment %d differs", key, n)
				}
			}
			if got := h.mustGetInit("bob", r, 0); got != want[h.asset.InitKey(r)] {
				t.Errorf("after %s: the Init Section differs", key)
			}
			return nil
		}
		blobs.set(nil, look)
		stage.set(nil, look)
		time.Sleep(time.Hour)
		h.checkComplete()
		if looks < 3*segments {
			t.Errorf("looked %d times", looks)
		}
		if got := h.orders(); len(got) != 2 {
			t.Errorf("something was made again: %v", got)
		}
	})
}

// The process dies after each step that changes something, the step done or not; the next start finishes the work.
func TestKilledAtAnyStepOfPacking(t *testing.T) {
	t.Parallel()
	for name, done := range map[string]bool{"step done": true, "step not done": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := 0
			for at, died := 1, true; died; at++ {
				synctest.Test(t, func(t *testing.T) { died = packAndKill(t, at, done) })
				steps = at
			}
			if want := 3 * (segments + 4); steps < want {
				t.Errorf("%d steps, want at least %d", steps, want)
			}
		})
	}
}

// packAndKill makes a ladder without packing it, packs until the step numbered at, dies there, and starts again.
func packAndKill(t *testing.T, at int, done bool) (died bool) {
	h := newHarness(t, 1, nil, nil, withFaultyBlobs(&faultyStore{before: refusePacked}))
	time.Sleep(time.Minute)
	want := h.getAll("alice")
	h.stop()

	var mu sync.Mutex
	step := 0
	before := func(op, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if died {
			return errStorage
		}
		if op != "put" && op != "delete" {
			return nil
		}
		if step++; step >= at && !done {
			died = true
			return errStorage
		}
		return nil
	}
	after := func(_, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if died = step >= at; died {
			return errStorage
		}
		return nil
	}
	blobs, stage := &faultyStore{before: before, after: after}, &faultyStore{before: before, after: after}
	h = newHarness(
		t, 1, nil, h, withFaultyBlobs(blobs), func(o *transcoder.Options) { stage.Store, o.Stage = o.Stage, stage },
	)
	time.Sleep(time.Minute)
	h.stop()

	h = newHarness(t, 1, nil, h)
	defer h.stop()
	time.Sleep(time.Hour)
	h.checkComplete()
	if diff := cmp.Diff(want, h.getAll("bob")); diff != "" {
		t.Errorf("killed at step %d, a viewer gets something else:\n%s", at, diff)
	}
	if got := h.orders(); got != nil {
		t.Errorf("killed at step %d, made again: %v", at, got)
	}
	return died
}

// One request in ten fails, half of those after they were done: viewers may have to ask again and get the right
// segment.
func TestStorageThatFailsAtRandom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				random := rand.New(rand.NewPCG(seed, 7))
				flaw := func(_, _ string) error {
					mu.Lock()
					defer mu.Unlock()
					if random.IntN(20) == 0 {
						return errStorage
					}
					return nil
				}
				blobs := &faultyStore{}
				h := newHarness(
					t, 1, slowStep(queue.JIT, time.Second), nil, withFaultyBlobs(blobs),
					func(o *transcoder.Options) { o.UploadJIT = true },
				)
				defer h.stop()
				blobs.set(flaw, flaw)
				var wg sync.WaitGroup
				for viewer := range 3 {
					wg.Go(
						func() { h.getRepeatedly(id.Session(rune('a'+viewer)), rand.New(rand.NewPCG(seed, uint64(viewer)))) },
					)
				}
				wg.Wait()
				time.Sleep(24 * time.Hour)
				blobs.set(nil, nil)
				h.checkComplete()
			})
		})
	}
}

// getRepeatedly gets some segments twice each and asks again when the storage fails.
func (h *harness) getRepeatedly(viewer id.Session, random *rand.Rand) {
	seen := map[string]string{}
	for range 60 {
		r, n := h.asset.Ladder.Renditions[random.IntN(3)].ID, random.IntN(segments)
		sum, err := h.get(viewer, r, n)
		for tries := 0; err != nil && tries < 20; tries++ {
			if !errors.Is(err, errStorage) {
				h.t.Errorf("segment %d of %s: %v", n, r, err)
			}
			time.Sleep(time.Second)
			sum, err = h.get(viewer, r, n)
		}
		if err != nil {
			h.t.Errorf("segment %d of %s: %v", n, r, err)
		}
		key := h.asset.SegmentKey(r, n)
		if old, again := seen[key]; again && old != sum {
			h.t.Errorf("%s has changed", key)
		}
		seen[key] = sum
	}
}

// Requests to the storage cost money and time.
func TestRequestsAreFew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		blobs := &faultyStore{}
		h := newHarness(t, 0, nil, nil, withFaultyBlobs(blobs), func(o *transcoder.Options) { o.UploadJIT = true })
		for n := range 10 { // play an untouched film
			h.mustGetInit("alice", h.video480(), n)
			h.mustGet("alice", h.video480(), n)
		}
		time.Sleep(time.Minute)
		made := h.log.count(h.video480())
		if lists := blobs.count("list"); lists != nil {
			t.Errorf("listed %v", lists)
		}
		puts := map[string]int{}
		for _, key := range blobs.count("put") {
			puts[key]++
		}
		for key, n := range puts {
			if n != 1 {
				t.Errorf("%s was put %d times", key, n)
			}
		}
		if want := made + 2; len(puts) != want { // with the plan and the Init Section
			t.Errorf("%d puts for %d segments made just in time", len(puts), made)
		}
		h.stop()

		blobs = &faultyStore{} // a restart; the rest is made in the background
		h = newHarness(t, 1, nil, h, withFaultyBlobs(blobs), func(o *transcoder.Options) { o.UploadJIT = true })
		time.Sleep(time.Hour)
		h.checkComplete()
		if puts := blobs.count("put"); len(puts) != 3+1 { // three renditions and the mark
			t.Errorf("put %v", puts)
		}
		blobs.forget()
		time.Sleep(24 * time.Hour)
		if diff := cmp.Diff(map[string]int{}, blobs.all()); diff != "" {
			t.Errorf("a day of reconciling:\n%s", diff)
		}
		playPacked(t, h, blobs)
		h.stop()

		blobs = &faultyStore{}
		h = newHarness(t, 1, nil, h, withFaultyBlobs(blobs))
		defer h.stop()
		playPacked(t, h, blobs)
	})
}

// playPacked plays a packed rendition: one request for each segment, none for its beginning.
func playPacked(t *testing.T, h *harness, blobs *faultyStore) {
	t.Helper()
	h.service.Warm("carol", h.asset, 0)
	h.mustGetInit("carol", h.video480(), 0)
	for n := range segments {
		h.mustGet("carol", h.video480(), n)
	}
	h.service.Measures(h.asset)
	synctest.Wait()
	if diff := cmp.Diff(map[string]int{"range": segments}, blobs.all()); diff != "" {
		t.Errorf("to play a packed rendition (-want +got):\n%s", diff)
	}
}

func TestAVanishedPackIsMadeAgain(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(h *harness, key string) error{
		"gone": func(h *harness, key string) error { return h.blobs.Delete(h.t.Context(), key) },
		"cut short": func(h *harness, key string) error {
			all, err := h.blobs.Open(h.t.Context(), key)
			if err != nil {
				return err
			}
			text := make([]byte, all.Size/2)
			_, err = all.Body.Read(text)
			return errors.Join(err, h.blobs.Delete(h.t.Context(), key), h.blobs.Put(h.t.Context(), key, text))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHarness(t, 1, nil, nil)
				defer h.stop()
				synctest.Wait()
				h.checkComplete()
				want := h.getAll("alice")
				if err := harm(h, h.asset.PackedKey(h.video480())); err != nil {
					t.Fatal(err)
				}
				var wg sync.WaitGroup
				for n := range segments { // all find out at once
					wg.Go(func() {
						if got := h.mustGet(id.Session(fmt.Sprint(n)), h.video480(), n); got != want[h.asset.SegmentKey(h.video480(), n)] {
							t.Errorf("segment %d differs", n)
						}
					})
				}
				wg.Wait()
				time.Sleep(time.Hour)
				if diff := cmp.Diff(want, h.getAll("bob")); diff != "" {
					t.Errorf("made again it differs:\n%s", diff)
				}
				h.checkPacked(h.video480())
				if got := h.log.count(h.video480()); got != 2*segments {
					t.Errorf("%d segments were made, want each twice", got)
				}
				if got := h.service.Percent(fingerprint); got != 100 {
					t.Errorf("%d %% are stored", got)
				}
			})
		})
	}
}

// A file of the stage is deleted by hand before it is packed.
func TestAFileThatVanishesBeforePackingIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		for _, name := range []string{"init.mp4", "00009.m4s"} {
			t.Run(fmt.Sprintf("%s, restart %t", name, restart), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					blobs := &faultyStore{before: refusePacked}
					h := newHarness(t, 1, nil, nil, withFaultyBlobs(blobs))
					defer func() { h.stop() }()
					time.Sleep(time.Minute)
					want := h.getAll("alice")
					if err := h.stage.Delete(t.Context(), h.asset.Prefix+string(h.video480())+"/"+name); err != nil {
						t.Fatal(err)
					}
					if restart {
						h.stop()
						h = newHarness(t, 1, nil, h)
					}
					blobs.set(nil, nil)
					time.Sleep(time.Hour)
					if diff := cmp.Diff(want, h.getAll("bob")); diff != "" {
						t.Errorf("made again it differs:\n%s", diff)
					}
					h.checkPacked(h.video480())
					if got := h.service.Percent(fingerprint); got != 100 {
						t.Errorf("%d %% are stored", got)
					}
				})
			})
		}
	}
}

func TestAStorageErrorIsReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		blobs := &faultyStore{before: refusePacked}
		h := newHarness(t, 1, nil, nil, withFaultyBlobs(blobs))
		defer h.stop()
		time.Sleep(time.Hour)
		if why := h.service.StorageError(fingerprint); why != transcoder.ErrStorage.Message {
			t.Errorf("waiting for %q", why)
		}
		if why := h.service.Failure(fingerprint); why != "" {
			t.Errorf("given up: %s", why)
		}
		if got := h.service.Percent(fingerprint); got != 99 {
			t.Errorf("%d %%, want 99: all is made, but not in its place", got)
		}
		if n := len(blobs.count("put")); n < 10 || n > 80 {
			t.Errorf("the storage was asked %d times in an hour", n)
		}
		blobs.set(nil, nil)
		h.service.RetryFailed(fingerprint)
		synctest.Wait()
		h.checkComplete()
		if why := h.service.StorageError(fingerprint); why != "" {
			t.Errorf("still waiting for %q", why)
		}
	})
}

func TestBackgroundWaitsForTheQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		blobs := &faultyStore{before: refusePacked}
		step, release := blockAt(queue.New, 0)
		h := newHarness(t, 1, step, nil, withFaultyBlobs(blobs), func(o *transcoder.Options) { o.StageBytes = 1 })
		defer h.stop()
		synctest.Wait()
		for n := range segments { // audio is complete before anything else
			h.mustGet("alice", h.audio(), n)
		}
		release()
		time.Sleep(time.Hour)
		for _, o := range h.orders() {
			if strings.HasPrefix(o, "backlog") {
				t.Errorf("made %s although the stage is full", o)
			}
		}
		h.mustGet("alice", h.video480(), 20) // viewers do not wait
		blobs.set(nil, nil)
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}

// A film larger than the bound is packed only when it is complete: it must not wait for itself.
func TestOneFilmMayBeLargerThanTheQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 1, nil, nil, func(o *transcoder.Options) { o.StageBytes = 1 })
		defer h.stop()
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}
