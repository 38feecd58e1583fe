package migrate

import (
	"context"
	"io"
	"iter"
	"sync"

	"movify/pkg/blob"
)

// Switchable is a store that forwards to another one, which can be replaced while it is in use. It meets blob.Store.
type Switchable struct {
	mu      sync.Mutex
	current *generation
}

// generation is a store behind a Switchable, from one Replace to the next.
type generation struct {
	store    blob.Store
	writers  int // running Put and Delete calls
	replaced bool
	drained  chan struct{} // closed when it was replaced and its last writer is done
}

var _ blob.Store = (*Switchable)(nil)

// NewSwitchable forwards to a store.
func NewSwitchable(s blob.Store) *Switchable { return &Switchable{current: newGeneration(s)} }

func newGeneration(s blob.Store) *generation {
	return &generation{store: s, drained: make(chan struct{})}
}

// Replace forwards to another store. Calls that begin from now on go there; Replace returns when the last Put and Delete
// that had begun before are done, or with ctx's error when that ends first: the store is replaced in either case.
func (s *Switchable) Replace(ctx context.Context, next blob.Store) error {
	s.mu.Lock()
	before := s.current
	s.current = newGeneration(next)
	before.replaced = true
	before.closeWhenDrained()
	s.mu.Unlock()
	select {
	case <-before.drained:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// closeWhenDrained wakes Replace when no write to a replaced store is running. The caller holds Switchable.mu.
func (g *generation) closeWhenDrained() {
	if g.replaced && g.writers == 0 {
		close(g.drained)
	}
}

func (s *Switchable) store() blob.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current.store
}

// write runs do with the current store and counts it as a writer.
func (s *Switchable) write(do func(blob.Store) error) error {
	s.mu.Lock()
	g := s.current
	g.writers++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		g.writers--
		g.closeWhenDrained()
	}()
	return do(g.store)
}

// Put forwards.
func (s *Switchable) Put(ctx context.Context, key string, data []byte) error {
	return s.write(func(b blob.Store) error { return b.Put(ctx, key, data) })
}

// PutFrom forwards.
func (s *Switchable) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.write(func(b blob.Store) error { return b.PutFrom(ctx, key, src, size) })
}

// Delete forwards.
func (s *Switchable) Delete(ctx context.Context, key string) error {
	return s.write(func(b blob.Store) error { return b.Delete(ctx, key) })
}

// Open forwards.
func (s *Switchable) Open(ctx context.Context, key string) (blob.Object, error) {
	return s.store().Open(ctx, key)
}

// OpenRange forwards.
func (s *Switchable) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	return s.store().OpenRange(ctx, key, offset, length)
}

// Stat forwards.
func (s *Switchable) Stat(ctx context.Context, key string) (blob.Info, error) {
	return s.store().Stat(ctx, key)
}

// List walks the store that is current when the walk begins.
func (s *Switchable) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) { s.store().List(ctx, prefix)(yield) }
}
