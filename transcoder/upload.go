package transcoder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder/index"
)

const (
	// maxUploads is how many segments may wait to be uploaded. Later ones are left out: no reader depends on an upload,
	// and packing stores all of them.
	maxUploads = 512
	// uploadAttempts is how often a segment is offered to a storage that fails, with a pause that doubles in between.
	uploadAttempts = 6
)

// upload is a segment that was made just in time and is to be put into Blobs by itself.
type upload struct {
	index     *index.Index
	rendition id.Rendition
	segment   int
}

// queueUpload queues a stored segment for the upload worker. It never blocks.
func (s *Service) queueUpload(r *run, rendition id.Rendition, n int) {
	if !s.opts.UploadJIT || r.class != queue.JIT {
		return
	}
	select {
	case s.uploads <- upload{r.claim.Index(), rendition, n}:
	default:
	}
}

// uploadWorker uploads one segment after another.
func (s *Service) uploadWorker(ctx context.Context) error {
	for {
		select {
		case u := <-s.uploads:
			if err := s.uploadSegment(ctx, u); err != nil && ctx.Err() == nil {
				s.opts.Logger.Warn("upload a segment", "asset", u.index.Asset().ID, "rendition", u.rendition,
					"segment", u.segment, "error", err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// uploadSegment puts a segment into Blobs unless that was done, or its rendition is packed by now.
func (s *Service) uploadSegment(ctx context.Context, u upload) (err error) {
	pause := firstBackoff
	for range uploadAttempts {
		first, ok := u.index.BeginUpload(u.rendition, u.segment)
		if !ok {
			return nil
		}
		err = s.copyToBlobs(ctx, u, first)
		if late := u.index.EndUpload(u.rendition, u.segment, err); late {
			s.finish(u.index.Asset())
			return nil
		}
		if err == nil || errors.Is(err, blob.ErrNotFound) || errors.Is(err, ErrHeaders) {
			return nil // the second: removed from Stage a moment ago; the third: another node began it with another encoder
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// copyToBlobs copies a segment from Stage to Blobs, after the Init Section when it is the first of its rendition.
func (s *Service) copyToBlobs(ctx context.Context, u upload, first bool) error {
	a := u.index.Asset()
	if first {
		if err := s.uploadInit(ctx, a, u.rendition); err != nil {
			return err
		}
	}
	return copyBlob(ctx, s.opts.Stage, s.opts.Blobs, a.SegmentKey(u.rendition, u.segment))
}

// uploadInit copies an Init Section from Stage to Blobs. ErrHeaders says that another is there, whose segments it must not join.
func (s *Service) uploadInit(ctx context.Context, a media.Asset, r id.Rendition) error {
	ours, err := blob.ReadAll(ctx, s.opts.Stage, a.InitKey(r))
	if err != nil {
		return fmt.Errorf("copy the Init Section of %s: %w", r, err)
	}
	err = s.opts.Blobs.Put(ctx, a.InitKey(r), ours)
	if !errors.Is(err, blob.ErrExists) {
		return err
	}
	theirs, err := blob.ReadAll(ctx, s.opts.Blobs, a.InitKey(r))
	if err != nil {
		return fmt.Errorf("compare the Init Section of %s: %w", r, err)
	}
	if !bytes.Equal(ours, theirs) {
		return ErrHeaders
	}
	return nil
}

// copyBlob copies a segment, which fits in memory. That it exists already is no error.
func copyBlob(ctx context.Context, from, to blob.Store, key string) error {
	data, err := blob.ReadAll(ctx, from, key)
	if err != nil {
		return fmt.Errorf("copy %s: %w", key, err)
	}
	return putOnce(ctx, to, key, data)
}
