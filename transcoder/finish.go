package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// wholeName is the file that says that every segment of an asset is stored and packed, so that nobody has to look.
const wholeName = "whole.json"

// finishAsset does all that is left to do with what is stored of an asset: it learns what Blobs already has, packs every
// rendition that is complete, removes the single segments of those that are packed, and marks an asset that is whole.
// Each step leaves the asset playable, and a later call goes on after any crash.
func (s *Service) finishAsset(ctx context.Context, a media.Asset) error {
	sh, err := s.shelf(ctx, a)
	if err != nil {
		return err
	}
	if err := s.adopt(ctx, sh); err != nil {
		return err
	}
	var errs []error
	for _, r := range a.Ladder.Renditions {
		if err := s.finishRendition(ctx, sh, r); err != nil {
			errs = append(errs, err) // one that cannot be packed holds up no other
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return s.markWhole(ctx, sh)
}

// unfinished reports whether finishAsset has something to do that it can.
func (s *shelf) unfinished() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	packed := 0
	for _, t := range s.tracks {
		if t.complete() && (t.packed == nil || t.leftovers()) {
			return true
		}
		if t.packed != nil {
			packed++
		}
	}
	return packed == len(s.tracks) // only the mark is missing
}

// leftovers reports whether a packed rendition may have single segments somewhere.
func (t *track) leftovers() bool { return t.singles || t.strays }

func (s *Service) finishRendition(ctx context.Context, sh *shelf, r media.Rendition) error {
	sh.mu.Lock()
	t := sh.tracks[r.ID]
	complete, packed, left := t.complete(), t.packed != nil, t.leftovers()
	sh.mu.Unlock()
	if !complete {
		return nil
	}
	if !packed {
		head, p, err := s.packRendition(ctx, sh, r)
		if err != nil {
			return err
		}
		if err := s.reshape(ctx, sh, r.ID, head, p); err != nil {
			return err
		}
		left = true
	}
	if !left {
		return nil
	}
	if err := s.clearShared(ctx, sh, r.ID); err != nil {
		return err
	}
	s.reshaping.Lock()
	defer s.reshaping.Unlock()
	if !sh.isPacked(r.ID) {
		return nil // its blob vanished meanwhile
	}
	return s.clearSingles(ctx, sh, r.ID)
}

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

// clearSingles removes a packed rendition's single segments from Stage, the Init Section last: segments without it are
// of no use to anybody. The caller holds reshaping.
func (s *Service) clearSingles(ctx context.Context, sh *shelf, r id.Rendition) error {
	a := sh.asset
	sh.mu.Lock()
	sh.tracks[r].singles = false // one that lands while we are at it says so again
	sh.mu.Unlock()
	keys := make([]string, 0, a.Grid.Segments()+1)
	for n := range a.Grid.Segments() {
		keys = append(keys, a.SegmentKey(r, n))
	}
	for _, key := range append(keys, a.InitKey(r)) {
		if err := s.opts.Stage.Delete(ctx, key); err != nil {
			sh.mu.Lock()
			sh.tracks[r].singles = true
			sh.mu.Unlock()
			return fmt.Errorf("remove the single segments of %s: %w", r, err)
		}
	}
	sh.mu.Lock()
	sh.tracks[r].staged = 0
	sh.mu.Unlock()
	s.room.set(a.ID, sh.stagedBytes())
	return nil
}

// clearShared removes a packed rendition's single segments from Blobs: those that are known, or all that a listing finds
// when others may be there. One that is put there meanwhile says so when it is done.
func (s *Service) clearShared(ctx context.Context, sh *shelf, r id.Rendition) error {
	keys, strays := sh.takeShared(r)
	if strays {
		var err error
		if keys, err = s.strayKeys(ctx, sh.asset, r); err != nil {
			sh.stray(r)
			return err
		}
	}
	for _, key := range keys {
		if err := s.opts.Blobs.Delete(ctx, key); err != nil {
			sh.stray(r)
			return fmt.Errorf("remove shared segments of %s: %w", r, err)
		}
	}
	return nil
}

// takeShared gives the keys of what a rendition is known to have in Blobs piece by piece, and whether there may be more,
// and forgets both.
func (s *shelf) takeShared(r id.Rendition) (keys []string, strays bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	for n := range t.shared {
		keys = append(keys, s.asset.SegmentKey(r, n))
	}
	if len(keys) > 0 {
		keys = append(keys, s.asset.InitKey(r))
	}
	strays, t.strays = t.strays, false
	clear(t.shared)
	return keys, strays
}

// strayKeys lists what a rendition has in Blobs piece by piece.
func (s *Service) strayKeys(ctx context.Context, a media.Asset, r id.Rendition) (keys []string, err error) {
	for info, err := range s.opts.Blobs.List(ctx, a.Prefix+string(r)+"/") {
		if err != nil {
			return nil, fmt.Errorf("look for single segments of %s: %w", r, err)
		}
		if isSingle(path.Base(info.Key)) {
			keys = append(keys, info.Key)
		}
	}
	return keys, nil
}

// isSingle reports whether a file name is one that packing makes superfluous.
func isSingle(name string) bool {
	_, segment := media.ParseSegmentName(name)
	return segment || name == media.InitName
}

// markWhole leaves the mark when every rendition is packed and nothing else is left; the measures in it are for people.
func (s *Service) markWhole(ctx context.Context, sh *shelf) error {
	if !sh.allPacked() {
		return nil
	}
	marked, err := s.staged(ctx, sh.asset, wholeName)
	if err != nil {
		return err
	}
	if !marked {
		text, err := json.Marshal(sh.measures())
		if err != nil {
			return fmt.Errorf("encode measures: %w", err)
		}
		for _, at := range [...]blob.Store{s.opts.Blobs, s.opts.Stage} {
			if err := putOnce(ctx, at, sh.asset.Prefix+wholeName, text); err != nil {
				return fmt.Errorf("mark %s whole: %w", sh.asset.ID, err)
			}
		}
	}
	s.markSettled(sh.asset.ID)
	s.announce(sh.asset.ID)
	return nil
}

func (s *shelf) allPacked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tracks {
		if t.packed == nil || t.leftovers() {
			return false
		}
	}
	return true
}
