package ffmpeg_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"movify/pkg/blob/blobtest"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// A file in a codec of films is probed: ffprobe would refuse it if one of its tracks had a decoder that is not allowed.
func TestFilmsOfManyCodecsAreProbed(t *testing.T) {
	t.Parallel()
	prober := ffmpeg.NewProber(testkit.Need(t, "ffprobe"))
	picture := func(file string, args ...string) string {
		return testkit.Clip(t, file, join([]string{"-f", "lavfi", "-i", "testsrc2=s=176x144:r=25:d=1.2"}, args)...)
	}
	sound := func(file string, args ...string) string {
		return picture(file, join([]string{"-f", "lavfi", "-i", "sine=r=48000:d=1.2"}, x264, []string{"-strict", "-2"}, args)...)
	}
	for codec, path := range map[string]string{
		"hevc":       picture("a.mkv", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"),
		"av1":        picture("a.mkv", "-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime"),
		"vp8":        picture("a.webm", "-c:v", "libvpx", "-deadline", "realtime"),
		"vp9":        picture("a.webm", "-c:v", "libvpx-vp9", "-deadline", "realtime"),
		"mpeg1video": picture("a.mpg", "-c:v", "mpeg1video"),
		"mpeg2video": picture("a.ts", "-c:v", "mpeg2video"),
		"mpeg4":      picture("a.avi", "-c:v", "mpeg4"),
		"msmpeg4v2":  picture("a.avi", "-c:v", "msmpeg4v2"),
		"msmpeg4v3":  picture("a.avi", "-c:v", "msmpeg4"),
		"wmv1":       picture("a.asf", "-c:v", "wmv1"),
		"wmv2":       picture("a.wmv", "-c:v", "wmv2"),
		"flv1":       picture("a.flv", "-c:v", "flv"),
		"h263":       picture("a.3gp", "-c:v", "h263"),
		"theora":     picture("a.ogv", "-c:v", "libtheora"),
		"prores":     picture("a.mov", "-c:v", "prores"),
		"dnxhd":      picture("a.mxf", "-s", "1280x720", "-c:v", "dnxhd", "-b:v", "110M", "-pix_fmt", "yuv422p"),
		"mjpeg":      picture("a.avi", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"),
		"png":        picture("a.mov", "-c:v", "png"),
		"ffv1":       picture("a.mkv", "-c:v", "ffv1"),
		"huffyuv":    picture("a.avi", "-c:v", "huffyuv"),
		"rawvideo":   picture("a.avi", "-c:v", "rawvideo"),
		"dvvideo":    picture("a.dv", "-s", "720x576", "-pix_fmt", "yuv420p", "-c:v", "dvvideo"),
		"cinepak":    picture("a.avi", "-c:v", "cinepak"),
		"svq1":       picture("a.mov", "-c:v", "svq1"),
		"rv20":       picture("a.rm", "-c:v", "rv20"),
	} {
		p, err := prober.Probe(t.Context(), path)
		if v, _ := p.Picture(); err != nil || v.Codec != codec {
			t.Errorf("%s: codec %q, %v", codec, v.Codec, err)
		}
	}
	for codec, path := range map[string]string{
		"aac": sound("a.mp4", "-c:a", "aac"), "ac3": sound("a.mkv", "-c:a", "ac3"), "eac3": sound("a.mkv", "-c:a", "eac3"),
		"dts": sound("a.mkv", "-c:a", "dca"), "truehd": sound("a.mkv", "-c:a", "truehd"), "mp2": sound("a.mkv", "-c:a", "mp2"),
		"mp3": sound("a.mkv", "-c:a", "libmp3lame"), "flac": sound("a.mkv", "-c:a", "flac"), "alac": sound("a.mov", "-c:a", "alac"),
		"opus": sound("a.mkv", "-c:a", "libopus"), "vorbis": sound("a.mkv", "-c:a", "libvorbis"), "tta": sound("a.mkv", "-c:a", "tta"),
		"wavpack": sound("a.mkv", "-c:a", "wavpack"), "wmav2": sound("a.mkv", "-c:a", "wmav2"),
		"adpcm_ms": sound("a.avi", "-c:a", "adpcm_ms"), "pcm_s24le": sound("a.mkv", "-c:a", "pcm_s24le"),
		"pcm_mulaw": sound("a.mov", "-c:a", "pcm_mulaw"),
	} {
		p, err := prober.Probe(t.Context(), path)
		if err != nil || len(p.Audio) != 1 || p.Audio[0].Codec != codec {
			t.Errorf("%s: %+v, %v", codec, p.Audio, err)
		}
	}
}

// A file in another codec is refused in words, by the probe and by a run that was planned before; no decoder is opened.
func TestOtherDecodersAreNotOpened(t *testing.T) {
	t.Parallel()
	path := testkit.Clip(t, "asus.avi", join(seen, []string{"-c:v", "asv1"})...)
	refused(t, path, ffmpeg.ErrNotMedia)

	planned := source(t, small(t, "plain.mkv"), "feed")
	planned.Path = path
	_, _, err := transcoder.Convert(t.Context(), transcoder.ConvertOptions{
		Source: planned, Blobs: blobtest.NewMemory(), Encoder: encoder(t), Policy: lowest(), Log: &encodeLog{},
		Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err == nil || !strings.Contains(err.Error(), "not on whitelist") {
		t.Errorf("encoding it ended with %v", err)
	}
	_, err = encoder(t).Stills(t.Context(), path, planned.Probe)
	if err == nil || !strings.Contains(err.Error(), "not on whitelist") {
		t.Errorf("a still of it ended with %v", err)
	}
}
