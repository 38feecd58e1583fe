package hlscheck

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
)

// TestRealBytes judges a stream that ffmpeg's encoders and MP4 writer made: H.264 with B-frames and an edit list, and
// AAC. It is cut at its fragments, so that nothing of the reader is proved by boxes of our own only.
func TestRealBytes(t *testing.T) {
	t.Parallel()
	const seconds = 4
	video := ffmpeg(t, "-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=320x180:rate=25:duration=%d", seconds),
		"-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-level", "3.0", "-bf", "2", "-g", "25", "-keyint_min", "25",
		"-sc_threshold", "0", "-pix_fmt", "yuv420p", "-video_track_timescale", "25000", "-avoid_negative_ts", "disabled",
		"-movflags", "+frag_keyframe+default_base_moof+skip_trailer+delay_moov", "-f", "mp4", "pipe:1")
	audio := ffmpeg(t, "-f", "lavfi", "-i", fmt.Sprintf("sine=frequency=440:sample_rate=48000:duration=%d", seconds),
		"-ac", "2", "-c:a", "aac", "-b:a", "96k", "-avoid_negative_ts", "disabled", "-use_editlist", "0",
		"-movflags", "+empty_moov+default_base_moof+skip_trailer", "-frag_duration", "1002667", "-f", "mp4", "pipe:1")
	m := fstest.MapFS{}
	videoRate := cut(t, m, "v", video, seconds)
	audioRate := cut(t, m, "a", audio, seconds)
	m["multivariant.m3u8"] = &fstest.MapFile{Data: fmt.Appendf(nil, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"+
		"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Tone\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a/media.m3u8\"\n"+
		"#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=\"avc1.64001e,mp4a.40.2\",RESOLUTION=320x180,FRAME-RATE=25.000,"+
		"VIDEO-RANGE=SDR,CLOSED-CAPTIONS=NONE,AUDIO=\"a\"\nv/media.m3u8\n", 10*videoRate, videoRate+audioRate)}

	r := check(t, FS(m))
	for _, f := range r.Findings {
		t.Error(f)
	}
	if len(r.Renditions) != 2 || r.Renditions[0].Frames != 25*seconds || r.Renditions[0].Segments != seconds {
		t.Errorf("renditions: %+v", r.Renditions)
	}
}

// ffmpeg runs ffmpeg and gives its standard output.
func ffmpeg(t *testing.T, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Fatal("this test needs ffmpeg in the PATH: ", err)
	}
	args = append([]string{"-hide_banner", "-nostdin", "-loglevel", "error"}, args...)
	cmd := exec.CommandContext(t.Context(), path, args...)
	var words strings.Builder
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, words.String())
	}
	return out
}

// cut writes the fragments of a file as segments of about a second and gives the average bit rate.
func cut(t *testing.T, m fstest.MapFS, name string, data []byte, seconds int) int {
	t.Helper()
	list, err := boxes(data)
	if err != nil {
		t.Fatal(err)
	}
	var init []byte
	var segments [][]byte
	start := 0
	for _, b := range list {
		switch b.kind {
		case "moof":
			start = b.start
		case "mdat":
			segments = append(segments, data[start:b.end()])
		default:
			init = append(init, data[b.start:b.end()]...)
		}
	}
	if len(segments) < seconds {
		t.Fatalf("%s: %d fragments, want %d", name, len(segments), seconds)
	}
	segments = segments[:seconds] // AAC ends with a frame of padding
	m[name+"/init.mp4"] = &fstest.MapFile{Data: init}
	text := "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n" +
		"#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI=\"init.mp4\"\n"
	tr, err := readInit(init)
	if err != nil {
		t.Fatal(err)
	}
	var bits float64
	var before int64
	for i, s := range segments {
		f, err := readFragment(s, tr.defaults)
		if err != nil {
			t.Fatal(err)
		}
		end := int64(float64(f.time+f.ticks)*1000/float64(tr.timescale) + 0.5)
		text += fmt.Sprintf("#EXTINF:%.3f,\n%d.m4s\n", float64(end-before)/1000, i)
		before = end
		bits += float64(8 * len(s))
		m[fmt.Sprintf("%s/%d.m4s", name, i)] = &fstest.MapFile{Data: s}
	}
	m[name+"/media.m3u8"] = &fstest.MapFile{Data: []byte(text + "#EXT-X-ENDLIST\n")}
	return int(bits / float64(seconds))
}
