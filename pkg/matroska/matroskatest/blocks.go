package matroskatest

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Kinds of lacing, as the flags of a Block have them (RFC 9559 section 10.1).
const (
	Unlaced = 0x00
	Xiph    = 0x02
	Fixed   = 0x04
	EBML    = 0x06
)

// Endless is an element of unknown size.
func Endless(id uint32, parts ...[]byte) []byte {
	name := binary.BigEndian.AppendUint32(nil, id)[bits.LeadingZeros32(id)/8:]
	return slices.Concat(append([][]byte{name, {0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, parts...)...)
}

// File is a Matroska file of these elements on the Segment's top level.
func File(top ...[]byte) []byte {
	return append(Element(ebml, Text(0x4282, "matroska")), Element(segment, top...)...)
}

// BlockData is the data of a SimpleBlock or a Block: its track below 127, the ticks behind its Cluster, its flags with the
// lacing among them, and its frames.
func BlockData(track byte, ticks int16, flags byte, frames ...[]byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0x80 | track}, uint16(ticks))
	out = append(out, flags)
	kind := flags & EBML
	if kind != Unlaced {
		out = append(out, byte(len(frames)-1))
	}
	for n, f := range frames[:len(frames)-1] {
		switch kind {
		case Xiph:
			for left := len(f); ; left -= 255 {
				out = append(out, byte(min(left, 255)))
				if left < 255 {
					break
				}
			}
		case EBML:
			const bias = 1<<13 - 1 // sizes and differences of two bytes
			value := len(f)
			if n > 0 {
				value += bias - len(frames[n-1])
			}
			out = binary.BigEndian.AppendUint16(out, uint16(value)|1<<14)
		}
	}
	return slices.Concat(append([][]byte{out}, frames...)...)
}
