package migrate

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

// ErrDamaged is returned, wrapped, for a copy that does not read back as the copied blob. The copy has been deleted.
var ErrDamaged = errors.New("the copy differs from the blob")

// Copy copies one blob from the old store to the new one and compares it, read back, with the source by SHA-256. It
// returns the blob's size in bytes. A blob that the new store already has is only compared; Options.Prefer says which
// one stays when they differ. A key that the old store does not have gives blob.ErrNotFound. After any error Copy may
// be repeated.
func (s *Store) Copy(ctx context.Context, key string) (size int64, err error) {
	release, err := s.lockKey(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("copy blob %q: %w", key, err)
	}
	defer release()
	o, err := s.o.OldUncached.Open(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("copy blob %q: %w", key, err)
	}
	src := newHashingReader(o)
	defer src.Close()
	if err := s.ensureCopy(ctx, key, src); err != nil {
		return 0, fmt.Errorf("copy blob %q: %w", key, err)
	}
	return src.size, nil
}

// ensureCopy makes the new store hold the bytes of src.
func (s *Store) ensureCopy(ctx context.Context, key string, src *hashingReader) error {
	held, err := s.o.NewUncached.Stat(ctx, key)
	switch {
	case err == nil:
		if s.o.Prefer == PreferNew {
			return nil
		}
		same, err := s.equal(ctx, key, held, src)
		if err != nil || same {
			return err
		}
		// By New, not NewUncached: a cache in front must drop it too.
		if err := s.o.New.Delete(ctx, key); err != nil {
			return err
		}
	case !errors.Is(err, blob.ErrNotFound):
		return err
	}
	if err := s.o.NewUncached.PutFrom(ctx, key, src, src.size); err != nil {
		return err
	}
	same, err := s.equal(ctx, key, blob.Info{Size: src.size}, src)
	if err == nil && !same {
		err = errors.Join(ErrDamaged, s.o.New.Delete(ctx, key))
	}
	return err
}

// equal reports whether the new store's blob, described by held, has the bytes of src.
func (s *Store) equal(ctx context.Context, key string, held blob.Info, src *hashingReader) (bool, error) {
	if held.Size != src.size {
		return false, nil
	}
	want, err := src.sum(ctx)
	if err != nil {
		return false, err
	}
	o, err := s.o.NewUncached.Open(ctx, key)
	if err != nil {
		return false, err
	}
	defer o.Body.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, blob.ContextReader(ctx, o.Body))
	if err != nil {
		return false, fmt.Errorf("read back: %w", err)
	}
	return n == src.size && bytes.Equal(sum.Sum(nil), want), nil
}

// hashingReader reads an open blob at any offset and hashes the bytes, as long as they are read from front to back.
type hashingReader struct {
	at   io.ReaderAt
	body io.Closer
	size int64

	mu     sync.Mutex
	hash   hash.Hash
	hashed int64 // bytes that hash has seen
}

func newHashingReader(o blob.Object) *hashingReader {
	t := &hashingReader{body: o.Body, size: o.Size, hash: sha256.New()}
	if o.File != nil {
		t.at = io.NewSectionReader(o.File, o.Offset, o.Size)
	} else {
		t.at = &seekReaderAt{body: o.Body}
	}
	return t
}

// ReadAt reads, and hashes the bytes that continue the hashed part.
func (t *hashingReader) ReadAt(b []byte, offset int64) (int, error) {
	n, err := t.at.ReadAt(b, offset)
	t.mu.Lock()
	defer t.mu.Unlock()
	if end := offset + int64(n); offset <= t.hashed && end > t.hashed {
		t.hash.Write(b[t.hashed-offset : n])
		t.hashed = end
	}
	return n, err
}

// sum returns the hash of the whole blob; bytes that were not read yet, or not in order, are read now.
func (t *hashingReader) sum(ctx context.Context) ([]byte, error) {
	rest := io.NewSectionReader(t, t.hashed, t.size-t.hashed)
	if _, err := io.Copy(io.Discard, blob.ContextReader(ctx, rest)); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if t.hashed != t.size {
		return nil, fmt.Errorf("read: %w", io.ErrUnexpectedEOF)
	}
	return t.hash.Sum(nil), nil
}

// Close closes the blob.
func (t *hashingReader) Close() { _ = t.body.Close() } // opened for reading: an error loses nothing

// seekReaderAt reads at offsets from a body that can only seek. Reading from front to back needs no seek.
type seekReaderAt struct {
	mu   sync.Mutex
	body io.ReadSeeker
	pos  int64
}

// ReadAt seeks unless the read continues the last one.
func (s *seekReaderAt) ReadAt(b []byte, offset int64) (int, error) {
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
