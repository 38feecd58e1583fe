package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"movify/pkg/blob"
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
