package matroska

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// typeVideo is a TrackType (RFC 9559 section 5.1.4.1.3).
const typeVideo = 1

const (
	// maxSkipped bounds the elements between two Blocks. A Cluster has few, and a Void is one.
	maxSkipped = 1 << 12
	// maxFrame is the largest frame that is read, bytes: more than a picture of any level of the codecs in use has.
	maxFrame = 64 << 20
)

// BlockReader gives the Blocks of a file from one Cluster on, in file order. It reads the headers of Blocks, and of
// frames the bytes that are asked for, from front to back in reads of 4 to 256 KiB. It serves one goroutine.
type BlockReader struct {
	w        window
	cut      bool // the file ends before its Segment, or may do so
	tracks   map[uint64]Track
	maxTicks uint64

	off     int64 // of the next element
	skipped int   // elements since the last Block
	cluster cluster
	ticks   int64 // of the Cluster
	timed   bool  // the Cluster has said its time
}

// cluster is the Cluster that is read; end is 0 between two of them.
type cluster struct {
	off, data, end int64
	endless        bool // of unknown size: it ends where an element of the top level begins
}

// Blocks makes a reader that begins with the Cluster at an offset, as a Cue has it. Blocks of other tracks than the
// given ones are ErrMalformed, as is an offset at which no Cluster begins.
func (x Index) Blocks(r io.ReaderAt, tracks []Track, offset int64) (*BlockReader, error) {
	b := &BlockReader{
		w: window{r: r, end: x.End}, cut: x.Truncated, tracks: make(map[uint64]Track, len(tracks)), off: offset,
		maxTicks: math.MaxInt64 / max(x.TickNS, 1) / 2, // so that sums of two stay in 64 bits of nanoseconds
	}
	for _, t := range tracks {
		b.tracks[t.Number] = t
	}
	if offset < x.SegmentOffset || offset >= x.End {
		return nil, fmt.Errorf("%w: offset %d is not in the Segment", ErrMalformed, offset)
	}
	h, err := b.rawHeader(offset, x.End)
	if err == nil && h.id != idCluster {
		err = fmt.Errorf("%w: element %#x at %d where a Cluster should be", ErrMalformed, h.id, offset)
	}
	if err != nil {
		return nil, fmt.Errorf("read matroska cluster: %w", err)
	}
	return b, nil
}

// BlocksFrom makes a reader that begins with the Block of a Cue, where that says its place in the Cluster; otherwise, and
// where the Cluster does not say its time before it, with the Cluster.
func (x Index) BlocksFrom(r io.ReaderAt, tracks []Track, c Cue) (*BlockReader, error) {
	b, err := x.Blocks(r, tracks, c.Cluster)
	if err == nil && c.Relative > 0 {
		err = b.jump(c.Relative)
	}
	if err != nil {
		return nil, fmt.Errorf("read matroska block: %w", err)
	}
	return b, nil
}

// maxBefore is how many elements of a Cluster are looked at for its time, which stands first (RFC 9559 section 5.1.3.1).
const maxBefore = 8

// jump goes to an offset in the data of the Cluster at which the reader stands, once the Cluster has said its time.
func (b *BlockReader) jump(relative int64) error {
	if err := b.enter(); err != nil {
		return err
	}
	to := b.cluster.data + relative
	for range maxBefore {
		if b.off >= to || b.off >= b.cluster.end {
			return nil
		}
		h, err := b.clusterHeader(b.off)
		if err != nil {
			return err
		}
		data := b.off + int64(h.len)
		switch {
		case h.id == idSimpleBlock, h.id == idBlockGroup, endsCluster(h.id):
			return nil
		case h.id == idClusterTimestamp:
			if err := b.timestamp(h, data); err != nil {
				return err
			}
			if to < b.cluster.end {
				b.off = to
			}
			return nil
		}
		b.off = data + h.size
	}
	return nil
}

// Next gives the next Block. io.EOF is the end of the Segment, io.ErrUnexpectedEOF, wrapped, that of a file that ends
// before its Segment does or may do so. After an error the reader is of no more use.
func (b *BlockReader) Next() (Block, error) {
	block, err := b.next()
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read matroska block: %w", err)
	}
	return block, err
}

func (b *BlockReader) next() (Block, error) {
	for ; b.skipped < maxSkipped; b.skipped++ {
		if b.cluster.end == 0 || b.off >= b.cluster.end {
			if err := b.enter(); err != nil {
				return Block{}, err
			}
			continue
		}
		at := b.off
		h, err := b.clusterHeader(at)
		if err != nil {
			return Block{}, err
		}
		if b.cluster.endless && endsCluster(h.id) {
			b.cluster.end = 0
			continue
		}
		data := extent{at + int64(h.len), h.size}
		b.off = data.off + data.size
		switch h.id {
		case idClusterTimestamp:
			err = b.timestamp(h, data.off)
		case idSimpleBlock, idBlockGroup:
			b.skipped = 0
			return b.block(h.id, at, data)
		}
		if err != nil {
			return Block{}, err
		}
	}
	return Block{}, fmt.Errorf("%w: %d elements without a Block at %d", ErrMalformed, maxSkipped, b.off)
}

// enter passes by one element of the Segment's top level, or goes into it when it is a Cluster.
func (b *BlockReader) enter() error {
	b.cluster, b.timed = cluster{}, false
	if b.off >= b.w.end {
		return b.end()
	}
	h, err := b.rawHeader(b.off, b.w.end)
	if err != nil {
		return err
	}
	if h.id == idEBML || h.id == idSegment { // a second file behind a Segment of unknown size
		return io.EOF
	}
	data := b.off + int64(h.len)
	switch {
	case h.id == idCluster && h.size == unknownSize:
		b.cluster = cluster{b.off, data, b.w.end, true}
	case h.size == unknownSize:
		return fmt.Errorf("%w: element %#x of unknown size at %d", ErrMalformed, h.id, b.off)
	case h.size > b.w.end-data && !b.cut:
		return fmt.Errorf("%w: element %#x at %d ends behind the Segment", ErrMalformed, h.id, b.off)
	case h.id == idCluster:
		b.cluster = cluster{off: b.off, data: data, end: min(data+h.size, b.w.end)}
	default:
		data = min(data+h.size, b.w.end)
	}
	b.off = data
	return nil
}

// end is the error at the end of the Segment.
func (b *BlockReader) end() error {
	if b.cut {
		return io.ErrUnexpectedEOF
	}
	return io.EOF
}

// endsCluster reports whether an element cannot be in a Cluster, so that one of unknown size ends before it (RFC 8794
// section 6.2).
func endsCluster(id uint32) bool { return topLevel(id) || id == idEBML || id == idSegment }

// clusterHeader reads the header of a child of the Cluster, or of the element behind a Cluster of unknown size.
func (b *BlockReader) clusterHeader(off int64) (header, error) {
	if !b.cluster.endless {
		return b.header(off, b.cluster.end)
	}
	h, err := b.rawHeader(off, b.cluster.end)
	if err != nil || endsCluster(h.id) {
		return h, err
	}
	return h, b.fits(h, off, b.cluster.end)
}

// header reads the header of an element at off that has to end before end.
func (b *BlockReader) header(off, end int64) (header, error) {
	h, err := b.rawHeader(off, end)
	if err != nil {
		return h, err
	}
	return h, b.fits(h, off, end)
}

// rawHeader reads the header of an element at off, which has to end before end.
func (b *BlockReader) rawHeader(off, end int64) (header, error) {
	data, err := b.w.peek(off, int(min(maxHeader, end-off)))
	if err != nil {
		return header{}, err
	}
	h, err := parseHeader(data)
	if errors.Is(err, errShort) {
		return h, b.beyond(off, end)
	}
	return h, err
}

// fits is an error for an element that ends beyond end.
func (b *BlockReader) fits(h header, off, end int64) error {
	switch {
	case h.size == unknownSize:
		return fmt.Errorf("%w: element %#x of unknown size at %d", ErrMalformed, h.id, off)
	case h.size > end-off-int64(h.len):
		return b.beyond(off, end)
	}
	return nil
}

// beyond is the error for an element at off that goes on behind end: its parent is wrong, or the file is cut off.
func (b *BlockReader) beyond(off, end int64) error {
	if b.cut && end == b.w.end {
		return fmt.Errorf("the file ends in the element at %d: %w", off, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("%w: the element at %d is larger than its parent", ErrMalformed, off)
}

func (b *BlockReader) timestamp(h header, off int64) error {
	ticks, err := b.uint(h, off)
	if err == nil && ticks > b.maxTicks {
		err = fmt.Errorf("%w: a Cluster at tick %d", ErrMalformed, ticks)
	}
	b.ticks, b.timed = int64(ticks), true
	return err
}

func (b *BlockReader) block(id uint32, at int64, data extent) (Block, error) {
	if !b.timed {
		return Block{}, fmt.Errorf("%w: a Block at %d before the time of its Cluster", ErrMalformed, at)
	}
	block := Block{Cluster: b.cluster.off, Relative: at - b.cluster.data}
	read := b.group
	if id == idSimpleBlock {
		read = b.simple
	}
	err := read(&block, data)
	return block, err
}

// Append appends the bytes of a frame of a Block that Next gave, behind the bytes that its track has Stripped. It reads
// the fewest bytes before the next call of Next. A frame of more than 64 MiB is ErrTooMuch. Frames of a Sealed or
// Compressed track are given as they are stored.
func (b *BlockReader) Append(dst []byte, block Block, frame int) ([]byte, error) {
	f := block.Frames[frame]
	if f.Size > maxFrame {
		return nil, fmt.Errorf("%w: a frame of %d bytes", ErrTooMuch, f.Size)
	}
	if f.Offset < 0 || f.Size < 0 || f.Offset > b.w.end-f.Size {
		return nil, fmt.Errorf("%w: a frame at %d behind the file", ErrMalformed, f.Offset)
	}
	dst = append(dst, b.tracks[block.Track].Stripped...)
	n := len(dst)
	dst = append(dst, make([]byte, f.Size)...)
	if err := b.w.copy(dst[n:], f.Offset); err != nil {
		return nil, fmt.Errorf("read matroska frame: %w", err)
	}
	return dst, nil
}
