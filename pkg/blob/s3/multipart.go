package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
)

const (
	minPart  = 5 << 20 // bytes; Amazon's minimum for every part but the last
	maxParts = 10_000
	atOnce   = 3 // parallel parts
	// abortTime is the timeout for aborting a failed upload, also when the caller's context has ended.
	abortTime = 30 * time.Second
)

// putParts writes an object in parts. It becomes visible when the upload is completed.
func (s *Store) putParts(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	// Only the last request is conditional; a HEAD now may save sending all parts.
	if err := s.checkAbsent(ctx, key); err != nil {
		return err
	}
	conditional, err := s.conditional(ctx)
	if err != nil {
		return err
	}
	return s.upload(ctx, s.prefix+key, src, size, s.part, conditional)
}

// upload creates, sends and completes a multipart upload, and aborts it when one of these fails.
func (s *Store) upload(
	ctx context.Context, name string, src io.ReaderAt, size, part int64, conditional bool,
) (err error) {
	opts, ours := writeOptions(name)
	var id string
	if _, err := s.call(ctx, writing, "begin parts", name, func(w *watch) error {
		id, err = s.core.NewMultipartUpload(w.ctx, s.bucket, name, opts)
		return err
	}); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			sweep, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
			defer cancel()
			err = errors.Join(err, s.abort(sweep, name, id))
		}
	}()
	parts, err := s.sendParts(ctx, name, id, src, size, part)
	if err != nil {
		return err
	}
	finish := minio.PutObjectOptions{}
	if conditional {
		finish.SetMatchETagExcept("*")
	}
	tries, err := s.finish(ctx, name, id, parts, finish)
	if conditional && errors.Is(err, ErrLacking) {
		// Some providers support conditions on single-request writes only. The HEAD above has to do.
		tries, err = s.finish(ctx, name, id, parts, minio.PutObjectOptions{})
	}
	return s.writeOutcome(ctx, name, ours, tries, err)
}

func (s *Store) finish(
	ctx context.Context, name, id string, parts []minio.CompletePart, opts minio.PutObjectOptions,
) (tries int, err error) {
	return s.call(ctx, writing, "finish parts", name, func(w *watch) error {
		w.allow(s.times.Finish)
		_, err := s.core.CompleteMultipartUpload(w.ctx, s.bucket, name, id, parts, opts)
		return err
	})
}

// sendParts sends the parts, a few in parallel, and begins none after the first failure. Those on their way are not cut
// off: a server that has read one whole may store it after the upload was aborted, where no list shows it and it is paid
// for.
func (s *Store) sendParts(
	ctx context.Context, name, id string, src io.ReaderAt, size, part int64,
) ([]minio.CompletePart, error) {
	length := max(part, (size+maxParts-1)/maxParts)
	parts := make([]minio.CompletePart, (size+length-1)/length)
	begin, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i := range parts {
		slots <- struct{}{}
		if begin.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			offset := int64(i) * length
			etag, err := s.sendPart(ctx, name, id, i+1, src, offset, min(length, size-offset))
			if err != nil {
				stop(err)
			}
			parts[i] = minio.CompletePart{PartNumber: i + 1, ETag: etag}
		})
	}
	wg.Wait()
	return parts, context.Cause(begin)
}

func (s *Store) sendPart(
	ctx context.Context, name, id string, number int, src io.ReaderAt, offset, size int64,
) (etag string, err error) {
	sum, err := hash(src, offset, size)
	if err != nil {
		return "", err
	}
	_, err = s.call(ctx, writing, "put part", name, func(w *watch) error {
		body := w.uploadBody(src, offset, size)
		defer body.kill()
		part, err := s.core.PutObjectPart(
			w.ctx, s.bucket, name, id, number, body, size,
			minio.PutObjectPartOptions{Sha256Hex: sum, DisableContentSha256: true},
		)
		etag = part.ETag
		return err
	})
	return etag, err
}

// Upload is a multipart upload that is running, or was when its writer died.
type Upload struct {
	Key string
	ID  string
	// Begun is when it was created. Its parts cost money until it is completed or aborted.
	Begun time.Time
}

// Unfinished lists the multipart uploads below the prefix that were created before a time and neither completed nor
// aborted.
func (s *Store) Unfinished(ctx context.Context, before time.Time) ([]Upload, error) {
	var found []Upload
	_, err := s.call(ctx, reading, "list uploads", s.prefix, func(w *watch) error {
		found = nil
		for u := range s.client.ListIncompleteUploads(w.ctx, s.bucket, s.prefix, true) {
			if u.Err != nil {
				return u.Err
			}
			w.allow(w.answer)
			if u.Initiated.Before(before) {
				found = append(found, Upload{Key: u.Key[len(s.prefix):], ID: u.UploadID, Begun: u.Initiated})
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list unfinished uploads: %w", err)
	}
	return found, nil
}

// Abort aborts a multipart upload. Aborting an unknown one is no error.
func (s *Store) Abort(ctx context.Context, u Upload) error {
	if err := s.abort(ctx, s.prefix+u.Key, u.ID); err != nil {
		return fmt.Errorf("abort the upload of blob %q: %w", u.Key, err)
	}
	return nil
}

func (s *Store) abort(ctx context.Context, name, id string) error {
	_, err := s.call(ctx, writing, "abort parts", name, func(w *watch) error {
		return s.core.AbortMultipartUpload(w.ctx, s.bucket, name, id)
	})
	if errors.Is(err, errNoUpload) {
		return nil
	}
	return err
}
