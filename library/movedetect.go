package library

import (
	"context"
	"fmt"
	"slices"

	"movify/pkg/id"
)

// detectMove returns the known file that moved to r's path. The file is empty when none did.
func (b *importBatch) detectMove(ctx context.Context, r result) (File, error) {
	// Of several candidates, one with the same base name comes first.
	seen := slices.Clone(r.sameContent)
	slices.SortStableFunc(seen, func(x, y File) int { return r.nameDiffers(x) - r.nameDiffers(y) })
	var candidates []File
	for _, t := range seen {
		if _, there, err := b.statVideo(t.Path); there || err != nil || b.claimed[t.ID] {
			continue
		}
		// The worker read it earlier: in the meantime the file may have been matched to another path.
		now, err := b.o.Store.File(ctx, t.ID)
		if err != nil {
			return File{}, fmt.Errorf("read a known file: %w", err)
		}
		if now.Fingerprint == r.fingerprint {
			candidates = append(candidates, now)
		}
	}
	return b.movedFrom(candidates, b.claimed), nil
}

// movedFrom picks, among files of the same content, the one that is no longer at its path and not yet claimed. A
// missing file goes before one whose disk is unavailable: the new file may be a copy of that one, and when the disk
// returns its file becomes another version of the title. The file is empty when all are at their paths.
func (s *Service) movedFrom(candidates []File, claimed map[id.File]bool) File {
	var elsewhere File
	for _, twin := range candidates {
		if claimed[twin.ID] {
			continue
		}
		if _, there, err := s.statVideo(twin.Path); there || err != nil {
			continue // after an I/O error it is unknown whether the file exists
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
