package ffmpeg_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"movify/pkg/blob"
	"movify/pkg/media"
	"movify/pkg/testkit"
)

// recording is a transport stream of n seconds. Its picture is grey and lighter in each second, from a level on; its
// sound is a beep at the beginning of each second.
func recording(t *testing.T, name string, n, level int, more ...string) string {
	t.Helper()
	picture := fmt.Sprintf("color=black:s=160x120:r=25:d=%d,format=gray,geq=lum='%d+20*floor(T)',format=yuv420p", n, level)
	sound := fmt.Sprintf("aevalsrc='if(lt(mod(t,1),0.04),sin(2*PI*1000*t),0)':s=48000:d=%d", n)
	return testkit.Clip(t, name, append([]string{"-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound,
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac"}, more...)...)
}

// joinFiles writes files one behind another, as cat does.
func joinFiles(t *testing.T, name string, paths ...string) string {
	t.Helper()
	var all []byte
	for _, p := range paths {
		all = append(all, read(t, p)...)
	}
	out := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(out, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// joinedFiles are three seconds and four of one film after another, levels 40, 60, 80, then 100 to 160.
func joinedFiles(t *testing.T) map[string]string {
	t.Helper()
	first := recording(t, "first.ts", 3, 40)
	pids := []string{"-mpegts_start_pid", "0x200", "-mpegts_pmt_start_pid", "0x1100"}
	return map[string]string{
		"a clock that starts again": joinFiles(t, "clock.ts", first, recording(t, "second.ts", 4, 100)),
		"other PIDs":                joinFiles(t, "pids.ts", first, recording(t, "other.ts", 4, 100, pids...)),
		"an hour later":             joinFiles(t, "hour.ts", first, recording(t, "hour.ts", 4, 100, "-output_ts_offset", "3600")),
		"Blu-ray packets":           joinFiles(t, "disc.m2ts", recording(t, "first.m2ts", 3, 40), recording(t, "second.m2ts", 4, 100)),
		"another size and codec":    joinFiles(t, "codec.ts", first, recording(t, "mpeg2.ts", 4, 100, "-c:v", "mpeg2video", "-s", "320x240", "-b:v", "2M")),
		"no sound in the second":    joinFiles(t, "silent.ts", first, recording(t, "silent.ts", 4, 100, "-an")),
	}
}

// Joined transport streams play one behind the other, all of each, and segments made just in time have the frames of a
// batch.
func TestJoinedTransportStreamsPlayThrough(t *testing.T) {
	t.Parallel()
	for name, path := range testkit.Rows(joinedFiles(t)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, path, "feed")
			if n := len(src.Probe.Recordings); n != 2 {
				t.Fatalf("%d recordings, want 2: %+v", n, src.Probe)
			}
			a, store := convertTo(t, src, lowest(), encoder(t))
			if a.Grid.Total() != 175 || !slices.Equal(a.Grid.Joints, []int{75}) {
				t.Fatalf("%d frames with joints at %d, want 175 and 75", a.Grid.Total(), a.Grid.Joints)
			}
			picture := a.Ladder.Videos()[0].ID
			var whole [][]byte
			for n := range a.Grid.Segments() {
				whole = append(whole, frames(t, stored(t, store, a, picture, n))...)
			}
			checkLevels(t, "batch", whole)
			s := watch(t, src, lowest())
			for n := a.Grid.Segments() - 1; n >= 0; n-- {
				from, to := a.Grid.Frames[n], a.Grid.Frames[n+1]
				made := frames(t, append(s.begin(picture), s.get(picture, n)...))
				s.get(a.Ladder.Audios()[0].ID, n)
				s.leave()
				if len(made) != to-from {
					t.Fatalf("segment %d has %d frames just in time, want %d", n, len(made), to-from)
				}
				for i, frame := range made {
					if d := math.Abs(level(frame) - level(whole[from+i])); d > 2 {
						t.Errorf("frame %d differs by %.1f grey levels", from+i, d)
					}
				}
			}
			checkBeeps(t, a, store, name != "no sound in the second")
		})
	}
}

func level(frame []byte) float64 {
	sum := 0
	for _, c := range frame {
		sum += int(c)
	}
	return float64(sum) / float64(len(frame))
}

// checkLevels holds each second's grey against the film's.
func checkLevels(t *testing.T, what string, frames [][]byte) {
	t.Helper()
	if len(frames) != 175 {
		t.Fatalf("%s: %d frames, want 175", what, len(frames))
	}
	for n, frame := range frames {
		want := float64(40 + 20*(n/25))
		if got := level(frame); math.Abs(got-want) > 4 {
			t.Fatalf("%s: frame %d has grey level %.0f, want %.0f", what, n, got, want)
		}
	}
}

// checkBeeps looks for the beep of each second but the first, which meets the encoder's start.
func checkBeeps(t *testing.T, a media.Asset, store blob.Store, all bool) {
	t.Helper()
	r := a.Ladder.Audios()[0].ID
	stream := stored(t, store, a, r, 0)
	for n := 1; n < a.Grid.Segments(); n++ {
		more, err := blob.ReadAll(t.Context(), store, a.SegmentKey(r, n))
		if err != nil {
			t.Fatal(err)
		}
		stream = append(stream, more...)
	}
	pcm := decode(t, bytes.Clone(stream), "-ac", "1", "-f", "s16le", "-")
	for second := 1; second < 7; second++ {
		if second >= 3 && !all {
			break
		}
		if offset := beepAt(pcm, second); math.Abs(offset) > 0.03 {
			t.Errorf("the beep at %d s is %.2f ms off", second, offset*1000)
		}
	}
}
