package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/original"
)

// The bounds that every Original stream keeps.
const (
	mostCopyOffset = 1.0 // ms of sound against picture more than in the source
	// mostTick is how far a picture may be from its place on the ladder, ms: both round times, a Matroska file to milliseconds.
	mostTick = 1.0
)

// copiedRow is the Original stream of a row's file.
type copiedRow struct {
	film   *os.File
	stream *original.Stream
	media  media.Original
	sound  id.Rendition // the copy of the sound that is measured; "" when that is not copied
}

// openCopied opens the Original stream of a film; unfit says why there is none.
func (m made) openCopied(t *testing.T) (c copiedRow, unfit *fault.Fault) {
	t.Helper()
	if m.source.Probe.Format == "concat" {
		return c, transcoder.ErrOriginalDisc
	}
	var err error
	if c.film, err = os.Open(m.source.Path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.film.Close() })
	size, err := c.film.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	if c.stream, err = original.Open(c.film, size); err != nil {
		return c, fault.Of(err)
	}
	c.media = c.stream.Media()
	if v, ok := m.source.Probe.Picture(); ok && v.Index != c.media.Picture.Stream {
		return c, transcoder.ErrOriginalOther
	}
	if audios := m.asset.Ladder.Audios(); len(audios) > 0 {
		n := slices.IndexFunc(c.media.Sounds, func(s media.Copy) bool { return s.Stream == audios[0].Stream })
		if n >= 0 {
			c.sound = c.media.Sounds[n].ID
		}
	}
	return c, nil
}

// get is a segmentOf; segments behind the end of a rendition are empty.
func (c copiedRow) get(t *testing.T) segmentOf {
	return func(r id.Rendition, n int) []byte {
		t.Helper()
		if n < 0 {
			data, err := c.stream.Init(r)
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		if one, _ := c.media.Find(r); n >= one.Segments() {
			return nil
		}
		b, err := c.stream.Segment(r, n)
		if err != nil {
			t.Fatalf("segment %d of %s: %v", n, r, err)
		}
		var out bytes.Buffer
		if _, err := b.WriteTo(&out, c.film); err != nil {
			t.Fatalf("segment %d of %s: %v", n, r, err)
		}
		return out.Bytes()
	}
}

// segments is how many the longest rendition has.
func (c copiedRow) segments() int {
	n := c.media.Picture.Segments()
	if sound, ok := c.media.Find(c.sound); ok {
		n = max(n, sound.Segments())
	}
	return n
}

// copies are the measures of an Original stream: sound against picture beyond the source's, and pictures against the
// ladder's, ms at worst.
type copies struct {
	unfit             string
	frames            int
	start, seeks, end float64
	ladder            float64
}

func (c copies) String() string {
	if c.unfit != "" {
		return c.unfit
	}
	return fmt.Sprintf("%3d frames, A/V ms %4.1f %4.1f %4.1f, ladder %3.1f", c.frames, c.start, c.seeks, c.end, c.ladder)
}

// measureCopies holds the Original stream of a film against the source, whose flashes are shown at some times on the ladder. Of
// a sound that is not copied there is nothing to be measured here: the ladder's is played.
func (m made) measureCopies(t *testing.T, source decoding, ladder []float64, fail func(string, ...any)) (out copies) {
	t.Helper()
	c, unfit := m.openCopied(t)
	if unfit != nil {
		return copies{unfit: unfit.Code}
	}
	get := c.get(t)
	whole := decodeSegments(t, get, c.media.Picture.ID, c.sound, 0, c.segments())
	out.frames = len(whole.pictures)
	flashes := whole.flashes()
	want := offsets(source.flashes(), source.beeps())
	if len(flashes) != len(want) || len(flashes) != len(ladder) {
		fail("Original has %d flashes, the source %d, the ladder %d", len(flashes), len(want), len(ladder))
		return out
	}
	for n, at := range flashes {
		if off := (at - ladder[n]) * 1000; math.Abs(off) > math.Abs(out.ladder) {
			out.ladder = off
		}
	}
	if math.Abs(out.ladder) > mostTick {
		fail("Original shows a flash %.1f ms later than the ladder", out.ladder)
	}
	if c.sound == "" {
		return out
	}
	wrong := func(where string, n int, offset float64) float64 {
		if math.IsNaN(want[n]) {
			return 0
		}
		ms := (offset - want[n]) * 1000
		if math.IsNaN(ms) || math.Abs(ms) > mostCopyOffset {
			fail("Original, %s, flash %d: the beep is %.1f ms off", where, n, ms)
		}
		return ms
	}
	for n, offset := range offsets(flashes, whole.beeps()) {
		out.end = wrong("in one run", n, offset)
		if n == 0 {
			out.start = out.end
		}
	}
	for n := c.media.Picture.Segments() - 1; n >= 0; n-- {
		alone := decodeSegments(t, get, c.media.Picture.ID, c.sound, n, n+1)
		here := alone.flashes()
		if len(here) == len(alone.pictures) { // a picture or two, all of them white
			continue
		}
		for i, offset := range offsets(here, alone.beeps()) {
			at := slices.IndexFunc(flashes, func(f float64) bool { return math.Abs(f-here[i]) < 0.0005 })
			if at < 0 || math.IsNaN(offset) && atBoundary(c, n, here[i]) {
				continue
			}
			if ms := wrong(fmt.Sprintf("segment %d by itself", n), at, offset); math.Abs(ms) > math.Abs(out.seeks) || math.IsNaN(ms) {
				out.seeks = ms
			}
		}
	}
	return out
}

// atBoundary reports whether a flash is so close to the beginning or the end of a segment that its beep is cut.
func atBoundary(c copiedRow, segment int, at float64) bool {
	begin, end := c.media.Picture.Bounds[segment], c.media.Picture.Bounds[segment+1]
	if sound, ok := c.media.Find(c.sound); ok && segment+1 < len(sound.Bounds) {
		begin, end = max(begin, sound.Bounds[segment]), min(end, sound.Bounds[segment+1])
	}
	return at < float64(begin)/1000+beepLength || at+2*beepLength > float64(end)/1000
}

// originalLooks are films whose Original stream is compared with their source: containers, sound codecs with and without
// delays of their own, and beginnings of all sorts.
func originalLooks() map[string]func(*testing.T) rowFile {
	each := func(args []string) []string { return and(args, "-g", "25") }
	fragments := and(each(rowBAAC), "-movflags", "+frag_keyframe+empty_moov+default_base_moof")
	trimmed := look{picture: ",trim=start=0.5"}
	late := func(picture, sound string) look { return look{late: [2]string{picture, sound}} }
	sound := func(codec ...string) []string {
		return slices.Concat(each(rowB), []string{"-strict", "-2", "-c:a"}, codec)
	}
	return map[string]func(*testing.T) rowFile{
		"MP4":                                   look{}.film("plain.mp4", each(rowAAC)...),
		"MP4, B-frames":                         look{}.film("b.mp4", each(rowBAAC)...),
		"MP4 without edit lists":                look{}.film("noedits.mp4", and(each(rowBAAC), "-use_editlist", "0")...),
		"fragments":                             look{}.film("fragments.mp4", fragments...),
		"QuickTime":                             look{}.film("b.mov", each(rowBAAC)...),
		"Matroska":                              look{}.film("plain.mkv", each(rowAAC)...),
		"Matroska, B-frames":                    look{}.film("b.mkv", each(rowBAAC)...),
		"23.976 a second":                       look{rate: "24000/1001"}.film("film.mp4", each(rowBAAC)...),
		"23.976 a second in Matroska":           look{rate: "24000/1001"}.film("film.mkv", each(rowBAAC)...),
		"59.94 a second":                        look{rate: "60000/1001"}.film("p60.mp4", each(rowAAC)...),
		"first picture at 0.5 s: MP4":           trimmed.film("half.mp4", each(rowBAAC)...),
		"first picture at 0.5 s: Matroska":      trimmed.film("half.mkv", each(rowBAAC)...),
		"both late: MP4":                        late("2.5", "2.5").film("both.mp4", each(rowBAAC)...),
		"both late: Matroska":                   late("2.5", "2.5").film("both.mkv", each(rowBAAC)...),
		"sound 60 ms before the picture: MP4":   late("0.06", "").film("soon.mp4", each(rowBAAC)...),
		"sound 60 ms behind the picture: MP4":   late("", "0.06").film("after.mp4", each(rowAAC)...),
		"sound 1.4 s before the picture: MP4":   late("1.4", "").film("before.mp4", each(rowBAAC)...),
		"sound 1.23 s before: Matroska":         late("1.23", "").film("before.mkv", each(rowBAAC)...),
		"from 26 hours: MP4":                    look{}.film("far.mp4", and(each(rowBAAC), "-output_ts_offset", "93600")...),
		"from 26 hours: Matroska":               look{}.film("far.mkv", and(each(rowBAAC), "-output_ts_offset", "93600")...),
		"MP3 in MP4":                            look{}.film("mp3.mp4", sound("libmp3lame")...),
		"MP3 in Matroska":                       look{}.film("mp3.mkv", sound("libmp3lame")...),
		"AC-3 in MP4":                           look{}.film("ac3.mp4", sound("ac3")...),
		"Opus in Matroska":                      look{}.film("opus.mkv", sound("libopus")...),
		"Opus in MP4":                           look{}.film("opus.mp4", sound("libopus")...),
		"FLAC in Matroska":                      look{}.film("flac.mkv", sound("flac")...),
		"AAC of 44.1 kHz in Matroska":           look{hz: "44100"}.film("aac44.mkv", each(rowBAAC)...),
		"sound that goes on behind the picture": look{picture: ",trim=end=7"}.film("behind.mp4", each(rowBAAC)...),
	}
}

// madeToo are those of the films whose ladder is made too: they begin in all sorts of ways. Of the others its zero is taken from the
// plan.
var madeToo = []string{
	"MP4 without edit lists", "first picture at 0.5 s: MP4", "first picture at 0.5 s: Matroska", "both late: MP4",
	"sound 60 ms before the picture: MP4", "sound 60 ms behind the picture: MP4", "sound 1.4 s before the picture: MP4",
	"sound 1.23 s before: Matroska", "Opus in Matroska",
}

// The Original stream of a film shows its pictures where the ladder does, and its sound where the source has it: at the start,
// after a seek to each segment, and at the end.
func TestOriginalIsInTimeWithItsSource(t *testing.T) {
	t.Parallel()
	bin := rowProgram(t)
	for name, make := range testkit.Rows(originalLooks()) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := make(t)
			m := openMade(t, f.path, "")
			source := m.decodeSource(t, f)[0]
			ladder := source.flashes()
			for n := range ladder {
				ladder[n] -= float64(m.source.Probe.StartUS+m.asset.Grid.ZeroUS) / 1e6
			}
			if slices.Contains(madeToo, name) {
				m.dir = filepath.Join(t.TempDir(), "out")
				if code, text := exitOf(t, bin, "transcode", f.path, "--out", m.dir); code != 0 {
					t.Fatalf("transcode ends with %d: %s", code, text)
				}
				ladder = m.decode(t, m.folder, 0, m.asset.Grid.Segments()).flashes()
			}
			got := m.measureCopies(t, source, ladder, t.Errorf)
			t.Log(got)
			if got.unfit != "" || got.frames != len(source.pictures) {
				t.Errorf("%d pictures of the source's %d: %s", got.frames, len(source.pictures), got.unfit)
			}
		})
	}
}
