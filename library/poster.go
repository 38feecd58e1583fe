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

// scope is a place that was walked, with what was seen beside the films there.
type scope struct {
	root   Root
	path   string
	beside map[string][]sidecar
}

// errand is a picture to be read from disk and kept, or, without a mark, one to be forgotten because it is gone.
type errand struct {
	title id.Title
	kind  PictureKind
	mark  string
}

// wantPosters asks for the pictures of places to be brought up to date.
func (s *Service) wantPosters(places []scope) {
	s.mu.Lock()
	s.scopes = append(s.scopes, places...)
	s.mu.Unlock()
	poke(s.painting)
}

// errands gives what is to be done for the places walked lately, the last thing first: a poster of the newest title.
func (s *Service) errands(ctx context.Context, looked map[string]uint64) []errand {
	s.mu.Lock()
	scopes, out := s.scopes, s.again
	s.scopes, s.again = nil, nil
	s.mu.Unlock()
	films := s.placer(ctx, scopes)
	for _, sc := range scopes {
		found, err := s.compareArt(ctx, sc, films, looked)
		if err != nil {
			s.artTrouble(ctx, "look for the pictures of a place", err)
			delete(looked, sc.path)
		}
		out = append(out, found...)
	}
	rank := func(k PictureKind) int { return slices.Index(PictureKinds(), k) }
	slices.SortFunc(out, func(a, b errand) int {
		return cmp.Or(cmp.Compare(rank(b.kind), rank(a.kind)), cmp.Compare(a.title, b.title), cmp.Compare(a.mark, b.mark))
	})
	return slices.Compact(out) // two seasons have one series
}

// placer lists the films at or below a path of a root.
type placer func(r id.Root, path string) ([]Placed, error)

// placer gives a placer. When there are many places to look at, as when a season is
// being copied file by file, the films of a root are read once and picked from.
func (s *Service) placer(ctx context.Context, scopes []scope) placer {
	const many = 8
	places := make(map[id.Root]int)
	for _, sc := range scopes {
		places[sc.root.ID]++
	}
	whole := make(map[id.Root][]Placed)
	return func(r id.Root, path string) ([]Placed, error) {
		if places[r] <= many {
			return s.o.Store.Placed(ctx, r, path)
		}
		if _, read := whole[r]; !read {
			all, err := s.o.Store.Placed(ctx, r, string(filepath.Separator))
			if err != nil {
				return nil, err
			}
			whole[r] = all
		}
		var out []Placed
		for _, p := range whole[r] {
			if within(path, p.Path) {
				out = append(out, p)
			}
		}
		return out, nil
	}
}

// compareArt sets the pictures of a place against those that are kept. looked holds, by root, a sum over all that the
// choice depends on: what is as it was when a root was last compared is not compared again.
func (s *Service) compareArt(ctx context.Context, sc scope, films placer, looked map[string]uint64) ([]errand, error) {
	placed, err := films(sc.root.ID, sc.path)
	if err != nil {
		return nil, err
	}
	whole := sc.path == sc.root.Path
	if !whole {
		if sc, placed, err = widen(sc, placed, films); err != nil {
			return nil, err
		}
	}
	sum := sc.sum(placed)
	if old, ok := looked[sc.path]; whole && ok && old == sum {
		return nil, nil
	}
	kept, err := s.o.Store.Pictures(ctx, titlesOf(placed))
	if err != nil {
		return nil, err
	}
	if whole {
		looked[sc.path] = sum
	}
	return settleArt(sc, chooseArt(sc, placed), kept), nil
}

// widen adds to a place the folders of the works that have files in it and their pictures, because a series' poster stands
// above the season that was walked. They are few: they lie on the way up to the root.
func widen(sc scope, placed []Placed, films placer) (scope, []Placed, error) {
	top := sc.path
	missing := make(map[string]bool)
	for _, p := range placed {
		home := homeOf(sc.root, p)
		for dir := filepath.Dir(p.Path); dir == filepath.Dir(p.Path) || home != "" && within(home, dir); dir = filepath.Dir(dir) {
			if !sc.saw(dir) {
				missing[dir] = true
				if len(dir) < len(top) && dir != sc.root.Path { // in the root every film is by itself
					top = dir
				}
			}
		}
	}
	if len(missing) == 0 {
		return sc, placed, nil
	}
	wide := scope{root: sc.root, path: sc.path, beside: make(map[string][]sidecar, len(sc.beside)+len(missing))}
	for dir, list := range sc.beside {
		wide.beside[dir] = list
	}
	for dir := range missing {
		list, err := picturesIn(dir)
		if err != nil {
			continue // it went away since: another scan will tell
		}
		wide.beside[dir] = list
	}
	if top == sc.path {
		return wide, placed, nil
	}
	placed, err := films(sc.root.ID, top)
	return wide, placed, err
}

// picturesIn lists the pictures in one folder.
func picturesIn(dir string) ([]sidecar, error) {
	names, err := readNames(dir, 0)
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
			out = append(out, sidecar{name, mark(path, info)})
		}
	}
	return out, nil
}

// saw reports whether the pictures in a folder are known.
func (sc scope) saw(dir string) bool {
	_, listed := sc.beside[dir]
	return listed || within(sc.path, dir)
}

// lost reports whether a picture that was at path is there no more. One in a folder that was not looked at is, unless it
// is not to be found at all.
func (sc scope) lost(path string) bool {
	dir := filepath.Dir(path)
	if !sc.saw(dir) {
		_, err := os.Lstat(path)
		return errors.Is(err, fs.ErrNotExist)
	}
	return !slices.ContainsFunc(sc.beside[dir], func(p sidecar) bool { return p.name == filepath.Base(path) })
}

// sum sums up the pictures of a place and the films there.
func (sc scope) sum(placed []Placed) uint64 {
	var total uint64
	add := func(words ...string) { // in no order: a sum of sums
		h := fnv.New64a()
		for _, w := range words {
			_, _ = h.Write([]byte(w)) // a hash never fails
			_, _ = h.Write([]byte{0})
		}
		total += h.Sum64()
	}
	for _, p := range placed {
		var season [8]byte
		binary.LittleEndian.PutUint64(season[:], uint64(p.Season))
		add(p.Path, string(p.Title), string(p.Parent), string(p.Above), string(p.Kind), string(season[:]))
	}
	for _, list := range sc.beside {
		for _, p := range list {
			if isPicture(p.name) {
				add(p.mark)
			}
		}
	}
	return total
}

// titlesOf lists the titles of files and all that they are part of, each once.
func titlesOf(placed []Placed) []id.Title {
	seen := make(map[id.Title]bool)
	var out []id.Title
	for _, p := range placed {
		for _, t := range []id.Title{p.Title, p.Parent, p.Above} {
			if t != "" && !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	return out
}

// settleArt says which pictures chosen from a place are to replace those that are kept.
func settleArt(sc scope, chosen map[spot]string, kept map[id.Title][]Picture) []errand {
	var out []errand
	old := make(map[spot]bool)
	for _, pictures := range kept {
		for _, p := range pictures {
			if p.Source != BesideFilm {
				continue
			}
			at := spot{p.Title, p.Kind}
			old[at] = true
			best, path := chosen[at], markPath(p.Mark)
			switch {
			case best == p.Mark && best != "":
			case path != "" && !sc.saw(filepath.Dir(path)) && !sc.lost(path):
				// The picture beside another file of the same title is still there.
			case best != "" || path == "" || sc.lost(path):
				out = append(out, errand{p.Title, p.Kind, best})
			}
		}
	}
	for at, best := range chosen {
		if !old[at] {
			out = append(out, errand{at.title, at.kind, best})
		}
	}
	return out
}

// mark tells one state of a picture from another. The path is last because it may hold any character.
func mark(path string, info fs.FileInfo) string {
	return fmt.Sprintf("%d|%d|%s", info.Size(), info.ModTime().UnixNano(), path)
}

// markPath gives the path in a mark, or "".
func markPath(mark string) string {
	parts := strings.SplitN(mark, "|", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}
