package transcoder

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Packing tells where things lie in a rendition's packed blob; ok is false while it is made of single segments.
func (s *Service) Packing(a media.Asset, r id.Rendition) (p media.Packing, ok bool) {
	sh, err := s.shelf(context.Background(), a)
	if err != nil {
		s.opts.Logger.Error("look for a packed rendition", "asset", a.ID, "error", err)
		return media.Packing{}, false
	}
	packed := sh.packing(r)
	if packed == nil {
		return media.Packing{}, false
	}
	return *packed, true
}

// packing is nil while a rendition, if it is one of the asset's, is made of single segments.
func (s *shelf) packing(r id.Rendition) *media.Packing {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tracks[r]; ok {
		return t.packed
	}
	return nil
}

func (s *shelf) isPacked(r id.Rendition) bool { return s.packing(r) != nil }

// openSegment opens a stored segment where it is now. After blob.ErrNotFound the index has learned of it: the caller
// looks again.
func (s *Service) openSegment(ctx context.Context, sh *shelf, r id.Rendition, n int) (blob.Object, error) {
	p := sh.packing(r)
	if p == nil {
		o, err := s.opts.Stage.Open(ctx, sh.asset.SegmentKey(r, n))
		if errors.Is(err, blob.ErrNotFound) {
			sh.lost(r, n) // nothing happens to one that was packed a moment ago
		}
		return o, err
	}
	offset, length := p.Segment(n)
	return s.openPacked(ctx, sh, r, p, offset, length)
}

// openInit is openSegment for the Init Section. near is the segment that is given up when it is gone.
func (s *Service) openInit(ctx context.Context, sh *shelf, r id.Rendition, near int) (blob.Object, error) {
	p := sh.packing(r)
	if p == nil {
		o, err := s.opts.Stage.Open(ctx, sh.asset.InitKey(r))
		if !errors.Is(err, blob.ErrNotFound) || sh.isPacked(r) {
			return o, err
		}
		if failed := s.lostInit(ctx, sh, r, near); failed != nil {
			return blob.Object{}, failed
		}
		return blob.Object{}, err
	}
	o, err := s.opts.Stage.OpenRange(ctx, sh.asset.HeadKey(r), 0, p.Init)
	if errors.Is(err, blob.ErrNotFound) {
		return s.openPacked(ctx, sh, r, p, 0, p.Init)
	}
	return o, err
}

// openPacked opens a part of a packed rendition. One that is gone, or shorter than its index says, is given up.
func (s *Service) openPacked(ctx context.Context, sh *shelf, r id.Rendition, p *media.Packing, offset, length int64) (blob.Object, error) {
	o, err := s.opts.Blobs.OpenRange(ctx, sh.asset.PackedKey(r), offset, length)
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrRange) {
		if err := s.lostPack(ctx, sh, r, p); err != nil {
			return blob.Object{}, err
		}
		return blob.Object{}, fmt.Errorf("%w: %w", blob.ErrNotFound, err)
	}
	return o, err
}

// lostInit takes an Init Section off the index whose bytes are gone. Only a run brings a new one, and only a missing
// segment brings a run: the one at hand is given up for it.
func (s *Service) lostInit(ctx context.Context, sh *shelf, r id.Rendition, near int) error {
	if err := s.opts.Stage.Delete(ctx, sh.asset.SegmentKey(r, near)); err != nil {
		return fmt.Errorf("make %s again: %w", r, err)
	}
	sh.lost(r, near)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if t := sh.tracks[r]; t.packed == nil {
		t.init, t.initSum = false, [sha256.Size]byte{}
	}
	return nil
}

// lostPack takes a packed rendition off the index whose blob is gone; all of it is made again. What the index knew must
// be gone from Stage first: a restart in between must not believe it.
func (s *Service) lostPack(ctx context.Context, sh *shelf, r id.Rendition, p *media.Packing) error {
	s.reshaping.Lock()
	defer s.reshaping.Unlock()
	if sh.packing(r) != p {
		return nil // somebody else was here first
	}
	a := sh.asset
	s.opts.Logger.Warn("a packed rendition is gone, it will be made again", "asset", a.ID, "rendition", r)
	for _, key := range [...]string{a.Prefix + wholeName, a.HeadKey(r)} {
		if err := s.opts.Stage.Delete(ctx, key); err != nil {
			return fmt.Errorf("give up the packed %s: %w", r, err)
		}
	}
	if err := s.clearSingles(ctx, sh, r); err != nil {
		return err
	}
	sh.unpack(r)
	s.unsettle(a.ID)
	s.Poke()
	return nil
}

// unpack makes a track an empty one.
func (s *shelf) unpack(r id.Rendition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	t.packed, t.init, t.initSum, t.stored = nil, false, [sha256.Size]byte{}, 0
	clear(t.sizes)
	s.ring()
}
