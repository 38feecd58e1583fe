package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
)

func open(t *testing.T, o Options) *Store {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t, Options{}) })
}

func TestStoreWithoutSync(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t, Options{Sync: SyncNone}) })
}

func TestStoreWithoutHardLinks(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store {
		s := open(t, Options{})
		s.place = renameNew
		return s
	})
}

func TestStoreWithoutOpenat2(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store {
		s := open(t, Options{})
		s.open = func(root *os.Root, _ *os.File, key string) (*os.File, error) { return root.Open(key) }
		return s
	})
}

func TestBodyIsAFile(t *testing.T) {
	t.Parallel()
	s := open(t, Options{})
	if err := s.Put(t.Context(), "a/k", []byte("x")); err != nil {
		t.Fatal(err)
	}
	o, err := s.Open(t.Context(), "a/k")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Body.Close()
	if _, ok := o.Body.(*os.File); !ok {
		t.Errorf("Body is a %T, want an *os.File for sendfile", o.Body)
	}
}

func TestSurvivesReopen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "by", "Open")
	first, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first.Put(t.Context(), "a/k", []byte("kept")), first.Close()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a"}, names(t, dir)); diff != "" {
		t.Errorf("a closed folder holds only blobs (-want +got):\n%s", diff)
	}
	got, err := blob.ReadAll(t.Context(), open(t, Options{Dir: dir}), "a/k")
	if err != nil || string(got) != "kept" {
		t.Errorf("after reopen = %q, %v", got, err)
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	s, err := Open(Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Put(t.Context(), "k", nil), s.Close()); err != nil {
		t.Fatal(err)
	}
	if o, err := s.Open(t.Context(), "k"); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Open after Close = %v, %v; want os.ErrClosed", o.Key, err)
	}
	if err := s.Put(t.Context(), "l", nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Put after Close = %v, want os.ErrClosed", err)
	}
}

func TestTwoStoresShareAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := open(t, Options{Dir: dir}), open(t, Options{Dir: dir})
	if err := a.Put(t.Context(), "k", []byte("a")); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), "k", []byte("b")); !errors.Is(err, blob.ErrExists) {
		t.Errorf("the second store's Put = %v, want ErrExists", err)
	}
	// One store leaving must not take the folder of unfinished writes from under the other.
	c, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Put(t.Context(), "l", nil), c.Close(), a.Put(t.Context(), "m", nil)); err != nil {
		t.Fatal(err)
	}
}

func TestSweepsWhatACrashLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, tempDir), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"old": 2 * time.Hour, "fresh": time.Minute} {
		file := filepath.Join(dir, tempDir, name)
		at := time.Now().Add(-age)
		if err := errors.Join(os.WriteFile(file, []byte("half"), 0o644), os.Chtimes(file, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, Options{Dir: dir})
	if diff := cmp.Diff([]string{"fresh"}, names(t, filepath.Join(dir, tempDir))); diff != "" {
		t.Errorf("unfinished writes after Open (-want +got):\n%s", diff)
	}
	for got, err := range s.List(t.Context(), "") {
		t.Errorf("List shows an unfinished write: %q, %v", got.Key, err)
	}
	for _, key := range []string{".tmp/fresh", ".TMP/fresh", ".tmp"} {
		if _, err := s.Open(t.Context(), key); !errors.Is(err, blob.ErrBadKey) {
			t.Errorf("Open(%q) = %v, want ErrBadKey", key, err)
		}
	}
}

func TestFullDiskLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	s.write = func(f *os.File, data []byte) error {
		if _, err := f.Write(data[:len(data)/2]); err != nil {
			return err
		}
		return &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	if err := s.Put(t.Context(), "a/k", []byte("too much")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Put on a full disk = %v, want ENOSPC in the chain", err)
	}
	if got := names(t, filepath.Join(dir, tempDir)); len(got) != 0 {
		t.Errorf("unfinished writes are left: %q", got)
	}
	if _, err := s.Stat(t.Context(), "a/k"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("Stat after a failed Put = %v, want ErrNotFound", err)
	}
}

func TestLinksLeadNowhere(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	if err := errors.Join(
		os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o644),
		os.Symlink(outside, filepath.Join(dir, "out")),
		os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "file")),
	); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Dir: dir})
	for _, key := range []string{"out/secret", "file"} {
		if o, err := s.Open(t.Context(), key); err == nil {
			t.Errorf("Open(%q) reached %q", key, o.Key)
		}
	}
	if err := s.Put(t.Context(), "out/new", []byte("x")); err == nil {
		t.Error("Put wrote through a link")
	}
	for got, err := range s.List(t.Context(), "") {
		t.Errorf("List follows a link: %q, %v", got.Key, err)
	}
	if diff := cmp.Diff([]string{"secret"}, names(t, outside)); diff != "" {
		t.Errorf("the folder outside changed (-want +got):\n%s", diff)
	}
}

func TestDeleteTidiesUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	for _, key := range []string{"v1/a/1", "v1/b/1"} {
		if err := s.Put(t.Context(), key, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete(t.Context(), "v1/a/1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b"}, names(t, filepath.Join(dir, "v1"))); diff != "" {
		t.Errorf("folders left (-want +got):\n%s", diff)
	}
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", file, filepath.Join(file, "below")} {
		if s, err := Open(Options{Dir: dir}); err == nil {
			t.Errorf("Open(%q) = %v, want an error", dir, s)
		}
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestWhoMayReadTheFiles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		public       bool
		folder, file fs.FileMode
	}{
		"the server's group": {false, 0o750, 0o640},
		"all users":          {true, 0o755, 0o644},
	} {
		dir := filepath.Join(t.TempDir(), "blobs")
		s := open(t, Options{Dir: dir, Public: test.public})
		if err := s.Put(t.Context(), "a/b", []byte("x")); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[string]fs.FileMode{".": test.folder, ".tmp": test.folder, "a": test.folder, "a/b": test.file} {
			info, err := os.Stat(filepath.Join(dir, at))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != want {
				t.Errorf("%s: %s has %s, want %s", name, at, got, want)
			}
		}
	}
}

func TestAFolderThatExistsKeepsItsMode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	open(t, Options{Dir: dir})
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o711 {
		t.Errorf("mode is %s, %v", info.Mode(), err)
	}
}
