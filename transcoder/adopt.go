package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder/index"
)

// errStageFull puts off an adoption that would copy segments to Stage.
var errStageFull = errors.New("too many segments wait to be packed already")

// adopt brings the renditions of an asset into Stage that only Blobs has: the data folder was lost, another node made
// them, or an earlier version stored single segments there. The heads of packed renditions are read by their keys; only
// when one is missing are the single segments listed, and copied. The plan comes last: with it the adoption is done.
func (s *Service) adopt(ctx context.Context, x *index.Index) error {
	a := x.Asset()
	adopted, err := s.staged(ctx, a.PlanKey())
	if err != nil || adopted {
		return err
	}
	unpacked := map[id.Rendition]bool{}
	for _, r := range a.Ladder.Renditions {
		head, p, err := packedHead(ctx, s.opts.Blobs, a, r.ID)
		switch {
		case errors.Is(err, blob.ErrNotFound):
			unpacked[r.ID] = true
		case errors.Is(err, errDamagedPack): // replaced when it is made again
			s.opts.Logger.Warn("a packed rendition cannot be used", "asset", a.ID, "rendition", r.ID, "error", err)
		case err != nil:
			return fmt.Errorf("look for a packed %s: %w", r.ID, err)
		default:
			if err := s.publishPacked(ctx, x, r.ID, head, p); err != nil {
				return err
			}
		}
	}
	if len(unpacked) > 0 {
		if err := s.adoptSegments(ctx, x, unpacked); err != nil {
			return err
		}
	}
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode plan of %s: %w", a.ID, err)
	}
	return putOnce(ctx, s.opts.Stage, a.PlanKey(), text)
}

// adoptSoon makes an asset that was asked for the next to be adopted, if it is not yet.
func (s *Service) adoptSoon(ctx context.Context, a media.Asset) error {
	adopted, err := s.staged(ctx, a.PlanKey())
	if err != nil || adopted {
		return err
	}
	s.finish(a)
	s.finishQueue.prioritize(fingerprintOf(a.ID))
	return nil
}

// adoptSegments copies the single segments of some renditions from Blobs to Stage. Those of a rendition without an Init
// Section in Blobs, or with another than in Stage, are not copied.
func (s *Service) adoptSegments(ctx context.Context, x *index.Index, of map[id.Rendition]bool) error {
	a := x.Asset()
	if full, theirs := s.stageFull(a.ID); full && theirs == 0 {
		return errStageFull
	}
	segments := map[id.Rendition][]int{}
	inits := map[id.Rendition]bool{}
	for info, err := range s.opts.Blobs.List(ctx, a.Prefix) {
		if err != nil {
			return fmt.Errorf("list the single segments of %s: %w", a.ID, err)
		}
		dir, name := path.Split(strings.TrimPrefix(info.Key, a.Prefix))
		r := id.Rendition(strings.TrimSuffix(dir, "/"))
		if n, ok := media.ParseSegmentName(name); ok && n < a.Grid.Segments() && of[r] {
			segments[r] = append(segments[r], n)
		} else if name == media.InitName {
			inits[r] = true
		}
	}
	for r, numbers := range segments {
		x.AddOrphans(r)
		if !inits[r] {
			continue
		}
		if err := s.adoptRendition(ctx, x, r, numbers); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) adoptRendition(ctx context.Context, x *index.Index, r id.Rendition, segments []int) error {
	a := x.Asset()
	theirs, err := blob.ReadAll(ctx, s.opts.Blobs, a.InitKey(r))
	if err != nil {
		return fmt.Errorf("adopt %s: %w", r, err)
	}
	if err := putOnce(ctx, s.opts.Stage, a.InitKey(r), theirs); err != nil {
		return err
	}
	ours, err := blob.ReadAll(ctx, s.opts.Stage, a.InitKey(r))
	if err != nil {
		return fmt.Errorf("adopt %s: %w", r, err)
	}
	if string(ours) != string(theirs) {
		return nil
	}
	for _, n := range segments {
		key := a.SegmentKey(r, n)
		data, err := blob.ReadAll(ctx, s.opts.Blobs, key)
		if errors.Is(err, blob.ErrNotFound) {
			continue // another node packed it a moment ago
		}
		if err != nil {
			return fmt.Errorf("adopt %s: %w", key, err)
		}
		switch err := s.opts.Stage.Put(ctx, key, data); {
		case err == nil:
			x.Adopt(r, n, int64(len(data)))
		case !errors.Is(err, blob.ErrExists):
			return fmt.Errorf("adopt %s: %w", key, err)
		}
	}
	s.quota.set(a.ID, x.StagedBytes())
	return nil
}
