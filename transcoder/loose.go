package transcoder

import (
	"context"
	"fmt"
	"path"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder/index"
)

// removeLoose removes a packed rendition's loose segments from Stage, the Init Section last: segments without it cannot
// be played. It runs under packing.
func (s *Service) removeLoose(ctx context.Context, x *index.Index, r id.Rendition) error {
	a := x.Asset()
	x.SetLoose(r, false)
	keys := make([]string, 0, a.Grid.Segments()+1)
	for n := range a.Grid.Segments() {
		keys = append(keys, a.SegmentKey(r, n))
	}
	for _, key := range append(keys, a.InitKey(r)) {
		if err := s.opts.Stage.Delete(ctx, key); err != nil {
			x.SetLoose(r, true)
			return fmt.Errorf("remove the loose segments of %s: %w", r, err)
		}
	}
	x.ClearStaged(r)
	s.quota.set(a.ID, x.StagedBytes())
	return nil
}

// removeUploaded removes a packed rendition's single segments from Blobs: those that this process uploaded, or all that
// a listing finds when there may be orphans. An upload that ends later reports itself.
func (s *Service) removeUploaded(ctx context.Context, x *index.Index, r id.Rendition) error {
	a := x.Asset()
	segments, orphans := x.TakeUploaded(r)
	keys := make([]string, 0, len(segments)+1)
	for _, n := range segments {
		keys = append(keys, a.SegmentKey(r, n))
	}
	if len(keys) > 0 {
		keys = append(keys, a.InitKey(r))
	}
	if orphans {
		var err error
		if keys, err = s.orphanKeys(ctx, a, r); err != nil {
			x.AddOrphans(r)
			return err
		}
	}
	for _, key := range keys {
		if err := s.opts.Blobs.Delete(ctx, key); err != nil {
			x.AddOrphans(r)
			return fmt.Errorf("remove uploaded segments of %s: %w", r, err)
		}
	}
	return nil
}

// orphanKeys lists a rendition's single segments in Blobs.
func (s *Service) orphanKeys(ctx context.Context, a media.Asset, r id.Rendition) (keys []string, err error) {
	for info, err := range s.opts.Blobs.List(ctx, a.Prefix+string(r)+"/") {
		if err != nil {
			return nil, fmt.Errorf("list the single segments of %s: %w", r, err)
		}
		if media.IsLooseName(path.Base(info.Key)) {
			keys = append(keys, info.Key)
		}
	}
	return keys, nil
}
