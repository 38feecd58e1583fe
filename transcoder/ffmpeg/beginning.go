package ffmpeg

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"movify/pkg/media"
)

// The packets that are read of a picture's beginning, and how many of the last of them do not count: in decoding order the
// pictures between them may still be missing.
const (
	firstPackets = "24"
	stillMissing = 8
)

// withBeginning corrects where the picture begins by its first packets. Of a picture of few frames, and of parts of a disc one
// behind another, ffmpeg may say zero although the first one comes later. And muxers that learn of the sound's delay late
// move all pictures but the first: ffmpeg does so in fragmented MP4 whose moov is written first.
func (p *Prober) withBeginning(ctx context.Context, in input, probe media.Probe) (media.Probe, error) {
	v, ok := probe.Picture()
	switch {
	case !ok:
		return probe, nil
	case strings.Contains(probe.Format, "mp4"), strings.Contains(probe.Format, "matroska"):
	case probe.Format == "concat" && !in.clips:
	default:
		return probe, nil // other containers have a clock that all streams share from the start
	}
	var times []int64
	_, err := p.lines(ctx, in, func(fields []string) {
		if at, ok := shownAt(fields); ok {
			times = append(times, at)
		}
	}, "-select_streams", strconv.Itoa(v.Index), "-read_intervals", "%+#"+firstPackets,
		"-show_entries", "packet=pts_time,flags")
	if err != nil {
		return probe, err
	}
	slices.Sort(times)
	if begins, ok := beginning(times[:max(0, len(times)-stillMissing)], v.FrameRate.Float()); ok && begins > v.StartUS {
		end := v.StartUS + v.DurationUS
		v.StartUS, v.DurationUS = begins, max(0, end-begins)
		return withPicture(probe, v), nil
	}
	return probe, nil
}

// shownAt reads a packet's time, microseconds; ok is false for one that an edit list cuts.
func shownAt(fields []string) (us int64, ok bool) {
	if len(fields) < 2 || len(fields[1]) > 1 && fields[1][1] == 'D' {
		return 0, false
	}
	at, err := strconv.ParseFloat(fields[0], 64)
	if err != nil || math.IsNaN(at) || math.Abs(at) > 1e9 {
		return 0, false
	}
	return int64(math.Round(at * 1e6)), true
}

// beginning is where a picture of a constant rate begins, microseconds, by the times of its first frames: that of the first one,
// later when the others lie between its frames. ok is false of a variable rate, and of too few frames to tell.
func beginning(times []int64, rate float64) (us int64, ok bool) {
	const rounding = 1_500 // microseconds: times rounded to milliseconds
	if len(times) < 4 || rate <= 0 {
		return 0, false
	}
	frame := 1e6 / rate
	for n := 2; n < len(times); n++ {
		if math.Abs(float64(times[n]-times[n-1])-frame) > rounding {
			return 0, false
		}
	}
	beside := math.Mod(float64(times[1]-times[0]), frame)
	if first := float64(times[1] - times[0]); first < frame || beside < rounding || frame-beside < rounding {
		return times[0], true
	}
	return times[0] + int64(math.Round(beside)), true
}
