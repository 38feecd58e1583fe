package transcoder

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"sort"

	"movify/pkg/blob"
	"movify/transcoder/original"
)

const (
	// ownPart is from how many bytes on a range of the file is a part of its own, which the kernel sends. Shorter ones, as
	// picture and sound take turns in a file, cost less when they are read into memory and sent together. With 8 KiB a film of
	// 8 Mb/s took half the processor time that it took with 32 KiB.
	ownPart = 8 << 10
	// gathered is how many bytes are sent together at most.
	gathered = 256 << 10
	// checkedFor is how many bytes are sent before the file is looked at again.
	checkedFor = 512 << 10
)

// copiedParts gives out the bytes of one segment: its head, and the ranges of the file that follow.
type copiedParts struct {
	stream *OriginalStream
	file   *os.File
	bytes  original.Bytes
	starts []int64 // offsets in the segment: of the head, and of each range
	buffer *[]byte // of the part that is open; nil until one is gathered
	// checkAt is the offset in the segment from which on the file is looked at again.
	checkAt int64
}

func newCopiedParts(s *OriginalStream, f *os.File, b original.Bytes) *copiedParts {
	c := &copiedParts{stream: s, file: f, bytes: b, starts: make([]int64, 1, len(b.Parts)+1)}
	at := int64(len(b.Head))
	for _, p := range b.Parts {
		c.starts = append(c.starts, at)
		at += p.Size
	}
	return c
}

// check is blob.Parts.Check: a file that is the one whose index was read has had the same bytes until now.
func (c *copiedParts) check() error { return c.stream.same(c.file) }

// open is blob.Parts.Open. The file is looked at again on the way, so that a response from one that has changed ends early; that it
// does not end well is for check.
func (c *copiedParts) open(at int64) (blob.Object, int64, error) {
	if at < 0 || at >= c.bytes.Size {
		return blob.Object{}, 0, io.EOF
	}
	if at >= c.checkAt {
		if err := c.check(); err != nil {
			return blob.Object{}, 0, err
		}
		c.checkAt = at + checkedFor
	}
	n := sort.Search(len(c.starts), func(n int) bool { return c.starts[n] > at }) - 1
	if n > 0 && own(c.bytes.Parts[n-1]) {
		p := c.bytes.Parts[n-1]
		return blob.Object{
			Info: blob.Info{Size: p.Size}, File: c.file, Offset: p.Offset,
			Body: unowned{io.NewSectionReader(c.file, p.Offset, p.Size)},
		}, c.starts[n], nil
	}
	start := c.starts[n]
	if err := c.gather(n); err != nil {
		return blob.Object{}, 0, err
	}
	if err := c.check(); err != nil {
		return blob.Object{}, 0, err
	}
	return blob.Object{
		Info: blob.Info{Size: int64(len(*c.buffer))}, Body: unowned{bytes.NewReader(*c.buffer)},
	}, start, nil
}

// gather reads the head or a short range, and those that follow it up to one that is a part of its own. They fit, as a head
// has some bytes for each picture.
func (c *copiedParts) gather(n int) error {
	if c.buffer == nil {
		if c.buffer, _ = c.stream.buffers.Get().(*[]byte); c.buffer == nil {
			c.buffer = new([]byte)
		}
	}
	out := (*c.buffer)[:0]
	if n == 0 {
		out = append(out, c.bytes.Head...)
		n = 1
	}
	parts, size := c.bytes.Parts[n-1:], int64(len(out))
	for n, p := range parts {
		if own(p) || size > 0 && size+p.Size > gathered {
			parts = parts[:n]
			break
		}
		size += p.Size
	}
	out = slices.Grow(out, int(size)-len(out))
	for _, p := range parts {
		if len(p.Data) > 0 {
			out = append(out, p.Data...)
			continue
		}
		from := len(out)
		out = out[:from+int(p.Size)]
		if len(p.Pieces) > 0 {
			if err := p.Fill(c.file, out[from:]); err != nil {
				return asSourceFault(err)
			}
			continue
		}
		if _, err := c.file.ReadAt(out[from:], p.Offset); errors.Is(err, io.EOF) {
			return original.ErrChanged.Because(io.ErrUnexpectedEOF)
		} else if err != nil {
			return ErrSourceAway.Because(err)
		}
	}
	*c.buffer = out
	return nil
}

// close closes the file. The buffer goes to the next segment.
func (c *copiedParts) close() error {
	if c.buffer != nil {
		c.stream.buffers.Put(c.buffer)
		c.buffer = nil
	}
	return c.file.Close()
}

// own reports whether a part is sent by itself: a range of the file. Bytes that are not in the file are a few.
func own(p original.Part) bool { return p.Size >= ownPart && len(p.Data) == 0 && len(p.Pieces) == 0 }

// unowned is a body whose file is closed by another.
type unowned struct{ io.ReadSeeker }

func (unowned) Close() error { return nil }
