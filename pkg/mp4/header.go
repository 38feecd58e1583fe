package mp4

import (
	"errors"
	"fmt"
	"io"
)

// Header holds the fields of a file's moov (ISO/IEC 14496-12 section 8.2 and the QuickTime File Format).
type Header struct {
	Brand      string // major brand of the ftyp; "" without one
	Timescale  uint32 // ticks per second of Duration
	Duration   uint64 // ticks; 0 = it does not say
	CreatedS   uint64 // seconds since the first moment of 1904 in UTC; 0 = it does not say
	Matrix     [9]int32
	Fragmented bool // there is an mvex: samples are in fragments, which a FragmentTable reads
	Tracks     []Track
	Chapters   []Chapter // of a chpl box
	Tags       []Tag
	Covers     []Cover
	// CoversFirst says that the first cover is before a track.
	CoversFirst bool
}

// Track is one trak.
type Track struct {
	ID          uint32
	Enabled     bool
	Handler     string // "vide", "soun", "text", "sbtl", "subt", …
	HandlerName string
	Language    uint16 // as the mdhd has it: three letters in five bits each, or below 0x400 a Macintosh code
	Timescale   uint32 // ticks per second
	Duration    uint64 // ticks
	Matrix      [9]int32
	Width       uint32 // of the presentation, 16.16 fixed point
	Height      uint32
	External    bool   // samples are in another file
	Format      string // type of its first sample entry: "avc1"
	Entry       []byte // the payload of that
	Entries     int    // how many sample entries there are
	// EntriesDiffer says that a sample entry is not equal to the first.
	EntriesDiffer bool
	Edits         []Edit
	Times         Times
	Samples       uint32  // count of the stsz
	Bytes         uint64  // of all samples
	Refers        []Refer // to other tracks
	Kinds         []Kind
	// ExtendedLanguage is a BCP 47 tag that goes before Language (section 8.4.6); "" without one.
	ExtendedLanguage string
	Title            string   // of the track's own user data
	Characteristics  []string // media characteristics that QuickTime tags a track with

	tables tables
}

// Times sums up an stts.
type Times struct {
	Runs      int    // of samples of one duration
	First     uint32 // ticks of a sample of the first run
	LastCount uint32 // samples in the last run
	Samples   uint64
	Ticks     uint64
}

// Edit is one entry of an elst: Duration in the movie's ticks, Media in the track's, −1 for an empty edit. Rate is 16.16 fixed
// point: 1<<16 plays as it is, 0 holds a picture.
type Edit struct {
	Duration uint64
	Media    int64
	Rate     int32
}

// Refer is one reference of a tref.
type Refer struct {
	Type   string // "chap"
	Tracks []uint32
}

// Kind is a role of a track (section 8.10.4).
type Kind struct{ Scheme, Value string }

// Chapter is a named start. StartNS is nanoseconds.
type Chapter struct {
	StartNS int64
	Title   string
}

// Tag is one entry of an ilst, or one text of a udta. Key is the box's type, the name of a keys box, or for a free form
// "----" its name. Kind is the well-known type of an ilst's value: 1 UTF-8, 21 a signed integer, 0 bytes.
type Tag struct {
	Key   string
	Kind  uint32
	Value []byte
}

// Cover is a picture in the tags. Kind is 13 for JPEG, 14 for PNG.
type Cover struct {
	Kind   uint32
	Offset int64
	Size   int64 // bytes
}

// Bounds of a header. One beyond them is ErrTooMuch.
const (
	maxHeaderRead = 12 << 20 // bytes in all; sample sizes and times take some 5 for each hour of film and sound
	maxLeaf       = 4 << 20  // bytes of one box
	maxBoxes      = 20_000
	maxTracks     = 128
	maxEdits      = 10_000
	maxTags       = 2_000
)

// ErrTooMuch is returned, wrapped, for a header beyond the bounds.
var ErrTooMuch = errors.New("mp4 header too large")

// ErrEntries is returned, wrapped, for samples that are described by another sample entry than the first, which differs.
var ErrEntries = errors.New("mp4 samples of several sample entries")

// ReadHeader reads the moov of a file of size bytes. A file without one, or that is cut off, is ErrMalformed.
func ReadHeader(r io.ReaderAt, size int64) (Header, error) {
	layout, err := Inspect(r, size)
	if err == nil && (!layout.HasMoov || layout.Truncated || layout.Moov+layout.MoovSize > size) {
		err = fmt.Errorf("%w: no whole moov", ErrMalformed)
	}
	if err != nil {
		return Header{}, fmt.Errorf("read mp4 header: %w", err)
	}
	m := headerReader{r: r, left: maxHeaderRead}
	if err := m.file(layout); err != nil {
		return Header{}, fmt.Errorf("read mp4 header: %w", err)
	}
	return m.h, nil
}

// headerReader fills a Header.
type headerReader struct {
	r     io.ReaderAt
	h     Header
	left  int64 // bytes that may still be read
	boxes int   // met so far
	keys  []string
}

func (m *headerReader) file(l Layout) error {
	var head [16]byte
	if n, _ := m.r.ReadAt(head[:], 0); n == len(head) && string(head[4:8]) == "ftyp" {
		m.h.Brand = string(head[8:12])
	}
	return m.walk(l.Moov, l.Moov+l.MoovSize, func(kind string, p extent) error {
		return m.walk(p.off, p.end, m.movie)
	})
}

// extent is the byte range of a box's payload in the file.
type extent struct{ off, end int64 }

func (p extent) size() int64 { return p.end - p.off }

// walk visits the boxes from off to end. It stops at bytes that are no box: QuickTime ends a udta with four zeros.
func (m *headerReader) walk(off, end int64, visit func(kind string, p extent) error) error {
	for end-off >= 8 {
		if m.boxes++; m.boxes > maxBoxes {
			return fmt.Errorf("%w: more than %d boxes", ErrTooMuch, maxBoxes)
		}
		var head [16]byte
		n := min(16, end-off)
		if _, err := m.r.ReadAt(head[:n], off); err != nil {
			return fmt.Errorf("read box at %d: %w", off, err)
		}
		size, header := int64(be.Uint32(head[:])), int64(8)
		switch {
		case size == 1 && n == 16:
			size, header = int64(be.Uint64(head[8:])), 16
		case size == 0:
			return nil
		}
		if size < header || size > end-off {
			return fmt.Errorf("%w: box %q of %d bytes", ErrMalformed, head[4:8], size)
		}
		if err := visit(string(head[4:8]), extent{off + header, off + size}); err != nil {
			return err
		}
		off += size
	}
	return nil
}

// load reads a payload, unless that is beyond the bounds.
func (m *headerReader) load(p extent) ([]byte, error) {
	if p.size() > maxLeaf || p.size() > m.left {
		return nil, fmt.Errorf("%w: a box of %d bytes", ErrTooMuch, p.size())
	}
	m.left -= p.size()
	b := make([]byte, p.size())
	if _, err := m.r.ReadAt(b, p.off); err != nil && len(b) > 0 {
		return nil, fmt.Errorf("read %d bytes at %d: %w", len(b), p.off, err)
	}
	return b, nil
}

// read loads a payload and passes it to a reader.
func (m *headerReader) read(p extent, do func(c *cursor) error) error {
	b, err := m.load(p)
	if err != nil {
		return err
	}
	c := cursor{b: b}
	if err := do(&c); err != nil {
		return err
	}
	if c.short {
		return fmt.Errorf("%w: a box of %d bytes is too short", ErrMalformed, len(b))
	}
	return nil
}

func (m *headerReader) movie(kind string, p extent) error {
	switch kind {
	case "mvhd":
		return m.read(p, m.mvhd)
	case "mvex":
		m.h.Fragmented = true
	case "trak":
		if len(m.h.Tracks) == maxTracks {
			return fmt.Errorf("%w: more than %d tracks", ErrTooMuch, maxTracks)
		}
		var t Track
		if err := m.walk(p.off, p.end, func(kind string, p extent) error { return m.track(&t, kind, p) }); err != nil {
			return err
		}
		m.h.CoversFirst = m.h.CoversFirst || len(m.h.Covers) > 0
		m.h.Tracks = append(m.h.Tracks, t)
	case "udta":
		return m.walk(p.off, p.end, m.userData)
	case "meta":
		return m.meta(p)
	case "cmov":
		return fmt.Errorf("%w: the header is compressed", ErrTooMuch)
	}
	return nil
}

func (m *headerReader) mvhd(c *cursor) error {
	if c.u32()>>24 == 1 {
		m.h.CreatedS = c.u64()
		c.skip(8)
		m.h.Timescale, m.h.Duration = c.u32(), c.u64()
	} else {
		m.h.CreatedS = uint64(c.u32())
		c.skip(4)
		m.h.Timescale, m.h.Duration = c.u32(), uint64(c.u32())
		if m.h.Duration == 1<<32-1 { // unknown (section 8.2.2.3)
			m.h.Duration = 0
		}
	}
	c.skip(4 + 2 + 10) // rate, volume, reserved
	for n := range m.h.Matrix {
		m.h.Matrix[n] = int32(c.u32())
	}
	return nil
}
