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

// allSeen gives the sha256 of every segment and Init Section as a viewer gets them.
func (h *house) allSeen(viewer id.Session) map[string]string {
	h.t.Helper()
	out := map[string]string{}
	for _, r := range h.asset.Ladder.Renditions {
		out[h.asset.InitKey(r.ID)] = h.mustBegin(viewer, r.ID, 0)
		for n := range segments {
			out[h.asset.SegmentKey(r.ID, n)] = h.mustSee(viewer, r.ID, n)
		}
	}
	return out
}

func TestPackingChangesNoByte(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home := &troubled{before: noPacks}
		h := furnish(t, 1, nil, nil, trouble(home))
		defer h.stop()
		time.Sleep(time.Minute)
		single := h.allSeen("alice")
		if _, ok := h.service.Packing(h.asset, h.tall()); ok {
			t.Fatal("packed although the storage refused")
		}
		home.set(nil, nil)
		time.Sleep(time.Hour)
		h.whole()
		if diff := cmp.Diff(single, h.allSeen("alice")); diff != "" {
			t.Errorf("what a viewer gets has changed:\n%s", diff)
		}
		if got := h.orders(); len(got) != 2 {
			t.Errorf("orders: %v", got)
		}
	})
}

// A viewer who looks between any two steps of packing gets what was made.
func TestNobodyNoticesThePacking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home, stage := &troubled{before: noPacks}, &troubled{}
		h := furnish(t, 1, nil, nil, trouble(home), func(o *transcoder.Options) { stage.Store, o.Stage = o.Stage, stage })
		defer h.stop()
		time.Sleep(time.Minute)
		want := h.allSeen("alice")
		looks := 0
		look := func(_, key string) error {
			r := id.Rendition(strings.Split(strings.TrimPrefix(key, h.asset.Prefix), "/")[0])
			if _, ok := h.asset.Ladder.Find(r); !ok {
				return nil
			}
			looks++
			for _, n := range []int{0, looks % segments, segments - 1} {
				if got := h.mustSee("bob", r, n); got != want[h.asset.SegmentKey(r, n)] {
					t.Errorf("after %s: segment %d differs", key, n)
				}
			}
			if got := h.mustBegin("bob", r, 0); got != want[h.asset.InitKey(r)] {
				t.Errorf("after %s: the Init Section differs", key)
			}
			return nil
		}
		home.set(nil, look)
		stage.set(nil, look)
		time.Sleep(time.Hour)
		h.whole()
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
				synctest.Test(t, func(t *testing.T) { died = killPacking(t, at, done) })
				steps = at
			}
			if want := 3 * (segments + 4); steps < want {
				t.Errorf("%d steps, want at least %d", steps, want)
			}
		})
	}
}

// killPacking makes a ladder without packing it, packs until the step numbered at, dies there, and starts again.
func killPacking(t *testing.T, at int, done bool) (died bool) {
	h := furnish(t, 1, nil, nil, trouble(&troubled{before: noPacks}))
	time.Sleep(time.Minute)
	want := h.allSeen("alice")
	h.stop()

	var mu sync.Mutex
	step := 0
	before := func(op, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if died {
			return errTrouble
		}
		if op != "put" && op != "delete" {
			return nil
		}
		if step++; step >= at && !done {
			died = true
			return errTrouble
		}
		return nil
	}
	after := func(_, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if died = step >= at; died {
			return errTrouble
		}
		return nil
	}
	home, stage := &troubled{before: before, after: after}, &troubled{before: before, after: after}
	h = furnish(t, 1, nil, h, trouble(home), func(o *transcoder.Options) { stage.Store, o.Stage = o.Stage, stage })
	time.Sleep(time.Minute)
	h.stop()

	h = furnish(t, 1, nil, h)
	defer h.stop()
	time.Sleep(time.Hour)
	h.whole()
	if diff := cmp.Diff(want, h.allSeen("bob")); diff != "" {
		t.Errorf("killed at step %d, a viewer gets something else:\n%s", at, diff)
	}
	if got := h.orders(); got != nil {
		t.Errorf("killed at step %d, made again: %v", at, got)
	}
	return died
}

// One request in ten fails, half of those after they were done: viewers may have to ask again and get what was made.
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
						return errTrouble
					}
					return nil
				}
				home := &troubled{}
				h := furnish(t, 1, sluggish(queue.JIT, time.Second), nil, trouble(home), func(o *transcoder.Options) { o.Share = true })
				defer h.stop()
				home.set(flaw, flaw)
				var wg sync.WaitGroup
				for viewer := range 3 {
					wg.Go(func() { h.insist(id.Session(rune('a'+viewer)), rand.New(rand.NewPCG(seed, uint64(viewer)))) })
				}
				wg.Wait()
				time.Sleep(24 * time.Hour)
				home.set(nil, nil)
				h.whole()
			})
		})
	}
}

// insist watches some segments twice each and asks again when the storage fails.
func (h *house) insist(viewer id.Session, random *rand.Rand) {
	seen := map[string]string{}
	for range 60 {
		r, n := h.asset.Ladder.Renditions[random.IntN(3)].ID, random.IntN(segments)
		sum, err := h.see(viewer, r, n)
		for tries := 0; err != nil && tries < 20; tries++ {
			if !errors.Is(err, errTrouble) {
				h.t.Errorf("segment %d of %s: %v", n, r, err)
			}
			time.Sleep(time.Second)
			sum, err = h.see(viewer, r, n)
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

// What is asked of the storage, which costs money and time.
func TestRequestsAreFew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home := &troubled{}
		h := furnish(t, 0, nil, nil, trouble(home), func(o *transcoder.Options) { o.Share = true })
		for n := range 10 { // play what is untouched
			h.mustBegin("alice", h.tall(), n)
			h.mustSee("alice", h.tall(), n)
		}
		time.Sleep(time.Minute)
		made := h.log.count(h.tall())
		if lists := home.count("list"); lists != nil {
			t.Errorf("listed %v", lists)
		}
		puts := map[string]int{}
		for _, key := range home.count("put") {
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

		home = &troubled{} // a restart; the rest is made in the background
		h = furnish(t, 1, nil, h, trouble(home), func(o *transcoder.Options) { o.Share = true })
		time.Sleep(time.Hour)
		h.whole()
		if puts := home.count("put"); len(puts) != 3+1 { // three renditions and the mark
			t.Errorf("put %v", puts)
		}
		home.forget()
		time.Sleep(24 * time.Hour)
		if diff := cmp.Diff(map[string]int{}, home.all()); diff != "" {
			t.Errorf("a day of looking at what is known:\n%s", diff)
		}
		playReady(t, h, home)
		h.stop()

		home = &troubled{}
		h = furnish(t, 1, nil, h, trouble(home))
		defer h.stop()
		playReady(t, h, home)
	})
}

// playReady plays a packed rendition: one request for each segment, none for its beginning.
func playReady(t *testing.T, h *house, home *troubled) {
	t.Helper()
	h.service.Warm("carol", h.asset, 0)
	h.mustBegin("carol", h.tall(), 0)
	for n := range segments {
		h.mustSee("carol", h.tall(), n)
	}
	h.service.Measures(h.asset)
	synctest.Wait()
	if diff := cmp.Diff(map[string]int{"range": segments}, home.all()); diff != "" {
		t.Errorf("to play what is ready (-want +got):\n%s", diff)
	}
}

func TestAVanishedPackIsMadeAgain(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(h *house, key string) error{
		"gone": func(h *house, key string) error { return h.store.Delete(h.t.Context(), key) },
		"cut short": func(h *house, key string) error {
			all, err := h.store.Open(h.t.Context(), key)
			if err != nil {
				return err
			}
			text := make([]byte, all.Size/2)
			_, err = all.Body.Read(text)
			return errors.Join(err, h.store.Delete(h.t.Context(), key), h.store.Put(h.t.Context(), key, text))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := furnish(t, 1, nil, nil)
				defer h.stop()
				synctest.Wait()
				h.whole()
				want := h.allSeen("alice")
				if err := harm(h, h.asset.PackedKey(h.tall())); err != nil {
					t.Fatal(err)
				}
				var wg sync.WaitGroup
				for n := range segments { // all find out at once
					wg.Go(func() {
						if got := h.mustSee(id.Session(fmt.Sprint(n)), h.tall(), n); got != want[h.asset.SegmentKey(h.tall(), n)] {
							t.Errorf("segment %d differs", n)
						}
					})
				}
				wg.Wait()
				time.Sleep(time.Hour)
				if diff := cmp.Diff(want, h.allSeen("bob")); diff != "" {
					t.Errorf("made again it differs:\n%s", diff)
				}
				h.packedAsMade(h.tall())
				if got := h.log.count(h.tall()); got != 2*segments {
					t.Errorf("%d segments were made, want each twice", got)
				}
				if got := h.service.Percent(fingerprint); got != 100 {
					t.Errorf("%d %% are stored", got)
				}
			})
		})
	}
}

// Somebody cleans up in the stage by hand while what was there waits to be packed.
func TestWhatVanishesBeforePackingIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		for _, name := range []string{"init.mp4", "00009.m4s"} {
			t.Run(fmt.Sprintf("%s, restart %t", name, restart), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					home := &troubled{before: noPacks}
					h := furnish(t, 1, nil, nil, trouble(home))
					defer func() { h.stop() }()
					time.Sleep(time.Minute)
					want := h.allSeen("alice")
					if err := h.stage.Delete(t.Context(), h.asset.Prefix+string(h.tall())+"/"+name); err != nil {
						t.Fatal(err)
					}
					if restart {
						h.stop()
						h = furnish(t, 1, nil, h)
					}
					home.set(nil, nil)
					time.Sleep(time.Hour)
					if diff := cmp.Diff(want, h.allSeen("bob")); diff != "" {
						t.Errorf("made again it differs:\n%s", diff)
					}
					h.packedAsMade(h.tall())
					if got := h.service.Percent(fingerprint); got != 100 {
						t.Errorf("%d %% are stored", got)
					}
				})
			})
		}
	}
}

func TestStorageTroubleIsSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home := &troubled{before: noPacks}
		h := furnish(t, 1, nil, nil, trouble(home))
		defer h.stop()
		time.Sleep(time.Hour)
		if why := h.service.Waiting(fingerprint); why != transcoder.ErrStorage.Message {
			t.Errorf("waiting for %q", why)
		}
		if why := h.service.Failure(fingerprint); why != "" {
			t.Errorf("given up: %s", why)
		}
		if got := h.service.Percent(fingerprint); got != 99 {
			t.Errorf("%d %%, want 99: all is made, but not in its place", got)
		}
		if n := len(home.count("put")); n < 10 || n > 80 {
			t.Errorf("the storage was asked %d times in an hour", n)
		}
		home.set(nil, nil)
		h.service.Forgive(fingerprint)
		synctest.Wait()
		h.whole()
		if why := h.service.Waiting(fingerprint); why != "" {
			t.Errorf("still waiting for %q", why)
		}
	})
}

func TestBackgroundWaitsForRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home := &troubled{before: noPacks}
		step, letGo := holding(queue.New, 0)
		h := furnish(t, 1, step, nil, trouble(home), func(o *transcoder.Options) { o.StageBytes = 1 })
		defer h.stop()
		synctest.Wait()
		for n := range segments { // the sound is complete before anything else
			h.mustSee("alice", h.sound(), n)
		}
		letGo()
		time.Sleep(time.Hour)
		for _, o := range h.orders() {
			if strings.HasPrefix(o, "backlog") {
				t.Errorf("made %s although there is no room", o)
			}
		}
		h.mustSee("alice", h.tall(), 20) // viewers do not wait
		home.set(nil, nil)
		time.Sleep(time.Hour)
		h.whole()
	})
}

// A film larger than the bound is packed only when it is complete: it must not wait for itself.
func TestOneFilmMayBeLargerThanTheRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := furnish(t, 1, nil, nil, func(o *transcoder.Options) { o.StageBytes = 1 })
		defer h.stop()
		time.Sleep(time.Hour)
		h.whole()
	})
}
