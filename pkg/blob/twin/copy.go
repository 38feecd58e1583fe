package twin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"

	"movify/pkg/blob"
)

// ErrDamaged is returned, wrapped, for a copy that does not read back as what was copied. It is not left there.
var ErrDamaged = errors.New("the copy differs from the blob")

// Copy brings one blob from the old store to the new one, and compares what the new one then gives with what was read,
// by SHA-256. It gives the blob's size in bytes. A blob that the new store has already is only compared; what becomes of
// one that differs is said by Options.Prefer. A key that the old store does not have gives blob.ErrNotFound. It may be
// repeated at will: whatever ended it early, the next call finishes.
func (s *Store) Copy(ctx context.Context, key string) (size int64, err error) {
	release, err := s.hold(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("copy blob %q: %w", key, err)
	}
	defer release()
	o, err := s.o.OldBare.Open(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("copy blob %q: %w", key, err)
	}
	src := newTally(o)
	defer src.Close()
	if err := s.bring(ctx, key, src); err != nil {
		return 0, fmt.Errorf("copy blob %q: %w", key, err)
	}
	return src.size, nil
}

// bring makes the new store hold what src reads.
func (s *Store) bring(ctx context.Context, key string, src *tally) error {
	held, err := s.o.NewBare.Stat(ctx, key)
	switch {
	case err == nil:
		if s.o.Prefer == PreferNew {
			return nil
		}
		same, err := s.same(ctx, key, held, src)
		if err != nil || same {
			return err
		}
		// By New, not NewBare: a cache in front must forget it too.
		if err := s.o.New.Delete(ctx, key); err != nil {
			return err
		}
	case !errors.Is(err, blob.ErrNotFound):
		return err
	}
	if err := s.o.NewBare.PutFrom(ctx, key, src, src.size); err != nil {
		return err
	}
	same, err := s.same(ctx, key, blob.Info{Size: src.size}, src)
	if err == nil && !same {
		err = errors.Join(ErrDamaged, s.o.New.Delete(ctx, key))
	}
	return err
}

// same reports whether what the new store holds, described by held, is what src reads.
func (s *Store) same(ctx context.Context, key string, held blob.Info, src *tally) (bool, error) {
	if held.Size != src.size {
		return false, nil
	}
	want, err := src.sum(ctx)
	if err != nil {
		return false, err
	}
	o, err := s.o.NewBare.Open(ctx, key)
	if err != nil {
		return false, err
	}
	defer o.Body.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, patient{ctx, o.Body})
	if err != nil {
		return false, fmt.Errorf("read back: %w", err)
	}
	return n == src.size && bytes.Equal(sum.Sum(nil), want), nil
}

// tally reads an open blob at any offset and hashes the bytes on their way, as long as they are read from front to back.
type tally struct {
	at   io.ReaderAt
	body io.Closer
	size int64

	mu   sync.Mutex
	hash hash.Hash
	done int64 // bytes that are in hash
}

func newTally(o blob.Object) *tally {
	t := &tally{body: o.Body, size: o.Size, hash: sha256.New()}
	if o.File != nil {
		t.at = io.NewSectionReader(o.File, o.Offset, o.Size)
	} else {
		t.at = &seeking{body: o.Body}
	}
	return t
}

// ReadAt reads and counts.
func (t *tally) ReadAt(b []byte, offset int64) (int, error) {
	n, err := t.at.ReadAt(b, offset)
	t.mu.Lock()
	defer t.mu.Unlock()
	if end := offset + int64(n); offset <= t.done && end > t.done {
		t.hash.Write(b[t.done-offset : n])
		t.done = end
	}
	return n, err
}

// sum gives the hash of the whole blob; what was not read yet, or not in order, is read now.
func (t *tally) sum(ctx context.Context) ([]byte, error) {
	rest := io.NewSectionReader(t, t.done, t.size-t.done)
	if _, err := io.Copy(io.Discard, patient{ctx, rest}); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if t.done != t.size {
		return nil, fmt.Errorf("read: %w", io.ErrUnexpectedEOF)
	}
	return t.hash.Sum(nil), nil
}

// Close closes the blob.
func (t *tally) Close() { _ = t.body.Close() } // it was only read

// seeking reads at offsets from a body that can only seek. It is quick from front to back.
type seeking struct {
	mu   sync.Mutex
	body io.ReadSeeker
	pos  int64
}

// ReadAt seeks unless it goes on where the last read ended.
func (s *seeking) ReadAt(b []byte, offset int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if offset != s.pos {
		if _, err := s.body.Seek(offset, io.SeekStart); err != nil {
			return 0, err
		}
		s.pos = offset
	}
	n, err := io.ReadFull(s.body, b)
	s.pos += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// patient reads until ctx ends.
type patient struct {
	ctx context.Context
	io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.Reader.Read(b)
}
