package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"path"

	"github.com/minio/minio-go/v7"

	"movify/pkg/blob"
)

// writeIDKey is the metadata key of the ID that a write leaves on its object. An attempt without a response may have
// written the object; the next attempt is then refused, and the ID tells whether the object is its own.
const writeIDKey = "Movify-Write"

// knowledge says how the provider treats the condition on a write.
type knowledge int

const (
	unknown knowledge = iota
	honoured
	ignored
)

// Put stores data in one request, after a HEAD where the provider ignores conditions.
func (s *Store) Put(ctx context.Context, key string, data []byte) error {
	return s.PutFrom(ctx, key, bytes.NewReader(data), int64(len(data)))
}

// PutFrom stores src: in one request up to the part size, else in parts. src is read twice, first for the hash with
// which the storage verifies the body.
func (s *Store) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	err := check(ctx, key)
	if err == nil && len(s.prefix)+len(key) > maxKey {
		err = fmt.Errorf("%w: longer than %d bytes with its prefix", blob.ErrBadKey, maxKey)
	}
	if err == nil {
		err = s.put(ctx, key, src, size)
	}
	if err != nil {
		return fmt.Errorf("put blob %q: %w", key, err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	if size > s.part {
		return s.putParts(ctx, key, src, size)
	}
	sum, err := hash(src, 0, size)
	if err != nil {
		return err
	}
	conditional, err := s.conditional(ctx)
	if err != nil {
		return err
	}
	if !conditional {
		if err := s.checkAbsent(ctx, key); err != nil {
			return err
		}
	}
	return s.putWhole(ctx, s.prefix+key, src, size, sum, conditional)
}

// putWhole writes an object in one request; a conditional one never replaces an object.
func (s *Store) putWhole(
	ctx context.Context, name string, src io.ReaderAt, size int64, sum string, conditional bool,
) error {
	opts, ours := writeOptions(name)
	if conditional {
		opts.SetMatchETagExcept("*")
	}
	tries, err := s.call(ctx, writing, "put", name, func(w *watch) error {
		body := w.uploadBody(src, 0, size)
		defer body.kill()
		_, err := s.core.PutObject(w.ctx, s.bucket, name, body, size, "", sum, opts)
		return err
	})
	return s.writeOutcome(ctx, name, ours, tries, err)
}

// writeOptions returns the options of a write, and the ID it leaves.
func writeOptions(name string) (opts minio.PutObjectOptions, ours string) {
	ours = rand.Text()
	opts = minio.PutObjectOptions{
		ContentType:  mime.TypeByExtension(path.Ext(name)),
		UserMetadata: map[string]string{writeIDKey: ours},
		// The request has the hash of the whole body; minio-go would hash each chunk again.
		DisableContentSha256: true,
	}
	return opts, ours
}

// writeOutcome returns the result of a write that may have been attempted more than once: an object under the key is
// another writer's, or that of an earlier attempt.
func (s *Store) writeOutcome(ctx context.Context, name, ours string, tries int, err error) error {
	gone := errors.Is(err, errNoUpload)
	if !gone && !errors.Is(err, errCondition) {
		return err
	}
	if tries > 1 {
		o, statErr := s.head(ctx, name)
		if errors.Is(statErr, blob.ErrNotFound) {
			return because(ErrFailing, err) // deleted since: its writer is not known
		}
		if statErr != nil {
			return statErr
		}
		if o.UserMetadata[writeIDKey] == ours {
			return nil
		}
	}
	if gone {
		return because(ErrFailing, err) // another process aborted the upload
	}
	return blob.ErrExists
}

// checkAbsent is nil when the key holds nothing.
func (s *Store) checkAbsent(ctx context.Context, key string) error {
	_, err := s.stat(ctx, key)
	switch {
	case err == nil:
		return blob.ErrExists
	case errors.Is(err, blob.ErrNotFound):
		return nil
	}
	return err
}

// conditional reports whether the provider honours the condition on a write; else a write needs a HEAD first. The first
// write finds out: a provider that ignores the condition does not say so, so a small object of the engine is written
// twice, and the second write must be refused.
func (s *Store) conditional(ctx context.Context) (bool, error) {
	select {
	case s.probing <- struct{}{}:
		defer func() { <-s.probing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if s.known == unknown {
		known, err := s.probe(ctx)
		if err != nil {
			return false, err
		}
		s.known = known
	}
	return s.known == honoured, nil
}

func (s *Store) probe(ctx context.Context) (knowledge, error) {
	name := s.prefix + ownDir + "/write-once-" + rand.Text()
	data := bytes.NewReader([]byte("Movify asks whether a second write is refused."))
	sum, err := hash(data, 0, data.Size())
	if err != nil {
		return unknown, err
	}
	err = s.putWhole(ctx, name, data, data.Size(), sum, true)
	if err == nil {
		err = s.putWhole(ctx, name, data, data.Size(), sum, true)
		// Removed also when the caller's context has ended; if that fails, the name tells that it is the engine's.
		_ = s.remove(context.WithoutCancel(ctx), name)
	}
	switch {
	case errors.Is(err, blob.ErrExists):
		return honoured, nil
	case err == nil, errors.Is(err, ErrLacking):
		return ignored, nil
	}
	return unknown, err
}

// hash returns the SHA-256 of size bytes of src, in hex, and an error when src has fewer.
func hash(src io.ReaderAt, offset, size int64) (string, error) {
	h := sha256.New()
	n, err := io.Copy(h, io.NewSectionReader(src, offset, size))
	if err == nil && n < size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return "", fmt.Errorf("read the source: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
