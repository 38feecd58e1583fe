package mp4

import (
	"fmt"
	"io"
)

// SampleTable reads when and where the samples of a track are (ISO/IEC 14496-12 sections 8.6.1 to 8.7.5). Of its tables,
// which may have megabytes, only the slices that a Cursor asks for are read. It is safe for concurrent use.
type SampleTable struct {
	r     io.ReaderAt
	size  int64 // of the file, bytes
	count uint32
	each  uint32 // bytes of every sample; 0 where the stsz lists them

	sizes, times, shifts, syncs, runs, chunks array
	shifted, marked                           bool // there is a ctts, an stss
	entries                                   entries
}

// Entry is one sample as the tables have it. Times are ticks of the track's timescale.
type Entry struct {
	Number   uint32 // in decoding order, from 0
	DTS      int64
	Duration uint32
	CTO      int32 // composition time minus decoding time
	Key      bool  // a sync sample
	Offset   int64 // in the file
	Size     uint32
}

// PTS is the composition time.
func (e Entry) PTS() int64 { return e.DTS + int64(e.CTO) }

// entries are the sample entries of a track.
type entries struct {
	count  uint32
	differ bool
}

func entriesOf(t Track) entries { return entries{uint32(t.Entries), t.EntriesDiffer} }

// check is the error of samples that a sample_description_index, from 1, describes otherwise than the first entry.
func (e entries) check(index uint32) error {
	if index == 0 || index > max(1, e.count) {
		return fmt.Errorf("%w: samples of entry %d of %d", ErrMalformed, index, e.count)
	}
	if index > 1 && e.differ {
		return fmt.Errorf("%w: entry %d", ErrEntries, index)
	}
	return nil
}

// maxSamples is how many samples a track may have: some more than a week of pictures at 25 a second.
const maxSamples = 1 << 24

// array is the part of a box in which entries of one width stand.
type array struct {
	off   int64 // of the first entry in the file
	count uint32
	width int64 // bytes of an entry
}

// NewSampleTable opens the tables of a track of a file of size bytes. Tables that are missing or do not hold what they
// say, and samples that are in another file or in fragments, are ErrMalformed. Its Cursors give ErrEntries at samples that are
// not described by Track.Entry.
func NewSampleTable(r io.ReaderAt, size int64, t Track) (*SampleTable, error) {
	s := &SampleTable{
		r: r, size: size, shifted: t.tables.shifts.end > 0, marked: t.tables.syncs.end > 0, entries: entriesOf(t),
	}
	if err := s.open(t.tables); err != nil {
		return nil, fmt.Errorf("sample tables of track %d: %w", t.ID, err)
	}
	if t.External {
		return nil, fmt.Errorf("%w: samples of track %d are in another file", ErrMalformed, t.ID)
	}
	return s, nil
}

func (s *SampleTable) open(t tables) (err error) {
	const version, counted = 4, 4
	if s.sizes, err = s.array(t.sizes, version+4, 4); err != nil {
		return fmt.Errorf("stsz: %w", err)
	}
	var each [4]byte
	if _, err := s.r.ReadAt(each[:], t.sizes.off+version); err != nil {
		return fmt.Errorf("read stsz: %w", err)
	}
	s.count, s.each = s.sizes.count, be.Uint32(each[:])
	if s.count > maxSamples {
		return fmt.Errorf("%w: %d samples", ErrTooMuch, s.count)
	}
	width := int64(4)
	if t.wide {
		width = 8
	}
	for _, a := range []struct {
		name  string
		at    extent
		width int64
		there bool
		out   *array
	}{
		{"stts", t.times, 8, true, &s.times},
		{"ctts", t.shifts, 8, s.shifted, &s.shifts},
		{"stss", t.syncs, 4, s.marked, &s.syncs},
		{"stsc", t.toChunk, 12, true, &s.runs},
		{"stco", t.chunks, width, true, &s.chunks},
		{"stsz", t.sizes, 4, s.each == 0, &s.sizes},
	} {
		if !a.there {
			continue
		}
		before := int64(version)
		if a.out == &s.sizes {
			before += 4
		}
		if *a.out, err = s.array(a.at, before, a.width); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		if end := a.out.off + int64(a.out.count)*a.width; end > a.at.end {
			return fmt.Errorf("%w: %s says %d entries and ends before", ErrMalformed, a.name, a.out.count)
		}
	}
	return nil
}

// array reads the count of entries that stands after before bytes of a payload; the entries follow it.
func (s *SampleTable) array(p extent, before, width int64) (array, error) {
	if p.size() < before+4 || p.end > s.size {
		return array{}, fmt.Errorf("%w: it is not there", ErrMalformed)
	}
	var count [4]byte
	if _, err := s.r.ReadAt(count[:], p.off+before); err != nil {
		return array{}, fmt.Errorf("read its count: %w", err)
	}
	return array{off: p.off + before + 4, count: be.Uint32(count[:]), width: width}, nil
}

// Count is the number of samples.
func (s *SampleTable) Count() int { return int(s.count) }

// window reads entries of an array, a page of them at a time.
type window struct {
	array
	r    io.ReaderAt
	page int64 // bytes read at once
	buf  []byte
	from uint32 // first entry in buf
}

// entry gives entry n, which must be below count; the bytes are valid until the next call.
func (w *window) entry(n uint32) ([]byte, error) {
	at := int64(n) - int64(w.from)
	if at < 0 || (at+1)*w.width > int64(len(w.buf)) {
		size := min(max(1, w.page/w.width), int64(w.count-n)) * w.width
		if int64(cap(w.buf)) < size {
			w.buf = make([]byte, size)
		}
		w.buf, w.from = w.buf[:size], n
		if _, err := w.r.ReadAt(w.buf, w.off+int64(n)*w.width); err != nil {
			w.buf = w.buf[:0]
			return nil, fmt.Errorf("read a sample table: %w", err)
		}
		at = 0
	}
	return w.buf[at*w.width:][:w.width], nil
}
