package original_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/media"
	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
)

// untouched gives the packets of a file with the times that they have in their tracks.
func untouched(t *testing.T, path string) (out probed) {
	t.Helper()
	text, err := exec.Command(testkit.Need(t, "ffprobe"), "-v", "error", "-ignore_editlist", "1", "-show_packets", "-show_streams",
		"-show_data_hash", "sha256", "-of", "json", path).Output()
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatalf("ffprobe %s: %v", path, err)
	}
	return out
}

// shownPart is a part of a track, ticks of it, and when it begins in the stream.
type shownPart struct{ from, until, at int64 }

// Edit lists of several parts, each of which begins at a key frame: the samples of the parts are copied, each at its time, and
// no others.
func TestSeveralEdits(t *testing.T) {
	t.Parallel()
	const picture, sound = 12_800, 48_000 // ticks a second
	base := "-f lavfi -i testsrc2=s=160x90:r=25:d=4 -f lavfi -i sine=440:r=48000:d=4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10 -c:a aac "
	for name, c := range map[string]struct {
		args  string
		delay int64 // of composition, ticks of the picture
	}{
		"edits.mp4": {base, 0}, "editsb.mp4": {base + "-bf 2 -x264-params b-adapt=0", 1024},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(testkit.Clip(t, name, strings.Fields(c.args)...))
			if err != nil {
				t.Fatal(err)
			}
			track := 0
			// From 0 to 1.2 s, from 2 to 2.4 s, and from 2.8 s to the end; the sound has a priming of 1024 samples.
			data = mp4test.Change(data, "elst", func(kind string, _ []byte) []byte {
				scale, start := uint32(picture), uint32(c.delay)
				if track++; track == 2 {
					scale, start = sound, 1024
				}
				return mp4test.Box(kind, mp4test.Words(0, 3, 1200, start, normal, 400, 2*scale+start, normal, 1200, scale*28/10+start, normal))
			})
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			s, f, err := open(t, path)
			if err != nil {
				t.Fatal(err)
			}
			source := untouched(t, path)
			for _, copied := range s.Media().Copies() {
				scale, start := int64(picture), c.delay
				if copied.Kind == media.Audio {
					scale, start = sound, 1024
				}
				parts := []shownPart{
					{start, start + scale*12/10, 0}, {start + 2*scale, start + scale*24/10, scale * 12 / 10},
					{start + scale*28/10, start + 4*scale, scale * 16 / 10},
				}
				sameParts(t, copied, parts, source.of(copied.Stream), probe(t, joined(t, s, f, copied)).of(0))
			}
		})
	}
}

func sameParts(t *testing.T, c media.Copy, parts []shownPart, source, got []packet) {
	t.Helper()
	var want []packet
	for _, p := range source {
		for _, part := range parts {
			if p.PTS >= part.from && p.PTS < part.until {
				p.PTS += part.at - part.from
				want = append(want, p)
			}
		}
	}
	if len(got) != len(want) || len(got) != c.Samples || len(want) == 0 {
		t.Fatalf("%s: %d samples, said are %d, want %d", c.ID, len(got), c.Samples, len(want))
	}
	for n := range want {
		if got[n].Hash != want[n].Hash || got[n].PTS != want[n].PTS {
			t.Fatalf("%s: sample %d is %s at %d, want %s at %d", c.ID, n, got[n].Hash, got[n].PTS, want[n].Hash, want[n].PTS)
		}
	}
}
