package mp4

import (
	"bytes"
	"fmt"
	"math"
	"unicode/utf8"
)

// tables are the byte ranges of a track's sample tables, for Texts and SampleTable; empty without such a box.
type tables struct {
	sizes, chunks, toChunk, times, shifts, syncs extent
	wide                                         bool
}

// tkhdEnabled is a flag of tkhd (ISO/IEC 14496-12 section 8.3.2.3).
const tkhdEnabled = 1

func (m *headerReader) track(t *Track, kind string, p extent) error {
	inside := func(kind string, p extent) error { return m.track(t, kind, p) }
	switch kind {
	case "mdia", "minf", "stbl", "edts", "dinf":
		return m.walk(p.off, p.end, inside)
	case "tkhd":
		return m.read(p, t.tkhd)
	case "mdhd":
		return m.read(p, t.mdhd)
	case "elng":
		return m.read(p, t.elng)
	case "hdlr":
		if t.Handler != "" { // QuickTime has another, of data, in the minf
			return nil
		}
		return m.read(p, t.hdlr)
	case "elst":
		return m.read(p, t.elst)
	case "tref":
		return m.walk(p.off, p.end, func(kind string, p extent) error {
			return m.read(p, func(c *cursor) error { t.tref(kind, c); return nil })
		})
	case "dref":
		return m.dref(t, p)
	case "stsd":
		return m.read(p, t.stsd)
	case "stts":
		t.tables.times = p
		return m.read(p, t.stts)
	case "stsz":
		t.tables.sizes = p
		return m.read(p, t.stsz)
	case "stz2":
		return m.read(p, func(c *cursor) error { c.skip(8); t.Samples = c.u32(); return nil })
	case "stco", "co64":
		t.tables.chunks, t.tables.wide = p, kind == "co64"
	case "stsc":
		t.tables.toChunk = p
	case "ctts":
		t.tables.shifts = p
	case "stss":
		t.tables.syncs = p
	case "udta":
		return m.walk(p.off, p.end, func(kind string, p extent) error { return m.trackData(t, kind, p) })
	}
	return nil
}

func (t *Track) tkhd(c *cursor) error {
	bits := c.u32()
	t.Enabled = bits&tkhdEnabled != 0
	if bits>>24 == 1 {
		c.skip(16)
		t.ID = c.u32()
		c.skip(4 + 8)
	} else {
		c.skip(8)
		t.ID = c.u32()
		c.skip(4 + 4)
	}
	c.skip(8 + 2 + 2 + 2 + 2) // reserved, layer, alternate group, volume, reserved
	for n := range t.Matrix {
		t.Matrix[n] = int32(c.u32())
	}
	t.Width, t.Height = c.u32(), c.u32()
	return nil
}

func (t *Track) mdhd(c *cursor) error {
	if c.u32()>>24 == 1 {
		c.skip(16)
		t.Timescale, t.Duration = c.u32(), c.u64()
	} else {
		c.skip(8)
		t.Timescale, t.Duration = c.u32(), uint64(c.u32())
	}
	t.Language = uint16(c.u32() >> 16)
	return nil
}

// elng reads the extended language tag (section 8.4.6.2).
func (t *Track) elng(c *cursor) error {
	c.skip(4)
	tag, _, _ := bytes.Cut(c.b, []byte{0})
	t.ExtendedLanguage = string(tag)
	return nil
}

// hdlr reads the handler. Its name ends at a zero byte; QuickTime counts its letters in a byte before them.
func (t *Track) hdlr(c *cursor) error {
	c.skip(8)
	t.Handler = string(c.take(4))
	c.skip(12)
	name := c.b
	if len(name) > 0 && int(name[0]) == len(name)-1 {
		name = name[1:]
	}
	name, _, _ = bytes.Cut(name, []byte{0})
	t.HandlerName = string(name)
	return nil
}

func (t *Track) elst(c *cursor) error {
	version := c.u32() >> 24
	count := c.u32()
	if count > maxEdits {
		return fmt.Errorf("%w: %d edits", ErrTooMuch, count)
	}
	for range count {
		var e Edit
		if version == 1 {
			e.Duration, e.Media = c.u64(), int64(c.u64())
		} else {
			e.Duration, e.Media = uint64(c.u32()), int64(int32(c.u32()))
		}
		e.Rate = int32(c.u32())
		if c.short {
			return nil
		}
		t.Edits = append(t.Edits, e)
	}
	return nil
}

func (t *Track) tref(kind string, c *cursor) {
	r := Refer{Type: kind}
	for len(c.b) >= 4 && len(r.Tracks) < maxTracks {
		r.Tracks = append(r.Tracks, c.u32())
	}
	t.Refers = append(t.Refers, r)
}

// selfContained is the flag of a data reference: the samples are in this file (section 8.7.2).
const selfContained = 1

func (m *headerReader) dref(t *Track, p extent) error {
	if p.size() < 8 {
		return nil
	}
	return m.walk(p.off+8, p.end, func(kind string, p extent) error {
		return m.read(p, func(c *cursor) error {
			t.External = t.External || c.u32()&selfContained == 0
			return nil
		})
	})
}

func (t *Track) stsd(c *cursor) error {
	c.skip(8)
	for kind, payload := range children(c.b) {
		if t.Entries++; t.Entries == 1 {
			t.Format, t.Entry = kind, payload
		}
		t.EntriesDiffer = t.EntriesDiffer || kind != t.Format || !bytes.Equal(payload, t.Entry)
	}
	return nil
}

func (t *Track) stts(c *cursor) error {
	c.skip(4)
	count := c.u32()
	t.Times = Times{}
	for range count {
		n, ticks := c.u32(), c.u32()
		if c.short {
			return nil
		}
		if t.Times.Runs++; t.Times.Runs == 1 {
			t.Times.First = ticks
		}
		t.Times.LastCount = n
		t.Times.Samples += uint64(n)
		if t.Times.Ticks += uint64(n) * uint64(ticks); t.Times.Ticks > math.MaxInt64 {
			return fmt.Errorf("%w: samples that never end", ErrMalformed)
		}
	}
	return nil
}

func (t *Track) stsz(c *cursor) error {
	c.skip(4)
	each := c.u32()
	t.Samples = c.u32()
	if each != 0 {
		t.Bytes = uint64(each) * uint64(t.Samples)
		return nil
	}
	for table := c.take(int(t.Samples) * 4); len(table) >= 4 && !c.short; table = table[4:] {
		t.Bytes += uint64(be.Uint32(table))
	}
	return nil
}

// trackData reads a track's own udta.
func (m *headerReader) trackData(t *Track, kind string, p extent) error {
	if kind != "kind" && kind != "name" && kind != "tagc" {
		return nil
	}
	b, err := m.load(p)
	if err != nil {
		return err
	}
	switch text := bytes.TrimRight(b, "\x00"); kind {
	case "name": // QuickTime's, and what ffmpeg writes: letters and nothing else
		if utf8.Valid(text) {
			t.Title = string(text)
		}
	case "tagc":
		if len(t.Characteristics) < maxTracks {
			t.Characteristics = append(t.Characteristics, string(text))
		}
	case "kind":
		t.kind(b)
	}
	return nil
}

func (t *Track) kind(b []byte) {
	if len(b) < 4 || len(t.Kinds) == maxTracks {
		return
	}
	scheme, rest, _ := bytes.Cut(b[4:], []byte{0})
	value, _, _ := bytes.Cut(rest, []byte{0})
	t.Kinds = append(t.Kinds, Kind{string(scheme), string(value)})
}

// Part gives the payload of a box inside the sample entry, such as "avcC", by its path.
func (t Track) Part(path ...string) ([]byte, bool) {
	fixed := 0
	switch t.Handler {
	case "vide":
		fixed = visualEntry
	case "soun":
		fixed = audioEntry
		if len(t.Entry) >= 10 { // QuickTime's later versions of the entry are longer
			fixed += map[uint16]int{1: 16, 2: 36}[be.Uint16(t.Entry[8:])]
		}
	}
	if len(t.Entry) < fixed {
		return nil, false
	}
	return find(t.Entry[fixed:], path...)
}

// PictureSize is the size of the picture in pixels as the sample entry has it.
func (t Track) PictureSize() (width, height int) {
	if t.Handler != "vide" || len(t.Entry) < visualEntry {
		return 0, 0
	}
	return int(be.Uint16(t.Entry[24:])), int(be.Uint16(t.Entry[26:]))
}

// Sound gives the channels, bits of a sample and rate in Hz as the sample entry has them.
func (t Track) Sound() (channels, bits, rate int) {
	if t.Handler != "soun" || len(t.Entry) < audioEntry {
		return 0, 0, 0
	}
	const quickTime2 = 2 // its rate is a double
	if version := be.Uint16(t.Entry[8:]); version == quickTime2 && len(t.Entry) >= audioEntry+36 {
		hz := math.Float64frombits(be.Uint64(t.Entry[32:]))
		if hz >= 1 && hz < 1<<20 {
			return int(be.Uint32(t.Entry[40:]) & 0xffff), int(be.Uint32(t.Entry[48:]) & 0xffff), int(hz)
		}
	}
	return int(be.Uint16(t.Entry[16:])), int(be.Uint16(t.Entry[18:])), int(be.Uint32(t.Entry[24:]) >> 16)
}
