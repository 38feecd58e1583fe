package transcoder

import (
	"errors"
	"testing"
	"time"

	"movify/pkg/blob/blobtest"
	"movify/pkg/media"
	"movify/transcoder/index"
)

// emptyIndex is the index of an asset without stored segments, with one rendition.
func emptyIndex(segments int) *index.Index {
	g := media.Grid{Rate: media.Ratio{Num: 25, Den: 1}, Full: 100}
	for n := range segments + 1 {
		g.Frames = append(g.Frames, n*g.Full)
	}
	g.Audio = audioBounds(g)
	a := media.Asset{ID: "feed-1", Prefix: "v1/", Grid: g, Ladder: media.Ladder{Renditions: []media.Rendition{
		{ID: "v", Kind: media.Video},
	}}}
	return index.New(a, nil, time.Time{})
}

func TestQuotaIsCountedByAsset(t *testing.T) {
	t.Parallel()
	q := newStageQuota()
	q.set("a", 10)
	q.set("b", 5)
	q.set("a", 7)
	q.set("c", 0)
	if all, theirs := q.used("b", "c", "none"); all != 12 || theirs != 5 {
		t.Errorf("%d bytes in all, %d of theirs; want 12, 5", all, theirs)
	}
	q.set("b", 0)
	if all, theirs := q.used("b"); all != 7 || theirs != 0 || len(q.of) != 1 {
		t.Errorf("%d bytes in all, %d of theirs, %v", all, theirs, q.of)
	}
}

// A full stage adopts no segments, except those of an asset that has some: packing it makes room.
func TestAFullStageAdoptsNothing(t *testing.T) {
	t.Parallel()
	s := New(Options{Stage: blobtest.NewMemory(), Blobs: blobtest.NewMemory(), StageBytes: 10, Now: time.Now})
	x := emptyIndex(3)
	s.quota.set("other-1", 11)
	if err := s.adoptSegments(t.Context(), x, nil); !errors.Is(err, errStageFull) {
		t.Errorf("error is %v, want %v", err, errStageFull)
	}
	s.quota.set(x.Asset().ID, 1)
	if err := s.adoptSegments(t.Context(), x, nil); err != nil {
		t.Error(err)
	}
}
