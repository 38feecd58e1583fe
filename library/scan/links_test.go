package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/fswatch"
	"movify/pkg/fault"
)

// countingFS counts the folders that are listed, and calls after each.
type countingFS struct {
	library.FileSystem
	listed int
	after  func(listed int)
}

func (c *countingFS) ReadDir(path string) ([]fs.DirEntry, error) {
	c.listed++
	items, err := c.FileSystem.ReadDir(path)
	if c.after != nil {
		c.after(c.listed)
	}
	return items, err
}

// linkGraph is a root with folders, films and links of all kinds.
type linkGraph struct {
	root, allowed, outside string
	folders                []string // real paths, those of all three
	links                  map[string]string
	want                   []string // real paths of the films that are found
}

// newLinkGraph makes a graph of about 200 folders. What is to be found is what a search along the links reaches.
func newLinkGraph(t *testing.T, seed uint64) linkGraph {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 11))
	base := library.RealPath(t.TempDir())
	g := linkGraph{
		root: filepath.Join(base, "root"), allowed: filepath.Join(base, "allowed"), outside: filepath.Join(base, "outside"),
		links: make(map[string]string),
	}
	g.folders = []string{g.root, g.allowed, g.outside}
	for n := range 200 {
		parent := g.folders[random.IntN(len(g.folders))]
		if n%3 == 0 {
			parent = g.root
		}
		name := fmt.Sprintf("f%d", n)
		if random.IntN(20) == 0 {
			name = "." + name // no scan goes into it by this name
		}
		g.folders = append(g.folders, filepath.Join(parent, name))
	}
	for n, folder := range g.folders {
		must(t, os.MkdirAll(folder, 0o755))
		must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("Film %d (2000).mkv", n)), []byte("film"), 0o644))
	}
	for n := range random.IntN(300) {
		at := filepath.Join(g.folders[random.IntN(len(g.folders))], fmt.Sprintf("l%d", n))
		to := g.folders[random.IntN(len(g.folders))]
		switch random.IntN(12) {
		case 0:
			to = filepath.Join(to, "nowhere")
		case 1:
			to = filepath.Dir(at)
		case 2:
			to = base
		case 3:
			to = filepath.Join(to, fmt.Sprintf("Film %d (2000).mkv", slices.Index(g.folders, to)))
			at += ".mkv"
		case 4:
			if links := slices.Sorted(maps.Keys(g.links)); len(links) > 0 {
				to = links[random.IntN(len(links))]
			}
		}
		if random.IntN(2) == 0 {
			relative, err := filepath.Rel(filepath.Dir(at), to)
			must(t, err)
			must(t, os.Symlink(relative, at))
		} else {
			must(t, os.Symlink(to, at))
		}
		g.links[at] = to
	}
	g.search(t)
	return g
}

// search finds what a walk has to find, by folders that were reached and not by names.
func (g *linkGraph) search(t *testing.T) {
	t.Helper()
	reached := make(map[string]bool)
	films := make(map[string]bool)
	queue := []string{g.root}
	inside := func(path string) bool { return library.Within(g.root, path) || library.Within(g.allowed, path) }
	for len(queue) > 0 {
		dir := queue[0]
		queue = queue[1:]
		if reached[dir] || !inside(dir) {
			continue
		}
		reached[dir] = true
		items, err := os.ReadDir(dir)
		must(t, err)
		for _, item := range items {
			if library.Ignored(item.Name()) {
				continue
			}
			real, err := filepath.EvalSymlinks(filepath.Join(dir, item.Name()))
			if err != nil || !inside(real) {
				continue
			}
			if info, err := os.Stat(real); err == nil && info.IsDir() {
				queue = append(queue, real)
			} else if library.IsVideo(item.Name()) { // a link to a film without a film's extension is none
				films[real] = true
			}
		}
	}
	for film := range films {
		g.want = append(g.want, film)
	}
	slices.Sort(g.want)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// realNames are the real paths of the videos, sorted. A file that was found twice is there twice.
func realNames(videos []library.VideoFile) []string {
	var out []string
	for _, v := range videos {
		out = append(out, library.RealPath(v.Path))
	}
	slices.Sort(out)
	return out
}

// TestAnyLinksEndInEachFileOnce walks and watches random graphs of links: loops, fans, links out and links to nothing.
func TestAnyLinksEndInEachFileOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			g := newLinkGraph(t, seed)
			counted := &countingFS{FileSystem: library.SystemFS()}
			s := New(Options{FS: counted, LinksInto: []string{g.allowed}})
			seen, err := s.walk(t.Context(), g.root, g.root)
			must(t, err)
			s.keepLinks(g.root, seen)
			if diff := cmp.Diff(g.want, realNames(seen.videos)); diff != "" {
				t.Errorf("real files (-want +got):\n%s", diff)
			}
			listed := counted.listed
			if listed > len(g.folders) {
				t.Errorf("%d folders are listed, there are %d", listed, len(g.folders))
			}
			for _, l := range seen.leftOut {
				if to := library.RealPath(l.Path); l.Why.Code != "link_out" || library.Within(g.root, to) ||
					library.Within(g.allowed, to) {
					t.Errorf("%s is left out: %s", l.Path, l.Why.Code)
				}
			}
			g.walkInParts(t, s, seen)
			g.cutOff(t, listed)
			g.watch(t)
		})
	}
}

// walkInParts walks each path that the whole walk has found by itself: the same files have the same names.
func (g *linkGraph) walkInParts(t *testing.T, s *Service, whole walkResult) {
	t.Helper()
	for n, v := range whole.videos {
		if n%8 != 0 {
			continue
		}
		for _, path := range []string{v.Path, filepath.Dir(v.Path)} {
			part, err := s.walk(t.Context(), g.root, path)
			must(t, err)
			for _, p := range part.videos {
				if !slices.ContainsFunc(whole.videos, func(w library.VideoFile) bool { return w.Path == p.Path }) {
					t.Fatalf("a walk of %s finds %s, which the walk of the root does not", path, p.Path)
				}
			}
			if !slices.ContainsFunc(part.videos, func(p library.VideoFile) bool { return p.Path == v.Path }) {
				t.Fatalf("a walk of %s does not find %s", path, v.Path)
			}
		}
	}
	for link := range g.links {
		if !library.Within(g.root, link) || library.IgnoredPath(library.Relative(g.root, link)) {
			continue // no hint leads there
		}
		part, err := s.walk(t.Context(), g.root, link)
		must(t, err)
		for _, p := range part.videos {
			if !slices.ContainsFunc(whole.videos, func(w library.VideoFile) bool { return w.Path == p.Path }) {
				t.Fatalf("a walk of the link %s finds %s, which the walk of the root does not", link, p.Path)
			}
		}
	}
}

// TestAPreviewDecidesNothing: a second name of a folder, which a walk of everything would come to first, does not take the
// films away that are known by the first.
func TestAPreviewDecidesNothing(t *testing.T) {
	t.Parallel()
	root, outside := t.TempDir(), t.TempDir()
	must(t, os.WriteFile(filepath.Join(outside, "Heat (1995).mkv"), nil, 0o644))
	must(t, os.Symlink(outside, filepath.Join(root, "m")))
	s := New(Options{LinksInto: []string{outside}})
	seen, err := s.walk(t.Context(), root, root)
	must(t, err)
	s.keepLinks(root, seen)
	must(t, os.Symlink(outside, filepath.Join(root, "a")))
	preview, err := s.walk(t.Context(), root, root)
	must(t, err)
	if len(preview.videos) != 1 || preview.videos[0].Path != filepath.Join(root, "a", "Heat (1995).mkv") {
		t.Fatalf("the preview finds %+v", preview.videos)
	}
	part, err := s.walk(t.Context(), root, filepath.Join(root, "m", "Heat (1995).mkv"))
	must(t, err)
	if len(part.videos) != 1 {
		t.Errorf("after a preview the film is not found by its name: %+v", part)
	}
}

// cutOff ends walks with their context after some folders: nothing is listed afterwards.
func (g *linkGraph) cutOff(t *testing.T, folders int) {
	t.Helper()
	for _, at := range []int{1, folders / 2, folders - 1} {
		ctx, cancel := context.WithCancel(t.Context())
		counted := &countingFS{FileSystem: library.SystemFS(), after: func(listed int) {
			if listed == at {
				cancel()
			}
		}}
		_, err := New(Options{FS: counted, LinksInto: []string{g.allowed}}).walk(ctx, g.root, g.root)
		if !errors.Is(err, context.Canceled) || counted.listed > max(1, at) {
			t.Errorf("cut off after %d folders, %d are listed (%v)", at, counted.listed, err)
		}
		cancel()
	}
}

// watch watches the graph: no folder is watched twice, and a new film in a linked folder is reported once.
func (g *linkGraph) watch(t *testing.T) {
	t.Helper()
	w := fswatch.New(fswatch.Options{LinksInto: []string{g.allowed}, Gather: time.Millisecond})
	if state := w.Add(t.Context(), g.root, library.MethodAuto); state.Mode != library.WatchEvents {
		t.Errorf("it is watched by %+v", state)
	}
	if state := w.State(g.root); state.Watches > len(g.folders) || state.Watches == 0 {
		t.Errorf("%d watches for %d folders", state.Watches, len(g.folders))
	}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	if state := w.Add(cut, g.root, library.MethodAuto); !state.Pending || w.State(g.root).Watches > 0 {
		t.Errorf("cut off it is watched by %+v", state)
	}
	w.Add(t.Context(), g.root, library.MethodAuto)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	film := filepath.Join(g.root, "new.mkv")
	must(t, os.WriteFile(film, nil, 0o644))
	must(t, w.Run(ctx, func(h library.Hint) {
		if slices.Contains(h.Paths, film) {
			cancel()
		}
	}))
	if ctx.Err() == context.DeadlineExceeded {
		t.Error("the new film was not reported")
	}
}

// TestLoopsAndFans are the two libraries that a walk did not come back from.
func TestLoopsAndFans(t *testing.T) {
	t.Parallel()
	for name, fill := range map[string]func(t *testing.T, dir string) (films int){
		"two folders that link to each other": func(t *testing.T, dir string) int {
			for n := range 3 {
				must(t, os.Symlink("../b", filepath.Join(dir, "a", fmt.Sprint("l", n))))
				must(t, os.Symlink("../a", filepath.Join(dir, "b", fmt.Sprint("l", n))))
			}
			return 2
		},
		"each of 25 folders three times in the one before": func(t *testing.T, dir string) int {
			for n := range 25 {
				folder := filepath.Join(dir, fmt.Sprint("f", n))
				must(t, os.Mkdir(folder, 0o755))
				must(t, os.WriteFile(filepath.Join(folder, "film.mkv"), nil, 0o644))
				for l := range 3 {
					must(t, os.Symlink(fmt.Sprint("../f", n+1), filepath.Join(folder, fmt.Sprint("l", l))))
				}
			}
			return 25 + 2
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, folder := range []string{"a", "b"} {
				must(t, os.Mkdir(filepath.Join(dir, folder), 0o755))
				must(t, os.WriteFile(filepath.Join(dir, folder, "film.mkv"), nil, 0o644))
			}
			films := fill(t, dir)
			seen, err := New(Options{}).walk(t.Context(), dir, dir)
			must(t, err)
			if len(seen.videos) != films {
				t.Errorf("%d films are found, want %d", len(seen.videos), films)
			}
			w := fswatch.New(fswatch.Options{})
			if state := w.Add(t.Context(), dir, library.MethodAuto); state.Mode != library.WatchEvents {
				t.Errorf("it is watched by %+v", state)
			}
		})
	}
}

// TestBoundsOfAWalk: what is too deep or too much is said, and its known files are kept.
func TestBoundsOfAWalk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deep := dir + strings.Repeat("/d", maxDepth+1)
	must(t, os.MkdirAll(deep, 0o755))
	must(t, os.WriteFile(filepath.Join(filepath.Dir(deep), "near.mkv"), nil, 0o644))
	must(t, os.WriteFile(filepath.Join(deep, "far.mkv"), nil, 0o644))
	s := New(Options{})
	known := []library.KnownFile{{ID: "far", Path: filepath.Join(deep, "far.mkv"), State: library.Present}}
	for _, c := range []struct {
		entries int
		want    *fault.Fault
		videos  int
	}{{maxEntries, library.ErrTooDeep, 1}, {50, library.ErrTooMany, 0}} {
		s.maxEntries = c.entries
		seen, err := s.walk(t.Context(), dir, dir)
		must(t, err)
		if len(seen.leftOut) != 1 || seen.leftOut[0].Why != c.want || len(seen.videos) != c.videos {
			t.Errorf("%s: got %+v", c.want.Code, seen)
		}
		if d := compare(known, seen); len(d.leftOut[c.want]) != 1 || len(d.gone) != 0 {
			t.Errorf("%s: got %+v", c.want.Code, d)
		}
	}
}
