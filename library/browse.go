package library

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

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
		return Listing{}, ErrRootNotAbsolute
	}
	path = filepath.Clean(path)
	if err := checkFolder(path); err != nil {
		return Listing{}, err
	}
	items, err := os.ReadDir(path)
	if err != nil {
		return Listing{}, ErrFolderUnreadable.Because(err)
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
		if Ignored(name) {
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
	if IsVideo(name) {
		l.Videos = min(VideosCounted, l.Videos+1)
	}
}
