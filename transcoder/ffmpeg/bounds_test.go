package ffmpeg_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/header"
	"movify/pkg/testkit"
	"movify/transcoder/ffmpeg"
)

// What a file may have without end is read up to a bound, from its header as by ffprobe.
func TestProbesStopAtTheSameBounds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	words, chapters := filepath.Join(dir, "words.srt"), filepath.Join(dir, "chapters.txt")
	var text strings.Builder
	text.WriteString(";FFMETADATA1\n")
	for n := range 1100 {
		fmt.Fprintf(&text, "[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d\nEND=%d\n", n, n+1)
	}
	for path, content := range map[string]string{
		words: "1\n00:00:00,100 --> 00:00:00,900\nHello\n", chapters: text.String(),
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{
		"-f", "lavfi", "-i", "color=s=32x32:r=5:d=1.4", "-i", words, "-i", chapters, "-map_chapters", "2", "-map", "0",
	}
	for range 110 {
		args = append(args, "-map", "1")
	}
	args = append(args, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:s", "srt")
	path := testkit.Clip(t, "many.mkv", args...)
	full := ffmpeg.NewProber(testkit.Need(t, "ffprobe"))
	for name, p := range map[string]header.Full{"ffprobe": full, "header": header.NewProber(full)} {
		got, err := p.Probe(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Subtitles) != 100 || len(got.Chapters) != 1000 || got.Quick != (name == "header") {
			t.Errorf("%s (quick is %t): %d subtitles, %d chapters", name, got.Quick, len(got.Subtitles), len(got.Chapters))
		}
	}
}
