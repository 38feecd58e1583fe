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

// flight is one fetch and everybody who waits for it. It ends when nobody does any more. The Store's lock guards it.
type flight struct {
	at      place
	ctx     context.Context
	cancel  context.CancelFunc
	waiting int
	stale   bool  // the key was deleted meanwhile
	room    int64 // bytes reserved for it

	// done is closed when it has ended. What came of it: an entry, with a pin for each who waits; or an error; or an open
	// object that is too large to keep, which the first who takes it has; or nothing, and who waits goes past the cache.
	done  chan struct{}
	entry *entry
	err   error
	large *blob.Object
}

// takeOff begins a fetch; s is locked. It is nobody's in particular, so nobody's end is its.
func (s *Store) takeOff(at place) *flight {
	f := &flight{at: at, done: make(chan struct{})}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	s.flights[at] = f
	s.flying.Go(func() { s.fly(f) })
	return f
}

// wait gives what comes of the flight, or leaves it.
func (s *Store) wait(ctx context.Context, f *flight) (blob.Object, error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		s.leave(f)
		return blob.Object{}, fmt.Errorf("open blob %q: %w", f.at.key, ctx.Err())
	}
	if f.err != nil {
		return blob.Object{}, f.err
	}
	if f.entry != nil {
		o, err := s.serve(f.entry, 0, f.at)
		if err == nil {
			return o, nil
		}
		s.drop(f.entry, err)
		return s.past(ctx, f.at)
	}
	large := s.takeLarge(f)
	if large == nil {
		return s.past(ctx, f.at)
	}
	// It lives as long as its reader, and no longer than who asked.
	release := context.AfterFunc(ctx, f.cancel)
	large.Body = &released{ReadSeekCloser: large.Body, end: func() { release(); f.cancel() }}
	return *large, nil
}

// takeLarge gives the open object to the first who asks.
func (s *Store) takeLarge(f *flight) *blob.Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	o := f.large
	f.large = nil
	return o
}

// leave gives up waiting. The last one ends the flight.
func (s *Store) leave(f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	select {
	case <-f.done: // just now
		if f.entry != nil {
			f.entry.pins--
		}
	default:
		if f.waiting == 0 && s.flights[f.at] == f {
			delete(s.flights, f.at)
		}
	}
	if f.waiting == 0 {
		s.abandon(f)
	}
}

// abandon ends what nobody wants; s is locked.
func (s *Store) abandon(f *flight) {
	f.cancel()
	if f.large != nil {
		_ = f.large.Body.Close() // nobody reads it
		f.large = nil
	}
}

// fly fetches and lands.
func (s *Store) fly(f *flight) {
	o, err := s.past(f.ctx, f.at)
	if err != nil {
		s.land(f, nil, err)
		return
	}
	if !s.room(f, o) {
		return
	}
	temp, sum, err := s.fill(o)
	var here *fileError
	switch {
	case errors.As(err, &here):
		s.tire(here)
		s.land(f, nil, nil)
	case err != nil:
		s.land(f, nil, err)
	default:
		e := &entry{at: f.at, size: o.Size, modTime: o.ModTime, sum: sum, path: temp, used: s.now()}
		e.sound.Store(true)
		s.land(f, e, nil)
	}
}

// room makes room for an object; one that is too large is handed out as it is, which ends the flight.
func (s *Store) room(f *flight, o blob.Object) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.Size <= s.most && s.shelf.reserve(o.Size) {
		f.room = o.Size
		return true
	}
	f.large = &o
	s.finish(f)
	if f.waiting == 0 {
		s.abandon(f)
	}
	return false
}

// fileError is a failure of the folder here, not of the store.
type fileError struct{ error }

func (e *fileError) Unwrap() error { return e.error }

// fill writes all of the object aside. It closes the object.
func (s *Store) fill(o blob.Object) (temp string, sum uint32, err error) {
	defer func() { _ = o.Body.Close() }() // all that is wanted of it has been read
	file, err := s.shelf.temp()
	if err != nil {
		return "", 0, &fileError{err}
	}
	check := crc32.New(table)
	n, err := io.Copy(&blaming{io.MultiWriter(file, check)}, o.Body)
	if err == nil && n != o.Size {
		err = io.ErrUnexpectedEOF
	}
	if closeErr := file.Close(); err == nil && closeErr != nil {
		err = &fileError{closeErr}
	}
	if err != nil {
		return "", 0, errors.Join(fmt.Errorf("fetch blob %q: %w", o.Key, err), os.Remove(file.Name()))
	}
	return file.Name(), check.Sum32(), nil
}

// blaming marks errors of the folder.
type blaming struct{ w io.Writer }

func (b *blaming) Write(p []byte) (int, error) {
	n, err := b.w.Write(p)
	if err != nil {
		err = &fileError{err}
	}
	return n, err
}

// tire leaves the folder alone for a while: viewers get their bytes past it.
func (s *Store) tire(err error) {
	s.log.Warn("the read cache cannot be written; blobs are read past it for a while", "error", err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resting = s.now().Add(rest)
}

// land ends the flight for those who wait.
func (s *Store) land(f *flight, e *entry, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer f.cancel()
	defer s.finish(f)
	f.err = err
	s.shelf.release(f.room)
	if e == nil {
		return
	}
	if f.stale {
		_ = os.Remove(e.path) // found at the next start, else
		return
	}
	if f.entry, err = s.shelf.add(e); err != nil {
		f.entry, s.resting = nil, s.now().Add(rest)
		return
	}
	f.entry.pins += f.waiting
}

// finish tells those who wait; s is locked.
func (s *Store) finish(f *flight) {
	if s.flights[f.at] == f {
		delete(s.flights, f.at)
	}
	close(f.done)
}

// released tells that its reader is through.
type released struct {
	io.ReadSeekCloser
	once sync.Once
	end  func()
}

func (r *released) Close() error {
	err := r.ReadSeekCloser.Close()
	r.once.Do(r.end)
	return err
}
