package metadata

import (
	"context"
	"fmt"
	"slices"

	"movify/library"
)

// detectMove returns the known file that was moved or renamed to r's path: one with the same content that is no longer at
// its own. The file is empty when there is none, and r is new or a duplicate.
func (b *importBatch) detectMove(ctx context.Context, r examinedFile) (library.File, error) {
	// Of several candidates, one with the same base name comes first.
	seen := slices.Clone(r.SameContent)
	slices.SortStableFunc(seen, func(x, y library.File) int { return r.nameDiffers(x) - r.nameDiffers(y) })
	var candidates []library.File
	for _, t := range seen {
		if _, there, err := library.StatVideo(b.o.FS, t.Path); there || err != nil || b.claimed[t.ID] {
			continue
		}
		// The scan read it earlier: in the meantime the file may have been matched to another path.
		now, err := b.o.Store.File(ctx, t.ID)
		if err != nil {
			return library.File{}, fmt.Errorf("read a known file: %w", err)
		}
		if now.Fingerprint == r.Fingerprint {
			candidates = append(candidates, now)
		}
	}
	return library.MovedFrom(b.o.FS, candidates, b.claimed), nil
}
