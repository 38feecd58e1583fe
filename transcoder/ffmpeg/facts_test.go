package ffmpeg

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/sourcecheck"
	"movify/pkg/testkit"
)

func TestFactsArgs(t *testing.T) {
	t.Parallel()
	args, pipes := reading{in: input{url: inputURL("/films/a film.mkv")}, picture: 0, sounds: []int{1, 3}}.args()
	golden(t, "facts.args", args)
	if pipes != 4 {
		t.Errorf("%d pipes", pipes)
	}
	args, _ = reading{in: pipeInput(), picture: noStream, sounds: []int{0}}.args()
	golden(t, "factspipe.args", args)
}

// Times come from the clock's ticks: in seconds the filter prints six digits only, which at three hours are tenths.
func TestPrintedTimesAreExact(t *testing.T) {
	t.Parallel()
	text := "frame:0    pts:972003600 pts_time:10800\nlavfi.x=tff\nframe:1    pts:972007200 pts_time:10800.1\nlavfi.x=-inf\n" +
		"frame:2    pts:NOPTS   pts_time:NOPTS\nlavfi.x=bff\nframe:3    pts:9223372036854775807 pts_time:1\nlavfi.x=\n"
	var got []any
	printed(strings.NewReader(text+strings.Repeat("x", 1<<17)), 90_000, func(at int64, value string) {
		got = append(got, at, value)
	})
	want := []any{
		int64(10_800_040_000), "tff", int64(10_800_080_000), "-inf", int64(10_800_080_000), "bff", int64(10_800_080_000), "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A film is measured by its path, and the same bytes on standard input give the same facts.
func TestFactsOfAFilm(t *testing.T) {
	t.Parallel()
	args := []string{
		"-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2",
		"-f", "lavfi", "-i", "sine=f=440:r=48000:d=2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
		"-color_primaries", "bt709", "-color_trc", "smpte170m", "-colorspace", "bt470bg", "-c:a", "aac",
		"-movflags", "+faststart",
	}
	path := testkit.Clip(t, "film.mp4", args...)
	probe, err := NewProber("ffprobe").Probe(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	m := NewMeasurer("ffmpeg", "ffprobe")
	film, err := m.Film(t.Context(), path, probe)
	if err != nil {
		t.Fatal(err)
	}
	p := film.Pictures
	if n := len(p.TimesUS); n != 50 || p.TimesUS[1]-p.TimesUS[0] != 40_000 || len(p.Marks) != n*sourcecheck.MarkSize {
		t.Errorf("%d pictures, %d bytes: %v", n, len(p.Marks), p.TimesUS)
	}
	if n := len(film.Sounds); n != 1 || film.Sounds[0].EndUS() < 1_990_000 || film.Sounds[0].Levels[200] < 150 {
		t.Errorf("%d tracks: %v", n, film.Sounds)
	}
	open := func() *os.File {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	again, err := m.Pictures(t.Context(), open())
	if diff := cmp.Diff(p, again); err != nil || diff != "" {
		t.Errorf("%v (-path +input):\n%s", err, diff)
	}
	rung, err := m.Rung(t.Context(), open())
	want := sourcecheck.Rung{Primaries: "bt709", Transfer: "smpte170m", Matrix: "bt470bg"}
	if diff := cmp.Diff(want, rung); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// What cannot be decoded gives nothing, and is not an error: the comparison says what is missing.
func TestFactsOfNoise(t *testing.T) {
	t.Parallel()
	m := NewMeasurer("ffmpeg", "ffprobe")
	noise := func() *strings.Reader { return strings.NewReader(strings.Repeat("not a film ", 1000)) }
	if p, err := m.Pictures(t.Context(), noise()); err != nil || len(p.TimesUS) != 0 {
		t.Errorf("%v, %v", p, err)
	}
	if s, err := m.Sound(t.Context(), noise()); err != nil || len(s.Levels) != 0 {
		t.Errorf("%v, %v", s, err)
	}
	if r, err := m.Rung(t.Context(), noise()); err != nil || r != (sourcecheck.Rung{}) {
		t.Errorf("%v, %v", r, err)
	}
}
