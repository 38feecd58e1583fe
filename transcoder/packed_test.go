package transcoder_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/queue"
	"movify/transcoder"
)

func TestAnyPartOfAPackedRendition(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, 1, nil, nil)
		defer h.stop()
		synctest.Wait()
		h.checkComplete()
		p, ok := h.service.Packing(h.asset, h.video480())
		if !ok {
			t.Fatal("nothing is packed")
		}
		all, err := blob.ReadAll(t.Context(), h.blobs, h.asset.PackedKey(h.video480()))
		if err != nil {
			t.Fatal(err)
		}
		offset, length := p.Segment(3)
		for _, part := range [][2]int64{{0, p.Init}, {p.Init, p.Index}, {0, p.Head()}, {offset, length}, {offset + 1, 2}} {
			o, err := h.service.Packed(t.Context(), "alice", h.asset, h.video480(), part[0], part[1])
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(o.Body)
			if err := errors.Join(err, o.Body.Close()); err != nil || o.Size != part[1] ||
				!bytes.Equal(got, all[part[0]:part[0]+part[1]]) {
				t.Errorf("%v: %d bytes, %v", part, len(got), err)
			}
		}
		if err := h.blobs.Delete(t.Context(), h.asset.PackedKey(h.video480())); err != nil {
			t.Fatal(err)
		}
		// The new blob may have other offsets: a player with the old segment index must not get its bytes.
		for range 2 {
			if _, err := h.service.Packed(t.Context(), "alice", h.asset, h.video480(), offset, length); !errors.Is(
				err, transcoder.ErrNoSegment,
			) {
				t.Errorf("a part of a blob that is gone: %v", err)
			}
		}
	})
}

// A viewer who reads the store directly is a viewer all the same.
func TestTouchMovesTheViewer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		step, release := blockAt(queue.JIT, 3)
		h := newHarness(t, 0, step, nil)
		defer h.stop()
		defer release()
		h.mustGet("alice", h.video480(), 0)
		if diff := cmp.Diff(1, len(h.running())); diff != "" {
			t.Fatalf("runs for a viewer (-want +got):\n%s", diff)
		}
		h.service.Touch("alice", h.asset, h.video480(), 1)
		if got := h.running(); len(got) != 1 {
			t.Errorf("a look ahead stopped the run: %v", got)
		}
		h.service.Touch("alice", h.asset, h.video360(), 0)
		if got := h.running(); len(got) != 0 {
			t.Errorf("still running without a viewer: %v", got)
		}
	})
}
