package scan_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"movify/library/scan"

	"github.com/google/go-cmp/cmp"

	"movify/library"
)

func TestBrowse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{
		"The Films/a.mkv", "The Films/b.mp4", "The Films/deeper/c.mkv", "Albums/x.mp3", ".secret/d.mkv",
		"bad\xff/e.mkv", "top.mkv", "notes.txt",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := scan.Browse(t.Context(), dir+"/The Films/..")
	if err != nil {
		t.Fatal(err)
	}
	want := scan.Listing{Path: dir, Parent: filepath.Dir(dir), Videos: 3,
		Folders: []scan.Folder{
			{Name: "Albums", Path: filepath.Join(dir, "Albums")},
			{Name: "The Films", Path: filepath.Join(dir, "The Films")},
		}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	top, err := scan.Browse(t.Context(), "")
	if err != nil || top.Path != "/" || top.Parent != "" {
		t.Errorf("the top is %+v (%v)", top, err)
	}
	for path, want := range map[string]error{
		"films":                          library.ErrRootNotAbsolute,
		filepath.Join(dir, "none"):       library.ErrFolderNotFound,
		filepath.Join(dir, "top.mkv"):    library.ErrNotAFolder,
		filepath.Join(dir, "top.mkv/in"): library.ErrFolderNotFound,
	} {
		if _, err := scan.Browse(t.Context(), path); !errors.Is(err, want) {
			t.Errorf("Browse(%s): got %v, want %v", path, err, want)
		}
	}
}
