package ffmpeg_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue/queuetest"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// lowest is a policy of one small rung.
func lowest() transcoder.Policy {
	p := transcoder.DefaultPolicy()
	p.Rungs = []transcoder.Rung{{Height: 144, MaxRate: 400_000}}
	return p
}

// hardSources are ten-second clips that have broken other servers: timing, geometry and colour off the beaten track.
func hardSources(t *testing.T) map[string]string {
	t.Helper()
	pictures := func(filter string) []string { return []string{"-f", "lavfi", "-i", filter} }
	plain := pictures("testsrc2=s=320x180:r=30:d=10")
	sine := pictures("sine=f=440:r=48000:d=10")
	x264 := []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}
	clip := func(name string, parts ...[]string) string {
		var args []string
		for _, p := range parts {
			args = append(args, p...)
		}
		return testkit.Clip(t, name, args...)
	}
	upright := clip("upright.mp4", plain, sine, x264, []string{"-c:a", "aac"})
	cover := testkit.Clip(t, "cover.jpg", "-f", "lavfi", "-i", "color=red:s=64x64:d=0.04", "-frames:v", "1")
	const texts = "data:text/plain,1%0A00:00:01,000 --> 00:00:03,000%0AHello%0A%0A"
	return map[string]string{
		"variable rate": clip("vfr.mp4", plain, sine, []string{"-vf", "select='not(mod(n,7)-3)+not(mod(n,5)-1)+gt(random(1),0.35)'", "-vsync", "vfr"}, x264, []string{"-g", "77", "-c:a", "aac"}),
		"rotated":       clip("rotated.mp4", []string{"-i", upright, "-c", "copy", "-metadata:s:v:0", "rotate=90"}),
		"interlaced": clip("interlaced.ts", pictures("testsrc2=s=360x288:r=50:d=10"), sine, []string{"-vf", "tinterlace=interleave_top,setfield=tff,setsar=64/45", "-r", "25",
			"-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-top", "1", "-b:v", "2M", "-g", "12", "-bf", "2", "-c:a", "mp2"}),
		"HDR10": clip("hdr.mkv", pictures("testsrc2=s=320x180:r=24:d=10"), sine, []string{"-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast",
			"-x265-params", "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-c:a", "ac3"}),
		"odd size 4:4:4":     clip("odd.mkv", pictures("testsrc2=s=321x181:r=25:d=10"), sine, []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p", "-c:a", "flac"}),
		"late sound":         clip("late.mkv", plain, []string{"-itsoffset", "2.3"}, pictures("sine=f=440:r=48000:d=6"), []string{"-map", "0:v", "-map", "1:a"}, x264, []string{"-c:a", "aac"}),
		"10 hours in":        clip("offset.ts", plain, sine, x264, []string{"-g", "60", "-c:a", "aac", "-output_ts_offset", "36000.4"}),
		"late sound in TS":   clip("latesound.ts", plain, []string{"-itsoffset", "1.3"}, sine, []string{"-map", "0:v", "-map", "1:a", "-t", "10"}, x264, []string{"-c:a", "aac"}),
		"late picture in TS": clip("latepicture.ts", []string{"-itsoffset", "1.3"}, plain, sine, []string{"-map", "0:v", "-map", "1:a"}, x264, []string{"-c:a", "aac"}),
		"late picture":       clip("latepicture.mkv", []string{"-itsoffset", "1.5"}, pictures("testsrc2=s=320x180:r=24000/1001:d=10"), sine, []string{"-map", "0:v", "-map", "1:a"}, x264, []string{"-c:a", "ac3"}),
		"sound of 44100":     clip("r44100.mkv", plain, pictures("sine=f=440:r=44100:d=10"), x264, []string{"-c:a", "aac"}),
		"sound of 8000":      clip("r8000.avi", plain, pictures("sine=f=440:r=8000:d=10"), x264, []string{"-c:a", "pcm_s16le"}),
		"sound of 96000":     clip("r96000.mkv", plain, pictures("sine=f=440:r=96000:d=10"), x264, []string{"-c:a", "flac"}),
		"no sound":           clip("silent.mp4", plain, x264),
		"anamorphic":         clip("anamorphic.mkv", pictures("testsrc2=s=360x288:r=25:d=10"), sine, []string{"-vf", "setsar=64/45"}, x264, []string{"-c:a", "ac3", "-ac", "6"}),
		"subtitles inside":   clip("texts.mp4", []string{"-i", upright, "-f", "srt", "-i", texts, "-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text"}),
		"cover first":        clip("coverfirst.mp4", []string{"-i", upright, "-i", cover, "-map", "1", "-map", "0:v", "-map", "0:a", "-c", "copy", "-disposition:v:0", "attached_pic"}),
		"29.97 in mkv":       clip("r2997.mkv", pictures("testsrc2=s=320x180:r=30000/1001:d=10"), sine, x264, []string{"-c:a", "aac"}),
		"59.94 in mkv":       clip("r5994.mkv", pictures("testsrc2=s=320x180:r=60000/1001:d=10"), sine, x264, []string{"-c:a", "aac"}),
		"10 in avi":          clip("r10.avi", pictures("testsrc2=s=320x180:r=10:d=10"), []string{"-c:v", "mpeg4", "-g", "50", "-an"}),
	}
}

// A run that starts in the middle makes the same segments as one that goes through from the start: as many frames, and
// every one at its place.
func TestJustInTimeIsTheSameAsWhole(t *testing.T) {
	t.Parallel()
	for name, path := range testkit.Rows(hardSources(t)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, path, "feed")
			asset, whole := convertTo(t, src, lowest(), encoder(t))
			s := watch(t, src, lowest())
			const at = 2
			for _, r := range asset.Ladder.Renditions {
				made := s.get(r.ID, at)
				if r.Kind == media.Video {
					sameFrames(
						t, frames(t, stored(t, whole, asset, r.ID, at)), frames(t, append(s.begin(r.ID), made...)),
						asset.Grid.Frames[at+1]-asset.Grid.Frames[at],
					)
				}
				s.leave()
			}
		})
	}
}

// convertTo makes the whole ladder by a policy.
func convertTo(
	t *testing.T, src transcoder.Source, policy transcoder.Policy, by transcoder.Encoder,
) (media.Asset, blob.Store) {
	t.Helper()
	o := convertOptions(t, src, policy)
	store := blobtest.NewMemory()
	o.Blobs, o.Encoder = store, by
	asset, measures, err := transcoder.Convert(t.Context(), o)
	if err != nil {
		t.Fatalf("convert: %v", err)
	}
	for r, m := range measures {
		if !m.Complete {
			t.Errorf("%s is not complete: %+v", r, m)
		}
	}
	return asset, store
}

func convertOptions(t *testing.T, src transcoder.Source, policy transcoder.Policy) transcoder.ConvertOptions {
	t.Helper()
	return transcoder.ConvertOptions{
		Source: src, Blobs: blobtest.NewMemory(), Encoder: encoder(t), Policy: policy, Log: &encodeLog{},
		Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	}
}

// Segments of all presets stand in one rendition: one Init Section must fit them all.
func TestPresetsShareTheirInitSections(t *testing.T) {
	t.Parallel()
	src := source(t, small(t, "plain.mkv"), "feed")
	var first map[id.Rendition][]byte
	for _, name := range []string{"superfast", "veryfast", "faster", "fast", "medium", "slow"} {
		preset, ok := ffmpeg.PresetNamed(name)
		if !ok {
			t.Fatalf("%s is not a preset", name)
		}
		by := ffmpeg.NewEncoder(ffmpeg.EncoderOptions{Program: testkit.Need(t, "ffmpeg"), Background: preset})
		asset, store := convertTo(t, src, transcoder.DefaultPolicy(), by)
		inits := map[id.Rendition][]byte{}
		for _, r := range asset.Ladder.Renditions {
			init, err := blob.ReadAll(t.Context(), store, asset.InitKey(r.ID))
			if err != nil {
				t.Fatal(err)
			}
			inits[r.ID] = init
		}
		if first == nil {
			first = inits
		}
		if diff := cmp.Diff(first, inits); diff != "" {
			t.Errorf("%s writes other headers than superfast:\n%s", name, diff)
		}
	}
}

// viewer is a viewer of a running service that makes only requested segments.
type viewer struct {
	t       *testing.T
	service *transcoder.Service
	asset   media.Asset
}

func watch(t *testing.T, src transcoder.Source, policy transcoder.Policy) *viewer {
	t.Helper()
	s := &viewer{t: t}
	s.service = transcoder.New(transcoder.Options{
		Stage: blobtest.NewMemory(), Blobs: blobtest.NewMemory(), Queue: queuetest.NewMemory(time.Minute), Encoder: encoder(t), Sources: only{src}, Log: &encodeLog{},
		Policy: policy, Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	var err error
	if s.asset, err = s.service.Asset(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.service.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return s
}

// get waits for a segment.
func (s *viewer) get(r id.Rendition, n int) []byte {
	s.t.Helper()
	return s.read(s.service.Segment(s.t.Context(), "viewer", s.asset, r, n))
}

// begin waits for an Init Section.
func (s *viewer) begin(r id.Rendition) []byte {
	s.t.Helper()
	return s.read(s.service.Init(s.t.Context(), "viewer", s.asset, r, 0))
}

func (s *viewer) read(o blob.Object, err error) []byte {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer o.Body.Close()
	data, err := io.ReadAll(o.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return data
}

func (s *viewer) leave() { s.service.Leave("viewer") }

// only is a library of one file.
type only struct{ src transcoder.Source }

func (o only) Sources(context.Context) iter.Seq2[transcoder.Source, error] {
	return func(yield func(transcoder.Source, error) bool) { yield(o.src, nil) }
}

func (o only) Source(context.Context, string) (transcoder.Source, error) { return o.src, nil }

func (o only) Demand(context.Context, string) (transcoder.Demand, error) {
	return transcoder.Demand{}, nil
}

func (o only) WantLadder(context.Context, string) error { return nil }

// thumb is the size frames are compared at, in pixels.
const thumbWidth, thumbHeight = 64, 36

// stored gives a segment of a converted ladder after its Init Section.
func stored(t *testing.T, store blob.Store, a media.Asset, r id.Rendition, n int) []byte {
	t.Helper()
	var out []byte
	for _, key := range []string{a.InitKey(r), a.SegmentKey(r, n)} {
		data, err := blob.ReadAll(t.Context(), store, key)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data...)
	}
	return out
}

// frames decodes a segment after its Init Section into small grey pictures.
func frames(t *testing.T, stream []byte) [][]byte {
	t.Helper()
	grey := decode(t, stream, "-vf", "scale=64:36,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-")
	var out [][]byte
	for ; len(grey) > 0; grey = grey[thumbWidth*thumbHeight:] {
		out = append(out, grey[:thumbWidth*thumbHeight])
	}
	return out
}

// decode runs ffmpeg over an MP4 stream and gives what it writes; a word of complaint fails the test.
func decode(t *testing.T, stream []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(testkit.Need(t, "ffmpeg"), append([]string{"-v", "error", "-f", "mp4", "-i", "-"}, args...)...)
	cmd.Stdin = bytes.NewReader(stream)
	var words strings.Builder
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil || words.Len() > 0 {
		t.Fatalf("decode: %v\n%s", err, words.String())
	}
	return out
}

// sameFrames holds two decodings of one segment against each other: near at the same index, farther one frame off.
func sameFrames(t *testing.T, whole, jit [][]byte, want int) {
	t.Helper()
	if len(whole) != want || len(jit) != want {
		t.Fatalf("%d frames of the whole, %d just in time, want %d", len(whole), len(jit), want)
	}
	here, worst := distance(whole, jit)
	before, _ := distance(whole[1:], jit[:len(jit)-1])
	after, _ := distance(whole[:len(whole)-1], jit[1:])
	if worst > 2.5 || here >= before || here >= after {
		t.Errorf(
			"frames differ by %.2f grey levels, %.2f at worst; one frame off by %.2f and %.2f", here, worst, before,
			after,
		)
	}
}

// distance is the mean and the largest absolute difference of frames, in grey levels.
func distance(a, b [][]byte) (mean, worst float64) {
	for n := range a {
		sum := 0
		for i := range a[n] {
			sum += int(math.Abs(float64(a[n][i]) - float64(b[n][i])))
		}
		d := float64(sum) / float64(len(a[n]))
		mean += d / float64(len(a))
		worst = max(worst, d)
	}
	return mean, worst
}

// flashing is a clip with a flash and a beep together ten times, so many seconds apart.
func flashing(t *testing.T, name string, rate, apart int, args ...string) string {
	t.Helper()
	picture := fmt.Sprintf("color=black:s=160x90:r=%d:d=%d,drawbox=c=white:t=fill:enable='lt(mod(n,%d),1)'", rate, 10*apart, rate*apart)
	sound := fmt.Sprintf("aevalsrc='if(lt(mod(t,%d),0.04),sin(2*PI*1000*t),0)':s=48000:d=%d", apart, 10*apart)
	return testkit.Clip(t, name, join([]string{"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound}, x264, args)...)
}

// Flash and beep stay together, whatever order the segments were made in. In the second clip the second picture is more than
// a frame behind the first, and the pictures of the third begin later than ffprobe says.
func TestPictureAndSoundStayTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path        string
		rate, apart int
	}{
		{flashing(t, "beep.mkv", 25, 1, "-g", "70", "-c:a", "pcm_s16le"), 25, 1},
		{flashing(t, "beep.mp4", 25, 1, "-g", "70", "-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov"), 25, 1},
		{flashing(t, "few.mkv", 1, 2, "-g", "20", "-c:a", "aac"), 1, 2},
	} {
		t.Run(filepath.Base(c.path), func(t *testing.T) {
			t.Parallel()
			stayTogether(t, c.path, c.rate, c.apart)
		})
	}
}

func stayTogether(t *testing.T, path string, rate, apart int) {
	t.Helper()
	s := watch(t, source(t, filepath.Clean(path), "feed"), lowest())
	picture, sound := s.asset.Ladder.Videos()[0].ID, s.asset.Ladder.Audios()[0].ID
	for n := s.asset.Grid.Segments() - 1; n >= 0; n-- {
		s.get(picture, n)
		s.get(sound, n)
		s.leave()
	}
	all := func(r id.Rendition) []byte {
		out := s.begin(r)
		for n := range s.asset.Grid.Segments() {
			out = append(out, s.get(r, n)...)
		}
		return out
	}
	grey := decode(
		t, all(picture), "-vf", "scale=1:1:flags=area,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-",
	)
	if len(grey) != 10*rate*apart {
		t.Fatalf("%d frames, want %d", len(grey), 10*rate*apart)
	}
	for n, level := range grey {
		if flash := n%(rate*apart) == 0; flash != (level > 128) {
			t.Errorf("frame %d has grey level %d", n, level)
		}
	}
	pcm := decode(t, all(sound), "-ac", "1", "-f", "s16le", "-")
	for second := apart; second < 10*apart; second += apart { // the first beep meets the encoder's start
		if offset := beepAt(pcm, second); math.Abs(offset) > 0.001 {
			t.Errorf("the beep at %d s is %.2f ms off", second, offset*1000)
		}
	}
}

// beepAt is how many seconds the middle of the beep that begins at a full second lies off its place.
func beepAt(pcm []byte, second int) float64 {
	const rate, length = 48000, 0.04
	level := func(n int) float64 { return math.Abs(float64(int16(binary.LittleEndian.Uint16(pcm[2*n:])))) }
	from, to, peak := (second*rate)-rate/10, second*rate+rate/10, 0.0
	for n := from; n < to; n++ {
		peak = max(peak, level(n))
	}
	first, last := to, from
	for n := from; n < to; n++ {
		if level(n) > peak/2 {
			first, last = min(first, n), max(last, n)
		}
	}
	return float64(first+last)/2/rate - float64(second) - length/2
}
