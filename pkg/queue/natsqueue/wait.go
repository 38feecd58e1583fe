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

// look is how long the server may take to find a job of one class. It cannot be nothing: the server tells its consumers
// of a stored message a moment after it has told the publisher, and a request that does not wait may come between.
const look = 20 * time.Millisecond

// Lease looks through the classes in order and, when all are empty, waits for the bell.
//
// It never leaves requests standing at the server side by side: more than one could be answered, and the job that nobody
// reads would be gone until its lease is over.
func (q *Queue) Lease(ctx context.Context, classes ...queue.Class) (queue.Lease, error) {
	if len(classes) == 0 {
		return nil, errors.New("lease a job: no class given")
	}
	timer := time.NewTimer(q.poll)
	defer timer.Stop()
	for {
		// Listen first: what is published while we look rings.
		rung := q.bell.next()
		for _, class := range classes {
			l, err := q.take(ctx, class)
			if err != nil {
				return nil, fmt.Errorf("lease a job of %s: %w", class, q.kind(err))
			}
			if l != nil {
				return l, nil
			}
		}
		timer.Reset(q.poll)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-q.closed:
			return nil, queue.ErrClosed
		case <-rung:
		case <-timer.C:
		}
	}
}

// take leases the next job of one class; nil when there is none. A job that is out of attempts is declared dead on the
// way, because the worker that should have done so may have died of it.
func (q *Queue) take(ctx context.Context, class queue.Class) (*lease, error) {
	consumer, known := q.jobs[class]
	if !known {
		return nil, fmt.Errorf("unknown class %q", class)
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// Before the request, so that we take the lease for over no later than the server does.
		since := time.Now()
		batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(look))
		if err != nil {
			return nil, err
		}
		var m jetstream.Msg
		select {
		case m = <-batch.Messages():
		case <-q.closed:
			return nil, queue.ErrClosed // the closed connection answers only when its own patience is over
		}
		if m == nil {
			return nil, batch.Error()
		}
		meta, err := m.Metadata()
		if err != nil {
			return nil, err
		}
		l := &lease{q: q, msg: m, since: since, job: job(m, class, int(meta.NumDelivered))}
		if l.job.Attempt <= q.maxAttempts {
			return l, nil
		}
		reason := fmt.Sprintf("given up after %d attempts", q.maxAttempts)
		if err := l.Dead(ctx, reason); err != nil {
			return nil, err
		}
		q.log.Warn("job is dead", "class", class, "key", l.job.Key, "attempts", q.maxAttempts)
	}
}

// wake rings the bell of every process that waits. It may get lost; the poll is there for that.
func (q *Queue) wake() {
	if err := q.conn.Publish(wakeSubject, nil); err != nil {
		q.log.Debug("wake the workers", "error", err)
	}
}

// bell wakes all who wait at once. The zero value is ready.
type bell struct {
	mu sync.Mutex
	c  chan struct{}
}

// next gives a channel that is closed at the next ring.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.c == nil {
		b.c = make(chan struct{})
	}
	return b.c
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.c != nil {
		close(b.c)
		b.c = nil
	}
}
