package transcoder

import (
	"sync"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder/index"
)

// run is one execution of an encoder for a claim.
type run struct {
	id         id.Run
	class      queue.Class
	claim      *index.Claim
	started    time.Time
	ended      chan struct{} // closed when its encoder has ended and all that it made is stored
	hardware   bool          // set before it is executed: the hardware encoder makes pictures of it
	firstFrame func()        // set by execute for a picture that a viewer waits for: its first segment is stored

	mu       sync.Mutex
	advanced time.Time     // last commit
	paused   time.Duration // all pauses that have ended
	pausedAt time.Time     // zero while the run works
}

func newRun(c *index.Claim, class queue.Class, now time.Time) *run {
	return &run{id: id.New[id.Run](), class: class, claim: c, started: now, ended: make(chan struct{}), advanced: now}
}

func (r *run) asset() media.Asset { return r.claim.Index().Asset() }

// jitVideo reports whether the run makes pictures that a viewer waits for. Just-in-time runs have one rendition.
func (r *run) jitVideo() bool {
	return r.class == queue.JIT && r.claim.Renditions()[0].Kind == media.Video
}

// committed counts the segments of the run's first rendition that are stored.
func (r *run) committed() int {
	first, _, _ := r.claim.Progress()
	return first - r.claim.From()
}

// advance notes that the run has stored a segment.
func (r *run) advance(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.advanced = now
}

// pause notes that the encoder's pipe is not read. Several outputs of a run may pause at once; the time counts once.
func (r *run) pause(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pausedAt.IsZero() {
		r.pausedAt = now
	}
}

// resume notes that the encoder's pipe is read again.
func (r *run) resume(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.pausedAt.IsZero() {
		r.paused += now.Sub(r.pausedAt)
		r.pausedAt, r.advanced = time.Time{}, now
	}
}

// pauses gives how long the pauses that have ended took together, and whether the run is paused now.
func (r *run) pauses() (sum time.Duration, paused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.paused, !r.pausedAt.IsZero()
}

// stallAfter is generous: a small NAS needs about 15 s for the slowest full segment of a whole ladder.
const stallAfter = 3 * time.Minute

// stalled reports whether the run has stored nothing for too long although it was not paused.
func (r *run) stalled(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	longest := stallAfter
	if r.hardware {
		longest = hardwareStall
	}
	return r.pausedAt.IsZero() && now.Sub(r.advanced) > longest
}
