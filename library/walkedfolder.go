package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Sidecar is a file beside a film that belongs to it: artwork, an NFO file, subtitles.
type Sidecar struct {
	Name     string
	Revision string // path, size and modification time, see FileRevision
}

// WalkedFolder is a walked path of a root, with the sidecars found there.
type WalkedFolder struct {
	Root     Root
	Path     string
	Sidecars map[string][]Sidecar // by folder; only folders that have one
	Changes  int64                // how often files of the library had changed when it was walked; differs after a change
}

// Covers reports whether the pictures in a folder are listed.
func (sc WalkedFolder) Covers(dir string) bool {
	_, listed := sc.Sidecars[dir]
	return listed || Within(sc.Path, dir)
}

// IsGone reports whether a picture at path no longer exists. In a folder that was not listed it counts as gone only
// when it does not exist on disk.
func (sc WalkedFolder) IsGone(path string) bool {
	dir := filepath.Dir(path)
	if !sc.Covers(dir) {
		_, err := os.Lstat(path)
		return errors.Is(err, fs.ErrNotExist)
	}
	return !slices.ContainsFunc(sc.Sidecars[dir], func(p Sidecar) bool { return p.Name == filepath.Base(path) })
}

// FileRevision distinguishes the states of a file: size, modification time and path. The path is last because it may
// hold any character.
func FileRevision(path string, info fs.FileInfo) string {
	return fmt.Sprintf("%d|%d|%s", info.Size(), info.ModTime().UnixNano(), path)
}

// RevisionPath returns the path in a file revision, or "".
func RevisionPath(mark string) string {
	parts := strings.SplitN(mark, "|", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}

// SplitName splits a file name into its stem and its extension with the dot.
func SplitName(name string) (stem, ext string) {
	ext = filepath.Ext(name)
	return strings.TrimSuffix(name, ext), ext
}
