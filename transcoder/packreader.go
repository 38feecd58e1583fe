package transcoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// packReader reads a head and loose segments as the packed blob they become. At most one segment is open at a time.
type packReader struct {
	ctx     context.Context
	stage   blob.Store
	asset   media.Asset
	r       id.Rendition
	head    []byte
	packing media.Packing

	mu      sync.Mutex
	open    *blob.Object
	at      int // the open segment
	damaged int // a segment that is gone or has another size than the index says, -1 = none
}

func newPackReader(
	ctx context.Context, stage blob.Store, a media.Asset, r id.Rendition, head []byte, p media.Packing,
) *packReader {
	return &packReader{ctx: ctx, stage: stage, asset: a, r: r, head: head, packing: p, damaged: -1}
}

func (p *packReader) size() int64 { return p.packing.Offsets[p.packing.Segments()] }

// ReadAt may be called from many goroutines; they take turns.
func (p *packReader) ReadAt(b []byte, off int64) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n < len(b) && err == nil {
		var got int
		got, err = p.readOne(b[n:], off+int64(n))
		n += got
	}
	return n, err
}

// readOne reads from the head or from one segment, at least a byte.
func (p *packReader) readOne(b []byte, off int64) (int, error) {
	if off >= p.size() {
		return 0, io.EOF
	}
	if off < int64(len(p.head)) {
		return copy(b, p.head[off:]), nil
	}
	segment := sort.Search(p.packing.Segments(), func(i int) bool { return p.packing.Offsets[i+1] > off })
	if err := p.openSegment(segment); err != nil {
		return 0, err
	}
	begin, length := p.packing.Segment(segment)
	if _, err := p.open.Body.Seek(off-begin, io.SeekStart); err != nil {
		return 0, fmt.Errorf("seek in segment %d of %s: %w", segment, p.r, err)
	}
	n, err := io.ReadFull(p.open.Body, b[:min(int64(len(b)), length-(off-begin))])
	if err != nil {
		return n, fmt.Errorf("read segment %d of %s: %w", segment, p.r, err)
	}
	return n, nil
}

// openSegment opens a segment and closes the one before.
func (p *packReader) openSegment(segment int) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if p.open != nil && p.at == segment {
		return nil
	}
	if err := p.close(); err != nil {
		return err
	}
	o, err := p.stage.Open(p.ctx, p.asset.SegmentKey(p.r, segment))
	if errors.Is(err, blob.ErrNotFound) {
		p.damaged = segment
	}
	if err != nil {
		return fmt.Errorf("pack segment %d of %s: %w", segment, p.r, err)
	}
	p.open, p.at = &o, segment
	if _, length := p.packing.Segment(segment); o.Size != length {
		p.damaged = segment
		return fmt.Errorf(
			"pack segment %d of %s: it has %d bytes, the segment index says %d", segment, p.r, o.Size, length,
		)
	}
	return nil
}

// missing gives the segment that was found gone, or of another size.
func (p *packReader) missing() (segment int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.damaged, p.damaged >= 0
}

func (p *packReader) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.close()
}

func (p *packReader) close() error {
	if p.open == nil {
		return nil
	}
	o := p.open
	p.open = nil
	return o.Body.Close()
}
