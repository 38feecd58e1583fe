package header_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"movify/pkg/header"
)

// counter counts the bytes that are read of a file.
type counter struct {
	io.ReaderAt
	bytes, reads int64
}

func (c *counter) ReadAt(b []byte, off int64) (int, error) {
	c.bytes += int64(len(b))
	c.reads++
	return c.ReaderAt.ReadAt(b, off)
}

// FuzzRead reads hostile bytes, of a size that may be a lie: nothing panics, the bytes read stay in bounds, and the
// probe is plausible.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"tiny.mkv", "tiny.mp4", "tiny.mov"} {
		data := film(f, name)
		f.Add(data, int64(len(data)))
		f.Add(data[:len(data)/2], int64(len(data)))
	}
	f.Fuzz(func(t *testing.T, data []byte, size int64) {
		for _, size := range []int64{int64(len(data)), size} {
			r := &counter{ReaderAt: bytes.NewReader(data)}
			p, err := header.Read(r, size)
			if limit := int64(40 << 20); r.bytes > limit {
				t.Errorf("%d bytes are read of %d", r.bytes, len(data))
			}
			if err != nil {
				if !errors.Is(err, header.ErrAsk) {
					t.Errorf("error is %v", err)
				}
				continue
			}
			v, ok := p.Picture()
			if !ok || v.Codec == "" || v.Width < 2 || v.Height < 2 || p.DurationUS < 1_000_000 || !p.Quick {
				t.Errorf("answered %+v", p)
			}
			for _, a := range p.Audio {
				if a.Codec == "" || a.Channels < 1 || a.SampleRate < 1 {
					t.Errorf("answered %+v", a)
				}
			}
		}
	})
}
