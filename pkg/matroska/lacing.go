package matroska

import "fmt"

// lacing is how the sizes of a Block's frames are stored (RFC 9559 section 10.3).
type lacing byte

const (
	unlaced lacing = iota
	xiphLacing
	fixedLacing
	ebmlLacing
)

// laced gives the frames in a Block, of which data is the part behind its flags. The last frame of a lace is the rest.
func (b *BlockReader) laced(kind lacing, data extent) ([]Frame, error) {
	if kind == unlaced {
		return []Frame{{data.off, data.size}}, nil
	}
	l := lace{b: b, off: data.off, end: data.off + data.size}
	count := int(l.byte()) + 1
	var sizes []int64
	switch kind {
	case xiphLacing:
		sizes = l.xiph(count)
	case ebmlLacing:
		sizes = l.ebml(count)
	default:
		sizes = l.fixed(count)
	}
	if l.err != nil {
		return nil, l.err
	}
	frames := make([]Frame, 0, count)
	for _, size := range sizes {
		if size < 0 || size > l.end-l.off {
			return nil, fmt.Errorf("%w: a lace at %d that does not add up", ErrMalformed, data.off)
		}
		frames = append(frames, Frame{l.off, size})
		l.off += size
	}
	return append(frames, Frame{l.off, l.end - l.off}), nil
}

// lace reads the sizes at the beginning of a lace, and keeps the first error.
type lace struct {
	b        *BlockReader
	off, end int64
	err      error
}

func (l *lace) malformed() {
	if l.err == nil {
		l.err = fmt.Errorf("%w: a lace at %d that does not add up", ErrMalformed, l.off)
	}
}

func (l *lace) byte() byte {
	if l.off >= l.end {
		l.malformed()
	}
	if l.err != nil {
		return 0
	}
	data, err := l.b.w.peek(l.off, 1)
	if err != nil || len(data) == 0 {
		l.malformed()
		if err != nil {
			l.err = err
		}
		return 0
	}
	l.off++
	return data[0]
}

// xiph reads the sizes of all frames but the last: bytes to be added up, to the first that is not 255 (section 10.3.2).
func (l *lace) xiph(count int) (sizes []int64) {
	for range count - 1 {
		size := int64(0)
		for l.err == nil {
			c := l.byte()
			if size += int64(c); c < 255 {
				break
			}
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// ebml reads a size and the differences of the next ones from the one before, of all frames but the last (section
// 10.3.3).
func (l *lace) ebml(count int) (sizes []int64) {
	size := int64(0)
	for n := range count - 1 {
		head, err := l.b.w.peek(l.off, int(min(8, l.end-l.off)))
		if err != nil {
			l.err = err
			return nil
		}
		value, length := vint(head)
		if length == 0 {
			l.malformed()
			return nil
		}
		l.off += int64(length)
		if n == 0 {
			size = int64(value)
		} else {
			size += int64(value) - (1<<(7*length-1) - 1)
		}
		if size < 0 || size > l.end-l.off {
			l.malformed()
			return nil
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// fixed shares the bytes evenly (section 10.3.4).
func (l *lace) fixed(count int) (sizes []int64) {
	size := (l.end - l.off) / int64(count)
	if size*int64(count) != l.end-l.off {
		l.malformed()
	}
	for range count - 1 {
		sizes = append(sizes, size)
	}
	return sizes
}
