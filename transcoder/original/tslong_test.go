package original_test

import (
	"bytes"
	"runtime"
	"testing"

	"movify/transcoder/original"
)

// repeated puts a film behind itself, with counters and times that go on.
func repeated(film []byte, times int, ticks int64) []byte {
	out := bytes.Repeat(film, times)
	for n := range times {
		for p := range packets(out[n*len(film):][:len(film)]) {
			if pidOf(p) >= picturePID && p[1]&0x40 != 0 {
				delay(p, int64(n)*ticks)
			}
		}
	}
	return renumbered(out)
}

// delay adds ticks to the times of the PES packet that begins in a packet.
func delay(p []byte, ticks int64) {
	at := 4
	if p[3]&0x20 != 0 {
		at += 1 + int(p[4])
	}
	for clock := range max(0, int(p[at+7]>>6)-1) { // none, one, or with that of decoding two
		b := p[at+9+5*clock:]
		t := int64(b[0]>>1&7)<<30 | int64(b[1])<<22 | int64(b[2]>>1)<<15 | int64(b[3])<<7 | int64(b[4]>>1)
		t += ticks
		b[0], b[1], b[2] = b[0]&0xf1|byte(t>>29)&0xe, byte(t>>22), byte(t>>14)|1
		b[3], b[4] = byte(t>>7), byte(t<<1)|1
	}
}

// A transport stream of two hours: what its index has, what an open stream keeps, and what a segment reads.
func TestALongTransportStreamCostsLittle(t *testing.T) {
	const times = 2400
	data := repeated(small(t), times, 25*11_520) // 25 frames of sound
	r := &counted{data: data}
	index, err := original.MakeIndex(r, int64(len(data)), func(int64) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if r.read > int64(len(data))*11/10 {
		t.Errorf("%d bytes were read of a file of %d", r.read, len(data))
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	var streams []*original.Stream
	for range 10 {
		s, err := original.OpenIndexed(r, int64(len(data)), index)
		if err != nil {
			t.Fatal(err)
		}
		streams = append(streams, s)
	}
	kept := (heap() - before) / 10
	s := streams[0]
	picture := s.Media().Picture
	r.read = 0
	if _, err := s.Segment(picture.ID, picture.Segments()/2); err != nil {
		t.Fatal(err)
	}
	ofPicture := r.read
	r.read = 0
	sound := s.Media().Sounds[0]
	if _, err := s.Segment(sound.ID, sound.Segments()/2); err != nil {
		t.Fatal(err)
	}
	t.Logf("an index of %d bytes for %d of film; an open stream keeps %d, a segment reads %d and %d", len(index), len(data), kept,
		ofPicture, r.read)
	if picture.Segments() < 1700 || len(index) > 128<<10 || kept > 512<<10 || ofPicture > 192<<10 || r.read > 192<<10 {
		t.Errorf("%d segments", picture.Segments())
	}
	runtime.KeepAlive(streams)
}
