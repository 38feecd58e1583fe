package ffmpeg

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
)

// fake is a program that stands for an ffmpeg with a device: it takes the arguments of h264_vaapi, and encodes with libx264, whose
// headers it makes others than ours. Everything else it hands to ffmpeg.
type fake struct {
	params string // of libx264; "" = those of a device that is right
	filter string // instead of the upload to the device
	drop   string // an argument that is left out, with its value
	set    string // an argument and another value for it: "-frames:v 7"
	before string // words of the shell, with the arguments in $@
	after  string // words of the shell after the encode
}

const rightParams = "ref=1:weightp=0:repeat-headers=1:scenecut=0:keyint=infinite"

// program writes the fake into a folder and gives its path.
func (f fake) program(t *testing.T) string {
	t.Helper()
	real, err := exec.LookPath("ffmpeg")
	if err != nil {
		testkit.Lacks(t, "ffmpeg")
	}
	if f.params == "" {
		f.params = rightParams
	}
	if f.filter == "" {
		f.filter = "null"
	}
	name, value, _ := strings.Cut(f.set, " ")
	text := fmt.Sprintf(`#!/bin/sh
hard=
for a; do [ "$a" = h264_vaapi ] && hard=1; done
[ -z "$hard" ] && exec %[1]s "$@"
%[2]s
n=$#
while [ $n -gt 0 ]; do
	a=$1; shift; n=$((n-1))
	case $a in
	-init_hw_device|-filter_hw_device|-rc_mode|-idr_interval|-sei|-low_power|%[3]q) shift; n=$((n-1));;
	%[4]q) shift; n=$((n-1)); set -- "$@" "$a" %[5]q;;
	h264_vaapi) set -- "$@" libx264 -preset veryfast -x264-params %[6]q;;
	*hwupload*) set -- "$@" "$(printf %%s "$a" | sed 's/hwupload/%[7]s/g')";;
	*) set -- "$@" "$a";;
	esac
done
%[8]s %[1]s "$@"
%[9]s
`, real, f.before, or(f.drop, "-none"), or(name, "-none"), value, f.params, f.filter,
		map[bool]string{true: "exec"}[f.after == ""], f.after)
	path := filepath.Join(t.TempDir(), "ffmpeg")
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// patient are bounds for a machine with much other work.
var patient = bounds{device: time.Hour, software: time.Hour}

// onFake is a Hardware on a machine with one device, which the fake stands for.
func onFake(t *testing.T, f fake, setting string) (*Hardware, *Encoder) {
	t.Helper()
	preset, _ := PresetNamed("veryfast")
	e := NewEncoder(EncoderOptions{Program: f.program(t), Background: preset})
	h := NewHardware(HardwareOptions{Encoder: e, Setting: setting})
	h.bounds = patient
	h.machine = machine{dev: t.TempDir(), sys: t.TempDir(), os: "linux"}
	write(t, filepath.Join(h.machine.dev, "dri/renderD128"), "")
	return h, e
}

func TestTrials(t *testing.T) {
	t.Parallel()
	said := func(name string) fake {
		text, err := os.ReadFile(filepath.Join("testdata/hardware", name))
		if err != nil {
			t.Fatal(err)
		}
		_, text2, _ := strings.Cut(string(text), "\n")
		return fake{before: "cat >&2 <<'END'\n" + text2 + "END\nexit 1"}
	}
	tests := map[string]struct {
		fake fake
		want Outcome
	}{
		"right":                       {fake{}, Works},
		"no key frames where ordered": {fake{drop: "-force_key_frames"}, OffGrid},
		"key frames that are no IDR":  {fake{params: rightParams + ":open-gop=1:bframes=2"}, OffGrid},
		"a picture too few":           {fake{set: "-frames:v 23"}, OffGrid},
		"half the rate":               {fake{set: "-video_track_timescale 12000"}, OffGrid},
		"software's number":           {fake{params: rightParams + ":sps-id=1"}, WrongHeaders},
		"a level that is not planned": {fake{set: "-level 51"}, WrongHeaders},
		"another profile":             {fake{set: "-profile:v main"}, WrongHeaders},
		"other pictures":              {fake{filter: "negate"}, WrongPicture},
		"pictures of another size":    {fake{filter: "scale=640:360"}, WrongPicture},
		"far too large":               {fake{params: rightParams + ":qp=1"}, TooLarge},
		"dies in the middle":          {fake{set: "-frames:v 9", after: "echo 'device lost' >&2; exit 1"}, Failed},
		"dies with its pictures made": {fake{after: "exit 134"}, Failed},
		"no driver":                   {said("vaapi-no-display.said"), NoDriver},
		"no encoder":                  {said("vaapi-no-entrypoint.said"), NoCodec},
	}
	preset, _ := PresetNamed("veryfast")
	software := NewEncoder(EncoderOptions{Program: testkit.Need(t, "ffmpeg"), Background: preset})
	film, err := newTrial(t.Context(), software, t.TempDir(), patient)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, own := NewEncoder(EncoderOptions{Program: test.fake.program(t), Background: preset}), *film
			own.dir = t.TempDir()
			got := own.try(t.Context(), e, candidate{family: VAAPI, device: "/dev/null"})
			if got.Outcome == Slower { // libx264 against libx264: a machine with other work may see either
				got.Outcome = Works
			}
			if got.Outcome != test.want || got.words() == "" {
				t.Errorf("%s (%s), want %s", got.Outcome, got.Detail, test.want)
			}
		})
	}
}

// The family that the owner named is used when it is right, also where it is slower.
func TestHardwareIsUsedAfterItsTrial(t *testing.T) {
	t.Parallel()
	h, e := onFake(t, fake{}, "vaapi")
	if h.Ready() || e.device.Load() != nil {
		t.Error("it is ready before it was tried")
	}
	if err := h.Try(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := h.Results()
	if len(got) != 1 || !got[0].Used || got[0].Words == "" || got[0].Times == 0 || !h.Ready() || e.device.Load() == nil {
		t.Errorf("results: %+v, ready %t", got, h.Ready())
	}
}

// TestArgumentsAreUnderstood: on a machine without the device, the real ffmpeg fails for want of it, and not over an option. VAAPI and
// QSV open their device before they read options.
func TestArgumentsAreUnderstood(t *testing.T) {
	t.Parallel()
	e := NewEncoder(EncoderOptions{Program: testkit.Need(t, "ffmpeg")})
	film, err := newTrial(t.Context(), e, t.TempDir(), patient)
	if err != nil {
		t.Fatal(err)
	}
	known, err := encoders(t.Context(), e.opts.Program)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []candidate{
		{family: NVENC, device: nvidiaDevice + "0"}, {family: V4L2M2M}, {family: V4L2M2M, planes: true},
	} {
		if !known[c.family.encoder()] {
			continue // not the ffmpeg of Debian
		}
		if got := film.try(t.Context(), e, c); got.Outcome == Failed {
			t.Errorf("%+v: %s", c, got.Detail)
		}
	}
}

func TestATrialThatHangsEnds(t *testing.T) {
	t.Parallel()
	h, _ := onFake(t, fake{before: "exec sleep 600"}, "vaapi")
	h.bounds.device = 100 * time.Millisecond
	if err := h.Try(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.Results(); len(got) != 1 || got[0].Outcome != TooLate || h.Ready() {
		t.Errorf("results: %+v", got)
	}
}

// With the setting off, doctor tries and nothing is used.
func TestHardwareThatIsOffIsNotUsed(t *testing.T) {
	t.Parallel()
	h, _ := onFake(t, fake{}, Off)
	if err := h.Try(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range h.Results() {
		if r.Used {
			t.Errorf("used: %+v", r)
		}
	}
	if h.Ready() {
		t.Error("it is ready")
	}
}

// A ladder that a device begins, and software where it breaks, decodes to the film through both.
func TestALadderThatSoftwareFinishes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fake   fake
		makers map[transcoder.Maker]bool // of the orders of pictures
	}{
		"the device makes all": {fake{}, map[transcoder.Maker]bool{transcoder.Hardware: true}},
		"it dies in the third segment": {
			fake{set: "-frames:v 60", after: "exit 1"},
			map[transcoder.Maker]bool{transcoder.Hardware: true, transcoder.SoftwareBeside: true},
		},
		"it breaks before its first picture": {
			fake{before: "exit 1"}, map[transcoder.Maker]bool{transcoder.Hardware: true, transcoder.Software: true},
		},
		"its headers leave no room": {
			fake{params: rightParams + ":sps-id=1"},
			map[transcoder.Maker]bool{transcoder.Hardware: true, transcoder.Software: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			film := testkit.Clip(t, "three-seconds.mkv", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3", "-c:v", "ffv1",
				"-pix_fmt", "yuv420p")
			_, e := onFake(t, test.fake, "vaapi")
			e.device.Store(&candidate{family: VAAPI, device: "/dev/null"})
			seen := &makersOf{encoder: e, made: map[transcoder.Maker]bool{}}
			store := blobtest.NewMemory()
			rate := media.Ratio{Num: 25, Den: 1}
			probe := media.Probe{Format: "matroska,webm", DurationUS: 3_000_000, Video: []media.VideoTrack{{
				Codec: "ffv1", Width: 320, Height: 180, FrameRate: rate, AverageRate: rate, FieldOrder: "progressive",
			}}}
			asset, _, err := transcoder.Convert(t.Context(), transcoder.ConvertOptions{
				Source: transcoder.Source{Path: film, Fingerprint: "feed", Probe: probe}, Blobs: store, Encoder: seen,
				Hardware: func() bool { return true }, Policy: transcoder.DefaultPolicy(), Log: noLog{},
				Logger: slog.New(slog.DiscardHandler), Now: time.Now,
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.makers, seen.made); diff != "" {
				t.Errorf("makers (-want +got):\n%s", diff)
			}
			likeFilm(t, film, asset, store)
		})
	}
}

// likeFilm compares each picture of the tallest rendition with the film, whose size it has.
func likeFilm(t *testing.T, film string, asset media.Asset, store blob.Store) {
	t.Helper()
	r := asset.Ladder.Videos()[0].ID
	stream, err := blob.ReadAll(t.Context(), store, asset.InitKey(r))
	if err != nil {
		t.Fatal(err)
	}
	for n := range asset.Grid.Segments() {
		data, err := blob.ReadAll(t.Context(), store, asset.SegmentKey(r, n))
		if err != nil {
			t.Fatal(err)
		}
		stream = append(stream, data...)
	}
	made := filepath.Join(t.TempDir(), "made.mp4")
	if err := os.WriteFile(made, stream, 0o600); err != nil {
		t.Fatal(err)
	}
	facts, err := run(t.Context(), child{program: testkit.Need(t, "ffmpeg"), args: []string{
		"-v", "error", "-i", inputURL(made), "-i", inputURL(film), "-lavfi",
		"[0:v]settb=1/25,setpts=N[a];[1:v]settb=1/25,setpts=N[b];[a][b]psnr=stats_file=-", "-f", "null", "/dev/null",
	}}, probeOutput)
	if err != nil {
		t.Fatal(err)
	}
	if err := alike(facts, asset.Grid.Total()); err != nil {
		t.Error(err)
	}
}

// makersOf notes who made pictures.
type makersOf struct {
	encoder *Encoder
	mu      sync.Mutex
	made    map[transcoder.Maker]bool
}

func (m *makersOf) Start(ctx context.Context, o transcoder.Order) (transcoder.Encode, error) {
	m.mu.Lock()
	for n, r := range o.Renditions {
		if r.Kind == media.Video && !o.HeaderOnly {
			m.made[o.Maker(n)] = true
		}
	}
	m.mu.Unlock()
	return m.encoder.Start(ctx, o)
}

type noLog struct{}

func (noLog) Committed(context.Context, transcoder.Entry) error { return nil }
