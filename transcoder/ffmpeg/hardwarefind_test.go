package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/transcoder"
)

// everyEncoder is an ffmpeg that was built with all of them.
func everyEncoder() map[string]bool {
	out := map[string]bool{}
	for _, f := range families {
		out[f.encoder()] = true
	}
	return out
}

// shown are candidates and the outcomes that are known without a trial, in short.
func shown(root string, try []candidate, known []Tried) (out []string) {
	for _, c := range try {
		out = append(out, strings.TrimSpace("try "+string(c.family)+" "+strings.TrimPrefix(c.device, root)))
	}
	for _, k := range known {
		out = append(out, strings.TrimSpace(fmt.Sprint(k.Outcome, " ", k.Family, " ", strings.TrimPrefix(k.Device, root))))
	}
	return out
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	intelAndNvidia := []string{"dri/card0", "dri/renderD128", "dri/renderD129", "nvidia0", "nvidiactl"}
	vendors := map[string]string{"renderD128": intel, "renderD129": "0x10de"}
	tests := map[string]struct {
		files           []string
		vendors         map[string]string
		without         []string // encoders that ffmpeg lacks
		setting, device string
		system          string
		want            []string
	}{
		"nothing there": {setting: Auto, want: []string{
			"no_device nvenc", "no_device qsv", "no_device vaapi", "other_system videotoolbox", "no_device rkmpp",
			"no_device v4l2m2m",
		}},
		"nothing there, nothing built in": {
			without: []string{"h264_nvenc", "h264_qsv", "h264_vaapi", "h264_videotoolbox", "h264_rkmpp", "h264_v4l2m2m"},
			setting: Auto,
		},
		"two graphics processors": {files: intelAndNvidia, vendors: vendors, setting: "vaapi",
			want: []string{"try vaapi /dri/renderD128", "try vaapi /dri/renderD129"}},
		"Quick Sync is Intel's": {files: intelAndNvidia, vendors: vendors, setting: "qsv",
			want: []string{"try qsv /dri/renderD128"}},
		"of no known maker": {files: intelAndNvidia, setting: "qsv",
			want: []string{"try qsv /dri/renderD128", "try qsv /dri/renderD129"}},
		"the owner's device": {files: intelAndNvidia, vendors: vendors, setting: "vaapi", device: "/dri/renderD129",
			want: []string{"try vaapi /dri/renderD129"}},
		"the owner's device is not there": {files: intelAndNvidia, setting: "vaapi", device: "/dri/renderD130",
			want: []string{"no_device vaapi /dri/renderD130"}},
		"nvenc": {files: intelAndNvidia, setting: "nvenc", want: []string{"try nvenc /nvidia0"}},
		"named and not built in": {files: []string{"mpp_service"}, without: []string{"h264_rkmpp"}, setting: "rkmpp",
			want: []string{"not_in_ffmpeg rkmpp"}},
		"there and not built in": {
			files: []string{"mpp_service"}, without: []string{"h264_rkmpp", "h264_nvenc", "h264_qsv", "h264_vaapi", "h264_videotoolbox", "h264_v4l2m2m"},
			setting: Auto, want: []string{"not_in_ffmpeg rkmpp"},
		},
		"a board":      {files: []string{"video10", "video11"}, setting: "v4l2m2m", want: []string{"try v4l2m2m"}},
		"macOS":        {setting: "videotoolbox", system: "darwin", want: []string{"try videotoolbox"}},
		"not on Linux": {setting: "videotoolbox", want: []string{"other_system videotoolbox"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := machine{dev: t.TempDir(), sys: t.TempDir(), os: "linux"}
			if test.system != "" {
				m.os = test.system
			}
			for _, file := range test.files {
				write(t, filepath.Join(m.dev, file), "")
			}
			for device, vendor := range test.vendors {
				write(t, filepath.Join(m.sys, "class/drm", device, "device/vendor"), vendor+"\n")
			}
			known := everyEncoder()
			for _, name := range test.without {
				delete(known, name)
			}
			device := test.device
			if device != "" {
				device = m.dev + device
			}
			try, refused := m.candidates(known, test.setting, device)
			if diff := cmp.Diff(test.want, shown(m.dev, try, refused)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRecordedAnswers reads testdata/hardware/*.said: what ffmpeg and drivers said, and which outcome that is. Those marked recorded were
// said by ffmpeg 5.1.9 on a machine without devices; the others are from reports of users.
func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/hardware/*.said")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d recordings (%v)", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first, said, _ := strings.Cut(string(text), "\n")
		fields := strings.Fields(first) // "# vaapi no_driver recorded"
		got, detail := explain(fmt.Errorf("try: %w", &exitError{program: "ffmpeg", err: errors.New("exit status 1"), words: said}))
		if string(got) != fields[2] {
			t.Errorf("%s: %s, want %s", file, got, fields[2])
		}
		if strings.Contains(detail, " @ ") || strings.Contains(detail, "\n") || detail == "" {
			t.Errorf("%s: the detail is %q", file, detail)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]Outcome{
		context.DeadlineExceeded:                              TooLate,
		fmt.Errorf("x: %w", transcoder.ErrHeaders):            WrongHeaders,
		fmt.Errorf("%w: segment 1: x", transcoder.ErrOffGrid): OffGrid,
		errNoHardware: Failed,
		&exitError{words: "something new\n", err: errors.New("")}: Failed,
	} {
		if got, _ := explain(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}

// TestWordsOfOutcomes: each outcome has a sentence of its own.
func TestWordsOfOutcomes(t *testing.T) {
	t.Parallel()
	outcomes := []Outcome{
		Works, NotInFFmpeg, OtherSystem, NoDevice, NoPermission, NoDriver, OldDriver, NoCodec, Busy, OffGrid, WrongHeaders,
		WrongPicture, TooLarge, TooLate, Failed, NotCompared,
	}
	var seen []string
	for _, o := range outcomes {
		words := Tried{Family: VAAPI, Device: "/dev/dri/renderD128", Outcome: o, Times: 6.13, Software: 1.32}.words()
		if slices.Contains(seen, words) || !strings.HasSuffix(words, ".") {
			t.Errorf("%s: %q", o, words)
		}
		seen = append(seen, words)
	}
	for want, tried := range map[string]Tried{
		"usermod -aG render USER":     {Device: "/dev/dri/renderD128", Outcome: NoPermission, group: group{name: "render", id: 105}},
		"--group-add 992":             {Device: "/dev/dri/renderD128", Outcome: NoPermission, group: group{id: 992}},
		"libcuda":                     {Family: NVENC, Outcome: NoDriver},
		"Intel's runtime":             {Family: QSV, Outcome: NoDriver},
		"There is no /dev/nvidia7":    {Family: NVENC, Device: "/dev/nvidia7", Outcome: NoDevice},
		"no device /dev/dri/renderD*": {Family: VAAPI, Outcome: NoDevice},
		"without h264_rkmpp":          {Family: RKMPP, Outcome: NotInFFmpeg},
	} {
		if got := tried.words(); !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
}

func TestEncodersAreListed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/hardware/encoders.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := parseEncoders(text)
	for name, want := range map[string]bool{
		"libx264": true, "h264_nvenc": true, "h264_qsv": true, "h264_vaapi": true, "h264_v4l2m2m": true,
		"h264_videotoolbox": false, "h264_rkmpp": false, "=": false, "Video": false,
	} {
		if known[name] != want {
			t.Errorf("%s: %t, want %t", name, known[name], want)
		}
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	slow, fast, slower := Tried{Family: VAAPI, Outcome: Works, Times: 3}, Tried{Family: QSV, Outcome: Works, Times: 7},
		Tried{Family: V4L2M2M, Outcome: Slower, Times: 1}
	broken := Tried{Family: NVENC, Outcome: WrongPicture, Times: 40}
	for name, test := range map[string]struct {
		results []Tried
		setting string
		want    int
	}{
		"nothing":                      {nil, Auto, -1},
		"the fastest that is right":    {[]Tried{broken, slow, fast}, Auto, 2},
		"slower than software":         {[]Tried{slower}, Auto, -1},
		"slower than software, wanted": {[]Tried{slower}, "v4l2m2m", 0},
		"wrong, wanted":                {[]Tried{broken}, "nvenc", -1},
		"off":                          {[]Tried{slow, fast}, Off, -1},
	} {
		if got := choose(test.results, test.setting); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}
