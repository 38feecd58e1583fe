package mp4_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

// fragmented is a file of two tracks with an mvex, and boxes behind its moov.
func fragmented(boxes ...[]byte) []byte {
	track := func(handler string, id uint32) []byte {
		return mp4test.Box("trak", mp4test.Box("tkhd", mp4test.Words(3, 0, 0, id, 0, 0, 0, 0, 0, 0), make([]byte, 44)),
			mp4test.Box("mdia", mp4test.Box("mdhd", mp4test.Words(0, 0, 0, 1000, 0, 0)),
				mp4test.Box("hdlr", mp4test.Words(0, 0), []byte(handler), make([]byte, 13))))
	}
	moov := mp4test.Box("moov", mvhd(), track("vide", 1), track("soun", 2), mp4test.Box("mvex",
		mp4test.Box("trex", mp4test.Words(0, 1, 1, 40, 10, 0x10000)), mp4test.Box("trex", mp4test.Words(0, 2, 1, 21, 5, 0))))
	return append(append(mp4test.Box("ftyp", []byte("isom")), moov...), bytes.Join(boxes, nil)...)
}

// inFragments reads the samples of a track, and all again from each place.
func inFragments(data []byte, track int) (out []mp4.Entry, err error) {
	r := bytes.NewReader(data)
	h, err := mp4.ReadHeader(r, r.Size())
	if err != nil {
		return nil, err
	}
	f, err := mp4.NewFragmentTable(r, r.Size(), h.Tracks[track])
	if err != nil {
		return nil, err
	}
	var places []mp4.Place
	for c := f.Cursor(mp4.Place{}); ; {
		place := c.Place()
		e, err := c.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		out, places = append(out, e), append(places, place)
	}
	for n, p := range places {
		c := f.Cursor(p)
		for _, want := range out[n:] {
			if e, err := c.Next(); err != nil || e != want {
				return nil, errors.Join(err, errors.New("a cursor in the middle gives another sample"))
			}
		}
	}
	return out, nil
}

// traf is a track fragment: tfhd with its flags and fields, and more boxes.
func fragmentOf(track, bits uint32, fields []byte, boxes ...[]byte) []byte {
	return mp4test.Box("traf", append([][]byte{mp4test.Box("tfhd", mp4test.Words(bits, track), fields)}, boxes...)...)
}

func trun(bits uint32, fields ...uint32) []byte {
	return mp4test.Box("trun", mp4test.Words(append([]uint32{bits}, fields...)...))
}

func TestFragmentTableByHand(t *testing.T) {
	t.Parallel()
	const baseIsMoof, base, offset, firstFlags, size, composition = 0x20000, 1, 1, 4, 0x200, 0x800
	head := int64(len(fragmented()))
	first := mp4test.Box("moof",
		fragmentOf(1, baseIsMoof, nil, mp4test.Box("tfdt", mp4test.Words(0, 400)),
			trun(offset|firstFlags|size|composition, 2, 500, 0, 11, 80, 12, 0), trun(0, 1)),
		fragmentOf(2, 0, nil, trun(0, 3)))
	second := mp4test.Box("moof", // without times: they go on; its data is where it says
		fragmentOf(2, base, append(mp4test.Words(0), mp4test.Words(30)...), trun(offset, 1, 7)),
		fragmentOf(1, baseIsMoof, nil, trun(offset, 1, 90)))
	file := fragmented(first, mp4test.Box("mdat", make([]byte, 600)), mp4test.Box("free"), second, mp4test.Box("mdat", make([]byte, 200)))
	later := head + int64(len(first)) + 608 + 8
	got, err := inFragments(file, 0)
	want := []mp4.Entry{
		{Number: 0, DTS: 400, Duration: 40, CTO: 80, Key: true, Offset: head + 500, Size: 11},
		{Number: 1, DTS: 440, Duration: 40, Offset: head + 511, Size: 12},
		{Number: 2, DTS: 480, Duration: 40, Offset: head + 523, Size: 10},
		{Number: 3, DTS: 520, Duration: 40, Offset: later + 90, Size: 10},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("picture: %v (-want +got):\n%s", err, diff)
	}
	got, err = inFragments(file, 1)
	want = []mp4.Entry{
		{Number: 0, DTS: 0, Duration: 21, Key: true, Offset: head + 533, Size: 5},
		{Number: 1, DTS: 21, Duration: 21, Key: true, Offset: head + 538, Size: 5},
		{Number: 2, DTS: 42, Duration: 21, Key: true, Offset: head + 543, Size: 5},
		{Number: 3, DTS: 63, Duration: 21, Key: true, Offset: 37, Size: 5},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("sound: %v (-want +got):\n%s", err, diff)
	}
}

func TestLyingFragments(t *testing.T) {
	t.Parallel()
	moof := func(boxes ...[]byte) []byte { return fragmented(mp4test.Box("moof", boxes...)) }
	for name, data := range map[string][]byte{
		"sample beyond the end":  moof(fragmentOf(1, 0x20000, nil, trun(1, 1, 1<<20))),
		"sample before the file": moof(fragmentOf(1, 0x20000, nil, trun(1, 1, 1<<32-9999))),
		"samples without end":    moof(fragmentOf(1, 0x20000, nil, trun(0, 1<<16+1))),
		"samples of many runs":   moof(fragmentOf(1, 0x20000, nil, trun(0, 1<<15), trun(0, 1<<15), trun(0, 1))),
		"another sample entry":   moof(fragmentOf(1, 0x20002, mp4test.Words(2), trun(0, 1))),
		"base of all ones":       moof(fragmentOf(1, 1, mp4test.Words(1<<32-1, 1<<32-1), trun(0, 1))),
		"empty sample":           moof(fragmentOf(1, 0x20010, mp4test.Words(0), trun(1, 1, 8))),
		"time of all ones":       moof(fragmentOf(1, 0x20000, nil, mp4test.Box("tfdt", mp4test.Words(1<<24, 1<<32-1, 0)), trun(1, 1, 8))),
		"a run that is short":    moof(fragmentOf(1, 0x20000, nil, trun(0x201, 9, 8))),
		"no trex":                append(mp4test.Box("ftyp"), mp4test.Box("moov", mvhd(), mp4test.Box("trak", mp4test.Box("tkhd", mp4test.Words(3, 0, 0, 1, 0, 0, 0, 0, 0, 0), make([]byte, 44))), mp4test.Box("mvex"))...),
	} {
		if got, err := inFragments(data, 0); !errors.Is(err, mp4.ErrMalformed) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got, err := inFragments(fragmented(), 0); err != nil || got != nil {
		t.Errorf("no fragment: %v, %v", got, err)
	}
}

// FuzzFragmentTable reads bytes as a film in fragments: no sample is outside the file, and what is kept stays in proportion.
func FuzzFragmentTable(f *testing.F) {
	f.Add(fragmented(mp4test.Box("moof", fragmentOf(1, 0x20000, nil, mp4test.Box("tfdt", mp4test.Words(0, 400)), trun(0x201, 2, 100, 5, 6)),
		fragmentOf(2, 0, nil, trun(0, 3))), mp4test.Box("mdat", make([]byte, 200))))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		h, err := mp4.ReadHeader(r, r.Size())
		if err != nil {
			return
		}
		for _, track := range h.Tracks {
			table, err := mp4.NewFragmentTable(r, r.Size(), track)
			if err != nil {
				continue
			}
			c := table.Cursor(mp4.Place{})
			for n := range 10_000 {
				e, err := c.Next()
				if err != nil {
					break
				}
				if e.Offset < 0 || e.Size == 0 || e.Offset+int64(e.Size) > r.Size() || int(e.Number) != n || e.DTS < 0 {
					t.Fatalf("sample %d is %+v of %d bytes", n, e, r.Size())
				}
			}
		}
	})
}
