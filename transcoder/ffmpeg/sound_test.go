package ffmpeg_test

import (
	"encoding/binary"
	"math"
	"testing"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/testkit"
)

// beeps is sound with a beep of 40 ms at every half of a second, lasting so many seconds, after a filter of its own.
func beeps(seconds, filter string) []string {
	text := "aevalsrc='if(lt(mod(t,0.5),0.04),0.7*sin(2*PI*1000*t),0)':s=48000:d=" + seconds
	if filter != "" {
		text += "," + filter
	}
	return []string{"-f", "lavfi", "-i", text}
}

// moving is a picture that changes with every frame.
func moving(seconds string) []string {
	return []string{"-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=" + seconds}
}

func late(seconds string) []string { return []string{"-itsoffset", seconds} }

// encoded are pictures with a key frame each second and PCM or another codec.
func encoded(sound ...string) []string {
	return join([]string{"-map", "0:v", "-map", "1:a"}, x264, []string{"-g", "25", "-c:a"}, sound)
}

// soundCase is a clip whose sound is not simply as long as its picture. Of the picture's frames on the grid, lead repeat
// the first one and tail the last; beepsAt are the middles of its beeps on the grid's timeline, seconds: nil where the encoder's
// delay moves them, and both ways of making the segments are then compared with each other.
type soundCase struct {
	path               string
	frames, lead, tail int
	beepsAt            []float64
}

// every gives the middles of the beeps that begin in [from, to) but for those that begin in a hole, moved by a shift.
func every(from, to, shift float64, holes ...float64) (at []float64) {
	for t := from; t < to-1e-9; t += 0.5 {
		lost := false
		for _, h := range holes {
			lost = lost || math.Abs(h-t) < 1e-9
		}
		if !lost {
			at = append(at, t+0.02+shift)
		}
	}
	return at
}

func soundCases(t *testing.T) map[string]soundCase {
	t.Helper()
	clip := func(name string, parts ...[]string) string { return testkit.Clip(t, name, join(parts...)...) }
	// Frames of 5 ms, so that a hole is as long as it is meant to be, and none between 1.2 s and 1.2 s and so much.
	hole := func(ms string) string {
		return "asetnsamples=240,aselect='not(between(t,1.2,1.1999+" + ms + "/1000))'"
	}
	overlap := "asetnsamples=240,asetpts='if(gt(T,1.2),PTS-0.05/TB,PTS)'"
	return map[string]soundCase{
		"hole of 10 ms":  {clip("hole10.mkv", moving("4"), beeps("4", hole("10")), encoded("pcm_s16le")), 100, 0, 0, every(0.5, 4, 0)},
		"hole of 20 ms":  {clip("hole20.mkv", moving("4"), beeps("4", hole("20")), encoded("pcm_s16le")), 100, 0, 0, every(0.5, 4, 0)},
		"hole of 50 ms":  {clip("hole50.mkv", moving("4"), beeps("4", hole("50")), encoded("pcm_s16le")), 100, 0, 0, every(0.5, 4, 0)},
		"hole of 80 ms":  {clip("hole80.mkv", moving("4"), beeps("4", hole("80")), encoded("flac")), 100, 0, 0, every(0.5, 4, 0)},
		"hole of 95 ms":  {clip("hole95.mkv", moving("4"), beeps("4", hole("95")), encoded("pcm_s16le")), 100, 0, 0, every(0.5, 4, 0)},
		"hole of 400 ms": {clip("hole400.mkv", moving("4"), beeps("4", hole("400")), encoded("pcm_s16le")), 100, 0, 0, every(0.5, 4, 0, 1.5)},
		"many holes": {clip("holes.mkv", moving("4"), beeps("4", "asetnsamples=240,aselect='not(between(mod(t,0.5),0.2,0.2249))'"),
			encoded("pcm_s16le")), 100, 0, 0, every(0.5, 4, 0)},
		"overlap of 50 ms": {clip("overlap.mkv", moving("4"), beeps("4", overlap), encoded("pcm_s16le")), 100, 0, 0,
			append(every(0.5, 1.5, 0), every(1.5, 3.9, -0.05)...)},
		"packets lost in AAC": {clip("lost.mkv", []string{"-i", clip("whole.mkv", moving("4"), beeps("4", ""), encoded("aac"))},
			[]string{"-map", "0", "-c", "copy", "-bsf:a", "noise=drop='between(n,60,62)'"}), 100, 0, 0, every(0.5, 4, 0)},
		"sound before the picture": {clip("before.mkv", late("1.4"), moving("3"), beeps("4.4", ""), encoded("pcm_s16le")), 110, 35, 0,
			every(0.5, 4.4, 0)},
		"sound before the picture, MP4": {clip("before.mp4", late("1.24"), moving("3"), late("0.03"), beeps("4.2", ""), encoded("aac")), 106, 31, 0,
			every(0.5, 4.2, 0.03)},
		"sound before the picture, TS": {clip("before.ts", late("1.4"), moving("3"), beeps("4.4", ""), encoded("mp2")), 110, 35, 0, nil},
		"sound behind the picture": {clip("behind.mkv", moving("2.2"), beeps("5.4", ""), encoded("pcm_s16le")), 135, 0, 80,
			every(0.5, 5.4, 0)},
		"sound behind the picture, MP4": {clip("behind.mp4", moving("2.2"), beeps("5.4", ""), encoded("aac")), 136, 0, 80,
			every(0.5, 5.4, 0)},
		"sound behind the picture, AVI": {clip("behind.avi", moving("2.2"), beeps("5.4", ""), encoded("mp3")), 136, 0, 80, nil},
		"sound on both sides": {clip("both.mov", late("1"), moving("1.6"), beeps("5", ""), encoded("pcm_s16le")), 125, 25, 60,
			every(0.5, 5, 0)},
		"sound ends early":  {clip("early.mkv", moving("5"), beeps("1.4", ""), encoded("pcm_s16le")), 125, 0, 0, every(0.5, 1.4, 0)},
		"sound begins late": {clip("late.mkv", moving("5"), late("3"), beeps("2", ""), encoded("aac")), 125, 0, 0, every(3.5, 5, 0)},
	}
}

// Sound stays at its time across holes and overlaps, and what is before and behind the picture is kept; whether all
// segments were made in one run or each by itself.
func TestSoundStaysAtItsTime(t *testing.T) {
	t.Parallel()
	for name, c := range testkit.Rows(soundCases(t)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, c.path, "feed")
			asset, whole := convertTo(t, src, lowest(), encoder(t))
			if d := asset.Grid.Total() - c.frames; d < -1 || d > 1 {
				t.Errorf("%d frames, want %d", asset.Grid.Total(), c.frames)
			}
			s := watch(t, src, lowest())
			video, audio := asset.Ladder.Videos()[0], asset.Ladder.Audios()[0]
			for n := range asset.Grid.Segments() {
				for _, r := range []media.Rendition{video, audio} {
					s.get(r.ID, asset.Grid.Segments()-1-n)
					s.leave()
				}
			}
			byItself := func(r id.Rendition, n int) []byte { return append(s.begin(r), s.get(r, n)...) }
			var pictures [][]byte
			for n := range asset.Grid.Segments() {
				batch := frames(t, stored(t, whole, asset, video.ID, n))
				sameOrHeld(t, batch, frames(t, byItself(video.ID, n)), asset.Grid.Frames[n+1]-asset.Grid.Frames[n])
				pictures = append(pictures, batch...)
			}
			isHeld(t, pictures, c)
			batch := beepsIn(decode(t, all(t, whole, asset, audio.ID), "-ac", "1", "-f", "s16le", "-"))
			jit := beepsIn(decode(t, append(s.begin(audio.ID), joined(s, audio.ID)...), "-ac", "1", "-f", "s16le", "-"))
			want := c.beepsAt
			if want == nil {
				want = batch
			}
			sameBeeps(t, "batch", want, batch)
			sameBeeps(t, "just in time", want, jit)
		})
	}
}

// all is a whole rendition of a converted ladder.
func all(t *testing.T, store blob.Store, a media.Asset, r id.Rendition) []byte {
	t.Helper()
	out := stored(t, store, a, r, 0)
	for n := 1; n < a.Grid.Segments(); n++ {
		data, err := blob.ReadAll(t.Context(), store, a.SegmentKey(r, n))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, data...)
	}
	return out
}

// joined are all segments that a viewer gets.
func joined(s *viewer, r id.Rendition) (out []byte) {
	for n := range s.asset.Grid.Segments() {
		out = append(out, s.get(r, n)...)
	}
	return out
}

// sameOrHeld holds two decodings of one segment against each other, picture by picture.
func sameOrHeld(t *testing.T, whole, jit [][]byte, want int) {
	t.Helper()
	if len(whole) != want || len(jit) != want {
		t.Fatalf("%d frames of the whole, %d just in time, want %d", len(whole), len(jit), want)
	}
	if _, worst := distance(whole, jit); worst > 2.5 {
		t.Errorf("frames differ by %.2f grey levels at worst", worst)
	}
}

// isHeld checks which frames repeat the first and the last picture.
func isHeld(t *testing.T, pictures [][]byte, c soundCase) {
	t.Helper()
	moves := func(n int) bool {
		_, d := distance(pictures[n:n+1], pictures[n+1:n+2])
		return d > 0.7
	}
	lead, tail := 0, 0
	for lead < len(pictures)-1 && !moves(lead) {
		lead++
	}
	for tail < len(pictures)-1 && !moves(len(pictures)-2-tail) {
		tail++
	}
	if lead < c.lead-1 || lead > c.lead+1 || tail < c.tail-1 || tail > c.tail+1 {
		t.Errorf("the first picture is held for %d frames, want %d; the last for %d, want %d", lead, c.lead, tail, c.tail)
	}
}

// beepsIn gives the middles of the beeps of mono sound, in seconds.
func beepsIn(pcm []byte) (at []float64) {
	const rate, quiet = 48000, 480
	begin, last := -1, 0
	for n := 0; 2*n < len(pcm); n++ {
		if math.Abs(float64(int16(binary.LittleEndian.Uint16(pcm[2*n:])))) > 6000 {
			if begin < 0 {
				begin = n
			}
			last = n
		}
		if begin >= 0 && (n-last > quiet || 2*n+2 >= len(pcm)) {
			if last-begin > quiet { // a beep, no click
				at = append(at, float64(begin+last)/2/rate)
			}
			begin = -1
		}
	}
	return at
}

func sameBeeps(t *testing.T, way string, want, got []float64) {
	t.Helper()
	if len(got) > 0 && len(want) > 0 && want[0]-got[0] > 0.4 {
		got = got[1:] // the beep at zero meets the encoder's start
	}
	if len(got) != len(want) {
		t.Errorf("%s: beeps at %.3f, want %.3f", way, got, want)
		return
	}
	for n := range want {
		if math.Abs(got[n]-want[n]) > 0.005 {
			t.Errorf("%s: a beep at %.4f s, want %.4f s", way, got[n], want[n])
		}
	}
}
