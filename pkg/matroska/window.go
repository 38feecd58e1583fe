package matroska

import (
	"fmt"
	"io"
)

// Sizes of the reads of a window, bytes. A share at the other end of a network answers each read after a while, so bytes
// that are read one after another come in large ones; where most are skipped, small ones leave the rest alone.
const (
	minWindow = 4 << 10
	maxWindow = 256 << 10
)

// window reads a file from front to back through one buffer.
type window struct {
	r    io.ReaderAt
	end  int64 // no byte at or behind it is read
	off  int64 // offset of buf
	buf  []byte
	size int // bytes of the next read
}

// peek gives the n bytes at off, fewer where the window ends. They are valid until the next call.
func (w *window) peek(off int64, n int) ([]byte, error) {
	if n = int(min(int64(n), w.end-off)); n <= 0 {
		return nil, nil
	}
	if off < w.off || off+int64(n) > w.off+int64(len(w.buf)) {
		if err := w.fill(off, n); err != nil {
			return nil, err
		}
	}
	return w.buf[off-w.off:][:n], nil
}

// fill reads n bytes at off or more: twice as many as before when they follow, half as many behind a jump.
func (w *window) fill(off int64, n int) error {
	w.size = max(w.size, minWindow)
	if off >= w.off && off <= w.off+int64(len(w.buf)) {
		w.size = min(2*w.size, maxWindow)
	} else {
		w.size = max(w.size/2, minWindow)
	}
	size := int(min(int64(max(n, w.size)), w.end-off))
	if cap(w.buf) < size {
		w.buf = make([]byte, size)
	}
	w.off, w.buf = off, w.buf[:size]
	if got, err := w.r.ReadAt(w.buf, off); got < size {
		w.buf = w.buf[:0]
		return shortRead(size, off, err)
	}
	return nil
}

// copy fills dst with the bytes at off. Large payloads outside the window are read past it.
func (w *window) copy(dst []byte, off int64) error {
	for len(dst) > 0 {
		if held := w.off + int64(len(w.buf)); off >= w.off && off < held {
			n := copy(dst, w.buf[off-w.off:])
			dst, off = dst[n:], off+int64(n)
			continue
		}
		if len(dst) >= maxWindow/2 {
			if got, err := w.r.ReadAt(dst, off); got < len(dst) {
				return shortRead(len(dst), off, err)
			}
			w.off, w.buf = off+int64(len(dst)), w.buf[:0]
			return nil
		}
		if err := w.fill(off, len(dst)); err != nil {
			return err
		}
	}
	return nil
}

// shortRead is the error of a read that gave less than the file had when its size was taken.
func shortRead(n int, off int64, err error) error {
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read %d bytes at %d: %w", n, off, err)
}
