package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"movify/pkg/blob"
	"movify/pkg/media"
	"movify/transcoder/index"
)

// finishAsset does all that is left to do with the stored segments of an asset: it adopts those of Blobs, packs every
// rendition that is complete, removes the loose segments of those that are packed, and marks an asset that is complete.
// Each step leaves the asset playable, and a later call goes on after any crash.
func (s *Service) finishAsset(ctx context.Context, a media.Asset) error {
	x, err := s.index(ctx, a)
	if err != nil {
		return err
	}
	if err := s.adopt(ctx, x); err != nil {
		return err
	}
	var errs []error
	for _, r := range a.Ladder.Renditions {
		if err := s.finishRendition(ctx, x, r); err != nil {
			errs = append(errs, err) // one that cannot be packed holds up no other
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return s.markComplete(ctx, x)
}

func (s *Service) finishRendition(ctx context.Context, x *index.Index, r media.Rendition) error {
	state := x.PackState(r.ID)
	if !state.Complete {
		return nil
	}
	if !state.Packed {
		head, p, err := s.packRendition(ctx, x, r)
		if err != nil {
			return err
		}
		if err := s.publishPacked(ctx, x, r.ID, head, p); err != nil {
			return err
		}
	} else if !state.Leftovers {
		return nil
	}
	if err := s.removeUploaded(ctx, x, r.ID); err != nil {
		return err
	}
	s.packing.Lock()
	defer s.packing.Unlock()
	if !x.IsPacked(r.ID) {
		return nil // its blob was found gone meanwhile
	}
	return s.removeLoose(ctx, x, r.ID)
}

// markComplete stores the completion mark when every rendition is packed and nothing is left to remove; the measures in
// it are for people.
func (s *Service) markComplete(ctx context.Context, x *index.Index) error {
	if !x.AllPacked() {
		return nil
	}
	a := x.Asset()
	marked, err := s.staged(ctx, a.CompleteKey())
	if err != nil {
		return err
	}
	if !marked {
		text, err := json.Marshal(x.Measures())
		if err != nil {
			return fmt.Errorf("encode measures: %w", err)
		}
		for _, at := range [...]blob.Store{s.opts.Blobs, s.opts.Stage} {
			if err := putOnce(ctx, at, a.CompleteKey(), text); err != nil {
				return fmt.Errorf("mark %s complete: %w", a.ID, err)
			}
		}
	}
	s.markFinished(a.ID)
	s.publishProgress(a.ID)
	return nil
}
