// Package cache keeps what is read from a blob store that is far away in files nearby, within a bound. It is a blob store
// itself: what it gives and refuses is what the store behind it does. It owns its folder and may lose all of it at any time.
//
// Invariants: what is not there is fetched with one request, however many ask at once; a file is served when all of its bytes
// have come, and with their checksum; after Delete returns, nothing of the key is served from here. A key that another node
// deletes may be served until it is pushed out: keys are written once, so its bytes are right, only late.
package cache

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"sync"
	"time"

	"movify/pkg/blob"
)

// Options says what is cached where.
type Options struct {
	Store blob.Store
	// Dir is the folder; it is made when it is missing, and everything in it is the cache's to delete.
	Dir string
	// Bytes is the most that all files together may hold. 0 keeps nothing and touches no folder.
	Bytes int64
	// Logger hears of a folder that cannot be written; nil means nobody does.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Store is the cache. It meets blob.Store; objects that it has kept have a File.
type Store struct {
	behind blob.Store
	log    *slog.Logger
	now    func() time.Time
	most   int64 // bytes of one entry, so that one long read does not push out all others

	mu      sync.Mutex
	shelf   *shelf // nil when nothing is kept
	flights map[place]*flight
	closed  bool
	resting time.Time // nothing is kept before then: the folder could not be written
	flying  sync.WaitGroup
}

var _ blob.Store = (*Store)(nil)

const (
	// share of the bound that one entry may have.
	share = 4
	// rest is how long a folder that cannot be written is left alone.
	rest = time.Minute
)

// New reads the folder. It starts nothing; Close the Store when nobody uses it any more.
func New(o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{behind: o.Store, log: o.Logger, now: o.Now, most: o.Bytes / share, flights: make(map[place]*flight)}
	if o.Bytes <= 0 {
		return s, nil
	}
	var err error
	if s.shelf, err = openShelf(o.Dir, o.Bytes); err != nil {
		return nil, fmt.Errorf("open the read cache: %w", err)
	}
	return s, nil
}

// Close ends what is being fetched and waits for it. The files stay for the next time, open objects stay readable.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, f := range s.flights {
		f.cancel()
	}
	s.mu.Unlock()
	s.flying.Wait()
	return nil
}

// Used gives how many bytes are kept.
func (s *Store) Used() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shelf == nil {
		return 0
	}
	return s.shelf.used
}

// Open gives the blob from a file, after fetching it when it is not there.
func (s *Store) Open(ctx context.Context, key string) (blob.Object, error) {
	return s.get(ctx, place{key: key, length: whole})
}

// OpenRange gives the range from a file, after fetching the range, and nothing else, when it is not there.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	if length <= 0 || offset < 0 {
		return s.behind.OpenRange(ctx, key, offset, length)
	}
	return s.get(ctx, place{key, offset, length})
}

// Put passes on. What is written is mostly not what is read next.
func (s *Store) Put(ctx context.Context, key string, data []byte) error {
	return s.behind.Put(ctx, key, data)
}

// PutFrom passes on.
func (s *Store) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.behind.PutFrom(ctx, key, src, size)
}

// Stat passes on.
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	return s.behind.Stat(ctx, key)
}

// List passes on.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return s.behind.List(ctx, prefix)
}

// Delete passes on and forgets the key. What is being fetched meanwhile is not kept.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := s.behind.Delete(ctx, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shelf == nil {
		return err
	}
	for at, f := range s.flights {
		if at.key == key {
			f.stale = true
			delete(s.flights, at) // the next to ask gets what is there then
		}
	}
	s.shelf.forget(key)
	return err
}

// get answers from the shelf, from a flight, or past both.
func (s *Store) get(ctx context.Context, at place) (blob.Object, error) {
	if err := ctx.Err(); err != nil {
		return blob.Object{}, fmt.Errorf("open blob %q: %w", at.key, err)
	}
	s.mu.Lock()
	if s.shelf == nil || s.closed || at.length > s.most || s.now().Before(s.resting) {
		s.mu.Unlock()
		return s.past(ctx, at)
	}
	if e, inner, ok := s.shelf.find(at, s.now()); ok {
		e.pins++
		s.mu.Unlock()
		o, err := s.serve(e, inner, at)
		if err == nil || errors.Is(err, blob.ErrRange) {
			return o, err
		}
		s.drop(e, err)
		return s.past(ctx, at)
	}
	f := s.flights[at]
	if f == nil {
		f = s.takeOff(at)
	}
	f.waiting++
	s.mu.Unlock()
	return s.wait(ctx, f)
}

// past goes straight to the store.
func (s *Store) past(ctx context.Context, at place) (blob.Object, error) {
	if at.length == whole {
		return s.behind.Open(ctx, at.key)
	}
	return s.behind.OpenRange(ctx, at.key, at.offset, at.length)
}

// serve opens a pinned entry and lets it go. offset is where in its file the place begins.
func (s *Store) serve(e *entry, offset int64, at place) (blob.Object, error) {
	f, err := e.open()
	s.mu.Lock()
	e.pins--
	s.mu.Unlock()
	if err != nil {
		return blob.Object{}, err
	}
	o := blob.Object{Info: blob.Info{Key: at.key, Size: e.size, ModTime: e.modTime}, Body: f, File: f}
	if at.length == whole {
		return o, nil
	}
	if offset > e.size-at.length {
		return blob.Object{}, errors.Join(fmt.Errorf("open %d bytes of blob %q from %d: %w", at.length, at.key, at.offset, blob.ErrRange), f.Close())
	}
	o.Size, o.Offset = at.length, offset
	o.Body = part{io.NewSectionReader(f, offset, at.length), f}
	return o, nil
}

// part is a range of a file.
type part struct {
	*io.SectionReader
	io.Closer
}

// drop forgets an entry that cannot be served.
func (s *Store) drop(e *entry, err error) {
	if !errors.Is(err, fs.ErrNotExist) { // which is a key deleted just now, or a folder swept by somebody
		s.log.Warn("a file of the read cache is spoilt and dropped", "error", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelf.remove(e)
}
