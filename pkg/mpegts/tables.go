package mpegts

import (
	"encoding/binary"
	"slices"
)

// Stream is an elementary stream as a program map table lists it (ISO/IEC 13818-1 section 2.4.4.8).
type Stream struct {
	PID         uint16
	Type        byte   // stream_type of table 2-34
	Descriptors []byte // each a tag, a length and as many bytes
	// Format is the format_identifier of the program's registration descriptor (section 2.6.8), as "HDMV" of a Blu-ray disc; ""
	// for none.
	Format string
}

// Descriptor gives what the first descriptor of a tag says.
func (s Stream) Descriptor(tag byte) ([]byte, bool) { return descriptor(s.Descriptors, tag) }

func descriptor(b []byte, tag byte) ([]byte, bool) {
	for len(b) >= 2 {
		size := int(b[1])
		if len(b) < 2+size {
			return nil, false
		}
		if b[0] == tag {
			return b[2 : 2+size], true
		}
		b = b[2+size:]
	}
	return nil, false
}

// Tables follow the program tables of a transport stream. The zero value has seen none.
type Tables struct {
	programs []uint16 // PIDs of the program map tables, as the association table lists them
	streams  map[uint16][]Stream
	order    []uint16 // programs whose table was met, in that order
	sections map[uint16][]byte
	changes  int
}

// Bounds of the tables.
const (
	maxSection  = 1024 // bytes (section 2.4.4.8)
	maxPrograms = 64
	maxStreams  = 256
)

// Tables that are read, by their table_id.
const (
	associationTable = 0
	mapTable         = 2
)

// Add reads a packet, which may be of any PID.
func (t *Tables) Add(p Packet) {
	if p.PID != pat && !slices.Contains(t.programs, p.PID) || len(p.Payload) == 0 || p.Damaged {
		return
	}
	if t.sections == nil {
		t.sections, t.streams = map[uint16][]byte{}, map[uint16][]Stream{}
	}
	b := p.Payload
	if !p.Start {
		if begun := t.sections[p.PID]; len(begun) > 0 {
			t.sections[p.PID] = t.whole(p.PID, append(begun, b...))
		}
		return
	}
	pointer := int(b[0])
	if b = b[1:]; pointer > len(b) {
		return
	}
	if begun := t.sections[p.PID]; len(begun) > 0 {
		t.whole(p.PID, append(begun, b[:pointer]...))
	}
	t.sections[p.PID] = t.whole(p.PID, slices.Clone(b[pointer:]))
}

// whole reads the sections that b has, and gives the beginning of one that goes on in the next packet.
func (t *Tables) whole(pid uint16, b []byte) []byte {
	const stuffing, header = 0xff, 3
	for len(b) > 0 && b[0] != stuffing {
		if len(b) < header {
			return b
		}
		size := header + int(binary.BigEndian.Uint16(b[1:])&0xfff)
		if size > maxSection {
			return nil
		}
		if len(b) < size {
			return b
		}
		t.section(pid, b[:size])
		b = b[size:]
	}
	return nil
}

// section reads a section that is whole. One whose checksum is wrong, or that applies later, is none.
func (t *Tables) section(pid uint16, b []byte) {
	const fixed, checksum, current = 8, 4, 1
	if len(b) < fixed+checksum || b[5]&current == 0 || crc(b) != 0 {
		return
	}
	body := b[fixed : len(b)-checksum]
	switch {
	case pid == pat && b[0] == associationTable:
		t.association(body)
	case pid != pat && b[0] == mapTable:
		t.program(pid, body)
	}
}

// association reads the PIDs of the program map tables; that of program 0 is of the network (section 2.4.4.3).
func (t *Tables) association(b []byte) {
	for ; len(b) >= 4; b = b[4:] {
		pid := binary.BigEndian.Uint16(b[2:]) & 0x1fff
		number := binary.BigEndian.Uint16(b)
		if number != 0 && !slices.Contains(t.programs, pid) && len(t.programs) < maxPrograms {
			t.programs = append(t.programs, pid)
		}
	}
}

func (t *Tables) program(pid uint16, b []byte) {
	const fixed, length, registration, formatSize = 5, 0xfff, 5, 4
	if len(b) < 4 {
		return
	}
	info := int(binary.BigEndian.Uint16(b[2:]) & length)
	if b = b[4:]; len(b) < info {
		return
	}
	format := ""
	if d, ok := descriptor(b[:info], registration); ok && len(d) >= formatSize {
		format = string(d[:formatSize])
	}
	var list []Stream
	for b = b[info:]; len(b) >= fixed && len(list) < maxStreams; {
		info := int(binary.BigEndian.Uint16(b[3:]) & length)
		if len(b) < fixed+info {
			return
		}
		list = append(list, Stream{
			Type: b[0], PID: binary.BigEndian.Uint16(b[1:]) & 0x1fff, Format: format,
			Descriptors: slices.Clone(b[fixed : fixed+info]),
		})
		b = b[fixed+info:]
	}
	before, met := t.streams[pid]
	if !met {
		t.order = append(t.order, pid)
	} else if !slices.EqualFunc(before, list, func(a, b Stream) bool { return a.PID == b.PID && a.Type == b.Type }) {
		t.changes++
	}
	t.streams[pid] = list
}

// Complete reports whether the tables of all programs were met.
func (t *Tables) Complete() bool { return len(t.programs) > 0 && len(t.order) == len(t.programs) }

// Changes counts how often a program got other streams.
func (t *Tables) Changes() int { return t.changes }

// Streams lists the streams of all programs whose tables were met, in the order in which they were: a PID that several
// programs share once.
func (t *Tables) Streams() (out []Stream) {
	for _, program := range t.order {
		for _, s := range t.streams[program] {
			if !slices.ContainsFunc(out, func(o Stream) bool { return o.PID == s.PID }) {
				out = append(out, s)
			}
		}
	}
	return out
}

// crc is the checksum of a section (annex A); 0 for one that ends with its own.
func crc(b []byte) uint32 {
	const polynomial = 0x04c11db7
	sum := uint32(0xffffffff)
	for _, c := range b {
		sum ^= uint32(c) << 24
		for range 8 {
			carry := sum>>31 != 0
			if sum <<= 1; carry {
				sum ^= polynomial
			}
		}
	}
	return sum
}
