package library

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"movify/pkg/id"
)

// Root is one library folder.
type Root struct {
	ID        id.Root
	Path      string // absolute and clean
	State     State  // Present or Unreachable
	AddedMS   int64
	ScannedMS int64 // when its last whole scan ended; 0 = never

	// Filled in by Service.Roots.
	Files int // files that are there, or are known while the root is away
	Watch WatchState
}

// WatchState says how the changes below a root are noticed.
type WatchState struct {
	Mode   WatchMode
	Reason string // why it is not WatchEvents, in plain words; "" otherwise
}

// WatchMode is a way to notice changes.
type WatchMode string

// The ways to notice changes.
const (
	WatchEvents WatchMode = "inotify" // the system tells
	WatchPoll   WatchMode = "poll"    // the folder is looked through again and again
)

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
	rest := strings.TrimPrefix(path, r.Path)
	return filepath.ToSlash(strings.TrimPrefix(rest, string(filepath.Separator)))
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
			return "", ErrRootOverlaps.Saying("This folder and the library folder " + Display(r.Path) + " lie one inside the other.")
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
	if _, err := readNames(path, 1); err != nil {
		return ErrFolderUnreadable.Because(err)
	}
	return nil
}
