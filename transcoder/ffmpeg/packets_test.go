package ffmpeg

import (
	"strings"
	"testing"

	"movify/pkg/media"
)

// withLength decides by the last packets; times here are seconds.
func TestWithLength(t *testing.T) {
	t.Parallel()
	const s = 1_000_000
	rate := media.Ratio{Num: 25, Den: 1}
	film := func(start, said, picture int64, r media.Ratio) media.Probe {
		return media.Probe{StartUS: start, DurationUS: said,
			Video: []media.VideoTrack{{Index: 0, FrameRate: r, AverageRate: r, StartUS: start, DurationUS: picture, Frames: 7}},
			Audio: []media.AudioTrack{{Index: 1}}}
	}
	last := func(picture, lasts, sound int64) map[int]streamEnd {
		out := map[int]streamEnd{0: {picture, lasts}}
		if sound > 0 {
			out[1] = streamEnd{sound, 20_000}
		}
		return out
	}
	tests := map[string]struct {
		probe         media.Probe
		ends          map[int]streamEnd
		want, picture int64
		frames        int
	}{
		"both agree":                       {film(0, 3*s, 3*s, rate), last(2_960_000, 40_000, 0), 3 * s, 3 * s, 7},
		"a frame apart":                    {film(0, 3*s, 3*s, rate), last(2_920_000, 40_000, 0), 3 * s, 3 * s, 7},
		"two frames apart":                 {film(0, 3*s, 3*s, rate), last(2_880_000, 40_000, 0), 2_920_000, 2_920_000, 0},
		"nothing is said":                  {film(0, 0, 0, rate), last(2_960_000, 0, 0), 3 * s, 3 * s, 0},
		"no packet of the picture":         {film(0, 9*s, 9*s, rate), map[int]streamEnd{1: {s, 0}}, 9 * s, 9 * s, 7},
		"a start that is not zero":         {film(5*s, 60*s, 60*s, rate), last(7_960_000, 40_000, 0), 3 * s, 3 * s, 0},
		"a last picture that never ends":   {film(0, 3600*s, 3600*s, rate), last(3*s, 3597*s, 0), 4 * s, 4 * s, 0},
		"a last picture as long as sound":  {film(0, 9*s, 9*s, rate), last(3*s, 6*s, 8_980_000), 9 * s, 9 * s, 7},
		"one picture a second":             {film(0, 60*s, 60*s, media.Ratio{Num: 1, Den: 1}), last(9*s, s, 0), 10 * s, 10 * s, 0},
		"sound goes on behind the picture": {film(0, 3*s, 3*s, rate), last(2_960_000, 40_000, 5_980_000), 6 * s, 3 * s, 7},
		"no rate":                          {film(0, 0, 0, media.Ratio{}), last(2_960_000, 0, 0), 3 * s, 3 * s, 0},
		"sound that never ends":            {film(0, 3*s, 3*s, rate), map[int]streamEnd{0: {2_960_000, 40_000}, 1: {2_980_000, 89_478 * s}}, 3 * s, 3 * s, 7},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := test.probe.Video[0]
			got := withLength(test.probe, test.ends)
			v, _ := got.Picture()
			if got.DurationUS != test.want || v.DurationUS != test.picture || v.Frames != test.frames {
				t.Errorf("%d µs, picture %d µs, %d frames; want %d, %d, %d", got.DurationUS, v.DurationUS, v.Frames,
					test.want, test.picture, test.frames)
			}
			if test.probe.Video[0] != before {
				t.Error("the probe it was given has changed")
			}
		})
	}
}

func TestReadPacket(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		index int
		end   streamEnd
		ok    bool
	}{
		"0,2.960000,2.880000,0.040000,K_": {0, streamEnd{2_960_000, 40_000}, true},
		"1,N/A,1.500000,N/A,__,":          {1, streamEnd{1_500_000, 0}, true},
		"1,-0.021000,-0.021000,0.02,K_":   {1, streamEnd{-21_000, 20_000}, true},
		"0,9.960000,9.960000,0.040000,KD": {}, // an edit list cuts it
		"0,N/A,N/A,0.040000,K_":           {},
		"0,nan,N/A,0.040000,K_":           {},
		"0,1e300,N/A,0.040000,K_":         {},
		"":                                {},
		"side_data,Skip Samples":          {},
	}
	for line, want := range tests {
		index, end, ok := readPacket(strings.Split(line, ","))
		if ok != want.ok || ok && (index != want.index || end != want.end) {
			t.Errorf("%q is %d %+v %v, want %+v", line, index, end, ok, want)
		}
	}
}
