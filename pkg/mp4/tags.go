package mp4

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// userData reads the movie's udta: an iTunes list, Nero's chapters, and QuickTime's own texts.
func (m *headerReader) userData(kind string, p extent) error {
	switch {
	case kind == "meta":
		return m.meta(p)
	case kind == "chpl":
		return m.read(p, m.chpl)
	case kind[0] == 0xa9:
		return m.read(p, func(c *cursor) error { return m.text(kind, c) })
	}
	return nil
}

// meta reads a meta box, which is a full box but in QuickTime.
func (m *headerReader) meta(p extent) error {
	if p.size() < 12 {
		return nil
	}
	var head [8]byte
	if _, err := m.r.ReadAt(head[:], p.off); err != nil {
		return fmt.Errorf("read meta: %w", err)
	}
	if string(head[4:]) != "hdlr" {
		p.off += 4
	}
	m.keys = nil
	return m.walk(p.off, p.end, func(kind string, p extent) error {
		switch kind {
		case "keys":
			return m.read(p, m.readKeys)
		case "ilst":
			return m.walk(p.off, p.end, m.listed)
		}
		return nil
	})
}

func (m *headerReader) readKeys(c *cursor) error {
	c.skip(8)
	for _, name := range children(c.b) {
		m.keys = append(m.keys, string(name))
	}
	return nil
}

// listed reads one entry of an ilst. Under a keys box its type is the number of its name, from 1.
func (m *headerReader) listed(kind string, p extent) error {
	key := kind
	if n := int(be.Uint32([]byte(kind))); n >= 1 && n <= len(m.keys) {
		key = m.keys[n-1]
	}
	return m.walk(p.off, p.end, func(part string, p extent) error {
		switch {
		case part == "data" && kind == "covr":
			return m.cover(p)
		case part == "data":
			return m.read(p, func(c *cursor) error {
				bits := c.u32()
				c.skip(4) // locale
				return m.tag(key, bits&0xffffff, c.b)
			})
		case part == "name" && kind == "----":
			return m.read(p, func(c *cursor) error {
				c.skip(4)
				key = string(c.b)
				return nil
			})
		}
		return nil
	})
}

func (m *headerReader) cover(p extent) error {
	if p.size() < 8 {
		return nil
	}
	var head [8]byte
	if _, err := m.r.ReadAt(head[:], p.off); err != nil {
		return fmt.Errorf("read a cover: %w", err)
	}
	if len(m.h.Covers) == maxTracks {
		return fmt.Errorf("%w: more than %d covers", ErrTooMuch, maxTracks)
	}
	m.h.Covers = append(m.h.Covers, Cover{Kind: be.Uint32(head[:]) & 0xffffff, Offset: p.off + 8, Size: p.size() - 8})
	return nil
}

func (m *headerReader) tag(key string, kind uint32, value []byte) error {
	if len(m.h.Tags) == maxTags {
		return fmt.Errorf("%w: more than %d tags", ErrTooMuch, maxTags)
	}
	m.h.Tags = append(m.h.Tags, Tag{key, kind, value})
	return nil
}

// text reads a QuickTime text: its length and language in two bytes each, then its letters. Only UTF-8 counts, as those
// of this century are.
func (m *headerReader) text(kind string, c *cursor) error {
	if len(c.b) < 4 {
		return nil
	}
	length := int(be.Uint16(c.b))
	if length > len(c.b)-4 || !utf8.Valid(c.b[4:4+length]) {
		return nil
	}
	return m.tag(kind, 1, bytes.TrimRight(c.b[4:4+length], "\x00"))
}

// chpl reads Nero's chapters: starts in units of 100 ns, each with a title of at most 255 bytes.
func (m *headerReader) chpl(c *cursor) error {
	if c.u32()>>24 == 1 {
		c.skip(4)
	}
	for range c.u8() {
		start := c.u64()
		title := c.take(int(c.u8()))
		if c.short || start > 1<<55 {
			return nil
		}
		m.h.Chapters = append(m.h.Chapters, Chapter{StartNS: int64(start) * 100, Title: string(title)})
	}
	return nil
}
