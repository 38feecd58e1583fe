package ffmpeg_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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

// A still has the colours of the film: a WebP is in BT.601, and an HD film is not.
func TestAStillHasTheColoursOfTheFilm(t *testing.T) {
	t.Parallel()
	const to709 = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
	for name, path := range map[string]string{
		"HD, says nothing": colored(t, "hd.mkv", "1280x534", to709, plain264...),
		"SD, says BT.709":  colored(t, "sd709.mkv", "160x120", to709, x264As("bt709", "bt709", "bt709")...),
		"SD, says nothing": colored(t, "divx.avi", "160x120", "scale=out_color_matrix=bt601:out_range=tv,format=yuv420p", "-c:v", "mpeg4", "-q:v", "2"),
		"full range":       colored(t, "full.mp4", "160x120", "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p", plain264...),
		"RGB":              colored(t, "rgb.mkv", "160x120", "format=gbrp", "-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "4"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			still, err := encoder(t).Stills(t.Context(), path, source(t, path, "feed").Probe)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "still.webp")
			if err := os.WriteFile(file, still.WebP1280, 0o600); err != nil {
				t.Fatal(err)
			}
			rgb, err := exec.Command(testkit.Need(t, "ffmpeg"), "-v", "error", "-i", file, "-vf", "scale=1:1:in_color_matrix=bt601:in_range=tv",
				"-pix_fmt", "rgb24", "-f", "rawvideo", "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			for n, want := range []int{0xc0, 0x40, 0x20} {
				if d := int(rgb[n]) - want; d < -8 || d > 8 {
					t.Fatalf("the colour is %x, want c04020", rgb)
				}
			}
			var r, g, b int
			if _, err := fmt.Sscanf(still.Color, "#%02x%02x%02x", &r, &g, &b); err != nil || max(r-0xc0, 0xc0-r, g-0x40, 0x40-g, b-0x20, 0x20-b) > 8 {
				t.Errorf("the average colour is %s, %v, want #c04020", still.Color, err)
			}
		})
	}
}
