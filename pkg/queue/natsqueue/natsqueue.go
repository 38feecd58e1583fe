// Package natsqueue is the work queue on NATS JetStream: a server inside the process by default, an outside one by URL.
// It owns the stream of jobs, its consumers and the list of dead jobs. It never knows what a job does and is never the
// truth: a job that it loses is published again by its publisher.
//
// One stream with work-queue retention holds every job under "jobs.<class>.<key>", at most one message for each
// subject, new ones discarded: a job is refused while its like is waiting or leased. One pull consumer for each class
// is read in the order of urgency; a core NATS subject wakes waiting leases, and a slow poll finds the jobs whose
// wake-up was lost.
package natsqueue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"movify/pkg/id"
	"movify/pkg/queue"
)

const (
	jobStream   = "MOVIFY_JOBS"
	jobPrefix   = "jobs."
	wakeSubject = "movify.jobs.wake"
	idHeader    = "Movify-Job"

	maxPayload = 64 << 10 // bytes
	maxKey     = 200      // bytes

	// callTimeout bounds one exchange with the server when the caller's context does not.
	callTimeout = 10 * time.Second
	// maxPoll is the longest time between two fetches of a waiting Lease. It bounds how late a job comes back whose
	// worker vanished; every other job wakes the lease.
	maxPoll = 2 * time.Second
)

// Options configure the server, the leases and the attempts.
type Options struct {
	// Dir keeps the jobs of the embedded server over a restart. Empty keeps them in memory.
	Dir string
	// URL names an outside server ("nats://host:4222") instead of the embedded one; Dir is then unused.
	URL string
	// LeaseTTL is how long a lease lives without Extend; 30 s when zero.
	LeaseTTL time.Duration
	// MaxAttempts is how often a job is handed out before the queue itself declares it dead; 5 when zero. Retry counts.
	MaxAttempts int
	// Logger gets the server's warnings and the jobs given up; silent when nil.
	Logger *slog.Logger
}

// Queue is the engine. It meets queue.Queue.
type Queue struct {
	conn     *nats.Conn
	js       jetstream.JetStream
	stream   jetstream.Stream
	jobs     map[queue.Class]jetstream.Consumer
	dead     jetstream.Stream
	notifier notifier
	closed   chan struct{}
	shutdown func() error

	ttl         time.Duration
	poll        time.Duration
	maxAttempts int
	log         *slog.Logger
}

var _ queue.Queue = (*Queue)(nil)

// Start starts the embedded server, or connects to the outside one, and prepares stream and consumers. ctx bounds only
// the start. Close stops everything.
func Start(ctx context.Context, o Options) (*Queue, error) {
	q := &Queue{
		jobs:        make(map[queue.Class]jetstream.Consumer, len(queue.Classes)),
		closed:      make(chan struct{}),
		ttl:         o.LeaseTTL,
		maxAttempts: o.MaxAttempts,
		log:         o.Logger,
	}
	if q.ttl == 0 {
		q.ttl = 30 * time.Second
	}
	if q.maxAttempts == 0 {
		q.maxAttempts = 5
	}
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	q.poll = min(q.ttl/4, maxPoll)

	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	stop, err := q.connect(o)
	if err != nil {
		return nil, fmt.Errorf("start queue: %w", err)
	}
	q.shutdown = sync.OnceValue(func() error {
		close(q.closed)
		q.conn.Close()
		return stop()
	})
	storage := jetstream.FileStorage
	if o.URL == "" && o.Dir == "" {
		storage = jetstream.MemoryStorage
	}
	if err := q.prepare(ctx, storage); err != nil {
		return nil, errors.Join(fmt.Errorf("start queue: %w", err), q.Close())
	}
	return q, nil
}

// connect dials the outside server, or starts one inside the process; stop ends what it started.
func (q *Queue) connect(o Options) (stop func() error, err error) {
	url, options := o.URL, []nats.Option{nats.Name("movify"), nats.MaxReconnects(-1)}
	stop = func() error { return nil }
	if url == "" {
		var embedded *server.Server
		if embedded, stop, err = startServer(o.Dir, q.log); err != nil {
			return nil, err
		}
		options = append(options, nats.InProcessServer(embedded))
	}
	if q.conn, err = nats.Connect(url, options...); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", err), stop())
	}
	return stop, nil
}

// prepare creates or updates the streams, the consumers and the subscription.
func (q *Queue) prepare(ctx context.Context, storage jetstream.StorageType) (err error) {
	if q.js, err = jetstream.New(q.conn); err != nil {
		return fmt.Errorf("use jetstream: %w", err)
	}
	q.stream, err = q.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:                 jobStream,
		Subjects:             []string{jobPrefix + "*.*"},
		Retention:            jetstream.WorkQueuePolicy,
		Discard:              jetstream.DiscardNew,
		DiscardNewPerSubject: true,
		MaxMsgsPerSubject:    1,
		Storage:              storage,
	})
	if err != nil {
		return fmt.Errorf("prepare stream of jobs: %w", err)
	}
	for _, class := range queue.Classes {
		q.jobs[class], err = q.stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			Durable:       string(class),
			FilterSubject: jobPrefix + string(class) + ".*",
			AckPolicy:     jetstream.AckExplicitPolicy,
			AckWait:       q.ttl,
			MaxAckPending: -1,
		})
		if err != nil {
			return fmt.Errorf("prepare consumer of %s: %w", class, err)
		}
	}
	if q.dead, err = prepareDead(ctx, q.js, storage); err != nil {
		return err
	}
	if _, err := q.conn.Subscribe(wakeSubject, func(*nats.Msg) { q.notifier.notify() }); err != nil {
		return fmt.Errorf("subscribe to wake-ups: %w", err)
	}
	return nil
}

// Close ends every waiting Lease with ErrClosed and stops what Start started. Leases that are out go back to the queue
// when they expire. It may be called more than once.
func (q *Queue) Close() error {
	if err := q.shutdown(); err != nil {
		return fmt.Errorf("close queue: %w", err)
	}
	return nil
}

// Publish stores the job, or reports that a job of its class and key is there.
func (q *Queue) Publish(ctx context.Context, j queue.Job) (accepted bool, err error) {
	if err := q.check(j); err != nil {
		return false, fmt.Errorf("publish job %q: %w", j.Key, err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	m := nats.NewMsg(jobPrefix + string(j.Class) + "." + j.Key)
	m.Header.Set(idHeader, string(j.ID))
	m.Data = j.Payload
	_, err = q.js.PublishMsg(ctx, m, jetstream.WithExpectStream(jobStream))
	var refused *jetstream.APIError
	if errors.As(err, &refused) && refused.Description == server.ErrMaxMsgsPerSubject.Error() {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("publish job %q: %w", j.Key, q.kind(err))
	}
	q.wake()
	return true, nil
}

// Waiting counts the subjects of the class in the stream: the consumers' own counts lag behind. The server's response
// lists every job, so it is meant for a page, not for a loop.
func (q *Queue) Waiting(ctx context.Context, c queue.Class) (int, error) {
	if _, known := q.jobs[c]; !known {
		return 0, fmt.Errorf("count jobs: unknown class %q", c)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	state, err := q.stream.Info(ctx, jetstream.WithSubjectFilter(jobPrefix+string(c)+".*"))
	if err != nil {
		return 0, fmt.Errorf("count jobs of %s: %w", c, q.kind(err))
	}
	return len(state.State.Subjects), nil
}

// check refuses a job that cannot become a subject or is too large.
func (q *Queue) check(j queue.Job) error {
	if _, known := q.jobs[j.Class]; !known {
		return fmt.Errorf("unknown class %q", j.Class)
	}
	if !validKey(j.Key) {
		return fmt.Errorf("a key is 1 to %d letters, digits, '-' and '_'", maxKey)
	}
	if len(j.Payload) > maxPayload {
		return fmt.Errorf("payload of %d bytes, at most %d fit", len(j.Payload), maxPayload)
	}
	return nil
}

func validKey(key string) bool {
	for _, r := range []byte(key) {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return false
		}
	}
	return key != "" && len(key) <= maxKey
}

// kind wraps an error of a closed connection in queue.ErrClosed.
func (q *Queue) kind(err error) error {
	select {
	case <-q.closed:
		return fmt.Errorf("%w: %w", queue.ErrClosed, err)
	default:
		return err
	}
}

// job reads a message back.
func job(m jetstream.Msg, class queue.Class, attempt int) queue.Job {
	return queue.Job{
		ID:      id.Job(m.Headers().Get(idHeader)),
		Class:   class,
		Key:     m.Subject()[len(jobPrefix)+len(class)+1:],
		Payload: m.Data(),
		Attempt: attempt,
	}
}
