// Package storage moves all finished blobs from one backend to another while they are being served, and collects
// garbage. Both are stored Tasks, so that a request outlives the process that received it and the next process
// continues an interrupted task. The package knows neither SQL nor a storage engine; pkg/blob/migrate makes two
// backends look like one during a move.
//
// Invariants: one task at a time; a blob is deleted from a backend only after the other backend was seen to have it;
// the recorded Layout is never ahead of the blobs; blobs younger than Options.MinAge and blobs in use are never
// garbage.
package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// Backend names a kind of store that finished blobs can be kept in.
type Backend string

// The backends.
const (
	Disk Backend = "disk"
	S3   Backend = "s3"
)

// Layout says which backend holds the finished blobs.
type Layout struct {
	Backend Backend
	// Target is the backend that a move copies to and that all new blobs are written to; empty without a move.
	Target Backend
	// Rollback says that the move was cancelled: blobs that exist only in Target are copied back to Backend, and new
	// blobs are written to Backend again.
	Rollback bool
	// Retired is the former backend while it still holds blobs that are to be removed; else empty. It is not read, but
	// deletes are carried out there too: a deleted blob must not return with the next move.
	Retired Backend
}

// Copier is the two backends of a move as one store.
type Copier interface {
	// Copy copies one blob to the backend that is written to, compares the copy by hash and returns its size in bytes.
	// A key that the source does not have gives blob.ErrNotFound. It may be repeated.
	Copy(ctx context.Context, key string) (int64, error)
	// Verified tells that all keys up to this one, in key order, have been copied and compared.
	Verified(key string)
}

// Backends opens backends and decides which of them the product reads and writes.
type Backends interface {
	// Uncached returns the store of a backend without the read cache, or a fault that says which setting is missing.
	Uncached(ctx context.Context, b Backend) (blob.Store, error)
	// Switch makes all reads and writes follow p. It returns when the last write to the previous layout has ended, or
	// with ctx's error when that ends first. The Copier is nil when p has no Target.
	Switch(ctx context.Context, p Layout) (Copier, error)
}

// Options configure a Service. Store and Backends are required; Stage and References for collecting garbage.
type Options struct {
	Store      Store
	Backends   Backends
	Stage      blob.Store
	References ReferenceSource
	// RetiredLife is how long the blobs of a retired backend are kept: the longest life of a link that was handed out
	// to them.
	RetiredLife time.Duration
	// MinAge is the age below which a blob is never garbage; 0 = a day.
	MinAge time.Duration
	// Poll is the interval at which stored requests are read; 0 = 2 s.
	Poll time.Duration
	// Backoff is the pause after a first failure; it doubles up to 64 times that. 0 = 1 s.
	Backoff time.Duration
	// Changed is called after every change of a task; nil = no call.
	Changed func()
	Logger  *slog.Logger
	Now     func() time.Time
}

// Service runs the tasks. It starts nothing before Run or RunPending.
type Service struct{ o Options }

// New makes a Service.
func New(o Options) *Service {
	o.MinAge = cmp.Or(o.MinAge, 24*time.Hour)
	o.Poll = cmp.Or(o.Poll, 2*time.Second)
	o.Backoff = cmp.Or(o.Backoff, time.Second)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Changed == nil {
		o.Changed = func() {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o}
}

// Run executes requested tasks until ctx ends. An interrupted task is continued by the next Run, in this process or
// another.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.o.Poll)
	defer tick.Stop()
	for {
		if err := s.RunPending(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.Error("run the storage task", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// RunPending executes the requested task, if there is one, and returns when it has ended; the Task holds the result.
// The returned error is one of the Store, or ctx's.
func (s *Service) RunPending(ctx context.Context) error {
	t, err := s.o.Store.Last(ctx)
	if errors.Is(err, ErrNoTask) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.State.Ended() {
		return nil
	}
	r := &runner{Service: s, task: t, saved: s.o.Now()}
	switch t.Kind {
	case Move:
		return r.runCancellable(ctx, r.move)
	case Collect:
		return r.runCancellable(ctx, r.collect)
	}
	return r.end(ctx, Failed, fmt.Sprintf("This version cannot do %q.", t.Kind), nil)
}

// runner executes one task.
type runner struct {
	*Service
	task       Task
	saved      time.Time // when progress was last saved
	savedBytes int64     // DoneBytes at that time
	failures   int       // consecutive failed attempts
}

// errCancelled is the cause of a step's context when the task was asked to end.
var errCancelled = errors.New("the task is to end")

// runCancellable runs do with a context that also ends, with errCancelled as its cause, when a cancel request is
// stored.
func (r *runner) runCancellable(ctx context.Context, do func(context.Context) error) error {
	for {
		task, known := r.task.ID, r.task.CancelRequests
		step, stop := context.WithCancelCause(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.pollCancel(step, task, known, stop)
		}()
		err := do(step)
		cause := context.Cause(step)
		stop(nil)
		<-done
		if !errors.Is(cause, errCancelled) || ctx.Err() != nil || err == nil {
			return err
		}
		if ended, err := r.handleCancel(ctx); ended || err != nil {
			return err
		}
	}
}

// pollCancel reads the stored cancel requests until step ends.
func (r *runner) pollCancel(step context.Context, task id.Task, known int, stop context.CancelCauseFunc) {
	tick := time.NewTicker(r.o.Poll)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-step.Done():
			return
		}
		// The step meets the same error of the Store and reports it.
		if n, err := r.o.Store.CancelRequests(step, task); err == nil && n > known {
			stop(errCancelled)
		}
	}
}

// retry repeats a step until it succeeds or ctx ends, with growing pauses; meanwhile the task shows the last failure. A
// backend that is away comes back, and waiting loses nothing.
func (r *runner) retry(ctx context.Context, step func(context.Context) error) error {
	for {
		err := step(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if r.task.Error != message(err) {
			r.o.Logger.Warn("storage task waits", "task", r.task.ID, "kind", r.task.Kind, "error", err)
		}
		r.task.Error = message(err)
		if err := r.saveProgress(ctx); err != nil {
			return err
		}
		pause := r.o.Backoff << min(r.failures, 6)
		r.failures++
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// message is the text of an error for the admin page.
func message(err error) string {
	if f := fault.Of(err); f.Kind != fault.Internal {
		return f.Message
	}
	return err.Error()
}

// countBlob counts one more blob, and saves the task at most twice a second.
func (r *runner) countBlob(ctx context.Context, size int64) error {
	r.task.Done++
	r.task.DoneBytes += size
	r.task.Error, r.failures = "", 0
	if r.o.Now().Sub(r.saved) < 500*time.Millisecond {
		return nil
	}
	return r.saveProgress(ctx)
}

// saveProgress stores the counters of the task and its speed.
func (r *runner) saveProgress(ctx context.Context) error {
	now := r.o.Now()
	if took := now.Sub(r.saved).Seconds(); took > 0 {
		r.task.Speed = int64(float64(max(0, r.task.DoneBytes-r.savedBytes)) / took)
	}
	r.saved, r.savedBytes = now, r.task.DoneBytes
	return r.save(ctx, r.task, nil)
}

// save stores a task, and a layout with it, and calls Options.Changed.
func (r *runner) save(ctx context.Context, t Task, p *Layout) error {
	if err := r.o.Store.Save(ctx, t, p); err != nil {
		return err
	}
	r.o.Changed()
	return nil
}

// end closes the task and stores the layout that holds from then on, unless p is nil.
func (r *runner) end(ctx context.Context, s State, text string, p *Layout) error {
	r.task.State, r.task.Error, r.task.Finished, r.task.Speed = s, text, r.o.Now(), 0
	r.o.Logger.Info("storage task ended", "task", r.task.ID, "kind", r.task.Kind, "state", s, "done", r.task.Done,
		"message", text)
	return r.save(context.WithoutCancel(ctx), r.task, p)
}
