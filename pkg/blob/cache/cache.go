// Package cache is the read cache in front of S3: it keeps blobs that were read from a remote store as local files, within
// a limit of bytes. It is a blob store itself and returns the results and errors of the store behind it. It owns its folder, which may be deleted at
// any time.
//
// Invariants: concurrent reads of one range that is not cached share one request; a file is served only when it is
// complete, and carries a checksum; after Delete returns, nothing of the key is served from here. A key that another
// node deletes may be served until it is evicted: keys are written once, so its bytes are right.
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

// Options of a Store.
type Options struct {
	Store blob.Store
	// Dir is the folder; it is made when it is missing. The cache deletes files in it that it does not know.
	Dir string
	// Bytes is the limit for all files together. 0 caches nothing and touches no folder.
	Bytes int64
	// Logger receives warnings about a folder that cannot be written; nil discards them.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Store is the cache. It meets blob.Store; objects that it serves from a file have a File.
type Store struct {
	backend  blob.Store
	log      *slog.Logger
	now      func() time.Time
	maxEntry int64 // bytes of one entry, so that one large blob does not evict all others

	mu          sync.Mutex
	index       *index // nil when nothing is cached
	fetches     map[blobRange]*fetch
	closed      bool
	pausedUntil time.Time // until then nothing is written: the folder could not be written
	running     sync.WaitGroup
}

var _ blob.Store = (*Store)(nil)

const (
	// maxEntryShare is the part of Options.Bytes that one entry may take: 1/4.
	maxEntryShare = 4
	// pauseAfterError is how long nothing is cached after the folder could not be written.
	pauseAfterError = time.Minute
)

// New reads the folder. It starts nothing; Close the Store when it is not used any more.
func New(o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{
		backend: o.Store, log: o.Logger, now: o.Now, maxEntry: o.Bytes / maxEntryShare, fetches: make(map[blobRange]*fetch),
	}
	if o.Bytes <= 0 {
		return s, nil
	}
	var err error
	if s.index, err = openIndex(o.Dir, o.Bytes); err != nil {
		return nil, fmt.Errorf("open the read cache: %w", err)
	}
	return s, nil
}

// Close cancels running fetches and waits for them. The files stay for the next start, open objects stay readable.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, f := range s.fetches {
		f.cancel()
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}

// Used returns the size of all cached files.
func (s *Store) Used() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		return 0
	}
	return s.index.used
}

// Open returns the blob from a file, after fetching it when it is not cached.
func (s *Store) Open(ctx context.Context, key string) (blob.Object, error) {
	return s.get(ctx, blobRange{key: key, length: whole})
}

// OpenRange returns the range from a file, after fetching that range alone when it is not cached.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	if length <= 0 || offset < 0 {
		return s.backend.OpenRange(ctx, key, offset, length)
	}
	return s.get(ctx, blobRange{key, offset, length})
}

// Put forwards. A written blob is seldom the next one that is read.
func (s *Store) Put(ctx context.Context, key string, data []byte) error {
	return s.backend.Put(ctx, key, data)
}

// PutFrom forwards.
func (s *Store) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.backend.PutFrom(ctx, key, src, size)
}

// Stat forwards.
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	return s.backend.Stat(ctx, key)
}

// List forwards.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return s.backend.List(ctx, prefix)
}

// Delete forwards and removes the key's files. The result of a running fetch is not cached.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := s.backend.Delete(ctx, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		return err
	}
	for at, f := range s.fetches {
		if at.key == key {
			f.stale = true
			delete(s.fetches, at) // the next reader starts a fetch of its own
		}
	}
	s.index.removeKey(key)
	return err
}

// get serves from a file, joins or starts a fetch, or bypasses the cache.
func (s *Store) get(ctx context.Context, at blobRange) (blob.Object, error) {
	if err := ctx.Err(); err != nil {
		return blob.Object{}, fmt.Errorf("open blob %q: %w", at.key, err)
	}
	s.mu.Lock()
	if s.index == nil || s.closed || at.length > s.maxEntry || s.now().Before(s.pausedUntil) {
		s.mu.Unlock()
		return s.bypass(ctx, at)
	}
	if e, inner, ok := s.index.lookup(at, s.now()); ok {
		e.pins++
		s.mu.Unlock()
		o, err := s.serve(e, inner, at)
		if err == nil || errors.Is(err, blob.ErrRange) {
			return o, err
		}
		s.drop(e, err)
		return s.bypass(ctx, at)
	}
	f := s.fetches[at]
	if f == nil {
		f = s.startFetch(at)
	}
	f.waiting++
	s.mu.Unlock()
	return s.wait(ctx, f)
}

// bypass reads from the store behind.
func (s *Store) bypass(ctx context.Context, at blobRange) (blob.Object, error) {
	if at.length == whole {
		return s.backend.Open(ctx, at.key)
	}
	return s.backend.OpenRange(ctx, at.key, at.offset, at.length)
}

// serve opens a pinned entry and unpins it. offset is where in its file the range begins.
func (s *Store) serve(e *entry, offset int64, at blobRange) (blob.Object, error) {
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
		return blob.Object{}, errors.Join(
			fmt.Errorf("open %d bytes of blob %q from %d: %w", at.length, at.key, at.offset, blob.ErrRange), f.Close(),
		)
	}
	o.Size, o.Offset = at.length, offset
	o.Body = blob.FileRange(f, offset, at.length)
	return o, nil
}

// drop removes an entry that cannot be served.
func (s *Store) drop(e *entry, err error) {
	if !errors.Is(err, fs.ErrNotExist) { // the key was deleted just now, or the folder was emptied
		s.log.Warn("a file of the read cache is corrupt and was removed", "error", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index.remove(e)
}
