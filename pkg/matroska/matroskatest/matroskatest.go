// Package matroskatest changes the headers of Matroska files that ffmpeg wrote, to hold what it does not write. It is imported by
// tests only and never decides what a header must look like.
package matroskatest

import (
	"encoding/binary"
	"math/bits"
)

// IDs of elements that tests need (RFC 9559 section 5.1).
const (
	segment    = 0x18538067
	info       = 0x1549A966
	tracks     = 0x1654AE6B
	trackEntry = 0xAE
	cluster    = 0x1F43B675
	ebml       = 0x1A45DFA3
)

// Element is an element with that content.
func Element(id uint32, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	name := binary.BigEndian.AppendUint32(nil, id)
	out := binary.BigEndian.AppendUint64(name[bits.LeadingZeros32(id)/8:], uint64(len(body))|1<<56)
	return append(out, body...)
}

// Number is an element that holds an unsigned integer.
func Number(id uint32, n uint64) []byte { return Element(id, binary.BigEndian.AppendUint64(nil, n)) }

// Text is an element that holds a text.
func Text(id uint32, text string) []byte { return Element(id, []byte(text)) }

// Rewrite gives a file of the Info, the Tracks and the Clusters of a file that ffmpeg wrote with a known size. The elements of
// more are added to its TrackEntries, by their positions, and those of top before the first Cluster.
func Rewrite(file []byte, more map[int][]byte, top ...[]byte) []byte {
	var head, body []byte
	for id, data := range elements(file) {
		switch id {
		case ebml:
			head = Element(ebml, data)
		case segment:
			body = rewriteSegment(data, more, top)
		}
	}
	return append(head, Element(segment, body)...)
}

func rewriteSegment(data []byte, more map[int][]byte, top [][]byte) (out []byte) {
	placed := false
	for id, data := range elements(data) {
		switch id {
		case info:
			out = append(out, Element(id, data)...)
		case tracks:
			var entries []byte
			n := 0
			for id, data := range elements(data) {
				if id == trackEntry {
					entries = append(entries, Element(id, data, more[n])...)
					n++
				}
			}
			out = append(out, Element(tracks, entries)...)
		case cluster:
			for _, e := range top {
				if !placed {
					out = append(out, e...)
				}
			}
			placed = true
			out = append(out, Element(id, data)...)
		}
	}
	return out
}

// elements walks the elements of some bytes; it stops at the first that is not whole.
func elements(b []byte) func(yield func(id uint32, data []byte) bool) {
	return func(yield func(uint32, []byte) bool) {
		for len(b) > 1 {
			idLength := bits.LeadingZeros8(b[0]) + 1
			if idLength > 4 || len(b) <= idLength {
				return
			}
			var id uint32
			for _, c := range b[:idLength] {
				id = id<<8 | uint32(c)
			}
			b = b[idLength:]
			sizeLength := bits.LeadingZeros8(b[0]) + 1
			if sizeLength > 8 || len(b) < sizeLength {
				return
			}
			size := uint64(b[0]) & (1<<(8-sizeLength) - 1)
			for _, c := range b[1:sizeLength] {
				size = size<<8 | uint64(c)
			}
			b = b[sizeLength:]
			if size > uint64(len(b)) || !yield(id, b[:size]) {
				return
			}
			b = b[size:]
		}
	}
}
