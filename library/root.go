package library

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"movify/library/naming"
	"movify/pkg/id"
)

// Root is one library folder.
type Root struct {
	ID          id.Root
	Path        string // absolute and clean
	State       State  // Present or Unreachable
	Code        string // why it is Unreachable: the fault's code
	Reason      string // the same in plain words, and what becomes of its files
	SinceMS     int64  // when it came into its state
	AddedMS     int64
	ScannedMS   int64 // when its last whole scan ended; 0 = never
	ChangedMS   int64 // when a scan last found something new, changed or gone; 0 = never
	CostMS      int64 // processor time of its last whole walk, in milliseconds
	AcceptedMS  int64 // when somebody last said that its losses are real; 0 = never
	Disk        Disk  // what it lay on when it was last there
	Held        Held
	WatchMethod WatchMethod // how somebody wants it watched; "" = WatchAuto
	PollS       int         // seconds between two looks when it is polled; 0 = it adapts

	// Filled in by Service.Roots.
	Files           int // files that are there, or are known while the root is away
	Watch           WatchState
	WatchConfigured bool          // the configuration says how it is watched
	ScanInterval    time.Duration // between two looks as it is now; 0 = none is planned
	NextMS          int64         // when the next look is due; 0 = none is planned
}

// Held says that a scan lost more of a root's files at once than anybody deletes by hand. They wait as Unreachable until
// they are back or somebody accepts the loss.
type Held struct {
	Missing int // files that wait; 0 = the root is not held
	Of      int // files that the root had
	SinceMS int64
}

// Acceptable reports whether somebody may say that what is lost of the root is really gone.
func (r Root) Acceptable() bool {
	return r.Held.Missing > 0 || r.State == Unreachable && (r.Code == ErrRootEmpty.Code || r.Code == ErrOtherDisk.Code)
}

// contains reports whether path is the root's folder or lies below it.
func (r Root) contains(path string) bool { return within(r.Path, path) }

// within reports whether path is dir or lies below it. Both are clean.
func within(dir, path string) bool {
	if dir == path || dir == string(filepath.Separator) {
		return true
	}
	rest, found := strings.CutPrefix(path, dir)
	return found && strings.HasPrefix(rest, string(filepath.Separator))
}

// rel gives the path below the root, slash-separated, for Identify.
func (r Root) rel(path string) string {
	return relative(r.Path, path)
}

// checkRoot makes path absolute and clean and checks that it stands beside the others and is a folder that can be read.
// The clean path comes also with an error about the folder itself, which may be one whose disk is away.
func checkRoot(path string, others []Root) (string, error) {
	if !filepath.IsAbs(path) {
		return "", ErrRootNotAbsolute
	}
	path = filepath.Clean(path)
	for _, r := range others {
		switch {
		case r.Path == path:
			return "", ErrRootExists
		case r.contains(path) || within(path, r.Path):
			return "", ErrRootOverlaps.Saying("This folder and the library folder " + naming.Display(r.Path) + " lie one inside the other.")
		}
	}
	return path, checkFolder(path)
}

// checkFolder checks that path is a folder that can be read.
func checkFolder(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return ErrFolderUnreadable.Because(err)
	case err != nil:
		return ErrFolderNotFound.Because(err)
	case !info.IsDir():
		return ErrNotAFolder
	}
	if _, err := listNames(path, 1); err != nil {
		return ErrFolderUnreadable.Because(err)
	}
	return nil
}
