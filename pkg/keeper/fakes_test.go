package keeper_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"movify/pkg/blob"
	"movify/pkg/blob/twin"
	"movify/pkg/id"
	"movify/pkg/keeper"
	"movify/pkg/store/storetest"
)

// records is a keeper.Store in memory.
type records struct {
	mu    sync.Mutex
	place keeper.Place
	tasks []keeper.Task
}

func newRecords() *records { return &records{place: keeper.Place{Home: keeper.Disk}} }

func TestRecords(t *testing.T) {
	t.Parallel()
	storetest.Storage(t, func(*testing.T) keeper.Store { return newRecords() })
}

func (r *records) Place(context.Context) (keeper.Place, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.place, nil
}

func (r *records) Add(_ context.Context, t keeper.Task) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.tasks); n > 0 && r.tasks[n-1].Finished.IsZero() {
		return keeper.ErrBusy
	}
	r.tasks = append(r.tasks, t)
	return nil
}

func (r *records) Last(context.Context) (keeper.Task, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.tasks) == 0 {
		return keeper.Task{}, keeper.ErrNoTask
	}
	return r.tasks[len(r.tasks)-1], nil
}

func (r *records) Save(_ context.Context, t keeper.Task, p *keeper.Place) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.tasks {
		if r.tasks[i].ID == t.ID {
			t.Cancels, t.Garbage = r.tasks[i].Cancels, slices.Clone(t.Garbage)
			r.tasks[i] = t
		}
	}
	if p != nil {
		r.place = *p
	}
	return nil
}

func (r *records) Cancel(_ context.Context, x id.Task) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.tasks {
		if r.tasks[i].ID == x && r.tasks[i].Finished.IsZero() {
			r.tasks[i].Cancels++
		}
	}
	return nil
}

func (r *records) Cancels(_ context.Context, x id.Task) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.tasks {
		if t.ID == x {
			return t.Cancels, nil
		}
	}
	return 0, keeper.ErrNoTask
}

// house arranges two stores as pkg/app does. bare stands before what the keeper touches.
type house struct {
	stores map[keeper.Home]blob.Store
	front  *twin.Front
	bare   func(blob.Store) blob.Store
}

func (h *house) Bare(_ context.Context, x keeper.Home) (blob.Store, error) {
	return h.bare(h.stores[x]), nil
}

func (h *house) Arrange(ctx context.Context, p keeper.Place) (keeper.Pair, error) {
	if p.Left != "" {
		return nil, h.front.Set(ctx, twin.Leaving(h.stores[p.Home], h.stores[p.Left]))
	}
	if p.Target == "" {
		return nil, h.front.Set(ctx, h.stores[p.Home])
	}
	n, o, prefer := p.Target, p.Home, twin.PreferOld
	if p.Back {
		n, o, prefer = o, n, twin.PreferNew
	}
	pair := twin.New(twin.Options{
		New: h.stores[n], Old: h.stores[o], NewBare: h.bare(h.stores[n]), OldBare: h.bare(h.stores[o]), Prefer: prefer,
	})
	return pair, h.front.Set(ctx, pair)
}
