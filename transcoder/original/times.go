package original

import (
	"fmt"
	"math"
	"slices"

	"movify/pkg/mp4"
)

// pictures turns the samples of a segment of the picture that lasts from start to end into those of a Media Segment: each
// picture is decoded at the time at which the picture of its number in order of presentation is shown, so that the
// first is decoded when the segment begins and the last lasts until it ends, whatever the container says of times of
// decoding. delay is added to every offset of composition by the writer: none may be below −delay.
func pictures(samples []Sample, start, end, delay int64) ([]mp4.Sample, []uint32, error) {
	shown := make([]int64, len(samples)+1)
	for n, s := range samples {
		shown[n] = s.PTS
	}
	shown[len(samples)] = end
	slices.Sort(shown[:len(samples)])
	if len(samples) == 0 || shown[0] != start || shown[len(samples)-1] > end {
		return nil, nil, ErrChanged.Because(
			fmt.Errorf("%d pictures from %v are no segment of [%d, %d)", len(samples), shown[:1], start, end),
		)
	}
	out, sizes := make([]mp4.Sample, len(samples)), make([]uint32, len(samples))
	for n, s := range samples {
		duration, offset := shown[n+1]-shown[n], s.PTS-shown[n]
		if duration > math.MaxUint32 || offset < -delay || offset > math.MaxInt32-delay {
			return nil, nil, ErrTimes.Because(fmt.Errorf("picture %d lasts %d ticks, offset %d", n, duration, offset))
		}
		out[n] = mp4.Sample{DTS: shown[n], Duration: uint32(duration), CTO: int32(offset), Key: s.Key}
		sizes[n] = uint32(s.Size)
	}
	return out, sizes, nil
}

// sounds does the same for a segment of sound, whose frames are heard in the order in which they are decoded: each lasts until the
// next one, the last until the end.
func sounds(samples []Sample, end int64) ([]mp4.Sample, []uint32, error) {
	out, sizes := make([]mp4.Sample, len(samples)), make([]uint32, len(samples))
	for n, s := range samples {
		duration := end - s.PTS
		if n+1 < len(samples) {
			duration = samples[n+1].PTS - s.PTS
		}
		if duration < 0 || duration > math.MaxUint32 {
			return nil, nil, ErrTimes.Because(fmt.Errorf("a sound frame lasts %d ticks", duration))
		}
		out[n] = mp4.Sample{DTS: s.PTS, Duration: uint32(duration), Key: true}
		sizes[n] = uint32(s.Size)
	}
	if len(samples) == 0 {
		return nil, nil, ErrChanged
	}
	return out, sizes, nil
}

// delayOf is by how much the decoding of pictures lags behind the order in which they are shown: the largest time by which
// a picture would be shown before it is decoded.
func delayOf(pts []int64) (delay int64) {
	if slices.IsSorted(pts) {
		return 0
	}
	sorted := slices.Clone(pts)
	slices.Sort(sorted)
	for n, shown := range sorted {
		delay = max(delay, shown-pts[n])
	}
	return delay
}
