// Package keeper looks after the house that finished things live in: it moves them from one home to another while people
// watch, and clears away what nobody needs. What is wanted is a stored Task, so a wish outlives the process that heard
// it, and whoever runs next goes on where the last one stopped. It knows neither SQL nor a storage engine; how two homes
// look like one during a move is pkg/blob/twin's.
//
// Invariants: one task at a time; nothing is deleted from a home before the other one was seen to have it; what is
// recorded (Place) is never ahead of what is true; nothing younger than Options.Age and nothing in use is garbage.
package keeper

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

// Home is a place where finished things can live.
type Home string

// The homes.
const (
	Disk Home = "disk"
	S3   Home = "s3"
)

// Place says where finished things are.
type Place struct {
	Home Home
	// Target is where a move under way brings them and where everything new is written; empty without a move.
	Target Home
	// Back says that the move has turned: what is only in Target is brought back to Home, where everything new is
	// written again.
	Back bool
	// Left is the home that was left and still holds blobs to be removed; empty when there is none. Nobody reads there,
	// but what is deleted is deleted there too: it must not come back with the next move.
	Left Home
}

// Pair is the two homes of a move as one.
type Pair interface {
	// Copy brings one blob to the home that is written to, compares it by hash and gives its size in bytes. A key that
	// the other home does not have gives blob.ErrNotFound. It may be repeated.
	Copy(ctx context.Context, key string) (int64, error)
	// Verified tells that all keys up to this one, in key order, have been copied and compared.
	Verified(key string)
}

// Homes opens homes and lets people in.
type Homes interface {
	// Bare gives the store of a home past any cache, or a fault that says what is missing.
	Bare(ctx context.Context, h Home) (blob.Store, error)
	// Arrange makes everybody read and write as p says. It returns when whoever wrote elsewhere is done; with ctx's error
	// when that ends first. The Pair is nil when p has no Target.
	Arrange(ctx context.Context, p Place) (Pair, error)
}

// Options configure a Service. Store and Homes are required, Stage and Census for collecting garbage.
type Options struct {
	Store  Store
	Homes  Homes
	Stage  blob.Store
	Census Census
	// Grace is how long a home that was left keeps its blobs: the longest life of an address that was handed out.
	Grace time.Duration
	// Age is how old something must be to be garbage; 0 = a day.
	Age time.Duration
	// Poll is how often a stored wish is looked for; 0 = 2 s.
	Poll time.Duration
	// Backoff is the pause after a first failure; it doubles up to 64 times that. 0 = 1 s.
	Backoff time.Duration
	// Changed is called when a task has moved on; nil = nobody wants to know.
	Changed func()
	Logger  *slog.Logger
	Now     func() time.Time
}

// Service does the tasks. It starts nothing before Run or Finish.
type Service struct{ o Options }

// New makes a Service.
func New(o Options) *Service {
	o.Age = cmp.Or(o.Age, 24*time.Hour)
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

// Run does the task that is wanted, whenever there is one, until ctx ends. A task that is interrupted is gone on with by
// the next Run, here or elsewhere.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.o.Poll)
	defer tick.Stop()
	for {
		if err := s.Finish(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.Error("look after the storage", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Finish does the task that is wanted, if there is one, and returns when it has ended, however it did: that is in the
// Task. Its own error is one of keeping records, or ctx's.
func (s *Service) Finish(ctx context.Context) error {
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
		return r.watched(ctx, r.move)
	case Collect:
		return r.watched(ctx, r.collect)
	}
	return r.end(ctx, Failed, fmt.Sprintf("This version cannot do %q.", t.Kind), nil)
}

// runner does one task.
type runner struct {
	*Service
	task   Task
	saved  time.Time // when progress was last kept
	bytes  int64     // DoneBytes at that time
	failed int       // attempts that failed in a row
}

// errCancelled ends a step because somebody wishes the task to end.
var errCancelled = errors.New("the task is to end")

// watched runs do with a context that also ends, with errCancelled as its cause, when the wish to cancel is stored.
func (r *runner) watched(ctx context.Context, do func(context.Context) error) error {
	for {
		task, heard := r.task.ID, r.task.Cancels
		step, stop := context.WithCancelCause(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.listen(step, task, heard, stop)
		}()
		err := do(step)
		cause := context.Cause(step)
		stop(nil)
		<-done
		if !errors.Is(cause, errCancelled) || ctx.Err() != nil || err == nil {
			return err
		}
		if ended, err := r.turn(ctx); ended || err != nil {
			return err
		}
	}
}

// listen looks for the wish to cancel until step ends.
func (r *runner) listen(step context.Context, task id.Task, heard int, stop context.CancelCauseFunc) {
	tick := time.NewTicker(r.o.Poll)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-step.Done():
			return
		}
		// An error is the doer's to meet as well.
		if n, err := r.o.Store.Cancels(step, task); err == nil && n > heard {
			stop(errCancelled)
		}
	}
}

// attempt does a step again and again until it succeeds or ctx ends, with growing pauses; the words of the last failure
// stand in the task meanwhile. Homes come back, and nothing is lost by waiting.
func (r *runner) attempt(ctx context.Context, step func(context.Context) error) error {
	for {
		err := step(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if r.task.Error != words(err) {
			r.o.Logger.Warn("storage task waits", "task", r.task.ID, "kind", r.task.Kind, "error", err)
		}
		r.task.Error = words(err)
		if err := r.keep(ctx); err != nil {
			return err
		}
		pause := r.o.Backoff << min(r.failed, 6)
		r.failed++
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// words says for an admin what went wrong.
func words(err error) string {
	if f := fault.Of(err); f.Kind != fault.Internal {
		return f.Message
	}
	return err.Error()
}

// progress counts one more blob, and keeps the task twice a second.
func (r *runner) progress(ctx context.Context, size int64) error {
	r.task.Done++
	r.task.DoneBytes += size
	r.task.Error, r.failed = "", 0
	if r.o.Now().Sub(r.saved) < 500*time.Millisecond {
		return nil
	}
	return r.keep(ctx)
}

// keep stores how far the task is.
func (r *runner) keep(ctx context.Context) error {
	now := r.o.Now()
	if took := now.Sub(r.saved).Seconds(); took > 0 {
		r.task.Speed = int64(float64(max(0, r.task.DoneBytes-r.bytes)) / took)
	}
	r.saved, r.bytes = now, r.task.DoneBytes
	return r.save(ctx, r.task, nil)
}

// save stores a task, and a place with it, and tells who wants to know.
func (r *runner) save(ctx context.Context, t Task, p *Place) error {
	if err := r.o.Store.Save(ctx, t, p); err != nil {
		return err
	}
	r.o.Changed()
	return nil
}

// end closes the task, with the Place that holds from then on when it is another.
func (r *runner) end(ctx context.Context, s State, words string, p *Place) error {
	r.task.State, r.task.Error, r.task.Finished, r.task.Speed = s, words, r.o.Now(), 0
	r.o.Logger.Info("storage task ended", "task", r.task.ID, "kind", r.task.Kind, "state", s, "done", r.task.Done, "words", words)
	return r.save(context.WithoutCancel(ctx), r.task, p)
}
