package header

import (
	"bytes"
	"testing"
)

// TestPagesForgetTheFileBefore reads a long file and then a short one with the same pages.
func TestPagesForgetTheFileBefore(t *testing.T) {
	t.Parallel()
	long, short := bytes.Repeat([]byte("long"), pageSize), []byte("short")
	in := &pages{}
	for _, content := range [][]byte{long, short, long[4:], short[1:]} {
		of := in.of(bytes.NewReader(content), int64(len(content)))
		got := make([]byte, 4)
		if _, err := of.ReadAt(got, 0); err != nil || !bytes.Equal(got, content[:4]) {
			t.Errorf("got %q, %v of %q", got, err, content[:4])
		}
		if n, err := of.ReadAt(make([]byte, 8), int64(len(content))-4); n != 4 || err == nil {
			t.Errorf("read %d bytes of the last 4, %v", n, err)
		}
	}
}
