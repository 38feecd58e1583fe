package original_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder/original"
	"movify/transcoder/original/originaltest"
)

// open opens a film.
func open(t testing.TB, path string) (*original.Stream, *os.File, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	s, err := original.Open(f, info.Size())
	if errors.Is(err, original.ErrIndexPending) {
		s, err = indexed(t, f, info.Size())
	}
	return s, f, err
}

// indexed opens a transport stream by its index.
func indexed(t testing.TB, r io.ReaderAt, size int64) (*original.Stream, error) {
	t.Helper()
	index, err := original.MakeIndex(r, size, func(int64) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return original.OpenIndexed(r, size, index)
}

// segment gives the bytes of a segment.
func segment(t testing.TB, s *original.Stream, f *os.File, c media.Copy, n int) []byte {
	t.Helper()
	b, err := s.Segment(c.ID, n)
	if err != nil {
		t.Fatalf("segment %d of %s: %v", n, c.ID, err)
	}
	var out bytes.Buffer
	if written, err := b.WriteTo(&out, f); err != nil || written != b.Size || int64(out.Len()) != b.Size {
		t.Fatalf("segment %d of %s: %d of %d bytes, %v", n, c.ID, written, b.Size, err)
	}
	return out.Bytes()
}

// joined writes a rendition as one file.
func joined(t testing.TB, s *original.Stream, f *os.File, c media.Copy) string {
	t.Helper()
	data, err := s.Init(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for n := range c.Segments() {
		data = append(data, segment(t, s, f, c, n)...)
	}
	path := filepath.Join(t.TempDir(), string(c.ID)+".mp4")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// packet is one of ffprobe's.
type packet struct {
	Stream int    `json:"stream_index"`
	PTS    int64  `json:"pts"`
	Hash   string `json:"data_hash"`
	Flags  string `json:"flags"`
}

type streamFacts struct {
	Index    int    `json:"index"`
	TimeBase string `json:"time_base"`
	Kind     string `json:"codec_type"`
	Codec    string `json:"codec_name"`
	Frames   string `json:"nb_read_frames"`
	Side     []struct {
		Rotation int `json:"rotation"`
	} `json:"side_data_list"`
	SAR      string `json:"sample_aspect_ratio"`
	Transfer string `json:"color_transfer"`
}

// scale is the ticks per second.
func (s streamFacts) scale() int64 {
	_, den, _ := strings.Cut(s.TimeBase, "/")
	n, _ := strconv.ParseInt(den, 10, 64)
	return n
}

// rounds reports whether the times of a file are rounded ones of the stream, as in Matroska, and slack is by how many ticks they may
// be off.
func (s streamFacts) rounds() bool { return s.TimeBase == "1/1000" }

func (s streamFacts) slack() float64 {
	if s.rounds() {
		return 1
	}
	return 0
}

type probed struct {
	Packets []packet      `json:"packets"`
	Streams []streamFacts `json:"streams"`
}

// of gives the packets of a stream.
func (p probed) of(stream int) (out []packet) {
	for _, one := range p.Packets {
		if one.Stream == stream {
			out = append(out, one)
		}
	}
	return out
}

func probe(t testing.TB, path string) (out probed) {
	t.Helper()
	text, err := exec.Command(testkit.Need(t, "ffprobe"), "-v", "error", "-count_frames", "-show_packets", "-show_streams",
		"-show_data_hash", "sha256", "-of", "json", path).Output()
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatalf("ffprobe %s: %v", path, err)
	}
	return out
}

// asSamples puts the bytes that ffmpeg copies into an MP4 file into the place of those of a transport stream, which have start
// codes and headers of frames. MP2 and LATM, which are not copied, stay as they are.
func (p probed) asSamples(t testing.TB, path string) {
	t.Helper()
	for n, s := range p.Streams {
		out := filepath.Join(t.TempDir(), "copy.mp4")
		args := []string{"-v", "error", "-nostdin", "-i", path, "-map", "0:" + strconv.Itoa(n), "-c", "copy"}
		if s.Codec == "hevc" { // ffmpeg ends a sample with a zero byte of the next start code; no NAL unit of this type is there
			args = append(args, "-bsf:v", "filter_units=remove_types=63")
		}
		if s.Codec == "mp2" || s.Codec == "aac_latm" {
			continue
		}
		if text, err := exec.Command(testkit.Need(t, "ffmpeg"), append(args, out)...).CombinedOutput(); err != nil {
			t.Fatalf("copy stream %d: %v\n%s", n, err, text)
		}
		own, at := probe(t, out).of(0), 0
		for k, one := range p.Packets {
			if one.Stream != n {
				continue
			}
			if at == len(own) {
				t.Fatalf("stream %d: ffmpeg copies %d packets", n, len(own))
			}
			p.Packets[k].Hash, at = own[at].Hash, at+1
		}
		if at != len(own) {
			t.Fatalf("stream %d: ffmpeg copies %d packets of %d", n, len(own), at)
		}
	}
}

// Each film: every sample is the source's byte for byte, at its time, and as many pictures are decoded.
func TestCopiesAreTheSource(t *testing.T) {
	t.Parallel()
	for _, c := range testkit.Rows(originaltest.Table()) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			path := c.Make(t)
			s, f, err := open(t, path)
			if err != nil {
				t.Fatal(err)
			}
			m := s.Media()
			var codecs, left []string
			for _, one := range m.Copies() {
				codecs = append(codecs, one.Codecs)
			}
			for _, one := range m.Left {
				left = append(left, fmt.Sprintf("%s %s", one.Codec, one.Reason))
			}
			if diff := cmp.Diff([]any{c.Codecs, c.More.Left, c.Segments, c.More.Open}, []any{codecs, left, m.Picture.Segments(), m.Picture.OpenGroups}); diff != "" {
				t.Errorf("stream (-want +got):\n%s", diff)
			}
			source := probe(t, path)
			if strings.HasSuffix(path, "ts") {
				source.asSamples(t, path)
			}
			zero := comparePicture(t, c, source, probe(t, joined(t, s, f, m.Picture)), m.Picture)
			for _, one := range m.Sounds {
				compareSound(t, source, probe(t, joined(t, s, f, one)), one, zero)
			}
		})
	}
}

// comparePicture gives the zero of the stream, in seconds of the source.
func comparePicture(t *testing.T, c originaltest.Clip, source, copied probed, m media.Copy) float64 {
	t.Helper()
	want, got := source.of(m.Stream), copied.of(0)
	in, out := source.Streams[m.Stream], copied.Streams[0]
	if len(want) != len(got) || len(got) != m.Samples || in.Frames != out.Frames || !in.rounds() && in.TimeBase != out.TimeBase {
		t.Fatalf("%d packets and %s frames of %s, the source has %d and %s of %s",
			len(got), out.Frames, out.TimeBase, len(want), in.Frames, in.TimeBase)
	}
	first := want[0].PTS
	for _, p := range want {
		first = min(first, p.PTS)
	}
	held := c.More.HeldMS * in.scale() / 1000
	for n := range want {
		at := want[n].PTS - first + held
		if want[n].PTS == first {
			at = 0
		}
		off := float64(got[n].PTS)*float64(in.scale())/float64(out.scale()) - float64(at)
		if want[n].Hash != got[n].Hash || math.Abs(off) > in.slack() {
			t.Fatalf("picture %d is %s at %d, the source's %s at %d", n, got[n].Hash, got[n].PTS, want[n].Hash, at)
		}
	}
	square := func(shape string) bool { return shape == "" || shape == "1:1" }
	if diff := cmp.Diff(in.Side, out.Side); diff != "" || in.SAR != out.SAR && !(square(in.SAR) && square(out.SAR)) || in.Transfer != out.Transfer {
		t.Errorf("shape %s %s %s %s", diff, in.SAR, out.SAR, out.Transfer)
	}
	if held > 0 && m.FrameRate != 25 {
		t.Errorf("%f pictures a second", m.FrameRate)
	}
	return float64(first-held) / float64(in.scale())
}

func compareSound(t *testing.T, source, copied probed, m media.Copy, zero float64) {
	t.Helper()
	want, got := source.of(m.Stream), copied.of(0)
	in, out := source.Streams[m.Stream], copied.Streams[0]
	if !in.rounds() && (in.TimeBase != out.TimeBase || len(got) != m.Samples) || len(got) == 0 {
		t.Fatalf("%d packets of %s, the source has %d of %s", len(got), out.TimeBase, len(want), in.TimeBase)
	}
	skipped := slices.IndexFunc(want, func(p packet) bool { return p.Hash == got[0].Hash })
	for skipped >= 0 && skipped+len(got) <= len(want) && want[skipped].PTS < int64(math.Floor(zero*float64(in.scale()))) {
		skipped++ // a tone repeats itself
	}
	if skipped < 0 || skipped+len(got) != len(want) {
		t.Fatalf("%d packets from number %d of the source's %d", len(got), skipped, len(want))
	}
	for n, p := range got {
		at := float64(want[skipped+n].PTS) - zero*float64(in.scale())
		own := float64(p.PTS) * float64(in.scale()) / float64(out.scale())
		if p.Hash != want[skipped+n].Hash || math.Abs(at-own) > 1 {
			t.Fatalf("sound %d is %s at %d, the source's %s at %.1f", n, p.Hash, p.PTS, want[skipped+n].Hash, at)
		}
	}
	if first := float64(want[skipped].PTS) - zero*float64(in.scale()); skipped > 0 && first >= float64(in.scale())/10 {
		t.Errorf("%d sounds before %f are left out", skipped, first)
	}
}
