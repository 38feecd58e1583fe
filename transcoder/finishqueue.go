package transcoder

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
)

const (
	finishWorkers = 2 // assets that are finished at once; storage is the bound, not this machine

	// After a failure of the storage a task waits, longer each time.
	firstBackoff   = time.Second
	longestBackoff = 5 * time.Minute
	// reportAfter is the backoff at which a failure is shown: what goes away by itself in seconds is not.
	reportAfter = 15 * time.Second
)

// finishQueue holds the assets that finishAsset has something to do for. An asset that is added twice is one task.
type finishQueue struct {
	mu      sync.Mutex
	tasks   map[id.Asset]*finishTask
	changed chan struct{} // closed and replaced at every change
}

type finishTask struct {
	asset   media.Asset
	due     time.Time
	backoff time.Duration // after the last failure, 0 = none
	busy    bool
	again   bool   // added while busy
	message string // why the last try failed, for people
}

func newFinishQueue() *finishQueue {
	return &finishQueue{tasks: map[id.Asset]*finishTask{}, changed: make(chan struct{})}
}

// notify wakes the workers and the runs that wait for the quota. It runs under mu.
func (q *finishQueue) notify() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// finish adds an asset to the finish queue. It never blocks.
func (s *Service) finish(a media.Asset) {
	q := s.finishQueue
	q.mu.Lock()
	defer q.mu.Unlock()
	if t := q.tasks[a.ID]; t != nil {
		t.again = true
		return
	}
	q.tasks[a.ID] = &finishTask{asset: a, due: s.opts.Now()}
	q.notify()
}

// next takes the task that is due longest; without one it gives the time of the next, zero when there is none.
func (q *finishQueue) next(now time.Time) (t *finishTask, at time.Time, changed <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, x := range q.tasks {
		if !x.busy && (t == nil || x.due.Before(t.due)) {
			t = x
		}
	}
	if t == nil {
		return nil, time.Time{}, q.changed
	}
	if t.due.After(now) {
		return nil, t.due, q.changed
	}
	t.busy, t.again = true, false
	return t, time.Time{}, nil
}

// end removes a task, or puts it off after a failure.
func (q *finishQueue) end(t *finishTask, err error, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer q.notify()
	t.busy = false
	switch {
	case err != nil:
		t.backoff = min(max(firstBackoff, 2*t.backoff), longestBackoff)
		t.due = now.Add(t.backoff/2 + rand.N(t.backoff)) // random, so that tasks do not come back all at once
		t.message = storageMessage(err)
	case t.again:
		t.backoff, t.due, t.message = 0, now, ""
	default:
		delete(q.tasks, t.asset.ID)
	}
}

// prioritize makes the tasks of a file due before all others.
func (q *finishQueue) prioritize(fingerprint string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for a, t := range q.tasks {
		if fingerprintOf(a) == fingerprint {
			t.due, t.backoff = time.Time{}, 0
		}
	}
	q.notify()
}

// pending lists the assets in the queue.
func (q *finishQueue) pending() (assets []id.Asset, changed <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for a := range q.tasks {
		assets = append(assets, a)
	}
	return assets, q.changed
}

// finishWorker finishes assets one after another.
func (s *Service) finishWorker(ctx context.Context) error {
	for {
		t, at, changed := s.finishQueue.next(s.opts.Now())
		if t == nil {
			if err := s.waitUntil(ctx, at, changed); err != nil {
				return err
			}
			continue
		}
		err := s.finishAsset(ctx, t.asset)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			s.opts.Logger.Warn("finish an asset, will be tried again", "asset", t.asset.ID, "error", err)
		}
		s.finishQueue.end(t, err, s.opts.Now())
		s.publishProgress(t.asset.ID)
	}
}

// waitUntil waits for a change or a time; a zero time never comes.
func (s *Service) waitUntil(ctx context.Context, at time.Time, changed <-chan struct{}) error {
	var due <-chan time.Time
	if !at.IsZero() {
		timer := time.NewTimer(at.Sub(s.opts.Now()))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-changed:
	case <-due:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// storageMessage gives the message for people of a failure to store.
func storageMessage(err error) string {
	if f := fault.Of(err); f.Kind != fault.Internal {
		return f.Message
	}
	return ErrStorage.Message
}

// StorageError is why finished renditions of a file with that content are not in Blobs yet; "" without an error, or
// while it has not lasted long. They are tried again without being asked for.
func (s *Service) StorageError(fingerprint string) string {
	q := s.finishQueue
	q.mu.Lock()
	defer q.mu.Unlock()
	for a, t := range q.tasks {
		if fingerprintOf(a) == fingerprint && t.backoff >= reportAfter {
			return t.message
		}
	}
	return ""
}
