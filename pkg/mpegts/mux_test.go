package mpegts

import (
	"bytes"
	"slices"
	"testing"
)

// frames gives some frames of sizes, a tenth of a second apart; those of a picture are decoded earlier than shown.
func frames(first byte, lag int64, sizes ...int) (out []Frame) {
	for n, size := range sizes {
		dts := int64(1<<33 + 9000*n)
		out = append(out, Frame{DTS: dts, PTS: dts + lag, Key: n == 0, Data: bytes.Repeat([]byte{first + byte(n)}, size)})
	}
	return out
}

// What is written is read back, whatever the sizes; counters of streams end with 15, and those of tables are the segment's.
func TestSegmentIsReadBack(t *testing.T) {
	t.Parallel()
	for most := range 400 {
		streams := []Elementary{
			{TypeH264, frames('a', 5, 170+most, 10_000, 8+most)}, {TypeAAC, frames('A', 0, 20+most, 1, 400, 20+most)},
		}
		const number = 19
		data := Segment(number, streams...)
		r, err := NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		var tables Tables
		var got [2][]Frame
		counters := map[uint16]byte{}
		if err := r.Each(0, int64(len(data)), func(p Packet) bool {
			tables.Add(p)
			if before, met := counters[p.PID]; met && p.Counter != (before+1)&0xf || !met && p.PID >= firstPID && p.PID < pmtPID && p.Counter != 0 {
				t.Fatalf("%d: counter %d after %d", most, p.Counter, before)
			}
			counters[p.PID] = p.Counter
			if p.PID < firstPID || p.PID >= pmtPID {
				return true
			}
			list := &got[p.PID-firstPID]
			if p.Start {
				h, ok := ParsePES(p.Payload)
				if !ok {
					t.Fatalf("%d: no PES packet at %d", most, p.Offset)
				}
				*list = append(*list, Frame{PTS: h.PTS, DTS: h.DTS})
				p.Payload = p.Payload[h.Header:]
			}
			last := &(*list)[len(*list)-1]
			last.Data = append(last.Data, p.Payload...)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if counters[firstPID] != 15 || counters[firstPID+1] != 15 || counters[pat] != number&0xf || counters[pmtPID] != number&0xf {
			t.Errorf("%d: counters end with %v", most, counters)
		}
		for n, s := range streams {
			if !slices.EqualFunc(s.Frames, got[n], func(a, b Frame) bool {
				return a.PTS == Unwrap(b.PTS, a.PTS) && a.DTS == Unwrap(b.DTS, a.DTS) && bytes.Equal(a.Data, b.Data)
			}) {
				t.Fatalf("%d: stream %d is read as %d frames", most, n, len(got[n]))
			}
		}
		listed := tables.Streams()
		if !tables.Complete() || len(listed) != 2 || listed[0].Type != TypeH264 || listed[1].PID != firstPID+1 {
			t.Fatalf("%d: tables %v", most, listed)
		}
	}
}
