package matroska

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Block is a SimpleBlock or a BlockGroup: one frame, or several of them laced. Times are ticks of the Index.
type Block struct {
	Cluster  int64 // offset of its Cluster in the file, bytes, as in Cue
	Relative int64 // offset of its element in the Cluster's data, bytes, as in Cue
	Track    uint64
	Ticks    int64 // presentation time of its first frame; may be negative in the first Cluster
	// Key says that its frames need no others: the flag of a SimpleBlock, or a BlockGroup without a ReferenceBlock.
	Key         bool
	Discardable bool // other frames do not need it
	Invisible   bool // it is decoded and not shown
	// Duration is that of the whole Block, with HasDuration.
	Duration    int64
	HasDuration bool
	// DiscardNS is how much of its decoded end is not to be heard; of its beginning when it is negative.
	DiscardNS int64
	Frames    []Frame
}

// Frame is the place of a frame in the file, bytes. What its track has Stripped is not there.
type Frame struct{ Offset, Size int64 }

// Flags of a Block's header (RFC 9559 sections 10.1 and 10.2).
const (
	flagKey         = 0x80
	flagInvisible   = 0x08
	flagDiscardable = 0x01
)

// simple reads a SimpleBlock from its data.
func (b *BlockReader) simple(block *Block, data extent) error {
	flags, err := b.frames(block, data)
	block.Key, block.Discardable = flags&flagKey != 0, flags&flagDiscardable != 0
	return err
}

// group reads a BlockGroup from its data (section 5.1.3.5).
func (b *BlockReader) group(block *Block, data extent) error {
	block.Key = true
	found := false
	for off, end := data.off, data.off+data.size; off < end; {
		h, err := b.header(off, end)
		if err != nil {
			return err
		}
		off += int64(h.len)
		switch h.id {
		case idBlock:
			if found {
				return fmt.Errorf("%w: a BlockGroup at %d of several Blocks", ErrMalformed, data.off)
			}
			found = true
			_, err = b.frames(block, extent{off, h.size})
		case idReferenceBlock:
			block.Key = false
		case idBlockDuration:
			var ticks uint64
			ticks, err = b.uint(h, off)
			if ticks > b.maxTicks {
				err = fmt.Errorf("%w: a Block of %d ticks", ErrMalformed, ticks)
			}
			block.Duration, block.HasDuration = int64(ticks), true
		case idDiscardPadding:
			block.DiscardNS, err = b.int(h, off)
		}
		if err != nil {
			return err
		}
		off += h.size
	}
	if !found {
		return fmt.Errorf("%w: a BlockGroup at %d without a Block", ErrMalformed, data.off)
	}
	return nil
}

// uint reads an unsigned integer element at off.
func (b *BlockReader) uint(h header, off int64) (uint64, error) {
	data, err := b.w.peek(off, int(min(h.size, 9)))
	if err != nil {
		return 0, err
	}
	return element{h.id, data}.uint()
}

// int reads a signed integer element at off (RFC 8794 section 7.1).
func (b *BlockReader) int(h header, off int64) (int64, error) {
	v, err := b.uint(h, off)
	shift := 64 - 8*uint(min(h.size, 8))
	return int64(v<<shift) >> shift, err
}

// frames reads a Block's structure (section 10.1): track number, relative timestamp, flags, lace sizes, frames.
func (b *BlockReader) frames(block *Block, data extent) (flags byte, err error) {
	end := data.off + data.size
	head, err := b.w.peek(data.off, int(min(data.size, 8+3)))
	if err != nil {
		return 0, err
	}
	number, n := vint(head)
	if n == 0 || len(head) < n+3 {
		return 0, fmt.Errorf("%w: a Block at %d is cut off", ErrMalformed, data.off)
	}
	track, known := b.tracks[number]
	if !known {
		return 0, fmt.Errorf("%w: a Block at %d of track %d, which there is not", ErrMalformed, data.off, number)
	}
	flags = head[n+2]
	block.Track, block.Ticks = number, b.ticks+int64(int16(binary.BigEndian.Uint16(head[n:])))
	block.Invisible = flags&flagInvisible != 0
	block.Frames, err = b.laced(lacing(flags>>1&3), extent{data.off + int64(n+3), end - data.off - int64(n+3)})
	if err == nil && track.Type == typeVideo && len(block.Frames) > 1 {
		// Section 10.3 keeps lacing to frames of known times, and those of pictures follow from no rate.
		err = fmt.Errorf("%w: a Block at %d with several pictures", ErrMalformed, data.off)
	}
	return flags, err
}

// vint reads an EBML variable-size integer (RFC 8794 section 4) and how many bytes it has, 0 when there is none.
func vint(b []byte) (value uint64, n int) {
	if len(b) == 0 {
		return 0, 0
	}
	n = bits.LeadingZeros8(b[0]) + 1
	if n > 8 || n > len(b) {
		return 0, 0
	}
	value = uint64(b[0]) & (1<<(8-n) - 1)
	for _, c := range b[1:n] {
		value = value<<8 | uint64(c)
	}
	return value, n
}
