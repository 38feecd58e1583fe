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

const (
	maxTop    = 64       // elements looked at on the Segment's top level
	maxRead   = 16 << 20 // bytes read of them in all; Cues take some 20 for each keyframe
	videoType = 1        // TrackType (RFC 9559 section 5.1.4.1.3)
)

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
	s := segment{r: r, start: start, end: size, scale: 1_000_000}
	if info.SegmentEnd >= 0 {
		s.end = min(size, info.SegmentEnd)
	}
	if err := s.scan(); err != nil {
		return nil, err
	}
	if track == 0 {
		track = s.video
	}
	if s.cues == nil || track == 0 {
		return nil, ErrNoCues
	}
	times, err := s.times(track)
	if err == nil && len(times) == 0 {
		err = fmt.Errorf("%w of track %d", ErrNoCues, track)
	}
	return times, err
}

// segment gathers what the Segment's top level holds.
type segment struct {
	r          io.ReaderAt
	start, end int64 // offsets of the Segment's data

	scale uint64 // nanoseconds in a tick
	video uint64 // number of the first video track, 0 = none seen
	cues  []byte
	seen  int     // elements looked at
	read  int64   // bytes of data read
	seeks []int64 // offsets of elements that a SeekHead points to and the walk did not meet
}

// scan walks the elements up to the first Cluster, then visits those that the SeekHead names.
func (s *segment) scan() error {
	off := s.start
	for off < s.end && s.seen < maxTop {
		next, err := s.visit(off)
		if err != nil {
			return err
		}
		if next == 0 {
			break
		}
		off = next
	}
	for len(s.seeks) > 0 && s.seen < maxTop {
		at := s.seeks[0]
		s.seeks = s.seeks[1:]
		if at < off {
			continue // met on the way
		}
		if _, err := s.visit(at); err != nil {
			return err
		}
	}
	return nil
}

// visit reads the element at off if it is one of ours and gives the offset of its neighbour, 0 when the walk ends there:
// at a Cluster, at an element of unknown size and where the file was cut off.
func (s *segment) visit(off int64) (next int64, err error) {
	s.seen++
	h, err := readHeader(s.r, off, s.end)
	if errors.Is(err, errShort) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	data := off + int64(h.len)
	if h.id == idCluster || h.size == unknownSize || h.size > s.end-data {
		return 0, nil
	}
	read := s.reader(h.id)
	if read == nil {
		return data + h.size, nil
	}
	if s.read += h.size; s.read > maxRead {
		return 0, fmt.Errorf("%w: index of %d bytes", ErrMalformed, s.read)
	}
	b, err := readAt(s.r, data, h.size)
	if err != nil {
		return 0, err
	}
	return data + h.size, read(b)
}

// reader gives what reads an element; nil for one that does not matter or is known by now.
func (s *segment) reader(id uint32) func([]byte) error {
	switch {
	case id == idSeekHead:
		return s.readSeekHead
	case id == idInfo:
		return s.readInfo
	case id == idTracks && s.video == 0:
		return s.readTracks
	case id == idCues && s.cues == nil:
		return func(b []byte) error { s.cues = b; return nil }
	}
	return nil
}

// readSeekHead notes where the elements we want are. A position counts from the Segment's data.
func (s *segment) readSeekHead(b []byte) error {
	for seek, err := range children(b) {
		if err != nil {
			return err
		}
		if seek.id != idSeek {
			continue
		}
		var id, position uint64
		if err := fields(seek.data, map[uint32]*uint64{idSeekID: &id, idSeekPosition: &position}); err != nil {
			return err
		}
		switch id {
		case idSeekHead, idInfo, idTracks, idCues:
			if position < uint64(s.end-s.start) && len(s.seeks) < maxTop {
				s.seeks = append(s.seeks, s.start+int64(position))
			}
		}
	}
	return nil
}

func (s *segment) readInfo(b []byte) error {
	if err := fields(b, map[uint32]*uint64{idTimestampScale: &s.scale}); err != nil {
		return err
	}
	if s.scale == 0 {
		return fmt.Errorf("%w: a tick of no time", ErrMalformed)
	}
	return nil
}

func (s *segment) readTracks(b []byte) error {
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
func (s *segment) times(track uint64) ([]int64, error) {
	var out []int64
	for point, err := range children(s.cues) {
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
