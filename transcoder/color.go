package transcoder

import (
	"slices"

	"movify/pkg/media"
)

// Curves of SDR that players understand. Those of BT.2020 are that of BT.709 under other names.
var (
	keptCurves = []string{
		"bt709", "smpte170m", "bt470bg", "bt470m", "smpte240m", "iec61966-2-1", "iec61966-2-4", "bt1361e",
	}
	keptMatrices = []string{"bt709", "smpte170m", "bt470bg"}
)

// outputColor is the colour of a ladder: that of its source where players understand it, which costs no conversion, and
// BT.709 for HDR, wide gamut and RGB.
func outputColor(v media.VideoTrack) *media.Color {
	c := v.Color()
	switch {
	case v.HDR(), c.Primaries == "bt2020":
		return &media.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "bt709"}
	case !slices.Contains(keptMatrices, c.Matrix):
		c.Matrix = "bt709"
	}
	if !slices.Contains(keptCurves, c.Transfer) {
		c.Transfer = "bt709"
	}
	return &c
}
