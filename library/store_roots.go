package library

import (
	"context"

	"movify/pkg/id"
)

// RootStore stores the state of roots and of missing files.
type RootStore interface {
	// LostSince counts the files of a root that became Missing at or after a time, in Unix milliseconds.
	LostSince(ctx context.Context, r id.Root, sinceMS int64) (int, error)
	// InRoot counts the files of a root in a state with a code.
	InRoot(ctx context.Context, r id.Root, s State, code string) (int, error)
	// Bin lists up to limit Missing files without probes, latest first, and counts all of them.
	Bin(ctx context.Context, limit int) (files []File, total int, err error)
	// Forget deletes up to limit files that are Missing since before a time, in Unix milliseconds, and returns their
	// number. Files of a root that is unavailable or held stay. A title is deleted with its last file, unless it has
	// history, marks, progress, edits or a place in a collection; and a season and a series with their last title.
	Forget(ctx context.Context, beforeMS int64, limit int) (int, error)
	// ForgetFile deletes one Missing file in the same way, however recent. One in another state is ErrNotMissing.
	ForgetFile(ctx context.Context, f id.File) error
}
