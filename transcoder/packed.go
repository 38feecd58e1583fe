package transcoder

import (
	"context"
	"errors"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Packed opens length bytes of a packed rendition from offset on, which should lie in one segment or before all of them.
// It is ErrNoSegment when nothing is packed.
func (s *Service) Packed(ctx context.Context, viewer id.Session, a media.Asset, r id.Rendition, offset, length int64) (blob.Object, error) {
	sh, err := s.shelf(ctx, a)
	if err != nil {
		return blob.Object{}, err
	}
	p := sh.packing(r)
	if p == nil {
		return blob.Object{}, ErrNoSegment
	}
	if offset+length <= p.Head() {
		o, err := s.opts.Stage.OpenRange(ctx, a.HeadKey(r), offset, length)
		if !errors.Is(err, blob.ErrNotFound) {
			return o, err
		}
	} else {
		s.look(viewer, sh, sh.tracks[r].rendition, p.At(offset))
	}
	o, err := s.openPacked(ctx, sh, r, p, offset, length)
	if errors.Is(err, blob.ErrNotFound) {
		// It will be made again, but not byte by byte: who plays it by the old index cannot go on.
		return blob.Object{}, ErrNoSegment.Because(err)
	}
	return o, err
}

// Look notes that a session reads segment n of a rendition elsewhere.
func (s *Service) Look(viewer id.Session, a media.Asset, r id.Rendition, n int) {
	sh, err := s.shelf(context.Background(), a)
	if err != nil {
		s.opts.Logger.Error("note what a viewer looks at", "asset", a.ID, "error", err)
		return
	}
	if t, ok := sh.tracks[r]; ok {
		s.look(viewer, sh, t.rendition, n)
	}
}
