package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"movify/library"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/fault"
)

// TestTheSettleGate drives the gate with a clock of its own: a file goes on only after it has been seen with the same
// size and time for as long as Settle.
func TestTheSettleGate(t *testing.T) {
	t.Parallel()
	now := time.Now()
	sc := newScanner(New(Options{Clock: func() time.Time { return now }, StableFor: 2 * time.Second}))
	sc.stableTimer = time.NewTimer(time.Hour)
	defer sc.stableTimer.Stop()
	path := filepath.Join(t.TempDir(), "film.mkv")
	write := func(content string, at time.Time) library.VideoFile {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		e, ok, err := library.StatVideo(sc.o.FS, path)
		if err != nil || !ok {
			t.Fatalf("the file is not there: %v", err)
		}
		return e
	}
	queued := func() int { return sc.urgent.len() + sc.backlog.len() }

	sc.enqueueWhenStable(task{video: write("half", now)}, true)
	for range 5 {
		now = now.Add(1900 * time.Millisecond)
		write(strings.Repeat("x", int(now.UnixNano()%1000)+10), now)
		sc.checkPending()
		if queued() != 0 {
			t.Fatal("a growing file was let through")
		}
	}
	now = now.Add(1999 * time.Millisecond)
	if sc.checkPending(); queued() != 0 {
		t.Fatal("it was let through too early")
	}
	now = now.Add(time.Millisecond)
	if sc.checkPending(); queued() != 1 || len(sc.pendingFiles) != 0 {
		t.Fatal("a settled file was held back")
	}
	// Old files need not wait.
	sc.inProgress, sc.urgent = map[string]library.VideoFile{}, taskQueue{}
	sc.enqueueWhenStable(task{video: write("whole", now.Add(-time.Hour))}, false)
	if sc.backlog.len() != 1 {
		t.Error("an old file was held back")
	}
	// An empty one may be about to be written, and one from the future has a clock that tells nothing.
	sc.inProgress, sc.backlog = map[string]library.VideoFile{}, taskQueue{}
	sc.enqueueWhenStable(task{video: write("", now.Add(-time.Hour))}, false)
	sc.enqueueWhenStable(task{video: write("future", now.Add(time.Hour))}, false)
	if queued() != 0 {
		t.Error("a doubtful file was let through at once")
	}
	now = now.Add(2 * time.Second)
	if sc.checkPending(); queued() != 1 {
		t.Error("a file from the future is never let through")
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	known := func(path string, s library.State, examined bool) library.KnownFile {
		return library.KnownFile{Path: path, Size: 10, ModTimeNS: 20, State: s, Examined: examined}
	}
	all := []library.KnownFile{
		known("/r/same", library.Present, true), known("/r/grown", library.Present, true), known("/r/touched", library.Present, true),
		known("/r/half", library.Incoming, true), known("/r/bad", library.Attention, false), known("/r/locked", library.Attention, false),
		known("/r/back", library.Unreachable, true), known("/r/risen", library.Missing, true), known("/r/vague", library.Missing, false),
		known("/r/gone", library.Present, true), known("/r/badgone", library.Attention, false), known("/r/dead", library.Missing, true),
		known("/r/shut/in", library.Present, true), known("/r/shut/bad", library.Attention, false), known("/r/shutter", library.Present, true),
	}
	for i := range all {
		if all[i].Path == "/r/locked" {
			all[i].Code = library.ErrUnreadable.Code
		}
	}
	seen := walkResult{failed: []string{"/r/shut"}}
	for _, path := range []string{"same", "half", "bad", "locked", "back", "risen", "vague", "new"} {
		seen.videos = append(seen.videos, library.VideoFile{Path: "/r/" + path, Size: 10, ModTimeNS: 20})
	}
	seen.videos = append(
		seen.videos, library.VideoFile{Path: "/r/grown", Size: 11, ModTimeNS: 20},
		library.VideoFile{Path: "/r/touched", Size: 10, ModTimeNS: 21},
	)
	d := compare(all, seen)
	names := func(pairs []changedFile) (out []string) {
		for _, p := range pairs {
			out = append(out, p.video.Path)
		}
		return out
	}
	if diff := cmp.Diff([]string{"/r/half", "/r/vague", "/r/grown", "/r/touched"}, names(d.changed)); diff != "" {
		t.Errorf("changed: %s", diff)
	}
	if diff := cmp.Diff([]string{"/r/locked"}, names(d.unreadable)); diff != "" {
		t.Errorf("unreadable: %s", diff)
	}
	if len(d.added) != 1 || d.added[0].Path != "/r/new" {
		t.Errorf("fresh: %v", d.added)
	}
	if len(d.unchanged) != 2 || d.atPath != 9 {
		t.Errorf("%d are the same, %d of all were found", len(d.unchanged), d.atPath)
	}
	for _, c := range []struct {
		what string
		got  []library.KnownFile
		want []string
	}{
		{"back", d.returned, []string{"/r/back", "/r/risen"}},
		{"gone", d.gone, []string{"/r/gone", "/r/badgone", "/r/shutter"}},
		{"away", d.unreachable, []string{"/r/shut/in"}},
	} {
		if diff := cmp.Diff(c.want, paths(c.got)); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
}

func TestOutermost(t *testing.T) {
	t.Parallel()
	got := outermostPaths(
		[]string{
			"/a/b/c.mkv", "/a/b", "/a/bc.mkv", "/d/poster.jpg", "/d/Film-poster.PNG", "/a/b/", "/d/x.mkv",
			"/e/other.jpg",
		},
	)
	if diff := cmp.Diff([]string{"/a/b", "/a/bc.mkv", "/d", "/e"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestIsVideo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"a.mkv": true, "A.MP4": true, "a.m2ts": true, ".a.mkv": false, "a.mkv.part": false, "a.!qB": false,
		"a.mkv.crdownload": false,
		"a.tmp":            false, "mkv": false, "a.": false, "a.txt": false, "a.srt": false, "a b.mkv ": false,
		"a. mkv": false,
		"":       false,
	} {
		if got := library.IsVideo(name); got != want {
			t.Errorf("IsVideo(%q) = %v", name, got)
		}
	}
	if library.IgnoredPath("a/b.mkv") || !library.IgnoredPath(".a/b.mkv") || !library.IgnoredPath("a/@eaDir/b.mkv") ||
		!library.IgnoredPath("a/b.mkv.part") {
		t.Error("hidden is wrong")
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var reader fingerprinter
	print := func(content []byte) string {
		t.Helper()
		path := filepath.Join(dir, "f")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		fp, err := reader.fingerprint(path)
		if err != nil {
			t.Fatal(err)
		}
		return fp
	}
	big := make([]byte, 3*fingerprintPart)
	whole := print(big)
	if len(whole) != 64 || print(big) != whole {
		t.Error("the same content has two fingerprints")
	}
	seen := map[string]string{"as it is": whole}
	for what, change := range map[string]func() []byte{
		"first byte": func() []byte { b := make([]byte, len(big)); b[0] = 1; return b },
		"last byte":  func() []byte { b := make([]byte, len(big)); b[len(b)-1] = 1; return b },
		"length":     func() []byte { return make([]byte, len(big)+1) },
		"small":      func() []byte { return []byte("x") },
		"empty":      func() []byte { return nil },
	} {
		fp := print(change())
		for other, f := range seen {
			if f == fp {
				t.Errorf("%s and %s have one fingerprint", what, other)
			}
		}
		seen[what] = fp
	}
	if _, err := reader.fingerprint(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

// TestFingerprintsStay computes the fingerprint by its definition: known files are found by it after an upgrade.
func TestFingerprintsStay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	var reader fingerprinter // one for all: nothing of a longer file is left in its buffer
	for _, size := range []int{
		0, 3*fingerprintPart + 5, 1, fingerprintPart / 4, fingerprintPart/4 - 1, fingerprintPart/4 + 1, fingerprintPart,
		fingerprintPart + 1, 2 * fingerprintPart, 77,
	} {
		content := make([]byte, size)
		for i := range content {
			content[i] = byte(i * i >> 3)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		fmt.Fprintf(h, "%d\n", size)
		h.Write(content[:min(size, fingerprintPart)])
		h.Write(content[max(0, size-fingerprintPart):])
		if got, err := reader.fingerprint(path); err != nil || got != hex.EncodeToString(h.Sum(nil)) {
			t.Errorf("%d bytes: %s, %v", size, got, err)
		}
	}
}

func TestUnreadableSaysWhy(t *testing.T) {
	t.Parallel()
	denied := fault.Of(unreadable(&fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}))
	if denied.Code != "file_unreadable" || !strings.Contains(denied.Message, "permissions") {
		t.Errorf("got %+v", denied)
	}
	if broken := fault.Of(unreadable(errors.New("input/output error"))); broken.Code != "file_unreadable" ||
		broken.Message == denied.Message {
		t.Errorf("got %+v", broken)
	}
}
