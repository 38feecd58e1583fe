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

// packRendition puts a complete rendition into Blobs as one blob and gives its head. A blob that is there already, by
// an earlier attempt or another node, stays if its Init Section is the one in Stage.
func (s *Service) packRendition(ctx context.Context, x *index.Index, r media.Rendition) ([]byte, media.Packing, error) {
	a := x.Asset()
	in, err := blob.ReadAll(ctx, s.opts.Stage, a.InitKey(r.ID))
	if errors.Is(err, blob.ErrNotFound) {
		defer s.Poke() // for the run that makes it again
		return nil, media.Packing{}, errors.Join(err, s.dropInit(ctx, x, r.ID))
	}
	if err != nil {
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	head, p, err := makeHead(in, a.Grid, r.Kind, x.Sizes(r.ID))
	if err != nil {
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	there, q, err := packedHead(ctx, s.opts.Blobs, a, r.ID)
	switch {
	case err == nil && string(there[:q.Init]) != string(in):
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, ErrHeaders)
	case err == nil:
		return there, q, nil
	case errors.Is(err, errDamagedPack):
		s.opts.Logger.Warn("a packed rendition is damaged and will be replaced", "asset", a.ID, "rendition", r.ID,
			"error", err)
		err = s.opts.Blobs.Delete(ctx, a.PackedKey(r.ID))
	case errors.Is(err, blob.ErrNotFound):
		err = nil
	}
	if err != nil {
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	src := newPackReader(ctx, s.opts.Stage, a, r.ID, head, p)
	defer src.Close()
	if err := s.opts.Blobs.PutFrom(ctx, a.PackedKey(r.ID), src, src.size()); err != nil {
		if n, gone := src.missing(); gone {
			x.Remove(r.ID, n)
			s.Poke()
		}
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	return head, p, nil
}

// publishPacked makes a rendition a packed one whose blob is in place: its head goes to Stage, and from here on viewers
// read the blob.
func (s *Service) publishPacked(
	ctx context.Context, x *index.Index, r id.Rendition, head []byte, p media.Packing,
) error {
	s.packing.Lock()
	defer s.packing.Unlock()
	if x.IsPacked(r) {
		return nil
	}
	key := x.Asset().HeadKey(r)
	if err := s.opts.Stage.Delete(ctx, key); err != nil { // the head of a blob that is gone
		return fmt.Errorf("store the head of %s: %w", r, err)
	}
	if err := s.opts.Stage.Put(ctx, key, head); err != nil {
		return fmt.Errorf("store the head of %s: %w", r, err)
	}
	x.SetPacked(r, p)
	return nil
}
