package ffmpeg_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"movify/pkg/blob"
	"movify/pkg/media"
	"movify/pkg/testkit"
)

// colored is a clip of one colour, whose samples are made and labelled as the filter and the arguments say.
func colored(t *testing.T, name, size, filter string, more ...string) string {
	t.Helper()
	source := []string{"-f", "lavfi", "-i", "color=c=0xc04020:s=" + size + ":r=25:d=1.2,format=gbrp," + filter}
	return testkit.Clip(t, name, join(source, more)...)
}

func x264As(matrix, transfer, primaries string) []string {
	return []string{
		"-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-colorspace", matrix, "-color_trc", transfer, "-color_primaries", primaries,
	}
}

func x265As(format, matrix, transfer, primaries string) []string {
	return []string{"-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", format, "-x265-params", fmt.Sprintf(
		"log-level=none:qp=4:range=limited:colormatrix=%s:transfer=%s:colorprim=%s", matrix, transfer, primaries)}
}

var plain264 = []string{"-c:v", "libx264", "-preset", "ultrafast", "-qp", "4"}

// Every rung says what its colours are, and they are those of the source: read as players read it where it says nothing.
func TestEveryRungIsLabelledWithItsColour(t *testing.T) {
	t.Parallel()
	const to601, to709 = "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
	const full601 = "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p"
	const to2020 = "zscale=pin=bt709:tin=bt709:min=gbr:rin=pc:p=bt2020:t=bt2020-10:m=bt2020nc:r=tv,format=yuv420p10le"
	tests := map[string]struct {
		path string
		want media.Color
	}{
		"525 lines, says nothing":        {colored(t, "sd.mkv", "160x120", to601, append(plain264, "-r", "30000/1001")...), media.BT601525},
		"480 lines, says nothing":        {colored(t, "dvd.mpg", "720x480", to601, "-c:v", "mpeg2video", "-q:v", "2", "-r", "30000/1001"), media.BT601525},
		"576 lines, says nothing":        {colored(t, "pal.mkv", "720x576", to601, "-c:v", "mpeg4", "-q:v", "2"), media.BT601625},
		"25 a second, says nothing":      {colored(t, "divx.avi", "160x120", to601, "-c:v", "mpeg4", "-q:v", "2"), media.BT601625},
		"HD, says nothing":               {colored(t, "hd.mkv", "1280x534", to709, plain264...), media.BT709},
		"upright HD, says nothing":       {colored(t, "upright.mp4", "540x960", to709, plain264...), media.BT709},
		"SD that says BT.709":            {colored(t, "sd709.mkv", "160x120", to709, x264As("bt709", "bt709", "bt709")...), media.BT709},
		"HD that says BT.601":            {colored(t, "hd601.mkv", "1280x720", to601, x264As("smpte170m", "smpte170m", "smpte170m")...), media.BT601525},
		"says its matrix alone":          {colored(t, "matrix.mkv", "160x120", to709, x264As("bt709", "unknown", "unknown")...), media.BT709},
		"says its primaries alone":       {colored(t, "primaries.mkv", "1280x720", to601, x264As("unknown", "unknown", "bt470bg")...), media.BT601625},
		"full range, says nothing":       {colored(t, "full.mp4", "160x120", full601, plain264...), media.BT601625},
		"full range of a camera":         {colored(t, "camera.avi", "160x120", full601, "-c:v", "mjpeg", "-q:v", "2"), media.BT601625},
		"full range in the label":        {colored(t, "pc.mkv", "1280x720", "scale=out_color_matrix=bt709:out_range=pc,format=yuv420p,setparams=range=pc", append(x264As("bt709", "bt709", "bt709"), "-color_range", "pc")...), media.BT709},
		"RGB":                            {colored(t, "rgb.mkv", "160x120", "format=gbrp", "-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "4"), media.BT709},
		"RGB of a screen":                {colored(t, "screen.avi", "160x120", "format=bgr24", "-c:v", "rawvideo"), media.BT709},
		"RGB that says sRGB":             {colored(t, "srgb.mkv", "160x120", "format=gbrp", "-c:v", "libx264rgb", "-preset", "ultrafast", "-color_trc", "iec61966-2-1", "-color_primaries", "bt709"), media.Color{Primaries: "bt709", Transfer: "iec61966-2-1", Matrix: "bt709"}},
		"lossless RGB":                   {colored(t, "ffv1.mkv", "160x120", "format=bgr0", "-c:v", "ffv1"), media.BT709},
		"the matrix of SMPTE 240M":       {colored(t, "240m.mkv", "160x120", "scale=out_color_matrix=smpte240m:out_range=tv,format=yuv420p", x264As("smpte240m", "smpte240m", "smpte240m")...), media.Color{Primaries: "smpte240m", Transfer: "smpte240m", Matrix: "bt709"}},
		"wide gamut without HDR":         {colored(t, "wide.mkv", "160x120", to2020, x265As("yuv420p10le", "bt2020nc", "bt2020-10", "bt2020")...), media.BT709},
		"wide gamut, the matrix alone":   {colored(t, "wide2.mkv", "160x120", to2020, x265As("yuv420p10le", "bt2020nc", "undef", "undef")...), media.BT709},
		"4:4:4 of 10 bits, says nothing": {colored(t, "deep.mkv", "160x120", "scale=out_color_matrix=bt601:out_range=tv,format=yuv444p10le", plain264...), media.BT601625},
		"DV of 625 lines, says nothing":  {colored(t, "dv.avi", "720x576", to601, "-c:v", "dvvideo", "-pix_fmt", "yuv420p"), media.BT601625},
		"transport stream, says nothing": {colored(t, "sd.ts", "720x576", to601, "-c:v", "mpeg2video", "-q:v", "2"), media.BT601625},
		"QuickTime that says it in colr": {colored(t, "colr.mov", "1280x720", to601, append([]string{"-c:v", "mpeg4", "-q:v", "2", "-movflags", "write_colr"}, "-colorspace", "smpte170m", "-color_trc", "bt709", "-color_primaries", "smpte170m")...), media.Color{Primaries: "smpte170m", Transfer: "bt709", Matrix: "smpte170m"}},
		"VP9 that says nothing, HD":      {colored(t, "vp9.webm", "1280x720", to709, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "4M"), media.BT709},
		"greys alone":                    {colored(t, "grey.mkv", "160x120", "hue=s=0,format=gray", "-c:v", "ffv1"), media.BT601625},
		"Theora, which labels itself":    {colored(t, "theora.ogv", "160x120", to601, "-c:v", "libtheora", "-q:v", "10"), media.BT601525},
	}
	for name, c := range testkit.Rows(tests) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, store := convertTo(t, source(t, c.path, "feed"), lowest(), encoder(t))
			r := a.Ladder.Videos()[0]
			segment := stored(t, store, a, r.ID, 0)
			checkLabel(t, segment, c.want)
			matrix := map[string]string{"bt709": "bt709", "bt470bg": "bt470", "smpte170m": "smpte170m"}[c.want.Matrix]
			got := decode(t, segment, "-vf", "scale=in_color_matrix="+matrix+":in_range=tv,format=rgb24", "-frames:v", "1", "-f", "rawvideo", "-")
			want := []byte{0xc0, 0x40, 0x20}
			if name == "greys alone" {
				want = []byte{got[1], got[1], got[1]}
			}
			for n := range want {
				if math.Abs(float64(got[n])-float64(want[n])) > 8 {
					t.Errorf("the colour is %x, want %x", got[:3], want)
					break
				}
			}
		})
	}
}

// checkLabel reads the label of a segment, and that of its Init Section's sample entry by themselves.
func checkLabel(t *testing.T, segment []byte, want media.Color) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "segment.mp4")
	if err := os.WriteFile(path, segment, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(testkit.Need(t, "ffprobe"), "-v", "error", "-show_streams", "-of", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var says struct {
		Streams []struct {
			Range     string `json:"color_range"`
			Space     string `json:"color_space"`
			Transfer  string `json:"color_transfer"`
			Primaries string `json:"color_primaries"`
		} `json:"streams"`
	}
	if err := json.Unmarshal(out, &says); err != nil || len(says.Streams) != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	s := says.Streams[0]
	if got := (media.Color{Primaries: s.Primaries, Transfer: s.Transfer, Matrix: s.Space}); got != want || s.Range != "tv" {
		t.Errorf("labelled %+v, range %q, want %+v in studio range", got, s.Range, want)
	}
}

// One Init Section stands for the recordings of a joined file, whatever each of them says.
func TestJoinedRecordingsHaveOneColour(t *testing.T) {
	t.Parallel()
	sd := colored(t, "sd.ts", "720x576", "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p", "-c:v", "mpeg2video", "-q:v", "2")
	hd := colored(t, "hd.ts", "1280x720", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", x264As("bt709", "bt709", "bt709")...)
	a, store := convertTo(t, source(t, joinFiles(t, "sdhd.ts", sd, hd), "feed"), lowest(), encoder(t))
	if len(a.Probe.Recordings) != 2 {
		t.Fatalf("%d recordings", len(a.Probe.Recordings))
	}
	r := a.Ladder.Videos()[0]
	whole, err := blob.ReadAll(t.Context(), store, a.InitKey(r.ID))
	if err != nil {
		t.Fatal(err)
	}
	for n := range a.Grid.Segments() {
		more, err := blob.ReadAll(t.Context(), store, a.SegmentKey(r.ID, n))
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, more...)
	}
	checkLabel(t, whole, media.BT601625)
	rgb := decode(t, whole, "-vf", "scale=1:1:in_color_matrix=bt470:in_range=tv,format=rgb24", "-fps_mode", "passthrough", "-f", "rawvideo", "-")
	for n := 0; n+3 <= len(rgb); n += 3 {
		if got := rgb[n : n+3]; math.Abs(float64(got[0])-0xc0) > 8 || math.Abs(float64(got[1])-0x40) > 8 {
			t.Fatalf("frame %d has colour %x", n/3, got)
		}
	}
}

// HDR comes out as bright as SDR: white of 203 cd/m² near SDR's white, grey of 26 cd/m² at SDR's grey.
func TestHDRIsNotDim(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		transfer   string
		signal     float64
		least, top int // luma of 8 bits: black is 16, white 235
	}{
		"PQ, 18 % grey of 26 cd/m²": {"smpte2084", 0.38, 100, 118},
		"PQ, white of 203 cd/m²":    {"smpte2084", 0.58, 205, 226},
		"PQ, a lamp of 1000 cd/m²":  {"smpte2084", 0.7518, 224, 240},
		"HLG, 18 % grey":            {"arib-std-b67", 0.38, 100, 118},
		"HLG, white":                {"arib-std-b67", 0.75, 205, 226},
		"HLG, the brightest":        {"arib-std-b67", 1, 224, 240},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			level := fmt.Sprintf("format=yuv420p10le,geq=lum=%.0f:cb=512:cr=512", 64+876*c.signal)
			path := colored(t, "hdr.mkv", "160x120", level, x265As("yuv420p10le", "bt2020nc", c.transfer, "bt2020")...)
			src := source(t, path, "feed")
			a, store := convertTo(t, src, lowest(), encoder(t))
			segment := stored(t, store, a, a.Ladder.Videos()[0].ID, 0)
			checkLabel(t, segment, media.BT709)
			luma := int(decode(t, segment, "-frames:v", "1", "-f", "rawvideo", "-")[0])
			if luma < c.least || luma > c.top {
				t.Errorf("luma %d, want %d to %d", luma, c.least, c.top)
			}
		})
	}
	t.Run("says its curve alone", func(t *testing.T) {
		t.Parallel()
		path := colored(t, "curve.mkv", "160x120", "format=yuv420p10le", x265As("yuv420p10le", "undef", "smpte2084", "undef")...)
		a, store := convertTo(t, source(t, path, "feed"), lowest(), encoder(t))
		checkLabel(t, stored(t, store, a, a.Ladder.Videos()[0].ID, 0), media.BT709)
	})
}
