package transcoder

import (
	"context"
	"errors"
	"fmt"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// packRendition puts a complete rendition into Blobs as one blob and gives its head. What is packed there already stays,
// by an earlier attempt or another node, if what we have made fits it.
func (s *Service) packRendition(ctx context.Context, sh *shelf, r media.Rendition) ([]byte, media.Packing, error) {
	a := sh.asset
	in, err := blob.ReadAll(ctx, s.opts.Stage, a.InitKey(r.ID))
	if errors.Is(err, blob.ErrNotFound) {
		defer s.Poke() // it is made again, and then all is packed
		return nil, media.Packing{}, errors.Join(err, s.lostInit(ctx, sh, r.ID, 0))
	}
	if err != nil {
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	head, p, err := makeHead(in, a.Grid, r.Kind, sh.sizes(r.ID))
	if err != nil {
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	there, q, err := packedHead(ctx, s.opts.Blobs, a, r.ID)
	switch {
	case err == nil && string(there[:q.Init]) != string(in):
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, errHeaders)
	case err == nil:
		return there, q, nil
	case errors.Is(err, errDamagedPack):
		s.opts.Logger.Warn("a packed rendition is damaged and will be replaced", "asset", a.ID, "rendition", r.ID, "error", err)
		err = s.opts.Blobs.Delete(ctx, a.PackedKey(r.ID))
	case errors.Is(err, blob.ErrNotFound):
		err = nil
	}
	if err != nil {
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	src := newJoined(ctx, s.opts.Stage, a, r.ID, head, p)
	defer src.Close()
	if err := s.opts.Blobs.PutFrom(ctx, a.PackedKey(r.ID), src, src.size()); err != nil {
		if n, gone := src.missing(); gone {
			sh.lost(r.ID, n)
			s.Poke()
		}
		return nil, media.Packing{}, fmt.Errorf("pack %s: %w", r.ID, err)
	}
	return head, p, nil
}

func (s *shelf) sizes(r id.Rendition) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]int64(nil), s.tracks[r].sizes...)
}

// reshape turns a rendition whose blob is in place into a packed one: from here on viewers read the blob.
func (s *Service) reshape(ctx context.Context, sh *shelf, r id.Rendition, head []byte, p media.Packing) error {
	s.reshaping.Lock()
	defer s.reshaping.Unlock()
	if sh.isPacked(r) {
		return nil
	}
	key := sh.asset.HeadKey(r)
	if err := s.opts.Stage.Delete(ctx, key); err != nil { // of a blob that is no more
		return fmt.Errorf("keep the index of %s: %w", r, err)
	}
	if err := s.opts.Stage.Put(ctx, key, head); err != nil {
		return fmt.Errorf("keep the index of %s: %w", r, err)
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	t := sh.tracks[r]
	t.pack(p)
	t.singles = true
	sh.ring()
	return nil
}
