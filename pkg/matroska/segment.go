package matroska

import (
	"errors"
	"fmt"
	"io"
)

const (
	maxTop  = 64       // elements read on the Segment's top level
	maxRead = 16 << 20 // bytes of data read of them in all
)

// segment walks the elements of the Segment beside its Clusters.
type segment struct {
	r          io.ReaderAt
	start, end int64 // offsets of the Segment's data
	// on holds the readers of elements, by ID; a reader gets the offset and the size of the element's data.
	on map[uint32]func(off, size int64) error

	scale   uint64  // nanoseconds in a tick
	seen    int     // elements visited
	read    int64   // bytes of data read
	seeks   []int64 // offsets of elements that a SeekHead points to and the walk did not meet
	cluster int64   // offset of the first Cluster, 0 = none met
}

// open makes a segment of the result of inspect.
func open(r io.ReaderAt, size int64, info Info, start int64) *segment {
	s := &segment{r: r, start: start, end: size, scale: 1_000_000}
	if info.SegmentEnd >= 0 {
		s.end = min(size, info.SegmentEnd)
	}
	return s
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

// visit reads the element at off if on has a reader for it, and gives the offset of the next one, 0 when the walk ends
// there: at a Cluster, at an element of unknown size and where the file was cut off.
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
	if h.id == idCluster && s.cluster == 0 {
		s.cluster = off
	}
	if h.id == idCluster || h.size == unknownSize || h.size > s.end-data {
		return 0, nil
	}
	if h.id == idSeekHead {
		return data + h.size, s.bytes(s.readSeekHead)(data, h.size)
	}
	if do := s.on[h.id]; do != nil {
		return data + h.size, do(data, h.size)
	}
	return data + h.size, nil
}

// bytes turns a reader of an element's bytes into one of its offset and size.
func (s *segment) bytes(read func([]byte) error) func(off, size int64) error {
	return func(off, size int64) error {
		b, err := s.load(off, size)
		if err != nil {
			return err
		}
		return read(b)
	}
}

// load reads an element's data, and refuses to read more than maxRead in all.
func (s *segment) load(off, size int64) ([]byte, error) {
	if s.read += size; s.read > maxRead {
		return nil, fmt.Errorf("%w: more than %d bytes beside the Clusters", ErrMalformed, maxRead)
	}
	return readAt(s.r, off, size)
}

// readSeekHead records the offsets of the elements that on has readers for. A SeekPosition counts from the Segment's
// data.
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
		if s.on[uint32(id)] == nil && id != idSeekHead {
			continue
		}
		if position < uint64(s.end-s.start) && len(s.seeks) < maxTop {
			s.seeks = append(s.seeks, s.start+int64(position))
		}
	}
	return nil
}
