package ffmpeg_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/header"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// changed is a copy of a clip with some of its bytes replaced.
func changed(t testing.TB, path, name string, change func([]byte) []byte) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(out, change(bytes.Clone(read(t, path))), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// patch overwrites what follows each place of a mark, skip bytes behind it; without the mark the test is wrong.
func patch(t testing.TB, data []byte, mark string, skip int, with []byte) []byte {
	t.Helper()
	found := false
	for from := 0; ; {
		n := bytes.Index(data[from:], []byte(mark))
		if n < 0 {
			break
		}
		from += n + len(mark)
		copy(data[from+skip:], with)
		found = true
	}
	if !found {
		t.Fatalf("no %q in the clip", mark)
	}
	return data
}

func words(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// lyingLengths are clips of three seconds, 75 frames, whose headers say something else or nothing.
func lyingLengths(t *testing.T) map[string]string {
	t.Helper()
	mp4, fragments := small(t, "plain.mp4"), small(t, "fragments.mp4", "-movflags", "+frag_keyframe+empty_moov", "-g", "25")
	mkv, avi := small(t, "plain.mkv", "-g", "25"), small(t, "plain.avi", "-c:v", "mpeg4", "-c:a", "mp3")
	late := testkit.Clip(t, "late.mkv", "-itsoffset", "1", "-i", mp4, "-i", mp4, "-map", "0:v", "-map", "1:a", "-c", "copy")
	const length = 16 // of mvhd and mdhd: behind version and flags, two times and the timescale
	ticks := func(path, name, box string, value uint32) string {
		return changed(t, path, name, func(b []byte) []byte { return patch(t, b, box, length, words(value)) })
	}
	duration := func(name string, ms float64, tag string) string {
		return changed(t, mkv, name, func(b []byte) []byte {
			b = patch(t, b, "\x44\x89\x88", 0, binary.BigEndian.AppendUint64(nil, math.Float64bits(ms)))
			return patch(t, b, "DURATION\x44\x87\x94", 0, []byte(tag))
		})
	}
	frames := func(name string, n uint32) string {
		little := binary.LittleEndian.AppendUint32(nil, n)
		return changed(t, avi, name, func(b []byte) []byte {
			return patch(t, patch(t, b, "avih", 4+16, little), "vids", 28, little)
		})
	}
	const all = math.MaxUint32
	return map[string]string{
		"Matroska without a length": small(t, "live.mkv", "-f", "matroska", "-live", "1"),
		"WebM of a live recording": testkit.Clip(t, "live.webm", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3", "-f", "lavfi", "-i", "sine=d=3",
			"-c:v", "libvpx", "-deadline", "realtime", "-b:v", "200k", "-c:a", "libopus", "-live", "1"),
		"Matroska says more":             duration("more.mkv", 60_000, "00:01:00.000000000"),
		"Matroska says less":             duration("less.mkv", 1000, "00:00:01.000000000"),
		"Matroska tags disagree":         duration("tags.mkv", 3023, "00:00:01.500000000"),
		"Matroska segment disagrees":     duration("segment.mkv", 200_000, "00:00:03.021000000"),
		"Matroska tag of mkvmerge, late": changed(t, late, "merge.mkv", func(b []byte) []byte { return patch(t, b, "DURATION\x44\x87\x94", 0, []byte("00:00:03.000000000")) }),
		"MP4 movie says more":            ticks(mp4, "mvhd-more.mp4", "mvhd", 60_000),
		"MP4 movie says less":            ticks(mp4, "mvhd-less.mp4", "mvhd", 1500),
		"MP4 movie does not know":        ticks(mp4, "mvhd-ones.mp4", "mvhd", all),
		"MP4 tracks say more":            ticks(mp4, "mdhd-more.mp4", "mdhd", 5_000_000),
		"MP4 tracks say less":            ticks(mp4, "mdhd-less.mp4", "mdhd", 13_000),
		"MP4 tracks do not know":         ticks(mp4, "mdhd-ones.mp4", "mdhd", all),
		"fragments, tracks do not know":  ticks(fragments, "frag-mdhd.mp4", "mdhd", all),
		"fragments, movie does not know": ticks(fragments, "frag-mvhd.mp4", "mvhd", all),
		"fragments, movie says less":     ticks(fragments, "frag-less.mp4", "mvhd", 1200),
		"AVI says more":                  frames("more.avi", 900),
		"AVI says less":                  frames("less.avi", 30),
		"AVI says nothing":               frames("nothing.avi", 0),
		"Ogg": testkit.Clip(t, "a.ogv", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3", "-f", "lavfi", "-i", "sine=r=48000:d=3",
			"-c:v", "libtheora", "-c:a", "libvorbis"),
		"Flash without a length":           small(t, "plain.flv", "-flvflags", "no_duration_filesize"),
		"Matroska that says what is right": mkv,
	}
}

// The ladder ends where the film ends, whatever the headers say, and so does the length on the title's page.
func TestTheLengthIsThatOfTheContents(t *testing.T) {
	t.Parallel()
	for name, path := range testkit.Rows(lyingLengths(t)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, path, "feed")
			a, err := transcoder.PlanAsset("feed", src.Probe, transcoder.DefaultPolicy())
			if err != nil {
				t.Fatal(err)
			}
			want := 75
			if strings.HasSuffix(name, "late") {
				want = 101 // the first picture is held while there is sound before it
			}
			if got := a.Grid.Total(); got < want || got > want+1 {
				t.Errorf("the grid has %d frames, want %d", got, want)
			}
			quick, err := header.NewProber(ffmpeg.NewProber(testkit.Need(t, "ffprobe"))).Probe(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			for what, p := range map[string]media.Probe{"full": src.Probe, "quick": quick} {
				if got := p.DurationUS; got < 2_950_000 || got > 4_060_000 {
					t.Errorf("the %s probe says %d ms", what, got/1000)
				}
			}
		})
	}
}

// A ladder made by a header that says too much or too little has every frame, and none behind the last.
func TestALadderOfAFilmWithAWrongLength(t *testing.T) {
	t.Parallel()
	all := lyingLengths(t)
	for _, name := range []string{"Matroska says more", "MP4 tracks say less", "AVI says less", "WebM of a live recording"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, store := convertTo(t, source(t, all[name], "feed"), lowest(), encoder(t))
			total := 0
			for n := range a.Grid.Segments() {
				total += len(frames(t, stored(t, store, a, a.Ladder.Videos()[0].ID, n)))
			}
			if total < 75 || total > 76 {
				t.Errorf("%d frames, want 75", total)
			}
		})
	}
}
