package mpegts

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

// maker writes packets of a stream whose clock comes every tenth packet.
type maker struct {
	b        []byte
	counters map[uint16]byte
}

func (m *maker) packet(pid uint16, start bool, clock int64) {
	p := bytes.Repeat([]byte{0xff}, packetSize)
	p[0], p[1], p[2] = syncByte, byte(pid>>8), byte(pid)
	if start {
		p[1] |= 0x40
	}
	p[3] = 0x10 | m.counters[pid]
	m.counters[pid] = (m.counters[pid] + 1) & 0xf
	if clock >= 0 {
		clock &= 1<<clockBits - 1
		p[3] |= 0x20
		p[4], p[5] = 7, 0x10
		p[6], p[7], p[8], p[9] = byte(clock>>25), byte(clock>>17), byte(clock>>9), byte(clock>>1)
		p[10], p[11] = byte(clock<<7)|0x7e, 0
	}
	m.b = append(m.b, p...)
}

// transport is a stream of some seconds, ten clocks and 100 packets in each, that begins at a clock.
func transport(seconds int, pid uint16, clock int64) []byte {
	m := maker{counters: map[uint16]byte{}}
	for n := range seconds * 10 {
		if n%5 == 0 {
			m.packet(sdt, true, -1)
			m.packet(pat, true, -1)
		}
		m.packet(pid, true, clock+int64(n)*clockHz/10)
		for range 9 {
			m.packet(pid, false, -1)
		}
	}
	return m.b
}

// arrivals puts four bytes before each packet.
func arrivals(b []byte) []byte {
	var out []byte
	for p := range slices.Chunk(b, packetSize) {
		out = append(append(out, 0, 1, 2, 3), p...)
	}
	return out
}

func TestJoints(t *testing.T) {
	t.Parallel()
	const pid, hour = 0x100, 3600 * clockHz
	long, again := transport(40, pid, 0), transport(30, pid, 0)
	tests := map[string]struct {
		parts [][]byte
		want  []int // joints before these parts
	}{
		"one":                            {[][]byte{long}, nil},
		"a clock that starts again":      {[][]byte{long, again}, []int{1}},
		"that starts again later":        {[][]byte{long, transport(30, pid, 25*clockHz)}, []int{1}},
		"an hour ahead":                  {[][]byte{long, transport(30, pid, hour)}, []int{1}},
		"another PID, the clock goes on": {[][]byte{long, transport(30, 0x200, 40*clockHz)}, []int{1}},
		"three":                          {[][]byte{long, again, transport(30, 0x300, 7)}, []int{1, 2}},
		"a clock of 33 bits that wraps":  {[][]byte{transport(40, pid, 1<<clockBits-20*clockHz)}, nil},
		"parts that go on":               {[][]byte{long, transport(30, pid, 40*clockHz)}, nil},
		"half a packet at the joint":     {[][]byte{long[:len(long)-100], again}, []int{1}},
		"rubbish at the joint":           {[][]byte{long, bytes.Repeat([]byte{3}, 5000), again}, []int{2}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []int64
			off := int64(0)
			for n, p := range test.parts {
				if slices.Contains(test.want, n) {
					want = append(want, off)
				}
				off += int64(len(p))
			}
			all := slices.Concat(test.parts...)
			got, err := Joints(bytes.NewReader(all), int64(len(all)))
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("joints at %d, want %d: %v", got, want, err)
			}
		})
	}
}

func TestJointsOfBluRayPackets(t *testing.T) {
	t.Parallel()
	first, second := arrivals(transport(60, 0x1011, 0)), arrivals(transport(60, 0x1011, 0))
	all := slices.Concat(first, second)
	got, err := Joints(bytes.NewReader(all), int64(len(all)))
	if err != nil || !slices.Equal(got, []int64{int64(len(first))}) {
		t.Errorf("joints at %d, want %d: %v", got, len(first), err)
	}
}

func TestAnotherFormatIsNoTransportStream(t *testing.T) {
	t.Parallel()
	for _, b := range [][]byte{nil, {syncByte}, []byte("RIFF"), bytes.Repeat([]byte("Gabcd"), 500)} {
		if _, err := Joints(bytes.NewReader(b), int64(len(b))); !errors.Is(err, ErrNotTS) {
			t.Errorf("%.8q: error is %v, want %v", b, err, ErrNotTS)
		}
	}
}

// repeated is a large file that holds one stream's bytes again and again, with a clock that goes on.
type repeated struct {
	size int64
	read int64
}

func (r *repeated) ReadAt(b []byte, off int64) (int, error) {
	r.read += int64(len(b))
	const second = 104 * packetSize // with four packets of tables
	n := 0
	for n < len(b) {
		at := off + int64(n)
		n += copy(b[n:], transport(1, 0x100, at/second*clockHz)[at%second:])
	}
	if off+int64(n) > r.size {
		return int(max(0, r.size-off)), io.EOF
	}
	return n, nil
}

// A file larger than is read as a whole has its joints found by halving.
func TestJointsOfALargeFile(t *testing.T) {
	t.Parallel()
	first, second := transport(600, 0x100, 0), transport(500, 0x100, 77*clockHz)
	all := slices.Concat(first, second)
	got, err := Joints(bytes.NewReader(all), int64(len(all)))
	if err != nil || !slices.Equal(got, []int64{int64(len(first))}) {
		t.Errorf("joints at %d of %d bytes, want %d: %v", got, len(all), len(first), err)
	}
}

func TestALargeFileIsSampled(t *testing.T) {
	t.Parallel()
	r := &repeated{size: 1 << 30}
	if got, err := Joints(r, r.size); err != nil || len(got) > 0 {
		t.Errorf("joints at %d: %v", got, err)
	}
	if r.read > 64<<20 {
		t.Errorf("%d MiB are read", r.read>>20)
	}
}

// sparse is a file of zeros with a few packets in it, as a file system without the rest of a file gives it.
type sparse struct {
	packets map[int64][]byte // by offset
	read    int64
}

func (s *sparse) ReadAt(b []byte, off int64) (int, error) {
	s.read += int64(len(b))
	clear(b)
	for at, p := range s.packets {
		if from := at - off; from > -int64(len(p)) && from < int64(len(b)) {
			copy(b[max(0, from):], p[max(0, -from):])
		}
	}
	return len(b), nil
}

// However few clocks a file has, and whichever way they contradict each other, the gaps between them are not read.
func TestAFileWithoutClocksIsSampled(t *testing.T) {
	t.Parallel()
	const size = 64 << 30
	for name, clock := range map[string]func(n int) (pid uint16, clock int64){
		"back and forth": func(n int) (uint16, int64) { return 0x100, int64(n%2) * clockHz },
		"other PIDs":     func(n int) (uint16, int64) { return 0x100 + uint16(n), 0 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &sparse{packets: map[int64][]byte{}}
			for n := range samples {
				pid, at := clock(n)
				s.packets[int64(n)*(size/samples)] = transport(1, pid, at)
			}
			joints, err := Joints(s, size)
			if err != nil || len(joints) > MaxJoints {
				t.Errorf("joints at %d: %v", joints, err)
			}
			if s.read > 512<<20 {
				t.Errorf("%d MiB are read", s.read>>20)
			}
		})
	}
}

func FuzzJoints(f *testing.F) {
	f.Add(slices.Concat(transport(1, 0x100, 0)[:20*packetSize], transport(1, 0x100, 0)[:20*packetSize]))
	f.Add(arrivals(transport(1, 0x1011, 5)[:30*packetSize]))
	f.Fuzz(func(t *testing.T, b []byte) {
		joints, err := Joints(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		last := int64(0)
		for _, j := range joints {
			if j <= last || j >= int64(len(b)) {
				t.Fatalf("joints at %d of %d bytes", joints, len(b))
			}
			last = j
		}
	})
}
