// Package mp4 reads and writes the boxes of ISO/IEC 14496-12 that packaging, copying and quick probing need: the fragments of an
// encoder's pipe, Init Sections, canonical media segments, their index, the top level of a file, and its samples by tables
// or by fragments. It holds no policy: what a segment must look like is decided by its callers.
package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
)

// ErrMalformed is returned, wrapped, for bytes that are not the boxes they should be.
var ErrMalformed = errors.New("malformed mp4")

var be = binary.BigEndian

// Box is one whole box: size, type and payload as read.
type Box struct {
	Type   string
	Raw    []byte // header included
	header int    // 8, or 16 with a 64-bit size
}

// Payload is the box without its header.
func (b Box) Payload() []byte { return b.Raw[b.header:] }

// ReadBox reads the next box of a stream. A box larger than limit bytes is ErrMalformed. At a clean end it returns
// io.EOF; an end inside a box is io.ErrUnexpectedEOF.
func ReadBox(r io.Reader, limit int64) (Box, error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:8]); err != nil {
		return Box{}, err
	}
	size, header := int64(be.Uint32(head[:4])), 8
	if size == 1 {
		if _, err := io.ReadFull(r, head[8:16]); err != nil {
			return Box{}, unexpected(err)
		}
		size, header = int64(be.Uint64(head[8:16])), 16
	}
	if size < int64(header) || size > limit {
		return Box{}, fmt.Errorf("%w: box %q of %d bytes", ErrMalformed, head[4:8], size)
	}
	raw := make([]byte, size)
	copy(raw, head[:header])
	if _, err := io.ReadFull(r, raw[header:]); err != nil {
		return Box{}, unexpected(err)
	}
	return Box{Type: string(head[4:8]), Raw: raw, header: header}, nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// children walks the boxes inside a container's payload. It stops at the first that does not fit.
func children(payload []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for len(payload) >= 8 {
			size := int64(be.Uint32(payload))
			header := int64(8)
			if size == 1 && len(payload) >= 16 {
				size, header = int64(be.Uint64(payload[8:])), 16
			}
			if size < header || size > int64(len(payload)) {
				return
			}
			if !yield(string(payload[4:8]), payload[header:size]) {
				return
			}
			payload = payload[size:]
		}
	}
}

// find gives the payload of the first box along a path of types.
func find(payload []byte, path ...string) ([]byte, bool) {
	for _, want := range path {
		found := false
		for t, p := range children(payload) {
			if t == want {
				payload, found = p, true
				break
			}
		}
		if !found {
			return nil, false
		}
	}
	return payload, true
}

// makeBox writes a box from its payload's parts.
func makeBox(kind string, parts ...[]byte) []byte {
	n := 8
	for _, p := range parts {
		n += len(p)
	}
	b := make([]byte, 8, n)
	be.PutUint32(b, uint32(n))
	copy(b[4:], kind)
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// words writes 32-bit big-endian numbers.
func words(values ...uint32) []byte {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = be.AppendUint32(b, v)
	}
	return b
}
