package queuetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"movify/pkg/queue"
)

// Memory is a queue.Queue for tests of its users. It passes the same suite as the engines.
type Memory struct {
	ttl    time.Duration
	closed chan struct{}
	once   sync.Once

	mu   sync.Mutex
	bell chan struct{}
	jobs []*entry // in order of publication
	dead []DeadJob
}

// entry is one job that is waiting or leased: it cannot be leased before the time free.
type entry struct {
	job  queue.Job
	free time.Time
	term int // counts leases; only the latest may end the job
}

var _ queue.Queue = (*Memory)(nil)

// NewMemory makes an empty queue whose leases expire after ttl.
func NewMemory(ttl time.Duration) *Memory {
	return &Memory{ttl: ttl, closed: make(chan struct{}), bell: make(chan struct{})}
}

// Close ends every waiting Lease.
func (m *Memory) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

// Publish adds the job unless one of its class and key is there.
func (m *Memory) Publish(ctx context.Context, j queue.Job) (accepted bool, err error) {
	if err := m.check(ctx, j); err != nil {
		return false, fmt.Errorf("publish job %q: %w", j.Key, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.jobs, func(e *entry) bool { return e.job.Class == j.Class && e.job.Key == j.Key }) {
		return false, nil
	}
	j.Payload, j.Attempt = slices.Clone(j.Payload), 0
	m.jobs = append(m.jobs, &entry{job: j})
	m.ring()
	return true, nil
}

// Lease takes the first free job of the first class that has one.
func (m *Memory) Lease(ctx context.Context, classes ...queue.Class) (queue.Lease, error) {
	if len(classes) == 0 {
		return nil, errors.New("lease a job: no class given")
	}
	for {
		if err := m.alive(ctx); err != nil {
			return nil, err
		}
		l, bell, next := m.take(classes)
		if l != nil {
			return l, nil
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-m.closed:
		case <-bell:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Waiting counts the jobs of a class.
func (m *Memory) Waiting(ctx context.Context, c queue.Class) (int, error) {
	if err := m.check(ctx, queue.Job{Class: c, Key: "any"}); err != nil {
		return 0, fmt.Errorf("count jobs of %s: %w", c, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, e := range m.jobs {
		if e.job.Class == c {
			n++
		}
	}
	return n, nil
}

// Dead lists the dead jobs, longest dead first.
func (m *Memory) Dead(context.Context) ([]DeadJob, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.dead), nil
}

// take leases a job, or gives the channel to wait for and the time until some lease expires.
func (m *Memory) take(classes []queue.Class) (*memoryLease, <-chan struct{}, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now, next := time.Now(), time.Hour
	for _, class := range classes {
		for _, e := range m.jobs {
			switch {
			case e.job.Class != class:
			case e.free.After(now):
				next = min(next, e.free.Sub(now))
			default:
				e.job.Attempt++
				e.term++
				e.free = now.Add(m.ttl)
				return &memoryLease{m: m, e: e, term: e.term, job: e.job}, nil, 0
			}
		}
	}
	return nil, m.bell, next
}

func (m *Memory) ring() {
	close(m.bell)
	m.bell = make(chan struct{})
}

func (m *Memory) alive(ctx context.Context) error {
	select {
	case <-m.closed:
		return queue.ErrClosed
	default:
		return ctx.Err()
	}
}

func (m *Memory) check(ctx context.Context, j queue.Job) error {
	if err := m.alive(ctx); err != nil {
		return err
	}
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}
	switch {
	case !slices.Contains(queue.Classes[:], j.Class):
		return fmt.Errorf("unknown class %q", j.Class)
	case j.Key == "" || len(j.Key) > 200 || slices.ContainsFunc([]rune(j.Key), odd):
		return errors.New("bad key")
	case len(j.Payload) > 64<<10:
		return errors.New("payload too large")
	}
	return nil
}

type memoryLease struct {
	m    *Memory
	e    *entry
	term int
	job  queue.Job
}

func (l *memoryLease) Job() queue.Job { return l.job }

func (l *memoryLease) TTL() time.Duration { return l.m.ttl }

func (l *memoryLease) Extend(ctx context.Context) error {
	return l.use(ctx, func() { l.e.free = time.Now().Add(l.m.ttl) })
}

func (l *memoryLease) Done(ctx context.Context) error { return l.use(ctx, l.remove) }

func (l *memoryLease) Retry(ctx context.Context, after time.Duration) error {
	return l.use(ctx, func() {
		l.e.term++
		l.e.free = time.Now().Add(after)
		l.m.ring()
	})
}

func (l *memoryLease) Dead(ctx context.Context, reason string) error {
	return l.use(ctx, func() {
		l.remove()
		l.m.dead = append(l.m.dead, DeadJob{Class: l.job.Class, Key: l.job.Key, Reason: reason})
	})
}

func (l *memoryLease) remove() {
	l.e.term++
	l.m.jobs = slices.DeleteFunc(l.m.jobs, func(e *entry) bool { return e == l.e })
}

// use runs f while the lease is alive.
func (l *memoryLease) use(ctx context.Context, f func()) error {
	if err := l.m.alive(ctx); err != nil {
		return fmt.Errorf("end job %q: %w", l.job.Key, err)
	}
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	if l.e.term != l.term || !l.e.free.After(time.Now()) {
		return fmt.Errorf("end job %q: the lease is over", l.job.Key)
	}
	f()
	return nil
}
