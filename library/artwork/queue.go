package artwork

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"movify/library"
	"movify/pkg/id"
)

// job is a picture to be read from disk and stored, or, without a revision, one to be removed.
type job struct {
	title    id.Title
	kind     library.PictureKind
	revision string
}

// takeJobs returns the jobs for the queued folders, the first one last: a poster of the newest title.
func (s *Service) takeJobs(ctx context.Context, looked map[string]uint64) []job {
	s.mu.Lock()
	scopes, out := s.folders, s.lost
	s.folders, s.lost = nil, nil
	s.mu.Unlock()
	films := s.fileLister(ctx, scopes)
	for _, walked := range scopes {
		var found []job
		var err error
		if walked.Path == walked.Root.Path {
			found, err = s.diffRoot(ctx, walked, looked)
		} else {
			found, err = s.diffFolder(ctx, walked, films)
		}
		if err != nil {
			s.logError(ctx, "compare the pictures of a folder", err)
			delete(looked, walked.Path)
		}
		out = append(out, found...)
	}
	rank := func(k library.PictureKind) int { return slices.Index(library.PictureKinds(), k) }
	slices.SortFunc(out, func(a, b job) int {
		return cmp.Or(
			cmp.Compare(rank(b.kind), rank(a.kind)), cmp.Compare(a.title, b.title), cmp.Compare(a.revision, b.revision),
		)
	})
	return slices.Compact(out) // two seasons have one series
}

// fileLister lists the titled files at or below a path of a root.
type fileLister func(r id.Root, path string) ([]library.TitledFile, error)

// fileLister returns a fileLister. For many paths of one root, as when a season is copied file by file, the files of
// the root are read once and filtered.
func (s *Service) fileLister(ctx context.Context, scopes []library.WalkedFolder) fileLister {
	const many = 8
	places := make(map[id.Root]int)
	for _, walked := range scopes {
		places[walked.Root.ID]++
	}
	whole := make(map[id.Root][]library.TitledFile)
	return func(r id.Root, path string) ([]library.TitledFile, error) {
		if places[r] <= many {
			return library.SliceOf(s.o.Store.TitledFiles(ctx, r, path))
		}
		if _, read := whole[r]; !read {
			all, err := library.SliceOf(s.o.Store.TitledFiles(ctx, r, string(filepath.Separator)))
			if err != nil {
				return nil, err
			}
			whole[r] = all
		}
		var out []library.TitledFile
		for _, p := range whole[r] {
			if library.Within(path, p.Path) {
				out = append(out, p)
			}
		}
		return out, nil
	}
}

// diffRoot compares the picture files of a root with the stored pictures. looked holds, by root, a checksum of everything
// the result depends on: an unchanged root is not compared again.
func (s *Service) diffRoot(ctx context.Context, walked library.WalkedFolder, looked map[string]uint64) ([]job, error) {
	m, sum := newMatcher(walked), newChecksum(walked)
	titles := make(titleSet)
	for f, err := range s.o.Store.TitledFiles(ctx, walked.Root.ID, walked.Path) {
		if err != nil {
			return nil, err
		}
		sum.addFile(f)
		m.add(f)
		titles.add(f)
	}
	if old, ok := looked[walked.Path]; ok && old == sum.total {
		return nil, nil
	}
	kept, err := s.o.Store.Pictures(ctx, titles.list())
	if err != nil {
		return nil, err
	}
	looked[walked.Path] = sum.total
	return pictureChanges(walked, m.choose(), kept), nil
}

// diffFolder compares the picture files of a walked folder below its root with the stored pictures.
func (s *Service) diffFolder(ctx context.Context, walked library.WalkedFolder, films fileLister) ([]job, error) {
	files, err := films(walked.Root.ID, walked.Path)
	if err != nil {
		return nil, err
	}
	if walked, files, err = addParentFolders(walked, files, films); err != nil {
		return nil, err
	}
	m, titles := newMatcher(walked), make(titleSet)
	for _, f := range files {
		m.add(f)
		titles.add(f)
	}
	kept, err := s.o.Store.Pictures(ctx, titles.list())
	if err != nil {
		return nil, err
	}
	return pictureChanges(walked, m.choose(), kept), nil
}

// addParentFolders extends a walked folder by the folders of its works above it and their pictures, because the poster
// of a series is above the season that was walked. Those folders are few: they lie on the way up to the root.
func addParentFolders(
	walked library.WalkedFolder, files []library.TitledFile, films fileLister,
) (library.WalkedFolder, []library.TitledFile, error) {
	top := walked.Path
	missing := make(map[string]bool)
	for _, p := range files {
		home := workFolderOf(walked.Root, p)
		own := filepath.Dir(p.Path)
		for dir := own; dir == own || home != "" && library.Within(home, dir); dir = filepath.Dir(dir) {
			if !walked.Covers(dir) {
				missing[dir] = true
				if len(dir) < len(top) && dir != walked.Root.Path { // films in the root do not share a work folder
					top = dir
				}
			}
		}
	}
	if len(missing) == 0 {
		return walked, files, nil
	}
	wide := library.WalkedFolder{
		Root: walked.Root, Path: walked.Path, Sidecars: make(map[string][]library.Sidecar, len(walked.Sidecars)+len(missing)),
	}
	for dir, list := range walked.Sidecars {
		wide.Sidecars[dir] = list
	}
	for dir := range missing {
		list, err := listPictures(dir)
		if err != nil {
			continue // it was removed since; another scan will notice
		}
		wide.Sidecars[dir] = list
	}
	if top == walked.Path {
		return wide, files, nil
	}
	files, err := films(walked.Root.ID, top)
	return wide, files, err
}

// listPictures lists the pictures in one folder.
func listPictures(dir string) ([]library.Sidecar, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	out := []library.Sidecar{}
	for _, entry := range entries {
		name := entry.Name()
		if library.Ignored(name) || !isPicture(name) {
			continue
		}
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			out = append(out, library.Sidecar{Name: name, Revision: library.FileRevision(path, info)})
		}
	}
	return out, nil
}

// checksum sums up the pictures of a walked folder and the files there, in any order.
type checksum struct{ total uint64 }

func newChecksum(walked library.WalkedFolder) *checksum {
	c := new(checksum)
	for _, list := range walked.Sidecars {
		for _, p := range list {
			if isPicture(p.Name) {
				c.add(p.Revision)
			}
		}
	}
	return c
}

// add adds the hash of words, so that their order within the sum does not matter.
func (c *checksum) add(words ...string) {
	h := fnv.New64a()
	for _, w := range words {
		_, _ = h.Write([]byte(w)) // a hash never fails
		_, _ = h.Write([]byte{0})
	}
	c.total += h.Sum64()
}

func (c *checksum) addFile(p library.TitledFile) {
	var season [8]byte
	binary.LittleEndian.PutUint64(season[:], uint64(p.Season))
	c.add(p.Path, string(p.Title), string(p.Parent), string(p.Grandparent), string(p.Kind), string(season[:]))
}

// titleSet is the titles of files and their parents.
type titleSet map[id.Title]struct{}

func (s titleSet) add(p library.TitledFile) {
	for _, t := range []id.Title{p.Title, p.Parent, p.Grandparent} {
		if t != "" {
			s[t] = struct{}{}
		}
	}
}

func (s titleSet) list() []id.Title { return slices.Collect(maps.Keys(s)) }

// pictureChanges returns the jobs that turn the stored pictures into the chosen ones.
func pictureChanges(
	walked library.WalkedFolder, chosen map[pictureSlot]string, kept map[id.Title][]library.Picture,
) []job {
	var out []job
	old := make(map[pictureSlot]bool)
	for _, pictures := range kept {
		for _, p := range pictures {
			if p.Source != library.SidecarPicture {
				continue
			}
			at := pictureSlot{p.Title, p.Kind}
			old[at] = true
			best, path := chosen[at], library.RevisionPath(p.Revision)
			switch {
			case best == p.Revision && best != "":
			case path != "" && !walked.Covers(filepath.Dir(path)) && !isGone(walked, path):
				// The picture beside another version of the title still exists.
			case best != "" || path == "" || isGone(walked, path):
				out = append(out, job{p.Title, p.Kind, best})
			}
		}
	}
	for at, best := range chosen {
		if !old[at] {
			out = append(out, job{at.title, at.kind, best})
		}
	}
	return out
}

// isGone reports whether a picture at path, in or beside a walked folder, no longer exists. In a folder that was not
// listed it counts as gone only when it does not exist on disk.
func isGone(w library.WalkedFolder, path string) bool {
	dir := filepath.Dir(path)
	if !w.Covers(dir) {
		_, err := os.Lstat(path)
		return errors.Is(err, fs.ErrNotExist)
	}
	return !slices.ContainsFunc(w.Sidecars[dir], func(p library.Sidecar) bool { return p.Name == filepath.Base(path) })
}
