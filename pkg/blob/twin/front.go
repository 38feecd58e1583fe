package twin

import (
	"context"
	"io"
	"iter"
	"sync"

	"movify/pkg/blob"
)

// Front is a store behind which another can be put while it is in use. It meets blob.Store.
type Front struct {
	mu sync.Mutex
	at *era
}

// era is the time between two changes.
type era struct {
	store   blob.Store
	writers int
	over    bool
	quiet   chan struct{} // closed when the era is over and its last writer is done
}

var _ blob.Store = (*Front)(nil)

// NewFront stands in front of a store.
func NewFront(s blob.Store) *Front { return &Front{at: newEra(s)} }

func newEra(s blob.Store) *era { return &era{store: s, quiet: make(chan struct{})} }

// Set puts another store behind the front. What begins from now on goes there; Set returns when the last Put and Delete
// that had begun before are done, or with ctx's error when that ends first: the change stands in either case.
func (f *Front) Set(ctx context.Context, s blob.Store) error {
	f.mu.Lock()
	before := f.at
	f.at = newEra(s)
	before.over = true
	before.settle()
	f.mu.Unlock()
	select {
	case <-before.quiet:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settle tells who waits when nothing is written any more. The front's lock is held.
func (e *era) settle() {
	if e.over && e.writers == 0 {
		close(e.quiet)
	}
}

func (f *Front) now() blob.Store {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at.store
}

// write lets a writer at the present store.
func (f *Front) write(do func(blob.Store) error) error {
	f.mu.Lock()
	e := f.at
	e.writers++
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		e.writers--
		e.settle()
	}()
	return do(e.store)
}

// Put writes to the store behind.
func (f *Front) Put(ctx context.Context, key string, data []byte) error {
	return f.write(func(s blob.Store) error { return s.Put(ctx, key, data) })
}

// PutFrom writes to the store behind.
func (f *Front) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return f.write(func(s blob.Store) error { return s.PutFrom(ctx, key, src, size) })
}

// Delete deletes in the store behind.
func (f *Front) Delete(ctx context.Context, key string) error {
	return f.write(func(s blob.Store) error { return s.Delete(ctx, key) })
}

// Open asks the store behind.
func (f *Front) Open(ctx context.Context, key string) (blob.Object, error) {
	return f.now().Open(ctx, key)
}

// OpenRange asks the store behind.
func (f *Front) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	return f.now().OpenRange(ctx, key, offset, length)
}

// Stat asks the store behind.
func (f *Front) Stat(ctx context.Context, key string) (blob.Info, error) {
	return f.now().Stat(ctx, key)
}

// List walks the store that is behind when the walk begins.
func (f *Front) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) { f.now().List(ctx, prefix)(yield) }
}
