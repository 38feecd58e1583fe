package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// samplesASecond is the rate at which sound is compared, samples a second: that of every audio rendition.
const samplesASecond = 48000

// tinyWidth and tinyHeight are the size of the grey pictures that are compared, in samples.
const tinyWidth, tinyHeight = 32, 24

// shown is a decoded picture: its time on the container's clock and a tiny grey copy of it.
type shown struct {
	us   int64
	tiny []byte
}

func (s shown) luma() float64 {
	sum := 0
	for _, y := range s.tiny {
		sum += int(y)
	}
	return float64(sum) / float64(len(s.tiny))
}

// stretch are decoded samples of sound that follow each other without a gap: the first is number from of the whole, and lies
// at a time that is counted in samples.
type stretch struct{ at, from, samples int64 }

// decoding is all that ffmpeg made of a picture and a sound track.
type decoding struct {
	pictures  []shown
	stretches []stretch
	pcm       []int16
}

// stamp is a line of showinfo or ashowinfo: the number of a frame and its time in ticks.
var stamp = regexp.MustCompile(`Parsed_(a?)showinfo_\d+ @ [^]]+\] n: *\d+ pts: *(-?\d+) .*`)

var sampleCount = regexp.MustCompile(` nb_samples:(\d+) `)

// decodeTracks lets ffmpeg decode a picture track, a sound track or both ("0:v:0"; "" = none) with the times of their
// container.
func decodeTracks(t *testing.T, input []string, picture, sound string) decoding {
	t.Helper()
	dir := t.TempDir()
	raw, pcm := filepath.Join(dir, "pictures"), filepath.Join(dir, "sound")
	args := append([]string{"-hide_banner", "-nostdin", "-nostats", "-v", "info", "-copyts"}, input...)
	if picture != "" {
		args = append(args, "-map", picture, "-vf",
			"settb=1/1000000,scale=32:24:flags=area,format=gray,showinfo=checksum=0", "-fps_mode", "passthrough", "-f", "rawvideo", raw)
	}
	if sound != "" {
		args = append(args, "-map", sound, "-af",
			"aformat=sample_fmts=s16:channel_layouts=mono:sample_rates=48000,asettb=1/48000,ashowinfo", "-f", "s16le", pcm)
	}
	cmd := exec.Command("ffmpeg", args...)
	var words bytes.Buffer
	cmd.Stderr = &words
	if err := cmd.Run(); err != nil { // of a damaged file ffmpeg may complain and still decode
		t.Logf("ffmpeg %q: %v\n%s", input, err, lastOf(words.String(), 500))
	}
	return readDecoding(t, words.Bytes(), raw, pcm)
}

// readDecoding puts the samples of pictures and sound together with their times.
func readDecoding(t *testing.T, words []byte, raw, pcm string) (d decoding) {
	t.Helper()
	grey, _ := os.ReadFile(raw) // neither is there without its track
	samples, _ := os.ReadFile(pcm)
	for line := range bytes.Lines(words) {
		found := stamp.FindSubmatch(line)
		if found == nil {
			continue
		}
		at, err := strconv.ParseInt(string(found[2]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if len(found[1]) == 0 {
			if len(grey) < tinyWidth*tinyHeight {
				break
			}
			d.pictures = append(d.pictures, shown{us: at, tiny: grey[:tinyWidth*tinyHeight]})
			grey = grey[tinyWidth*tinyHeight:]
			continue
		}
		count := sampleCount.FindSubmatch(line)
		if count == nil {
			t.Fatalf("no number of samples in %s", line)
		}
		n, _ := strconv.ParseInt(string(count[1]), 10, 64)
		d.stretches = append(d.stretches, stretch{at: at, from: int64(len(d.pcm)), samples: n})
		for ; n > 0 && len(samples) >= 2; n-- {
			d.pcm = append(d.pcm, int16(binary.LittleEndian.Uint16(samples)))
			samples = samples[2:]
		}
	}
	return d
}

// at is the time of a sample, seconds.
func (d decoding) at(sample int) float64 {
	n, _ := slices.BinarySearchFunc(d.stretches, int64(sample), func(s stretch, n int64) int {
		if s.from+s.samples <= n {
			return -1
		}
		return 1
	})
	if n == len(d.stretches) {
		return math.NaN()
	}
	s := d.stretches[n]
	return float64(s.at+int64(sample)-s.from) / samplesASecond
}

// flashes are the times at which the picture turns white, seconds.
func (d decoding) flashes() (at []float64) {
	var levels []float64
	for _, p := range d.pictures {
		levels = append(levels, p.luma())
	}
	if len(levels) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(levels))
	usual, white := sorted[len(sorted)/4], sorted[len(sorted)-1]
	if white-usual < 40 {
		return nil
	}
	for n, level := range levels {
		bright := (usual + white) / 2
		if level > bright && (n == 0 || levels[n-1] <= bright) {
			at = append(at, float64(d.pictures[n].us)/1e6)
		}
	}
	return at
}

// beepLength is how long a beep lasts, seconds.
const beepLength = 0.04

// beeps are the times at which beeps begin, seconds: half their length before their middle, which codecs do not move.
func (d decoding) beeps() (at []float64) {
	loud := d.loud()
	if loud == 0 {
		return nil
	}
	const quiet = samplesASecond / 100
	first, last := -1, 0
	for n, s := range d.pcm {
		if level := math.Abs(float64(s)); level > loud {
			if first < 0 {
				first = n
			}
			last = n
		}
		if first >= 0 && (n-last > quiet || n == len(d.pcm)-1) {
			if float64(last-first) > 0.6*beepLength*samplesASecond { // a beep, and no click
				at = append(at, (d.at(first)+d.at(last))/2-beepLength/2)
			}
			first = -1
		}
	}
	return at
}

// loud is the level that only beeps reach: half of the loudest quarter of a second, of many without the few loudest, so that
// a click does not count; 0 of sound without beeps.
func (d decoding) loud() float64 {
	const window, many = samplesASecond / 4, 12
	var peaks []float64
	for from := 0; from < len(d.pcm); from += window {
		peak := 0.0
		for _, s := range d.pcm[from:min(from+window, len(d.pcm))] {
			peak = max(peak, math.Abs(float64(s)))
		}
		peaks = append(peaks, peak)
	}
	if len(peaks) == 0 {
		return 0
	}
	slices.Sort(peaks)
	loud := peaks[len(peaks)-1-len(peaks)/many]
	if loud < 2*peaks[len(peaks)/4] && len(peaks) > many || loud < 1000 {
		return 0
	}
	return loud / 2
}

// offsets are how much later the beep of each flash is than the flash, seconds: NaN without a beep near it.
func offsets(flashes, beeps []float64) (out []float64) {
	for _, f := range flashes {
		best := math.NaN()
		for _, b := range beeps {
			if d := b - f; math.Abs(d) < 0.3 && (math.IsNaN(best) || math.Abs(d) < math.Abs(best)) {
				best = d
			}
		}
		out = append(out, best)
	}
	return out
}

// apartDB compares sound with other sound of the same length around a sample: how loud the difference of 10 ms is at worst,
// against the level of the tenth of a second on both sides, dB. Silence on both sides gives −100.
func apartDB(a, b []int16, around int) float64 {
	const reach, window = samplesASecond / 10, samplesASecond / 100
	from, to := max(0, around-reach), min(len(a), len(b), around+reach)
	if to-from < window {
		return -100
	}
	level := rms(a[from:to], nil)
	if level < 10 && rms(b[from:to], nil) < 10 {
		return -100
	}
	worst := 0.0
	for n := from; n+window <= to; n += window / 2 {
		worst = max(worst, rms(a[n:n+window], b[n:n+window]))
	}
	return max(-100, 20*math.Log10(worst/max(level, 10)))
}

// rms is the level of the difference of two stretches of sound; without a second one, of the first alone.
func rms(a, b []int16) float64 {
	sum := 0.0
	for n := range a {
		d := float64(a[n])
		if b != nil {
			d -= float64(b[n])
		}
		sum += d * d
	}
	return math.Sqrt(sum / float64(max(1, len(a))))
}

// apartLevels is how far two decodings of the same pictures are apart, in grey levels: at worst, and on average, when the
// second is moved by so many pictures.
func apartLevels(a, b []shown, moved int) (worst, mean float64) {
	count := 0
	for n := range a {
		m := n + moved
		if m < 0 || m >= len(b) {
			continue
		}
		sum := 0
		for i := range a[n].tiny {
			sum += max(int(a[n].tiny[i])-int(b[m].tiny[i]), int(b[m].tiny[i])-int(a[n].tiny[i]))
		}
		d := float64(sum) / float64(len(a[n].tiny))
		worst, mean, count = max(worst, d), mean+d, count+1
	}
	return worst, mean / float64(max(1, count))
}

// The measures are true of sound and pictures that are made by hand.
func TestRowMeasures(t *testing.T) {
	t.Parallel()
	d := decoding{pcm: make([]int16, 3*samplesASecond)}
	for second := range 3 {
		for n := range int(beepLength * samplesASecond) {
			d.pcm[second*samplesASecond+samplesASecond/2+n] = int16(20000 * math.Sin(float64(n)/48*2*math.Pi))
		}
	}
	d.stretches = []stretch{
		{at: 48, from: 0, samples: samplesASecond},                                          // from 1 ms on
		{at: 48 + samplesASecond + 4800, from: samplesASecond, samples: 2 * samplesASecond}, // behind a hole of 100 ms
	}
	for n := range 75 {
		tiny := bytes.Repeat([]byte{byte(50 + n%25)}, tinyWidth*tinyHeight)
		if n%25 == 12 {
			tiny = bytes.Repeat([]byte{235}, tinyWidth*tinyHeight)
		}
		d.pictures = append(d.pictures, shown{us: int64(n) * 40_000, tiny: tiny})
	}
	got := offsets(d.flashes(), d.beeps())
	for n, want := range []float64{0.021, 0.121, 0.121} {
		if len(got) != 3 || math.Abs(got[n]-want) > 0.0003 {
			t.Fatalf("offsets %.4f at flashes %.3f and beeps %.3f", got, d.flashes(), d.beeps())
		}
	}
	hole := slices.Clone(d.pcm)
	clear(hole[samplesASecond/2 : samplesASecond/2+samplesASecond/50])
	if same, holed := apartDB(d.pcm, d.pcm, samplesASecond/2), apartDB(d.pcm, hole, samplesASecond/2); same > -99 || holed < 0 {
		t.Errorf("the same sound is %.1f dB apart, and with a hole in it %.1f dB", same, holed)
	}
	if worst, _ := apartLevels(d.pictures, d.pictures, 0); worst != 0 {
		t.Errorf("the same pictures are %.1f apart", worst)
	}
	if _, mean := apartLevels(d.pictures, d.pictures, 1); mean < 1 {
		t.Errorf("pictures one off are %.1f apart", mean)
	}
}
