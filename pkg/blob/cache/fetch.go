package cache

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sync"

	"movify/pkg/blob"
)

// fetch is one request to the store behind and its waiters. It is cancelled when the last waiter leaves. Store.mu
// guards it.
type fetch struct {
	blobRange blobRange
	ctx       context.Context
	cancel    context.CancelFunc
	waiting   int
	stale     bool  // the key was deleted meanwhile
	reserved  int64 // bytes reserved in the index

	// done is closed at the end of the fetch. The result is an entry, with a pin for each waiter; or an error; or an
	// open object that is too large to cache, which the first waiter takes; or nothing, and the waiters bypass the
	// cache.
	done  chan struct{}
	entry *entry
	err   error
	large *blob.Object
}

// startFetch starts a fetch; the caller holds s.mu. It has a context of its own: it outlives the reader that started
// it.
func (s *Store) startFetch(at blobRange) *fetch {
	f := &fetch{blobRange: at, done: make(chan struct{})}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	s.fetches[at] = f
	s.running.Go(func() { s.runFetch(f) })
	return f
}

// wait returns the result of a fetch, or leaves it when ctx ends.
func (s *Store) wait(ctx context.Context, f *fetch) (blob.Object, error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		s.stopWaiting(f)
		return blob.Object{}, fmt.Errorf("open blob %q: %w", f.blobRange.key, ctx.Err())
	}
	if f.err != nil {
		return blob.Object{}, f.err
	}
	if f.entry != nil {
		o, err := s.serve(f.entry, 0, f.blobRange)
		if err == nil {
			return o, nil
		}
		s.drop(f.entry, err)
		return s.bypass(ctx, f.blobRange)
	}
	large := s.takeLarge(f)
	if large == nil {
		return s.bypass(ctx, f.blobRange)
	}
	// The object is closed with its reader, or when the reader's ctx ends.
	release := context.AfterFunc(ctx, f.cancel)
	large.Body = &closeHook{ReadSeekCloser: large.Body, end: func() { release(); f.cancel() }}
	return *large, nil
}

// takeLarge returns the open object to the first waiter.
func (s *Store) takeLarge(f *fetch) *blob.Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	o := f.large
	f.large = nil
	return o
}

// stopWaiting removes a waiter. The last one cancels the fetch.
func (s *Store) stopWaiting(f *fetch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	select {
	case <-f.done: // ended just now
		if f.entry != nil {
			f.entry.pins--
		}
	default:
		if f.waiting == 0 && s.fetches[f.blobRange] == f {
			delete(s.fetches, f.blobRange)
		}
	}
	if f.waiting == 0 {
		s.cancelFetch(f)
	}
}

// cancelFetch cancels a fetch without waiters; the caller holds s.mu.
func (s *Store) cancelFetch(f *fetch) {
	f.cancel()
	if f.large != nil {
		_ = f.large.Body.Close() // it has no reader
		f.large = nil
	}
}

// runFetch fetches a range into a file.
func (s *Store) runFetch(f *fetch) {
	o, err := s.bypass(f.ctx, f.blobRange)
	if err != nil {
		s.endFetch(f, nil, err)
		return
	}
	if !s.reserveFor(f, o) {
		return
	}
	temp, sum, err := s.fill(o)
	var here *dirError
	switch {
	case errors.As(err, &here):
		s.pauseWrites(here)
		s.endFetch(f, nil, nil)
	case err != nil:
		s.endFetch(f, nil, err)
	default:
		e := &entry{blobRange: f.blobRange, size: o.Size, modTime: o.ModTime, sum: sum, path: temp, used: s.now()}
		e.verified.Store(true)
		s.endFetch(f, e, nil)
	}
}

// reserveFor reserves room for an object; one that is too large is handed to a waiter as it is, which ends the fetch.
func (s *Store) reserveFor(f *fetch, o blob.Object) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.Size <= s.maxEntry && s.index.reserve(o.Size) {
		f.reserved = o.Size
		return true
	}
	f.large = &o
	s.wakeWaiters(f)
	if f.waiting == 0 {
		s.cancelFetch(f)
	}
	return false
}

// dirError is a failure of the cache's folder, not of the store behind.
type dirError struct{ error }

func (e *dirError) Unwrap() error { return e.error }

// fill writes the whole object into a temporary file and closes the object.
func (s *Store) fill(o blob.Object) (temp string, sum uint32, err error) {
	defer func() { _ = o.Body.Close() }() // the whole body has been read
	file, err := s.index.createTemp()
	if err != nil {
		return "", 0, &dirError{err}
	}
	check := crc32.New(table)
	n, err := io.Copy(&dirErrorWriter{io.MultiWriter(file, check)}, o.Body)
	if err == nil && n != o.Size {
		err = io.ErrUnexpectedEOF
	}
	if closeErr := file.Close(); err == nil && closeErr != nil {
		err = &dirError{closeErr}
	}
	if err != nil {
		return "", 0, errors.Join(fmt.Errorf("fetch blob %q: %w", o.Key, err), os.Remove(file.Name()))
	}
	return file.Name(), check.Sum32(), nil
}

// dirErrorWriter marks errors of writing as dirError.
type dirErrorWriter struct{ w io.Writer }

func (b *dirErrorWriter) Write(p []byte) (int, error) {
	n, err := b.w.Write(p)
	if err != nil {
		err = &dirError{err}
	}
	return n, err
}

// pauseWrites stops caching for a while: readers bypass the cache.
func (s *Store) pauseWrites(err error) {
	s.log.Warn("the read cache cannot be written; blobs are read past it for a while", "error", err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pausedUntil = s.now().Add(pauseAfterError)
}

// endFetch stores the result of a fetch and wakes its waiters.
func (s *Store) endFetch(f *fetch, e *entry, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer f.cancel()
	defer s.wakeWaiters(f)
	f.err = err
	s.index.release(f.reserved)
	if e == nil {
		return
	}
	if f.stale {
		_ = os.Remove(e.path) // otherwise it is found at the next start
		return
	}
	if f.entry, err = s.index.add(e); err != nil {
		f.entry, s.pausedUntil = nil, s.now().Add(pauseAfterError)
		return
	}
	f.entry.pins += f.waiting
}

// wakeWaiters ends a fetch; the caller holds s.mu.
func (s *Store) wakeWaiters(f *fetch) {
	if s.fetches[f.blobRange] == f {
		delete(s.fetches, f.blobRange)
	}
	close(f.done)
}

// closeHook calls end once when its reader is closed.
type closeHook struct {
	io.ReadSeekCloser
	once sync.Once
	end  func()
}

func (r *closeHook) Close() error {
	err := r.ReadSeekCloser.Close()
	r.once.Do(r.end)
	return err
}
