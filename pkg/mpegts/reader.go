package mpegts

import (
	"fmt"
	"io"
	"math"
)

// Reader reads the packets of a transport stream in a file. It is safe for concurrent use.
type Reader struct {
	r     io.ReaderAt
	size  int64
	shape int // index of strides
}

// NewReader recognises a transport stream by the first packets of a file of size bytes: plain ones, those with the four bytes
// of arrival time of Blu-ray and AVCHD (M2TS), or those with a Reed-Solomon code. A file that is none is ErrNotTS.
func NewReader(r io.ReaderAt, size int64) (*Reader, error) {
	s, err := open(r, size)
	if err != nil {
		return nil, fmt.Errorf("read a transport stream: %w", err)
	}
	return &Reader{r: r, size: size, shape: s.shape}, nil
}

// Stride is the distance of two packets, bytes.
func (r *Reader) Stride() int64 { return int64(strides[r.shape].size) }

// Packet is a packet of a transport stream (ISO/IEC 13818-1 section 2.4.3).
type Packet struct {
	Offset    int64 // of its first byte in the file, an arrival time included
	PID       uint16
	Start     bool // a section or a PES packet begins in it
	Counter   byte // continuity counter, 4 bits
	Damaged   bool // transport_error_indicator
	Scrambled bool
	Payload   []byte // valid while it is visited; empty for none
	At        int64  // offset of Payload in the file
}

// Each visits the packets that begin in [from, to) in order, until visit returns false. A packet is expected at from. Bytes that are
// no packets are passed by, which the Offset of the packet behind them tells.
func (r *Reader) Each(from, to int64, visit func(Packet) bool) error {
	s := stream{r: r.r, size: r.size, shape: r.shape, left: math.MaxInt64, buf: make([]byte, chunk)}
	stride, begin := strides[r.shape].size, strides[r.shape].begin
	for to = min(to, r.size); from < to; {
		b, err := s.load(from)
		if err != nil {
			return err
		}
		at := 0
		for at+stride <= len(b) && from+int64(at) < to {
			if !s.followed(b, at, from) {
				at++
				continue
			}
			if !visit(s.whole(parse(b[at+begin:at+begin+packetSize], from+int64(at)))) {
				return nil
			}
			at += stride
		}
		if at == 0 {
			return nil // less than a packet is left
		}
		from += int64(at)
	}
	return nil
}

// followed reports whether there is a packet at a place of b, which begins at from in the file, and another one behind it. The last
// bytes of a file may be a part of one.
func (s *stream) followed(b []byte, at int, from int64) bool {
	stride, begin := strides[s.shape].size, strides[s.shape].begin
	next := at + stride
	if b[at+begin] != syncByte {
		return false
	}
	return next+begin >= len(b) || b[next+begin] == syncByte || from+int64(next+stride) > s.size
}

// whole adds what a packet carries.
func (s *stream) whole(p packet) Packet {
	const header, lengthByte, scrambling, adapted = 4, 1, 0xc0, 0x20
	out := Packet{Offset: p.off, PID: p.pid, Start: p.start, Counter: p.counter, Damaged: p.damaged}
	out.Scrambled = p.raw[3]&scrambling != 0
	from := header
	if p.raw[3]&adapted != 0 {
		from += lengthByte + int(p.raw[4])
	}
	if p.payload && from < packetSize {
		out.Payload, out.At = p.raw[from:packetSize], p.off+int64(strides[s.shape].begin+from)
	}
	return out
}
