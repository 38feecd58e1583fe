package library_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"movify/library"
	"movify/pkg/id"
)

// TestAllAppearsByItself is what a household does to a folder that is heard, and what another machine does to one that is
// polled.
func TestAllAppearsByItself(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wish library.WatchMethod
		mode library.WatchMode
	}{{library.MethodAuto, library.WatchEvents}, {library.MethodPoll, library.WatchPoll}} {
		t.Run(string(c.wish), func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
			h.adjust = func(o *library.Options) {
				o.PollMin, o.PollMax = 20*time.Millisecond, 40*time.Millisecond
				o.WatchOptions = map[string]library.WatchOptions{h.dir: {Method: c.wish}}
			}
			h.build()
			h.run()
			if r := h.root(); r.Watch.Mode != c.mode || !r.WatchConfigured ||
				(r.Watch.Reason == "") != (c.mode == library.WatchEvents) || r.ScanInterval <= 0 {
				t.Errorf("it is watched by %+v, every %v", r.Watch, r.ScanInterval)
			}
			there := func(name string) func() bool {
				return func() bool { return h.files()[name] == library.Present }
			}
			h.write("new/a/b/c/Up (2009).mkv", "film up")
			h.until("a film in a nested new folder", there("new/a/b/c/Up (2009).mkv"))
			h.write("../outside/Lost/Season 1/Lost S01E01.mkv", "film lost")
			h.rename("../outside/Lost", "Lost")
			h.until("a folder that was moved in", there("Lost/Season 1/Lost S01E01.mkv"))
			size := int64(len("film heat, the long version"))
			h.write("Heat (1995).mkv", "film heat, the long version")
			h.until("the changed film", func() bool {
				f := h.file("Heat (1995).mkv")
				return f.State == library.Present && f.Probe.Size == size
			})
			if r := h.root(); r.ChangedMS == 0 {
				t.Error("no change is noted")
			}
			if _, err := h.SetWatch(
				t.Context(), h.root().ID, library.WatchOptions{Method: library.MethodHook},
			); !errors.Is(err, library.ErrWatchConfigured) {
				t.Errorf("got %v, want ErrWatchConfigured", err)
			}
		})
	}
}

// TestTheHook tells the library of a film in a folder that nothing else is heard of.
func TestTheHook(t *testing.T) {
	t.Parallel()
	h, _ := newOnFaultyFS(t, map[string]string{"Heat (1995).mkv": "film heat", "Up (2009)/Up (2009).mkv": "film up"})
	h.run()
	root := h.root().ID
	for _, bad := range []library.WatchOptions{{Method: "sometimes"}, {Poll: time.Second}, {Poll: 25 * time.Hour}} {
		if _, err := h.SetWatch(t.Context(), root, bad); !errors.Is(err, library.ErrBadWatch) &&
			!errors.Is(err, library.ErrBadPoll) {
			t.Errorf("%+v: got %v", bad, err)
		}
	}
	r, err := h.SetWatch(t.Context(), root, library.WatchOptions{Method: library.MethodHook})
	if err != nil || r.Watch.Mode != library.WatchHook || r.Watch.Reason == "" {
		t.Errorf("it is watched by %+v (%v)", r.Watch, err)
	}
	h.write("Ronin (1998)/Ronin (1998).mkv", "film ronin")
	h.write("Big (1988).mkv", "film big")
	if err := h.NotifyPaths(t.Context(), []string{h.path("Ronin (1998)") + "/"}); err != nil {
		t.Fatal(err)
	}
	h.until("the film that was told of", func() bool {
		return h.files()["Ronin (1998)/Ronin (1998).mkv"] == library.Present
	})
	if _, known := h.files()["Big (1988).mkv"]; known {
		t.Error("a film that nobody told of is known")
	}
	if err := os.RemoveAll(h.path("Up (2009)")); err != nil {
		t.Fatal(err)
	}
	if err := h.NotifyPaths(t.Context(), []string{h.path("Up (2009)")}); err != nil {
		t.Fatal(err)
	}
	h.until("the deleted film missing", func() bool { return h.files()["Up (2009)/Up (2009).mkv"] == library.Missing })
	for path, want := range map[string]error{
		"relative": library.ErrOutside, "/etc": library.ErrOutside, h.dir + "x": library.ErrOutside,
		h.path("../other"): library.ErrOutside,
		h.path("none.mkv"): library.ErrPathNotFound, h.path("a\x00b.mkv"): library.ErrPathNotFound,
		h.path(strings.Repeat("x", 5000)): library.ErrPathNotFound, filepath.Join(h.dir, "."): nil,
	} {
		if err := h.NotifyPaths(t.Context(), []string{path}); !errors.Is(err, want) {
			t.Errorf("Hear(%s): got %v, want %v", path, err, want)
		}
	}
}

// reads counts how often all that is known of a place is read.
type reads struct {
	library.Store
	known int
}

func (r *reads) KnownFiles(ctx context.Context, root id.Root, path string) ([]library.KnownFile, error) {
	r.known++
	return r.Store.KnownFiles(ctx, root, path)
}

// TestTheHookReadsARootOnce tells of a season that was deleted file by file.
func TestTheHookReadsARootOnce(t *testing.T) {
	t.Parallel()
	files := make(map[string]string)
	for n := range 30 {
		files[fmt.Sprintf("Lost/Lost S01E%02d.mkv", n+1)] = fmt.Sprint("film lost ", n)
	}
	h := newHarness(t, files)
	h.run()()
	counted := &reads{Store: h.store}
	h.store = counted
	h.build()
	h.remove("Lost")
	paths := []string{h.path("Lost")}
	for name := range files {
		paths = append(paths, h.path(name))
	}
	if err := h.NotifyPaths(t.Context(), paths); err != nil || counted.known != 1 {
		t.Errorf("%d reads for %d paths (%v)", counted.known, len(paths), err)
	}
}
