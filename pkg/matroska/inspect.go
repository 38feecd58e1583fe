// Package matroska reads the header of a Matroska or WebM file, whether the file is complete, its index (Cues) and the
// Blocks of its Clusters. It reads EBML (RFC 8794) and Matroska (RFC 9559) from an io.ReaderAt, touches few bytes of
// large files, and bounds time and memory whatever the bytes say. It never writes, and holds no policy.
package matroska

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrNotMatroska is returned, wrapped, for a file that does not begin as EBML with a DocType of "matroska" or "webm".
var ErrNotMatroska = errors.New("not a Matroska file")

// ErrMalformed is returned, wrapped, for a file that begins as Matroska and then breaks its rules.
var ErrMalformed = errors.New("malformed Matroska file")

const (
	// headSize is read at once: more than any EBML header in use, which has about 40 bytes.
	headSize = 1 << 10
	// maxSkips bounds the elements (Void, CRC-32) between EBML header and Segment.
	maxSkips = 16
)

// Info is the result of Inspect.
type Info struct {
	DocType string // "matroska" or "webm"; empty when the file ends before it says so
	// SegmentEnd is the offset in bytes at which the complete file's Segment ends; -1 when the Segment does not say
	// (a live recording) or was not reached.
	SegmentEnd int64
	// Truncated reports that the file ends before its Segment does: it is still being copied, or was cut off.
	Truncated bool
}

// Inspect reads less than 4 KB of a file of the given size. A Segment of unknown size is never called truncated.
func Inspect(r io.ReaderAt, size int64) (Info, error) {
	info, _, err := inspect(r, size)
	if err != nil {
		return Info{}, fmt.Errorf("inspect matroska: %w", err)
	}
	return info, nil
}

// inspect also gives the offset of the Segment's data, 0 when the file ends before it.
func inspect(r io.ReaderAt, size int64) (info Info, segment int64, err error) {
	info.SegmentEnd = -1
	head, err := readAt(r, 0, min(headSize, size))
	if err != nil {
		return Info{}, 0, err
	}
	magic := []byte{idEBML >> 24, idEBML >> 16 & 0xff, idEBML >> 8 & 0xff, idEBML & 0xff}
	if !bytes.HasPrefix(head, magic) {
		return Info{}, 0, ErrNotMatroska
	}
	h, err := parseHeader(head)
	if errors.Is(err, errShort) {
		info.Truncated = true
		return info, 0, nil
	}
	if err != nil {
		return Info{}, 0, err
	}
	if h.size == unknownSize || h.size > headSize-maxHeader {
		return Info{}, 0, fmt.Errorf("%w: EBML header of %d bytes", ErrMalformed, h.size)
	}
	end := int64(h.len) + h.size
	if end > size {
		info.Truncated = true
		return info, 0, nil
	}
	if info.DocType, err = docType(head[h.len:end]); err != nil {
		return Info{}, 0, err
	}
	return findSegment(r, size, end, info)
}

// docType reads the EBML header's data.
func docType(b []byte) (string, error) {
	for e, err := range children(b) {
		if err != nil {
			return "", err
		}
		if e.id != idDocType {
			continue
		}
		// Padding with zero bytes is allowed (RFC 8794 section 7.4).
		switch d := string(bytes.TrimRight(e.data, "\x00")); d {
		case "matroska", "webm":
			return d, nil
		default:
			return "", fmt.Errorf("%w: EBML document of type %q", ErrNotMatroska, d)
		}
	}
	return "", fmt.Errorf("%w: EBML document without a type", ErrNotMatroska)
}

// findSegment completes info from the Segment's header at or after off.
func findSegment(r io.ReaderAt, size, off int64, info Info) (Info, int64, error) {
	for range maxSkips {
		h, err := readHeader(r, off, size)
		if errors.Is(err, io.EOF) && off >= size || errors.Is(err, errShort) {
			info.Truncated = true
			return info, 0, nil
		}
		if err != nil {
			return Info{}, 0, err
		}
		data := off + int64(h.len)
		switch {
		case h.id == idSegment && h.size == unknownSize:
			return info, data, nil
		case h.id == idSegment:
			info.SegmentEnd = data + h.size // sizes have 56 bits: no overflow
			info.Truncated = info.SegmentEnd > size
			return info, data, nil
		case h.size == unknownSize:
			return Info{}, 0, fmt.Errorf("%w: element %#x of unknown size before the Segment", ErrMalformed, h.id)
		case h.size >= size-data:
			info.Truncated = true
			return info, 0, nil
		}
		off = data + h.size
	}
	return Info{}, 0, fmt.Errorf("%w: no Segment among the first %d elements", ErrMalformed, maxSkips)
}
