package storage

import (
	"context"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of tasks.
var (
	ErrNoTask = fault.New(fault.NotFound, "no_storage_task", "Nothing is being done with the storage.")
	ErrBusy   = fault.New(
		fault.Conflict, "storage_busy", "Another task is at work on the storage. Wait for it or cancel it.",
	)
	ErrAlreadyThere = fault.New(fault.Conflict, "storage_at_home", "Everything is stored there already.")
)

// Kind says what a task is.
type Kind string

// The kinds of task.
const (
	Move    Kind = "move" // copy everything to another backend
	Collect Kind = "gc"   // find, or remove, unreferenced blobs
)

// State is how far a task is.
type State string

// The states of a task.
const (
	Waiting   State = "waiting" // not started
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Ended reports whether the task will not change any more.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Phase is the part of a move that is under way.
type Phase string

// The phases of a move, in order; a cancelled move goes through RollingBack instead.
const (
	NotStarted        Phase = ""
	Copying           Phase = "copy"  // from the old backend to the new one
	RollingBack       Phase = "back"  // blobs only in the new backend, to the old one
	DeletingOriginals Phase = "tidy"  // the blobs of the old backend are removed; it is not read any more
	DeletingCopies    Phase = "clear" // after RollingBack: the blobs of the new backend are removed
)

// Task is one move or collection and its progress. Zero times have not come.
type Task struct {
	ID   id.Task
	Kind Kind
	// From and To are the backends of a move.
	From, To Backend
	State    State
	Phase    Phase
	// Cursor is the last key, in key order, that the phase has finished.
	Cursor string
	// Done and Total count blobs, the others their bytes.
	Done, Total           int
	DoneBytes, TotalBytes int64
	Speed                 int64 // bytes/s lately
	Created, Started      time.Time
	// RetiredReadAt is when the backend that blobs are removed from was last read.
	RetiredReadAt time.Time
	Finished      time.Time
	// Error says why the task waits or failed.
	Error string
	// DryRun says that garbage is only found.
	DryRun bool
	// Garbage is the beginning of the list of found garbage.
	Garbage []Garbage
	// CancelRequests counts the requests to end the task.
	CancelRequests int
}

// Garbage is an unreferenced blob.
type Garbage struct {
	Key    string `json:"key"`
	Size   int64  `json:"size"` // bytes
	Reason string `json:"why"`
}

// Store keeps tasks and the Layout. Reads see the last write that returned.
type Store interface {
	// Layout returns the recorded layout; on Disk when none was recorded.
	Layout(ctx context.Context) (Layout, error)
	// Add stores a new task, or gives ErrBusy while another has not ended.
	Add(ctx context.Context, t Task) error
	// Last returns the newest task, or ErrNoTask.
	Last(ctx context.Context) (Task, error)
	// Save stores the progress of a task and, when p is not nil, the layout: both or neither. CancelRequests stays as
	// it is stored.
	Save(ctx context.Context, t Task, p *Layout) error
	// Cancel counts one more request to end a task; one that has ended is left unchanged.
	Cancel(ctx context.Context, t id.Task) error
	// CancelRequests returns the count.
	CancelRequests(ctx context.Context, t id.Task) (int, error)
}

// RequestMove stores a request for a move. It gives ErrAlreadyThere when there is nothing to do, and ErrBusy.
func (s *Service) RequestMove(ctx context.Context, to Backend) (Task, error) {
	p, err := s.o.Store.Layout(ctx)
	if err != nil {
		return Task{}, err
	}
	if p.Backend == to && p.Target == "" {
		return Task{}, ErrAlreadyThere
	}
	if _, err := s.o.Backends.Uncached(ctx, to); err != nil {
		return Task{}, err
	}
	return s.add(ctx, Task{Kind: Move, From: p.Backend, To: to})
}

// RequestCollect stores a request to remove unreferenced blobs, or with dry only to list them.
func (s *Service) RequestCollect(ctx context.Context, dry bool) (Task, error) {
	return s.add(ctx, Task{Kind: Collect, DryRun: dry})
}

func (s *Service) add(ctx context.Context, t Task) (Task, error) {
	t.ID, t.State, t.Created = id.New[id.Task](), Waiting, s.o.Now()
	return t, s.o.Store.Add(ctx, t)
}

// Cancel asks the running task to end. A move that has begun copies blobs that exist only in the new backend back to
// the old one; a second Cancel skips that. A move that is in its deleting phase leaves the remaining old copies where
// they are. It gives ErrNoTask when no task is running.
func (s *Service) Cancel(ctx context.Context) error {
	t, err := s.o.Store.Last(ctx)
	switch {
	case err != nil:
		return err
	case t.State.Ended():
		return ErrNoTask
	}
	return s.o.Store.Cancel(ctx, t.ID)
}
