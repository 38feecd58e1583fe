package transcoder

import (
	"context"
	"fmt"
	"path"

	"movify/pkg/id"
	"movify/pkg/media"
)

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
