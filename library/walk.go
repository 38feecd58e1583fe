package library

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// entry is a video file as the disk shows it.
type entry struct {
	path      string
	size      int64
	modTimeNS int64
}

// sidecar is a file that tells about the films beside it: a picture, an NFO, subtitles.
type sidecar struct {
	name string
	mark string // path, size and time: it changes when the file does
}

// sight is what a walk saw.
type sight struct {
	entries []entry
	failed  []string             // folders and files that could not be read
	beside  map[string][]sidecar // by folder, for folders that hold one

	apart []fs.FileInfo // folders that are passed by
}

// walk looks at path, a file or a folder with everything below it. It costs one stat for a file. A part that cannot be
// read is noted and the walk goes on; a path that is not there, or lies apart, is an empty sight. The only error is ctx's.
func walk(ctx context.Context, path string, apart []string) (sight, error) {
	s := sight{beside: make(map[string][]sidecar)}
	for _, folder := range apart {
		if info, err := os.Stat(folder); err == nil { // one that is not there holds nothing
			s.apart = append(s.apart, info)
		}
	}
	info, err := os.Stat(path)
	switch {
	case s.below(path):
		return s, ctx.Err()
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return s, ctx.Err()
	case err != nil:
		s.failed = append(s.failed, path)
		return s, ctx.Err()
	case info.IsDir():
		return s, s.folder(ctx, path, []string{resolved(path)})
	case info.Mode().IsRegular() && IsVideo(info.Name()):
		s.entries = append(s.entries, seen(path, info))
	}
	return s, ctx.Err()
}

// folder adds what is in dir. trail holds the true paths of the folders that links led into on the way here, so that a
// link to a folder around itself is not followed.
func (s *sight) folder(ctx context.Context, dir string, trail []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	items, err := os.ReadDir(dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.failed = append(s.failed, dir)
		}
		return nil
	}
	for _, item := range items {
		name, path := item.Name(), filepath.Join(dir, item.Name())
		if Ignored(name) {
			continue
		}
		if item.IsDir() {
			if info, err := item.Info(); err == nil && s.isApart(info) {
				continue
			}
			if err := s.folder(ctx, path, trail); err != nil {
				return err
			}
			continue
		}
		link := item.Type()&fs.ModeSymlink != 0
		if !link && !item.Type().IsRegular() || !link && !IsVideo(name) && !isSidecar(name) {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				s.failed = append(s.failed, path)
			}
			continue
		}
		switch {
		case info.IsDir():
			target := resolved(path)
			if s.isApart(info) || slices.ContainsFunc(trail, func(t string) bool { return within(target, t) }) {
				continue
			}
			if err := s.folder(ctx, path, append(slices.Clip(trail), target)); err != nil {
				return err
			}
		case !info.Mode().IsRegular():
		case IsVideo(name):
			s.entries = append(s.entries, seen(path, info))
		case isSidecar(name):
			s.beside[dir] = append(s.beside[dir], sidecar{name, mark(path, info)})
		}
	}
	return nil
}

// isApart reports whether a folder is one that is passed by, under whatever name it was reached.
func (s *sight) isApart(folder fs.FileInfo) bool {
	return slices.ContainsFunc(s.apart, func(a fs.FileInfo) bool { return os.SameFile(a, folder) })
}

// below reports whether a path is in a folder that is passed by, or is one.
func (s *sight) below(path string) bool {
	if len(s.apart) == 0 {
		return false
	}
	for ; ; path = filepath.Dir(path) {
		if info, err := os.Stat(path); err == nil && s.isApart(info) {
			return true
		}
		if path == filepath.Dir(path) {
			return false
		}
	}
}

func seen(path string, info fs.FileInfo) entry {
	return entry{path, info.Size(), info.ModTime().UnixNano()}
}

// resolved gives the path without links, or as it is when it cannot be followed.
func resolved(path string) string {
	if r, err := filepath.EvalSymlinks(path); err == nil {
		return r
	}
	return path
}

// look stats one video file again. ok is false when it is no longer there.
func look(path string) (e entry, ok bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return entry{}, false
	}
	return seen(path, info), true
}

// readNames lists up to limit names in a folder, sorted; 0 means all.
func readNames(dir string, limit int) ([]string, error) {
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

// available reports whether a root's folder can be read and is not empty. The mount point of a disk that is away is an
// empty folder.
func available(dir string) bool {
	names, err := readNames(dir, 0)
	return err == nil && slices.ContainsFunc(names, func(n string) bool { return !Ignored(n) })
}

// sidecars are the extensions of files that tell about the films beside them.
const sidecars = " jpg jpeg png webp nfo srt ass ssa vtt sub idx sup "

func isSidecar(name string) bool {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	return ext != "" && strings.Contains(sidecars, " "+ext+" ")
}
