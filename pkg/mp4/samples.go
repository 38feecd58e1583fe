package mp4

import (
	"fmt"
	"io"
)

// Text is a small sample, as those of a chapter track.
type Text struct {
	Start uint64 // ticks of its track's timescale
	Data  []byte
}

// Bounds of what Texts reads.
const (
	maxTexts     = 2_000
	maxTextBytes = 4 << 10 // of one sample
)

// Texts reads all samples of a track of a few small ones, in order.
func Texts(r io.ReaderAt, t Track) ([]Text, error) {
	if t.Samples > maxTexts {
		return nil, fmt.Errorf("%w: %d texts", ErrTooMuch, t.Samples)
	}
	m := headerReader{r: r, left: maxTexts * maxTextBytes}
	sizes, err := m.sizes(t)
	if err != nil {
		return nil, err
	}
	offsets, err := m.offsets(t, sizes)
	if err != nil {
		return nil, err
	}
	starts, err := m.starts(t)
	if err != nil {
		return nil, err
	}
	out := make([]Text, min(len(offsets), len(starts)))
	for n := range out {
		if sizes[n] > maxTextBytes {
			return nil, fmt.Errorf("%w: a text of %d bytes", ErrTooMuch, sizes[n])
		}
		data, err := m.load(extent{offsets[n], offsets[n] + int64(sizes[n])})
		if err != nil {
			return nil, err
		}
		out[n] = Text{Start: starts[n], Data: data}
	}
	return out, nil
}

// sizes reads stsz (ISO/IEC 14496-12 section 8.7.3.2).
func (m *headerReader) sizes(t Track) (out []uint32, err error) {
	err = m.read(t.tables.sizes, func(c *cursor) error {
		c.skip(4)
		each, count := c.u32(), c.u32()
		for range min(count, maxTexts) {
			size := each
			if each == 0 {
				size = c.u32()
			}
			out = append(out, size)
		}
		return nil
	})
	return out, err
}

// starts reads stts (section 8.6.1.2).
func (m *headerReader) starts(t Track) (out []uint64, err error) {
	err = m.read(t.tables.times, func(c *cursor) error {
		c.skip(4)
		at := uint64(0)
		for range min(c.u32(), maxTexts) {
			count, ticks := c.u32(), c.u32()
			for range min(count, maxTexts) {
				if len(out) < maxTexts {
					out = append(out, at)
				}
				at += uint64(ticks)
			}
		}
		return nil
	})
	return out, err
}

// offsets joins stco or co64 with stsc (sections 8.7.4 and 8.7.5) to the byte range of every sample in the file.
func (m *headerReader) offsets(t Track, sizes []uint32) ([]int64, error) {
	var chunks []int64
	err := m.read(t.tables.chunks, func(c *cursor) error {
		c.skip(4)
		for range min(c.u32(), maxTexts) {
			if t.tables.wide {
				chunks = append(chunks, int64(c.u64()))
			} else {
				chunks = append(chunks, int64(c.u32()))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []int64
	err = m.read(t.tables.toChunk, func(c *cursor) error {
		c.skip(4)
		type run struct{ first, samples uint32 }
		var runs []run
		for range min(c.u32(), maxTexts) {
			runs = append(runs, run{c.u32(), c.u32()})
			c.skip(4)
		}
		samples := uint32(0)
		for n, at := range chunks {
			for len(runs) > 0 && runs[0].first == uint32(n)+1 {
				samples, runs = runs[0].samples, runs[1:]
			}
			for range min(samples, maxTexts) {
				if len(out) == len(sizes) {
					return nil
				}
				out = append(out, at)
				at += int64(sizes[len(out)-1])
			}
		}
		return nil
	})
	return out, err
}
