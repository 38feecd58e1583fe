package natsqueue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"movify/pkg/queue"
)

var (
	errEnded   = errors.New("the lease has been ended")
	errExpired = errors.New("the lease is over")
)

// retrySlack is added to the delay of a Retry before leases are woken: the server must have the job back by then.
const retrySlack = 20 * time.Millisecond

type lease struct {
	q   *Queue
	msg jetstream.Msg
	job queue.Job

	mu    sync.Mutex
	since time.Time // of the lease's present term
	ended bool
}

func (l *lease) Job() queue.Job { return l.job }

func (l *lease) TTL() time.Duration { return l.q.ttl }

// Extend restarts the term.
func (l *lease) Extend(ctx context.Context) error {
	now := time.Now()
	return l.use(ctx, "extend", func(context.Context) error {
		if err := l.msg.InProgress(); err != nil {
			return err
		}
		l.since = now
		return nil
	})
}

// Done waits until the server has removed the job, so that one with its key is accepted as soon as Done returns.
func (l *lease) Done(ctx context.Context) error {
	return l.end(ctx, "done", l.msg.DoubleAck)
}

func (l *lease) Retry(ctx context.Context, after time.Duration) error {
	return l.end(ctx, "retry", func(context.Context) error {
		if err := l.msg.NakWithDelay(after); err != nil {
			return err
		}
		time.AfterFunc(after+retrySlack, l.q.wake)
		return nil
	})
}

// Dead stores a record first: a job that ends without one would look done.
func (l *lease) Dead(ctx context.Context, reason string) error {
	return l.end(ctx, "dead", func(ctx context.Context) error {
		if err := l.q.recordDead(ctx, l.job, reason); err != nil {
			return err
		}
		return l.msg.DoubleAck(ctx)
	})
}

// end uses the lease for the last time, unless that fails.
func (l *lease) end(ctx context.Context, how string, f func(context.Context) error) error {
	return l.use(ctx, how, func(ctx context.Context) error {
		if err := f(ctx); err != nil {
			return err
		}
		l.ended = true
		return nil
	})
}

// use runs f under mu and only before the lease expires. The server would take an answer of an expired lease for one of
// the worker that has the job now.
func (l *lease) use(ctx context.Context, how string, f func(context.Context) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := ctx.Err()
	switch {
	case err != nil:
	case l.ended:
		err = errEnded
	case time.Since(l.since) > l.q.ttl:
		err = errExpired
	default:
		err = f(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s job %q: %w", how, l.job.Key, l.q.kind(err))
	}
	return nil
}
