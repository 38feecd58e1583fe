package main_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"movify/pkg/testkit"
)

// With a umask that takes nothing away, what the server itself asks for decides who may read its files.
func TestOtherUsersReadNothingOfTheDataFolder(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	if err := os.Link(testkit.Film(t, 320, 180, 2), filepath.Join(films, "Heat (1995).mkv")); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	s := serveBehind(t, []string{"sh", "-c", `umask 0; exec "$@"`, "sh"}, data, films)
	s.setUp()
	s.ready(s.title("Heat").ID)
	met := map[string]bool{}
	err := filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		var info fs.FileInfo
		if err == nil {
			info, err = e.Info()
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile: a segment that is packed
		}
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o007 != 0 {
			t.Errorf("%s: other users have rights: %s", path, info.Mode())
		}
		name, err := filepath.Rel(data, path)
		met[name] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".", "movify.db", "movify.lock", "speeds.json", "blobs/v1", "stage/v1", "search"} {
		if !met[name] {
			t.Errorf("%s was not looked at", name)
		}
	}
}
