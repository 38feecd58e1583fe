package keeper

import (
	"context"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of tasks.
var (
	ErrNoTask = fault.New(fault.NotFound, "no_storage_task", "Nothing is being done with the storage.")
	ErrBusy   = fault.New(fault.Conflict, "storage_busy", "Another task is at work on the storage. Wait for it or cancel it.")
	ErrAtHome = fault.New(fault.Conflict, "storage_at_home", "Everything lives there already.")
)

// Kind says what a task is.
type Kind string

// The kinds of task.
const (
	Move    Kind = "move" // bring everything to another home
	Collect Kind = "gc"   // find, or remove, what nobody needs
)

// State is how far a task is.
type State string

// The states of a task.
const (
	Waiting   State = "waiting" // nobody has begun it
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Ended reports whether nothing will happen to the task any more.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Phase is the part of a move that is under way.
type Phase string

// The phases of a move, in order; a move that is cancelled goes through Returning instead.
const (
	Beginning Phase = ""
	Copying   Phase = "copy"  // from the old home to the new one
	Returning Phase = "back"  // what is only in the new home to the old one
	Tidying   Phase = "tidy"  // the blobs of the old home, which nobody reads any more, are removed
	Clearing  Phase = "clear" // after Returning: those of the new home are
)

// Task is one piece of work and how far it is. Times that have not come are zero.
type Task struct {
	ID   id.Task
	Kind Kind
	// From and To are the homes of a move.
	From, To Home
	State    State
	Phase    Phase
	// Cursor is the last key, in key order, that the phase is done with.
	Cursor string
	// Done and Total count blobs, the others their bytes.
	Done, Total           int
	DoneBytes, TotalBytes int64
	Speed                 int64 // bytes/s lately
	Created, Started      time.Time
	// Left is when the home that blobs are removed from was read last.
	Left     time.Time
	Finished time.Time
	// Error says why it waits or how it failed.
	Error string
	// DryRun says that garbage is only found.
	DryRun bool
	// Garbage is the first of what was found.
	Garbage []Garbage
	// Cancels counts the wishes to end it.
	Cancels int
}

// Garbage is a blob that nobody needs.
type Garbage struct {
	Key  string `json:"key"`
	Size int64  `json:"size"` // bytes
	Why  string `json:"why"`
}

// Store keeps tasks and the Place. Reads see the last write that returned.
type Store interface {
	// Place gives where things are; nothing was ever recorded: on Disk.
	Place(ctx context.Context) (Place, error)
	// Add keeps a new task, or gives ErrBusy while another has not ended.
	Add(ctx context.Context, t Task) error
	// Last gives the task that was added last, or ErrNoTask.
	Last(ctx context.Context) (Task, error)
	// Save keeps how far a task is and, when p is not nil, the Place: both or neither. Cancels stays as it is stored.
	Save(ctx context.Context, t Task, p *Place) error
	// Cancel counts one more wish to end a task; one that has ended is left alone.
	Cancel(ctx context.Context, t id.Task) error
	// Cancels gives the count.
	Cancels(ctx context.Context, t id.Task) (int, error)
}

// Wish asks for a move. It gives ErrAtHome when there is nothing to do, and ErrBusy.
func (s *Service) Wish(ctx context.Context, to Home) (Task, error) {
	p, err := s.o.Store.Place(ctx)
	if err != nil {
		return Task{}, err
	}
	if p.Home == to && p.Target == "" {
		return Task{}, ErrAtHome
	}
	if _, err := s.o.Homes.Bare(ctx, to); err != nil {
		return Task{}, err
	}
	return s.add(ctx, Task{Kind: Move, From: p.Home, To: to})
}

// WishClean asks for what nobody needs to be removed, or with dry only to be named.
func (s *Service) WishClean(ctx context.Context, dry bool) (Task, error) {
	return s.add(ctx, Task{Kind: Collect, DryRun: dry})
}

func (s *Service) add(ctx context.Context, t Task) (Task, error) {
	t.ID, t.State, t.Created = id.New[id.Task](), Waiting, s.o.Now()
	return t, s.o.Store.Add(ctx, t)
}

// Cancel asks the task that is under way to end. A move that has begun brings back what is only in the new home; asking
// once more gives that up. A move that is over but for the removing of old copies leaves them where they are. It gives
// ErrNoTask when there is nothing to end.
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
