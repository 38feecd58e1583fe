package transcoder

import (
	"errors"
	"testing"
	"time"

	"movify/pkg/blob/blobtest"
)

func TestRoomIsCountedByAsset(t *testing.T) {
	t.Parallel()
	r := newRoom()
	r.set("a", 10)
	r.set("b", 5)
	r.set("a", 7)
	r.set("c", 0)
	if all, theirs := r.used("b", "c", "nobody"); all != 12 || theirs != 5 {
		t.Errorf("%d bytes in all, %d of theirs; want 12, 5", all, theirs)
	}
	r.set("b", 0)
	if all, theirs := r.used("b"); all != 7 || theirs != 0 || len(r.of) != 1 {
		t.Errorf("%d bytes in all, %d of theirs, %v", all, theirs, r.of)
	}
}

// What would be copied to a full stage waits, unless it was begun: that it is finished makes room.
func TestAFullStageTakesNoMoreFromElsewhere(t *testing.T) {
	t.Parallel()
	s := New(Options{Stage: blobtest.NewMemory(), Blobs: blobtest.NewMemory(), StageBytes: 10, Now: time.Now})
	sh := emptyShelf(t, 3)
	s.room.set("other-1", 11)
	if err := s.adoptSingles(t.Context(), sh, nil); !errors.Is(err, errNoRoom) {
		t.Errorf("error is %v, want %v", err, errNoRoom)
	}
	s.room.set(sh.asset.ID, 1)
	if err := s.adoptSingles(t.Context(), sh, nil); err != nil {
		t.Error(err)
	}
}
