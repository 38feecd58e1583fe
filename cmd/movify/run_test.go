package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/fault"
	"movify/pkg/testkit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// do runs one command and gives its output as a terminal would show it.
func do(t *testing.T, stdin string, env map[string]string, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if env == nil {
		env = map[string]string{}
	}
	code = run(t.Context(), args, terminal{in: strings.NewReader(stdin), out: &stdout, err: &stderr, env: env})
	return code, stdout.String(), stderr.String()
}

func TestOutput(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stdin string
		env   map[string]string
		args  []string
	}{
		"help":              {args: []string{"--help"}},
		"help-serve":        {args: []string{"serve", "--help"}},
		"no-command":        {args: []string{}},
		"unknown-flag":      {args: []string{"serve", "--lisen", ":1"}},
		"config-print":      {args: []string{"config", "print", "--library", "/films"}, env: map[string]string{"MOVIFY_LOG_LEVEL": "warn"}},
		"config-check-good": {args: []string{"config", "check"}},
		"config-check-bad":  {args: []string{"config", "check"}, env: map[string]string{"MOVIFY_LIBRARY_RESCAN": "1s"}},
		"config-no-file":    {args: []string{"config", "check", "--config", "/does/not/exist.yaml"}},
		"identify":          {args: []string{"identify", "Heat (1995)/Heat.mkv", "Rule Book/Season 01/Rule Book S01E02 One Hundred.mkv", "Heat (1995) {tmdb-949}/Trailers/One.mkv", "The Daily Show 2024-03-15.mkv", "Heat (1995) - Extended cd2 [German].3d.mkv"}},
		"identify-tree":     {args: []string{"identify"}, stdin: "Lyon/1.mkv\nLyon/2.mkv\nShow (2018)/01.mkv\nShow (2018)/02.mkv\nLost/Specials/Beach.mkv\nLost/Season 1/Lost S01E11.5.mkv\n"},
		"identify-json":     {args: []string{"identify", "--json"}, stdin: "Heat (1995).mkv\n\n/films/Show/S01E01-E02.mkv\r\n"},
		"probe-missing":     {args: []string{"probe", "/does/not/exist.mkv"}},
		"check-missing":     {args: []string{"check", "/does/not/exist"}},
		"help-storage":      {args: []string{"storage", "--help"}},
		"storage-nowhere":   {args: []string{"storage", "move"}},
		"health-nobody":     {args: []string{"doctor", "--health", "http://127.0.0.1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, err := do(t, c.stdin, c.env, c.args...)
			got := fmt.Sprintf("$ movify %s\n%s", strings.Join(c.args, " "), out)
			if err != "" {
				got += "--- stderr\n" + err
			}
			got += fmt.Sprintf("--- exit %d\n", code)
			golden(t, name, got)
		})
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	want := map[fault.Kind]int{
		fault.Internal: 1, fault.Invalid: 2, fault.Unauthenticated: 3, fault.Forbidden: 3, fault.NotFound: 4,
		fault.Conflict: 5, fault.Unsupported: 6, fault.Unavailable: 7, fault.Limited: 7,
	}
	got := make(map[fault.Kind]int)
	for k := range want {
		got[k] = exitCode(k)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// An unexpected error prints its cause on the terminal, which only the owner sees; a fault prints its message and code.
func TestFail(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	term := terminal{err: &stderr}
	if code := term.fail(fmt.Errorf("read the film: %w", os.ErrPermission)); code != exitInternal {
		t.Errorf("exit %d", code)
	}
	if code := term.fail(ErrBadStream.Because(os.ErrClosed)); code != exitUnsupported {
		t.Errorf("exit %d", code)
	}
	want := "movify: read the film: permission denied\nmovify: The stream is not right. (bad_stream)\n"
	if diff := cmp.Diff(want, stderr.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A real film through probe, transcode, transcode again and check; then the stream is damaged and check says so.
func TestFilmThroughTheTools(t *testing.T) {
	t.Parallel()
	film := testkit.Film(t, 640, 360, 6)

	code, out, stderr := do(t, "", nil, "probe", film, "--json")
	var probe struct {
		Video []struct{ Codec string }
	}
	if err := json.Unmarshal([]byte(out), &probe); code != exitOK || err != nil || len(probe.Video) != 1 || probe.Video[0].Codec != "h264" {
		t.Fatalf("probe: exit %d, %v\n%s%s", code, err, out, stderr)
	}
	if code, out, _ := do(t, "", nil, "probe", film); code != exitOK || !strings.Contains(out, "640×360 23.976/s") {
		t.Errorf("probe in words: exit %d\n%s", code, out)
	}

	ladder := filepath.Join(t.TempDir(), "ladder")
	code, out, stderr = do(t, "", nil, "transcode", film, "--out", ladder, "--json")
	var made converted
	if err := json.Unmarshal([]byte(out), &made); code != exitOK || err != nil {
		t.Fatalf("transcode: exit %d, %v\n%s%s", code, err, out, stderr)
	}
	if made.Playlist != "multivariant.m3u8" || len(made.Renditions) < 2 || made.Renditions[0].Segments != made.Segments {
		t.Errorf("transcode: %+v", made)
	}
	if code, out, stderr := do(t, "", nil, "transcode", film, "--out", ladder); code != exitOK || !strings.Contains(out, "360p") {
		t.Errorf("transcode again: exit %d\n%s%s", code, out, stderr)
	}
	if code, out, stderr := do(t, "", nil, "check", ladder); code != exitOK {
		t.Errorf("check: exit %d\n%s%s", code, out, stderr)
	}

	if err := os.Remove(filepath.Join(ladder, made.Renditions[0].ID, "00000.m4s")); err != nil {
		t.Fatal(err)
	}
	code, out, stderr = do(t, "", nil, "check", ladder, "--json")
	if code != exitUnsupported || !strings.Contains(out, `"rule"`) || !strings.Contains(stderr, "bad_stream") {
		t.Errorf("check of a damaged stream: exit %d\n%s%s", code, out, stderr)
	}
}

func TestTextIsNoFilm(t *testing.T) {
	t.Parallel()
	testkit.Need(t, "ffprobe")
	file := filepath.Join(t.TempDir(), "letter.mkv")
	if err := os.WriteFile(file, []byte("Dear reader, this is not a film.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := do(t, "", nil, "probe", file); code != exitUnsupported || !strings.Contains(stderr, "not_media") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

func TestPathsNeedNotBeUTF8(t *testing.T) {
	t.Parallel()
	testkit.Need(t, "ffprobe")
	file := filepath.Join(t.TempDir(), "broken \xff\xfe.mkv")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := do(t, "", nil, "probe", file); code != exitUnsupported || !strings.Contains(stderr, "file_empty") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

func TestScanWithoutServer(t *testing.T) {
	t.Parallel()
	film := testkit.Film(t, 640, 360, 6)
	films, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	text, err := os.ReadFile(film)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(films, "Heat (1995).mkv"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"MOVIFY_LIBRARY_SETTLE": "100ms"}
	code, out, stderr := do(t, "", env, "scan", "--dry-run", "--data", data, "--library", films)
	if code != exitOK || !strings.Contains(out, "added       "+films+"/Heat (1995).mkv") {
		t.Fatalf("dry run: exit %d\n%s%s", code, out, stderr)
	}
	code, out, stderr = do(t, "", env, "scan", "--data", data, "--library", films)
	if code != exitOK || out != "1 video files, 1 new, 1 looked into.\n" {
		t.Fatalf("scan: exit %d\n%s%s", code, out, stderr)
	}
	code, out, stderr = do(t, "", env, "scan", "--dry-run", "--json", "--data", data, "--library", films)
	if code != exitOK || !strings.Contains(out, `"unchanged": 1`) {
		t.Errorf("dry run after: exit %d\n%s%s", code, out, stderr)
	}
	if code, _, stderr := do(t, "", env, "user", "reset", "nobody@example.org", "--data", data); code != exitNotFound {
		t.Errorf("reset of nobody: exit %d: %s", code, stderr)
	}
}

// A library that cannot run must end the command; waiting for its scan would never end.
func TestScanOfWhatIsNoLibraryEnds(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	inside := filepath.Join(films, "inside")
	file := filepath.Join(films, "file")
	if err := errors.Join(os.Mkdir(inside, 0o755), os.WriteFile(file, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"not_a_folder":  {"--library", file},
		"root_overlaps": {"--library", films, "--library", inside},
	} {
		args = append([]string{"scan", "--data", t.TempDir()}, args...)
		if code, _, stderr := do(t, "", nil, args...); code == exitOK || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit %d, want %s: %s", args, code, want, stderr)
		}
	}
}

// Without ffmpeg a film cannot be probed; it must not be reported as unplayable.
func TestMissingProgramsAreSaid(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), t.TempDir()
	film := filepath.Join(films, "Heat (1995).mkv")
	if err := os.Link(testkit.Film(t, 320, 180, 2), film); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"MOVIFY_TRANSCODE_FFPROBE": "/not/there/ffprobe"}
	for _, args := range [][]string{
		{"scan", "--data", data, "--library", films},
		{"serve", "--data", data, "--listen", "127.0.0.1:0"},
		{"probe", film},
	} {
		if code, _, stderr := do(t, "", env, args...); code != exitUnavailable || !strings.Contains(stderr, "no_ffmpeg") {
			t.Errorf("%v: exit %d: %s", args, code, stderr)
		}
	}
	if code, out, stderr := do(t, "", nil, "scan", "--dry-run", "--data", data, "--library", films); code != exitOK || !strings.Contains(out, "added") {
		t.Errorf("the film is known although nothing could look into it: exit %d\n%s%s", code, out, stderr)
	}
}

// full is a standard output whose disk is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"identify", "a.mkv"}, {"identify", "--json", "a.mkv"}, {"version"}, {"config", "print"}, {"config", "check"}} {
		var stderr bytes.Buffer
		if code := run(t.Context(), args, terminal{out: full{}, err: &stderr, env: map[string]string{}}); code != exitInternal {
			t.Errorf("%v: exit %d: %s", args, code, stderr.String())
		}
	}
}

func TestCheckOfNoStream(t *testing.T) {
	t.Parallel()
	if code, _, stderr := do(t, "", nil, "check", t.TempDir()); code != exitNotFound || !strings.Contains(stderr, "no_such_stream") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := run(ctx, []string{"check", t.TempDir()}, terminal{out: &stdout, err: &stderr, env: map[string]string{}})
	if code != exitInterrupted {
		t.Errorf("exit %d: %s", code, stderr.String())
	}
}
