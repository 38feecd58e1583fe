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
)

// errNoRoom puts off what would be copied to Stage.
var errNoRoom = errors.New("too much waits to be packed already")

// adopt brings into Stage what Blobs already has of an asset that Stage does not know: the data folder was lost, another
// node made it, or an earlier version kept single segments there. The heads of packed renditions are read by their keys;
// only when one is missing are the single segments listed, and copied. The plan comes last and says that this is done.
func (s *Service) adopt(ctx context.Context, sh *shelf) error {
	a := sh.asset
	known, err := s.staged(ctx, a, planName)
	if err != nil || known {
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
			if err := s.reshape(ctx, sh, r.ID, head, p); err != nil {
				return err
			}
		}
	}
	if len(unpacked) > 0 {
		if err := s.adoptSingles(ctx, sh, unpacked); err != nil {
			return err
		}
	}
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode plan of %s: %w", a.ID, err)
	}
	return putOnce(ctx, s.opts.Stage, a.Prefix+planName, text)
}

// adoptSoon puts an asset that somebody looks at before all others that are still to be adopted.
func (s *Service) adoptSoon(ctx context.Context, a media.Asset) error {
	known, err := s.staged(ctx, a, planName)
	if err != nil || known {
		return err
	}
	s.finish(a)
	s.finishing.hurry(fingerprintOf(a.ID))
	return nil
}

// adoptSingles copies the single segments of some renditions to Stage. A rendition whose Init Section is not there, or
// is another than ours, gives none.
func (s *Service) adoptSingles(ctx context.Context, sh *shelf, of map[id.Rendition]bool) error {
	a := sh.asset
	if full, begun := s.isFull(a.ID); full && begun == 0 {
		return errNoRoom
	}
	segments := map[id.Rendition][]int{}
	inits := map[id.Rendition]bool{}
	for info, err := range s.opts.Blobs.List(ctx, a.Prefix) {
		if err != nil {
			return fmt.Errorf("look for single segments of %s: %w", a.ID, err)
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
		sh.stray(r)
		if !inits[r] {
			continue
		}
		if err := s.adoptRendition(ctx, sh, r, numbers); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) adoptRendition(ctx context.Context, sh *shelf, r id.Rendition, segments []int) error {
	theirs, err := blob.ReadAll(ctx, s.opts.Blobs, sh.asset.InitKey(r))
	if err != nil {
		return fmt.Errorf("adopt %s: %w", r, err)
	}
	if err := putOnce(ctx, s.opts.Stage, sh.asset.InitKey(r), theirs); err != nil {
		return err
	}
	ours, err := blob.ReadAll(ctx, s.opts.Stage, sh.asset.InitKey(r))
	if err != nil {
		return fmt.Errorf("adopt %s: %w", r, err)
	}
	if string(ours) != string(theirs) {
		return nil
	}
	for _, n := range segments {
		key := sh.asset.SegmentKey(r, n)
		data, err := blob.ReadAll(ctx, s.opts.Blobs, key)
		if errors.Is(err, blob.ErrNotFound) {
			continue // its owner packed it a moment ago
		}
		if err != nil {
			return fmt.Errorf("adopt %s: %w", key, err)
		}
		switch err := s.opts.Stage.Put(ctx, key, data); {
		case err == nil:
			sh.adopted(r, n, int64(len(data)))
		case !errors.Is(err, blob.ErrExists):
			return fmt.Errorf("adopt %s: %w", key, err)
		}
	}
	s.room.set(sh.asset.ID, sh.stagedBytes())
	return nil
}

// stray notes that a rendition has single segments in Blobs, of use or not.
func (s *shelf) stray(r id.Rendition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tracks[r].singles, s.tracks[r].strays = true, true
}

// adopted notes a single segment that came from elsewhere.
func (s *shelf) adopted(r id.Rendition, n int, size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tracks[r]; t.packed == nil {
		t.init = true
		t.put(n, size)
		t.staged += size
	}
	s.ring()
}
