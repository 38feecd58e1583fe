package scan_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"movify/library/scan"

	"github.com/google/go-cmp/cmp"

	"movify/library"
)

// faultyFS is a file system with injected faults.
type faultyFS struct {
	library.FileSystem
	calls atomic.Int64 // calls of Stat and ReadDir

	mu     sync.Mutex
	errs   map[string]error  // by path: what reading it gives
	disk   string            // the ID of the disk, when it is another; "" = the real one
	before func(path string) // called before a folder is read
}

func (g *faultyFS) fault(path string) error {
	g.calls.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.errs[path]
}

func (g *faultyFS) Stat(path string) (fs.FileInfo, error) {
	if err := g.fault(path); err != nil {
		return nil, err
	}
	return g.FileSystem.Stat(path)
}

func (g *faultyFS) ReadDir(path string) ([]fs.DirEntry, error) {
	if err := g.fault(path); err != nil {
		return nil, err
	}
	g.mu.Lock()
	before := g.before
	g.mu.Unlock()
	if before != nil {
		before(path)
	}
	return g.FileSystem.ReadDir(path)
}

func (g *faultyFS) Disk(path string) (library.Disk, error) {
	d, err := g.FileSystem.Disk(path)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.disk != "" {
		d.ID = g.disk
	}
	return d, err
}

func (g *faultyFS) set(change func(*faultyFS)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change(g)
}

// newOnFaultyFS makes a library on a file system with faults, without a watcher.
func newOnFaultyFS(t *testing.T, files map[string]string) (*harness, *faultyFS) {
	t.Helper()
	g := &faultyFS{FileSystem: library.SystemFS(), errs: make(map[string]error)}
	h := newHarness(t, files)
	h.Adjust = func(o *scan.Options) { o.FS, o.Watcher, o.BinDays = g, nil, 30 }
	h.Build()
	return h, g
}

// filmsIn makes n films in folders of their own.
func filmsIn(n int) map[string]string {
	out := make(map[string]string, n)
	for i := range n {
		out[fmt.Sprintf("Film %d (1990)/Film %d (1990).mkv", i, i)] = fmt.Sprint("film ", i)
	}
	return out
}

func (h *harness) root() library.Root {
	h.T.Helper()
	roots, err := h.Roots(h.T.Context())
	if err != nil || len(roots) == 0 {
		h.T.Fatalf("there is no root: %v", err)
	}
	return roots[0]
}

// countStates counts the files in each state.
func (h *harness) countStates() map[library.State]int {
	out := make(map[library.State]int)
	for _, s := range h.States() {
		out[s]++
	}
	return out
}

func (h *harness) expectStates(what string, want map[library.State]int) {
	h.T.Helper()
	if diff := cmp.Diff(want, h.countStates()); diff != "" {
		h.T.Errorf("%s: files (-want +got)\n%s", what, diff)
	}
}

func (h *harness) drop(names ...string) {
	h.T.Helper()
	for _, n := range names {
		if err := os.RemoveAll(h.Path(n)); err != nil {
			h.T.Fatal(err)
		}
	}
}

func TestAMassLossIsHeldUntilItIsBackOrAccepted(t *testing.T) {
	t.Parallel()
	h, _ := newOnFaultyFS(t, filmsIn(20))
	h.Start()
	before := h.Names()
	for i := range 6 {
		h.Rename(fmt.Sprintf("Film %d (1990)", i), fmt.Sprintf("../aside/Film %d (1990)", i))
	}
	preview, err := h.Preview(t.Context())
	if err != nil || len(preview.Held) != 6 || len(preview.Missing) != 0 {
		t.Errorf("the preview says %d held, %d missing (%v)", len(preview.Held), len(preview.Missing), err)
	}
	h.ScanAll()
	h.expectStates("held", map[library.State]int{library.Present: 14, library.Unreachable: 6})
	if r := h.root(); r.State != library.Present || r.Held.Missing != 6 || r.Held.Of != 20 || r.Held.SinceMS == 0 ||
		!r.Acceptable() {
		t.Errorf("the root is %+v", r)
	}
	if f := h.FileAt("Film 3 (1990)/Film 3 (1990).mkv"); f.Code != "root_held" || f.Reason == "" {
		t.Errorf("the file says %q %q", f.Code, f.Reason)
	}
	if diff := cmp.Diff(before, h.Names()); diff != "" {
		t.Errorf("the wall changed: %s", diff)
	}
	// Two come back, and one more goes while the others are held.
	h.Rename("../aside/Film 0 (1990)", "Film 0 (1990)")
	h.Rename("../aside/Film 1 (1990)", "moved/Film 1 (1990)")
	h.drop("Film 19 (1990)")
	h.ScanAll()
	h.expectStates("two back, one more gone", map[library.State]int{library.Present: 15, library.Unreachable: 5})
	if r := h.root(); r.Held.Missing != 5 {
		t.Errorf("%d are held, want 5", r.Held.Missing)
	}
	if _, err := h.AcceptLoss(t.Context(), h.root().ID); err != nil {
		t.Fatal(err)
	}
	h.ScanAll()
	h.expectStates("accepted", map[library.State]int{library.Present: 15, library.Missing: 5})
	if r := h.root(); r.Held != (library.Held{}) {
		t.Errorf("still held: %+v", r.Held)
	}
	if _, err := h.AcceptLoss(t.Context(), h.root().ID); !errors.Is(err, library.ErrNothingLost) {
		t.Errorf("got %v, want ErrNothingLost", err)
	}
	// An accepted loss does not count towards the next one.
	h.drop("Film 18 (1990)")
	h.ScanAll()
	h.expectStates("one more", map[library.State]int{library.Present: 14, library.Missing: 6})
	h.Rename("../aside/Film 4 (1990)", "Film 4 (1990)")
	h.ScanAll()
	h.expectStates("back from the bin", map[library.State]int{library.Present: 15, library.Missing: 5})
}

func TestARenamedTopFolderIsNoLoss(t *testing.T) {
	t.Parallel()
	files := make(map[string]string)
	for name, content := range filmsIn(70) {
		files["Movies/"+name] = content
	}
	h, _ := newOnFaultyFS(t, files)
	h.Start()
	ids := make(map[string]library.File)
	for _, f := range h.AllFiles() {
		ids[f.Fingerprint] = f
	}
	h.Rename("Movies", "Filme")
	preview, err := h.Preview(t.Context())
	if err != nil || len(preview.Moved) != 70 || len(preview.Added)+len(preview.Missing)+len(preview.Held) != 0 {
		t.Errorf("the preview says %d moved, %d added, %d missing, %d held (%v)", len(preview.Moved), len(preview.Added),
			len(preview.Missing), len(preview.Held), err)
	}
	h.ScanAll()
	h.expectStates("renamed", map[library.State]int{library.Present: 70})
	for _, f := range h.AllFiles() {
		if old := ids[f.Fingerprint]; f.ID != old.ID || f.Title != old.Title {
			t.Errorf("%s is %s of %s, was %s of %s", f.Path, f.ID, f.Title, old.ID, old.Title)
		}
	}
}

// Films that are renamed while a walk is under way, into a folder it has read already, are nowhere in that walk.
func TestFilmsRenamedDuringAWalkAreNoLoss(t *testing.T) {
	t.Parallel()
	h, disk := newOnFaultyFS(t, map[string]string{
		"new/Alien (1979).mkv": "film alien", "new/Heat (1995).mkv": "film heat", "read/notes.txt": "",
	})
	h.Start()
	moveOnce := sync.OnceFunc(func() {
		h.Rename("new/Alien (1979).mkv", "a/Alien (1979).mkv")
		h.Rename("new/Heat (1995).mkv", "a/Heat (1995).mkv")
	})
	disk.set(func(d *faultyFS) {
		d.before = func(path string) {
			if path == h.Path("new") {
				moveOnce()
			}
		}
	})
	h.ScanAll()
	h.expectStates("after the renames", map[library.State]int{library.Present: 2})
	if r := h.root(); r.Held != (library.Held{}) {
		t.Errorf("held: %+v", r.Held)
	}
	h.FileAt("a/Heat (1995).mkv")

	h.Remove("a/Alien (1979).mkv")
	h.Remove("a/Heat (1995).mkv")
	h.ScanAll()
	h.expectStates("after a real loss", map[library.State]int{library.Unreachable: 2})
}

func TestAnAccidentOfTheDiskLosesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		happen func(h *harness, g *faultyFS)
		state  library.State
		code   string
		away   int // files
	}{
		{"the root gives errors", func(h *harness, g *faultyFS) {
			g.set(func(g *faultyFS) { g.errs[h.Dir] = &fs.PathError{Op: "open", Path: h.Dir, Err: syscall.EIO} })
		}, library.Unreachable, "disk_trouble", 3},
		{"the root may not be read", func(h *harness, g *faultyFS) {
			g.set(func(g *faultyFS) { g.errs[h.Dir] = &fs.PathError{Op: "open", Path: h.Dir, Err: syscall.EACCES} })
		}, library.Unreachable, "root_denied", 3},
		{"a folder gives errors", func(h *harness, g *faultyFS) {
			dir := h.Path("Film 1 (1990)")
			g.set(func(g *faultyFS) { g.errs[dir] = &fs.PathError{Op: "open", Path: dir, Err: syscall.EIO} })
		}, library.Present, "", 1},
		{"a file gives errors", func(h *harness, g *faultyFS) {
			file := h.Path("Film 1 (1990)/Film 1 (1990).mkv")
			g.set(func(g *faultyFS) { g.errs[file] = &fs.PathError{Op: "stat", Path: file, Err: syscall.EIO} })
		}, library.Present, "", 1},
		{"another disk", func(h *harness, g *faultyFS) {
			g.set(func(g *faultyFS) { g.disk = "another" })
			if err := os.Rename(h.Dir, h.Dir+" kept"); err != nil {
				h.T.Fatal(err)
			}
			h.Write("Other (2001).mkv", "film other")
		}, library.Unreachable, "root_other_disk", 3},
		{"unmounted in the middle of a walk", func(h *harness, g *faultyFS) {
			var once sync.Once
			g.set(func(g *faultyFS) {
				g.before = func(path string) {
					if path != h.Dir { // the root has been listed, its folders not
						once.Do(func() {
							if err := errors.Join(os.Rename(h.Dir, h.Dir+" kept"), os.Mkdir(h.Dir, 0o755)); err != nil {
								h.T.Error(err)
							}
						})
					}
				}
			})
		}, library.Unreachable, "root_empty", 3},
		{"replaced in the middle of a walk", func(h *harness, g *faultyFS) {
			var once sync.Once
			g.set(func(g *faultyFS) {
				g.before = func(path string) {
					if path != h.Dir {
						once.Do(func() {
							if err := errors.Join(
								os.Rename(h.Dir, h.Dir+" kept"), os.MkdirAll(h.Path("x"), 0o755),
							); err != nil {
								h.T.Error(err)
							}
							g.set(func(g *faultyFS) { g.disk = "another" })
						})
					}
				}
			})
		}, library.Unreachable, "root_changing", 3},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			h, g := newOnFaultyFS(t, filmsIn(3))
			h.Start()
			before := h.AllFiles()
			c.happen(h, g)
			h.ScanAll()
			if r := h.root(); r.State != c.state || r.Code != c.code || (r.Reason == "") != (c.code == "") ||
				r.SinceMS == 0 {
				t.Errorf("the root is %s, %s: %s", r.State, r.Code, r.Reason)
			}
			want := map[library.State]int{library.Unreachable: c.away}
			if c.away < 3 {
				want[library.Present] = 3 - c.away
			}
			h.expectStates(c.what, want)
			g.set(func(g *faultyFS) { clear(g.errs); g.disk, g.before = "", nil })
			if _, err := os.Stat(h.Dir + " kept"); err == nil {
				if err := errors.Join(os.RemoveAll(h.Dir), os.Rename(h.Dir+" kept", h.Dir)); err != nil {
					t.Fatal(err)
				}
			}
			h.ScanAll()
			h.expectStates("afterwards", map[library.State]int{library.Present: 3})
			for _, old := range before {
				if f, err := h.File(t.Context(), old.ID); err != nil || f.Title != old.Title || f.Path != old.Path {
					t.Errorf("%s came back as %+v (%v)", old.Path, f, err)
				}
			}
		})
	}
}

func TestAnotherDiskMayTakeThePlace(t *testing.T) {
	t.Parallel()
	h, g := newOnFaultyFS(t, filmsIn(3))
	h.Start()
	old := h.FileAt("Film 1 (1990)/Film 1 (1990).mkv")
	g.set(func(g *faultyFS) { g.disk = "new" })
	h.Rename("Film 1 (1990)", "../kept")
	h.drop("Film 0 (1990)", "Film 2 (1990)")
	h.Rename("../kept/Film 1 (1990).mkv", "all/Film 1 (1990).mkv")
	h.ScanAll()
	if r := h.root(); r.Code != "root_other_disk" || !r.Acceptable() {
		t.Fatalf("the root is %+v", r)
	}
	if _, err := h.AcceptLoss(t.Context(), h.root().ID); err != nil {
		t.Fatal(err)
	}
	h.ScanAll()
	h.expectStates("accepted", map[library.State]int{library.Present: 1, library.Missing: 2})
	if f := h.FileAt("all/Film 1 (1990).mkv"); f.ID != old.ID || f.Title != old.Title {
		t.Errorf("the film is %s of %s, was %s of %s", f.ID, f.Title, old.ID, old.Title)
	}
	// A disk with another number, after a restart say, that has the films is the disk.
	g.set(func(g *faultyFS) { g.disk = "renumbered" })
	h.ScanAll()
	if r := h.root(); r.State != library.Present || r.Disk.ID != "renumbered" {
		t.Errorf("the root is %+v", r)
	}
}

func TestARenamedRootKeepsItsFiles(t *testing.T) {
	t.Parallel()
	h, _ := newOnFaultyFS(t, filmsIn(12))
	stop := h.Start()
	before := h.AllFiles()
	stop()
	renamed := h.Dir + " elsewhere"
	if err := os.Rename(h.Dir, renamed); err != nil {
		t.Fatal(err)
	}
	old := h.Dir
	h.Dir = renamed
	h.Build()
	h.Start()
	for _, f := range before {
		now, err := h.File(t.Context(), f.ID)
		rel, _ := filepath.Rel(old, f.Path)
		if err != nil || now.Path != h.Path(rel) || now.Title != f.Title || now.State != library.Present ||
			now.Root == f.Root {
			t.Errorf("%s is now %+v (%v)", f.Path, now, err)
		}
	}
	if n := len(h.AllFiles()); n != len(before) {
		t.Errorf("%d files are known, were %d", n, len(before))
	}
}

func TestTheBinForgetsWhatNobodyMisses(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	h, _ := newOnFaultyFS(t, filmsIn(12))
	ground := h.Adjust
	h.Adjust = func(o *scan.Options) {
		ground(o)
		o.Clock = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	}
	h.Build()
	h.Start()
	f := h.FileAt("Film 1 (1990)/Film 1 (1990).mkv")
	h.drop("Film 1 (1990)")
	h.ScanAll()
	files, total, err := h.Bin(t.Context(), 10)
	if err != nil || total != 1 || files[0].ID != f.ID || files[0].PurgeMS != files[0].SinceMS+30*24*3_600_000 {
		t.Fatalf("the bin holds %+v of %d (%v)", files, total, err)
	}
	ahead.Store(int64(29 * 24 * time.Hour))
	h.ScanAll()
	h.expectStates("after 29 days", map[library.State]int{library.Present: 11, library.Missing: 1})
	ahead.Store(int64(30*24*time.Hour + time.Hour))
	h.ScanAll()
	h.expectStates("after 30 days", map[library.State]int{library.Present: 11})
	if _, err := h.Title(t.Context(), library.Unrestricted(), f.Title); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("its title: %v", err)
	}
	h.drop("Film 2 (1990)")
	two := h.FileAt("Film 2 (1990)/Film 2 (1990).mkv")
	if err := h.Forget(t.Context(), two.ID); !errors.Is(err, library.ErrNotMissing) {
		t.Errorf("got %v, want ErrNotMissing", err)
	}
	h.ScanAll()
	if err := h.Forget(t.Context(), two.ID); err != nil {
		t.Error(err)
	}
	h.expectStates("after it was emptied by hand", map[library.State]int{library.Present: 10})
}
