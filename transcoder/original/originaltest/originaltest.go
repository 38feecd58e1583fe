// Package originaltest makes the films that tests of the Original stream share: each codec, and each oddity of an MP4 file,
// as ffmpeg writes it. They are a few seconds long and 320 × 180 pixels small. It is imported by tests only.
package originaltest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
)

// Clip is a film and what its Original stream must be.
type Clip struct {
	Name     string // of the file
	Args     []string
	Edit     func(file []byte) []byte // what is changed by hand; nil for nothing
	Segments int                      // of the picture
	Codecs   []string                 // of the picture and the sounds that are copied
	Left     []string                 // sounds that are not, and why: "lpcm codec"
	HeldMS   int64                    // for how long the first picture is held before its time
}

const (
	picture = "testsrc2=s=320x180:r=25:d=3"
	tone    = "sine=440:r=48000:d=3"
)

// with is an encode of the picture and a tone.
func with(args ...string) []string {
	return append([]string{"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone}, args...)
}

// silent is an encode of the picture alone.
func silent(args ...string) []string {
	return append([]string{"-f", "lavfi", "-i", picture}, args...)
}

// h264 are the arguments of an H.264 encode with a key frame every half second, and more.
func h264(more ...string) []string {
	return append([]string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"}, more...)
}

func h265(params string, more ...string) []string {
	return append([]string{"-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-x265-params", "log-level=error:" + params}, more...)
}

func aac(video []string) []string { return with(append(video, "-c:a", "aac")...) }

const avc, lc = "avc1.42C00C", "mp4a.40.2"

// Clips are films that have an Original stream.
func Clips() []Clip {
	return []Clip{
		{Name: "plain.mp4", Args: aac(h264()), Segments: 3, Codecs: []string{avc, lc}},
		{Name: "b.mp4", Args: aac(h264("-bf", "2")), Segments: 3, Codecs: []string{"avc1.4D400C", lc}},
		{
			Name: "pyramid.mp4", Args: aac(h264("-bf", "5", "-x264-params", "b-pyramid=normal:b-adapt=0:ref=4", "-g", "25")),
			Segments: 3, Codecs: []string{"avc1.4D400C", lc},
		},
		{
			Name: "open.mp4", Args: aac(h264("-bf", "2", "-x264-params", "open-gop=1:b-adapt=0:keyint=10:min-keyint=10")),
			Segments: 1, Codecs: []string{"avc1.4D400C", lc},
		},
		{
			Name: "high10.mp4", Args: aac(h264("-pix_fmt", "yuv420p10le", "-bf", "2")),
			Segments: 3, Codecs: []string{"avc1.6E000C", lc},
		},
		{
			Name: "interlaced.mp4", Args: aac(h264("-flags", "+ilme+ildct", "-bf", "2")),
			Segments: 3, Codecs: []string{"avc1.4D4015", lc},
		},
		{Name: "silent.mp4", Args: silent(h264("-bf", "2")...), Segments: 3, Codecs: []string{"avc1.4D400C"}},
		{
			Name: "anamorphic.mp4", Args: aac(h264("-vf", "scale=240:180,setsar=4/3")),
			Segments: 3, Codecs: []string{"avc1.42C00C", lc},
		},
		{Name: "rotated.mp4", Args: aac(h264("-bf", "2")), Edit: turned, Segments: 3, Codecs: []string{"avc1.4D400C", lc}},
		{Name: "faststart.mp4", Args: aac(h264("-movflags", "+faststart")), Segments: 3, Codecs: []string{avc, lc}},
		{Name: "co64.mp4", Args: aac(h264("-bf", "2")), Edit: wide, Segments: 3, Codecs: []string{"avc1.4D400C", lc}},
		{
			Name: "negative.mp4", Args: aac(h264("-bf", "2", "-movflags", "negative_cts_offsets")),
			Segments: 3, Codecs: []string{"avc1.4D400C", lc},
		},
		{Name: "noedits.mp4", Args: aac(h264("-bf", "2", "-use_editlist", "0")), Segments: 3, Codecs: []string{"avc1.4D400C", lc}},
		{
			Name: "film.mp4", Args: aac(h264("-bf", "2", "-vf", "fps=24000/1001", "-video_track_timescale", "90000")),
			Segments: 3, Codecs: []string{"avc1.4D400C", lc},
		},
		{
			Name: "vfr.mp4", Args: aac(h264("-bf", "2", "-vf", "select='not(eq(mod(n,5),1))',setpts=PTS+0.01*mod(N\\,3)/TB", "-vsync", "vfr",
				"-video_track_timescale", "90000")), Segments: 3, Codecs: []string{"avc1.4D400C", lc},
		},
		{Name: "intra.mp4", Args: aac(h264("-g", "1")), Segments: 3, Codecs: []string{avc, lc}},
		{
			Name: "quicktime.mov", Args: aac(h264("-bf", "2", "-movflags", "+write_colr", "-color_primaries", "bt709", "-color_trc", "bt709",
				"-colorspace", "bt709")), Segments: 3, Codecs: []string{"avc1.4D400C", lc},
		},
		{
			Name: "hvc1.mp4", Args: with(h265("open-gop=0:keyint=10:bframes=3", "-tag:v", "hvc1", "-c:a", "aac")...),
			Segments: 3, Codecs: []string{"hvc1.1.6.L60.90", lc},
		},
		{
			Name: "hev1.mp4", Args: with(h265("open-gop=0:keyint=10", "-tag:v", "hev1", "-c:a", "aac")...),
			Segments: 3, Codecs: []string{"hvc1.1.6.L60.90", lc},
		},
		{
			Name: "repeated.mp4", Args: with(h265("open-gop=0:keyint=10:repeat-headers=1", "-tag:v", "hev1", "-c:a", "aac")...),
			Segments: 3, Codecs: []string{"hev1.1.6.L60.90", lc},
		},
		{
			Name: "cra.mp4", Args: append([]string{"-f", "lavfi", "-i", "testsrc2=s=320x180:r=5:d=12"}, h265("open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0",
				"-tag:v", "hvc1")...), Segments: 5, Codecs: []string{"hvc1.1.6.L60.90"},
		},
		{
			Name: "hdr.mp4", Args: silent(h265("open-gop=0:keyint=10:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:"+
				"master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400", "-tag:v", "hvc1", "-pix_fmt", "yuv420p10le",
				"-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")...), Segments: 3, Codecs: []string{"hvc1.2.4.L60.90"},
		},
		{
			Name: "av1.mp4", Args: with("-c:v", "libsvtav1", "-preset", "12", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "libopus"),
			Segments: 3, Codecs: []string{"av01.0.00M.08", "Opus"},
		},
		{
			Name: "vp9.mp4", Args: with("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "flac", "-strict", "-2"),
			Segments: 3, Codecs: []string{"vp09.00.11.08", "fLaC"},
		},
		{
			Name: "dolby.mp4", Args: with(h264("-map", "0:v", "-map", "1:a", "-map", "1:a", "-ac", "6", "-c:a:0", "ac3", "-c:a:1", "eac3",
				"-metadata:s:a:0", "language=ger", "-metadata:s:a:1", "language=fre")...), Segments: 3, Codecs: []string{avc, "ac-3", "ec-3"},
		},
		{Name: "mp3.mp4", Args: with(h264("-c:a", "libmp3lame")...), Segments: 3, Codecs: []string{avc, "mp4a.6B"}},
		{Name: "mp3low.mp4", Args: with(h264("-c:a", "libmp3lame", "-ar", "22050")...), Segments: 3, Codecs: []string{avc, "mp4a.69"}},
		{Name: "mp3.mov", Args: with(h264("-c:a", "libmp3lame")...), Segments: 3, Codecs: []string{avc, "mp4a.6B"}},
		{
			Name: "pcm.mov", Args: with(h264("-map", "0:v", "-map", "1:a", "-map", "1:a", "-c:a:0", "pcm_s16le", "-c:a:1", "aac", "-ar", "44100")...),
			Segments: 3, Codecs: []string{avc, lc}, Left: []string{"sowt codec"},
		},
		{
			Name: "early.mp4", Args: append([]string{"-itsoffset", "0.5"}, with(h264("-bf", "2", "-c:a", "aac", "-vsync", "vfr")...)...),
			Segments: 3, Codecs: []string{"avc1.4D400C", lc}, HeldMS: 520,
		},
		{
			Name: "justlate.mp4", Args: append([]string{"-f", "lavfi", "-i", picture, "-itsoffset", "0.04", "-f", "lavfi", "-i", tone}, h264("-c:a", "aac")...),
			Segments: 3, Codecs: []string{avc, lc},
		},
		{
			Name: "late.mp4", Args: append([]string{"-f", "lavfi", "-i", picture, "-itsoffset", "1.5", "-f", "lavfi", "-i", tone}, h264("-c:a", "aac")...),
			Segments: 3, Codecs: []string{avc}, Left: []string{lc + " late"},
		},
		{
			Name: "longsound.mp4", Args: append([]string{"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=440:r=48000:d=14"}, h264("-c:a", "aac")...),
			Segments: 3, Codecs: []string{avc, lc},
		},
		{
			Name: "shortsound.mp4", Args: append([]string{"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=440:r=48000:d=1.7"}, h264("-c:a", "aac")...),
			Segments: 3, Codecs: []string{avc, lc},
		},
	}
}

// Make makes the file of a clip.
func (c Clip) Make(t testing.TB) string {
	t.Helper()
	path := testkit.Clip(t, c.Name, c.Args...)
	if c.Edit == nil {
		return path
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), c.Name)
	if err := os.WriteFile(path, c.Edit(data), 0o644); err != nil {
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
