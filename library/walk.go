package library

import (
	"context"
	"errors"
	"io"
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
	passed  []string             // folders and files that are passed by because somebody said so, and samples
	beside  map[string][]sidecar // by folder, for folders that hold one
}

// walker looks through folders for a Service.
type walker struct {
	sight
	disk    FileSystem
	root    string
	ignore  Ignores       // for every root, by the configuration
	apart   []fs.FileInfo // folders that are passed by
	ignores []ignoring    // those of the folders around the one that is looked at, the outermost first
}

// ignoring is an IgnoreFile in force.
type ignoring struct {
	dir string
	Ignores
}

// walk looks at path, a file or a folder with everything below it, in the root at root. It costs one stat for a file. A part
// that cannot be read is noted and the walk goes on; a path that is not there, or lies apart, is an empty sight. The only
// error is ctx's.
func (s *Service) walk(ctx context.Context, root, path string) (sight, error) {
	w := walker{disk: s.o.Disk, root: root, ignore: s.o.Ignore, sight: sight{beside: make(map[string][]sidecar)}}
	for _, folder := range s.o.Apart {
		if info, err := w.disk.Stat(folder); err == nil { // one that is not there holds nothing
			w.apart = append(w.apart, info)
		}
	}
	info, err := w.disk.Stat(path)
	switch {
	case w.below(path):
	case absent(err):
		if link, err := os.Lstat(path); err == nil && link.Mode()&fs.ModeSymlink != 0 {
			w.failed = append(w.failed, path)
		}
	case err != nil:
		w.failed = append(w.failed, path)
	case !w.enter(path, info.IsDir()):
	case info.IsDir():
		err := w.folder(ctx, path, []string{resolved(path)})
		return w.sight, err
	case info.Mode().IsRegular() && IsVideo(info.Name()):
		w.video(path, info)
	}
	return w.sight, ctx.Err()
}

// absent reports whether an error says that something is not there, and not only that it cannot be reached.
func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// enter reads the ignore files around path and reports whether path is to be looked at.
func (w *walker) enter(path string, isFolder bool) bool {
	if path == w.root {
		return true
	}
	above := filepath.Dir(path)
	for dir := w.root; ; {
		if dir != w.root && w.ignored(dir, true) || !w.heed(dir) {
			return false
		}
		rest, deeper := strings.CutPrefix(above, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
		if !deeper || rest == "" {
			break
		}
		next, _, _ := strings.Cut(rest, string(filepath.Separator))
		dir = filepath.Join(dir, next)
	}
	return !w.ignored(path, isFolder)
}

// heed reads the ignore file of a folder, if it has one. One that cannot be read makes the folder one that cannot.
func (w *walker) heed(dir string) bool {
	text, err := readIgnore(filepath.Join(dir, IgnoreFile))
	switch {
	case absent(err):
	case err != nil:
		w.failed = append(w.failed, dir)
		return false
	default:
		w.ignores = append(w.ignores, ignoring{dir, ParseIgnore(text)})
	}
	return true
}

// ignored reports whether something is passed by, and notes it.
func (w *walker) ignored(path string, isFolder bool) bool {
	passed := w.ignore.Match(relative(w.root, path), isFolder)
	for _, i := range w.ignores {
		passed = passed || i.Match(relative(i.dir, path), isFolder)
	}
	if passed {
		w.passed = append(w.passed, path)
	}
	return passed
}

// folder adds what is in dir. trail holds the true paths of the folders that links led into on the way here, so that a
// link to a folder around itself is not followed.
func (w *walker) folder(ctx context.Context, dir string, trail []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	items, err := w.disk.ReadDir(dir)
	if err != nil {
		if !absent(err) {
			w.failed = append(w.failed, dir)
		}
		return nil
	}
	before := len(w.ignores)
	defer func() { w.ignores = w.ignores[:before] }()
	if slices.ContainsFunc(items, func(i fs.DirEntry) bool { return i.Name() == IgnoreFile }) && !w.heed(dir) {
		return nil
	}
	ruled := len(w.ignores) > 0 || w.ignore.rules != nil
	for _, item := range items {
		name := item.Name()
		if Ignored(name) {
			continue
		}
		link := item.Type()&fs.ModeSymlink != 0
		if !link && !item.IsDir() && (!item.Type().IsRegular() || !IsVideo(name) && !isSidecar(name)) {
			continue
		}
		path := filepath.Join(dir, name)
		if ruled && w.ignored(path, item.IsDir()) {
			continue
		}
		if item.IsDir() {
			if len(w.apart) > 0 {
				if info, err := w.disk.Stat(path); err == nil && w.isApart(info) {
					continue
				}
			}
			if err := w.folder(ctx, path, trail); err != nil {
				return err
			}
			continue
		}
		info, err := w.disk.Stat(path)
		if err != nil {
			// The end of a link is elsewhere, perhaps on a disk that is away. A file may just have been deleted.
			if link || !absent(err) {
				w.failed = append(w.failed, path)
			}
			continue
		}
		switch {
		case info.IsDir():
			target := resolved(path)
			if w.isApart(info) || slices.ContainsFunc(trail, func(t string) bool { return within(target, t) }) {
				continue
			}
			if err := w.folder(ctx, path, append(slices.Clip(trail), target)); err != nil {
				return err
			}
		case !info.Mode().IsRegular():
		case IsVideo(name):
			w.video(path, info)
		case isSidecar(name):
			w.beside[dir] = append(w.beside[dir], sidecar{name, mark(path, info)})
		}
	}
	return nil
}

// video adds a video file that is no sample.
func (w *walker) video(path string, info fs.FileInfo) {
	if isSample(path, info.Size()) {
		w.passed = append(w.passed, path)
		return
	}
	w.entries = append(w.entries, seen(path, info))
}

// isApart reports whether a folder is one that is passed by, under whatever name it was reached.
func (w *walker) isApart(folder fs.FileInfo) bool {
	return slices.ContainsFunc(w.apart, func(a fs.FileInfo) bool { return os.SameFile(a, folder) })
}

// below reports whether a path is in a folder that is passed by, or is one.
func (w *walker) below(path string) bool {
	if len(w.apart) == 0 {
		return false
	}
	for ; ; path = filepath.Dir(path) {
		if info, err := w.disk.Stat(path); err == nil && w.isApart(info) {
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

// look stats one video file again. there is false when it is gone; when it cannot be told err says why.
func (s *Service) look(path string) (e entry, there bool, err error) {
	info, err := s.o.Disk.Stat(path)
	switch {
	case absent(err):
		return entry{}, false, nil
	case err != nil:
		return entry{}, false, err
	}
	if !info.Mode().IsRegular() {
		return entry{}, false, nil
	}
	return seen(path, info), true, nil
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

// sampleBytes is how large a file named like a sample may be, in bytes. A longer one is a film of that name.
const sampleBytes = 300 << 20

// isSample reports whether a file is the taste of a film that stands beside it: "sample.mkv", "film-sample.mkv", or anything
// short in a folder "Sample".
func isSample(path string, size int64) bool {
	if size >= sampleBytes {
		return false
	}
	stem, _ := splitName(strings.ToLower(filepath.Base(path)))
	folder := strings.ToLower(filepath.Base(filepath.Dir(path)))
	rest, named := strings.CutSuffix(stem, "sample")
	return folder == "sample" || folder == "samples" || named && (rest == "" || strings.ContainsAny(rest[len(rest)-1:], "-._")) ||
		strings.HasPrefix(stem, "sample-")
}

// ignoreBytes is how much of an ignore file is read.
const ignoreBytes = 1 << 20

func readIgnore(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, ignoreBytes))
	return string(text), err
}

// relative gives the slash-separated path of something below dir.
func relative(dir, path string) string {
	return filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(path, dir), string(filepath.Separator)))
}

// sidecars are the extensions of files that tell about the films beside them.
const sidecars = " jpg jpeg png webp nfo srt ass ssa vtt sub idx sup "

func isSidecar(name string) bool {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	return ext != "" && strings.Contains(sidecars, " "+ext+" ")
}
