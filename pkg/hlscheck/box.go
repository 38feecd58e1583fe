package hlscheck

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// errTruncated is returned for a box or field that reaches beyond its bytes.
var errTruncated = errors.New("it ends too early")

// box is one box of ISO/IEC 14496-12 section 4.2.
type box struct {
	kind  string
	start int    // offset of the header in the bytes that were split
	head  int    // length of the header
	body  []byte // without the header
}

// end is the offset behind the box.
func (b box) end() int { return b.start + b.head + len(b.body) }

// boxes splits data into the boxes that stand side by side in it.
func boxes(data []byte) ([]box, error) {
	var out []box
	for at := 0; at < len(data); {
		rest := data[at:]
		if len(rest) < 8 {
			return out, fmt.Errorf("box header at %d: %w", at, errTruncated)
		}
		size, head := uint64(binary.BigEndian.Uint32(rest)), 8
		switch size {
		case 0: // to the end
			size = uint64(len(rest))
		case 1:
			if len(rest) < 16 {
				return out, fmt.Errorf("box header at %d: %w", at, errTruncated)
			}
			size, head = binary.BigEndian.Uint64(rest[8:]), 16
		}
		kind := string(rest[4:8])
		if size < uint64(head) || size > uint64(len(rest)) {
			return out, fmt.Errorf("box %q at %d says %d bytes of %d: %w", kind, at, size, len(rest), errTruncated)
		}
		out = append(out, box{kind: kind, start: at, head: head, body: rest[head:size]})
		at += int(size)
	}
	return out, nil
}

// find descends along a path of kinds, taking the first of each; ok is false when one is missing or broken.
func find(data []byte, kinds ...string) (b box, ok bool) {
	for _, kind := range kinds {
		list, _ := boxes(data)
		ok = false
		for _, candidate := range list {
			if candidate.kind == kind {
				b, ok = candidate, true
				break
			}
		}
		if !ok {
			return box{}, false
		}
		data = b.body
	}
	return b, ok
}

// fields reads big-endian numbers in order. After a read beyond the end all reads give 0 and err tells.
type fields struct {
	b   []byte
	err error
}

// take gives the next n bytes, or nil.
func (f *fields) take(n int) []byte {
	if f.err != nil || n < 0 || n > len(f.b) {
		f.err = errTruncated
		return nil
	}
	out := f.b[:n]
	f.b = f.b[n:]
	return out
}

// uint gives the next n bytes as a number, n at most 8.
func (f *fields) uint(n int) uint64 {
	var v uint64
	for _, b := range f.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

// full reads the version and flags of a full box (ISO/IEC 14496-12 section 4.2.2).
func (f *fields) full() (version uint8, flags uint32) {
	v := f.uint(4)
	return uint8(v >> 24), uint32(v & 0xffffff)
}

// wide reads a number of 4 bytes in version 0 and of 8 bytes in version 1.
func (f *fields) wide(version uint8) uint64 {
	if version == 1 {
		return f.uint(8)
	}
	return f.uint(4)
}
