package header

import "io"

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
}

type page struct {
	at   int64
	data []byte
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

func (p *pages) page(at int64) ([]byte, error) {
	for _, k := range p.kept {
		if k.at == at && k.data != nil {
			return k.data, nil
		}
	}
	slot := &p.kept[p.next]
	p.next = (p.next + 1) % pagesKept
	if slot.data == nil {
		slot.data = make([]byte, pageSize)
	}
	data := slot.data[:min(pageSize, p.size-at)]
	slot.data = nil // not to be found if the read fails
	n, err := p.r.ReadAt(data[:cap(data)][:min(pageSize, p.size-at)], at)
	if err != nil && (err != io.EOF || n == 0) {
		return nil, err
	}
	slot.at, slot.data = at, data[:n]
	return slot.data, nil
}
