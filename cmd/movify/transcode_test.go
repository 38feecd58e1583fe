package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// TestTranscodeMakesALadderThatOthersAccept makes a whole ladder in a folder and shows it to three judges.
func TestTranscodeMakesALadderThatOthersAccept(t *testing.T) {
	t.Parallel()
	clip, out := testkit.Film(t, 960, 540, 13), t.TempDir()
	if text := run(t, binary(t), "transcode", clip, "--out", out, "--json"); !json.Valid([]byte(text)) {
		t.Errorf("not JSON: %s", text)
	}

	t.Run("movify check", func(t *testing.T) {
		run(t, binary(t), "check", out)
	})
	t.Run("ffmpeg as a client", func(t *testing.T) {
		frames := func(path string) int {
			text := run(t, testkit.Need(t, "ffprobe"), "-v", "error", "-select_streams", "v:0", "-count_frames",
				"-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path)
			n, err := strconv.Atoi(strings.Trim(strings.Split(strings.TrimSpace(text), "\n")[0], ","))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got, want := frames(filepath.Join(out, "multivariant.m3u8")), frames(clip); got != want {
			t.Errorf("ffmpeg decodes %d frames of the ladder, the film has %d", got, want)
		}
		if got, want := duration(t, filepath.Join(out, "multivariant.m3u8")), duration(t, clip); got < want-0.05 || got > want+0.05 {
			t.Errorf("ffmpeg sees %.3f s, the film has %.3f s", got, want)
		}
	})
	t.Run("hls-parser, strict", func(t *testing.T) {
		run(t, testkit.Need(t, "node"), "../../web/test/ladder/parse.mjs", out)
	})
	t.Run("hls.js in Chromium, with a switch of rung", func(t *testing.T) {
		t.Log(run(t, testkit.Need(t, "node"), "../../web/test/ladder/through.mjs", out))
	})
	t.Run("it may be published", func(t *testing.T) {
		for _, name := range []string{"plan.json", "multivariant.m3u8"} {
			info, err := os.Stat(filepath.Join(out, name))
			if err != nil || info.Mode().Perm()&0o004 == 0 {
				t.Errorf("%s: other users cannot read it: %v, %v", name, info, err)
			}
		}
	})
	t.Run("made again it is left as it is", func(t *testing.T) {
		before := segments(t, out)
		run(t, binary(t), "transcode", clip, "--out", out, "--json")
		after := segments(t, out)
		if len(before) != len(after) {
			t.Errorf("%d segments became %d", len(before), len(after))
		}
		for name, sum := range before {
			if after[name] != sum {
				t.Errorf("%s changed", name)
			}
		}
	})
}

func duration(t testing.TB, path string) float64 {
	t.Helper()
	text := run(t, testkit.Need(t, "ffprobe"), "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path)
	seconds, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return seconds
}
