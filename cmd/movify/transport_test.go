package main_test

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// saveTransport fetches the segments of a media playlist of transport streams into one file.
func (s *server) saveTransport(playlist string) string {
	s.t.Helper()
	text := string(s.must(playlist))
	if strings.Contains(text, "EXT-X-MAP") || !strings.Contains(text, "#EXT-X-ENDLIST") {
		s.t.Errorf("the playlist of a transport stream:\n%s", text)
	}
	folder := playlist[:strings.LastIndexByte(strings.SplitN(playlist, "?", 2)[0], '/')+1]
	var all []byte
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, s.must(folder+line)...)
		}
	}
	path := filepath.Join(s.t.TempDir(), "film.ts")
	if err := os.WriteFile(path, all, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// transported is what ffprobe finds in a file.
type transported struct {
	Streams []struct {
		Codec  string `json:"codec_name"`
		Start  string `json:"start_time"`
		Frames string `json:"nb_read_frames"`
	} `json:"streams"`
}

func transportedBy(t *testing.T, path string) (out transported) {
	t.Helper()
	cmd := exec.Command(testkit.Need(t, "ffprobe"), "-v", "warning", "-count_frames", "-show_streams", "-of", "json", path)
	var said strings.Builder
	cmd.Stderr = &said
	text, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil || said.Len() > 0 {
		t.Errorf("ffprobe: %v\n%s", err, said.String())
	}
	return out
}

// A player that takes transport streams alone gets the ladder and the Original stream as such, with the same pictures as in the
// film, and a recording that is a transport stream itself has an Original stream once it is indexed.
func TestTransportStreamsForOldPlayers(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	s := serve(t, t.TempDir(), films, onDemand...)
	s.setUp()
	source := testkit.Clip(t, "recording.ts", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3", "-f", "lavfi", "-i", "sine=440:r=48000:d=3",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-bf", "2", "-c:a", "aac")
	drop(t, source, filepath.Join(films, "Long Walk (2019).ts"))
	title := s.title("Long Walk")
	first := s.playOn(title.ID, browser)
	if first.Way.Kind != "ladder" || first.Way.Params["cause"] != "original_index_pending" {
		t.Errorf("at first the way is %+v", first.Way)
	}
	var p playSession
	s.until("the film is indexed", func() bool {
		p = s.playOn(title.ID, browser)
		return p.Way.Kind == "original"
	})
	ladder := p.Manifest + "?container=ts"
	original := p.Original.Manifest + "&container=ts"
	for name, manifest := range map[string]string{"ladder": ladder, "original": original} {
		text := string(s.must(manifest))
		var picture string
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); picture == "" && strings.Contains(line, "/media.m3u8?container=ts&sound=") && line[0] != '#' {
				picture = line
			}
		}
		if picture == "" {
			t.Fatalf("%s: no variant with sound in it:\n%s", name, text)
		}
		base := strings.SplitN(manifest, "?", 2)[0]
		path := s.saveTransport(base[:strings.LastIndexByte(base, '/')+1] + picture)
		got, want := transportedBy(t, path), transportedBy(t, source)
		if len(got.Streams) != 2 || got.Streams[0].Codec != "h264" || got.Streams[1].Codec != "aac" || got.Streams[0].Frames != want.Streams[0].Frames {
			t.Errorf("%s: %+v, the film has %+v", name, got, want)
			continue
		}
		offset := func(f transported) float64 {
			picture, _ := strconv.ParseFloat(f.Streams[0].Start, 64)
			sound, _ := strconv.ParseFloat(f.Streams[1].Start, 64)
			return sound - picture
		}
		if off := math.Abs(offset(got) - offset(want)); off > 0.025 {
			t.Errorf("%s: the sound begins %f s after the picture, in the film %f s", name, offset(got), offset(want))
		}
	}
	ranged := s.saveTransport(strings.Replace(original, "multivariant.m3u8?copies=a1&container=ts", "a1/media.m3u8?container=ts", 1))
	if got := transportedBy(t, ranged); len(got.Streams) != 1 || got.Streams[0].Codec != "aac" {
		t.Errorf("the sound alone: %+v", got)
	}
}
