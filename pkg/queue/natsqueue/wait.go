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

const (
	// fetchWait is how long the server may take to find a job of one class. It cannot be 0: the server gives a stored
	// message to its consumers a moment after it has answered the publisher, and a request that does not wait may come
	// between.
	fetchWait = 20 * time.Millisecond
	// maxFetchWait bounds the wait of a request that is made again because the answer to the last one came late.
	maxFetchWait = 8 * fetchWait
)

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
			l, err := q.take(ctx, class, notified)
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
// because the worker that should have done so may have crashed on it. notified is closed when another job is published.
func (q *Queue) take(ctx context.Context, class queue.Class, notified <-chan struct{}) (*lease, error) {
	consumer, known := q.jobs[class]
	if !known {
		return nil, fmt.Errorf("unknown class %q", class)
	}
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var since time.Time // before the request, so that the lease ends here no later than at the server
		m, err := untilInTime(notified, func(wait time.Duration) (jetstream.Msg, error) {
			since = time.Now()
			return q.fetch(consumer, wait)
		})
		if m == nil || err != nil {
			return nil, err
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

// untilInTime calls fetch again, with a longer wait, while it finds nothing and its answer comes late. A busy server
// lets a request expire before it has looked for a message, so a late answer does not mean that there is none, and
// taking it for one hands out a job of a less urgent class. It stops when notified is closed: the job just published may
// be of the most urgent class, which a viewer waits for.
func untilInTime(
	notified <-chan struct{}, fetch func(wait time.Duration) (jetstream.Msg, error),
) (jetstream.Msg, error) {
	for wait := fetchWait; ; wait *= 2 {
		asked := time.Now()
		m, err := fetch(wait)
		late := time.Since(asked) > wait+wait/4
		if m != nil || err != nil || !late || wait == maxFetchWait {
			return m, err
		}
		select {
		case <-notified:
			return nil, nil
		default:
		}
	}
}

// fetch asks the server once for the next message; nil when it found none within wait.
func (q *Queue) fetch(consumer jetstream.Consumer, wait time.Duration) (jetstream.Msg, error) {
	batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(wait))
	if err != nil {
		return nil, err
	}
	select {
	case m := <-batch.Messages():
		if m == nil {
			return nil, batch.Error()
		}
		return m, nil
	case <-q.closed:
		return nil, queue.ErrClosed // the closed connection answers only after its own timeout
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
