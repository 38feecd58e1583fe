package header_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"movify/pkg/header"
	"movify/pkg/media"
	"movify/pkg/testkit"
)

// film is three seconds with sound in the container its name asks for.
func film(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(testkit.Clip(t, name, "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3", "-f", "lavfi", "-i", "sine=d=3",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"))
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

// asked is a fallback that says that it was asked.
type asked struct{}

var errAsked = errors.New("ffprobe was asked")

func (asked) Probe(context.Context, string) (media.Probe, error) { return media.Probe{}, errAsked }
