// Package twin makes two blob stores look like one while what is in the old one is brought to the new one: nobody who
// reads or writes notices. Front is the store that the product holds on to; what stands behind it can be changed while
// it is in use. Store is the pair behind it during a move. It does not decide what is copied when, nor ever when
// something is deleted from the old store: that is pkg/keeper's.
//
// Invariants: a key that was written stays readable with its bytes, whichever store holds it; a key is written once
// across both; where both hold other bytes under one key, the old store's count until the copy was compared.
package twin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"movify/pkg/blob"
)

// Options are the two stores. All but the bare ones are required.
type Options struct {
	// New is where blobs are going and where everything new is written. Old is where they come from.
	New, Old blob.Store
	// NewBare and OldBare are the same stores past any cache: Copy reads and writes there, so that it compares what is
	// really stored. nil means New and Old.
	NewBare, OldBare blob.Store
	// Prefer says which of two different blobs under one key is right.
	Prefer Preference
}

// Preference says whose bytes count when both stores hold a key.
type Preference int

const (
	// PreferOld is for a move: what the new store happens to hold under a key that the old one has is a leftover.
	PreferOld Preference = iota
	// PreferNew is for turning back: the new store is the home that was never left.
	PreferNew
)

// Store is the pair. It meets blob.Store.
type Store struct {
	o Options

	mu       sync.Mutex
	verified string                   // keys up to this one are the same in both stores
	held     map[string]chan struct{} // keys that are being copied or deleted; closed when they are done
}

var _ blob.Store = (*Store)(nil)

// New joins two stores. It opens, starts and closes nothing.
func New(o Options) *Store {
	if o.NewBare == nil {
		o.NewBare = o.New
	}
	if o.OldBare == nil {
		o.OldBare = o.Old
	}
	return &Store{o: o, held: make(map[string]chan struct{})}
}

// Verified tells that all keys of the old store up to and including key have been copied and compared, in key order. From
// then on they are read from the new store.
func (s *Store) Verified(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verified = max(s.verified, key)
}

// order gives the stores in the order in which a key is looked for. The first is asked a second time at the end: the blob
// may have been brought there, and taken from the other, between the two looks.
func (s *Store) order(key string) [3]blob.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.Prefer == PreferNew || key <= s.verified {
		return [3]blob.Store{s.o.New, s.o.Old, s.o.New}
	}
	return [3]blob.Store{s.o.Old, s.o.New, s.o.Old}
}

// look asks the stores one after the other. A store in trouble does not hide what the other one has.
func look[T any](ctx context.Context, s *Store, key string, ask func(blob.Store) (T, error)) (T, error) {
	var failure error
	for _, store := range s.order(key) {
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

// Open gives the blob from whichever store has it.
func (s *Store) Open(ctx context.Context, key string) (blob.Object, error) {
	return look(ctx, s, key, func(b blob.Store) (blob.Object, error) { return b.Open(ctx, key) })
}

// OpenRange gives a part of the blob from whichever store has it.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	return look(ctx, s, key, func(b blob.Store) (blob.Object, error) { return b.OpenRange(ctx, key, offset, length) })
}

// Stat describes the blob as Open would.
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	return look(ctx, s, key, func(b blob.Store) (blob.Info, error) { return b.Stat(ctx, key) })
}

// Put writes to the new store what the old one does not have.
func (s *Store) Put(ctx context.Context, key string, data []byte) error {
	if err := s.absent(ctx, key); err != nil {
		return err
	}
	return s.o.New.Put(ctx, key, data)
}

// PutFrom is Put from a reader.
func (s *Store) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	if err := s.absent(ctx, key); err != nil {
		return err
	}
	return s.o.New.PutFrom(ctx, key, src, size)
}

// absent gives ErrExists when the old store has the key. It cannot get it later: nothing is written there any more.
func (s *Store) absent(ctx context.Context, key string) error {
	_, err := s.o.Old.Stat(ctx, key)
	switch {
	case err == nil:
		return fmt.Errorf("put blob %q: %w", key, blob.ErrExists)
	case errors.Is(err, blob.ErrNotFound):
		return nil
	}
	return fmt.Errorf("put blob %q: look into the old store: %w", key, err)
}

// Delete removes the blob from both stores. A copy that is under way is waited for, so that it does not bring the blob
// back.
func (s *Store) Delete(ctx context.Context, key string) error {
	release, err := s.hold(ctx, key)
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

// hold keeps a key to the caller until release; it waits for whoever has it, or until ctx ends.
func (s *Store) hold(ctx context.Context, key string) (release func(), err error) {
	for {
		s.mu.Lock()
		done, taken := s.held[key]
		if !taken {
			done = make(chan struct{})
			s.held[key] = done
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				delete(s.held, key)
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
