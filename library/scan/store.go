package scan

import (
	"context"

	"movify/library"
	"movify/pkg/id"
)

// Store keeps roots and files. Reads see every write that returned before. A missing row is reported by library's own
// fault: ErrFileNotFound, ErrRootNotFound.
type Store interface {
	RootStore
	LadderStore

	// Roots lists the roots, oldest first.
	Roots(ctx context.Context) ([]library.Root, error)
	// RootSizes counts the files of each root that are not Missing; a root without any may be left out.
	RootSizes(ctx context.Context) (map[id.Root]int, error)
	// SaveRoot adds the root or replaces the one with its ID.
	SaveRoot(ctx context.Context, r library.Root) error
	// RemoveRoot deletes the root. Its files stay as Missing with the code and reason given.
	RemoveRoot(ctx context.Context, r id.Root, code, reason string, atMS int64) error

	// KnownFiles lists the files of a root at or below path, unordered and without probes.
	KnownFiles(ctx context.Context, r id.Root, path string) ([]library.KnownFile, error)
	// FilesByFingerprint lists a few files with that fingerprint, with their probes: there may be thousands. Missing
	// ones come first, then Present ones, newest first; others follow.
	FilesByFingerprint(ctx context.Context, fingerprint string) ([]library.File, error)
	// File returns a file with its probe.
	File(ctx context.Context, f id.File) (library.File, error)
	// InState lists the files in a state without probes, latest change first.
	InState(ctx context.Context, s library.State) ([]library.File, error)

	// Apply writes the whole change or nothing. It updates the best file of each title concerned.
	Apply(ctx context.Context, c library.Change) error
}

// RootStore stores the state of roots and of missing files.
type RootStore interface {
	// LostSince counts the files of a root that became Missing at or after a time, in Unix milliseconds.
	LostSince(ctx context.Context, r id.Root, sinceMS int64) (int, error)
	// InRoot counts the files of a root in a state with a code.
	InRoot(ctx context.Context, r id.Root, s library.State, code string) (int, error)
	// Bin lists up to limit Missing files without probes, latest first, and counts all of them.
	Bin(ctx context.Context, limit int) (files []library.File, total int, err error)
	// Forget deletes up to limit files that are Missing since before a time, in Unix milliseconds, and returns their
	// number. Files of a root that is unavailable or held stay. A title is deleted with its last file, unless it has
	// history, marks, progress, edits or a place in a collection; and a season and a series with their last title.
	Forget(ctx context.Context, beforeMS int64, limit int) (int, error)
	// ForgetFile deletes one Missing file in the same way, however recent. One in another state is ErrNotMissing.
	ForgetFile(ctx context.Context, f id.File) error
}
