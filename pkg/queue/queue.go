// Package queue is the port of the work queue: jobs in three classes, leased to one worker at a time. The queue is
// never the truth: publishers compute again which jobs are needed, so a lost job is published again and an engine may
// hold all jobs in memory. It does not know what a job does.
package queue

import (
	"context"
	"errors"
	"time"

	"movify/pkg/id"
)

// Class orders jobs: a worker takes JIT before New before Backlog.
type Class string

// The classes, most urgent first.
const (
	JIT     Class = "jit"     // a viewer waits
	New     Class = "new"     // pre-warm of a new file
	Backlog Class = "backlog" // the rest of the ladders
)

// Classes lists all classes, most urgent first.
var Classes = [...]Class{JIT, New, Backlog}

// ErrClosed is returned when the queue has been stopped.
var ErrClosed = errors.New("queue is closed")

// Job is work to be done. Two jobs of one class with the same Key are one job until the first has ended.
type Job struct {
	ID      id.Job
	Class   Class
	Key     string // dedupe key; letters, digits, '-', '_' only
	Payload []byte // at most 64 KiB
	Attempt int    // 1 on the first delivery; set by the queue
}

// Queue hands out jobs. All methods may be called at once from many goroutines.
type Queue interface {
	// Publish offers a job. accepted is false, without error, when a job of that class and key is waiting or leased.
	Publish(ctx context.Context, j Job) (accepted bool, err error)
	// Lease waits for a job of one of the classes, most urgent class first in the order given, and leases it. It ends
	// with ctx's error when ctx is done.
	Lease(ctx context.Context, classes ...Class) (Lease, error)
	// Waiting counts the jobs of a class that are waiting or leased.
	Waiting(ctx context.Context, c Class) (int, error)
}

// Lease is the right to do a job until it expires. Exactly one of Done, Retry or Dead ends it; a later call is an
// error. A lease that is neither extended nor ended goes back to the queue.
type Lease interface {
	Job() Job
	// Extend renews the lease while the job is worked on; call it well within TTL.
	Extend(ctx context.Context) error
	// TTL is how long the lease lives without Extend.
	TTL() time.Duration
	// Done ends the job.
	Done(ctx context.Context) error
	// Retry gives the job back, to be leased again after the delay.
	Retry(ctx context.Context, after time.Duration) error
	// Dead ends the job as out of attempts; reason is for the admin.
	Dead(ctx context.Context, reason string) error
}
