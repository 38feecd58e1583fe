package scan

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"
)

// walkResult lists the files that a walk found.
type walkResult struct {
	videos   []library.VideoFile
	failed   []string                     // folders and files that could not be read
	ignored  []string                     // folders and files excluded by ignore rules, and samples
	sidecars map[string][]library.Sidecar // by folder; only folders that have one
}

// walker collects the files below a folder.
type walker struct {
	walkResult
	fs          library.FileSystem
	root        string
	ignore      Ignores       // rules of the configuration, for every root
	excluded    []fs.FileInfo // Options.Exclude, as found on disk
	ignoreFiles []ignoreFile  // of the folders around the current one, outermost first
}

// ignoreFile is a library.IgnoreFile in effect.
type ignoreFile struct {
	dir string
	Ignores
}

// walk collects the video files and sidecars at path, a file or a folder with everything below it, in the root at root.
// For a file it costs one stat. Folders that cannot be read are recorded in failed and the walk goes on; a path that
// does not exist or is excluded gives an empty result. The only error is ctx's.
func (s *Service) walk(ctx context.Context, root, path string) (walkResult, error) {
	w := walker{
		fs: s.o.FS, root: root, ignore: s.o.Ignore, walkResult: walkResult{sidecars: make(map[string][]library.Sidecar)},
	}
	for _, folder := range s.o.Exclude {
		if info, err := w.fs.Stat(folder); err == nil { // one that is not there holds nothing
			w.excluded = append(w.excluded, info)
		}
	}
	info, err := w.fs.Stat(path)
	switch {
	case w.insideExcluded(path):
	case library.IsNotExist(err):
		if link, err := os.Lstat(path); err == nil && link.Mode()&fs.ModeSymlink != 0 {
			w.failed = append(w.failed, path)
		}
	case err != nil:
		w.failed = append(w.failed, path)
	case !w.included(path, info.IsDir()):
	case info.IsDir():
		err := w.walkFolder(ctx, path, []string{realPath(path)})
		return w.walkResult, err
	case info.Mode().IsRegular() && library.IsVideo(info.Name()):
		w.addVideo(path, info)
	}
	return w.walkResult, ctx.Err()
}

// included reads the ignore files of the folders around path and reports whether path is to be walked.
func (w *walker) included(path string, isFolder bool) bool {
	if path == w.root {
		return true
	}
	above := filepath.Dir(path)
	for dir := w.root; ; {
		if dir != w.root && w.isIgnored(dir, true) || !w.readIgnoreFile(dir) {
			return false
		}
		rest, deeper := strings.CutPrefix(
			above, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator),
		)
		if !deeper || rest == "" {
			break
		}
		next, _, _ := strings.Cut(rest, string(filepath.Separator))
		dir = filepath.Join(dir, next)
	}
	return !w.isIgnored(path, isFolder)
}

// readIgnoreFile reads the ignore file of a folder, if it has one. When the file cannot be read the folder is recorded
// as failed.
func (w *walker) readIgnoreFile(dir string) bool {
	text, err := readIgnore(filepath.Join(dir, library.IgnoreFile))
	switch {
	case library.IsNotExist(err):
	case err != nil:
		w.failed = append(w.failed, dir)
		return false
	default:
		w.ignoreFiles = append(w.ignoreFiles, ignoreFile{dir, ParseIgnore(text)})
	}
	return true
}

// isIgnored reports whether a path is excluded by an ignore rule, and records it.
func (w *walker) isIgnored(path string, isFolder bool) bool {
	passed := w.ignore.Match(library.Relative(w.root, path), isFolder)
	for _, i := range w.ignoreFiles {
		passed = passed || i.Match(library.Relative(i.dir, path), isFolder)
	}
	if passed {
		w.ignored = append(w.ignored, path)
	}
	return passed
}

// walkFolder adds the files in dir and below. trail holds the real paths of the folders entered through symbolic links,
// so that a link to an ancestor is not followed.
func (w *walker) walkFolder(ctx context.Context, dir string, trail []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	items, err := w.fs.ReadDir(dir)
	if err != nil {
		if !library.IsNotExist(err) {
			w.failed = append(w.failed, dir)
		}
		return nil
	}
	before := len(w.ignoreFiles)
	defer func() { w.ignoreFiles = w.ignoreFiles[:before] }()
	if slices.ContainsFunc(items, func(i fs.DirEntry) bool { return i.Name() == library.IgnoreFile }) &&
		!w.readIgnoreFile(dir) {
		return nil
	}
	ruled := len(w.ignoreFiles) > 0 || w.ignore.rules != nil
	for _, item := range items {
		name := item.Name()
		if library.Ignored(name) {
			continue
		}
		link := item.Type()&fs.ModeSymlink != 0
		if !link && !item.IsDir() && (!item.Type().IsRegular() || !library.IsVideo(name) && !isSidecar(name)) {
			continue
		}
		path := filepath.Join(dir, name)
		if ruled && w.isIgnored(path, item.IsDir()) {
			continue
		}
		if item.IsDir() {
			if len(w.excluded) > 0 {
				if info, err := w.fs.Stat(path); err == nil && w.isExcluded(info) {
					continue
				}
			}
			if err := w.walkFolder(ctx, path, trail); err != nil {
				return err
			}
			continue
		}
		info, err := w.fs.Stat(path)
		if err != nil {
			// The target of a link may be on an unmounted disk; a plain file may just have been deleted.
			if link || !library.IsNotExist(err) {
				w.failed = append(w.failed, path)
			}
			continue
		}
		switch {
		case info.IsDir():
			target := realPath(path)
			if w.isExcluded(info) || slices.ContainsFunc(trail, func(t string) bool { return library.Within(target, t) }) {
				continue
			}
			if err := w.walkFolder(ctx, path, append(slices.Clip(trail), target)); err != nil {
				return err
			}
		case !info.Mode().IsRegular():
		case library.IsVideo(name):
			w.addVideo(path, info)
		case isSidecar(name):
			w.sidecars[dir] = append(w.sidecars[dir], library.Sidecar{Name: name, Revision: library.FileRevision(path, info)})
		}
	}
	return nil
}

// addVideo adds a video file that is not a sample.
func (w *walker) addVideo(path string, info fs.FileInfo) {
	if isSample(path, info.Size()) {
		w.ignored = append(w.ignored, path)
		return
	}
	w.videos = append(w.videos, library.VideoFileOf(path, info))
}

// isExcluded reports whether a folder is one of Options.Exclude, under any name it was reached by.
func (w *walker) isExcluded(folder fs.FileInfo) bool {
	return slices.ContainsFunc(w.excluded, func(a fs.FileInfo) bool { return os.SameFile(a, folder) })
}

// insideExcluded reports whether a path is an excluded folder or lies in one.
func (w *walker) insideExcluded(path string) bool {
	if len(w.excluded) == 0 {
		return false
	}
	for ; ; path = filepath.Dir(path) {
		if info, err := w.fs.Stat(path); err == nil && w.isExcluded(info) {
			return true
		}
		if path == filepath.Dir(path) {
			return false
		}
	}
}

// realPath resolves symbolic links, or returns path unchanged when that fails.
func realPath(path string) string {
	if r, err := filepath.EvalSymlinks(path); err == nil {
		return r
	}
	return path
}

// sampleBytes is the size in bytes below which a file named like a sample is one. A longer file is a film of that name.
const sampleBytes = 300 << 20

// isSample reports whether a file is the sample clip of a release: "sample.mkv", "film-sample.mkv", or a short file in
// a folder "Sample".
func isSample(path string, size int64) bool {
	if size >= sampleBytes {
		return false
	}
	stem, _ := library.SplitName(strings.ToLower(filepath.Base(path)))
	folder := strings.ToLower(filepath.Base(filepath.Dir(path)))
	rest, named := strings.CutSuffix(stem, "sample")
	return folder == "sample" || folder == "samples" || named && (rest == "" ||
		strings.ContainsAny(rest[len(rest)-1:], "-._")) ||
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

// sidecarFormats are the file extensions of sidecars.
const sidecarFormats = " jpg jpeg png webp nfo srt ass ssa vtt sub idx sup "

func isSidecar(name string) bool {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	return ext != "" && strings.Contains(sidecarFormats, " "+ext+" ")
}
