package scan

import (
	"path/filepath"

	"movify/library"
	"movify/library/naming"
)

// folders gives the video files beside a file, which its name is read with. A walk of a folder has seen them. The folder
// of a file that was looked at alone is read once, however many of its files are asked for. The zero value with a file
// system knows no folder.
type folders struct {
	fs     library.FileSystem
	walked []string // folders that were walked with everything below
	known  map[string]*naming.Siblings
}

// add takes over the folders that a walk of path has read.
func (f *folders) add(path string, seen walkResult) {
	if seen.siblings == nil {
		return // a file
	}
	f.walked = append(f.walked, path)
	if f.known == nil {
		f.known = seen.siblings
		return
	}
	for dir, s := range seen.siblings {
		f.known[dir] = s
	}
}

// siblings returns the video files in the folder of a file; nil when it is alone.
func (f *folders) siblings(path string) *naming.Siblings {
	dir := filepath.Dir(path)
	if s, ok := f.known[dir]; ok {
		return s
	}
	for _, w := range f.walked {
		if library.Within(w, dir) {
			return nil
		}
	}
	if f.known == nil {
		f.known = make(map[string]*naming.Siblings)
	}
	f.known[dir] = library.SiblingsIn(f.fs, dir)
	return f.known[dir]
}
