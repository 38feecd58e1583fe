package library

import (
	"context"

	"movify/pkg/id"
)

// RootStore keeps what became of the roots and of files that are gone.
type RootStore interface {
	// LostSince counts the files of a root that became Missing at or after a time, in Unix milliseconds.
	LostSince(ctx context.Context, r id.Root, sinceMS int64) (int, error)
	// InRoot counts the files of a root in a state with a code.
	InRoot(ctx context.Context, r id.Root, s State, code string) (int, error)
	// Bin lists up to limit Missing files without probes, the latest first, and counts all of them.
	Bin(ctx context.Context, limit int) (files []File, total int, err error)
	// Forget removes up to limit files that are Missing since before a time, in Unix milliseconds, and says how many it
	// were. Those of a root that is away or held stay. With its last file a title goes, unless somebody has something of
	// it: history, marks, progress, an edit, a place in a collection; and with the last title of it a season and a series.
	Forget(ctx context.Context, beforeMS int64, limit int) (int, error)
	// ForgetFile removes one Missing file likewise, whenever it went. One in another state is ErrNotMissing.
	ForgetFile(ctx context.Context, f id.File) error
}
