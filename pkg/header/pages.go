package header

import (
	"errors"
	"io"
)

const (
	pageSize  = 32 << 10
	pagesKept = 4
)

// pages reads a file in pages and caches the last few: headers are read in hundreds of small steps near each other.
type pages struct {
	r    io.ReaderAt
	size int64
	kept [pagesKept]page
	next int
	end  [4 << 10]byte // of the file, see filled
}

type page struct {
	at     int64
	data   []byte // the bytes at at, in buffer; nil when there are none
	buffer []byte // of pageSize bytes; nil before the first use
}

// of makes the pages those of another file. Their buffers are used again.
func (p *pages) of(r io.ReaderAt, size int64) *pages {
	p.r, p.size, p.next = r, size, 0
	for i := range p.kept {
		p.kept[i].data = nil
	}
	return p
}

// ReadAt implements io.ReaderAt. A read longer than a page bypasses the cache.
func (p *pages) ReadAt(b []byte, off int64) (int, error) {
	if len(b) > pageSize || off < 0 {
		return p.r.ReadAt(b, off)
	}
	n := 0
	for n < len(b) {
		if off+int64(n) >= p.size {
			return n, io.EOF
		}
		data, err := p.page((off + int64(n)) / pageSize * pageSize)
		if err != nil {
			return n, err
		}
		within := int(off+int64(n)) % pageSize
		if within >= len(data) {
			return n, io.EOF
		}
		n += copy(b[n:], data[within:])
	}
	return n, nil
}

// filled is an error for a file that ends in zeros: space that was reserved and perhaps never filled.
func (p *pages) filled() error {
	const length = int64(len(p.end))
	if p.size < length {
		return nil
	}
	clear(p.end[:])
	if _, err := p.ReadAt(p.end[:], p.size-length); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if p.end == [length]byte{} {
		return errors.New("zeros at the end")
	}
	return nil
}

func (p *pages) page(at int64) ([]byte, error) {
	for i := range p.kept {
		if k := &p.kept[i]; k.at == at && k.data != nil {
			return k.data, nil
		}
	}
	slot := &p.kept[p.next]
	p.next = (p.next + 1) % pagesKept
	if slot.buffer == nil {
		slot.buffer = make([]byte, pageSize)
	}
	slot.data = nil // not to be found if the read fails
	n, err := p.r.ReadAt(slot.buffer[:min(pageSize, p.size-at)], at)
	if err != nil && (err != io.EOF || n == 0) {
		return nil, err
	}
	slot.at, slot.data = at, slot.buffer[:n]
	return slot.data, nil
}
