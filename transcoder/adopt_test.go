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

// dropStage empties the stage of a harness that has stopped, as if the data folder were gone.
func (h *harness) dropStage() { h.stage = blobtest.NewMemory() }

func TestALostDataFolderCostsNoEncode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 1, nil, nil)
		synctest.Wait()
		h.checkComplete()
		want := h.getAll("alice")
		h.stop()
		h.dropStage()
		blobs := &faultyStore{}
		h = newHarness(t, 1, nil, h, withFaultyBlobs(blobs))
		defer h.stop()
		synctest.Wait()
		h.checkComplete()
		if diff := cmp.Diff(want, h.getAll("alice")); diff != "" {
			t.Errorf("what a viewer gets has changed:\n%s", diff)
		}
		if got := h.orders(); got != nil {
			t.Errorf("made again: %v", got)
		}
		if lists := blobs.count("list"); lists != nil {
			t.Errorf("listed %v although all is packed", lists)
		}
	})
}

// An earlier version stored single segments in Blobs.
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
				h := newHarness(t, 1, nil, nil, withFaultyBlobs(&faultyStore{before: refusePacked}))
				time.Sleep(time.Minute)
				want := h.getAll("alice")
				h.stop()
				moved := 0
				for _, key := range h.keys(h.stage) {
					data, err := blob.ReadAll(t.Context(), h.stage, key)
					if left(key) && err == nil {
						err = h.blobs.Put(t.Context(), key, data)
						moved++
					}
					if err != nil && !errors.Is(err, blob.ErrExists) {
						t.Fatal(err)
					}
				}
				h.dropStage()
				h = newHarness(t, 1, nil, h)
				defer h.stop()
				time.Sleep(time.Hour)
				if diff := cmp.Diff(want, h.getAll("alice")); diff != "" {
					t.Errorf("what a viewer gets has changed:\n%s", diff)
				}
				for _, key := range h.keys(h.blobs) {
					if strings.HasSuffix(key, ".m4s") || strings.HasSuffix(key, "/init.mp4") {
						t.Errorf("%s is left", key)
					}
				}
				if name == "all of them" {
					h.checkComplete()
					if got := h.orders(); got != nil {
						t.Errorf("made again: %v", got)
					}
				}
			})
		})
	}
}

// A run that began before the adoption ended stops when the adoption finds its rendition packed.
func TestAdoptionTakesOverFromARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 1, nil, nil)
		synctest.Wait()
		want := h.getAll("alice")
		h.stop()
		h.dropStage()
		blobs := &faultyStore{before: func(op, key string) error {
			if op == "stat" {
				return errStorage
			}
			return nil
		}}
		step, _ := blockAt(queue.JIT, 7)
		h = newHarness(t, 1, step, h, withFaultyBlobs(blobs))
		defer h.stop()
		if got := h.mustGet("bob", h.video480(), 5); got != want[h.asset.SegmentKey(h.video480(), 5)] {
			t.Error("segment 5 differs")
		}
		if diff := cmp.Diff([]string{"jit 5-27 at 7"}, h.running()); diff != "" {
			t.Fatalf("runs (-want +got):\n%s", diff)
		}
		blobs.set(nil, nil)
		time.Sleep(10 * time.Second)
		if got := h.running(); got != nil {
			t.Errorf("still running: %v", got)
		}
		if diff := cmp.Diff(want, h.getAll("bob")); diff != "" {
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

// No job asks for the asset, and its file is away: the packed renditions play all the same.
func TestARequestedAssetIsAdoptedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 1, nil, nil)
		synctest.Wait()
		want := h.getAll("alice")
		h.stop()
		h.dropStage()
		h.sources.setAway(true)
		h = newHarness(t, 1, nil, h)
		defer h.stop()
		h.service.Measures(h.asset) // as its first playlist does
		synctest.Wait()
		if diff := cmp.Diff(want, h.getAll("bob")); diff != "" {
			t.Errorf("what a viewer gets has changed:\n%s", diff)
		}
	})
}

func uploadJIT(o *transcoder.Options) { o.UploadJIT = true }

// segmentsInBlobs counts single segments in Blobs.
func (h *harness) segmentsInBlobs() (n int) {
	h.t.Helper()
	for _, key := range h.keys(h.blobs) {
		if strings.HasSuffix(key, ".m4s") {
			n++
		}
	}
	return n
}

func TestSegmentsMadeForAViewerAreUploaded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil, uploadJIT)
		h.mustGet("alice", h.video480(), 20)
		synctest.Wait()
		if got := h.segmentsInBlobs(); got != 7 {
			t.Errorf("%d segments are uploaded, want 7", got)
		}
		want := h.mustGet("alice", h.video480(), 22)
		h.stop()

		other := newHarness(
			t, 0, nil, &harness{blobs: h.blobs, stage: blobtest.NewMemory(), log: h.log, sources: h.sources}, uploadJIT,
		)
		synctest.Wait() // another node, or this one without its data folder
		if got := other.mustGet("bob", other.video480(), 22); got != want {
			t.Error("the other node's segment differs")
		}
		if got := other.orders(); got != nil {
			t.Errorf("made again: %v", got)
		}
		other.stop()

		h = newHarness(t, 1, nil, other, uploadJIT)
		defer h.stop()
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}

func TestUploadedSegmentsAreRemovedAfterPacking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 0, nil, nil, uploadJIT)
		defer h.stop()
		for n := range segments {
			for _, r := range h.asset.Ladder.Renditions {
				h.mustGet("alice", r.ID, n)
			}
		}
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}

// The storage is slow: a segment is still on its way when its rendition is packed.
func TestASegmentThatIsUploadedTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := func(op, key string) error {
			if op == "put" && strings.HasSuffix(key, ".m4s") {
				time.Sleep(time.Minute)
			}
			return nil
		}
		h := newHarness(t, 0, nil, nil, withFaultyBlobs(&faultyStore{before: slow}), uploadJIT)
		defer h.stop()
		for n := range segments {
			for _, r := range h.asset.Ladder.Renditions {
				h.mustGet("alice", r.ID, n)
			}
		}
		time.Sleep(3 * time.Hour)
		h.checkComplete()
	})
}

// Storage that is away stops no viewer.
func TestNoSegmentWaitsForStorage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		blobs := &faultyStore{}
		h := newHarness(t, 0, nil, nil, withFaultyBlobs(blobs), uploadJIT)
		defer h.stop()
		synctest.Wait()
		blobs.set(func(_, _ string) error { return errStorage }, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for n := range segments {
			o, err := h.service.Segment(ctx, "alice", h.asset, h.video480(), n)
			if err != nil {
				t.Fatal(err)
			}
			o.Body.Close()
		}
		time.Sleep(time.Hour)
		blobs.set(nil, nil)
		for n := range segments {
			h.mustGet("alice", h.video360(), n)
			h.mustGet("alice", h.audio(), n)
		}
		time.Sleep(time.Hour)
		h.checkComplete()
	})
}

// Two nodes made one rendition; the other was first to pack it. Its blob is used if its Init Section is the one that
// viewers here have, and left alone if not.
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
				h := newHarness(t, 1, nil, nil)
				synctest.Wait()
				want := h.getAll("alice")
				key := h.asset.PackedKey(h.video480())
				theirs, err := blob.ReadAll(t.Context(), h.blobs, key)
				if err != nil {
					t.Fatal(err)
				}
				p, _ := h.service.Packing(h.asset, h.video480())
				theirs[test.at(p)] ^= 1
				h.stop()

				h = newHarness(t, 0, nil, nil) // stores its plan before the other node's blob comes
				h.stop()
				if err := h.blobs.Put(t.Context(), key, theirs); err != nil {
					t.Fatal(err)
				}
				h = newHarness(t, 1, nil, h)
				defer h.stop()
				time.Sleep(time.Hour)
				got := h.getAll("bob")
				third := h.asset.SegmentKey(h.video480(), 3)
				if changed := got[third] != want[third]; changed != test.taken {
					t.Errorf("the other node's segment is served: %t, want %t", changed, test.taken)
				}
				delete(got, third)
				delete(want, third)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("what a viewer gets:\n%s", diff)
				}
				if said := h.service.StorageError(fingerprint) != ""; said == test.taken {
					t.Errorf("words for a person: %q", h.service.StorageError(fingerprint))
				}
				if now, err := blob.ReadAll(t.Context(), h.blobs, key); err != nil || string(now) != string(theirs) {
					t.Errorf("the other node's blob was touched: %v", err)
				}
			})
		})
	}
}
