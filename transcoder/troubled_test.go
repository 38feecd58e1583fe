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

// errTrouble is what a troubled store says.
var errTrouble = errors.New("the storage is in trouble")

// troubled is a blob.Store that counts what is asked of it and may refuse. before is asked ahead of every operation and
// after behind every one that changes something: the error of the first keeps the operation from happening, that of the
// second hides that it did. Both may be nil.
type troubled struct {
	blob.Store
	before, after func(op, key string) error

	mu    sync.Mutex
	asked map[string][]string // keys by operation
}

var _ blob.Store = (*troubled)(nil)

// count gives the keys that an operation was asked for.
func (s *troubled) count(op string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[op]
}

// all counts every operation.
func (s *troubled) all() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for op, keys := range s.asked {
		out[op] = len(keys)
	}
	return out
}

func (s *troubled) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = nil
}

// set changes what goes wrong.
func (s *troubled) set(before, after func(op, key string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.after = before, after
}

func (s *troubled) ask(op, key string) error {
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

func (s *troubled) change(op, key string, do func() error) error {
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

func (s *troubled) Put(ctx context.Context, key string, data []byte) error {
	return s.change("put", key, func() error { return s.Store.Put(ctx, key, data) })
}

func (s *troubled) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.change("put", key, func() error { return s.Store.PutFrom(ctx, key, src, size) })
}

func (s *troubled) Delete(ctx context.Context, key string) error {
	return s.change("delete", key, func() error { return s.Store.Delete(ctx, key) })
}

func (s *troubled) Open(ctx context.Context, key string) (blob.Object, error) {
	if err := s.ask("open", key); err != nil {
		return blob.Object{}, err
	}
	return s.Store.Open(ctx, key)
}

func (s *troubled) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	if err := s.ask("range", key); err != nil {
		return blob.Object{}, err
	}
	return s.Store.OpenRange(ctx, key, offset, length)
}

func (s *troubled) Stat(ctx context.Context, key string) (blob.Info, error) {
	if err := s.ask("stat", key); err != nil {
		return blob.Info{}, err
	}
	return s.Store.Stat(ctx, key)
}

func (s *troubled) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
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

// trouble puts a troubled store before the home and gives it once the house is furnished.
func trouble(home *troubled) func(*transcoder.Options) {
	return func(o *transcoder.Options) { home.Store, o.Blobs = o.Blobs, home }
}

// noPacks refuses packed renditions: the storage is down just when a film is finished.
func noPacks(op, key string) error {
	if op == "put" && strings.HasSuffix(key, "/all.mp4") {
		return errTrouble
	}
	return nil
}
