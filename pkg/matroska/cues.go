package matroska

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// ErrNoCues is returned, wrapped, for a file without an index: a live recording, or one that is cut off before it.
var ErrNoCues = errors.New("matroska file without Cues")

// Index is where the frames of a file are: its Segment, and the places that its Cues (RFC 9559 section 5.1.5) point to.
type Index struct {
	// SegmentOffset is the offset of the Segment's data in the file, bytes; End the one behind them.
	SegmentOffset, End int64
	// Truncated says that the Segment goes on behind the file's end, or may do so because its size is unknown.
	Truncated bool
	First     int64  // offset of the first Cluster in the file, bytes; 0 = none was met
	TickNS    uint64 // nanoseconds in a tick, the unit of all times here (TimestampScale)

	points map[uint64][]Cue
}

// Cue is one place that the Cues point to.
type Cue struct {
	Ticks   int64 // time of the Block
	Cluster int64 // offset of the Cluster in the file, bytes
	// Relative is the offset of the Block's element in the Cluster's data, bytes; −1 = it does not say.
	Relative int64
	Number   uint64 // of the Block in its Cluster, counted from 1; 0 = it does not say
}

// Bounds of an index. One beyond them is ErrTooMuch.
const (
	maxCues      = 1 << 20
	maxCueBytes  = 32 << 20
	maxCuePoint  = 64 << 10
	cuesTail     = 1 << 20 // bytes at the end of a file that are searched for Cues
	maxCuesFound = 64      // bytes in those that look like Cues
)

// ReadCues reads the Cues that the SeekHead points to, that are before the first Cluster or at the end of the file: some
// 25 bytes for each, never more than some 50 MiB in all. Without any it gives ErrNoCues and an Index without points. It
// gives ErrMalformed for Cues that point out of the Segment, and ErrTooMuch. Of a truncated file it leaves out places
// that are not there.
func ReadCues(r io.ReaderAt, size int64) (Index, error) {
	x, err := readIndex(r, size)
	if err != nil && !errors.Is(err, ErrNoCues) {
		x = Index{}
	}
	if err != nil {
		err = fmt.Errorf("read matroska cues: %w", err)
	}
	return x, err
}

// Points gives the places of a track in the order of their times, one for each time. ErrMalformed says that their order
// in the file is another one.
func (x Index) Points(track uint64) ([]Cue, error) {
	points := x.points[track]
	for n := range points[min(1, len(points)):] {
		a, b := points[n], points[n+1]
		if b.Cluster < a.Cluster || b.Cluster == a.Cluster && b.Relative >= 0 && b.Relative < a.Relative {
			return nil, fmt.Errorf("%w: the Cue at tick %d is before that at %d", ErrMalformed, b.Ticks, a.Ticks)
		}
	}
	return points, nil
}

func readIndex(r io.ReaderAt, size int64) (Index, error) {
	info, start, err := inspect(r, size)
	if err != nil {
		return Index{}, err
	}
	if start == 0 {
		return Index{}, fmt.Errorf("%w: it ends before its Segment", ErrMalformed)
	}
	s := open(r, size, info, start)
	var cues extent
	s.on = map[uint32]func(off, size int64) error{
		idInfo: s.part(s.readScale),
		idCues: func(off, size int64) error {
			if cues.size == 0 {
				cues = extent{off, size}
			}
			return nil
		},
	}
	// A SeekHead that points nowhere does not hide Cues that are found without it.
	if err := s.scan(); err != nil && !errors.Is(err, ErrMalformed) {
		return Index{}, err
	}
	if s.scale == 0 {
		return Index{}, fmt.Errorf("%w: a tick of no time", ErrMalformed)
	}
	x := Index{
		SegmentOffset: s.start, End: s.end, Truncated: info.Truncated || info.SegmentEnd < 0, First: s.cluster,
		TickNS: s.scale, points: map[uint64][]Cue{},
	}
	if cues.size == 0 {
		if cues, err = s.cuesAtEnd(); err != nil {
			return x, err
		}
	}
	return x, x.read(r, cues)
}

// extent is a range of bytes of the file.
type extent struct{ off, size int64 }

func (s *segment) readScale(info []byte) error {
	return fields(info, map[uint32]*uint64{idTimestampScale: &s.scale})
}

// cuesAtEnd finds Cues behind the last Cluster that no SeekHead points to: the element from which on whole elements of
// the Segment's top level fill the rest of the file.
func (s *segment) cuesAtEnd() (extent, error) {
	tail := min(s.end-s.start, cuesTail)
	b, err := readAt(s.r, s.end-tail, tail)
	if err != nil {
		return extent{}, err
	}
	magic := []byte{idCues >> 24, idCues >> 16 & 0xff, idCues >> 8 & 0xff, idCues & 0xff}
	at := 0
	for range maxCuesFound {
		n := bytes.Index(b[at:], magic)
		if n < 0 {
			break
		}
		at += n
		if h, ok := fillsTopLevel(b[at:]); ok {
			return extent{s.end - tail + int64(at+h.len), h.size}, nil
		}
		at++
	}
	return extent{}, ErrNoCues
}

// fillsTopLevel gives the first of the elements of the Segment's top level that fill b; ok is false for other bytes.
func fillsTopLevel(b []byte) (first header, ok bool) {
	for n := range maxTop {
		if len(b) == 0 {
			return first, n > 0
		}
		h, err := parseHeader(b)
		known := topLevel(h.id) || h.id == idVoid || h.id == idCRC32
		if err != nil || !known || h.size == unknownSize || h.size > int64(len(b)-h.len) {
			return header{}, false
		}
		if n == 0 {
			first = h
		}
		b = b[h.len+int(h.size):]
	}
	return header{}, false
}

// topLevel reports whether elements of an ID stand in the Segment itself (RFC 9559 section 5.1).
func topLevel(id uint32) bool {
	switch id {
	case idCluster, idCues, idTags, idSeekHead, idInfo, idTracks, idChapters, idAttachment:
		return true
	}
	return false
}

// read fills the points from the data of a Cues element.
func (x *Index) read(r io.ReaderAt, cues extent) error {
	if cues.size > maxCueBytes {
		return fmt.Errorf("%w: %d bytes of Cues", ErrTooMuch, cues.size)
	}
	end := cues.off + cues.size
	w := window{r: r, end: end, size: maxWindow}
	count := 0
	for off := cues.off; off < end; {
		b, err := w.peek(off, maxHeader)
		if err != nil {
			return err
		}
		h, err := parseHeader(b)
		if err != nil || h.size == unknownSize || h.size > end-off-int64(h.len) {
			return fmt.Errorf("%w: an element of the Cues is cut off: %w", ErrMalformed, err)
		}
		off += int64(h.len)
		if h.id == idCuePoint {
			if h.size > maxCuePoint {
				return fmt.Errorf("%w: a CuePoint of %d bytes", ErrTooMuch, h.size)
			}
			if b, err = w.peek(off, int(h.size)); err != nil {
				return err
			}
			if err := x.cuePoint(b, &count); err != nil {
				return err
			}
		}
		off += h.size
	}
	if len(x.points) == 0 {
		return ErrNoCues
	}
	x.sort()
	return nil
}

// cuePoint reads a CuePoint: one time, and a place for each of some tracks. A film has thousands, so it makes no map of
// its fields.
func (x *Index) cuePoint(data []byte, count *int) error {
	var at uint64
	for e, err := range children(data) {
		if err == nil && e.id == idCueTime {
			at, err = e.uint()
		}
		if err != nil {
			return err
		}
	}
	if at > math.MaxInt64/x.TickNS {
		return fmt.Errorf("%w: a Cue at tick %d", ErrMalformed, at)
	}
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id != idCueTrackPositions {
			continue
		}
		if *count++; *count > maxCues {
			return fmt.Errorf("%w: more than %d Cues", ErrTooMuch, maxCues)
		}
		if err := x.place(e.data, int64(at)); err != nil {
			return err
		}
	}
	return nil
}

// place reads a CueTrackPositions.
func (x *Index) place(data []byte, ticks int64) error {
	const none = math.MaxUint64
	track, cluster, relative, number := uint64(0), uint64(none), uint64(none), uint64(0)
	for e, err := range children(data) {
		if err == nil {
			switch e.id {
			case idCueTrack:
				track, err = e.uint()
			case idCueClusterPosition:
				cluster, err = e.uint()
			case idCueRelativePosition:
				relative, err = e.uint()
			case idCueBlockNumber:
				number, err = e.uint()
			}
		}
		if err != nil {
			return err
		}
	}
	if cluster >= uint64(x.End-x.SegmentOffset) {
		if x.Truncated && cluster != none {
			return nil
		}
		return fmt.Errorf("%w: a Cue of track %d that points out of the Segment", ErrMalformed, track)
	}
	c := Cue{Ticks: ticks, Cluster: x.SegmentOffset + int64(cluster), Relative: -1, Number: number}
	if relative < math.MaxInt64 {
		c.Relative = int64(relative)
	}
	x.points[track] = append(x.points[track], c)
	return nil
}

// sort puts the points into the order of their times and keeps the first of one time.
func (x *Index) sort() {
	for track, points := range x.points {
		slices.SortStableFunc(points, func(a, b Cue) int {
			return cmp.Or(cmp.Compare(a.Ticks, b.Ticks), cmp.Compare(a.Cluster, b.Cluster), cmp.Compare(a.Relative, b.Relative))
		})
		points = slices.CompactFunc(points, func(a, b Cue) bool { return a.Ticks == b.Ticks })
		x.points[track] = slices.Clip(points)
	}
}
