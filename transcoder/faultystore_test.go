package transcoder_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"sync"

	"movify/pkg/blob"
	"movify/transcoder"
)

// errStorage is the error of a faulty store.
var errStorage = errors.New("the storage is in trouble")

// faultyStore is a blob.Store that counts its operations and may refuse them. before is called ahead of every operation
// and after behind every one that changes something: the error of the first keeps the operation from happening, that of
// the second hides that it did. Both may be nil.
type faultyStore struct {
	blob.Store
	before, after func(op, key string) error

	mu    sync.Mutex
	asked map[string][]string // keys by operation
}

var _ blob.Store = (*faultyStore)(nil)

// count gives the keys that an operation was asked for.
func (s *faultyStore) count(op string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[op]
}

// all counts every operation.
func (s *faultyStore) all() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for op, keys := range s.asked {
		out[op] = len(keys)
	}
	return out
}

func (s *faultyStore) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = nil
}

// set changes which operations fail.
func (s *faultyStore) set(before, after func(op, key string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.after = before, after
}

func (s *faultyStore) ask(op, key string) error {
	s.mu.Lock()
	if s.asked == nil {
		s.asked = map[string][]string{}
	}
	s.asked[op] = append(s.asked[op], key)
	before := s.before
	s.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(op, key)
}

func (s *faultyStore) change(op, key string, do func() error) error {
	if err := s.ask(op, key); err != nil {
		return err
	}
	err := do()
	s.mu.Lock()
	after := s.after
	s.mu.Unlock()
	if err == nil && after != nil {
		err = after(op, key)
	}
	return err
}

func (s *faultyStore) Put(ctx context.Context, key string, data []byte) error {
	return s.change("put", key, func() error { return s.Store.Put(ctx, key, data) })
}

func (s *faultyStore) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.change("put", key, func() error { return s.Store.PutFrom(ctx, key, src, size) })
}

func (s *faultyStore) Delete(ctx context.Context, key string) error {
	return s.change("delete", key, func() error { return s.Store.Delete(ctx, key) })
}

func (s *faultyStore) Open(ctx context.Context, key string) (blob.Object, error) {
	if err := s.ask("open", key); err != nil {
		return blob.Object{}, err
	}
	return s.Store.Open(ctx, key)
}

func (s *faultyStore) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	if err := s.ask("range", key); err != nil {
		return blob.Object{}, err
	}
	return s.Store.OpenRange(ctx, key, offset, length)
}

func (s *faultyStore) Stat(ctx context.Context, key string) (blob.Info, error) {
	if err := s.ask("stat", key); err != nil {
		return blob.Info{}, err
	}
	return s.Store.Stat(ctx, key)
}

func (s *faultyStore) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		if err := s.ask("list", prefix); err != nil {
			yield(blob.Info{}, err)
			return
		}
		for info, err := range s.Store.List(ctx, prefix) {
			if !yield(info, err) {
				return
			}
		}
	}
}

// withFaultyBlobs puts a faulty store before the harness's Blobs.
func withFaultyBlobs(blobs *faultyStore) func(*transcoder.Options) {
	return func(o *transcoder.Options) { blobs.Store, o.Blobs = o.Blobs, blobs }
}

// refusePacked refuses packed renditions: the storage is down just when a film is finished.
func refusePacked(op, key string) error {
	if op == "put" && strings.HasSuffix(key, "/all.mp4") {
		return errStorage
	}
	return nil
}
