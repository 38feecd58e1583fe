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

// fetchWait is how long the server may take to find a job of one class. It cannot be 0: the server gives a stored
// message to its consumers a moment after it has answered the publisher, and a request that does not wait may come
// between.
const fetchWait = 20 * time.Millisecond

// Lease fetches from the classes in order and, when all are empty, waits for the notifier.
//
// It never has two fetches at the server at the same time: both could be answered, and the second job would be lost
// until its lease is over.
func (q *Queue) Lease(ctx context.Context, classes ...queue.Class) (queue.Lease, error) {
	if len(classes) == 0 {
		return nil, errors.New("lease a job: no class given")
	}
	timer := time.NewTimer(q.poll)
	defer timer.Stop()
	for {
		// Subscribe first: a job that is published during the fetches closes the channel.
		notified := q.notifier.next()
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
		case <-notified:
		case <-timer.C:
		}
	}
}

// take leases the next job of one class; nil when there is none. A job that is out of attempts is declared dead here,
// because the worker that should have done so may have crashed on it.
func (q *Queue) take(ctx context.Context, class queue.Class) (*lease, error) {
	consumer, known := q.jobs[class]
	if !known {
		return nil, fmt.Errorf("unknown class %q", class)
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// Before the request, so that the lease ends here no later than at the server.
		since := time.Now()
		batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(fetchWait))
		if err != nil {
			return nil, err
		}
		var m jetstream.Msg
		select {
		case m = <-batch.Messages():
		case <-q.closed:
			return nil, queue.ErrClosed // the closed connection answers only after its own timeout
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

// wake notifies the waiting leases of every process. The message may be lost: Lease polls as well.
func (q *Queue) wake() {
	if err := q.conn.Publish(wakeSubject, nil); err != nil {
		q.log.Debug("wake the workers", "error", err)
	}
}

// notifier wakes all waiting goroutines at once. The zero value is ready.
type notifier struct {
	mu sync.Mutex
	c  chan struct{}
}

// next gives a channel that is closed at the next notify.
func (n *notifier) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.c == nil {
		n.c = make(chan struct{})
	}
	return n.c
}

func (n *notifier) notify() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.c != nil {
		close(n.c)
		n.c = nil
	}
}
