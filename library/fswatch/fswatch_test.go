package fswatch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"movify/library"
)

// hintRecorder runs a watcher and records its hints.
type hintRecorder struct {
	*Watcher
	t     *testing.T
	hints chan library.Hint
	heard map[string]bool
}

func listen(t *testing.T, o Options, folders ...string) *hintRecorder {
	t.Helper()
	o.Gather = time.Millisecond
	e := &hintRecorder{Watcher: New(o), t: t, hints: make(chan library.Hint, 1000), heard: make(map[string]bool)}
	for _, f := range folders {
		e.Add(t.Context(), f, library.MethodAuto)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx, func(h library.Hint) { e.hints <- h }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return e
}

// until waits for a hint of path, or of a folder around it.
func (e *hintRecorder) until(path string) {
	e.t.Helper()
	deadline := time.After(time.Minute)
	for {
		for heard := range e.heard {
			if library.Within(heard, path) {
				return
			}
		}
		select {
		case h := <-e.hints:
			for _, p := range h.Paths {
				e.heard[p] = true
			}
		case <-deadline:
			e.t.Fatalf("%s was never heard; heard %v", path, e.heard)
		}
	}
}

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestChangesAreHeardAtAnyDepth(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "old/deep/film.mkv"))
	e := listen(t, Options{}, dir)
	if s := e.State(dir); s.Mode != library.WatchEvents || s.Reason != "" {
		t.Fatalf("the folder is heard by %+v", s)
	}
	write(t, filepath.Join(dir, "old/deep/second.mkv"))
	e.until(filepath.Join(dir, "old/deep/second.mkv"))
	write(t, filepath.Join(dir, "new/a/b/c/third.mkv"))
	e.until(filepath.Join(dir, "new/a/b/c/third.mkv"))
	// Folders that were created together are each watched afterwards.
	clear(e.heard)
	if err := os.Rename(filepath.Join(dir, "old/deep/film.mkv"), filepath.Join(dir, "new/a/b/c/film.mkv")); err != nil {
		t.Fatal(err)
	}
	e.until(filepath.Join(dir, "old/deep/film.mkv"))
	e.until(filepath.Join(dir, "new/a/b/c/film.mkv"))
	if err := os.RemoveAll(filepath.Join(dir, "new")); err != nil {
		t.Fatal(err)
	}
	clear(e.heard)
	e.until(filepath.Join(dir, "new"))
}

func TestUnfinishedAndHiddenFilesAreNotTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := listen(t, Options{}, dir)
	for _, name := range []string{"film.mkv.part", ".film.mkv", "film.!qB", "film.crdownload", ".trash/film.mkv"} {
		write(t, filepath.Join(dir, name))
	}
	write(t, filepath.Join(dir, "last.mkv"))
	e.until(filepath.Join(dir, "last.mkv"))
	for path := range e.heard {
		if filepath.Base(path) != "last.mkv" {
			t.Errorf("%s was told of", path)
		}
	}
}

func TestARemovedFolderIsSilent(t *testing.T) {
	t.Parallel()
	gone, kept := t.TempDir(), t.TempDir()
	write(t, filepath.Join(gone, "sub/film.mkv"))
	e := listen(t, Options{}, gone, kept)
	e.Remove(gone)
	if s := e.State(gone); s.Mode != library.WatchPoll {
		t.Errorf("it is still heard: %+v", s)
	}
	write(t, filepath.Join(gone, "sub/other.mkv"))
	write(t, filepath.Join(kept, "film.mkv"))
	e.until(filepath.Join(kept, "film.mkv"))
	for path := range e.heard {
		if strings.HasPrefix(path, gone) {
			t.Errorf("%s was told of", path)
		}
	}
}

func TestAFolderThatIsAwayIsPolled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not yet")
	e := listen(t, Options{}, dir)
	if s := e.State(dir); s.Mode != library.WatchPoll || s.Reason == "" {
		t.Errorf("got %+v", s)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if s := e.Add(t.Context(), dir, library.MethodAuto); s.Mode != library.WatchEvents {
		t.Errorf("it is back and is heard by %+v", s)
	}
	write(t, filepath.Join(dir, "film.mkv"))
	clear(e.heard)
	e.until(filepath.Join(dir, "film.mkv"))
}

func TestWishesAreFollowed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a/b/film.mkv"))
	e := listen(t, Options{}, dir)
	if s := e.State(dir); s.Mode != library.WatchEvents || s.Watches != 3 || s.Limit <= 0 {
		t.Errorf("by itself it is heard by %+v", s)
	}
	for wish, mode := range map[library.WatchMethod]library.WatchMode{
		library.MethodPoll: library.WatchPoll, library.MethodHook: library.WatchHook,
	} {
		e.Add(t.Context(), dir, wish)
		if s := e.State(dir); s.Mode != mode || s.Reason == "" || s.Watches != 0 {
			t.Errorf("set to %s it is heard by %+v", wish, s)
		}
	}
	write(t, filepath.Join(dir, "a/silent.mkv"))
	e.Add(t.Context(), dir, library.MethodInotify)
	write(t, filepath.Join(dir, "a/b/new.mkv"))
	e.until(filepath.Join(dir, "a/b/new.mkv"))
	for path := range e.heard {
		if filepath.Base(path) == "silent.mkv" {
			t.Error("a folder that was not to be heard was heard")
		}
	}
}

func TestReasonsAreInPlainWords(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{
		syscall.ENOSPC: "limit of 8192 watched folders is reached. Raise it: sysctl fs.inotify.max_user_watches=524288",
		syscall.EMFILE: "fs.inotify.max_user_instances",
		syscall.EIO:    "does not report",
	} {
		if got := watchFailure(fmt.Errorf("add: %w", err), 8192); !strings.Contains(got, want) {
			t.Errorf("%v: %q", err, got)
		}
	}
}

func TestManyEventsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := listen(t, Options{}, dir)
	for i := range 500 {
		write(t, filepath.Join(dir, fmt.Sprint(i%20), fmt.Sprint(i, ".mkv")))
	}
	write(t, filepath.Join(dir, "end.mkv"))
	e.until(filepath.Join(dir, "end.mkv"))
}
