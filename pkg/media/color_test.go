package media_test

import (
	"testing"

	"movify/pkg/media"
)

func TestColor(t *testing.T) {
	t.Parallel()
	film := media.Ratio{Num: 24000, Den: 1001}
	fifty := media.Ratio{Num: 50, Den: 1}
	tests := map[string]struct {
		v    media.VideoTrack
		want media.Color
	}{
		"HD":                           {media.VideoTrack{Width: 1920, Height: 800}, media.BT709},
		"HD, upright":                  {media.VideoTrack{Width: 720, Height: 1280}, media.BT709},
		"480 lines":                    {media.VideoTrack{Width: 720, Height: 480, AverageRate: film}, media.BT601525},
		"486 lines":                    {media.VideoTrack{Width: 720, Height: 486}, media.BT601525},
		"576 lines":                    {media.VideoTrack{Width: 720, Height: 576, AverageRate: film}, media.BT601625},
		"fewer lines, 50 a second":     {media.VideoTrack{Width: 640, Height: 360, AverageRate: fifty}, media.BT601625},
		"reserved numbers":             {media.VideoTrack{Width: 1920, Height: 1080, ColorSpace: "reserved", ColorPrimaries: "unknown"}, media.BT709},
		"RGB by its format":            {media.VideoTrack{Width: 640, Height: 480, PixelFormat: "bgr0"}, media.Color{Primaries: "bt709", Transfer: "bt709", Matrix: "gbr"}},
		"RGB by a label that is wrong": {media.VideoTrack{Width: 640, Height: 480, PixelFormat: "yuv420p", ColorSpace: "gbr"}, media.BT601525},
		"PQ alone":                     {media.VideoTrack{Width: 640, Height: 480, ColorTransfer: "smpte2084"}, media.Color{Primaries: "bt2020", Transfer: "smpte2084", Matrix: "bt2020nc"}},
		"a matrix alone":               {media.VideoTrack{Width: 1920, Height: 1080, ColorSpace: "smpte170m"}, media.BT601525},
		"a curve alone":                {media.VideoTrack{Width: 1920, Height: 1080, ColorTransfer: "iec61966-2-1"}, media.Color{Primaries: "bt709", Transfer: "iec61966-2-1", Matrix: "bt709"}},
		"Display P3":                   {media.VideoTrack{Width: 1920, Height: 1080, ColorPrimaries: "smpte432", ColorTransfer: "bt709", ColorSpace: "bt709"}, media.Color{Primaries: "smpte432", Transfer: "bt709", Matrix: "bt709"}},
	}
	for name, c := range tests {
		if got := c.v.Color(); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
