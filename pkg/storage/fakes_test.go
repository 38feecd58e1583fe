package storage_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"movify/pkg/blob"
	"movify/pkg/blob/migrate"
	"movify/pkg/id"
	"movify/pkg/storage"
	"movify/pkg/store/storetest"
)

// memoryStore is a storage.Store in memory.
type memoryStore struct {
	mu     sync.Mutex
	layout storage.Layout
	tasks  []storage.Task
}

func newMemoryStore() *memoryStore {
	return &memoryStore{layout: storage.Layout{Backend: storage.Disk}}
}

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	storetest.Storage(t, func(*testing.T) storage.Store { return newMemoryStore() })
}

func (r *memoryStore) Layout(context.Context) (storage.Layout, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.layout, nil
}

func (r *memoryStore) Add(_ context.Context, t storage.Task) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.tasks); n > 0 && r.tasks[n-1].Finished.IsZero() {
		return storage.ErrBusy
	}
	r.tasks = append(r.tasks, t)
	return nil
}

func (r *memoryStore) Last(context.Context) (storage.Task, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.tasks) == 0 {
		return storage.Task{}, storage.ErrNoTask
	}
	return r.tasks[len(r.tasks)-1], nil
}

func (r *memoryStore) Save(_ context.Context, t storage.Task, p *storage.Layout) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.tasks {
		if r.tasks[i].ID == t.ID {
			t.CancelRequests, t.Garbage = r.tasks[i].CancelRequests, slices.Clone(t.Garbage)
			r.tasks[i] = t
		}
	}
	if p != nil {
		r.layout = *p
	}
	return nil
}

func (r *memoryStore) Cancel(_ context.Context, x id.Task) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.tasks {
		if r.tasks[i].ID == x && r.tasks[i].Finished.IsZero() {
			r.tasks[i].CancelRequests++
		}
	}
	return nil
}

func (r *memoryStore) CancelRequests(_ context.Context, x id.Task) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.tasks {
		if t.ID == x {
			return t.CancelRequests, nil
		}
	}
	return 0, storage.ErrNoTask
}

// fakeBackends switches between two stores as pkg/app does. uncached wraps the stores that the service reads and
// writes.
type fakeBackends struct {
	stores     map[storage.Backend]blob.Store
	switchable *migrate.Switchable
	uncached   func(blob.Store) blob.Store
}

func (f *fakeBackends) Uncached(_ context.Context, x storage.Backend) (blob.Store, error) {
	return f.uncached(f.stores[x]), nil
}

func (f *fakeBackends) Switch(ctx context.Context, p storage.Layout) (storage.Copier, error) {
	if p.Retired != "" {
		return nil, f.switchable.Replace(ctx, migrate.DeleteFromBoth(f.stores[p.Backend], f.stores[p.Retired]))
	}
	if p.Target == "" {
		return nil, f.switchable.Replace(ctx, f.stores[p.Backend])
	}
	n, o, prefer := p.Target, p.Backend, migrate.PreferOld
	if p.Rollback {
		n, o, prefer = o, n, migrate.PreferNew
	}
	pair := migrate.New(migrate.Options{
		New: f.stores[n], Old: f.stores[o], NewUncached: f.uncached(f.stores[n]), OldUncached: f.uncached(f.stores[o]),
		Prefer: prefer,
	})
	return pair, f.switchable.Replace(ctx, pair)
}
