package scan

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"movify/library"
)

// readsOfFolders counts how often folders are read.
type readsOfFolders struct {
	library.FileSystem
	reads map[string]int
}

func (c readsOfFolders) ReadDir(path string) ([]fs.DirEntry, error) {
	c.reads[filepath.Base(path)]++
	return c.FileSystem.ReadDir(path)
}

// A walk of single files reads each folder once; a walk of a folder has read it.
func TestAFolderIsReadOnceForItsFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"Lyon/1.mkv", "Lyon/2.mkv", "Lyon/3.mkv", "Heat/Heat.mkv"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("film"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := New(Options{})
	disk := readsOfFolders{s.o.FS, make(map[string]int)}
	s.o.FS = disk
	titles := func(in *folders) (out []string) {
		for _, name := range []string{"Lyon/1.mkv", "Lyon/2.mkv", "Heat/Heat.mkv"} {
			out = append(out, in.siblings(filepath.Join(dir, name)).Identify(name).Title)
		}
		return out
	}
	in := folders{fs: s.o.FS}
	for _, name := range []string{"Lyon/1.mkv", "Lyon/2.mkv"} {
		path := filepath.Join(dir, name)
		seen, err := s.walk(t.Context(), dir, path)
		if err != nil || len(seen.videos) != 1 {
			t.Fatal(seen.videos, err)
		}
		in.add(path, seen)
	}
	alone := titles(&in)
	if disk.reads["Lyon"] != 1 || disk.reads["Heat"] != 1 {
		t.Errorf("folders were read %v times", disk.reads)
	}
	clear(disk.reads)
	seen, err := s.walk(t.Context(), dir, dir)
	if err != nil {
		t.Fatal(err)
	}
	in = folders{fs: s.o.FS}
	in.add(dir, seen)
	whole := titles(&in)
	if disk.reads["Lyon"] != 1 || disk.reads["Heat"] != 1 {
		t.Errorf("a walk read folders %v times", disk.reads)
	}
	for i, want := range []string{"Lyon 1", "Lyon 2", "Heat"} {
		if alone[i] != want || whole[i] != want {
			t.Errorf("got %s alone and %s in a walk, want %s", alone[i], whole[i], want)
		}
	}
}
