package scan

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"
	"movify/library/naming"

	"movify/pkg/disc"
	"movify/pkg/fault"
)

// walkResult lists the files that a walk found.
type walkResult struct {
	videos   []library.VideoFile
	failed   []string                     // folders and files that could not be read
	ignored  []Ignored                    // folders and videos that rules exclude, or their names
	leftOut  []LeftOut                    // what is not walked although no rule says so
	sidecars map[string][]library.Sidecar // by folder; only folders that have one
	links    *library.FollowedLinks       // the decisions about links that it followed
	// siblings are the video files of each folder that has several; nil when no folder was read.
	siblings map[string]*naming.Siblings
}

// Ignored is a folder or video file that is no part of the library, with the reason.
type Ignored struct {
	Path string
	Why  *fault.Fault
}

// LeftOut is a path that is not walked, with the reason.
type LeftOut struct {
	Path    string
	Why     *fault.Fault
	SinceMS int64
}

// Bounds of a walk, far beyond what libraries have: a folder that holds a copy of itself over and over, or the root of a
// file server, is to end in a word to the owner.
const (
	maxDepth   = 100        // folders in one another
	maxEntries = 10_000_000 // files and folders of a root
)

// walker collects the files below a folder.
type walker struct {
	walkResult
	fs          library.FileSystem
	root        string
	linked      []string // links to folders, followed once everything under its own name is walked
	entries     int      // seen so far
	maxEntries  int
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
		fs: s.o.FS, root: root, ignore: s.o.Ignore, maxEntries: s.maxEntries,
		walkResult: walkResult{
			sidecars: make(map[string][]library.Sidecar), links: s.linksOf(root, root == path),
		},
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
	case path != root && w.follow(path) == "":
	case info.IsDir():
		target := ""
		if real := library.RealPath(path); real != filepath.Join(library.RealPath(root), library.Relative(root, path)) {
			target = real
		}
		w.siblings = make(map[string]*naming.Siblings)
		err := w.walkFolders(ctx, path, target)
		return w.walkResult, err
	case info.Mode().IsRegular() && library.IsVideo(info.Name()):
		w.addVideo(path, info)
	}
	return w.walkResult, ctx.Err()
}

// linksOf returns the decisions about links in a root: those of the last scan of all of it, or new ones when there was
// none or anew is set.
func (s *Service) linksOf(root string, anew bool) *library.FollowedLinks {
	s.mu.Lock()
	links := s.links[root]
	into := slices.Concat(s.o.LinksInto, s.rootPaths)
	s.mu.Unlock()
	if links == nil || anew {
		return library.NewFollowedLinks(root, into)
	}
	return links
}

// keepLinks makes the decisions of a walk of a whole root those of later walks of its parts. Only a scan keeps them: a
// preview or a walk that ended early may have given a folder another name than its files are known by.
func (s *Service) keepLinks(root string, seen walkResult) {
	s.mu.Lock()
	s.links[root] = seen.links
	s.mu.Unlock()
}

// setRootPaths says which roots there are: links may lead from one to another.
func (s *Service) setRootPaths(roots []library.Root) {
	paths := make([]string, len(roots))
	for i, r := range roots {
		paths[i] = r.Path
	}
	s.mu.Lock()
	s.rootPaths = paths
	s.mu.Unlock()
}

// follow decides about the link at path. target is its real path, "" when it is not followed.
func (w *walker) follow(path string) (target string) {
	target, follow, err := w.links.Follow(path, w.reaches)
	if err != nil {
		w.leaveOut(path, err)
	}
	if !follow {
		return ""
	}
	return target
}

// leaveOut records a path that is not walked. Its known files are kept.
func (w *walker) leaveOut(path string, err error) {
	w.failed = append(w.failed, path)
	if why := fault.Of(err); errors.Is(err, why) {
		w.leftOut = append(w.leftOut, LeftOut{Path: path, Why: why})
	}
}

// reaches reports whether a walk of the root comes to a file or folder of that name, at which it lies and is no link.
func (w *walker) reaches(name string) bool {
	info, err := w.fs.Stat(name)
	if err != nil || !info.IsDir() && !library.IsVideo(name) || library.IgnoredPath(library.Relative(w.root, name)) {
		return false
	}
	probe := walker{fs: w.fs, root: w.root, ignore: w.ignore}
	return probe.included(name, info.IsDir())
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
		w.ignored = append(w.ignored, Ignored{path, library.ErrPassedBy})
	}
	return passed
}

// walkFolders adds the files in dir and below, and then those that links there lead to. target is the real path of dir
// when it is reached through a link, else "". The only error is ctx's.
func (w *walker) walkFolders(ctx context.Context, dir, target string) error {
	err := w.walkFolder(ctx, dir, target)
	for err == nil && len(w.linked) > 0 {
		next := w.linked[0]
		w.linked, w.ignoreFiles = w.linked[1:], nil
		if !w.included(next, true) {
			continue
		}
		if target := w.follow(next); target != "" {
			err = w.walkFolder(ctx, next, target)
		}
	}
	if errors.Is(err, library.ErrTooMany) {
		w.leaveOut(w.root, err)
		return nil
	}
	return err
}

// walkFolder adds the files in dir and in the folders that lie in it, and notes links to other folders. target is as in
// walkFolders.
func (w *walker) walkFolder(ctx context.Context, dir, target string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if strings.Count(library.Relative(w.root, dir), "/") >= maxDepth {
		w.leaveOut(dir, library.ErrTooDeep)
		return nil
	}
	items, err := w.fs.ReadDir(dir)
	if err != nil {
		if !library.IsNotExist(err) {
			w.failed = append(w.failed, dir)
		}
		return nil
	}
	if w.entries += len(items); w.entries > w.maxEntries {
		return library.ErrTooMany
	}
	if siblings := library.SiblingsOf(items); siblings != nil {
		w.siblings[dir] = siblings
	}
	before := len(w.ignoreFiles)
	defer func() { w.ignoreFiles = w.ignoreFiles[:before] }()
	if slices.ContainsFunc(items, func(i fs.DirEntry) bool { return i.Name() == library.IgnoreFile }) &&
		!w.readIgnoreFile(dir) {
		return nil
	}
	if disc.IsFolder(dir, entryNames(items)) {
		items = w.walkDisc(dir, target, items)
	}
	ruled := len(w.ignoreFiles) > 0 || w.ignore.rules != nil
	for _, item := range items {
		name := item.Name()
		if why := library.IgnoreReason(name); why != nil {
			if item.IsDir() || library.WouldBeVideo(name) {
				w.ignored = append(w.ignored, Ignored{filepath.Join(dir, name), why})
			}
			continue
		}
		link := item.Type()&fs.ModeSymlink != 0
		if !link && !item.IsDir() && (!item.Type().IsRegular() || !library.HasVideoExtension(name) && !isSidecar(name)) {
			continue
		}
		path := filepath.Join(dir, name)
		if ruled && w.isIgnored(path, item.IsDir()) {
			continue
		}
		real := ""
		if target != "" {
			if real = filepath.Join(target, name); !link && !w.links.Enters(real, path) {
				continue
			}
		}
		if item.IsDir() {
			if len(w.excluded) > 0 {
				if info, err := w.fs.Stat(path); err == nil && w.isExcluded(info) {
					continue
				}
			}
			if err := w.walkFolder(ctx, path, real); err != nil {
				return err
			}
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		w.addFile(dir, path, link)
	}
	return nil
}

// addFile adds the file at path in dir if it is a video or a sidecar, or notes that it is a link to a folder.
func (w *walker) addFile(dir, path string, link bool) {
	info, err := w.fs.Stat(path)
	if err != nil {
		// The target of a link may be on an unmounted disk; a plain file may just have been deleted.
		if link || !library.IsNotExist(err) {
			w.failed = append(w.failed, path)
		}
		return
	}
	name := filepath.Base(path)
	switch {
	case info.IsDir():
		if !w.isExcluded(info) {
			w.linked = append(w.linked, path)
		}
	case !info.Mode().IsRegular():
	case library.HasVideoExtension(name): // it is not ignored, or would not be here
		if !link || w.follow(path) != "" {
			w.addVideo(path, info)
		}
	case isSidecar(name):
		if link && !w.links.Allows(path) {
			w.leaveOut(path, library.ErrLinkOut)
			return
		}
		w.sidecars[dir] = append(w.sidecars[dir], library.Sidecar{Name: name, Revision: library.FileRevision(path, info)})
	}
}

// addVideo adds a video file that is not a sample.
func (w *walker) addVideo(path string, info fs.FileInfo) {
	if isSample(path, info.Size()) {
		w.ignored = append(w.ignored, Ignored{path, library.ErrSample})
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
const sidecarFormats = " jpg jpeg png webp tbn nfo srt ass ssa vtt sub idx sup "

func isSidecar(name string) bool {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	return ext != "" && strings.Contains(sidecarFormats, " "+ext+" ")
}
