package media

import (
	"slices"
	"strings"
)

// Color is how the samples of a picture are to be understood: code points of ITU-T H.273, by ffprobe's names.
type Color struct {
	Primaries string `json:"primaries"` // "bt709"
	Transfer  string `json:"transfer"`  // "bt709"
	Matrix    string `json:"matrix"`    // "bt709"
}

// The colours of television: Rec. ITU-R BT.709, and those of Rec. ITU-R BT.601 for 525 and for 625 lines. H.273 gives the
// curve of BT.601 the same number for both.
var (
	BT709    = Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709"}
	BT601525 = Color{Primaries: "smpte170m", Transfer: "smpte170m", Matrix: "smpte170m"}
	BT601625 = Color{Primaries: "bt470bg", Transfer: "smpte170m", Matrix: "bt470bg"}
)

// wideGamut is Rec. ITU-R BT.2020 with a constant matrix: the colours that HDR films are in.
var wideGamut = Color{Primaries: "bt2020", Transfer: "bt2020-10", Matrix: "bt2020nc"}

// Color is the track's colour, with what the stream does not say filled in: from what it does say, and else as players
// assume, BT.709 for a picture wider than 1279 or higher than 576 samples and for RGB, BT.601 for a smaller one.
func (v VideoTrack) Color() Color {
	assumed := v.assumedColor()
	c := Color{
		Primaries: known(v.ColorPrimaries, assumed.Primaries), Transfer: known(v.ColorTransfer, assumed.Transfer),
		Matrix: known(v.ColorSpace, assumed.Matrix),
	}
	if v.RGB() {
		c.Matrix = "gbr"
	}
	return c
}

// RGB reports whether the samples are red, green and blue. Their format decides: a label may be wrong.
func (v VideoTrack) RGB() bool {
	isPrefix := func(kind string) bool { return strings.HasPrefix(v.PixelFormat, kind) }
	return slices.ContainsFunc(rgbFormats, isPrefix)
}

// rgbFormats are the beginnings of ffmpeg's names of RGB pixel formats.
var rgbFormats = []string{"rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8"}

// colors are what a stream that says one of three things is taken to say of the others.
var colors = [...]Color{BT709, BT601525, BT601625, wideGamut}

func (v VideoTrack) assumedColor() Color {
	for _, c := range colors {
		if c.Matrix == v.ColorSpace {
			return c
		}
	}
	for _, c := range colors {
		if c.Primaries == v.ColorPrimaries {
			return c
		}
	}
	switch {
	case v.HDR():
		return wideGamut
	case v.RGB(), v.Width >= 1280, v.Height > linesPAL:
		return BT709
	case v.Height > linesNTSC, v.european():
		return BT601625
	}
	return BT601525
}

// The lines of a picture of 625 and of 525 line television.
const (
	linesPAL  = 576
	linesNTSC = 486
)

// european reports whether the track has 25 pictures a second, or 50.
func (v VideoTrack) european() bool {
	r := v.AverageRate
	return r.Known() && (r.Num == 25*r.Den || r.Num == 50*r.Den)
}

// known is the code point of a stream; where it has none, one that is not in use, or RGB without being so, the assumed one.
func known(said, assumed string) string {
	switch said {
	case "", "unknown", "reserved", "unspecified", "gbr":
		return assumed
	}
	return said
}
