package transcoder

import (
	"slices"
	"testing"

	"movify/pkg/media"
)

// The grid of a joined file has the frames of all recordings, each counted by itself.
func TestGridOfAJoinedFile(t *testing.T) {
	t.Parallel()
	rate := media.Ratio{Num: 25, Den: 1}
	recording := func(us, late int64) media.Recording {
		return media.Recording{Probe: media.Probe{StartUS: 1_400_000, DurationUS: us + late, Video: []media.VideoTrack{
			{FrameRate: rate, AverageRate: rate, StartUS: 1_400_000 + late, DurationUS: us},
		}}}
	}
	p := recording(3_000_000, 21_000).Probe
	p.Recordings = []media.Recording{recording(3_000_000, 21_000), recording(10_000, 0), recording(4_020_000, 500_000)}
	g, err := planGrid(p, p.Video[0], nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{75, 76}; !slices.Equal(g.Joints, want) || g.Total() != 176 || g.ZeroUS != 21_000 {
		t.Errorf("joints at %d of %d frames, zero at %d µs; want %d of 176, 21000", g.Joints, g.Total(), g.ZeroUS, want)
	}
}
