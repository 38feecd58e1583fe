package mp4_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
)

const limit = 1 << 20

// boxes reads all boxes of some bytes.
func boxes(t testing.TB, data []byte) []mp4.Box {
	t.Helper()
	var out []mp4.Box
	for r := bytes.NewReader(data); ; {
		b, err := mp4.ReadBox(r, limit)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("read box %d: %v", len(out), err)
		}
		out = append(out, b)
	}
}

func parseInit(t testing.TB, data []byte) mp4.Init {
	t.Helper()
	b := boxes(t, data)
	in, err := mp4.ParseInit(b[0], b[1])
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestReadBox(t *testing.T) {
	t.Parallel()
	long := append(append(mp4test.Words(1), "mdat"...), mp4test.Words(0, 20)...)
	long = append(long, "wide"...)
	tests := map[string]struct {
		in      []byte
		payload string
		want    error
	}{
		"plain":               {in: mp4test.Box("free", []byte("abc")), payload: "abc"},
		"empty":               {in: mp4test.Box("free")},
		"64-bit size":         {in: long, payload: "wide"},
		"nothing":             {want: io.EOF},
		"half a header":       {in: []byte{0, 0, 0}, want: io.ErrUnexpectedEOF},
		"half a long header":  {in: long[:12], want: io.ErrUnexpectedEOF},
		"no payload":          {in: mp4test.Box("free", []byte("abc"))[:8], want: io.ErrUnexpectedEOF},
		"half a payload":      {in: mp4test.Box("free", []byte("abc"))[:9], want: io.ErrUnexpectedEOF},
		"smaller than itself": {in: append(mp4test.Words(7), "free"...), want: mp4.ErrMalformed},
		"to the end":          {in: append(mp4test.Words(0), "mdat"...), want: mp4.ErrMalformed},
		"too large":           {in: append(mp4test.Words(limit+1), "mdat"...), want: mp4.ErrMalformed},
		"far too large":       {in: append(append(mp4test.Words(1), "mdat"...), mp4test.Words(math.MaxUint32, 0)...), want: mp4.ErrMalformed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := mp4.ReadBox(bytes.NewReader(test.in), limit)
			if !errors.Is(err, test.want) || (test.want == io.ErrUnexpectedEOF && errors.Is(err, io.EOF)) {
				t.Fatalf("error is %v, want %v", err, test.want)
			}
			if err == nil && (string(b.Payload()) != test.payload || !bytes.Equal(b.Raw, test.in)) {
				t.Errorf("box %q with payload %q, want %q", b.Raw, b.Payload(), test.payload)
			}
		})
	}
}

func TestSegmentIsReadBackAsWritten(t *testing.T) {
	t.Parallel()
	const ticks = 1001
	tests := map[string]struct {
		init    []byte
		samples []mp4.Sample
		shift   int32
		video   bool
	}{
		"pictures":     {init: mp4test.VideoInit(24000, "avc1.64001F"), samples: mp4test.Pictures(96*ticks, 96, ticks, "x"), shift: 2 * ticks, video: true},
		"one picture":  {init: mp4test.VideoInit(24000, "avc1.64001F"), samples: mp4test.Pictures(0, 1, ticks, "x"), video: true},
		"after 4 days": {init: mp4test.VideoInit(60000, "avc1.64002A"), samples: mp4test.Pictures(1<<35, 3, ticks, "x"), video: true},
		"frames":       {init: mp4test.AudioInit(48000), samples: mp4test.Frames(188*1024, 187, "y")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := boxes(t, mp4.Segment(7, test.samples, test.shift, test.video))
			if len(b) != 2 || b[0].Type != "moof" || b[1].Type != "mdat" {
				t.Fatalf("a segment of %d boxes", len(b))
			}
			got, err := parseInit(t, test.init).Samples(b[0], b[1])
			if err != nil {
				t.Fatal(err)
			}
			want := append([]mp4.Sample(nil), test.samples...)
			for n := range want {
				want[n].CTO += test.shift
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A demuxer that shares no code with this package reads back the samples that were written.
func TestSegmentIsWhatFFmpegWrote(t *testing.T) {
	t.Parallel()
	clip := testkit.Clip(t, "fragments.mp4", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2", "-c:v", "libx264", "-preset", "ultrafast",
		"-bf", "2", "-g", "25", "-pix_fmt", "yuv420p", "-use_editlist", "0",
		"-movflags", "+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+skip_trailer")
	data, err := os.ReadFile(clip)
	if err != nil {
		t.Fatal(err)
	}
	b := boxes(t, data)
	in, err := mp4.ParseInit(b[0], b[1])
	if err != nil {
		t.Fatal(err)
	}
	if in.Handler != "vide" || in.NALLength != 4 || in.Timescale != 12800 {
		t.Errorf("init is %q, NAL length %d, timescale %d", in.Handler, in.NALLength, in.Timescale)
	}
	out := bytes.NewBuffer(bytes.Clone(in.Bytes))
	var pictures, keys int
	for n := 2; n+1 < len(b); n += 2 {
		samples, err := in.Samples(b[n], b[n+1])
		if err != nil {
			t.Fatalf("fragment %d: %v", n/2, err)
		}
		for _, s := range samples {
			if s.Key != mp4.IsIDR(s.Data, in.NALLength) {
				t.Errorf("picture at %d: key is %t", s.DTS, s.Key)
			}
			if s.Key {
				keys++
			}
			pictures++
		}
		out.Write(mp4.Segment(uint32(n/2), samples, 0, true))
	}
	if pictures != 50 || keys != 2 {
		t.Errorf("%d pictures, %d of them IDR, want 50 and 2", pictures, keys)
	}
	if want, got := hashes(t, data), hashes(t, out.Bytes()); want != got {
		t.Errorf("pictures read back from what was written differ:\n%s\nwant\n%s", got, want)
	}
}

// hashes decodes a stream and gives the time and hash of each picture.
func hashes(t *testing.T, data []byte) string {
	t.Helper()
	cmd := exec.Command(testkit.Need(t, "ffmpeg"), "-v", "error", "-f", "mp4", "-i", "-", "-f", "framemd5", "-")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestSamplesRefuses(t *testing.T) {
	t.Parallel()
	in := parseInit(t, mp4test.VideoInit(24000, "avc1.64001F"))
	good := boxes(t, mp4.Segment(1, mp4test.Pictures(0, 2, 1001, "abc"), 0, true))
	traf := func(parts ...[]byte) []byte { return mp4test.Box("moof", mp4test.Box("traf", parts...)) }
	tests := map[string]struct{ moof, mdat []byte }{
		"mdat that ends early":    {good[0].Raw, mp4test.Box("mdat", []byte("ab"))},
		"mdat that goes on":       {good[0].Raw, mp4test.Box("mdat", good[1].Payload(), []byte("more"))},
		"no moof":                 {mp4test.Box("moof"), good[1].Raw},
		"two tracks":              {mp4test.Box("moof", mp4test.Box("traf"), mp4test.Box("traf")), mp4test.Box("mdat")},
		"short tfhd":              {traf(mp4test.Box("tfhd", mp4test.Words(8))), mp4test.Box("mdat")},
		"short tfdt":              {traf(mp4test.Box("tfdt", mp4test.Words(1<<24))), mp4test.Box("mdat")},
		"short trun":              {traf(mp4test.Box("trun", mp4test.Words(0x100, 2, 5))), mp4test.Box("mdat")},
		"too many in one run":     {traf(mp4test.Box("trun", mp4test.Words(0, 1<<20))), mp4test.Box("mdat")},
		"too many in many runs":   {traf(bytes.Repeat(mp4test.Box("trun", mp4test.Words(0, 1<<16)), 64)), mp4test.Box("mdat")},
		"a sample larger than 2G": {traf(mp4test.Box("trun", mp4test.Words(0x200, 1, math.MaxUint32))), mp4test.Box("mdat")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moof, mdat := boxes(t, test.moof)[0], boxes(t, test.mdat)[0]
			if s, err := in.Samples(moof, mdat); !errors.Is(err, mp4.ErrMalformed) {
				t.Errorf("%d samples, error %v, want %v", len(s), err, mp4.ErrMalformed)
			}
		})
	}
}

// The priming of an AAC encoder begins before zero; ffmpeg writes that as 2⁶⁴−1024.
func TestSamplesBeforeZero(t *testing.T) {
	t.Parallel()
	in := parseInit(t, mp4test.AudioInit(48000))
	b := boxes(t, mp4.Segment(1, mp4test.Frames(-1024, 2, "x"), 0, false))
	got, err := in.Samples(b[0], b[1])
	if err != nil {
		t.Fatal(err)
	}
	if got[0].DTS != -1024 || got[1].DTS != 0 {
		t.Errorf("frames at %d and %d, want -1024 and 0", got[0].DTS, got[1].DTS)
	}
}

func TestIsIDR(t *testing.T) {
	t.Parallel()
	unit := func(kind byte) []byte { return []byte{0, 0, 0, 2, kind, 0xff} }
	tests := map[string]struct {
		sample []byte
		length int
		want   bool
	}{
		"IDR":                      {unit(0x65), 4, true},
		"IDR after SPS, PPS, SEI":  {bytes.Join([][]byte{unit(0x67), unit(0x68), unit(0x06), unit(0x65)}, nil), 4, true},
		"P picture":                {unit(0x41), 4, false},
		"recovery point, then I":   {bytes.Join([][]byte{unit(0x06), unit(0x61)}, nil), 4, false},
		"data partition":           {unit(0x42), 4, false},
		"two length bytes":         {[]byte{0, 1, 0x65}, 2, true},
		"nothing":                  {nil, 4, false},
		"no slice at all":          {unit(0x67), 4, false},
		"a unit beyond the sample": {[]byte{0, 0, 0, 9, 0x65}, 4, false},
		"an empty unit":            {[]byte{0, 0, 0, 0, 0x65}, 4, false},
		"no length bytes":          {unit(0x65), 0, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := mp4.IsIDR(test.sample, test.length); got != test.want {
				t.Errorf("IsIDR = %t", got)
			}
		})
	}
}
