package transcoder

import (
	"context"
	"fmt"
	"path"
	"strings"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder/index"
)

// cachedIndex is the asset's index if it is in memory, else nil.
func (s *Service) cachedIndex(a id.Asset) *index.Index {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.indexes[a]
}

// index gives the asset's index, listing Stage on first use. Callers that arrive together share one listing.
func (s *Service) index(ctx context.Context, a media.Asset) (*index.Index, error) {
	for {
		s.mu.Lock()
		if x := s.indexes[a.ID]; x != nil {
			s.mu.Unlock()
			x.Touch(s.opts.Now())
			return x, nil
		}
		loading, busy := s.loading[a.ID]
		if !busy {
			loading = make(chan struct{})
			s.loading[a.ID] = loading
		}
		s.mu.Unlock()
		if !busy {
			return s.cacheIndex(ctx, a, loading)
		}
		select {
		case <-loading:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *Service) cacheIndex(ctx context.Context, a media.Asset, done chan struct{}) (*index.Index, error) {
	x, err := s.loadIndex(ctx, a)
	if err == nil {
		err = s.adoptSoon(ctx, a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.loading, a.ID)
	close(done)
	if err != nil {
		return nil, err
	}
	s.indexes[a.ID] = x
	return x, nil
}

// loadIndex builds the asset's index from a listing of Stage alone, so that it is right after any crash.
func (s *Service) loadIndex(ctx context.Context, a media.Asset) (*index.Index, error) {
	var staged []index.Staged
	for info, err := range s.opts.Stage.List(ctx, a.Prefix) {
		if err != nil {
			return nil, fmt.Errorf("list asset %s: %w", a.ID, err)
		}
		dir, name := path.Split(strings.TrimPrefix(info.Key, a.Prefix))
		f := index.Staged{Rendition: id.Rendition(strings.TrimSuffix(dir, "/")), Name: name, Size: info.Size}
		if _, ok := a.Ladder.Find(f.Rendition); !ok {
			continue
		}
		if name == media.HeadName {
			data, err := blob.ReadAll(ctx, s.opts.Stage, info.Key)
			if err != nil {
				return nil, fmt.Errorf("list asset %s: %w", a.ID, err)
			}
			p, err := parseHead(data, a.Grid.Segments())
			if err != nil {
				return nil, fmt.Errorf("list asset %s: %w", a.ID, err)
			}
			f.Packing = &p
		}
		staged = append(staged, f)
	}
	staged, err := s.withInit(ctx, a, staged)
	if err != nil {
		return nil, err
	}
	x := index.New(a, staged, s.opts.Now())
	s.quota.set(a.ID, x.StagedBytes())
	return x, nil
}

// withInit deletes the loose segments of renditions without an Init Section: the next run stores one that may not fit them. It
// returns the other files.
func (s *Service) withInit(ctx context.Context, a media.Asset, staged []index.Staged) ([]index.Staged, error) {
	playable := map[id.Rendition]bool{}
	for _, f := range staged {
		if f.Name == media.InitName || f.Name == media.HeadName {
			playable[f.Rendition] = true
		}
	}
	var out []index.Staged
	for _, f := range staged {
		if n, segment := media.ParseSegmentName(f.Name); segment && !playable[f.Rendition] {
			if err := s.opts.Stage.Delete(ctx, a.SegmentKey(f.Rendition, n)); err != nil {
				return nil, fmt.Errorf("make %s again: %w", f.Rendition, err)
			}
			continue
		}
		out = append(out, f)
	}
	return out, nil
}

// hasSegment reports whether segment n of a rendition is one of the asset's.
func hasSegment(a media.Asset, r id.Rendition, n int) bool {
	_, ok := a.Ladder.Find(r)
	return ok && n >= 0 && n < a.Grid.Segments()
}
