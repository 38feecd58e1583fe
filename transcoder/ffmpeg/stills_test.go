package ffmpeg_test

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"testing"

	"movify/pkg/testkit"
)

func TestStillsArePicturesAndAColour(t *testing.T) {
	t.Parallel()
	src := source(t, noise(t), "feed")
	still, err := encoder(t).Stills(t.Context(), src.Path, src.Probe)
	if err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string][]byte{"1280": still.WebP1280, "480": still.WebP480} {
		if !bytes.HasPrefix(picture, []byte("RIFF")) || !bytes.Equal(picture[8:12], []byte("WEBP")) {
			t.Errorf("%s is no WebP: % x", name, picture[:min(16, len(picture))])
		}
		if size := int(binary.LittleEndian.Uint32(picture[4:])); size != len(picture)-8 {
			t.Errorf("%s says that it has %d bytes, it has %d", name, size, len(picture)-8)
		}
	}
	if len(still.WebP480) >= len(still.WebP1280) {
		t.Errorf("the small picture has %d bytes, the large one %d", len(still.WebP480), len(still.WebP1280))
	}
	if !regexp.MustCompile(`^#[0-9a-f]{6}$`).MatchString(still.Color) {
		t.Errorf("colour is %q", still.Color)
	}
}

func TestCalibrateMeasuresTheSmallestSizeFirst(t *testing.T) {
	speeds, err := encoder(t).Calibrate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(speeds) == 0 || speeds[0].Height != 480 || speeds[0].Times <= 0 {
		t.Fatalf("speeds = %+v", speeds)
	}
	t.Logf("%+v", speeds)
}

// noise is a film whose stills are large: beyond the buffer in which a muxer can still go back.
func noise(t testing.TB) string {
	t.Helper()
	return testkit.Clip(t, "noise.mkv", "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=24:d=4,noise=alls=60:allf=t",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
}
