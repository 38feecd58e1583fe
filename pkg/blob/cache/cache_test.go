package cache_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/blob/cache"
)

// remoteStore counts its reads and may delay them.
type remoteStore struct {
	*blobtest.Memory

	mu   sync.Mutex
	gets map[string]int
	hold chan struct{} // when set, a get waits until it is closed
	cut  int64         // when set, bodies end after as many bytes
}

func newRemote() *remoteStore {
	return &remoteStore{Memory: blobtest.NewMemory(), gets: map[string]int{}}
}

func (r *remoteStore) count(ctx context.Context, what string) error {
	r.mu.Lock()
	r.gets[what]++
	hold := r.hold
	r.mu.Unlock()
	if hold == nil {
		return nil
	}
	select {
	case <-hold:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *remoteStore) Open(ctx context.Context, key string) (blob.Object, error) {
	if err := r.count(ctx, key); err != nil {
		return blob.Object{}, err
	}
	return r.short(r.Memory.Open(ctx, key))
}

func (r *remoteStore) OpenRange(ctx context.Context, key string, offset, length int64) (blob.Object, error) {
	if err := r.count(ctx, fmt.Sprintf("%s %d+%d", key, offset, length)); err != nil {
		return blob.Object{}, err
	}
	return r.short(r.Memory.OpenRange(ctx, key, offset, length))
}

func (r *remoteStore) short(o blob.Object, err error) (blob.Object, error) {
	if err == nil && r.cut > 0 {
		o.Body = cutShort{io.NewSectionReader(readerAt{o.Body}, 0, r.cut), o.Body}
	}
	return o, err
}

func (r *remoteStore) asked() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() { r.gets = map[string]int{} }()
	return r.gets
}

type cutShort struct {
	*io.SectionReader
	io.Closer
}

type readerAt struct{ io.ReadSeeker }

func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if _, err := r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	return io.ReadFull(r, p)
}

func open(t *testing.T, o cache.Options) *cache.Store {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s, err := cache.New(o)
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

func read(t *testing.T, s blob.Store, key string, offset, length int64) (data string, filed bool) {
	t.Helper()
	o, err := s.OpenRange(t.Context(), key, offset, length)
	if err != nil {
		t.Fatalf("OpenRange(%q, %d, %d): %v", key, offset, length, err)
	}
	got, err := io.ReadAll(o.Body)
	if err := errors.Join(err, o.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return string(got), o.File != nil
}

func TestStore(t *testing.T) {
	t.Parallel()
	for name, bytes := range map[string]int64{"roomy": 1 << 30, "tight": 64 << 10, "tiny": 8, "off": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blobtest.Run(t, func(t *testing.T) blob.Store {
				return open(t, cache.Options{Store: blobtest.NewMemory(), Bytes: bytes})
			})
		})
	}
}

func TestOneGetForAll(t *testing.T) {
	t.Parallel()
	remote := newRemote()
	remote.hold = make(chan struct{})
	s := open(t, cache.Options{Store: remote, Bytes: 1 << 20})
	if err := errors.Join(remote.Put(t.Context(), "k", []byte("0123456789")), remote.Put(t.Context(), "l", []byte("0123456789"))); err != nil {
		t.Fatal(err)
	}
	const readers = 50
	var wg, ready sync.WaitGroup
	ready.Add(readers)
	for i := range readers {
		wg.Go(func() {
			ready.Done()
			var got []byte
			var err error
			if i%2 == 0 {
				got, err = blob.ReadAll(t.Context(), s, "k")
			} else {
				o, openErr := s.OpenRange(t.Context(), "l", 2, 3)
				if err = openErr; err == nil {
					got, err = io.ReadAll(o.Body)
					err = errors.Join(err, o.Body.Close())
				}
			}
			if want := []string{"0123456789", "234"}[i%2]; err != nil || string(got) != want {
				t.Errorf("reader %d got %q, %v; want %q", i, got, err, want)
			}
		})
	}
	ready.Wait()
	close(remote.hold)
	wg.Wait()
	if diff := cmp.Diff(map[string]int{"k": 1, "l 2+3": 1}, remote.asked()); diff != "" {
		t.Errorf("gets of %d readers (-want +got):\n%s", readers, diff)
	}
	read(t, s, "k", 7, 2) // a part of the cached blob
	if diff := cmp.Diff(map[string]int{}, remote.asked()); diff != "" {
		t.Errorf("gets of a cached blob (-want +got):\n%s", diff)
	}
}

func TestACancelledReaderDoesNotCancelTheFetch(t *testing.T) {
	t.Parallel()
	remote := newRemote()
	remote.hold = make(chan struct{})
	s := open(t, cache.Options{Store: remote, Bytes: 1 << 20})
	if err := remote.Put(t.Context(), "k", []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := s.Open(ctx, "k")
		first <- err
	}()
	second := make(chan error)
	go func() {
		got, err := blob.ReadAll(t.Context(), s, "k")
		if err == nil && string(got) != "0123456789" {
			err = fmt.Errorf("got %q", got)
		}
		second <- err
	}()
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the reader who left got %v", err)
	}
	close(remote.hold)
	if err := <-second; err != nil {
		t.Errorf("the reader who stayed got %v", err)
	}
}

func TestStaysWithinItsBytes(t *testing.T) {
	t.Parallel()
	remote := newRemote()
	dir := t.TempDir()
	const bound = 1000
	s := open(t, cache.Options{Store: remote, Dir: dir, Bytes: bound})
	if err := remote.Put(t.Context(), "k", bytes.Repeat([]byte("0123456789"), 1000)); err != nil {
		t.Fatal(err)
	}
	for i := range int64(40) {
		read(t, s, "k", i*100, 100)
		read(t, s, "k", 0, 100) // used again and again
		if used := s.Used(); used > bound || used != size(t, dir) {
			t.Fatalf("%d bytes are kept, %d on disk, of %d", used, size(t, dir), bound)
		}
	}
	if got := remote.asked(); got["k 0+100"] != 1 {
		t.Errorf("the blob in use was fetched %d times", got["k 0+100"])
	}
	read(t, s, "k", 3900, 100)
	read(t, s, "k", 100, 100)
	if diff := cmp.Diff(map[string]int{"k 100+100": 1}, remote.asked()); diff != "" {
		t.Errorf("gets of the newest and of one pushed out (-want +got):\n%s", diff)
	}
	if _, filed := read(t, s, "k", 0, 900); filed {
		t.Error("what would push out everything else is kept")
	}
	for range 2 {
		if got, err := blob.ReadAll(t.Context(), s, "k"); err != nil || len(got) != 10_000 {
			t.Errorf("a blob beyond the bound came as %d bytes, %v", len(got), err)
		}
	}
	if diff := cmp.Diff(map[string]int{"k 0+900": 1, "k": 2}, remote.asked()); diff != "" {
		t.Errorf("gets of a blob that is too large (-want +got):\n%s", diff)
	}
}

func TestSurvivesARestart(t *testing.T) {
	t.Parallel()
	remote := newRemote()
	dir := t.TempDir()
	if err := errors.Join(remote.Put(t.Context(), "a/k", []byte("0123456789")), remote.Put(t.Context(), "a/l", []byte("l"))); err != nil {
		t.Fatal(err)
	}
	first := open(t, cache.Options{Store: remote, Dir: dir, Bytes: 1 << 10})
	read(t, first, "a/k", 0, 5)
	read(t, first, "a/k", 5, 5)
	before, err := first.Open(t.Context(), "a/l")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(before.Body.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	remote.asked()
	// One file is damaged without a change of length; one was written by another program.
	files := files(t, dir)
	for _, name := range files {
		if strings.HasPrefix(filepath.Base(name), "5-5-") {
			if err := os.WriteFile(name, []byte{0, 0, 0, 0, 0}, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	stray := filepath.Join(filepath.Dir(files[0]), "stray")
	if err := os.WriteFile(stray, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}

	second := open(t, cache.Options{Store: remote, Dir: dir, Bytes: 1 << 10})
	if used := second.Used(); used != 11 {
		t.Errorf("%d bytes are there after a restart, want 11", used)
	}
	if got, _ := read(t, second, "a/k", 0, 5); got != "01234" {
		t.Errorf("a kept range is %q", got)
	}
	after, err := second.Open(t.Context(), "a/l")
	if err != nil {
		t.Fatal(err)
	}
	if err := after.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.Info, after.Info); diff != "" {
		t.Errorf("a blob's facts changed with the restart (-before +after):\n%s", diff)
	}
	if got := remote.asked(); len(got) != 0 {
		t.Errorf("gets of cached blobs: %v", got)
	}
	if got, _ := read(t, second, "a/k", 5, 5); got != "56789" {
		t.Errorf("a rotten range is served as %q", got)
	}
	if _, err := os.Stat(stray); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a stray file is still there: %v", err)
	}
	third := open(t, cache.Options{Store: remote, Dir: dir, Bytes: 7})
	if used := third.Used(); used > 7 {
		t.Errorf("%d bytes are kept with a bound of 7", used)
	}
}

func TestDeleteForgets(t *testing.T) {
	t.Parallel()
	remote := newRemote()
	s := open(t, cache.Options{Store: remote, Bytes: 1 << 10})
	for _, data := range []string{"first", "other"} {
		if err := s.Put(t.Context(), "k", []byte(data)); err != nil {
			t.Fatal(err)
		}
		if got, _ := read(t, s, "k", 0, 5); got != data {
			t.Errorf("it holds %q, want %q", got, data)
		}
		if got, err := blob.ReadAll(t.Context(), s, "k"); err != nil || string(got) != data {
			t.Errorf("it holds %q, %v; want %q", got, err, data)
		}
		if err := s.Delete(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(t.Context(), "k"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Open after Delete = %v", err)
		}
		if _, err := s.OpenRange(t.Context(), "k", 0, 5); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("OpenRange after Delete = %v", err)
		}
	}
	if used := s.Used(); used != 0 {
		t.Errorf("%d bytes are left", used)
	}
}

func TestAShortBodyIsNotKept(t *testing.T) {
	t.Parallel()
	remote := newRemote()
	dir := t.TempDir()
	s := open(t, cache.Options{Store: remote, Dir: dir, Bytes: 1 << 10})
	if err := remote.Put(t.Context(), "k", []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	remote.cut = 4
	if got, err := blob.ReadAll(t.Context(), s, "k"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a blob that came short is %q, %v", got, err)
	}
	remote.cut = 0
	if got, err := blob.ReadAll(t.Context(), s, "k"); err != nil || string(got) != "0123456789" {
		t.Errorf("then it is %q, %v", got, err)
	}
	if left := size(t, dir); left != 10 {
		t.Errorf("%d bytes are on disk, want 10", left)
	}
}

func TestAFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	remote := newRemote()
	dir := t.TempDir()
	now := time.Unix(1_000_000, 0)
	s := open(t, cache.Options{Store: remote, Dir: dir, Bytes: 1 << 10, Now: func() time.Time { return now }})
	if err := remote.Put(t.Context(), "k", []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	// A file where the folder of unfinished ones was: as good as a full disk, also for root.
	unfinished := filepath.Join(dir, "unfinished")
	if err := errors.Join(os.Remove(unfinished), os.WriteFile(unfinished, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got, filed := read(t, s, "k", 0, 5); got != "01234" || filed {
			t.Errorf("past a broken cache came %q, from a file %v", got, filed)
		}
	}
	if got := remote.asked()["k 0+5"]; got != 4 { // the first was fetched once in vain
		t.Errorf("%d gets for three reads", got)
	}
	if err := errors.Join(os.Remove(unfinished), os.Mkdir(unfinished, 0o700)); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Minute)
	if got, filed := read(t, s, "k", 0, 5); got != "01234" || !filed {
		t.Errorf("when it can be written again came %q, from a file %v", got, filed)
	}
}

// files gives all files below a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	if err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

func size(t *testing.T, dir string) int64 {
	t.Helper()
	var n int64
	for _, name := range files(t, dir) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		n += info.Size()
	}
	return n
}
