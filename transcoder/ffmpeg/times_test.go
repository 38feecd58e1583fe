package ffmpeg_test

import (
	"slices"
	"testing"

	"movify/pkg/testkit"
	"movify/transcoder/ffmpeg"
)

// counting is a clip whose pictures tell their number by their brightness: 75 in three seconds, changed by a filter.
func counting(t *testing.T, name, filter string, more ...string) string {
	t.Helper()
	return testkit.Clip(t, name, join([]string{"-f", "lavfi", "-i", "color=s=160x120:r=25:d=3,format=yuv420p,geq=lum='12+3*N':cb=128:cr=128" + filter}, more)...)
}

// numbers reads the numbers of the pictures of a segment.
func numbers(t *testing.T, segment []byte) (out []int) {
	t.Helper()
	const size = 16 * 16 * 3 / 2
	yuv := decode(t, segment, "-vf", "crop=16:16:0:0,format=yuv420p", "-fps_mode", "passthrough", "-f", "rawvideo", "-")
	for ; len(yuv) >= size; yuv = yuv[size:] {
		out = append(out, (int(yuv[0])-12+1)/3)
	}
	return out
}

// run are the numbers [from, to).
func run(from, to int) (out []int) {
	for n := from; n < to; n++ {
		out = append(out, n)
	}
	return out
}

// repeated is a number, many times.
func repeated(n, times int) []int { return slices.Repeat([]int{n}, times) }

var counted264 = []string{"-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-pix_fmt", "yuv420p", "-g", "25"}

// withB are pictures of which two in three refer to later ones.
var withB = append(slices.Clone(counted264), "-bf", "2", "-x264-params", "b-adapt=0:weightp=0")

func timesCases(t *testing.T) map[string]struct {
	path string
	want []int
} {
	t.Helper()
	asp, mpeg2 := []string{"-c:v", "mpeg4", "-q:v", "2", "-bf", "2", "-g", "25"}, []string{"-c:v", "mpeg2video", "-q:v", "2", "-bf", "2", "-g", "12"}
	far := append(slices.Clone(withB), "-output_ts_offset", "93600")
	negative := append(slices.Clone(withB), "-output_ts_offset", "-1", "-avoid_negative_ts", "disabled")
	const large = ",noise=c1s=30:c1f=t" // pictures larger than a pack, as those of discs are
	const hole = ",select='not(between(n,20,54))'"
	holed, slow := slices.Concat(run(0, 20), repeated(19, 35), run(55, 75)), []int{24, 49, 74}
	variable := func(args []string) []string { return append(slices.Clone(args), "-fps_mode", "vfr") }
	return map[string]struct {
		path string
		want []int
	}{
		"B-frames in AVI":         {counting(t, "b.avi", "", asp...), run(0, 75)},
		"B-frames in AVI, H.264":  {counting(t, "b264.avi", "", withB...), run(0, 75)},
		"B-frames in VOB":         {counting(t, "b.vob", large, mpeg2...), run(0, 75)},
		"B-frames in MPEG":        {counting(t, "b.mpg", large, mpeg2...), run(0, 75)},
		"B-frames in TS":          {counting(t, "b.ts", "", mpeg2...), run(0, 75)},
		"B-frames in TS, H.264":   {counting(t, "b264.ts", "", withB...), run(0, 75)},
		"B-frames in Matroska":    {counting(t, "b.mkv", "", withB...), run(0, 75)},
		"B-frames in Flash":       {counting(t, "b.flv", "", withB...), run(0, 75)},
		"from 26 hours, TS":       {counting(t, "far.ts", "", far...), run(0, 75)},
		"from 26 hours, Matroska": {counting(t, "far.mkv", "", far...), run(0, 75)},
		"from 26 hours, MP4":      {counting(t, "far.mp4", "", far...), run(0, 75)},
		"negative times, MP4":     {counting(t, "neg.mp4", "", negative...), run(25, 75)},
		"1 a second, MP4":         {counting(t, "slow.mp4", ",fps=1:round=down", counted264...), slow},
		"1 a second, Matroska":    {counting(t, "slow.mkv", ",fps=1:round=down", counted264...), slow},
		"1 a second, AVI":         {counting(t, "slow.avi", ",fps=1:round=down", asp...), slow},
		"a hole in Matroska":      {counting(t, "hole.mkv", hole, variable(counted264)...), holed},
		"a hole in MP4":           {counting(t, "hole.mp4", hole, variable(withB)...), holed},
		"a hole in TS":            {counting(t, "hole.ts", hole, variable(counted264)...), holed},
		"a hole, one key frame":   {counting(t, "hole1.mkv", hole, append(variable(counted264), "-g", "250")...), holed},
	}
}

// Every picture is shown at its time, the one before a hole until the next: whether all segments were made in one run or
// each by itself.
func TestEveryPictureIsAtItsTime(t *testing.T) {
	t.Parallel()
	for name, c := range testkit.Rows(timesCases(t)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, c.path, "feed")
			a, store := convertTo(t, src, lowest(), encoder(t))
			s := watch(t, src, lowest())
			var batch, jit []int
			r := a.Ladder.Videos()[0].ID
			made := map[int][]byte{}
			for n := a.Grid.Segments() - 1; n >= 0; n-- {
				made[n] = s.get(r, n) // before the Init Section, which is made with the beginning
				s.leave()
			}
			for n := range a.Grid.Segments() {
				batch = append(batch, numbers(t, stored(t, store, a, r, n))...)
				jit = append(jit, numbers(t, append(s.begin(r), made[n]...))...)
			}
			if !slices.Equal(batch, c.want) {
				t.Errorf("in one run:\n%v, want\n%v", batch, c.want)
			}
			if !slices.Equal(jit, batch) {
				t.Errorf("each by itself:\n%v, in one run:\n%v", jit, batch)
			}
		})
	}
}

// A film that begins far from zero is as long as its pictures, in the catalogue too, and has a still.
func TestAFarBeginningIsNotLength(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"far.mkv", "far.mp4", "far.ts"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := counting(t, name, "", append(slices.Clone(withB), "-output_ts_offset", "93600")...)
			full, quick := both(t, path)
			if quick.Quick {
				t.Errorf("the header is believed: %d µs", quick.DurationUS)
			}
			if d := full.DurationUS - 3_000_000; d < -50_000 || d > 50_000 {
				t.Errorf("%d µs long", full.DurationUS)
			}
			still, err := encoder(t).Stills(t.Context(), path, full)
			if err != nil {
				t.Fatal(err)
			}
			if width, height := sizeOfWebP(still.WebP1280); width != 160 || height != 120 {
				t.Errorf("the still is %d×%d", width, height)
			}
		})
	}
}

// The pictures of an AVI come out of the decoder late; a film is compared at the times at which they are to be shown.
func TestFactsOfPicturesWithoutTimes(t *testing.T) {
	t.Parallel()
	path := counting(t, "b264.avi", "", withB...)
	probe := source(t, path, "feed").Probe
	film, err := ffmpeg.NewMeasurer(testkit.Need(t, "ffmpeg"), testkit.Need(t, "ffprobe")).Film(t.Context(), path, probe)
	if err != nil {
		t.Fatal(err)
	}
	if times := film.Pictures.TimesUS; len(times) != 75 || times[0] != 0 || times[74] != 2_960_000 {
		t.Errorf("%d pictures from %d to %d µs", len(times), times[0], times[len(times)-1])
	}
}
