package ffmpeg_test

import (
	"encoding/binary"
	"math"
	"testing"

	"movify/pkg/media"
	"movify/pkg/testkit"
)

// tones are clips of a rising tone in containers that round times to milliseconds, and in some that do not.
func tones(t *testing.T) map[string]string {
	t.Helper()
	tone := func(name, hz string, sound ...string) string {
		return testkit.Clip(t, name, join(moving("5"), []string{"-f", "lavfi", "-i", "aevalsrc='0.3*sin(2*PI*(200*t+60*t*t))':s=" + hz + ":d=5"},
			x264, []string{"-g", "50", "-strict", "-2", "-c:a"}, sound)...)
	}
	whole := tone("aac.mkv", "48000", "aac")
	return map[string]string{
		"AAC in Matroska":         whole,
		"AAC of 44.1 kHz":         tone("aac44.mkv", "44100", "aac"),
		"AAC behind lost packets": testkit.Clip(t, "lost.mkv", "-i", whole, "-map", "0", "-c", "copy", "-bsf:a", "noise=drop='between(n,60,61)'"),
		"AAC that begins late":    testkit.Clip(t, "late.mkv", "-i", whole, "-itsoffset", "0.7131", "-i", whole, "-map", "0:v", "-map", "1:a", "-c", "copy"),
		"AC-3 in Matroska":        tone("ac3.mkv", "48000", "ac3"),
		"E-AC-3 in Matroska":      tone("eac3.mkv", "48000", "eac3"),
		"DTS in Matroska":         tone("dts.mkv", "48000", "dca"),
		"MP3 in Matroska":         tone("mp3.mkv", "44100", "libmp3lame"),
		"FLAC in Matroska":        tone("flac.mkv", "48000", "flac"),
		"WMA in Matroska":         tone("wma.mkv", "48000", "wmav2"),
		"Opus in WebM":            tone("opus.mkv", "48000", "libopus"),
		"AAC in Flash":            tone("aac.flv", "44100", "aac"),
		"MP3 beside one picture a second": testkit.Clip(t, "slow.avi", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=1:d=5", "-f", "lavfi", "-i",
			"aevalsrc='0.3*sin(2*PI*(200*t+60*t*t))':s=48000:d=5", "-c:v", "mpeg4", "-g", "1", "-c:a", "mp3"),
		"AAC in MP4":                 tone("aac.mp4", "48000", "aac"),
		"AC-3 in a transport stream": tone("ac3.ts", "48000", "ac3"),
	}
}

// The sound of a segment that was made by itself joins its neighbours of one run as theirs does.
func TestSoundMadeAloneFitsItsNeighbours(t *testing.T) {
	t.Parallel()
	for name, path := range tones(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, path, "feed")
			a, store := convertTo(t, src, lowest(), encoder(t))
			s := watch(t, src, lowest())
			r := a.Ladder.Audios()[0].ID
			const at = 2
			made := s.get(r, at) // before the Init Section, which is made with the beginning
			s.leave()
			var spliced []byte
			for n := range a.Grid.Segments() {
				segment := stored(t, store, a, r, n)[len(s.begin(r)):]
				if n == at {
					segment = made
				}
				spliced = append(spliced, segment...)
			}
			whole := decode(t, all(t, store, a, r), "-ac", "1", "-f", "s16le", "-")
			alone := decode(t, append(s.begin(r), spliced...), "-ac", "1", "-f", "s16le", "-")
			if len(whole) != len(alone) {
				t.Fatalf("%d bytes in one run, %d with a segment that was made by itself", len(whole), len(alone))
			}
			for _, joint := range a.Grid.Audio[at : at+2] {
				if d := apartAt(whole, alone, joint*media.AACFrame); d > 0.4 {
					t.Errorf("at the joint %d the sound differs by %.0f %% of its level", joint, 100*d)
				}
			}
		})
	}
}

// apartAt is the level of the difference of two sounds in the tenth of a second on both sides of a sample, as a part of the
// level there.
func apartAt(a, b []byte, sample int) float64 {
	const reach = media.AudioRate / 10
	at := func(pcm []byte, n int) float64 { return float64(int16(binary.LittleEndian.Uint16(pcm[2*n:]))) }
	var level, apart float64
	for n := max(0, sample-reach); n < min(len(a)/2, sample+reach); n++ {
		d := at(a, n) - at(b, n)
		level, apart = level+at(a, n)*at(a, n), apart+d*d
	}
	return math.Sqrt(apart / max(level, 1))
}
