package mp4_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

// eight are the tables of eight samples of 10 to 17 bytes in four chunks with gaps between.
func eight() mp4test.Tables {
	const at = mp4test.DataOffset
	return mp4test.Tables{
		Times:  [][2]uint32{{5, 100}, {0, 7}, {3, 50}},
		Shifts: [][2]uint32{{1, 200}, {6, 0xffffffff}, {1, 0}},
		Syncs:  []uint32{1, 4, 8},
		Sizes:  []uint32{10, 11, 12, 13, 14, 15, 16, 17},
		Runs:   [][3]uint32{{1, 3, 1}, {3, 1, 1}},
		Chunks: []uint64{at, at + 40, at + 90, at + 110},
	}
}

// film is a file of those tables, changed, and a sample entry.
func film(change func(*mp4test.Tables)) []byte {
	t := eight()
	change(&t)
	return mp4test.Film(make([]byte, 200), mp4test.FilmTrack{
		Handler: "vide", Timescale: 1000, Entry: mp4test.Box("avc1", make([]byte, 78)), Tables: t,
	})
}

// entries reads all samples of the first track.
func entries(data []byte) ([]mp4.Entry, []mp4.Place, error) {
	r := bytes.NewReader(data)
	h, err := mp4.ReadHeader(r, r.Size())
	if err != nil {
		return nil, nil, err
	}
	table, err := mp4.NewSampleTable(r, r.Size(), h.Tracks[0])
	if err != nil {
		return nil, nil, err
	}
	c := table.Cursor(mp4.Place{}, 16) // a page of less than two entries of any table
	var out []mp4.Entry
	var places []mp4.Place
	for {
		place := c.Place()
		e, err := c.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		out, places = append(out, e), append(places, place)
	}
	for n, p := range places { // a cursor that begins anywhere gives the same
		again := table.Cursor(p, mp4.Serving)
		for _, want := range out[n:] {
			if e, err := again.Next(); err != nil || e != want {
				return nil, nil, errors.Join(err, errors.New("a cursor in the middle gives another sample"))
			}
		}
	}
	return out, places, nil
}

func TestSampleTableByHand(t *testing.T) {
	t.Parallel()
	const at = mp4test.DataOffset
	want := []mp4.Entry{
		{Number: 0, DTS: 0, Duration: 100, CTO: 200, Key: true, Offset: at, Size: 10},
		{Number: 1, DTS: 100, Duration: 100, CTO: -1, Offset: at + 10, Size: 11},
		{Number: 2, DTS: 200, Duration: 100, CTO: -1, Offset: at + 21, Size: 12},
		{Number: 3, DTS: 300, Duration: 100, CTO: -1, Key: true, Offset: at + 40, Size: 13},
		{Number: 4, DTS: 400, Duration: 100, CTO: -1, Offset: at + 53, Size: 14},
		{Number: 5, DTS: 500, Duration: 50, CTO: -1, Offset: at + 67, Size: 15},
		{Number: 6, DTS: 550, Duration: 50, CTO: -1, Offset: at + 90, Size: 16},
		{Number: 7, DTS: 600, Duration: 50, CTO: 0, Key: true, Offset: at + 110, Size: 17},
	}
	for name, change := range map[string]func(*mp4test.Tables){
		"stco": func(*mp4test.Tables) {},
		"co64": func(t *mp4test.Tables) { t.Wide = true },
	} {
		got, places, err := entries(film(change))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got[3].PTS() != 299 || places[5].Number() != 5 {
			t.Errorf("%s: shown at %d, place %d", name, got[3].PTS(), places[5].Number())
		}
	}
	got, _, err := entries(film(func(t *mp4test.Tables) {
		t.Shifts, t.Syncs, t.Sizes, t.Each, t.Count = nil, nil, nil, 5, 8
	}))
	if err != nil || got[7].Size != 5 || !got[6].Key || got[1].CTO != 0 {
		t.Errorf("samples of one size: %+v, %v", got, err)
	}
}

// Tables that lie are refused, by the first sample that shows it or behind the last one.
func TestLyingSampleTables(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*mp4test.Tables){
		"stts too short":             func(t *mp4test.Tables) { t.Times = t.Times[:1] },
		"stts too long":              func(t *mp4test.Tables) { t.Times = append(t.Times, [2]uint32{1, 1}) },
		"ctts too short":             func(t *mp4test.Tables) { t.Shifts = t.Shifts[:2] },
		"ctts too long":              func(t *mp4test.Tables) { t.Shifts = append(t.Shifts, [2]uint32{1, 1}) },
		"stss beyond":                func(t *mp4test.Tables) { t.Syncs = append(t.Syncs, 9) },
		"stss backwards":             func(t *mp4test.Tables) { t.Syncs = []uint32{4, 1} },
		"stss twice":                 func(t *mp4test.Tables) { t.Syncs = []uint32{4, 4} },
		"stss of number 0":           func(t *mp4test.Tables) { t.Syncs = []uint32{0, 4} },
		"sample beyond the end":      func(t *mp4test.Tables) { t.Sizes[7] = 1 << 30 },
		"sample of all ones":         func(t *mp4test.Tables) { t.Sizes[7] = 1<<32 - 1 },
		"empty sample":               func(t *mp4test.Tables) { t.Sizes[3] = 0 },
		"chunk beyond the end":       func(t *mp4test.Tables) { t.Chunks[3] = 1 << 31 },
		"chunk beyond any end":       func(t *mp4test.Tables) { t.Wide = true; t.Chunks[3] = 1<<64 - 1 },
		"chunk that overlaps":        func(t *mp4test.Tables) { t.Chunks[1]--; t.Sizes[2] = 19 },
		"chunks backwards":           func(t *mp4test.Tables) { slices.Reverse(t.Chunks) },
		"too few chunks":             func(t *mp4test.Tables) { t.Chunks = t.Chunks[:3] },
		"too many chunks":            func(t *mp4test.Tables) { t.Chunks = append(t.Chunks, t.Chunks[3]+20) },
		"no chunk":                   func(t *mp4test.Tables) { t.Chunks = nil },
		"no run":                     func(t *mp4test.Tables) { t.Runs = nil },
		"run of no samples":          func(t *mp4test.Tables) { t.Runs[0][1] = 0 },
		"run of more samples":        func(t *mp4test.Tables) { t.Runs[1][1] = 2 },
		"first run of a later chunk": func(t *mp4test.Tables) { t.Runs[0][0] = 2 },
		"run of chunk 0":             func(t *mp4test.Tables) { t.Runs[0][0] = 0 },
		"runs backwards":             func(t *mp4test.Tables) { t.Runs = append(t.Runs, [3]uint32{2, 1, 1}) },
		"run beyond the chunks":      func(t *mp4test.Tables) { t.Runs = append(t.Runs, [3]uint32{9, 1, 1}) },
		"another sample entry":       func(t *mp4test.Tables) { t.Runs[1][2] = 2 },
		"more than a week":           func(t *mp4test.Tables) { t.Sizes, t.Each, t.Count = nil, 1, 1<<32-1 },
	} {
		if got, _, err := entries(film(change)); !errors.Is(err, mp4.ErrMalformed) && !errors.Is(err, mp4.ErrTooMuch) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// A count that its box does not hold must not make the reader take what follows for entries.
func TestSampleTableCountsAreHeldAgainstTheirBoxes(t *testing.T) {
	t.Parallel()
	for _, box := range []string{"stts", "ctts", "stss", "stsz", "stsc", "stco"} {
		data := film(func(*mp4test.Tables) {})
		at := bytes.Index(data, []byte(box)) + 4 + 4
		if box == "stsz" {
			at += 4
		}
		data[at+2] = 1 // 256 more
		if got, _, err := entries(data); !errors.Is(err, mp4.ErrMalformed) {
			t.Errorf("%s: %v, %v", box, got, err)
		}
	}
}

func TestWrittenInitSectionIsRead(t *testing.T) {
	t.Parallel()
	avcC := mp4test.Box("avcC", []byte{1, 0x64, 0, 0x1f, 0xff, 0xe0, 0})
	entry := mp4test.Box("avc1", make([]byte, 78), avcC)
	data := mp4.WriteInit(mp4.TrackInit{
		Video: true, Timescale: 24000, Language: 0x15c7, Width: 320 << 16, Height: 180 << 16, Entry: entry, MediaTime: 2002,
		Matrix: [9]int32{1: 1 << 16, 3: -1 << 16, 8: 1 << 30},
	})
	r := bytes.NewReader(data)
	ftyp, err := mp4.ReadBox(r, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	moov, err := mp4.ReadBox(r, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	in, err := mp4.ParseInit(ftyp, moov)
	if err != nil || in.Codecs != "avc1.64001F" || in.Timescale != 24000 || in.NALLength != 4 || in.Handler != "vide" {
		t.Errorf("it reads %+v, %v", in, err)
	}
	h, err := mp4.ReadHeader(bytes.NewReader(data), int64(len(data)))
	if err != nil || !h.Fragmented || len(h.Tracks) != 1 {
		t.Fatalf("its header is %+v, %v", h, err)
	}
	if got := h.Tracks[0]; got.Matrix[1] != 1<<16 || got.Width != 320<<16 || got.Language != 0x15c7 || !got.Enabled ||
		got.External || !cmp.Equal(got.Edits, []mp4.Edit{{Media: 2002, Rate: 1 << 16}}) {
		t.Errorf("its track is %+v", got)
	}
}

// The head of a segment is what Segment writes before the samples.
func TestSegmentHead(t *testing.T) {
	t.Parallel()
	samples := mp4test.Pictures(48_000, 6, 1001, "picture")
	sizes := make([]uint32, len(samples))
	for n, s := range samples {
		sizes[n] = uint32(len(s.Data))
	}
	for _, video := range []bool{true, false} {
		whole, head := mp4.Segment(3, samples, 2002, video), mp4.SegmentHead(3, samples, sizes, 2002, video)
		if !bytes.HasPrefix(whole, head) || int64(len(head)) != mp4.SegmentHeadSize(len(samples), video) ||
			len(whole)-len(head) != int(sizes[0])*len(sizes) {
			t.Errorf("video %v: %d of %d bytes", video, len(head), len(whole))
		}
	}
}

// FuzzSampleTable reads bytes as a film: no sample is outside the file, and numbers and decoding times only grow.
func FuzzSampleTable(f *testing.F) {
	f.Add(film(func(*mp4test.Tables) {}))
	f.Add(film(func(t *mp4test.Tables) { t.Wide = true }))
	f.Add(film(func(t *mp4test.Tables) { t.Shifts, t.Syncs, t.Sizes, t.Each, t.Count = nil, nil, nil, 5, 8 }))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		h, err := mp4.ReadHeader(r, r.Size())
		if err != nil {
			return
		}
		for _, track := range h.Tracks {
			table, err := mp4.NewSampleTable(r, r.Size(), track)
			if err != nil {
				continue
			}
			c := table.Cursor(mp4.Place{}, mp4.Serving)
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
