package scan

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"movify/library"

	"movify/library/naming"
)

// Listing is one folder in the folder picker.
type Listing struct {
	Path    string
	Parent  string // "" at the top
	Folders []Folder
	Videos  int // video files in it and one level below, at most VideosCounted
}

// Folder is one folder in a Listing.
type Folder struct {
	Name string // as displayable text
	Path string
}

// VideosCounted is where a Listing stops counting.
const VideosCounted = 999

// Browse lists the folders in path by name; path "" is the root of the file system. Hidden folders, unreadable ones and
// those whose name is not UTF-8, which a form field cannot return, are left out.
func Browse(ctx context.Context, path string) (Listing, error) {
	if path == "" {
		path = string(filepath.Separator)
	}
	if !filepath.IsAbs(path) {
		return Listing{}, library.ErrRootNotAbsolute
	}
	path = filepath.Clean(path)
	if err := checkFolder(path); err != nil {
		return Listing{}, err
	}
	items, err := os.ReadDir(path)
	if err != nil {
		return Listing{}, library.ErrFolderUnreadable.Because(err)
	}
	l := Listing{Path: path, Folders: []Folder{}}
	if parent := filepath.Dir(path); parent != path {
		l.Parent = parent
	}
	for _, item := range items {
		if err := ctx.Err(); err != nil {
			return Listing{}, err
		}
		name := item.Name()
		if library.Ignored(name) {
			continue
		}
		below := filepath.Join(path, name)
		info, err := os.Stat(below)
		if err != nil {
			continue
		}
		if !info.IsDir() {
			l.count(name)
			continue
		}
		names, err := listNames(below, VideosCounted)
		if err != nil || !utf8.ValidString(name) {
			continue
		}
		l.Folders = append(l.Folders, Folder{naming.Display(name), below})
		for _, n := range names {
			l.count(n)
		}
	}
	slices.SortFunc(l.Folders, func(a, b Folder) int {
		return strings.Compare(naming.SortKey(a.Name), naming.SortKey(b.Name))
	})
	return l, nil
}

func (l *Listing) count(name string) {
	if library.IsVideo(name) {
		l.Videos = min(VideosCounted, l.Videos+1)
	}
}

// checkRoot returns path absolute and clean and checks that it does not overlap other roots and is a readable folder.
// The clean path is returned with an error about the folder as well, because its disk may not be mounted yet.
func checkRoot(path string, others []library.Root) (string, error) {
	if !filepath.IsAbs(path) {
		return "", library.ErrRootNotAbsolute
	}
	path = filepath.Clean(path)
	for _, r := range others {
		switch {
		case r.Path == path:
			return "", library.ErrRootExists
		case r.Contains(path) || library.Within(path, r.Path):
			return "", library.ErrRootOverlaps.Saying(
				"This folder and the library folder " + naming.Display(r.Path) + " lie one inside the other.",
			)
		}
	}
	return path, checkFolder(path)
}

// systemFolders hold no films, and in parts secrets of the machine or files without end. Those of the first list are refused
// with all that is in them, those of the second by themselves.
var (
	systemTrees   = []string{"/proc", "/sys", "/dev", "/etc", "/boot"}
	systemFolders = []string{"/", "/run", "/usr", "/var"}
)

// checkPlace gives a fault for a folder of the system, or one that overlaps own, the folders in which the server keeps its
// data. Symbolic links are resolved.
func checkPlace(path string, own []string) error {
	path = library.RealPath(path)
	if slices.Contains(systemFolders, path) ||
		slices.ContainsFunc(systemTrees, func(tree string) bool { return library.Within(tree, path) }) {
		return library.ErrSystemFolder
	}
	if slices.ContainsFunc(own, func(folder string) bool {
		folder = library.RealPath(folder)
		return library.Within(folder, path) || library.Within(path, folder)
	}) {
		return library.ErrOwnFolder
	}
	return nil
}

// checkFolder checks that path is a readable folder.
func checkFolder(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return library.ErrFolderUnreadable.Because(err)
	case err != nil:
		return library.ErrFolderNotFound.Because(err)
	case !info.IsDir():
		return library.ErrNotAFolder
	}
	if _, err := listNames(path, 1); err != nil {
		return library.ErrFolderUnreadable.Because(err)
	}
	return nil
}

// listNames returns up to limit names in a folder, sorted; limit 0 means all.
func listNames(dir string, limit int) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(limit)
	if err != nil && limit <= 0 {
		return nil, err
	}
	slices.Sort(names)
	return names, nil
}
