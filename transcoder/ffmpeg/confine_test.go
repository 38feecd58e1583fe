package ffmpeg

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// shell runs words of the shell as a child that reads one input.
func shell(t *testing.T, input, words string, confined bool) (string, error) {
	t.Helper()
	var out bytes.Buffer
	p, err := startChild(t.Context(), child{
		program: "/bin/sh", args: []string{"-c", words, "sh", "file:" + input}, stdout: &out,
	}, confined)
	if err != nil {
		return "", err
	}
	_, err = p.Wait()
	return strings.TrimSpace(out.String()), err
}

// TestAChildReachesItsInputAlone: a program that is started on a film reads that and no other file of the server, writes
// nothing, and gains no privileges.
func TestAChildReachesItsInputAlone(t *testing.T) {
	t.Parallel()
	if landlockABI() < 1 {
		testkit.Lacks(t, "this kernel has no landlock")
	}
	dir := t.TempDir()
	film, secret, made := filepath.Join(dir, "film.mkv"), filepath.Join(dir, "movify.db"), filepath.Join(dir, "made")
	for path, text := range map[string]string{film: "film", secret: "secret"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for what, c := range map[string]struct{ words, free, confined string }{
		"its input":      {"cat " + film, "film", "film"},
		"another file":   {"cat " + secret + " 2>/dev/null || echo refused", "secret", "refused"},
		"a list of them": {"ls " + dir + " >/dev/null 2>&1 && echo listed || echo refused", "listed", "refused"},
		"writing":        {"echo x 2>/dev/null >" + made + " && echo written || echo refused", "written", "refused"},
		"privileges":     {"grep NoNewPrivs /proc/self/status | tr -d '\t'", "NoNewPrivs:0", "NoNewPrivs:1"},
	} {
		for confined, want := range map[bool]string{false: c.free, true: c.confined} {
			if err := os.RemoveAll(made); err != nil {
				t.Fatal(err)
			}
			if got, err := shell(t, film, c.words, confined); err != nil || got != want {
				t.Errorf("%s, confined %v: %q, want %q (%v)", what, confined, got, want, err)
			}
		}
	}
}

// TestADeviceIsReachedByRunsThatNeedIt: a program that is given a device reads and writes it, and nothing beside it.
func TestADeviceIsReachedByRunsThatNeedIt(t *testing.T) {
	t.Parallel()
	if landlockABI() < 1 {
		testkit.Lacks(t, "this kernel has no landlock")
	}
	dir := t.TempDir()
	device, other := filepath.Join(dir, "renderD128"), filepath.Join(dir, "renderD129")
	for _, path := range []string{device, other} {
		write(t, path, "device")
	}
	try := "for f in " + device + " " + other + "; do (: <>$f) 2>/dev/null && echo opened || echo refused; done; " +
		"ls /dev >/dev/null 2>&1 && echo listed || echo refused; cat /etc/passwd >/dev/null 2>&1 && echo read || echo refused"
	for _, test := range []struct {
		devices []string
		want    string
	}{
		{nil, "refused\nrefused\nrefused\nrefused"},
		{[]string{device}, "opened\nrefused\nlisted\nrefused"},
		{[]string{device, filepath.Join(dir, "gone")}, "opened\nrefused\nlisted\nrefused"},
	} {
		var out bytes.Buffer
		p, err := startChild(t.Context(), child{
			program: "/bin/sh", args: []string{"-c", try}, stdout: &out, devices: test.devices,
		}, true)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Wait(); err != nil || strings.TrimSpace(out.String()) != test.want {
			t.Errorf("with %q: %q (%v), want %q", test.devices, out.String(), err, test.want)
		}
	}
}

// TestTheToolsOfThisMachineAreConfined: what confine leaves is enough for them.
func TestTheToolsOfThisMachineAreConfined(t *testing.T) {
	t.Parallel()
	if landlockABI() < 1 {
		testkit.Lacks(t, "this kernel has no landlock")
	}
	for _, program := range []string{testkit.Need(t, "ffmpeg"), testkit.Need(t, "ffprobe")} {
		if !Confined(t.Context(), program) {
			t.Errorf("%s runs unconfined", program)
		}
	}
}

// TestAProgramThatCannotBeConfinedRunsAsItIs: libraries in an uncommon place are no reason not to play.
func TestAProgramThatCannotBeConfinedRunsAsItIs(t *testing.T) {
	t.Parallel()
	apart, bin := t.TempDir(), t.TempDir()
	needed := filepath.Join(apart, "needed")
	if err := os.WriteFile(needed, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(bin, "program")
	script := fmt.Sprintf("#!/bin/sh\ncat %s >/dev/null 2>&1 || exit 1\necho ran\n", needed)
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	if Confined(t.Context(), program) {
		t.Error("it is said to run confined")
	}
	var out bytes.Buffer
	p, err := start(t.Context(), child{program: program, stdout: &out})
	if err == nil {
		_, err = p.Wait()
	}
	if err != nil || out.String() != "ran\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
