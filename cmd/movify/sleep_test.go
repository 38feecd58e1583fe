//go:build linux

package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"movify/pkg/testkit"
)

// trace is the output of strace for a running server: every system call with a path, and every listing of a folder.
type trace struct {
	path string
	root string // the library folder
}

// touches gives the calls that went to the library folder or below it.
func (tr trace) touches(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(tr.path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, `"`+tr.root+`"`) || strings.Contains(line, `"`+tr.root+"/") ||
			strings.Contains(line, "<"+tr.root+">") || strings.Contains(line, "<"+tr.root+"/") {
			out = append(out, line)
		}
	}
	return out
}

// traced starts a server under strace with a folder that is polled at the shortest interval, and waits until a new film is
// processed completely.
func traced(t *testing.T, settings ...string) (*server, trace) {
	t.Helper()
	films, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	tr := trace{filepath.Join(t.TempDir(), "calls"), films}
	film, err := os.ReadFile(testkit.Film(t, 320, 180, 2))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(films, "Heat (1995).mkv"), film, 0o644); err != nil {
		t.Fatal(err)
	}
	// -D makes the server the child of the test, and strace its own.
	s := serveBehind(t, []string{testkit.Need(t, "strace"), "-D", "-f", "-qq", "-y", "--seccomp-bpf", "-e", "signal=none",
		"-e", "trace=%file,%fstat,getdents64", "-o", tr.path}, filepath.Join(t.TempDir(), "data"), films, settings...)
	s.setUp()
	s.ready(s.title("Heat").ID)
	every := int(pollEvery / time.Second)
	s.watchRoot(map[string]any{"watch": "poll", "pollSeconds": every}, func(r watchedRoot) bool {
		return r.Watch == "poll" && r.EverySeconds == every
	})
	return s, tr
}

// pollEvery is the shortest time between two looks at a folder that may be set.
const pollEvery = 5 * time.Second

// TestDisksSleepInQuietHours checks the system calls of a server: in quiet hours none accesses the library's disk, outside of
// them some do.
func TestDisksSleepInQuietHours(t *testing.T) {
	t.Parallel()
	now := time.Now()
	quiet := fmt.Sprintf("MOVIFY_LIBRARY_QUIET=%s-%s", now.Add(-time.Hour).Format("15:04"), now.Add(12*time.Hour).Format("15:04"))

	t.Run("awake", func(t *testing.T) {
		t.Parallel()
		s, tr := traced(t)
		for look := range 3 {
			before := len(tr.touches(t))
			s.until(fmt.Sprintf("look %d at the folder", look+1), func() bool {
				after := tr.touches(t)[before:]
				return len(after) > 0 && strings.Contains(strings.Join(after, ""), "getdents64(")
			})
		}
	})

	t.Run("asleep", func(t *testing.T) {
		t.Parallel()
		s, tr := traced(t, quiet)
		// Work for the new film may still end; a folder that is polled every five seconds is never idle for so long.
		const window = 3 * pollEvery
		var seen int
		since := time.Now()
		s.until("the folder is left alone", func() bool {
			if n := len(tr.touches(t)); n != seen {
				seen, since = n, time.Now()
			}
			return time.Since(since) >= window
		})
		if seen == 0 {
			t.Error("the trace has not even the first look")
		}
		// Reading the catalogue does not wake the disk either.
		heat := s.title("Heat").ID
		for _, page := range []string{"/api/v1/home", "/api/v1/titles?kind=movie", "/api/v1/titles/" + heat, "/api/v1/search?q=heat",
			"/api/v1/library", "/api/v1/library/bin", "/api/v1/library/attention", "/api/v1/library/unmatched", "/healthz", "/readyz"} {
			s.must(page)
			if woken := tr.touches(t)[seen:]; len(woken) > 0 {
				t.Fatalf("%s wakes the disk:\n%s", page, strings.Join(woken, ""))
			}
		}
	})
}
