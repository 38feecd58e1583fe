package transcoder

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"movify/pkg/id"
	"movify/pkg/queue"
)

const (
	urgentRuns  = 8 // just-in-time runs at once; more viewers wait their turn
	maxAttempts = 3
)

// urgentLane leases just-in-time jobs and does them side by side.
func (s *Service) urgentLane(ctx context.Context) error {
	slots := make(chan struct{}, urgentRuns)
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		lease, err := s.opts.Queue.Lease(ctx, queue.JIT)
		if err != nil {
			return leaseError(ctx, err)
		}
		wg.Go(func() {
			defer func() { <-slots }()
			s.hold(ctx, lease, s.urgent)
		})
	}
}

// backgroundLane leases pre-warm jobs, then ladders, one at a time.
func (s *Service) backgroundLane(ctx context.Context) error {
	for {
		lease, err := s.opts.Queue.Lease(ctx, queue.New, queue.Backlog)
		if err != nil {
			return leaseError(ctx, err)
		}
		s.hold(ctx, lease, s.background)
		// Once it is out of the queue and not before: what it left, for whatever reason, may be asked for again.
		s.reviewAgain(fingerprintOf(id.Asset(lease.Job().Key)))
	}
}

func leaseError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("lease a job: %w", err)
}

// hold does a leased job, extends the lease meanwhile and ends it by what came of it.
func (s *Service) hold(ctx context.Context, lease queue.Lease, do func(context.Context, queue.Job) error) {
	beat := time.NewTicker(lease.TTL() / 3)
	defer beat.Stop()
	done := make(chan error, 1)
	go func() { done <- do(ctx, lease.Job()) }()
	for {
		select {
		case <-beat.C:
			if err := lease.Extend(ctx); err != nil && ctx.Err() == nil {
				s.opts.Logger.Warn("extend lease", "job", lease.Job().Key, "error", err)
			}
		case err := <-done:
			s.settle(ctx, lease, err)
			return
		}
	}
}

// settle ends a lease.
func (s *Service) settle(ctx context.Context, lease queue.Lease, err error) {
	job := lease.Job()
	var end error
	switch {
	case ctx.Err() != nil:
		return // shutting down: the lease runs out, and what is missing is asked for again
	case err == nil || errors.Is(err, errUnwanted) || errors.Is(err, errStoodTooLong):
		end = lease.Done(ctx) // what is still missing the reconciler asks for again; no attempt is used up
	case job.Attempt < maxAttempts && job.Class != queue.JIT:
		s.opts.Logger.Warn("job failed, will be tried again", "class", job.Class, "job", job.Key, "attempt", job.Attempt, "error", err)
		end = lease.Retry(ctx, time.Duration(job.Attempt)*10*time.Second)
	default:
		s.opts.Logger.Error("job failed", "class", job.Class, "job", job.Key, "attempt", job.Attempt, "error", err)
		end = lease.Dead(ctx, err.Error())
	}
	if end != nil && ctx.Err() == nil {
		s.opts.Logger.Warn("end lease", "job", job.Key, "error", end)
	}
}
