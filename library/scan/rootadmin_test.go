package scan_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/scan"
)

func TestRootsComeAndGo(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	own, system := filepath.Join(t.TempDir(), "own"), filepath.Join(t.TempDir(), "system")
	for _, folder := range []string{own, filepath.Join(own, "blobs")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc", system); err != nil {
		t.Fatal(err)
	}
	h.Adjust = func(o *scan.Options) { o.Exclude = append(o.Exclude, own) }
	h.Build()
	h.Start()
	more := filepath.Join(t.TempDir(), "more")
	if err := os.MkdirAll(filepath.Join(more, "inner"), 0o755); err != nil {
		t.Fatal(err)
	}
	film := filepath.Join(more, "Up (2009).mkv")
	if err := os.WriteFile(film, []byte("film up"), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := h.AddRoot(t.Context(), more+"/")
	if err != nil {
		t.Fatal(err)
	}
	h.Until("the film of the new root", func() bool { return len(h.Names()) == 2 })
	before, known := h.KnownAt(film)
	if !known {
		t.Fatal("the film of the new root is not known")
	}
	for path, want := range map[string]error{
		"relative":                     library.ErrRootNotAbsolute,
		more:                           library.ErrRootExists,
		filepath.Join(more, "inner"):   library.ErrRootOverlaps,
		filepath.Dir(more):             library.ErrRootOverlaps,
		filepath.Join(h.Dir, "none"):   library.ErrRootOverlaps,
		filepath.Join(more, "../none"): library.ErrFolderNotFound,
		"/":                            library.ErrRootOverlaps,
		"/proc":                        library.ErrSystemFolder,
		"/sys/kernel":                  library.ErrSystemFolder,
		"/etc":                         library.ErrSystemFolder,
		system:                         library.ErrSystemFolder,
		own:                            library.ErrOwnFolder,
		filepath.Join(own, "blobs"):    library.ErrOwnFolder,
		filepath.Dir(own):              library.ErrOwnFolder,
	} {
		if _, err := h.AddRoot(t.Context(), path); !errors.Is(err, want) {
			t.Errorf("AddRoot(%s): got %v, want %v", path, err, want)
		}
	}
	if err := h.RemoveRoot(t.Context(), root.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.RemoveRoot(t.Context(), root.ID); !errors.Is(err, library.ErrRootNotFound) {
		t.Errorf("got %v, want ErrRootNotFound", err)
	}
	if diff := cmp.Diff([]string{"Heat"}, h.Names()); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(film); err != nil {
		t.Errorf("the file on disk: %v", err)
	}
	if _, err := h.AddRoot(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	h.Until("the film back", func() bool { return len(h.Names()) == 2 })
	if after, known := h.KnownAt(film); !known || after.ID != before.ID || after.Title != before.Title {
		t.Errorf("it came back as %+v (known: %v), was %s", after, known, before.ID)
	}
}

func TestPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(
		t,
		map[string]string{"Heat (1995).mkv": "film heat", "Up (2009).mkv": "film up", "Gone (2001).mkv": "film gone"},
	)
	diff, err := h.Preview(t.Context())
	if err != nil || len(diff.Added) != 3 {
		t.Errorf("got %+v (%v), want three files added", diff, err)
	}
	if roots, err := h.Roots(t.Context()); err != nil || len(roots) != 0 {
		t.Errorf("the preview added a root: %v %v", roots, err)
	}
	stop := h.Start()
	stop()
	h.Write("Up (2009).mkv", "film up, longer")
	h.Write("New (2002).mkv", "film new")
	if err := os.Remove(h.Path("Gone (2001).mkv")); err != nil {
		t.Fatal(err)
	}
	got, err := h.Preview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := scan.Diff{Added: []string{h.Path("New (2002).mkv")}, Changed: []string{h.Path("Up (2009).mkv")},
		Missing: []string{h.Path("Gone (2001).mkv")}, Unchanged: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if state := h.States()["Gone (2001).mkv"]; state != library.Present {
		t.Errorf("the preview changed a file to %s", state)
	}
}
