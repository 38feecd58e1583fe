package ffmpeg_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"movify/pkg/fault"
	"movify/pkg/header"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// small is a clip of three seconds at 25 frames/s with sound, in the container its name asks for.
func small(t testing.TB, name string, more ...string) string {
	t.Helper()
	return testkit.Clip(t, name, append([]string{"-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3", "-f", "lavfi", "-i", "sine=d=3",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"}, more...)...)
}

// sound is three seconds without a picture but its cover.
func sound(t testing.TB, name string) string {
	t.Helper()
	return testkit.Clip(t, name, "-f", "lavfi", "-i", "sine=d=3", "-f", "lavfi", "-i", "color=red:s=64x64:d=0.04", "-map", "0", "-map", "1",
		"-frames:v", "1", "-c:v", "mjpeg", "-disposition:v:0", "attached_pic")
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestProbeRefuses(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "secret.ts")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	jpeg := read(t, testkit.Clip(t, "still.jpg", "-f", "lavfi", "-i", "testsrc2=s=160x90:d=0.04", "-frames:v", "1"))
	atEnd, mkv, ts := read(t, small(t, "plain.mp4")), read(t, small(t, "plain.mkv")), read(t, small(t, "plain.ts"))
	first := func(data []byte, tenths int) []byte { return data[:len(data)*tenths/10] }
	// Opening the FIFO for reading would wait for a writer for ever, and the test with it.
	list := "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n" + fifo + "\n#EXT-X-ENDLIST\n"
	tests := map[string]struct {
		data []byte
		want *fault.Fault
	}{
		"empty.mkv":           {nil, ffmpeg.ErrEmpty},
		"text.mkv":            {[]byte(strings.Repeat("This is a letter, not a film.\n", 200)), ffmpeg.ErrNotMedia},
		"onebyte.mkv":         {[]byte{0}, ffmpeg.ErrNotMedia},
		"garbage.mkv":         {bytes.Repeat([]byte("\x8f\x12\xa7\x00\x31\xfe\x5c"), 20_000), ffmpeg.ErrNotMedia},
		"zeros.mp4":           {make([]byte, 100_000), ffmpeg.ErrNotMedia},
		"jpeg.mkv":            {jpeg, ffmpeg.ErrNotMedia},
		"moov at end.mp4":     {first(atEnd, 6), ffmpeg.ErrIncomplete},
		"only ftyp.mp4":       {atEnd[:32], ffmpeg.ErrIncomplete},
		"cut early.mkv":       {mkv[:60], ffmpeg.ErrIncomplete},
		"cut very early.ts":   {ts[:188], ffmpeg.ErrNotMedia},
		"hls.mkv":             {[]byte(list), ffmpeg.ErrPlaylist},
		"hls with mark.mp4":   {[]byte("\ufeff" + list), ffmpeg.ErrPlaylist},
		"hls, late.mkv":       {[]byte(strings.Repeat(" \n", 200) + list), ffmpeg.ErrNotMedia},
		"concat.mkv":          {[]byte("ffconcat version 1.0\nfile '" + fifo + "'\n"), ffmpeg.ErrPlaylist},
		"pls.mkv":             {[]byte("[playlist]\nFile1=" + fifo + "\n"), ffmpeg.ErrPlaylist},
		"dash.mkv":            {[]byte("<?xml version=\"1.0\"?><MPD><BaseURL>" + fifo + "</BaseURL></MPD>"), ffmpeg.ErrPlaylist},
		"m3u by name.m3u8":    {[]byte(list), ffmpeg.ErrPlaylist},
		"song with cover.mp3": {read(t, sound(t, "cover.mp3")), ffmpeg.ErrNotMedia},
		"song with cover.m4a": {read(t, sound(t, "cover.m4a")), ffmpeg.ErrNoPicture},
		"subtitles.mkv":       {[]byte("1\n00:00:01,000 --> 00:00:02,000\nHello\n"), ffmpeg.ErrNotMedia},
		"one frame.mp4":       {read(t, testkit.Clip(t, "one.mp4", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=0.04", "-pix_fmt", "yuv420p")), ffmpeg.ErrStill},
		"half a second.mp4":   {read(t, testkit.Clip(t, "half.mp4", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=0.5", "-pix_fmt", "yuv420p")), ffmpeg.ErrTooShort},
	}
	dir := t.TempDir()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, path, test.want)
			if after := read(t, path); !bytes.Equal(after, test.data) {
				t.Error("the file has changed")
			}
		})
	}
	t.Run("a folder", func(t *testing.T) { t.Parallel(); refused(t, dir, ffmpeg.ErrNotFile) })
	t.Run("a FIFO", func(t *testing.T) { t.Parallel(); refused(t, fifo, ffmpeg.ErrNotFile) })
	t.Run(
		"nothing",
		func(t *testing.T) { t.Parallel(); refused(t, filepath.Join(dir, "nothing.mkv"), ffmpeg.ErrUnreadable) },
	)
	t.Run("a link to nothing", func(t *testing.T) {
		t.Parallel()
		link := filepath.Join(dir, "link.mkv")
		if err := os.Symlink("/does/not/exist.mkv", link); err != nil {
			t.Fatal(err)
		}
		refused(t, link, ffmpeg.ErrUnreadable)
	})
}

// refused checks that a file is refused with that fault, in words for its owner.
func refused(t *testing.T, path string, want *fault.Fault) {
	t.Helper()
	full := ffmpeg.NewProber(testkit.Need(t, "ffprobe"))
	for _, p := range []header.Full{full, header.NewProber(full)} { // with and without reading the header first, the fault is the same
		_, err := p.Probe(t.Context(), path)
		var got *fault.Fault
		if !errors.As(err, &got) {
			t.Fatalf("error is %v, want %s", err, want.Code)
		}
		if got.Code != want.Code || got.Message != want.Message {
			t.Errorf("%s: %v, want %s", got.Code, err, want.Code)
		}
		if !strings.HasSuffix(got.Message, ".") || strings.Contains(got.Message, "\n") {
			t.Errorf("the words are no sentence: %q", got.Message)
		}
	}
}

// hostileNames are names that something between us and the file could take for more than a name.
var hostileNames = []string{
	"100%d %05d.mkv", `a "film" isn't.mkv`, "two\nlines.mkv", "bad \xff\xfe utf8.mkv", "-i.mkv", "concat:a|b.mkv", "http:x.mkv",
	"[0:v]null;[x.mkv", "$(reboot).mkv", "back\\slash.mkv", "*.mkv", "?x=y#z.mkv", " .mkv", "日本語.mkv",
}

func TestHostileNamesPlay(t *testing.T) {
	t.Parallel()
	data := read(t, small(t, "plain.mkv"))
	dir := t.TempDir()
	for _, name := range hostileNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			src := source(t, path, "feed")
			if len(src.Probe.Video) != 1 || len(src.Probe.Audio) != 1 {
				t.Fatalf("probe is %+v", src.Probe)
			}
			asset, _, log := convert(t, src)
			if want := asset.Grid.Segments() * len(asset.Ladder.Renditions); len(log.entries) != want {
				t.Errorf("%d segments, want %d", len(log.entries), want)
			}
		})
	}
}

func TestProbeTakesARelativePath(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "-v.mkv"), read(t, small(t, "plain.mkv")), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if _, err := ffmpeg.NewProber(testkit.Need(t, "ffprobe")).Probe(t.Context(), "-v.mkv"); err != nil {
		t.Error(err)
	}
}

func TestProbeEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ffmpeg.NewProber(testkit.Need(t, "ffprobe")).Probe(ctx, small(t, "plain.mkv")); !errors.Is(
		err, context.Canceled,
	) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
}

func TestProbeReadsTheFacts(t *testing.T) {
	t.Parallel()
	path := small(t, "facts.mkv", "-metadata:s:a:0", "language=fra", "-metadata:s:a:0", "title=Version française")
	p := source(t, path, "feed").Probe
	v, ok := p.Picture()
	if !ok || v.Codec != "h264" || v.Width != 160 || v.Height != 90 || v.FrameRate != (media.Ratio{Num: 25, Den: 1}) ||
		v.PixelFormat != "yuv420p" {
		t.Errorf("picture is %+v", v)
	}
	if len(p.Audio) != 1 || p.Audio[0].Language != "fra" || p.Audio[0].Title != "Version française" ||
		p.Audio[0].Codec != "aac" {
		t.Errorf("sound is %+v", p.Audio)
	}
	if !strings.Contains(p.Format, "matroska") || p.Size != int64(len(read(t, path))) {
		t.Errorf("format %q, %d bytes", p.Format, p.Size)
	}
	a, err := transcoder.PlanAsset("feed", p, transcoder.DefaultPolicy())
	if err != nil || a.Grid.Total() != 75 {
		t.Errorf("%d frames, error %v, want 75", a.Grid.Total(), err)
	}
}
