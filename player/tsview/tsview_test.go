package tsview_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/testkit"
	"movify/player/tsview"
)

// fragmented is a track of a film in segments, as ffmpeg writes it: with an edit list where pictures are reordered.
func fragmented(t testing.TB, name string, args string) (whole string, parts []tsview.Part) {
	t.Helper()
	whole = testkit.Clip(t, name, strings.Fields(args)...)
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	var in []byte
	for r := bytes.NewReader(data); r.Len() > 0; {
		box, err := mp4.ReadBox(r, int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		switch box.Type {
		case "ftyp", "moov":
			in = append(in, box.Raw...)
		case "moof":
			parts = append(parts, tsview.Part{Init: in, Segment: box.Raw})
		case "mdat":
			last := &parts[len(parts)-1]
			last.Segment = slices.Concat(last.Segment, box.Raw)
		}
	}
	return whole, parts
}

type packet struct {
	Stream int    `json:"stream_index"`
	PTS    int64  `json:"pts"`
	DTS    int64  `json:"dts"`
	Flags  string `json:"flags"`
}

type probed struct {
	Packets []packet `json:"packets"`
	Streams []struct {
		Codec  string `json:"codec_name"`
		Scale  string `json:"time_base"`
		Frames string `json:"nb_read_frames"`
	} `json:"streams"`
}

// probe reads a file, about which ffprobe must have nothing to say.
func probe(t *testing.T, path string) (out probed) {
	t.Helper()
	cmd := exec.Command(testkit.Need(t, "ffprobe"), "-v", "warning", "-count_frames", "-show_packets", "-show_streams", "-of", "json", path)
	var said bytes.Buffer
	cmd.Stderr = &said
	text, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil || said.Len() > 0 {
		t.Fatalf("ffprobe %s: %v\n%s", path, err, said.String())
	}
	return out
}

// of gives the times of the packets of a stream in seconds.
func (p probed) of(stream int) (pts, dts []float64) {
	_, den, _ := strings.Cut(p.Streams[stream].Scale, "/")
	scale, _ := strconv.ParseFloat(den, 64)
	for _, one := range p.Packets {
		if one.Stream == stream {
			pts, dts = append(pts, float64(one.PTS)/scale), append(dts, float64(one.DTS)/scale)
		}
	}
	return pts, dts
}

// pictures are the checksums of all decoded pictures.
func pictures(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command(testkit.Need(t, "ffmpeg"), "-v", "error", "-nostdin", "-i", path, "-map", "0:v", "-fps_mode", "passthrough",
		"-f", "framehash", "-hash", "md5", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var sums []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Split(line, ","); len(fields) == 6 {
			sums = append(sums, strings.TrimSpace(fields[5]))
		}
	}
	return strings.Join(sums, " ")
}

const (
	source = "-f lavfi -i testsrc2=s=160x90:r=25:d=3 "
	flags  = " -movflags empty_moov+default_base_moof+frag_keyframe+delay_moov"
	sound  = "-f lavfi -i sine=440:r=48000:d=3 -c:a aac -frag_duration 1000000 -movflags empty_moov+default_base_moof+delay_moov"
)

// A film in segments of transport streams, one behind the other, has the pictures, the sound and the times of the fragments, and
// ffprobe finds no fault in it.
func TestTransportStreamIsTheFilm(t *testing.T) {
	t.Parallel()
	for name, args := range map[string]string{
		"plain":   source + "-c:v libx264 -preset ultrafast -g 25",
		"b":       source + "-c:v libx264 -preset ultrafast -bf 2 -g 25",
		"film":    source + "-vf fps=24000/1001 -c:v libx264 -preset ultrafast -bf 3 -g 24",
		"bigger":  source + "-c:v libx264 -preset ultrafast -bf 2 -g 25 -b:v 6M -bufsize 6M -maxrate 6M",
		"in band": source + "-c:v libx264 -preset ultrafast -g 25 -bsf:v dump_extra=freq=keyframe",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole, video := fragmented(t, "video.mp4", args+flags)
			heard, audio := fragmented(t, "audio.mp4", sound)
			var out []byte
			dir := t.TempDir()
			for n := range video {
				parts := []tsview.Part{video[n]}
				if n < len(audio) {
					parts = append(parts, audio[n])
				}
				segment, err := tsview.Segment(n, parts...)
				if err != nil {
					t.Fatal(err)
				}
				if again, err := tsview.Segment(n, parts...); err != nil || !bytes.Equal(segment, again) {
					t.Errorf("segment %d is another the second time: %v", n, err)
				}
				alone := filepath.Join(dir, fmt.Sprintf("%d.ts", n))
				if err := os.WriteFile(alone, segment, 0o644); err != nil {
					t.Fatal(err)
				}
				if own := probe(t, alone); own.Streams[0].Codec != "h264" || !strings.HasPrefix(own.Packets[0].Flags, "K") {
					t.Errorf("segment %d alone begins with %+v", n, own.Packets[0])
				}
				out = append(out, segment...)
			}
			path := filepath.Join(dir, "film.ts")
			if err := os.WriteFile(path, out, 0o644); err != nil {
				t.Fatal(err)
			}
			counters(t, out)
			got := probe(t, path)
			for stream, from := range []string{whole, heard} {
				source := probe(t, from)
				want, _ := source.of(0)
				pts, dts := got.of(stream)
				if stream == 0 && (len(pts) != len(want) || got.Streams[0].Frames != source.Streams[0].Frames) || len(want)-len(pts) > 1 {
					t.Errorf("%d packets and %s frames, the fragments have %d and %s", len(pts), got.Streams[stream].Frames,
						len(want), source.Streams[0].Frames)
				}
				for n := range pts { // the last frame of the sound is in a fragment behind the pictures
					if math.Abs(pts[n]-want[n]-10) > 1.01/90_000 || dts[n] > pts[n] {
						t.Fatalf("packet %d of stream %d is at %f, %f; the fragments have it at %f", n, stream, pts[n], dts[n], want[n])
					}
				}
			}
			if a, b := pictures(t, path), pictures(t, whole); a != b {
				t.Errorf("the pictures are others")
			}
		})
	}
}

// counters insists that the counters of all packets go on, from one segment to the next.
func counters(t *testing.T, data []byte) {
	t.Helper()
	const size = 188
	last := map[int]byte{}
	for at := 0; at+size <= len(data); at += size {
		p := data[at:][:size]
		pid := int(p[1]&0x1f)<<8 | int(p[2])
		before, met := last[pid]
		if p[0] != 0x47 || met && p[3]&0xf != (before+1)&0xf {
			t.Fatalf("the packet at %d of PID %d has counter %d after %d", at, pid, p[3]&0xf, before)
		}
		last[pid] = p[3] & 0xf
	}
	if len(data)%size != 0 {
		t.Errorf("%d bytes", len(data))
	}
}

func TestWhatIsNoTransportStream(t *testing.T) {
	t.Parallel()
	for codecs, want := range map[string]bool{"avc1.64001F": true, "avc3.42C00C": true, "hvc1.1.6.L93.B0": false, "av01.0.04M.08": false} {
		if got := tsview.Fits(media.Rendition{Kind: media.Video, Codecs: codecs}); got != want {
			t.Errorf("%s: %v", codecs, got)
		}
	}
	for codecs, want := range map[string]bool{"mp4a.40.2": true, "mp4a.40.5": true, "mp4a.6B": false, "ac-3": false, "Opus": false} {
		if got := tsview.Fits(media.Rendition{Kind: media.Audio, Codecs: codecs}); got != want {
			t.Errorf("%s: %v", codecs, got)
		}
	}
	_, video := fragmented(t, "hevc.mp4", source+"-c:v libx265 -preset ultrafast -x265-params log-level=error"+flags)
	if _, err := tsview.Segment(0, video[0]); !errors.Is(err, tsview.ErrCodec) {
		t.Errorf("HEVC: %v", err)
	}
}

// Whatever a segment says, a transport stream of it is no larger than it accounts for.
func FuzzSegment(f *testing.F) {
	_, video := fragmented(f, "small.mp4", "-f lavfi -i color=s=32x32:r=5:d=1 -c:v libx264 -preset ultrafast -bf 1"+flags)
	_, audio := fragmented(f, "small-audio.mp4", "-f lavfi -i anullsrc=r=8000:cl=mono:d=1 -c:a aac -b:a 8k"+flags)
	f.Add(video[0].Init, video[0].Segment)
	f.Add(audio[0].Init, audio[0].Segment)
	f.Fuzz(func(t *testing.T, in, segment []byte) {
		out, err := tsview.Segment(0, tsview.Part{Init: in, Segment: segment})
		if err == nil && len(out)%188 != 0 {
			t.Errorf("%d bytes", len(out))
		}
	})
}
