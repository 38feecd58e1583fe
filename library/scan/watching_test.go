package scan_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"movify/library/scan"

	"movify/library"
	"movify/library/librarytest"
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
			h.Adjust = func(o *scan.Options) {
				o.PollMin, o.PollMax = 20*time.Millisecond, 40*time.Millisecond
				o.WatchOptions = map[string]scan.WatchOptions{h.Dir: {Method: c.wish}}
			}
			h.Build()
			h.Start()
			if r := h.root(); r.Watch.Mode != c.mode || !r.WatchConfigured ||
				(r.Watch.Reason == "") != (c.mode == library.WatchEvents) || r.ScanInterval <= 0 {
				t.Errorf("it is watched by %+v, every %v", r.Watch, r.ScanInterval)
			}
			there := func(name string) func() bool {
				return func() bool { return h.States()[name] == library.Present }
			}
			h.Write("new/a/b/c/Up (2009).mkv", "film up")
			h.Until("a film in a nested new folder", there("new/a/b/c/Up (2009).mkv"))
			h.Write("../outside/Lost/Season 1/Lost S01E01.mkv", "film lost")
			h.Rename("../outside/Lost", "Lost")
			h.Until("a folder that was moved in", there("Lost/Season 1/Lost S01E01.mkv"))
			size := int64(len("film heat, the long version"))
			h.Write("Heat (1995).mkv", "film heat, the long version")
			h.Until("the changed film", func() bool {
				f := h.FileAt("Heat (1995).mkv")
				return f.State == library.Present && f.Probe.Size == size
			})
			if r := h.root(); r.ChangedMS == 0 {
				t.Error("no change is noted")
			}
			if _, err := h.SetWatch(
				t.Context(), h.root().ID, scan.WatchOptions{Method: library.MethodHook},
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
	h.Start()
	root := h.root().ID
	for _, bad := range []scan.WatchOptions{{Method: "sometimes"}, {Poll: time.Second}, {Poll: 25 * time.Hour}} {
		if _, err := h.SetWatch(t.Context(), root, bad); !errors.Is(err, library.ErrBadWatch) &&
			!errors.Is(err, library.ErrBadPoll) {
			t.Errorf("%+v: got %v", bad, err)
		}
	}
	r, err := h.SetWatch(t.Context(), root, scan.WatchOptions{Method: library.MethodHook})
	if err != nil || r.Watch.Mode != library.WatchHook || r.Watch.Reason == "" {
		t.Errorf("it is watched by %+v (%v)", r.Watch, err)
	}
	h.Write("Ronin (1998)/Ronin (1998).mkv", "film ronin")
	h.Write("Big (1988).mkv", "film big")
	if err := h.NotifyPaths(t.Context(), []string{h.Path("Ronin (1998)") + "/"}); err != nil {
		t.Fatal(err)
	}
	h.Until("the film that was told of", func() bool {
		return h.States()["Ronin (1998)/Ronin (1998).mkv"] == library.Present
	})
	if _, known := h.States()["Big (1988).mkv"]; known {
		t.Error("a film that nobody told of is known")
	}
	if err := os.RemoveAll(h.Path("Up (2009)")); err != nil {
		t.Fatal(err)
	}
	if err := h.NotifyPaths(t.Context(), []string{h.Path("Up (2009)")}); err != nil {
		t.Fatal(err)
	}
	h.Until("the deleted film missing", func() bool { return h.States()["Up (2009)/Up (2009).mkv"] == library.Missing })
	for path, want := range map[string]error{
		"relative": library.ErrOutside, "/etc": library.ErrOutside, h.Dir + "x": library.ErrOutside,
		h.Path("../other"): library.ErrOutside,
		h.Path("none.mkv"): library.ErrPathNotFound, h.Path("a\x00b.mkv"): library.ErrPathNotFound,
		h.Path(strings.Repeat("x", 5000)): library.ErrPathNotFound, filepath.Join(h.Dir, "."): nil,
	} {
		if err := h.NotifyPaths(t.Context(), []string{path}); !errors.Is(err, want) {
			t.Errorf("Hear(%s): got %v, want %v", path, err, want)
		}
	}
}

// reads counts how often all that is known of a place is read.
type reads struct {
	librarytest.Store
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
	h.Start()()
	counted := &reads{Store: h.Store}
	h.Store = counted
	h.Build()
	h.Remove("Lost")
	paths := []string{h.Path("Lost")}
	for name := range files {
		paths = append(paths, h.Path(name))
	}
	if err := h.NotifyPaths(t.Context(), paths); err != nil || counted.known != 1 {
		t.Errorf("%d reads for %d paths (%v)", counted.known, len(paths), err)
	}
}
