package transcoder_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
)

// loseStage empties the stage of a house that has stopped, as if the data folder were gone.
func (h *house) loseStage() { h.stage = blobtest.NewMemory() }

func TestALostDataFolderCostsNoEncode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := furnish(t, 1, nil, nil)
		synctest.Wait()
		h.whole()
		want := h.allSeen("alice")
		h.stop()
		h.loseStage()
		home := &troubled{}
		h = furnish(t, 1, nil, h, trouble(home))
		defer h.stop()
		synctest.Wait()
		h.whole()
		if diff := cmp.Diff(want, h.allSeen("alice")); diff != "" {
			t.Errorf("what a viewer gets has changed:\n%s", diff)
		}
		if got := h.orders(); got != nil {
			t.Errorf("made again: %v", got)
		}
		if lists := home.count("list"); lists != nil {
			t.Errorf("listed %v although all is packed", lists)
		}
	})
}

// An earlier version kept single segments where packed renditions live now.
func TestSingleSegmentsAreAdopted(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]func(key string) bool{
		"all of them":             func(string) bool { return true },
		"some":                    func(key string) bool { return !strings.HasSuffix(key, "5.m4s") },
		"without an Init Section": func(key string) bool { return !strings.HasSuffix(key, "/init.mp4") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := furnish(t, 1, nil, nil, trouble(&troubled{before: noPacks}))
				time.Sleep(time.Minute)
				want := h.allSeen("alice")
				h.stop()
				moved := 0
				for _, key := range h.keys(h.stage) {
					data, err := blob.ReadAll(t.Context(), h.stage, key)
					if left(key) && err == nil {
						err = h.store.Put(t.Context(), key, data)
						moved++
					}
					if err != nil && !errors.Is(err, blob.ErrExists) {
						t.Fatal(err)
					}
				}
				h.loseStage()
				h = furnish(t, 1, nil, h)
				defer h.stop()
				time.Sleep(time.Hour)
				if diff := cmp.Diff(want, h.allSeen("alice")); diff != "" {
					t.Errorf("what a viewer gets has changed:\n%s", diff)
				}
				for _, key := range h.keys(h.store) {
					if strings.HasSuffix(key, ".m4s") || strings.HasSuffix(key, "/init.mp4") {
						t.Errorf("%s is left", key)
					}
				}
				if name == "all of them" {
					h.whole()
					if got := h.orders(); got != nil {
						t.Errorf("made again: %v", got)
					}
				}
			})
		})
	}
}

// A viewer is quicker than adoption: what was begun for him gives way to what was there all along.
func TestAdoptionTakesOverFromARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := furnish(t, 1, nil, nil)
		synctest.Wait()
		want := h.allSeen("alice")
		h.stop()
		h.loseStage()
		home := &troubled{before: func(op, key string) error {
			if op == "stat" {
				return errTrouble
			}
			return nil
		}}
		step, _ := holding(queue.JIT, 7)
		h = furnish(t, 1, step, h, trouble(home))
		defer h.stop()
		if got := h.mustSee("bob", h.tall(), 5); got != want[h.asset.SegmentKey(h.tall(), 5)] {
			t.Error("segment 5 differs")
		}
		if diff := cmp.Diff([]string{"jit 5-27 at 7"}, h.running()); diff != "" {
			t.Fatalf("runs (-want +got):\n%s", diff)
		}
		home.set(nil, nil)
		time.Sleep(10 * time.Second)
		if got := h.running(); got != nil {
			t.Errorf("still running: %v", got)
		}
		if diff := cmp.Diff(want, h.allSeen("bob")); diff != "" {
			t.Errorf("what a viewer gets has changed:\n%s", diff)
		}
		time.Sleep(time.Minute)
		for _, key := range h.keys(h.stage) {
			if _, single := media.ParseSegmentName(key[strings.LastIndex(key, "/")+1:]); single {
				t.Errorf("%s is left", key)
			}
		}
		if diff := cmp.Diff([]string{"jit 5-27"}, h.orders()); diff != "" {
			t.Errorf("orders (-want +got):\n%s", diff)
		}
	})
}

// Nobody but the viewer asks for the asset, and its file is away: what is packed plays all the same.
func TestWhatSomebodyLooksAtIsAdoptedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := furnish(t, 1, nil, nil)
		synctest.Wait()
		want := h.allSeen("alice")
		h.stop()
		h.loseStage()
		h.sources.unplug(true)
		h = furnish(t, 1, nil, h)
		defer h.stop()
		h.service.Measures(h.asset) // as its first playlist does
		synctest.Wait()
		if diff := cmp.Diff(want, h.allSeen("bob")); diff != "" {
			t.Errorf("what a viewer gets has changed:\n%s", diff)
		}
	})
}

func shared(o *transcoder.Options) { o.Share = true }

// singlesAt counts single segments in the home.
func (h *house) singlesAt() (n int) {
	h.t.Helper()
	for _, key := range h.keys(h.store) {
		if strings.HasSuffix(key, ".m4s") {
			n++
		}
	}
	return n
}

func TestSegmentsMadeForAViewerAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := furnish(t, 0, nil, nil, shared)
		h.mustSee("alice", h.tall(), 20)
		synctest.Wait()
		if got := h.singlesAt(); got != 7 {
			t.Errorf("%d segments are shared, want 7", got)
		}
		want := h.mustSee("alice", h.tall(), 22)
		h.stop()

		other := furnish(t, 0, nil, &house{store: h.store, stage: blobtest.NewMemory(), log: h.log, sources: h.sources}, shared)
		synctest.Wait() // another node, or this one without its data folder
		if got := other.mustSee("bob", other.tall(), 22); got != want {
			t.Error("the other node's segment differs")
		}
		if got := other.orders(); got != nil {
			t.Errorf("made again: %v", got)
		}
		other.stop()

		h = furnish(t, 1, nil, other, shared)
		defer h.stop()
		time.Sleep(time.Hour)
		h.whole()
	})
}

func TestSharedSegmentsAreTakenBackAfterPacking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := furnish(t, 0, nil, nil, shared)
		defer h.stop()
		for n := range segments {
			for _, r := range h.asset.Ladder.Renditions {
				h.mustSee("alice", r.ID, n)
			}
		}
		time.Sleep(time.Hour)
		h.whole()
	})
}

// The storage is slow: a segment is still on its way when its rendition is packed.
func TestASegmentThatIsSharedTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(op, key string) error {
			if op == "put" && strings.HasSuffix(key, ".m4s") {
				time.Sleep(time.Minute)
			}
			return nil
		}
		h := furnish(t, 0, nil, nil, trouble(&troubled{before: slow}), shared)
		defer h.stop()
		for n := range segments {
			for _, r := range h.asset.Ladder.Renditions {
				h.mustSee("alice", r.ID, n)
			}
		}
		time.Sleep(3 * time.Hour)
		h.whole()
	})
}

// Storage that is away stops no viewer.
func TestNobodyWaitsForStorageToMakeASegment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home := &troubled{}
		h := furnish(t, 0, nil, nil, trouble(home), shared)
		defer h.stop()
		synctest.Wait()
		home.set(func(_, _ string) error { return errTrouble }, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for n := range segments {
			o, err := h.service.Segment(ctx, "alice", h.asset, h.tall(), n)
			if err != nil {
				t.Fatal(err)
			}
			o.Body.Close()
		}
		time.Sleep(time.Hour)
		home.set(nil, nil)
		for n := range segments {
			h.mustSee("alice", h.small(), n)
			h.mustSee("alice", h.sound(), n)
		}
		time.Sleep(time.Hour)
		h.whole()
	})
}

// Two nodes made one rendition; the other was first to pack it. Its bytes are taken if they fit what viewers here began
// with, and left alone if not.
func TestAnotherNodePackedItFirst(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at    func(p media.Packing) int64 // the byte that the other node has otherwise
		taken bool
	}{
		"other pictures": {func(p media.Packing) int64 { return p.Offsets[4] - 1 }, true},
		"other headers":  {func(p media.Packing) int64 { return p.Init - 1 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := furnish(t, 1, nil, nil)
				synctest.Wait()
				want := h.allSeen("alice")
				key := h.asset.PackedKey(h.tall())
				theirs, err := blob.ReadAll(t.Context(), h.store, key)
				if err != nil {
					t.Fatal(err)
				}
				p, _ := h.service.Packing(h.asset, h.tall())
				theirs[test.at(p)] ^= 1
				h.stop()

				h = furnish(t, 0, nil, nil) // stores its plan before the other node's blob comes
				h.stop()
				if err := h.store.Put(t.Context(), key, theirs); err != nil {
					t.Fatal(err)
				}
				h = furnish(t, 1, nil, h)
				defer h.stop()
				time.Sleep(time.Hour)
				got := h.allSeen("bob")
				third := h.asset.SegmentKey(h.tall(), 3)
				if changed := got[third] != want[third]; changed != test.taken {
					t.Errorf("the other node's segment is served: %t, want %t", changed, test.taken)
				}
				delete(got, third)
				delete(want, third)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("what a viewer gets:\n%s", diff)
				}
				if said := h.service.Waiting(fingerprint) != ""; said == test.taken {
					t.Errorf("words for a person: %q", h.service.Waiting(fingerprint))
				}
				if now, err := blob.ReadAll(t.Context(), h.store, key); err != nil || string(now) != string(theirs) {
					t.Errorf("the other node's blob was touched: %v", err)
				}
			})
		})
	}
}
