package mpegts

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
)

// sectionOf is a section with its length and checksum.
func sectionOf(table byte, body ...byte) []byte {
	b := append([]byte{table, 0xb0, byte(5 + len(body) + 4), 0, 1, 0xc1, 0, 0}, body...)
	return binary.BigEndian.AppendUint32(b, crc(b))
}

// inPackets carries sections in the packets of a PID, size bytes in each.
func inPackets(pid uint16, size int, sections ...[]byte) (out []Packet) {
	b := append([]byte{0}, bytes.Join(sections, nil)...)
	for n := 0; len(b) > 0; n++ {
		part := b[:min(size, len(b))]
		b = b[len(part):]
		out = append(out, Packet{PID: pid, Start: n == 0, Payload: part})
	}
	return out
}

func programOf(streams ...byte) []byte {
	return sectionOf(2, append([]byte{0xe1, 0, 0xf0, 0}, streams...)...)
}

func TestTables(t *testing.T) {
	t.Parallel()
	association := sectionOf(0, 0, 0, 0xe0, 0x10, 0, 1, 0xe0, 0x20, 0, 2, 0xe0, 0x30) // 0x10 is of the network
	first := programOf(0x1b, 0xe1, 0, 0xf0, 0, 0x0f, 0xe1, 1, 0xf0, 6, 0x0a, 4, 'g', 'e', 'r', 0)
	second := programOf(0x24, 0xe2, 0, 0xf0, 0, 0x0f, 0xe1, 1, 0xf0, 0)
	late := bytes.Clone(first)
	late[5] = 0xc0 // it applies next
	for _, size := range []int{3, 20, 70, 184} {
		var tables Tables
		add := func(pid uint16, sections ...[]byte) {
			for _, p := range inPackets(pid, size, sections...) {
				tables.Add(p)
			}
		}
		add(0x20, first) // of no program that is known
		add(0, association)
		if tables.Complete() || len(tables.Streams()) != 0 {
			t.Errorf("%d: complete before the programs", size)
		}
		add(0x30, late)
		add(0x30, second)
		damaged := bytes.Clone(first)
		damaged[14] ^= 1
		add(0x20, damaged)
		add(0x20, first, []byte{0xff, 0xff})
		add(0x20, first)
		want := []Stream{{PID: 0x200, Type: 0x24}, {PID: 0x101, Type: 0x0f}, {PID: 0x100, Type: 0x1b}}
		same := slices.EqualFunc(tables.Streams(), want, func(a, b Stream) bool { return a.PID == b.PID && a.Type == b.Type })
		if !tables.Complete() || !same || tables.Changes() != 0 {
			t.Errorf("%d: %v, %d changes", size, tables.Streams(), tables.Changes())
		}
		add(0x20, programOf(0x1b, 0xe1, 5, 0xf0, 0))
		if tables.Changes() != 1 {
			t.Errorf("%d: %d changes", size, tables.Changes())
		}
	}
	if d, ok := (Stream{Descriptors: []byte{1, 0, 0x0a, 3, 'e', 'n', 'g'}}).Descriptor(0x0a); !ok || string(d) != "eng" {
		t.Errorf("a descriptor %q, %v", d, ok)
	}
}

func TestParsePES(t *testing.T) {
	t.Parallel()
	clocked := func(ticks int64) []byte {
		return []byte{
			byte(ticks>>29)&0xe | 1, byte(ticks >> 22), byte(ticks>>14) | 1, byte(ticks >> 7), byte(ticks<<1) | 1,
		}
	}
	const pts, dts = 1<<33 - 1, 0x123456789
	both := slices.Concat([]byte{0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10}, clocked(pts), clocked(dts), []byte("film"))
	for name, c := range map[string]struct {
		b    []byte
		want PES
		ok   bool
	}{
		"both":      {both, PES{PTS: pts, DTS: dts, Header: 19}, true},
		"one":       {slices.Concat([]byte{0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5}, clocked(dts)), PES{PTS: dts, DTS: dts, Header: 14}, true},
		"none":      {[]byte{0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0}, PES{PTS: -1, DTS: -1, Header: 9}, true},
		"scrambled": {[]byte{0, 0, 1, 0xe0, 0, 0, 0x90, 0, 0}, PES{PTS: -1, DTS: -1, Header: 9, Scrambled: true}, true},
		"cut off":   {both[:18], PES{}, false},
		"no code":   {[]byte("no packet of a stream"), PES{}, false},
	} {
		got, ok := ParsePES(c.b)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

func TestUnwrap(t *testing.T) {
	t.Parallel()
	const round = 1 << 33
	for _, c := range [][3]int64{
		{5, 3, 5}, {3, 5, 3}, {1, round - 2, round + 1}, {round - 2, 1, -2}, {7, 5*round + 90_000, 5*round + 7}, {round - 9, -4, -9},
	} {
		if got := Unwrap(c[0], c[1]); got != c[2] {
			t.Errorf("%d near %d is %d, want %d", c[0], c[1], got, c[2])
		}
	}
}

func TestReader(t *testing.T) {
	t.Parallel()
	var film []byte
	for n := range 40 {
		p := make([]byte, packetSize)
		p[0], p[1], p[2], p[3], p[4], p[5] = syncByte, 1, byte(n%2), 0x30|byte(n/2&0xf), 7, 0
		film = append(film, p...)
	}
	if _, err := NewReader(bytes.NewReader(film[1:]), int64(len(film)-1)); !errors.Is(err, ErrNotTS) {
		t.Errorf("no packets: %v", err)
	}
	odd := slices.Concat(film, []byte("rest"))
	r, err := NewReader(bytes.NewReader(odd), int64(len(odd)))
	if err != nil {
		t.Fatal(err)
	}
	met := func(from, to int64) (out []int64) {
		if err := r.Each(from, to, func(p Packet) bool {
			if p.At != p.Offset+12 || len(p.Payload) != packetSize-12 {
				t.Errorf("a payload of %d bytes at %d", len(p.Payload), p.At)
			}
			out = append(out, p.Offset/packetSize)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := met(0, 1<<40); len(got) != 40 || r.Stride() != packetSize {
		t.Errorf("packets %v", got)
	}
	if got := met(37*packetSize, 39*packetSize); !slices.Equal(got, []int64{37, 38}) {
		t.Errorf("packets %v at the end", got)
	}
	lost := slices.Concat(film[:10*packetSize], []byte("more"), film[10*packetSize:])
	if r, err = NewReader(bytes.NewReader(lost), int64(len(lost))); err != nil {
		t.Fatal(err)
	}
	if got := met(0, int64(len(lost))); len(got) < 38 {
		t.Errorf("packets %v around a gap", got)
	}
}
