package matroska

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// ErrNoCues is returned, wrapped, when a file has no index of keyframes that can be found without reading all of it.
var ErrNoCues = errors.New("no cues")

// videoType is a TrackType (RFC 9559 section 5.1.4.1.3).
const videoType = 1

// Keyframes reads the times of a track's keyframes from the Cues element, in microseconds on the Segment's own clock,
// ascending. track is the TrackNumber, 0 stands for the first video track. The index need not name every keyframe; every
// time it names is one. It reads the few elements before the first Cluster and those that the SeekHead points to, at
// most some 16 MiB, and gives ErrNoCues when that does not lead to Cues of the track.
func Keyframes(r io.ReaderAt, size int64, track uint64) ([]int64, error) {
	times, err := keyframes(r, size, track)
	if err != nil {
		return nil, fmt.Errorf("read keyframes: %w", err)
	}
	return times, nil
}

func keyframes(r io.ReaderAt, size int64, track uint64) ([]int64, error) {
	info, start, err := inspect(r, size)
	if err != nil {
		return nil, err
	}
	if start == 0 {
		return nil, fmt.Errorf("%w: the file ends before its Segment", ErrNoCues)
	}
	s := open(r, size, info, start)
	var cues []byte
	s.on = map[uint32]func(off, size int64) error{
		idInfo: s.bytes(s.readScale),
		idTracks: s.bytes(func(b []byte) error {
			if s.video != 0 {
				return nil
			}
			return s.findVideo(b)
		}),
		idCues: func(off, size int64) (err error) {
			if cues == nil {
				cues, err = s.load(off, size)
			}
			return err
		},
	}
	if err := s.scan(); err != nil {
		return nil, err
	}
	if track == 0 {
		track = s.video
	}
	if cues == nil || track == 0 {
		return nil, ErrNoCues
	}
	times, err := s.times(cues, track)
	if err == nil && len(times) == 0 {
		err = fmt.Errorf("%w of track %d", ErrNoCues, track)
	}
	return times, err
}

func (s *segment) readScale(b []byte) error {
	if err := fields(b, map[uint32]*uint64{idTimestampScale: &s.scale}); err != nil {
		return err
	}
	if s.scale == 0 {
		return fmt.Errorf("%w: a tick of no time", ErrMalformed)
	}
	return nil
}

func (s *segment) findVideo(b []byte) error {
	for entry, err := range children(b) {
		if err != nil {
			return err
		}
		if entry.id != idTrackEntry {
			continue
		}
		var number, kind uint64
		if err := fields(entry.data, map[uint32]*uint64{idTrackNumber: &number, idTrackType: &kind}); err != nil {
			return err
		}
		if kind == videoType && s.video == 0 {
			s.video = number
		}
	}
	return nil
}

// times reads the Cues.
func (s *segment) times(cues []byte, track uint64) ([]int64, error) {
	var out []int64
	for point, err := range children(cues) {
		if err != nil {
			return nil, err
		}
		if point.id != idCuePoint {
			continue
		}
		ticks, ok, err := cuePoint(point.data, track)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if ticks > math.MaxInt64/s.scale {
			return nil, fmt.Errorf("%w: a keyframe at %d ticks of %d ns", ErrMalformed, ticks, s.scale)
		}
		out = append(out, int64(ticks*s.scale/1000))
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// cuePoint gives a point's time in ticks; ok says whether it is a keyframe of the track.
func cuePoint(b []byte, track uint64) (ticks uint64, ok bool, err error) {
	for e, err := range children(b) {
		if err != nil {
			return 0, false, err
		}
		switch e.id {
		case idCueTime:
			if ticks, err = e.uint(); err != nil {
				return 0, false, err
			}
		case idCueTrackPos:
			var number uint64
			if err := fields(e.data, map[uint32]*uint64{idCueTrack: &number}); err != nil {
				return 0, false, err
			}
			ok = ok || number == track
		}
	}
	return ticks, ok, nil
}

// fields reads the unsigned integers among the children of an element into their places.
func fields(b []byte, places map[uint32]*uint64) error {
	for e, err := range children(b) {
		if err != nil {
			return err
		}
		if place, wanted := places[e.id]; wanted {
			if *place, err = e.uint(); err != nil {
				return err
			}
		}
	}
	return nil
}
