package transcoder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/queue"
)

const (
	// shareAtMost is how many segments may wait to be shared. More are left out: sharing is a courtesy, and packing
	// brings them all.
	shareAtMost = 512
	// shareTries is how often a segment is offered to a storage in trouble, with a pause that doubles in between.
	shareTries = 6
)

// shareable is a segment that was made just in time.
type shareable struct {
	shelf     *shelf
	rendition id.Rendition
	segment   int
}

// share offers a stored segment to be put into Blobs too. It never blocks.
func (s *Service) share(r *run, rendition id.Rendition, n int) {
	if !s.opts.Share || r.class != queue.JIT {
		return
	}
	select {
	case s.sharing <- shareable{r.shelf, rendition, n}:
	default:
	}
}

// shareLane shares one segment after another.
func (s *Service) shareLane(ctx context.Context) error {
	for {
		select {
		case x := <-s.sharing:
			if err := s.shareOne(ctx, x); err != nil && ctx.Err() == nil {
				s.opts.Logger.Warn("a segment was not shared", "asset", x.shelf.asset.ID, "rendition", x.rendition, "segment", x.segment, "error", err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// shareOne puts a segment into Blobs unless that was done, or its rendition is packed by now.
func (s *Service) shareOne(ctx context.Context, x shareable) (err error) {
	pause := firstPause
	for range shareTries {
		first, ok := x.shelf.beginShare(x.rendition, x.segment)
		if !ok {
			return nil
		}
		err = s.copyUp(ctx, x, first)
		if late := x.shelf.endShare(x.rendition, x.segment, err); late {
			s.finish(x.shelf.asset)
			return nil
		}
		if err == nil || errors.Is(err, blob.ErrNotFound) { // lost a moment ago
			return nil
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

// copyUp copies a segment from Stage to Blobs, after the Init Section when it is the first of its rendition.
func (s *Service) copyUp(ctx context.Context, x shareable, first bool) error {
	a := x.shelf.asset
	if first {
		if err := copyBlob(ctx, s.opts.Stage, s.opts.Blobs, a.InitKey(x.rendition)); err != nil {
			return err
		}
	}
	return copyBlob(ctx, s.opts.Stage, s.opts.Blobs, a.SegmentKey(x.rendition, x.segment))
}

// copyBlob copies a segment, which fits in memory. That it is there already is fine.
func copyBlob(ctx context.Context, from, to blob.Store, key string) error {
	data, err := blob.ReadAll(ctx, from, key)
	if err != nil {
		return fmt.Errorf("copy %s: %w", key, err)
	}
	return putOnce(ctx, to, key, data)
}

// beginShare marks a segment as shared; first tells that it is the first of its rendition. ok is false when there is
// nothing to share.
func (s *shelf) beginShare(r id.Rendition, n int) (first, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	if t.packed != nil || !t.has(n) || t.shared[n] {
		return false, false
	}
	first = len(t.shared) == 0
	t.shared[n] = true
	return first, true
}

// endShare notes what came of it: a failure may hide that the segment was stored. late tells that the rendition was
// packed meanwhile, so that it has to be taken back.
func (s *shelf) endShare(r id.Rendition, n int, err error) (late bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	if err != nil {
		delete(t.shared, n)
		t.strays = true
	}
	if t.packed == nil {
		return false
	}
	t.strays, t.singles = true, true
	return true
}
