package media

import "sort"

// Packing is the layout of a packed rendition: one file of its Init Section, a segment index (ISO/IEC 14496-12
// section 8.16.3, one reference for each segment) and all Media Segments in order, without gaps.
type Packing struct {
	Init  int64 // bytes of the Init Section, which begins at 0
	Index int64 // bytes of the segment index, which follows it
	// Offsets gives the first byte of each segment in the file and, last, the size of the file: one more than there are
	// segments.
	Offsets []int64
}

// Head is how many bytes are before the first segment.
func (p Packing) Head() int64 { return p.Init + p.Index }

// Segments is how many segments the file holds.
func (p Packing) Segments() int { return len(p.Offsets) - 1 }

// Segment gives the first byte and the length in bytes of segment n, which must be in [0, Segments).
func (p Packing) Segment(n int) (offset, length int64) {
	return p.Offsets[n], p.Offsets[n+1] - p.Offsets[n]
}

// At gives the segment that byte offset of the file belongs to; bytes before the first segment belong to segment 0.
func (p Packing) At(offset int64) int {
	n := sort.Search(p.Segments(), func(i int) bool { return p.Offsets[i+1] > offset })
	return min(n, p.Segments()-1)
}
