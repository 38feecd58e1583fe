package ffmpeg_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"movify/pkg/disc/disctest"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder/ffmpeg"
)

// hostileFolder is a name with everything that ffmpeg's lists and protocols give a meaning to.
const hostileFolder = `a|b'c,d:e%d "disc" \`

// put writes a file of a disc, with its folders.
func put(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// dvd makes a DVD of a film of ten seconds: between two other titles, over three files that are cut in the middle
// of a group of pictures. It gives the path of its index.
func dvd(t *testing.T) string {
	t.Helper()
	const sector = 2048
	film := read(t, testkit.Clip(t, "disc.vob", "-f", "lavfi", "-i", "testsrc2=s=352x288:r=25:d=10", "-f", "lavfi",
		"-i", "sine=d=10:r=48000", "-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-b:v", "1M", "-c:a", "ac3"))
	film = film[:len(film)/sector*sector]
	other := read(t, testkit.Clip(t, "other.vob", "-f", "lavfi", "-i", "color=red:s=352x288:r=25:d=1", "-c:v", "mpeg2video", "-b:v", "1M"))
	other = other[:len(other)/sector*sector]
	all := append(append(append([]byte{}, other...), film...), other...)
	third := len(all) / sector / 3 * sector
	folder := filepath.Join(t.TempDir(), hostileFolder, "VIDEO_TS")
	for n := range 3 {
		end := (n + 1) * third
		if n == 2 {
			end = len(all)
		}
		put(t, filepath.Join(folder, fmt.Sprintf("VTS_01_%d.VOB", n+1)), all[n*third:end])
	}
	put(t, filepath.Join(folder, "VTS_01_0.VOB"), other)
	first, count := uint32(len(other)/sector), uint32(len(film)/sector)
	return put(t, filepath.Join(folder, "VTS_01_0.IFO"), disctest.IFO(
		[]disctest.Cell{{First: 0, Last: first - 1, Duration: time.Second}},
		[]disctest.Cell{
			{First: first, Last: first + count/2 - 1, Duration: 5 * time.Second},
			{First: first + count/2, Last: first + count - 1, Duration: 5 * time.Second},
		},
	))
}

// resetDVD makes a DVD of two recordings of six and four seconds, each with a clock of its own, and gives the path of its index.
func resetDVD(t *testing.T) string {
	t.Helper()
	const sector = 2048
	var all []byte
	var cells []disctest.Cell
	for n, seconds := range []int{6, 4} {
		film := read(t, testkit.Clip(t, fmt.Sprintf("%d.vob", n), "-f", "lavfi", "-i",
			fmt.Sprintf("testsrc2=s=352x288:r=25:d=%d,hue=h=%d", seconds, 90*n), "-f", "lavfi", "-i", fmt.Sprintf("sine=d=%d:r=48000", seconds),
			"-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-b:v", "1M", "-c:a", "ac3"))
		film = film[:len(film)/sector*sector]
		first := uint32(len(all) / sector)
		all = append(all, film...)
		cells = append(cells, disctest.Cell{
			First: first, Last: uint32(len(all)/sector) - 1, Duration: time.Duration(seconds) * time.Second, Anew: true,
		})
	}
	folder, half := filepath.Join(t.TempDir(), hostileFolder, "VIDEO_TS"), len(all)/sector/2*sector
	put(t, filepath.Join(folder, "VTS_01_1.VOB"), all[:half])
	put(t, filepath.Join(folder, "VTS_01_2.VOB"), all[half:])
	return put(t, filepath.Join(folder, "VTS_01_0.IFO"), disctest.IFO(cells))
}

// bluray makes a disc of three clips, whose clocks all begin anew, and gives the path of the playlist that joins them.
func bluray(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), hostileFolder, "BDMV")
	var items []disctest.Item
	for n, seconds := range []int{4, 3, 3} {
		clip := fmt.Sprintf("%05d", 10-n)
		path := testkit.Clip(t, clip+".m2ts", "-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=320x180:r=25:d=%d,hue=h=%d", seconds, 90*n),
			"-f", "lavfi", "-i", fmt.Sprintf("sine=f=%d:r=48000:d=%d", 300+200*n, seconds), "-c:v", "libx264", "-preset", "ultrafast",
			"-pix_fmt", "yuv420p", "-g", "24", "-bf", "2", "-c:a", "ac3", "-f", "mpegts", "-mpegts_m2ts_mode", "1")
		put(t, filepath.Join(folder, "STREAM", clip+".m2ts"), read(t, path))
		const begins = 1480 * time.Millisecond // the first picture on the clock of ffmpeg's muxer
		items = append(items, disctest.Item{Clip: clip, In: begins, Out: begins + time.Duration(seconds)*time.Second})
	}
	return put(t, filepath.Join(folder, "PLAYLIST", "00800.mpls"), disctest.MPLS(items...))
}

// The parts of a disc are joined without a gap: it has all frames of its parts, and a run that begins in the middle makes the
// same as one from the start.
func TestADiscIsOneTimeline(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*testing.T) string{
		"DVD": dvd, "DVD whose clock begins again": resetDVD, "Blu-ray": bluray,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := source(t, make(t), "feed")
			if ms := src.Probe.DurationUS / 1000; ms < 9_900 || ms > 10_150 {
				t.Errorf("it lasts %d ms", ms)
			}
			if v, ok := src.Probe.Picture(); !ok || len(src.Probe.Audio) != 1 || v.FrameRate.Float() != 25 || src.Probe.Size == 0 {
				t.Errorf("it is %+v", src.Probe)
			}
			// ffmpeg's encoder of AC-3 begins 256 samples before the picture.
			if v, _ := src.Probe.Picture(); name == "DVD whose clock begins again" && v.StartUS != 5333 {
				t.Errorf("the picture begins at %d µs", v.StartUS)
			}
			asset, whole := convertTo(t, src, lowest(), encoder(t))
			if n := asset.Grid.Frames[len(asset.Grid.Frames)-1]; n < 249 || n > 252 {
				t.Errorf("it has %d frames, want 250", n)
			}
			s := watch(t, src, lowest())
			const at = 1
			for _, r := range asset.Ladder.Renditions {
				if made := s.get(r.ID, at); r.Kind == media.Video {
					sameFrames(
						t, frames(t, stored(t, whole, asset, r.ID, at)), frames(t, append(s.begin(r.ID), made...)),
						asset.Grid.Frames[at+1]-asset.Grid.Frames[at],
					)
				}
				s.leave()
			}
			if _, err := encoder(t).Stills(t.Context(), src.Path, src.Probe); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestABrokenDiscIsRefused(t *testing.T) {
	t.Parallel()
	index := bluray(t)
	if err := os.Remove(filepath.Join(filepath.Dir(filepath.Dir(index)), "STREAM", "00009.m2ts")); err != nil {
		t.Fatal(err)
	}
	refused(t, index, ffmpeg.ErrDisc)
	refused(t, put(t, filepath.Join(t.TempDir(), "VTS_01_0.IFO"), []byte("DVDVIDEO-VTS")), ffmpeg.ErrDisc)
	dir := t.TempDir()
	hidden := make([]byte, 200*2048)
	copy(hidden[100*2048:], "ffconcat version 1.0\nfile secret.vob\n")
	put(t, filepath.Join(dir, "VTS_01_1.VOB"), hidden)
	refused(t, put(t, filepath.Join(dir, "VTS_01_0.IFO"), disctest.IFO([]disctest.Cell{
		{First: 0, Last: 99, Duration: 8 * time.Second}, {First: 100, Last: 199, Duration: 8 * time.Second, Anew: true},
	})), ffmpeg.ErrPlaylist)
}
