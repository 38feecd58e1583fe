package transcoder

import (
	"testing"
	"time"

	"movify/pkg/queue"
)

// Several outputs of one run stand aside at once; the time counts once, from the first that stood to the first that goes.
func TestPauseCountsFromTheFirstThatStands(t *testing.T) {
	t.Parallel()
	noon := time.Unix(1_000_000, 0)
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	r := emptyShelf(t, 8).claimGap(queue.Backlog, 0, 8, noon)
	r.stand(at(10))
	r.stand(at(15))
	if r.stalled(at(1000)) {
		t.Error("a run that stands aside is called stuck")
	}
	r.resume(at(20))
	r.resume(at(21))
	if r.paused != 10*time.Second {
		t.Errorf("stood aside for %v, want 10s", r.paused)
	}
	if r.stalled(at(199)) || !r.stalled(at(201)) {
		t.Error("the three minutes do not count from when it went on")
	}
}
