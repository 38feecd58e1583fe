package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"movify/pkg/testkit"
	"movify/transcoder/original/originaltest"
)

// nowhere is a configuration without ffmpeg and ffprobe: an Original stream is made, and judged, without them.
var nowhere = map[string]string{"MOVIFY_TRANSCODE_FFMPEG": "/nowhere/ffmpeg", "MOVIFY_TRANSCODE_FFPROBE": "/nowhere/ffprobe"}

// Every film that can be copied is, without a program; the stream that is written breaks no rule and plays in Chromium.
func TestOriginalOfEveryFilmIsRight(t *testing.T) {
	t.Parallel()
	streams := t.TempDir()
	t.Run("each", func(t *testing.T) { writeOriginals(t, streams) })
	t.Run("hls-parser and hls.js in Chromium", func(t *testing.T) {
		text, err := exec.Command(testkit.Need(t, "node"), "../../web/test/ladder/copies.mjs", streams).CombinedOutput()
		if t.Logf("%s", text); err != nil {
			t.Error(err)
		}
	})
}

// writeOriginals writes the Original stream of each film into a folder of its name.
func writeOriginals(t *testing.T, streams string) {
	for _, c := range testkit.Rows(originaltest.Table()) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			film, out := c.Make(t), filepath.Join(streams, c.Name)
			code, text, stderr := do(t, "", nowhere, "transcode", film, "--original", "--out", out, "--json")
			var made copied
			if err := json.Unmarshal([]byte(text), &made); code != exitOK || err != nil || len(made.Renditions) != len(c.Codecs) {
				t.Fatalf("transcode: exit %d, %v\n%s%s", code, err, text, stderr)
			}
			if code, text, stderr := do(t, "", nowhere, "check", out); code != exitOK {
				t.Errorf("check: exit %d\n%s%s", code, text, stderr)
			}
			if code, _, stderr := do(t, "", nowhere, "transcode", film, "--original", "--out", out); code != exitOK {
				t.Errorf("made again: exit %d\n%s", code, stderr)
			}
			if c.More.Open { // Chromium is not given it: way.LadderOpen
				if err := os.RemoveAll(out); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// changing is what depends on the machine: time, and the sizes that its encoders make.
var changing = []*regexp.Regexp{
	regexp.MustCompile(`(copied in )[0-9.]+m?s`), regexp.MustCompile(`(BANDWIDTH=)[0-9]+`),
	regexp.MustCompile(` ( )[0-9 ]{6} kbit/s +[0-9.]+ MB`),
}

// What a person reads, and the playlists of one film.
func TestOriginalInWords(t *testing.T) {
	t.Parallel()
	for _, c := range originaltest.Clips() {
		if c.Name != "pcm.mov" && c.Name != "dolby.mp4" {
			continue
		}
		film, out := c.Make(t), filepath.Join(t.TempDir(), "original")
		code, text, stderr := do(t, "", nowhere, "transcode", film, "--original", "--out", out)
		if code != exitOK {
			t.Fatalf("%s: exit %d: %s", c.Name, code, stderr)
		}
		text = strings.ReplaceAll(text, out, "DIR")
		for _, name := range []string{"multivariant.m3u8", "v0/media.m3u8"} {
			playlist, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			text += "--- " + name + "\n" + string(playlist)
		}
		for _, changes := range changing {
			text = changes.ReplaceAllString(text, "${1}N")
		}
		golden(t, "original-"+strings.TrimSuffix(c.Name, filepath.Ext(c.Name)), text)
	}
}

// Films that are unfit end with exit code 6 and say why, and no folder is made.
func TestOriginalOfUnfitFilms(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "original")
	for film, code := range map[string]string{
		testkit.Clip(t, "film.avi", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=5:d=3", "-c:v", "libx264", "-preset", "ultrafast"): "original_container",
		testkit.Clip(t, "sparse.ts", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=5:d=12", "-c:v", "libx264", "-preset", "ultrafast", "-g", "100",
			"-sc_threshold", "0"): "original_sparse",
		testkit.Clip(t, "live.mkv", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=5:d=3", "-c:v", "libx264", "-preset", "ultrafast", "-live", "1",
			"-f", "matroska"): "original_no_index",
		testkit.Clip(t, "sparse.mp4", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=5:d=13", "-c:v", "libx264", "-preset", "ultrafast",
			"-g", "1000", "-sc_threshold", "0"): "original_sparse",
	} {
		exit, _, stderr := do(t, "", nowhere, "transcode", film, "--original", "--out", out)
		if exit != exitUnsupported || !strings.Contains(stderr, "("+code+")") {
			t.Errorf("%s: exit %d: %s", film, exit, stderr)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: there is a folder", film)
		}
	}
	if exit, _, stderr := do(t, "", nowhere, "transcode", "/does/not/exist.mp4", "--original", "--out", out); exit != exitNotFound {
		t.Errorf("no file: exit %d: %s", exit, stderr)
	}
}

// A folder that holds another stream is left as it is.
func TestOriginalDoesNotMixStreams(t *testing.T) {
	t.Parallel()
	clips, out := originaltest.Clips(), filepath.Join(t.TempDir(), "original")
	if code, _, stderr := do(t, "", nowhere, "transcode", clips[0].Make(t), "--original", "--out", out); code != exitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	code, _, stderr := do(t, "", nowhere, "transcode", clips[1].Make(t), "--original", "--out", out)
	if code != exitConflict || !strings.Contains(stderr, "other_asset") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
