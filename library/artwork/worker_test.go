package artwork

import (
	"context"
	"testing"

	"movify/pkg/media"
)

// noStills fails the test when a still is made.
type noStills struct{ t *testing.T }

func (n noStills) Stills(context.Context, string, media.Probe) (Still, error) {
	n.t.Error("a still was made")
	return Still{}, nil
}

// Without a store, reading the queue panics.
func TestStillsWaitForScansAndViewers(t *testing.T) {
	t.Parallel()
	busy := New(Options{Stills: noStills{t}, Busy: func() bool { return true }})
	if more, later := busy.nextStill(t.Context()); more || !later {
		t.Errorf("while a viewer waits: more %v, later %v", more, later)
	}
	scanning := New(Options{Stills: noStills{t}, Scanning: func() bool { return true }})
	if more, later := scanning.nextStill(t.Context()); more || later {
		t.Errorf("while a scan runs, which tells when it ends: more %v, later %v", more, later)
	}
}
