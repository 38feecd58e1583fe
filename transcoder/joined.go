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

// joined reads a head and single segments as the one blob they become. At most one segment is open at a time. Close it.
type joined struct {
	ctx   context.Context
	stage blob.Store
	asset media.Asset
	r     id.Rendition
	head  []byte
	p     media.Packing

	mu   sync.Mutex
	open *blob.Object
	at   int // the open segment
	gone int // the segment that is not as it was, -1 = none
}

func newJoined(ctx context.Context, stage blob.Store, a media.Asset, r id.Rendition, head []byte, p media.Packing) *joined {
	return &joined{ctx: ctx, stage: stage, asset: a, r: r, head: head, p: p, gone: -1}
}

func (j *joined) size() int64 { return j.p.Offsets[j.p.Segments()] }

// ReadAt may be called from many goroutines; they take turns.
func (j *joined) ReadAt(b []byte, off int64) (n int, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for n < len(b) && err == nil {
		var got int
		got, err = j.readOne(b[n:], off+int64(n))
		n += got
	}
	return n, err
}

// readOne reads from the head or from one segment, at least a byte.
func (j *joined) readOne(b []byte, off int64) (int, error) {
	if off >= j.size() {
		return 0, io.EOF
	}
	if off < int64(len(j.head)) {
		return copy(b, j.head[off:]), nil
	}
	segment := sort.Search(j.p.Segments(), func(i int) bool { return j.p.Offsets[i+1] > off })
	if err := j.turn(segment); err != nil {
		return 0, err
	}
	begin, length := j.p.Segment(segment)
	if _, err := j.open.Body.Seek(off-begin, io.SeekStart); err != nil {
		return 0, fmt.Errorf("seek in segment %d of %s: %w", segment, j.r, err)
	}
	n, err := io.ReadFull(j.open.Body, b[:min(int64(len(b)), length-(off-begin))])
	if err != nil {
		return n, fmt.Errorf("read segment %d of %s: %w", segment, j.r, err)
	}
	return n, nil
}

// turn opens a segment in the place of the one that is open.
func (j *joined) turn(segment int) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	if j.open != nil && j.at == segment {
		return nil
	}
	if err := j.close(); err != nil {
		return err
	}
	o, err := j.stage.Open(j.ctx, j.asset.SegmentKey(j.r, segment))
	if errors.Is(err, blob.ErrNotFound) {
		j.gone = segment
	}
	if err != nil {
		return fmt.Errorf("pack segment %d of %s: %w", segment, j.r, err)
	}
	j.open, j.at = &o, segment
	if _, length := j.p.Segment(segment); o.Size != length {
		j.gone = segment
		return fmt.Errorf("pack segment %d of %s: it has %d bytes, the index says %d", segment, j.r, o.Size, length)
	}
	return nil
}

// missing gives the segment that was found gone or changed.
func (j *joined) missing() (segment int, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.gone, j.gone >= 0
}

func (j *joined) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.close()
}

func (j *joined) close() error {
	if j.open == nil {
		return nil
	}
	o := j.open
	j.open = nil
	return o.Body.Close()
}
