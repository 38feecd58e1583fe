package mp4

import (
	"fmt"
	"math"
)

// Index is a segment index, the sidx box of ISO/IEC 14496-12 section 8.16.3, of one track whose segments follow it
// without gaps, each beginning with a picture or sound that needs no other.
type Index struct {
	Timescale  uint32 // ticks per second
	References []Reference
}

// Reference is one segment in an Index.
type Reference struct {
	Size     uint32 // bytes, at most MaxReferenceSize
	Duration uint32 // ticks
}

// The limits of the box's fields.
const (
	MaxReferences    = math.MaxUint16
	MaxReferenceSize = math.MaxInt32
)

// indexHeader is the size of the box without its references; each of those takes referenceSize bytes.
const (
	indexHeader   = 40
	referenceSize = 12
)

// IndexSize is how many bytes the index of that many segments takes.
func IndexSize(segments int) int64 { return indexHeader + referenceSize*int64(segments) }

// startsWithSAP says that a segment begins with a stream access point of type 1: starts_with_SAP and SAP_type.
const startsWithSAP = 1<<31 | 1<<28

// WriteIndex writes the box. Presentation begins at zero, the edit list applied, with the segment that follows the box
// at once. An index that the fields cannot hold is an error.
func WriteIndex(x Index) ([]byte, error) {
	if len(x.References) == 0 || len(x.References) > MaxReferences {
		return nil, fmt.Errorf("index %d segments: a sidx holds 1 to %d", len(x.References), MaxReferences)
	}
	const version, track = 1 << 24, 1
	out := words(version, track, x.Timescale, 0, 0, 0, 0, uint32(len(x.References)))
	for n, r := range x.References {
		if r.Size == 0 || r.Size > MaxReferenceSize {
			return nil, fmt.Errorf("index segment %d: a sidx cannot hold %d bytes", n, r.Size)
		}
		out = append(out, words(r.Size, r.Duration, startsWithSAP)...)
	}
	return makeBox("sidx", out), nil
}

// ParseIndex reads what WriteIndex writes, in either version of the box. An index of indexes, one with a gap before the
// first segment and one that does not begin at zero are ErrMalformed: they are none of ours.
func ParseIndex(b Box) (Index, error) {
	if b.Type != "sidx" {
		return Index{}, fmt.Errorf("%w: %q where a sidx should be", ErrMalformed, b.Type)
	}
	c := cursor{b: b.Payload()}
	version := c.u32() >> 24
	c.skip(4) // reference_ID
	x := Index{Timescale: c.u32()}
	var earliest, gap uint64
	switch version {
	case 0:
		earliest, gap = uint64(c.u32()), uint64(c.u32())
	case 1:
		earliest, gap = c.u64(), c.u64()
	default:
		return Index{}, fmt.Errorf("%w: sidx of version %d", ErrMalformed, version)
	}
	count := int(c.u32() & MaxReferences)
	if c.short || len(c.b) != count*referenceSize || count == 0 {
		return Index{}, fmt.Errorf("%w: a sidx of %d bytes for %d segments", ErrMalformed, len(b.Raw), count)
	}
	if x.Timescale == 0 || earliest != 0 || gap != 0 {
		return Index{}, fmt.Errorf(
			"%w: sidx with timescale %d, beginning at %d, after %d bytes", ErrMalformed, x.Timescale, earliest, gap,
		)
	}
	x.References = make([]Reference, count)
	for n := range x.References {
		r := Reference{Size: c.u32(), Duration: c.u32()}
		c.skip(4) // access point
		if r.Size == 0 || r.Size > MaxReferenceSize {
			return Index{}, fmt.Errorf("%w: segment %d of the sidx is empty or an index itself", ErrMalformed, n)
		}
		x.References[n] = r
	}
	return x, nil
}
