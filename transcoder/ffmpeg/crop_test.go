package ffmpeg_test

import (
	"encoding/binary"
	"slices"
	"testing"

	mkv "movify/pkg/matroska/matroskatest"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
)

// framed is a white picture of 120×80 in a black frame: 160×120, with 24 samples on its left, 16 on its right and 20 on top and
// bottom.
func framed(t *testing.T, name string, more ...string) string {
	t.Helper()
	return testkit.Clip(t, name, join([]string{"-f", "lavfi", "-i", "color=white:s=120x80:r=25:d=1.2,pad=160:120:24:20"}, more)...)
}

// Elements of Matroska's Video (RFC 9559 section 5.1.4.1.28).
const (
	videoSettings = 0xE0
	pixelWidth    = 0xB0
	pixelHeight   = 0xBA
	displayWidth  = 0x54B0
	displayHeight = 0x54BA
	stereoMode    = 0x53B8
	cropBottom    = 0x54AA
	cropTop       = 0x54BB
	cropLeft      = 0x54CC
	cropRight     = 0x54DD
)

// saying is a Matroska clip whose picture's settings are of 160×120 and more.
func saying(t *testing.T, clip string, more ...[]byte) string {
	t.Helper()
	settings := append([][]byte{mkv.Number(pixelWidth, 160), mkv.Number(pixelHeight, 120)}, more...)
	return rewritten(t, clip, "saying.mkv", func(b []byte) []byte {
		return mkv.Rewrite(b, map[int][]byte{0: mkv.Element(videoSettings, settings...)})
	})
}

// Of a picture is shown what the file says, in the shape of what is shown.
func TestCropsAreHonoured(t *testing.T) {
	t.Parallel()
	h264 := framed(t, "framed.mkv", plain264...)
	crop := [][]byte{mkv.Number(cropLeft, 24), mkv.Number(cropRight, 16), mkv.Number(cropTop, 20), mkv.Number(cropBottom, 20)}
	clap := func(name string, more ...string) string {
		path := framed(t, "plain.mov", "-c:v", "v210")
		path = testkit.Clip(t, name, join([]string{"-i", path, "-c", "copy"}, more)...)
		return changed(t, path, name, func(b []byte) []byte { // 120×80, its centre four samples right of the picture's
			return patch(t, b, "clap", 0, words(120, 1, 80, 1, 4, 1, 0, 1))
		})
	}
	want := media.Crop{Left: 24, Top: 20, Right: 16, Bottom: 20}
	for name, c := range map[string]struct {
		path          string
		crop          media.Crop
		width, height int
		black         bool
	}{
		"PixelCrop":                       {saying(t, h264, crop...), want, 120, 80, false},
		"PixelCrop and a display size":    {saying(t, h264, append(crop, mkv.Number(displayWidth, 120), mkv.Number(displayHeight, 80))...), want, 120, 80, false},
		"PixelCrop of wide pixels":        {saying(t, h264, append(crop, mkv.Number(displayWidth, 160), mkv.Number(displayHeight, 80))...), want, 160, 80, false},
		"PixelCrop of everything":         {saying(t, h264, mkv.Number(cropLeft, 80), mkv.Number(cropRight, 80)), media.Crop{}, 160, 120, true},
		"PixelCrop beyond all bounds":     {saying(t, h264, mkv.Number(cropTop, 1<<63)), media.Crop{}, 160, 120, true},
		"clean aperture":                  {clap("clap.mov"), want, 120, 80, false},
		"clean aperture, turned":          {clap("turned.mov", "-metadata:s:v:0", "rotate=90"), want, 80, 120, false},
		"clean aperture, turned back":     {clap("back.mov", "-metadata:s:v:0", "rotate=270"), want, 80, 120, false},
		"clean aperture, upside down":     {clap("down.mov", "-metadata:s:v:0", "rotate=180"), want, 120, 80, false},
		"clean aperture, the whole of it": {framed(t, "whole.mov", "-c:v", "v210"), media.Crop{}, 160, 120, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, c.path, "feed")
			if got := src.Probe.Video[0].Crop; got != c.crop {
				t.Errorf("crop %+v, want %+v", got, c.crop)
			}
			if _, quick := both(t, c.path); quick.Quick && quick.Video[0].Crop != c.crop {
				t.Errorf("crop %+v by the header, want %+v", quick.Video[0].Crop, c.crop)
			}
			a, store := convertTo(t, src, lowest(), encoder(t))
			r := a.Ladder.Videos()[0]
			if r.Width != c.width || r.Height != c.height {
				t.Errorf("%d×%d, want %d×%d", r.Width, r.Height, c.width, c.height)
			}
			darkest := byte(255)
			for _, y := range decode(t, stored(t, store, a, r.ID, 0), "-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-")[:r.Width*r.Height] {
				darkest = min(darkest, y)
			}
			if black := darkest < 128; black != c.black {
				t.Errorf("the darkest sample has luma %d", darkest)
			}
			still, err := encoder(t).Stills(t.Context(), c.path, src.Probe)
			if err != nil {
				t.Fatal(err)
			}
			if width, height := sizeOfWebP(still.WebP1280); width != c.width || height != c.height {
				t.Errorf("the still is %d×%d", width, height)
			}
		})
	}
}

// A 3D film is shown in the shape of its frame, whichever of the two display sizes it has, and said to be one.
func TestStereoKeepsItsShape(t *testing.T) {
	t.Parallel()
	h264 := framed(t, "framed.mkv", plain264...)
	spoken := framed(t, "stereo.mkv", append(slices.Clone(plain264), "-metadata:s:v:0", "stereo_mode=left_right")...)
	size := func(width, height uint64) [][]byte {
		return [][]byte{mkv.Number(displayWidth, width), mkv.Number(displayHeight, height)}
	}
	said := func(mode uint64, more ...[]byte) string {
		return saying(t, h264, append([][]byte{mkv.Number(stereoMode, mode)}, more...)...)
	}
	for name, c := range map[string]struct {
		path          string
		width, height int
		stereo        bool
	}{
		"side by side":                        {said(1), 160, 120, true},
		"side by side, the size of the frame": {said(1, size(160, 120)...), 160, 120, true},
		"side by side, right eye first":       {said(11), 160, 120, true},
		"side by side, squeezed":              {said(1, size(160, 240)...), 160, 120, true},
		"top and bottom":                      {said(3), 160, 120, true},
		"top and bottom, right eye first":     {said(2, size(160, 120)...), 160, 120, true},
		"by ffmpeg":                           {spoken, 160, 120, true},
		"MP4":                                 {testkit.Clip(t, "stereo.mp4", "-i", spoken, "-c", "copy", "-strict", "unofficial"), 160, 120, true},
		"one view":                            {said(0), 160, 120, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, c.path, "feed")
			if got := src.Probe.Video[0].Stereo; got != c.stereo {
				t.Errorf("stereo is %t", got)
			}
			if _, quick := both(t, c.path); quick.Quick && quick.Video[0].Stereo != c.stereo {
				t.Errorf("stereo is %t by the header", quick.Video[0].Stereo)
			}
			a, err := transcoder.PlanAsset("feed", src.Probe, lowest())
			if err != nil {
				t.Fatal(err)
			}
			still, err := encoder(t).Stills(t.Context(), c.path, src.Probe)
			if err != nil {
				t.Fatal(err)
			}
			if width, height := sizeOfWebP(still.WebP1280); width != c.width || height != c.height {
				t.Errorf("the still is %d×%d", width, height)
			}
			if r := a.Ladder.Videos()[0]; r.Width != c.width || r.Height != c.height {
				t.Errorf("%d×%d, want %d×%d", r.Width, r.Height, c.width, c.height)
			}
		})
	}
}

// sizeOfWebP reads the size of a lossy WebP (RFC 6386 section 9.1).
func sizeOfWebP(b []byte) (width, height int) {
	const at = 12 + 8 + 3 + 3 // behind RIFF and chunk headers, the frame's tag and its start code
	return int(binary.LittleEndian.Uint16(b[at:])) & 0x3fff, int(binary.LittleEndian.Uint16(b[at+2:])) & 0x3fff
}
