package media

import (
	"errors"
	"fmt"
	"slices"
)

// ErrFrameTimes is returned, wrapped, for presentation times that no decoder could have: two frames at one time, or runs
// that overlap.
var ErrFrameTimes = errors.New("impossible times of frames")

// CodedFrame is a frame of a container that stores presentation times only, as Matroska does. Times are ticks.
type CodedFrame struct {
	PTS      int64
	Duration int64 // 0 = it does not say
}

// DecodeTimes are the decoding times of a run of frames. Times are ticks of the frames.
type DecodeTimes struct {
	// DTS is the decoding time of each frame, without the delay of the stream: the first is the presentation time of the
	// frame that is shown first. PTS − DTS, the composition offset, is negative for frames that are shown early.
	DTS []int64
	// Durations are the differences of neighbours in DTS. Together they reach from the run's first presentation time to
	// that of the next run.
	Durations []int64
	// Delay is the least that has to be added to all composition offsets for none to be negative.
	Delay int64
	// Leading counts the frames that are shown before the first of the run: those of an open group of pictures, which
	// need frames of the run before.
	Leading int
}

// RunEnd is where a run of frames ends. Next, with HasNext, is the first presentation time of the run behind it.
// Otherwise the frame that is shown last has its own duration, or Standard ticks, or as many as the one before it.
type RunEnd struct {
	Next     int64
	HasNext  bool
	Standard int64 // ticks of a frame as the track says; 0 = it does not
}

// NewDecodeTimes rebuilds decoding times. frames are in decoding order, and begin with a sync sample; the frames of one
// run are shown before those of the next, as all codecs with sync samples have it.
//
// The n-th frame that is decoded gets the n-th of the sorted presentation times. That is what a decoder needs that puts
// out one frame for each that it takes in, after a constant delay: it follows from the run alone, and the durations are
// those of the presentation, whatever the rate does. A run gets the same times by itself as in a longer one.
func NewDecodeTimes(frames []CodedFrame, end RunEnd) (DecodeTimes, error) {
	if len(frames) == 0 {
		return DecodeTimes{}, nil
	}
	t := DecodeTimes{DTS: make([]int64, len(frames)), Durations: make([]int64, len(frames))}
	last := frames[0]
	for n, f := range frames {
		t.DTS[n] = f.PTS
		if f.PTS > last.PTS {
			last = f
		}
		if f.PTS < frames[0].PTS {
			t.Leading++
		}
	}
	slices.Sort(t.DTS)
	for n := range len(frames) - 1 {
		if t.Durations[n] = t.DTS[n+1] - t.DTS[n]; t.Durations[n] == 0 {
			return DecodeTimes{}, fmt.Errorf("%w: two frames at tick %d", ErrFrameTimes, t.DTS[n])
		}
	}
	for n, f := range frames {
		t.Delay = max(t.Delay, t.DTS[n]-f.PTS)
	}
	if err := t.end(last, end); err != nil {
		return DecodeTimes{}, err
	}
	return t, nil
}

// end gives the last frame its duration.
func (t *DecodeTimes) end(last CodedFrame, end RunEnd) error {
	n := len(t.Durations) - 1
	before := int64(0)
	if n > 0 {
		before = t.Durations[n-1]
	}
	switch {
	case end.HasNext && end.Next <= last.PTS:
		return fmt.Errorf("%w: the next run begins at tick %d, this one goes on to %d", ErrFrameTimes, end.Next, last.PTS)
	case end.HasNext:
		t.Durations[n] = end.Next - last.PTS
	case last.Duration > 0:
		t.Durations[n] = last.Duration
	case end.Standard > 0:
		t.Durations[n] = end.Standard
	default:
		t.Durations[n] = max(before, 1) // no sample of a fragment may last no time
	}
	return nil
}
