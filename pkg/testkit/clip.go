// Package testkit holds helpers that tests of several packages share: clips made with ffmpeg, and the rule that no test
// is skipped unnoticed. It is imported by tests only.
package testkit

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Need fails the test when a program is not installed: a skipped test looks like a passed one.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is not installed: run make setup", program)
	}
	return path
}

// Lacks skips a test on a machine that cannot run it. Where nothing may be skipped (REQUIRE_ALL is set) the test fails.
func Lacks(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("REQUIRE_ALL") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// Clip makes a media file with ffmpeg once per machine and gives its path. The file is shared: copy it before changing
// it. args are everything between ffmpeg's global options and the output's name; name's ending decides the container.
func Clip(t testing.TB, name string, args ...string) string {
	t.Helper()
	ffmpeg := Need(t, "ffmpeg")
	sum := sha256.Sum256([]byte(strings.Join(args, "\x00")))
	dir := filepath.Join(os.TempDir(), "movify-test-clips", hex.EncodeToString(sum[:6]))
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	unfinished, err := os.MkdirTemp(dir, "making-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(unfinished)
	made := filepath.Join(unfinished, name)
	full := append([]string{"-v", "error", "-nostdin", "-y"}, args...)
	if out, err := exec.Command(ffmpeg, append(full, made)...).CombinedOutput(); err != nil {
		t.Fatalf("make clip %s: %v\n%s", name, err, out)
	}
	if err := os.Rename(made, path); err != nil { // another test process may have made it too: both are equal
		t.Fatal(err)
	}
	return path
}

// Film is a short film with moving, textured pictures at 24000/1001 frames/s in H.264 and AC-3 5.1 sound, seconds long,
// in Matroska.
func Film(t testing.TB, width, height, seconds int) string {
	t.Helper()
	size := strconv.Itoa(width) + "x" + strconv.Itoa(height)
	length := strconv.Itoa(seconds)
	return Clip(t, "film.mkv",
		"-f", "lavfi", "-i", "testsrc2=s="+size+":r=24000/1001:d="+length,
		"-f", "lavfi", "-i", "sine=f=440:r=48000:d="+length,
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-bf", "2", "-pix_fmt", "yuv420p",
		"-c:a", "ac3", "-ac", "6", "-metadata:s:a:0", "language=eng", "-shortest")
}
