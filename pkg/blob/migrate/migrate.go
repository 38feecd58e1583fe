// Package migrate makes two blob stores look like one store while the blobs of the old one are copied to the new one,
// without an error for readers and writers. Switchable is the store that the product holds on to; the store behind it
// can be replaced while it is in use. Store is the pair behind it during a move. The package does not decide when a
// blob is copied, nor when one is deleted from the old store: pkg/storage does.
//
// Invariants: a key that was written stays readable with its bytes, in whichever store it is; a key is written once
// across both; where the stores hold different bytes under one key, the old store's are right until the copy was
// compared.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"movify/pkg/blob"
)

// Options are the two stores. All but the uncached ones are required.
type Options struct {
	// New is the store that blobs are copied to and that all new blobs are written to. Old is the store they are copied
	// from.
	New, Old blob.Store
	// NewUncached and OldUncached are the same stores without a read cache: Copy reads and writes these, so that it
	// compares the stored bytes. nil means New and Old.
	NewUncached, OldUncached blob.Store
	// Prefer says which of two different blobs under one key is right.
	Prefer Preference
}

// Preference says which bytes are right when both stores hold a key.
type Preference int

const (
	// PreferOld is for a move: a blob that the new store holds under a key of the old one is left over from an earlier
	// move.
	PreferOld Preference = iota
	// PreferNew is for a rollback: the new store is the one that was in use before the move.
	PreferNew
)

// Store is the pair. It meets blob.Store.
type Store struct {
	o Options

	mu         sync.Mutex
	verified   string                   // keys up to and including this one are the same in both stores
	lockedKeys map[string]chan struct{} // keys being copied or deleted; closed at the end of that
}

var _ blob.Store = (*Store)(nil)

// New joins two stores. It opens, starts and closes nothing.
func New(o Options) *Store {
	if o.NewUncached == nil {
		o.NewUncached = o.New
	}
	if o.OldUncached == nil {
		o.OldUncached = o.Old
	}
	return &Store{o: o, lockedKeys: make(map[string]chan struct{})}
}

// Verified tells that all keys of the old store up to and including key have been copied and compared, in key order.
// From then on they are read from the new store.
func (s *Store) Verified(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verified = max(s.verified, key)
}

// readOrder returns the stores in the order in which a key is looked up. The first is asked again at the end: the blob
// may have been copied to it, and deleted from the other, between the two requests.
func (s *Store) readOrder(key string) [3]blob.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.Prefer == PreferNew || key <= s.verified {
		return [3]blob.Store{s.o.New, s.o.Old, s.o.New}
	}
	return [3]blob.Store{s.o.Old, s.o.New, s.o.Old}
}

// firstAnswer asks the stores in readOrder. An error of one store does not hide a blob of the other.
func firstAnswer[T any](ctx context.Context, s *Store, key string, ask func(blob.Store) (T, error)) (T, error) {
	var failure error
	for _, store := range s.readOrder(key) {
		got, err := ask(store)
		switch {
		case err == nil:
			return got, nil
		case ctx.Err() != nil, errors.Is(err, blob.ErrBadKey), errors.Is(err, blob.ErrRange):
			return got, err
		case failure == nil, errors.Is(failure, blob.ErrNotFound):
			failure = err
		}
	}
	var none T
	return none, failure
}

// Open returns the blob from the first store that has it.
func (s *Store) Open(ctx context.Context, key string) (blob.Object, error) {
	return firstAnswer(ctx, s, key, func(b blob.Store) (blob.Object, error) { return b.Open(ctx, key) })
}

// OpenRange returns a range of the blob from the first store that has it.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	return firstAnswer(
		ctx, s, key, func(b blob.Store) (blob.Object, error) { return b.OpenRange(ctx, key, offset, length) },
	)
}

// Stat describes the blob as Open would.
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	return firstAnswer(ctx, s, key, func(b blob.Store) (blob.Info, error) { return b.Stat(ctx, key) })
}

// Put writes to the new store unless the old one has the key.
func (s *Store) Put(ctx context.Context, key string, data []byte) error {
	if err := s.checkAbsent(ctx, key); err != nil {
		return err
	}
	return s.o.New.Put(ctx, key, data)
}

// PutFrom is Put from a reader.
func (s *Store) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	if err := s.checkAbsent(ctx, key); err != nil {
		return err
	}
	return s.o.New.PutFrom(ctx, key, src, size)
}

// checkAbsent gives ErrExists when the old store has the key. The key cannot appear there later: the old store is not
// written to.
func (s *Store) checkAbsent(ctx context.Context, key string) error {
	_, err := s.o.Old.Stat(ctx, key)
	switch {
	case err == nil:
		return fmt.Errorf("put blob %q: %w", key, blob.ErrExists)
	case errors.Is(err, blob.ErrNotFound):
		return nil
	}
	return fmt.Errorf("put blob %q: look into the old store: %w", key, err)
}

// Delete removes the blob from both stores. It waits for a running copy of the key, which would otherwise restore the
// blob.
func (s *Store) Delete(ctx context.Context, key string) error {
	release, err := s.lockKey(ctx, key)
	if err != nil {
		return fmt.Errorf("delete blob %q: %w", key, err)
	}
	defer release()
	// The new store first: until the last step a reader finds the whole blob or none.
	if err := s.o.New.Delete(ctx, key); err != nil {
		return err
	}
	return s.o.Old.Delete(ctx, key)
}

// lockKey locks a key until release is called; it waits for the current holder, or until ctx ends.
func (s *Store) lockKey(ctx context.Context, key string) (release func(), err error) {
	for {
		s.mu.Lock()
		done, taken := s.lockedKeys[key]
		if !taken {
			done = make(chan struct{})
			s.lockedKeys[key] = done
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				delete(s.lockedKeys, key)
				close(done)
			}, nil
		}
		s.mu.Unlock()
		select {
		case <-done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
