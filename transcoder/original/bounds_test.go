package original_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"testing"

	"movify/pkg/media"
	"movify/pkg/mp4/mp4test"
	"movify/transcoder/original"
	"movify/transcoder/original/originaltest"
)

// crowd is a film of some seconds and 400 KB whose only sound, and whose picture where it is wanted, have far more samples than
// any device makes: a few bytes of an index are enough for millions.
func crowd(picture, sounds mp4test.Tables) []byte {
	const copies = 20_000
	samples := bytes.Repeat(pictureBytes(0x65, pictureSize-4), copies)
	video := mp4test.FilmTrack{Handler: "vide", Timescale: 1_000_000, Entry: avc1(), Tables: picture}
	audio := sound(func(f *mp4test.FilmTrack) {
		sounds.Runs, sounds.Chunks, sounds.Each = [][3]uint32{{1, sounds.Count, 1}}, f.Tables.Chunks, 1
		f.Tables = sounds
	})
	return mp4test.Film(samples, video, audio)
}

// pictures lie one behind the other, each of so many millionths of a second.
func pictures(count, ticks uint32) mp4test.Tables {
	return mp4test.Tables{
		Times: [][2]uint32{{count, ticks}}, Each: pictureSize, Count: count,
		Runs: [][3]uint32{{1, count, 1}}, Chunks: []uint64{mp4test.DataOffset},
	}
}

func TestSegmentsHaveFewSamples(t *testing.T) {
	t.Parallel()
	few := mp4test.Tables{Times: [][2]uint32{{10, 480}}, Count: 10}
	data := crowd(pictures(20_000, 1), few)
	if _, err := original.Open(bytes.NewReader(data), int64(len(data))); !errors.Is(err, original.ErrDense) {
		t.Errorf("20,000 pictures in a moment: %v", err)
	}
	for name, times := range map[string][][2]uint32{
		"frames of no length": {{20_000, 0}},
		"hundreds of days":    {{5, 1000}, {299_995, 5000}},
		"short and long ones": {{17_000, 0}, {5, 400}},
		"a crowd at the end":  {{9, 480}, {20_000, 0}},
	} {
		many := mp4test.Tables{Times: times}
		for _, run := range times {
			many.Count += run[0]
		}
		data := crowd(pictures(125, 40_000), many)
		s, err := original.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if left := s.Media().Left; len(left) != 1 || left[0].Reason != media.LeftIndex {
			t.Errorf("%s: left %+v, %d sounds", name, left, len(s.Media().Sounds))
		}
	}
}

// A last frame that lasts no time begins no segment: its length in a playlist would be 0.
func TestALastFrameOfNoLength(t *testing.T) {
	t.Parallel()
	data := film(func(*mp4test.FilmTrack) {}, sound(func(f *mp4test.FilmTrack) { f.Tables.Times = [][2]uint32{{9, 480}, {1, 0}} }))
	s, err := original.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(s.Media().Sounds) != 1 {
		t.Fatalf("%+v, %v", s.Media(), err)
	}
	c := s.Media().Sounds[0]
	if want := []int64{0, 1440, 2400, 4320}; !slices.Equal(c.Bounds, want) || c.Samples != 10 {
		t.Errorf("boundaries %v, want %v; %d frames", c.Bounds, want, c.Samples)
	}
	for n := range c.Segments() {
		if _, err := s.Segment(c.ID, n); err != nil {
			t.Errorf("segment %d: %v", n, err)
		}
	}
}

// Sound whose fragments go back in time is left: its segments could not be made.
func TestFragmentsThatGoBack(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(originaltest.Table()["fragments.mp4"].Make(t))
	if err != nil {
		t.Fatal(err)
	}
	back := bytes.LastIndex(data, []byte("tfdt")) // of the sound, which is written behind the picture
	if header := bytes.LastIndex(data[:back], []byte("tfhd")); binary.BigEndian.Uint32(data[header+8:]) != 2 {
		t.Fatal("the last track fragment is not of the sound")
	}
	clear(data[back+8:][:8])
	s, err := original.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if left := s.Media().Left; len(left) != 1 || left[0].Reason != media.LeftIndex {
		t.Errorf("left %+v", left)
	}
}
