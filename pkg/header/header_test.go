package header_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"movify/pkg/header"
	"movify/pkg/media"
	"movify/pkg/testkit"
)

// film is a short film with sound, of a few KiB, in the container its name asks for.
func film(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(testkit.Clip(t, name, "-f", "lavfi", "-i", "color=s=32x32:r=5:d=1.4", "-f", "lavfi", "-i", "sine=d=1.4",
		"-metadata", "title=Tiny", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "8k"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCutFilesAreNotAnswered(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.mkv", "plain.mp4"} {
		data := film(t, name)
		for n := range data {
			if p, err := header.Read(bytes.NewReader(data[:n]), int64(n)); !errors.Is(err, header.ErrAsk) {
				t.Fatalf("%s: the first %d bytes are taken for a film: %+v, %v", name, n, p, err)
			}
		}
		if _, err := header.Read(bytes.NewReader(data), int64(len(data))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// asked is a fallback that records that it was called.
type asked struct{}

var errAsked = errors.New("ffprobe was asked")

func (asked) Probe(context.Context, string) (media.Probe, error) { return media.Probe{}, errAsked }

func TestWhatIsNoFilmIsLeftToTheFallback(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo.mkv")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"empty.mkv": nil, "short.mkv": {0x1a}, "list.mkv": []byte("#EXTM3U\n/etc/passwd\n"), "zeros.mp4": make([]byte, 50_000),
		"ebml.mkv": append([]byte("\x1a\x45\xdf\xa3"), make([]byte, 5_000)...),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"empty.mkv", "short.mkv", "list.mkv", "zeros.mp4", "ebml.mkv", "fifo.mkv", ".", "nothing.mkv"} {
		if _, err := header.NewProber(asked{}).Probe(t.Context(), filepath.Join(dir, name)); !errors.Is(err, errAsked) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFilmIsReadWithoutTheFallbackAndWithFewReads(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.mkv", "plain.mp4"} {
		data := film(t, name)
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := header.NewProber(asked{}).Probe(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if !p.Quick || p.Size != int64(len(data)) || len(p.Video) != 1 || len(p.Audio) != 1 {
			t.Errorf("%s: %+v", name, p)
		}
		r := &counter{ReaderAt: bytes.NewReader(data)}
		if _, err := header.Read(r, int64(len(data))); err != nil || r.reads > 8 {
			t.Errorf("%s: %d reads of %d bytes, %v", name, r.reads, r.bytes, err)
		}
	}
}

func TestAReadErrorIsNoAnswer(t *testing.T) {
	t.Parallel()
	data := film(t, "plain.mkv")
	broken := io.NewSectionReader(bytes.NewReader(data), 0, 100) // the disk gives no more
	if _, err := header.Read(broken, int64(len(data))); !errors.Is(err, header.ErrAsk) {
		t.Errorf("error is %v", err)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"plain.mkv", "plain.mp4"} {
		data := film(b, name)
		path := filepath.Join(b.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			prober := header.NewProber(asked{})
			for b.Loop() {
				if _, err := prober.Probe(b.Context(), path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
