package scan

import (
	"context"
	"slices"
	"strings"

	"movify/library"

	"movify/pkg/id"
)

// NeedAttention lists the files that cannot be played, latest first.
func (s *Service) NeedAttention(ctx context.Context) ([]library.File, error) {
	return s.o.Store.InState(ctx, library.Attention)
}

// Retry examines a file in state Attention again.
func (s *Service) Retry(ctx context.Context, file id.File) error {
	f, err := s.o.Store.File(ctx, file)
	if err != nil {
		return err
	}
	if f.State != library.Attention {
		return nil
	}
	c := library.Change{Moves: []library.Move{{Files: []id.File{file}, State: library.Incoming}}, AtMS: s.now()}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return err
	}
	s.enqueueHint(library.Hint{Paths: []string{f.Path}})
	return nil
}

// maxLeftOut is up to how many paths of a root are kept as left out. The log counts them all.
const maxLeftOut = 100

// noteLeftOut replaces what was left out of a root at path and below it.
func (s *Service) noteLeftOut(r library.Root, path string, found []LeftOut) {
	for i := range found {
		found[i].SinceMS = s.now()
	}
	s.mu.Lock()
	before := s.leftOut[r.ID]
	kept := slices.DeleteFunc(slices.Clone(before), func(l LeftOut) bool { return library.Within(path, l.Path) })
	for i, l := range found {
		if old := slices.IndexFunc(before, l.same); old >= 0 {
			found[i].SinceMS = before[old].SinceMS
		}
	}
	now := append(kept, found[:min(len(found), maxLeftOut)]...)
	s.leftOut[r.ID] = now
	s.mu.Unlock()
	if len(found) > 0 && !slices.EqualFunc(before, now, LeftOut.same) {
		s.o.Logger.Warn(
			"some of the library folder is left out", "root", r.ID, "paths", len(found), "code", found[0].Why.Code,
		)
	}
}

// same reports whether both are one path for one reason.
func (l LeftOut) same(other LeftOut) bool {
	return l.Path == other.Path && l.Why.Code == other.Why.Code
}

// LeftOut lists what is not scanned although no rule says so, by path.
func (s *Service) LeftOut(ctx context.Context) ([]LeftOut, error) {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []LeftOut
	for _, r := range roots {
		out = append(out, s.leftOut[r.ID]...)
	}
	slices.SortFunc(out, func(a, b LeftOut) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}
