package transcoder

import (
	"context"
	"errors"
	"fmt"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder/index"
)

// Packing gives the layout of a rendition's packed blob; ok is false while the rendition is made of loose segments.
func (s *Service) Packing(a media.Asset, r id.Rendition) (p media.Packing, ok bool) {
	x, err := s.index(context.Background(), a)
	if err != nil {
		s.opts.Logger.Error("load the index of an asset", "asset", a.ID, "error", err)
		return media.Packing{}, false
	}
	packed := x.Packing(r)
	if packed == nil {
		return media.Packing{}, false
	}
	return *packed, true
}

// openSegment opens a stored segment in Stage or as a range of the packed blob. blob.ErrNotFound says that it was not
// there; the index is right again by then, and the caller awaits the segment again.
func (s *Service) openSegment(ctx context.Context, x *index.Index, r id.Rendition, n int) (blob.Object, error) {
	p := x.Packing(r)
	if p == nil {
		o, err := s.opts.Stage.Open(ctx, x.Asset().SegmentKey(r, n))
		if errors.Is(err, blob.ErrNotFound) {
			x.Remove(r, n) // no effect on one that was packed a moment ago
		}
		return o, err
	}
	offset, length := p.Segment(n)
	return s.openPacked(ctx, x, r, p, offset, length)
}

// openInit is openSegment for the Init Section.
func (s *Service) openInit(ctx context.Context, x *index.Index, r id.Rendition) (blob.Object, error) {
	p := x.Packing(r)
	if p == nil {
		o, err := s.opts.Stage.Open(ctx, x.Asset().InitKey(r))
		if !errors.Is(err, blob.ErrNotFound) || x.IsPacked(r) {
			return o, err
		}
		if failed := s.dropInit(ctx, x, r); failed != nil {
			return blob.Object{}, failed
		}
		return blob.Object{}, err
	}
	o, err := s.opts.Stage.OpenRange(ctx, x.Asset().HeadKey(r), 0, p.Init)
	if errors.Is(err, blob.ErrNotFound) {
		return s.openPacked(ctx, x, r, p, 0, p.Init)
	}
	return o, err
}

// openPacked opens a range of a packed rendition. A blob that is gone, or shorter than its segment index says, is
// dropped.
func (s *Service) openPacked(
	ctx context.Context, x *index.Index, r id.Rendition, p *media.Packing, offset, length int64,
) (blob.Object, error) {
	o, err := s.opts.Blobs.OpenRange(ctx, x.Asset().PackedKey(r), offset, length)
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrRange) {
		if err := s.dropPacked(ctx, x, r, p); err != nil {
			return blob.Object{}, err
		}
		return blob.Object{}, fmt.Errorf("%w: %w", blob.ErrNotFound, err)
	}
	return o, err
}

// errInitGone ends the runs of a rendition whose Init Section is gone.
var errInitGone = errors.New("the Init Section of a rendition is gone")

// dropInit removes a rendition from the index whose Init Section is gone: its segments are made again, with the Init Section that
// the next run stores. That may be another one, by which the old segments would decode to garbage. So the runs that made
// them have ended before they are deleted.
func (s *Service) dropInit(ctx context.Context, x *index.Index, r id.Rendition) error {
	s.packing.Lock()
	defer s.packing.Unlock()
	a := x.Asset()
	if there, err := s.staged(ctx, a.InitKey(r)); err != nil || there || x.IsPacked(r) {
		return err // another caller has dropped it, and a run has stored it again
	}
	s.opts.Logger.Warn("an Init Section is gone, its segments will be made again", "asset", a.ID, "rendition", r)
	x.RemoveInit(r)
	if err := s.endRunsOf(ctx, a.ID, r, errInitGone); err != nil {
		return err
	}
	for n := range a.Grid.Segments() {
		if err := s.opts.Stage.Delete(ctx, a.SegmentKey(r, n)); err != nil {
			return fmt.Errorf("make %s again: %w", r, err)
		}
		x.Remove(r, n)
	}
	s.quota.set(a.ID, x.StagedBytes())
	return nil
}

// dropPacked removes a packed rendition from the index whose blob is gone; all of it is made again. Its head, its loose
// segments and the completion mark are deleted from Stage first: an index that a restart loads meanwhile must not have
// them.
func (s *Service) dropPacked(ctx context.Context, x *index.Index, r id.Rendition, p *media.Packing) error {
	s.packing.Lock()
	defer s.packing.Unlock()
	if x.Packing(r) != p {
		return nil // another caller has dropped it
	}
	a := x.Asset()
	s.opts.Logger.Warn("a packed rendition is gone, it will be made again", "asset", a.ID, "rendition", r)
	for _, key := range [...]string{a.CompleteKey(), a.HeadKey(r)} {
		if err := s.opts.Stage.Delete(ctx, key); err != nil {
			return fmt.Errorf("drop the packed %s: %w", r, err)
		}
	}
	if err := s.removeLoose(ctx, x, r); err != nil {
		return err
	}
	x.RemovePacked(r)
	s.markUnfinished(a.ID)
	s.Poke()
	return nil
}
