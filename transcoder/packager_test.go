package transcoder

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

// tray is a sink that keeps everything.
type tray struct {
	inits    int
	segments map[int][]byte
	refuse   error // of every segment
}

func (s *tray) init(media.Rendition, mp4.Init) error {
	s.inits++
	return nil
}

func (s *tray) segment(_ media.Rendition, n int, data []byte) error {
	if s.refuse != nil {
		return s.refuse
	}
	if s.segments == nil {
		s.segments = map[int][]byte{}
	}
	s.segments[n] = data
	return nil
}

func (s *tray) numbers() []int {
	var out []int
	for n := range s.segments {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

const pictureTicks = 1001

// shortGrid has segments of 4, 4 and 6 pictures of film.
func shortGrid() media.Grid {
	g := media.Grid{Rate: media.Ratio{Num: 24000, Den: 1001}, Full: 4, Frames: []int{0, 4, 8, 14}}
	g.Audio = audioBounds(g) // 0, 8, 16, 28
	return g
}

var (
	pictureRendition = media.Rendition{ID: "v", Kind: media.Video, Codecs: "avc1.64001F"}
	soundRendition   = media.Rendition{ID: "a", Kind: media.Audio, Codecs: "mp4a.40.2"}
	pictureInit      = mp4test.VideoInit(24000, "avc1.64001F")
	soundInit        = mp4test.AudioInit(48000)
)

// pictures is a fragment that begins at a frame.
func pictures(frame, count int, change ...func([]mp4.Sample)) []byte {
	samples := mp4test.Pictures(int64(frame*pictureTicks), count, pictureTicks, "x")
	for _, c := range change {
		c(samples)
	}
	return mp4.Segment(1, samples, 0, true)
}

func sounds(frame, count int) []byte {
	return mp4.Segment(1, mp4test.Frames(int64(frame*media.AACFrame), count, "x"), 0, false)
}

func stream(parts ...[]byte) io.Reader { return bytes.NewReader(bytes.Join(parts, nil)) }

func TestPackCutsOnTheGrid(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rendition media.Rendition
		in        io.Reader
		from, to  int
		want      []int
	}{
		"one fragment a segment":      {pictureRendition, stream(pictureInit, pictures(0, 4), pictures(4, 4), pictures(8, 6)), 0, 3, []int{0, 1, 2}},
		"only the middle":             {pictureRendition, stream(pictureInit, pictures(4, 4)), 1, 2, []int{1}},
		"preroll is dropped":          {pictureRendition, stream(pictureInit, pictures(0, 4), pictures(4, 4)), 1, 2, []int{1}},
		"what follows is dropped":     {pictureRendition, stream(pictureInit, pictures(0, 4), pictures(4, 4)), 0, 1, []int{0}},
		"other boxes are passed over": {pictureRendition, stream(pictureInit, mp4test.Box("sidx"), pictures(0, 4), mp4test.Box("mfra")), 0, 1, []int{0}},
		"sound in other fragments":    {soundRendition, stream(soundInit, sounds(0, 5), sounds(5, 20), sounds(25, 3)), 0, 3, []int{0, 1, 2}},
		"priming is dropped":          {soundRendition, stream(soundInit, sounds(-1, 9)), 0, 1, []int{0}},
		"sound's preroll is dropped":  {soundRendition, stream(soundInit, sounds(3, 30)), 1, 2, []int{1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out tray
			if err := packageOutput(test.in, test.rendition, shortGrid(), test.from, test.to, Software, &out); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, out.numbers()); diff != "" || out.inits != 1 {
				t.Errorf("%d init sections, segments (-want +got):\n%s", out.inits, diff)
			}
		})
	}
}

func TestPackWritesPositiveOffsets(t *testing.T) {
	t.Parallel()
	var out tray
	if err := packageOutput(stream(pictureInit, pictures(0, 4), pictures(4, 4)), pictureRendition, shortGrid(), 0, 2, Software, &out); err != nil {
		t.Fatal(err)
	}
	in, err := mp4.ParseInit(readBoxes(t, pictureInit)[0], readBoxes(t, pictureInit)[1])
	if err != nil {
		t.Fatal(err)
	}
	b := readBoxes(t, out.segments[1])
	samples, err := in.Samples(b[0], b[1])
	if err != nil {
		t.Fatal(err)
	}
	if len(samples) != 4 || samples[0].DTS != 4*pictureTicks || samples[0].CTO != reorderDelay*pictureTicks {
		t.Fatalf("%d samples, the first at %d, shown %d later", len(samples), samples[0].DTS, samples[0].CTO)
	}
	for n, s := range samples {
		if s.CTO < 0 {
			t.Errorf("sample %d is shown %d ticks before it is decoded", n, -s.CTO)
		}
	}
}

func readBoxes(t *testing.T, data []byte) []mp4.Box {
	t.Helper()
	var out []mp4.Box
	for r := bytes.NewReader(data); r.Len() > 0; {
		b, err := mp4.ReadBox(r, maxBox)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

func TestPackRefuses(t *testing.T) {
	t.Parallel()
	at := func(n int, change func(*mp4.Sample)) func([]mp4.Sample) {
		return func(s []mp4.Sample) { change(&s[n]) }
	}
	// later moves a fragment by ticks.
	later := func(ticks int64) func([]mp4.Sample) {
		return func(s []mp4.Sample) {
			for n := range s {
				s[n].DTS += ticks
			}
		}
	}
	tests := map[string]struct {
		rendition media.Rendition
		in        io.Reader
		want      string
		stored    []int
	}{
		"begins with a P picture":          {pictureRendition, stream(pictureInit, pictures(0, 4, at(0, func(s *mp4.Sample) { s.Data[4] = 0x41 }))), "IDR", nil},
		"begins with a picture not marked": {pictureRendition, stream(pictureInit, pictures(0, 4, at(0, func(s *mp4.Sample) { s.Key = false }))), "IDR", nil},
		"begins a tick late":               {pictureRendition, stream(pictureInit, pictures(0, 4, later(1)), pictures(4, 4)), "at 1", nil},
		"begins a frame late":              {pictureRendition, stream(pictureInit, pictures(1, 4), pictures(5, 4)), "at 1001", nil},
		"begins a frame early":             {pictureRendition, stream(pictureInit, pictures(-1, 4), pictures(3, 4)), "IDR", nil},
		"is shown late":                    {pictureRendition, stream(pictureInit, pictures(0, 4, at(0, func(s *mp4.Sample) { s.CTO = pictureTicks }))), "first picture is at 1001", nil},
		"a gap":                            {pictureRendition, stream(pictureInit, pictures(0, 2), pictures(3, 1, at(0, func(s *mp4.Sample) { s.Key = false }))), "sample 2 is at 3003", nil},
		"a gap at the end":                 {pictureRendition, stream(pictureInit, pictures(0, 4), pictures(4, 3), pictures(8, 6)), "ends at 7007", []int{0}},
		"a segment is missing":             {pictureRendition, stream(pictureInit, pictures(0, 4), pictures(8, 6)), "no samples", []int{0}},
		"an overlap":                       {pictureRendition, stream(pictureInit, pictures(0, 3), pictures(2, 2)), "sample 3 is at 2002", nil},
		"a picture too long":               {pictureRendition, stream(pictureInit, pictures(0, 4, at(3, func(s *mp4.Sample) { s.Duration++ }))), "for 1002", nil},
		"twice the rate":                   {pictureRendition, stream(pictureInit, mp4.Segment(1, mp4test.Pictures(0, 8, 500, "x"), 0, true), pictures(4, 1)), "for 500", nil},
		"an offset before decoding":        {pictureRendition, stream(pictureInit, pictures(0, 4, at(2, func(s *mp4.Sample) { s.CTO = -3 * pictureTicks }))), "before it can be decoded", nil},
		"ends too early":                   {pictureRendition, stream(pictureInit, pictures(0, 4), pictures(4, 3)), "fewer frames", []int{0}},
		"nothing but an init":              {pictureRendition, stream(pictureInit), "fewer frames", nil},
		"nothing":                          {pictureRendition, stream(), "fewer frames", nil},
		"cut off in a box":                 {pictureRendition, stream(pictureInit, pictures(0, 4)[:40]), "unexpected EOF", nil},
		"noise":                            {pictureRendition, strings.NewReader("ffmpeg version 5.1.9"), "malformed", nil},
		"another timescale":                {pictureRendition, stream(mp4test.VideoInit(25000, "avc1.64001F"), pictures(0, 4)), "timescale is 25000", nil},
		"another profile":                  {pictureRendition, stream(mp4test.VideoInit(24000, "avc1.4D401F"), pictures(0, 4)), "codec is avc1.4D401F", nil},
		"another level":                    {pictureRendition, stream(mp4test.VideoInit(24000, "avc1.640028"), pictures(0, 4)), "codec is avc1.640028", nil},
		"sound for a picture":              {pictureRendition, stream(soundInit, sounds(0, 8)), "timescale is 48000", nil},
		"a fragment before its init":       {pictureRendition, stream(pictures(0, 4), pictureInit), "IDR", nil},
		"no ftyp":                          {pictureRendition, stream(pictureInit[28:], pictures(0, 4)), "malformed", nil},
		"sound off its grid":               {soundRendition, stream(soundInit, mp4.Segment(1, mp4test.Frames(512, 9, "x"), 0, false)), "at 512", nil},
		"sound at another rate":            {soundRendition, stream(mp4test.AudioInit(44100), sounds(0, 8)), "timescale is 44100", nil},
		"a hole in the sound":              {soundRendition, stream(soundInit, sounds(0, 4), sounds(5, 4)), "sample 4 is at 5120", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out tray
			err := packageOutput(test.in, test.rendition, shortGrid(), 0, 3, Software, &out)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
			if diff := cmp.Diff(test.stored, out.numbers()); diff != "" {
				t.Errorf("stored segments (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPackEndsWithItsSink(t *testing.T) {
	t.Parallel()
	out := tray{refuse: errEnded}
	in := stream(pictureInit, pictures(0, 4), pictures(4, 4))
	if err := packageOutput(in, pictureRendition, shortGrid(), 0, 2, Software, &out); !errors.Is(err, errEnded) {
		t.Errorf("error is %v, want %v", err, errEnded)
	}
}
