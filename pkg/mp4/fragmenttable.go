package mp4

import (
	"fmt"
	"io"
)

// FragmentTable reads when and where the samples of a track are in a file of movie fragments (ISO/IEC 14496-12 section 8.8). There
// is no table of all of them: a FragmentCursor reads the moof boxes one after another. It is safe for concurrent use.
type FragmentTable struct {
	r        io.ReaderAt
	size     int64 // of the file, bytes
	track    uint32
	defaults map[uint32]defaults // of each track, from its trex
	entries  entries
}

// NewFragmentTable opens a track of a fragmented file of size bytes. A file without the track's trex is ErrMalformed, and so is
// one whose moov has samples too.
func NewFragmentTable(r io.ReaderAt, size int64, t Track) (*FragmentTable, error) {
	f := &FragmentTable{r: r, size: size, track: t.ID, defaults: map[uint32]defaults{}, entries: entriesOf(t)}
	layout, err := Inspect(r, size)
	if err != nil {
		return nil, fmt.Errorf("fragments of track %d: %w", t.ID, err)
	}
	if t.External || t.Samples > 0 || layout.Truncated {
		return nil, fmt.Errorf("%w: track %d is not in fragments alone, or cut off", ErrMalformed, t.ID)
	}
	m := headerReader{r: r, left: maxHeaderRead}
	err = m.walk(layout.Moov, layout.Moov+layout.MoovSize, func(_ string, moov extent) error {
		return m.walk(moov.off, moov.end, func(kind string, p extent) error {
			if kind != "mvex" {
				return nil
			}
			return m.walk(p.off, p.end, func(kind string, p extent) error {
				if kind != "trex" {
					return nil
				}
				return m.read(p, func(c *cursor) error {
					c.skip(4)
					track, entry := c.u32(), c.u32()
					if entry == 1 || track != t.ID {
						f.defaults[track] = defaults{duration: c.u32(), size: c.u32(), flags: c.u32()}
					}
					return nil
				})
			})
		})
	})
	if _, found := f.defaults[t.ID]; err == nil && !found {
		err = fmt.Errorf("%w: no trex of track %d for its first sample entry", ErrMalformed, t.ID)
	}
	return f, err
}

// FragmentCursor gives the samples of a track in the order of its fragments. It is for one goroutine.
type FragmentCursor struct {
	t    *FragmentTable
	at   Place
	next int64   // offset of the box behind the moof that was read last
	read []Entry // of that moof, without their numbers; the place's dts is where its track's times begin without a tfdt
	seen int     // boxes
}

// maxMoof bounds a moof: one of some minutes of pictures and sound has 100 KB.
const maxMoof = 4 << 20

// Cursor begins at a place; that of the first sample is the zero value.
func (f *FragmentTable) Cursor(at Place) *FragmentCursor {
	return &FragmentCursor{t: f, at: at, next: at.offset}
}

// Place is that of the sample that Next gives.
func (c *FragmentCursor) Place() Place { return c.at }

// Next gives a sample and goes on to the one after it; behind the last it returns io.EOF. Fragments that do not hold what they
// say are ErrMalformed.
func (c *FragmentCursor) Next() (Entry, error) {
	for int(c.at.passed) >= len(c.read) {
		if last := len(c.read) - 1; last >= 0 {
			c.at.passed, c.at.dts = 0, c.read[last].DTS+int64(c.read[last].Duration)
		}
		if err := c.fragment(); err != nil {
			return Entry{}, err
		}
	}
	if c.at.number == maxSamples {
		return Entry{}, fmt.Errorf("%w: more than %d samples", ErrTooMuch, maxSamples)
	}
	e := c.read[c.at.passed]
	e.Number = c.at.number
	if e.Size == 0 || e.Offset < 0 || e.Offset > c.t.size-int64(e.Size) {
		return Entry{}, fmt.Errorf("%w: %d bytes at %d of a file of %d", ErrMalformed, e.Size, e.Offset, c.t.size)
	}
	c.at.passed++
	c.at.number++
	return e, nil
}

// fragment reads the samples of the next moof that has some of the track.
func (c *FragmentCursor) fragment() error {
	for c.read = nil; len(c.read) == 0; {
		if c.next >= c.t.size {
			return io.EOF
		}
		if c.seen++; c.seen > maxTopLevel {
			return fmt.Errorf("%w: more than %d boxes", ErrTooMuch, maxTopLevel)
		}
		var head [16]byte
		n, err := c.t.r.ReadAt(head[:min(16, c.t.size-c.next)], c.next)
		if n < 8 || err != nil {
			return fmt.Errorf("%w: a box that is cut off at %d: %w", ErrMalformed, c.next, orEOF(err))
		}
		size := int64(be.Uint32(head[:]))
		switch {
		case size == 1 && n == 16:
			size = int64(be.Uint64(head[8:]))
		case size == 0:
			size = c.t.size - c.next
		}
		if size < 8 || size > c.t.size-c.next {
			return fmt.Errorf("%w: box %q of %d bytes at %d", ErrMalformed, head[4:8], size, c.next)
		}
		if string(head[4:8]) == "moof" {
			c.at.offset = c.next
			if err := c.moof(size); err != nil {
				return err
			}
		}
		c.next += size
	}
	return nil
}

func orEOF(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (c *FragmentCursor) moof(size int64) error {
	if size > maxMoof {
		return fmt.Errorf("%w: a moof of %d bytes", ErrTooMuch, size)
	}
	b := make([]byte, size)
	if _, err := c.t.r.ReadAt(b, c.next); err != nil {
		return fmt.Errorf("read moof: %w", err)
	}
	header := 8
	if be.Uint32(b) == 1 {
		header = 16
	}
	left := maxSamplesFragment
	data := c.next // where the bytes of a run begin that does not say where
	dts := c.at.dts
	for kind, traf := range children(b[min(header, len(b)):]) {
		if kind != "traf" {
			continue
		}
		run := trackRun{
			moof: c.next, data: data, track: c.t.track, trex: c.t.defaults, known: c.t.entries, dts: dts, left: &left,
		}
		if err := run.traf(traf); err != nil {
			return err
		}
		if data = run.data; run.ours {
			c.read, dts = append(c.read, run.entries...), run.dts
		}
	}
	return nil
}

// trackRun reads a traf (section 8.8.6).
type trackRun struct {
	moof    int64 // offset of the moof
	base    int64 // what offsets of data count from
	data    int64 // where the next run's bytes begin unless it says otherwise
	track   uint32
	ours    bool
	trex    map[uint32]defaults
	known   entries
	def     defaults
	dts     int64
	left    *int // samples that the moof may still have
	entries []Entry
}

func (t *trackRun) traf(traf []byte) (err error) {
	for kind, p := range children(traf) {
		switch kind {
		case "tfhd":
			err = t.tfhd(p)
		case "tfdt":
			t.dts, err = readTfdt(p)
		case "trun":
			err = t.trun(p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *trackRun) tfhd(p []byte) (err error) {
	c := cursor{b: p}
	bits := c.u32()
	id := c.u32()
	t.ours, t.def = id == t.track, t.trex[id]
	t.base = t.data
	if bits&tfhdBaseIsMoof != 0 {
		t.base = t.moof
	}
	if bits&tfhdBaseDataOffset != 0 {
		t.base = int64(c.u64())
	}
	if index := uint32(1); bits&tfhdDescription != 0 {
		if index = c.u32(); t.ours {
			if err := t.known.check(index); err != nil {
				return err
			}
		}
	}
	if c.short || t.base < 0 || t.base > 1<<56 {
		return fmt.Errorf("%w: a tfhd that is short, or data at %d", ErrMalformed, t.base)
	}
	t.data = t.base
	t.def, err = readTfhd(p, t.def)
	return err
}

// trun reads the samples of a run (section 8.8.8). Those of other tracks are counted only, where the bytes of the next run follow
// them.
func (t *trackRun) trun(p []byte) error {
	c := cursor{b: p}
	bits, count := c.u32(), c.u32()
	if int64(count) > int64(*t.left) {
		return fmt.Errorf("%w: more than %d samples in a moof", ErrMalformed, maxSamplesFragment)
	}
	*t.left -= int(count)
	if bits&trunDataOffset != 0 {
		t.data = t.base + int64(int32(c.u32()))
	}
	dts := t.dts
	samples, sizes, err := appendTrun(nil, nil, p, t.def, &dts)
	if err != nil {
		return err
	}
	for n, s := range samples {
		if t.ours && (s.DTS < 0 || s.DTS > 1<<56) {
			return fmt.Errorf("%w: a sample at %d", ErrMalformed, s.DTS)
		}
		if t.ours {
			t.entries = append(t.entries, Entry{
				DTS: s.DTS, Duration: s.Duration, CTO: s.CTO, Key: s.Key, Offset: t.data, Size: sizes[n],
			})
		}
		t.data += int64(sizes[n])
	}
	t.dts = dts
	return nil
}
