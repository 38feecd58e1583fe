package library

import (
	"context"
	"fmt"
	"slices"

	"movify/pkg/id"
)

// detectMove gives the known file that r is under a new path. The file is empty when there is none.
func (b *importBatch) detectMove(ctx context.Context, r result) (File, error) {
	// Of several that left, the one that had the name is it.
	seen := slices.Clone(r.sameContent)
	slices.SortStableFunc(seen, func(x, y File) int { return r.nameDiffers(x) - r.nameDiffers(y) })
	var twins []File
	for _, t := range seen {
		if _, there, err := b.statVideo(t.Path); there || err != nil || b.claimed[t.ID] {
			continue
		}
		// The worker read it a while ago: another file may have turned out to be it since.
		now, err := b.o.Store.File(ctx, t.ID)
		if err != nil {
			return File{}, fmt.Errorf("read a known file: %w", err)
		}
		if now.Fingerprint == r.fingerprint {
			twins = append(twins, now)
		}
	}
	return b.movedFrom(twins, b.claimed), nil
}

// movedFrom finds among files of one content the one that has left its place, and is not claimed by another yet. One that is
// really gone is taken before one whose disk is away: of that one the new file may be a copy, which then stands for it, and
// when the disk is back its file is a new one of the same title. The file is empty when all are where they were.
func (s *Service) movedFrom(twins []File, claimed map[id.File]bool) File {
	var elsewhere File
	for _, twin := range twins {
		if claimed[twin.ID] {
			continue
		}
		if _, there, err := s.statVideo(twin.Path); there || err != nil {
			continue // a disk that gives errors says nothing
		}
		if twin.State != Unreachable || twin.Code == ErrHeld.Code {
			return twin
		}
		if elsewhere.ID == "" {
			elsewhere = twin
		}
	}
	return elsewhere
}
