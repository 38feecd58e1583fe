package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"movify/pkg/mp4"
	"movify/pkg/testkit"
)

// breakingDevice stands for an ffmpeg with a device: it encodes what is asked of h264_vaapi with libx264, under other headers than
// ours, and breaks after a hundred pictures.
const breakingDevice = `#!/bin/sh
hard=
for a; do [ "$a" = h264_vaapi ] && hard=1; done
[ -z "$hard" ] && exec %[1]s "$@"
n=$#
while [ $n -gt 0 ]; do
	a=$1; shift; n=$((n-1))
	case $a in
	-init_hw_device|-filter_hw_device|-rc_mode|-idr_interval|-sei|-low_power) shift; n=$((n-1));;
	-frames:v) v=$1; shift; n=$((n-1)); [ "$v" -gt 100 ] && { v=100; broken=1; }; set -- "$@" "$a" "$v";;
	h264_vaapi) set -- "$@" libx264 -preset veryfast \
		-x264-params ref=1:weightp=0:repeat-headers=1:scenecut=0:keyint=infinite;;
	*hwupload*) set -- "$@" "$(printf %%s "$a" | sed 's/hwupload/null/g')";;
	*) set -- "$@" "$a";;
	esac
done
%[1]s "$@" && [ -z "$broken" ]
`

// TestALadderOfADeviceThatBreaks: a device makes the first segments and software the rest, and the judges see one stream.
func TestALadderOfADeviceThatBreaks(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), t.TempDir()
	program, device, settings := filepath.Join(dir, "ffmpeg"), filepath.Join(dir, "renderD128"), filepath.Join(dir, "movify.yml")
	for path, text := range map[string]string{
		program:  fmt.Sprintf(breakingDevice, testkit.Need(t, "ffmpeg")),
		device:   "",
		settings: fmt.Sprintf("transcode: {ffmpeg: %q, hardware: vaapi, device: %q}\n", program, device),
	} {
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	run(t, binary(t), "transcode", testkit.Film(t, 640, 360, 13), "--out", out, "--config", settings)
	inits, err := filepath.Glob(filepath.Join(out, "v*", "init.mp4"))
	if err != nil || len(inits) == 0 {
		t.Fatalf("no Init Section of a picture: %v", err)
	}
	for _, path := range inits {
		if got := parameterSets(t, path); got != 2 {
			t.Errorf("%s has %d sequence parameter sets, want those of the device and of software", path, got)
		}
	}
	run(t, binary(t), "check", out)
	run(t, testkit.Need(t, "node"), "../../web/test/ladder/parse.mjs", out)
	t.Log(run(t, testkit.Need(t, "node"), "../../web/test/ladder/through.mjs", out))
}

// parameterSets counts the sequence parameter sets of an Init Section.
func parameterSets(t *testing.T, path string) int {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ftyp, moov, err := mp4.SplitInit(data)
	if err != nil {
		t.Fatal(err)
	}
	in, err := mp4.ParseInit(ftyp, moov)
	if err != nil {
		t.Fatal(err)
	}
	config, err := mp4.ParseAVCConfig(in.Config)
	if err != nil {
		t.Fatal(err)
	}
	return len(config.SPS)
}
