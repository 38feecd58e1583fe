package original

import (
	"fmt"
	"math"

	"movify/pkg/media"
	"movify/pkg/mp4"
)

// pictures turns the samples of a segment of the picture that lasts from start to end into those of a Media Segment, with times
// of decoding that follow from those of presentation, whatever the container says of them. delay is added to every offset
// of composition by the writer: none may be below −delay.
func pictures(samples []Sample, start, end, delay int64) ([]mp4.Sample, []uint32, error) {
	frames := make([]media.CodedFrame, len(samples))
	earliest, latest := int64(math.MaxInt64), int64(math.MinInt64)
	for n, s := range samples {
		frames[n].PTS = s.PTS
		earliest, latest = min(earliest, s.PTS), max(latest, s.PTS)
	}
	if len(samples) == 0 || earliest != start || latest >= end {
		return nil, nil, ErrChanged.Because(
			fmt.Errorf("%d pictures from %d to %d are no segment of [%d, %d)", len(samples), earliest, latest, start, end),
		)
	}
	times, err := media.NewDecodeTimes(frames, media.RunEnd{Next: end, HasNext: true})
	if err != nil {
		return nil, nil, ErrTimes.Because(err)
	}
	decodedInTime(samples, times.DTS, delay)
	out, sizes := make([]mp4.Sample, len(samples)), make([]uint32, len(samples))
	for n, s := range samples {
		duration, offset := end-times.DTS[n], s.PTS-times.DTS[n]
		if n+1 < len(samples) {
			duration = times.DTS[n+1] - times.DTS[n]
		}
		if duration <= 0 || duration > math.MaxUint32 || offset < -delay || offset > math.MaxInt32-delay {
			return nil, nil, ErrTimes.Because(fmt.Errorf("picture %d lasts %d ticks, offset %d", n, duration, offset))
		}
		out[n] = mp4.Sample{DTS: times.DTS[n], Duration: uint32(duration), CTO: int32(offset), Key: s.Key}
		sizes[n] = uint32(s.Size)
	}
	return out, sizes, nil
}

// decodedInTime lets pictures be decoded earlier where others would be decoded later than delay after they are shown: where some
// are missing between them.
func decodedInTime(samples []Sample, dts []int64, delay int64) {
	latest := int64(math.MaxInt64)
	for n := len(samples) - 1; n >= 0; n-- {
		latest = min(latest, samples[n].PTS+delay)
		dts[n] = min(dts[n], latest)
	}
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

// delayOf is by how much the decoding of pictures lags behind the order in which they are shown.
func delayOf(pts []int64) (int64, error) {
	frames, ascending := make([]media.CodedFrame, len(pts)), true
	for n, t := range pts {
		frames[n].PTS = t
		ascending = ascending && (n == 0 || pts[n-1] < t)
	}
	if ascending {
		return 0, nil
	}
	times, err := media.NewDecodeTimes(frames, media.RunEnd{})
	if err != nil {
		return 0, ErrTimes.Because(err)
	}
	return times.Delay, nil
}
