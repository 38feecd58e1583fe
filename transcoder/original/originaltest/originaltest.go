// Package originaltest makes the films that tests of the Original stream share: each codec, and each oddity of an MP4 or a Matroska
// file, as ffmpeg writes it. They are a few seconds long and 320 × 180 pixels small. It is imported by tests only.
package originaltest

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
)

// Clip is a film and what its Original stream must be.
type Clip struct {
	Name     string   // of the file
	Args     string   // of ffmpeg, parted by spaces
	Segments int      // of the picture
	Codecs   []string // of the picture and the sounds that are copied
	More     More
}

// More is what few clips have.
type More struct {
	Edit   func(file []byte) []byte // what is changed by hand
	Left   []string                 // sounds that are not copied, and why: "sowt codec"
	Open   bool                     // H.264 with open groups: media.Copy.OpenGroups
	HeldMS int64                    // for how long the first picture is held before its time
}

// Parts of the arguments. A key frame comes every ten pictures.
const (
	picture = "-f lavfi -i testsrc2=s=320x180:r=25:d=3 "
	tone    = "-f lavfi -i sine=440:r=48000:d=3 "
	both    = picture + tone
	h264    = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10 "
	bframes = h264 + "-bf 2 "
	h265    = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -tag:v hvc1 -x265-params log-level=error:"
	aac     = "-c:a aac "
	pq      = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1:max-cll=1000,400:" +
		"master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50) " +
		"-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc "
	bt709 = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -movflags +write_colr "
)

// Codecs of most clips: H.264 with and without B-pictures, HEVC, and AAC-LC.
const (
	base = "avc1.42C00C"
	main = "avc1.4D400C"
	hvc1 = "hvc1.1.6.L60.90"
	lc   = "mp4a.40.2"
)

// Clips are films that have an Original stream.
func Clips() []Clip { return append(append(mp4Clips(), matroskaClips()...), tsClips()...) }

func mp4Clips() []Clip {
	is := func(codecs ...string) []string { return codecs }
	return []Clip{
		{"plain.mp4", both + h264 + aac, 3, is(base, lc), More{}},
		{"b.mp4", both + bframes + aac, 3, is(main, lc), More{}},
		{"pyramid.mp4", both + h264 + "-bf 5 -g 25 -x264-params b-pyramid=normal:b-adapt=0:ref=4 " + aac, 3, is(main, lc), More{}},
		{"open.mp4", both + bframes + "-x264-params open-gop=1:b-adapt=0:keyint=12:min-keyint=12 " + aac, 1, is(main, lc), More{Open: true}},
		{"recovery.mp4", both + bframes + "-x264-params open-gop=1:b-adapt=0:keyint=10:min-keyint=10 " + aac, 1, is(main, lc), More{Open: true}},
		{"high10.mp4", both + bframes + "-pix_fmt yuv420p10le " + aac, 3, is("avc1.6E000C", lc), More{}},
		{"interlaced.mp4", both + bframes + "-flags +ilme+ildct " + aac, 3, is("avc1.4D4015", lc), More{}},
		{"silent.mp4", picture + bframes, 3, is(main), More{}},
		{"anamorphic.mp4", both + h264 + "-vf scale=240:180,setsar=4/3 " + aac, 3, is(base, lc), More{}},
		{"rotated.mp4", both + bframes + aac, 3, is(main, lc), More{Edit: turned}},
		{"faststart.mp4", both + h264 + "-movflags +faststart " + aac, 3, is(base, lc), More{}},
		{"co64.mp4", both + bframes + aac, 3, is(main, lc), More{Edit: wide}},
		{"negative.mp4", both + bframes + "-movflags negative_cts_offsets " + aac, 3, is(main, lc), More{}},
		{"noedits.mp4", both + bframes + "-use_editlist 0 " + aac, 3, is(main, lc), More{}},
		{"film.mp4", both + bframes + "-vf fps=24000/1001 -video_track_timescale 90000 " + aac, 3, is(main, lc), More{}},
		{"vfr.mp4", both + bframes + `-vf select='not(eq(mod(n,5),1))',setpts=PTS+0.01*mod(N\,3)/TB -vsync vfr -video_track_timescale 90000 ` + aac, 3, is(main, lc), More{}},
		{"fragments.mp4", both + bframes + "-movflags frag_keyframe+empty_moov+default_base_moof " + aac, 3, is(main, lc), More{}},
		{"pieces.mp4", both + bframes + "-movflags empty_moov -frag_duration 150000 " + aac, 3, is(main, lc), More{}},
		{"broadcast.mp4", both + bframes + "-movflags frag_keyframe+empty_moov+default_base_moof " + aac, 3, is(main, lc), More{Edit: later}},
		{"cmaf.mp4", both + h264 + "-movflags dash+cmaf+delay_moov+global_sidx " + aac, 3, is(base, lc), More{}},
		{"intra.mp4", both + h264 + "-g 1 " + aac, 3, is(base, lc), More{}},
		{"quicktime.mov", both + bframes + bt709 + aac, 3, is(main, lc), More{}},
		{"hvc1.mp4", both + h265 + "open-gop=0:keyint=10:bframes=3 " + aac, 3, is(hvc1, lc), More{}},
		{"hev1.mp4", both + h265 + "open-gop=0:keyint=10 -tag:v hev1 " + aac, 3, is(hvc1, lc), More{}},
		{"repeated.mp4", both + h265 + "open-gop=0:keyint=10:repeat-headers=1 -tag:v hev1 " + aac, 3, is(hvc1, lc), More{}},
		{"cra.mp4", "-f lavfi -i testsrc2=s=320x180:r=5:d=12 " + h265 + "open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0", 4, is(hvc1), More{}},
		{"hdr.mp4", picture + strings.ReplaceAll(h265, "yuv420p ", "yuv420p10le ") + "open-gop=0:keyint=10:" + pq, 3, is("hvc1.2.4.L60.90"), More{}},
		{"av1.mp4", both + "-c:v libsvtav1 -preset 12 -g 10 -pix_fmt yuv420p -c:a libopus", 3, is("av01.0.00M.08", "Opus"), More{}},
		{"vp9.mp4", both + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 10 -pix_fmt yuv420p -c:a flac -strict -2", 3, is("vp09.00.11.08", "fLaC"), More{}},
		{"dolby.mp4", both + h264 + "-map 0:v -map 1:a -map 1:a -ac 6 -c:a:0 ac3 -c:a:1 eac3 -metadata:s:a:0 language=ger -metadata:s:a:1 language=fre", 3, is(base, "ac-3", "ec-3"), More{}},
		{"mp3.mp4", both + h264 + "-c:a libmp3lame", 3, is(base, "mp4a.6B"), More{}},
		{"mp3low.mp4", both + h264 + "-c:a libmp3lame -ar 22050", 3, is(base, "mp4a.69"), More{}},
		{"mp3.mov", both + h264 + "-c:a libmp3lame", 3, is(base, "mp4a.6B"), More{}},
		{"pcm.mov", both + h264 + "-map 0:v -map 1:a -map 1:a -c:a:0 pcm_s16le -c:a:1 aac -ar 44100", 3, is(base, lc), More{Left: is("sowt codec")}},
		{"early.mp4", "-itsoffset 0.5 " + both + bframes + "-vsync vfr " + aac, 3, is(main, lc), More{HeldMS: 520}},
		{"justlate.mp4", picture + "-itsoffset 0.04 " + tone + h264 + aac, 3, is(base, lc), More{}},
		{"late.mp4", picture + "-itsoffset 1.5 " + tone + h264 + aac, 3, is(base), More{Left: is("mp4a late")}},
		{"longsound.mp4", picture + "-f lavfi -i sine=440:r=48000:d=14 " + h264 + aac, 3, is(base, lc), More{}},
		{"shortsound.mp4", picture + "-f lavfi -i sine=440:r=48000:d=1.7 " + h264 + aac, 3, is(base, lc), More{}},
	}
}

// Table gives the clips by their names, for testkit.Rows.
func Table() map[string]Clip {
	out := map[string]Clip{}
	for _, c := range Clips() {
		out[c.Name] = c
	}
	return out
}

// Make makes the file of a clip.
func (c Clip) Make(t testing.TB) string {
	t.Helper()
	path := testkit.Clip(t, c.Name, strings.Fields(c.Args)...)
	if c.More.Edit == nil {
		return path
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), c.Name)
	if err := os.WriteFile(path, c.More.Edit(data), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// turned gives the picture the matrix that a phone held upright writes: a quarter turn clockwise.
func turned(file []byte) []byte {
	done := false
	return mp4test.Change(file, "tkhd", func(kind string, payload []byte) []byte {
		if !done {
			copy(payload[40:], mp4test.Words(0, 0x10000, 0, 0xffff0000, 0, 0, 180<<16, 0, 0x40000000))
			done = true
		}
		return mp4test.Box(kind, payload)
	})
}

// later lets the times of fragments begin at five seconds, as in a piece of a broadcast.
func later(file []byte) []byte {
	const seconds, pictureScale, soundScale = 5, 12_800, 48_000
	out := bytes.Clone(file)
	for at := bytes.Index(out, []byte("tfdt")); at >= 0; {
		add := uint64(seconds * pictureScale)
		if header := bytes.LastIndex(out[:at], []byte("tfhd")); binary.BigEndian.Uint32(out[header+8:]) == 2 {
			add = seconds * soundScale
		}
		if time := out[at+8:]; out[at+4] == 1 {
			binary.BigEndian.PutUint64(time, binary.BigEndian.Uint64(time)+add)
		} else {
			binary.BigEndian.PutUint32(time, binary.BigEndian.Uint32(time)+uint32(add))
		}
		next := bytes.Index(out[at+4:], []byte("tfdt"))
		if next < 0 {
			break
		}
		at += 4 + next
	}
	return out
}

// wide writes the offsets of chunks in eight bytes.
func wide(file []byte) []byte {
	return mp4test.Change(file, "stco", func(_ string, payload []byte) []byte {
		out := bytes.Clone(payload[:8])
		for at := 8; at+4 <= len(payload); at += 4 {
			out = append(append(out, 0, 0, 0, 0), payload[at:at+4]...)
		}
		return mp4test.Box("co64", out)
	})
}
