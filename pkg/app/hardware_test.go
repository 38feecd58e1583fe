package app

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/transcoder/ffmpeg"
)

var update = flag.Bool("update", false, "write the golden files")

// TestWhatDoctorSaysOfHardware writes each case as a line of testdata/hardware.txt.
func TestWhatDoctorSaysOfHardware(t *testing.T) {
	t.Parallel()
	const node = "/dev/dri/renderD128"
	works := ffmpeg.Tried{
		Family: ffmpeg.VAAPI, Device: node, Outcome: ffmpeg.Works, Words: "6.1 times real time; software makes 1.3.",
	}
	used, slower := works, works
	used.Used = true
	slower.Outcome, slower.Words = ffmpeg.Slower, "0.8 times real time; software makes 1.3."
	group := ffmpeg.Tried{
		Family: ffmpeg.VAAPI, Device: node, Outcome: ffmpeg.NoPermission,
		Words: "This user may not open it.",
	}
	driver := ffmpeg.Tried{
		Family: ffmpeg.QSV, Device: node, Outcome: ffmpeg.NoDriver, Words: "Intel's runtime is not there.",
		Detail: "[h264_qsv] Error initializing an internal MFX session: unsupported (-3)",
	}
	none := []ffmpeg.Tried{
		{Family: ffmpeg.NVENC, Outcome: ffmpeg.NoDevice, Words: "There is no device /dev/nvidia[0-9]*."},
		{Family: ffmpeg.VideoToolbox, Outcome: ffmpeg.OtherSystem, Words: "It is part of macOS."},
	}
	tests := []struct {
		name, setting string
		results       []ffmpeg.Tried
	}{
		{"no device, off", ffmpeg.Off, none},
		{"no device, auto", ffmpeg.Auto, none},
		{"no device, named", "nvenc", none[:1]},
		{"works, off", ffmpeg.Off, []ffmpeg.Tried{works}},
		{"works, used", ffmpeg.Auto, []ffmpeg.Tried{used, driver}},
		{"slower, auto", ffmpeg.Auto, []ffmpeg.Tried{slower}},
		{"no permission, auto", ffmpeg.Auto, []ffmpeg.Tried{group, driver}},
		{"no driver, named", "qsv", []ffmpeg.Tried{driver}},
	}
	var out strings.Builder
	for _, test := range tests {
		f := hardwareFinding(test.setting, test.results)
		out.WriteString(test.name + "\n    " + string(f.Verdict) + " " + f.Name + ": " + f.Words + "\n")
	}
	path := filepath.Join("testdata", "hardware.txt")
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
