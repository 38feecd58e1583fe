package hlscheck

import (
	"bytes"
	"io"
	"testing"
)

// A rendition reads the same whether its segments are files or ranges of one, and without those that were not chosen or
// are not there.
func TestMediaJoinsARendition(t *testing.T) {
	t.Parallel()
	read := func(src Source, chosen func(n, total int) bool) []byte {
		t.Helper()
		r, err := Media(t.Context(), src, "v1/media.m3u8", chosen)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	all := func(int, int) bool { return true }
	single := good{}.fs()
	whole := bytes.Clone(single["v1/init.mp4"].Data)
	first := len(whole) + len(single["v1/00000.m4s"].Data)
	for _, name := range []string{"v1/00000.m4s", "v1/00001.m4s", "v1/00002.m4s"} {
		whole = append(whole, single[name].Data...)
	}
	for name, src := range map[string]Source{"files": FS(good{}.fs()), "ranges": FS(good{packed: true}.fs())} {
		if got := read(src, all); !bytes.HasPrefix(got, whole) {
			t.Errorf("%s: %d bytes, not those of the files", name, len(got))
		}
		if got := read(src, func(n, _ int) bool { return n == 0 }); !bytes.Equal(got, whole[:first]) {
			t.Errorf("%s: %d bytes of the first segment, want %d", name, len(got), first)
		}
	}
	gone := good{}.fs()
	delete(gone, "v1/00000.m4s")
	if got, want := len(read(FS(gone), all)), len(read(FS(single), all))-(first-len(single["v1/init.mp4"].Data)); got != want {
		t.Errorf("without a segment: %d bytes, want %d", got, want)
	}
}
