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
	maxJITRuns  = 8 // just-in-time runs at once; the jobs of more viewers wait in the queue
	maxAttempts = 3
)

// jitWorker leases just-in-time jobs and runs them side by side.
func (s *Service) jitWorker(ctx context.Context) error {
	slots := make(chan struct{}, maxJITRuns)
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
			s.runJob(ctx, lease, s.runJITJob)
		})
	}
}

// backgroundWorker leases pre-warm jobs, then ladders, one at a time.
func (s *Service) backgroundWorker(ctx context.Context) error {
	for {
		lease, err := s.opts.Queue.Lease(ctx, queue.New, queue.Backlog)
		if err != nil {
			return leaseError(ctx, err)
		}
		s.runJob(ctx, lease, s.runBackgroundJob)
		// Once it is out of the queue and not before: segments it did not make, for whatever reason, may be asked for
		// again.
		s.recheck(fingerprintOf(id.Asset(lease.Job().Key)))
	}
}

func leaseError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("lease a job: %w", err)
}

// runJob does a leased job, extends the lease meanwhile and ends it according to the job's error.
func (s *Service) runJob(ctx context.Context, lease queue.Lease, do func(context.Context, queue.Job) error) {
	extend := time.NewTicker(lease.TTL() / 3)
	defer extend.Stop()
	done := make(chan error, 1)
	go func() { done <- do(ctx, lease.Job()) }()
	for {
		select {
		case <-extend.C:
			if err := lease.Extend(ctx); err != nil && ctx.Err() == nil {
				s.opts.Logger.Warn("extend lease", "job", lease.Job().Key, "error", err)
			}
		case err := <-done:
			s.endLease(ctx, lease, err)
			return
		}
	}
}

// endLease ends a lease: done, to be tried again, or dead.
func (s *Service) endLease(ctx context.Context, lease queue.Lease, err error) {
	job := lease.Job()
	var end error
	switch {
	case ctx.Err() != nil:
		return // shutting down: the lease expires, and the reconciler asks again for the segments that are missing
	case err == nil || errors.Is(err, errUnwanted) || errors.Is(err, errPausedTooLong):
		end = lease.Done(
			ctx,
		) // no attempt is used up; the reconciler asks again for the segments that are still missing
	case job.Attempt < maxAttempts && job.Class != queue.JIT:
		s.opts.Logger.Warn(
			"job failed, will be tried again", "class", job.Class, "job", job.Key, "attempt", job.Attempt, "error", err,
		)
		end = lease.Retry(ctx, time.Duration(job.Attempt)*10*time.Second)
	default:
		s.opts.Logger.Error("job failed", "class", job.Class, "job", job.Key, "attempt", job.Attempt, "error", err)
		end = lease.Dead(ctx, err.Error())
	}
	if end != nil && ctx.Err() == nil {
		s.opts.Logger.Warn("end lease", "job", job.Key, "error", end)
	}
}
