package mpegts

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrNotTS is returned, wrapped, for a file that does not begin with packets of a transport stream.
var ErrNotTS = errors.New("not a transport stream")

const (
	packetSize = 188 // ISO/IEC 13818-1 section 2.4.3.2
	syncByte   = 0x47
	inRow      = 5 // packets whose sync bytes follow each other before bytes are believed to be packets
)

// strides are the distances of packets and where in one the packet begins: plain, with the four bytes of arrival time of
// Blu-ray and AVCHD (M2TS), and with the sixteen of a Reed-Solomon code behind it.
var strides = [...]struct{ size, begin int }{{packetSize, 0}, {192, 4}, {204, 0}}

// packet is the header of one.
type packet struct {
	off     int64 // of its first byte in the file, the bytes before it in its stride included
	pid     uint16
	start   bool // a section or a PES packet begins in it
	payload bool
	counter byte  // continuity counter, 4 bits
	clock   int64 // its PCR in ticks of 90 kHz, 33 bits; −1 = it has none
	jumps   bool  // discontinuity_indicator
	damaged bool  // transport_error_indicator
	raw     []byte
}

// parse reads the header of a packet.
func parse(b []byte, off int64) packet {
	p := packet{
		off: off, pid: uint16(b[1]&0x1f)<<8 | uint16(b[2]), start: b[1]&0x40 != 0, damaged: b[1]&0x80 != 0,
		payload: b[3]&0x10 != 0, counter: b[3] & 0x0f, clock: -1, raw: b,
	}
	if b[3]&0x20 == 0 || b[4] == 0 { // no adaptation field, or an empty one
		return p
	}
	flags := b[5]
	p.jumps = flags&0x80 != 0
	if flags&0x10 != 0 && b[4] >= 7 {
		p.clock = int64(b[6])<<25 | int64(b[7])<<17 | int64(b[8])<<9 | int64(b[9])<<1 | int64(b[10])>>7
	}
	return p
}

// stream reads packets at any place of a file.
type stream struct {
	r     io.ReaderAt
	size  int64
	shape int   // index of strides
	left  int64 // bytes that may still be read; the file seems to end where they do
	buf   []byte
}

// chunk is how many bytes are read at once: the clock comes every 100 ms at least (section 2.7.2).
const chunk = 64 << 10

// open recognises a transport stream by its first packets.
func open(r io.ReaderAt, size int64) (*stream, error) {
	s := &stream{r: r, size: size, left: math.MaxInt64, buf: make([]byte, chunk)}
	head, err := s.load(0)
	if err != nil {
		return nil, err
	}
	for n := range strides {
		if s.shape = n; s.packetsAt(head, 0) {
			return s, nil
		}
	}
	return nil, ErrNotTS
}

// load reads up to a chunk at off.
func (s *stream) load(off int64) ([]byte, error) {
	n, err := s.r.ReadAt(s.buf[:max(0, min(chunk, s.size-off, s.left))], off)
	s.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %d bytes at %d: %w", len(s.buf), off, err)
	}
	return s.buf[:n], nil
}

// packetsAt reports whether b has packets in a row from at on, or one to its end when it is short.
func (s *stream) packetsAt(b []byte, at int) bool {
	stride, begin := strides[s.shape].size, strides[s.shape].begin
	if at+stride > len(b) {
		return false
	}
	for n := range inRow {
		sync := at + n*stride + begin
		if sync >= len(b) {
			break
		}
		if b[sync] != syncByte {
			return false
		}
	}
	return true
}

// each visits the packets from off on, bytes that are none passed by, until visit returns false, end, or the file's end.
func (s *stream) each(off, end int64, visit func(packet) bool) error {
	stride, begin := strides[s.shape].size, strides[s.shape].begin
	for off < end {
		b, err := s.load(off)
		if err != nil {
			return err
		}
		at, synced := 0, false
		for at+stride <= len(b) && off+int64(at) < end {
			next := at + stride + begin // one that was cut off has the beginning of another in it
			if !synced && !s.packetsAt(b, at) || b[at+begin] != syncByte || next < len(b) && b[next] != syncByte {
				at, synced = at+1, false
				continue
			}
			synced = true
			if !visit(parse(b[at+begin:at+begin+packetSize], off+int64(at))) {
				return nil
			}
			at += stride
		}
		if at == 0 {
			return nil // less than a packet is left
		}
		off += int64(at)
	}
	return nil
}
