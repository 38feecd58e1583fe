package transcoder

import (
	"testing"
	"time"

	"movify/pkg/queue"
)

// Several outputs of one run pause at once; the time counts once, from the first pause to the first that resumes.
func TestPausesOfSeveralOutputsCountOnce(t *testing.T) {
	t.Parallel()
	noon := time.Unix(1_000_000, 0)
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	r := newRun(emptyIndex(8).ClaimGap(0, 8, nil), queue.Backlog, noon)
	r.pause(at(10))
	r.pause(at(15))
	if r.stalled(at(1000)) {
		t.Error("a paused run is called stalled")
	}
	r.resume(at(20))
	r.resume(at(21))
	if sum, _ := r.pauses(); sum != 10*time.Second {
		t.Errorf("paused for %v, want 10s", sum)
	}
	if r.stalled(at(199)) || !r.stalled(at(201)) {
		t.Error("the three minutes do not count from when it went on")
	}
}
