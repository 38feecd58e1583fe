package library

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"movify/pkg/id"
)

// walkedFolder is a walked path of a root, with the sidecars found there.
type walkedFolder struct {
	root     Root
	path     string
	sidecars map[string][]sidecar
}

// artworkJob is a picture to be read from disk and stored, or, without a revision, one to be removed.
type artworkJob struct {
	title    id.Title
	kind     PictureKind
	revision string
}

// queueArtwork queues the artwork of walked folders to be compared.
func (s *Service) queueArtwork(places []walkedFolder) {
	s.mu.Lock()
	s.artworkQueue = append(s.artworkQueue, places...)
	s.mu.Unlock()
	wake(s.artworkWake)
}

// artworkJobs returns the jobs for the queued folders, the first one last: a poster of the newest title.
func (s *Service) artworkJobs(ctx context.Context, looked map[string]uint64) []artworkJob {
	s.mu.Lock()
	scopes, out := s.artworkQueue, s.lostArtwork
	s.artworkQueue, s.lostArtwork = nil, nil
	s.mu.Unlock()
	films := s.fileLister(ctx, scopes)
	for _, sc := range scopes {
		found, err := s.diffArtwork(ctx, sc, films, looked)
		if err != nil {
			s.logArtworkError(ctx, "compare the pictures of a folder", err)
			delete(looked, sc.path)
		}
		out = append(out, found...)
	}
	rank := func(k PictureKind) int { return slices.Index(PictureKinds(), k) }
	slices.SortFunc(out, func(a, b artworkJob) int {
		return cmp.Or(
			cmp.Compare(rank(b.kind), rank(a.kind)), cmp.Compare(a.title, b.title), cmp.Compare(a.revision, b.revision),
		)
	})
	return slices.Compact(out) // two seasons have one series
}

// fileLister lists the titled files at or below a path of a root.
type fileLister func(r id.Root, path string) ([]TitledFile, error)

// fileLister returns a fileLister. For many paths of one root, as when a season is copied file by file, the files of
// the root are read once and filtered.
func (s *Service) fileLister(ctx context.Context, scopes []walkedFolder) fileLister {
	const many = 8
	places := make(map[id.Root]int)
	for _, sc := range scopes {
		places[sc.root.ID]++
	}
	whole := make(map[id.Root][]TitledFile)
	return func(r id.Root, path string) ([]TitledFile, error) {
		if places[r] <= many {
			return s.o.Store.TitledFiles(ctx, r, path)
		}
		if _, read := whole[r]; !read {
			all, err := s.o.Store.TitledFiles(ctx, r, string(filepath.Separator))
			if err != nil {
				return nil, err
			}
			whole[r] = all
		}
		var out []TitledFile
		for _, p := range whole[r] {
			if within(path, p.Path) {
				out = append(out, p)
			}
		}
		return out, nil
	}
}

// diffArtwork compares the picture files of a walked folder with the stored pictures. looked holds, by root, a checksum
// of everything the result depends on: an unchanged root is not compared again.
func (s *Service) diffArtwork(
	ctx context.Context, sc walkedFolder, films fileLister, looked map[string]uint64,
) ([]artworkJob, error) {
	files, err := films(sc.root.ID, sc.path)
	if err != nil {
		return nil, err
	}
	whole := sc.path == sc.root.Path
	if !whole {
		if sc, files, err = addParentFolders(sc, files, films); err != nil {
			return nil, err
		}
	}
	sum := sc.checksum(files)
	if old, ok := looked[sc.path]; whole && ok && old == sum {
		return nil, nil
	}
	kept, err := s.o.Store.Pictures(ctx, titlesOf(files))
	if err != nil {
		return nil, err
	}
	if whole {
		looked[sc.path] = sum
	}
	return artworkChanges(sc, matchArtwork(sc, files), kept), nil
}

// addParentFolders extends a walked folder by the folders of its works above it and their pictures, because the poster
// of a series is above the season that was walked. Those folders are few: they lie on the way up to the root.
func addParentFolders(sc walkedFolder, files []TitledFile, films fileLister) (walkedFolder, []TitledFile, error) {
	top := sc.path
	missing := make(map[string]bool)
	for _, p := range files {
		home := workFolderOf(sc.root, p)
		own := filepath.Dir(p.Path)
		for dir := own; dir == own || home != "" && within(home, dir); dir = filepath.Dir(dir) {
			if !sc.covers(dir) {
				missing[dir] = true
				if len(dir) < len(top) && dir != sc.root.Path { // films in the root do not share a work folder
					top = dir
				}
			}
		}
	}
	if len(missing) == 0 {
		return sc, files, nil
	}
	wide := walkedFolder{
		root: sc.root, path: sc.path, sidecars: make(map[string][]sidecar, len(sc.sidecars)+len(missing)),
	}
	for dir, list := range sc.sidecars {
		wide.sidecars[dir] = list
	}
	for dir := range missing {
		list, err := listPictures(dir)
		if err != nil {
			continue // it was removed since; another scan will notice
		}
		wide.sidecars[dir] = list
	}
	if top == sc.path {
		return wide, files, nil
	}
	files, err := films(sc.root.ID, top)
	return wide, files, err
}

// listPictures lists the pictures in one folder.
func listPictures(dir string) ([]sidecar, error) {
	names, err := listNames(dir, 0)
	if err != nil {
		return nil, err
	}
	out := []sidecar{}
	for _, name := range names {
		if Ignored(name) || !isPicture(name) {
			continue
		}
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			out = append(out, sidecar{name, fileRevision(path, info)})
		}
	}
	return out, nil
}

// covers reports whether the pictures in a folder are listed.
func (sc walkedFolder) covers(dir string) bool {
	_, listed := sc.sidecars[dir]
	return listed || within(sc.path, dir)
}

// isGone reports whether a picture at path no longer exists. In a folder that was not listed it counts as gone only
// when it does not exist on disk.
func (sc walkedFolder) isGone(path string) bool {
	dir := filepath.Dir(path)
	if !sc.covers(dir) {
		_, err := os.Lstat(path)
		return errors.Is(err, fs.ErrNotExist)
	}
	return !slices.ContainsFunc(sc.sidecars[dir], func(p sidecar) bool { return p.name == filepath.Base(path) })
}

// checksum sums up the pictures of a walked folder and the files there.
func (sc walkedFolder) checksum(files []TitledFile) uint64 {
	var total uint64
	add := func(words ...string) { // independent of order: a sum of hashes
		h := fnv.New64a()
		for _, w := range words {
			_, _ = h.Write([]byte(w)) // a hash never fails
			_, _ = h.Write([]byte{0})
		}
		total += h.Sum64()
	}
	for _, p := range files {
		var season [8]byte
		binary.LittleEndian.PutUint64(season[:], uint64(p.Season))
		add(p.Path, string(p.Title), string(p.Parent), string(p.Grandparent), string(p.Kind), string(season[:]))
	}
	for _, list := range sc.sidecars {
		for _, p := range list {
			if isPicture(p.name) {
				add(p.revision)
			}
		}
	}
	return total
}

// titlesOf lists the titles of files and their parents, without duplicates.
func titlesOf(files []TitledFile) []id.Title {
	seen := make(map[id.Title]bool)
	var out []id.Title
	for _, p := range files {
		for _, t := range []id.Title{p.Title, p.Parent, p.Grandparent} {
			if t != "" && !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	return out
}

// artworkChanges returns the jobs that turn the stored pictures into the chosen ones.
func artworkChanges(sc walkedFolder, chosen map[artworkSlot]string, kept map[id.Title][]Picture) []artworkJob {
	var out []artworkJob
	old := make(map[artworkSlot]bool)
	for _, pictures := range kept {
		for _, p := range pictures {
			if p.Source != SidecarPicture {
				continue
			}
			at := artworkSlot{p.Title, p.Kind}
			old[at] = true
			best, path := chosen[at], revisionPath(p.Revision)
			switch {
			case best == p.Revision && best != "":
			case path != "" && !sc.covers(filepath.Dir(path)) && !sc.isGone(path):
				// The picture beside another version of the title still exists.
			case best != "" || path == "" || sc.isGone(path):
				out = append(out, artworkJob{p.Title, p.Kind, best})
			}
		}
	}
	for at, best := range chosen {
		if !old[at] {
			out = append(out, artworkJob{at.title, at.kind, best})
		}
	}
	return out
}

// fileRevision distinguishes the states of a file: size, modification time and path. The path is last because it may
// hold any character.
func fileRevision(path string, info fs.FileInfo) string {
	return fmt.Sprintf("%d|%d|%s", info.Size(), info.ModTime().UnixNano(), path)
}

// revisionPath returns the path in a file revision, or "".
func revisionPath(mark string) string {
	parts := strings.SplitN(mark, "|", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}
