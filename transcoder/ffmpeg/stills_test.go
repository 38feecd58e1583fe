package ffmpeg_test

import (
	"bytes"
	"regexp"
	"testing"

	"movify/pkg/testkit"
)

func TestStillsArePicturesAndAColour(t *testing.T) {
	t.Parallel()
	src := source(t, testkit.Film(t, 1280, 720, 4), "feed")
	still, err := encoder(t).Stills(t.Context(), src.Path, src.Probe)
	if err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string][]byte{"1280": still.WebP1280, "480": still.WebP480} {
		if !bytes.HasPrefix(picture, []byte("RIFF")) || !bytes.Equal(picture[8:12], []byte("WEBP")) {
			t.Errorf("%s is no WebP: % x", name, picture[:min(16, len(picture))])
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
