package transcoder

import (
	"context"
	"errors"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Packed opens length bytes of a packed rendition from offset on, which should lie in one segment or before all of
// them. It is ErrNoSegment when the rendition is not packed.
func (s *Service) Packed(
	ctx context.Context, viewer id.Session, a media.Asset, r id.Rendition, offset, length int64,
) (blob.Object, error) {
	x, err := s.index(ctx, a)
	if err != nil {
		return blob.Object{}, err
	}
	p := x.Packing(r)
	if p == nil {
		return blob.Object{}, ErrNoSegment
	}
	if offset+length <= p.Head() {
		o, err := s.opts.Stage.OpenRange(ctx, a.HeadKey(r), offset, length)
		if !errors.Is(err, blob.ErrNotFound) {
			return o, err
		}
	} else if rendition, ok := x.Asset().Ladder.Find(r); ok {
		s.touch(viewer, x.Asset(), rendition, p.At(offset))
	}
	o, err := s.openPacked(ctx, x, r, p, offset, length)
	if errors.Is(err, blob.ErrNotFound) {
		// It will be made again with other byte offsets: a player that has the old segment index cannot go on.
		return blob.Object{}, ErrNoSegment.Because(err)
	}
	return o, err
}

// Touch records that a session reads segment n of a rendition from the store directly.
func (s *Service) Touch(viewer id.Session, a media.Asset, r id.Rendition, n int) {
	x, err := s.index(context.Background(), a)
	if err != nil {
		s.opts.Logger.Error("record the position of a viewer", "asset", a.ID, "error", err)
		return
	}
	if rendition, ok := x.Asset().Ladder.Find(r); ok {
		s.touch(viewer, x.Asset(), rendition, n)
	}
}
