package library

import (
	"fmt"
	"io/fs"
	"path/filepath"
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
	Changes  int64                // how often files of the library had changed by then
}

// Covers reports whether the pictures in a folder are listed.
func (w WalkedFolder) Covers(dir string) bool {
	_, listed := w.Sidecars[dir]
	return listed || Within(w.Path, dir)
}

// FileRevision distinguishes the states of a file: size, modification time and path. The path is last because it may
// hold any character.
func FileRevision(path string, info fs.FileInfo) string {
	return fmt.Sprintf("%d|%d|%s", info.Size(), info.ModTime().UnixNano(), path)
}

// RevisionPath returns the path in a file revision, or "".
func RevisionPath(revision string) string {
	parts := strings.SplitN(revision, "|", 3)
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
