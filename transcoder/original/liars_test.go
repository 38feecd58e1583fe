package original_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"testing"

	"movify/pkg/mp4/mp4test"
	"movify/transcoder/original"
)

// pictureBytes is a sample of one NAL unit of so many bytes.
func pictureBytes(nal byte, size int) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(size))
	return append(append(out, nal), bytes.Repeat([]byte{0xab}, size-1)...)
}

// avc1 is a sample entry of H.264, 320 × 180.
func avc1() []byte {
	entry := make([]byte, 78)
	copy(entry[24:], []byte{1, 64, 0, 180})
	return mp4test.Box("avc1", entry, mp4test.Box("avcC", []byte{1, 0x64, 0, 0x1f, 0xff, 0xe0, 0}))
}

// Pictures of film: five seconds of 25 pictures, a key frame every second, each picture 20 bytes.
const (
	filmPictures = 25
	pictureSize  = 20
)

// film is a film by hand whose only track is changed.
func film(change func(*mp4test.FilmTrack), more ...mp4test.FilmTrack) []byte {
	var samples []byte
	var syncs []uint32
	for n := range filmPictures {
		nal := byte(0x41)
		if n%5 == 0 {
			nal = 0x65
			syncs = append(syncs, uint32(n)+1)
		}
		samples = append(samples, pictureBytes(nal, pictureSize-4)...)
	}
	track := mp4test.FilmTrack{
		Handler: "vide", Timescale: 1000, Entry: avc1(),
		Tables: mp4test.Tables{
			Times: [][2]uint32{{filmPictures, 200}}, Syncs: syncs, Sizes: slices.Repeat([]uint32{pictureSize}, filmPictures),
			Runs: [][3]uint32{{1, filmPictures, 1}}, Chunks: []uint64{mp4test.DataOffset},
		},
	}
	change(&track)
	return mp4test.Film(samples, append([]mp4test.FilmTrack{track}, more...)...)
}

// sound is a track of ten frames of AAC, 480 ticks of 1000 each, whose bytes are those of pictures.
func sound(change func(*mp4test.FilmTrack)) mp4test.FilmTrack {
	specific := []byte{5, 2, 0x11, 0x90}
	decoder := append([]byte{4, 13 + 4, 0x40}, make([]byte, 12)...)
	decoder = append(decoder, specific...)
	entry := mp4test.Box("mp4a", make([]byte, 28), mp4test.Box("esds", mp4test.Words(0), []byte{3, byte(3 + len(decoder)), 0, 1, 0}, decoder))
	track := mp4test.FilmTrack{
		Handler: "soun", Timescale: 1000, Entry: entry,
		Tables: mp4test.Tables{
			Times: [][2]uint32{{10, 480}}, Each: 20, Count: 10, Runs: [][3]uint32{{1, 10, 1}}, Chunks: []uint64{mp4test.DataOffset},
		},
	}
	change(&track)
	return track
}

// edits is an edts box of entries of duration (1000 a second), media time and rate.
func edits(entries ...[3]uint32) []byte {
	out := mp4test.Words(0, uint32(len(entries)))
	for _, e := range entries {
		out = append(out, mp4test.Words(e[:]...)...)
	}
	return mp4test.Box("edts", mp4test.Box("elst", out))
}

// twoEntries lets the second chunk, from the third group on, be of the second sample entry.
func twoEntries(f *mp4test.FilmTrack) {
	f.Tables.Runs = [][3]uint32{{1, 10, 1}, {2, filmPictures - 10, 2}}
	f.Tables.Chunks = []uint64{mp4test.DataOffset, mp4test.DataOffset + 10*pictureSize}
}

const (
	empty  = 1<<32 - 1
	normal = 1 << 16
)

func TestAFilmByHand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*mp4test.FilmTrack)
		segments int
		samples  int
	}{
		"plain":                             {func(*mp4test.FilmTrack) {}, 4, 25},
		"an empty edit":                     {func(f *mp4test.FilmTrack) { f.Edits = edits([3]uint32{300, empty, normal}, [3]uint32{5000, 0, normal}) }, 4, 25},
		"begins at a key frame":             {func(f *mp4test.FilmTrack) { f.Edits = edits([3]uint32{4000, 1000, normal}) }, 3, 20},
		"ends before its end":               {func(f *mp4test.FilmTrack) { f.Edits = edits([3]uint32{4598, 0, normal}) }, 4, 23},
		"a pause behind the end":            {func(f *mp4test.FilmTrack) { f.Edits = edits([3]uint32{5000, 0, normal}, [3]uint32{500, empty, normal}) }, 4, 25},
		"an edit without end":               {func(f *mp4test.FilmTrack) { f.Edits = edits([3]uint32{0, 0, normal}) }, 4, 25},
		"a last picture that lasts no time": {func(f *mp4test.FilmTrack) { f.Tables.Times = [][2]uint32{{24, 200}, {1, 0}} }, 4, 25},
		"two equal sample entries":          {func(f *mp4test.FilmTrack) { f.Entry = append(f.Entry, f.Entry...) }, 4, 25},
		"several edits":                     {func(f *mp4test.FilmTrack) { f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{1000, 3000, normal}) }, 2, 10},
		"edits that follow each other":      {func(f *mp4test.FilmTrack) { f.Edits = edits([3]uint32{1500, 0, normal}, [3]uint32{3500, 1500, normal}) }, 4, 25},
		"a pause between two edits": {func(f *mp4test.FilmTrack) {
			f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{500, empty, normal}, [3]uint32{4000, 1000, normal})
		}, 4, 25},
		"a part that ends inside a group": {func(f *mp4test.FilmTrack) {
			f.Edits = edits([3]uint32{1400, 0, normal}, [3]uint32{800, 2000, normal}, [3]uint32{0, 4000, normal})
		}, 3, 7 + 4 + 5},
		"a sample entry that is not used": {func(f *mp4test.FilmTrack) { f.Entry = append(f.Entry, f.Entry...); f.Entry[8+25]++ }, 4, 25},
		"the second of two equal sample entries": {func(f *mp4test.FilmTrack) {
			f.Entry = append(f.Entry, f.Entry...)
			twoEntries(f)
		}, 4, 25},
		"nothing but key frames": {func(f *mp4test.FilmTrack) { f.Tables.Syncs = []uint32{1, 2, 6, 11, 16, 21} }, 4, 25},
	} {
		data := film(c.change)
		s, err := original.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m := s.Media().Picture; m.Segments() != c.segments || m.Samples != c.samples {
			t.Errorf("%s: %d segments of %d pictures", name, m.Segments(), m.Samples)
		}
		for n := range s.Media().Picture.Segments() {
			if _, err := s.Segment("v0", n); err != nil {
				t.Errorf("%s: segment %d: %v", name, n, err)
			}
		}
	}
}

// Files that lie, and films that are what they say and cannot be copied.
func TestRefusedFilms(t *testing.T) {
	t.Parallel()
	type track = *mp4test.FilmTrack
	for name, c := range map[string]struct {
		change func(track)
		want   error
	}{
		"sample beyond the end":           {func(f track) { f.Tables.Sizes[24] = 1 << 20 }, original.ErrIndex},
		"chunk beyond the end":            {func(f track) { f.Tables.Chunks[0] = 1 << 30 }, original.ErrIndex},
		"chunks that overlap":             {func(f track) { f.Tables.Runs[0][1] = 5; f.Tables.Chunks = slices.Repeat(f.Tables.Chunks, 5) }, original.ErrIndex},
		"fewer times than samples":        {func(f track) { f.Tables.Times[0][0] = 24 }, original.ErrIndex},
		"more times than samples":         {func(f track) { f.Tables.Times[0][0] = 26 }, original.ErrIndex},
		"fewer offsets of composition":    {func(f track) { f.Tables.Shifts = [][2]uint32{{24, 0}} }, original.ErrIndex},
		"a sync sample that is not there": {func(f track) { f.Tables.Syncs = append(f.Tables.Syncs, 26) }, original.ErrIndex},
		"two sample entries":              {func(f track) { f.Tables.Runs[0][2] = 2 }, original.ErrIndex},
		"a key frame that is none":        {func(f track) { f.Tables.Syncs = []uint32{2, 6} }, original.ErrBeginning},
		"no key frame":                    {func(f track) { f.Tables.Syncs = []uint32{} }, original.ErrBeginning},
		"a first picture that is no IDR": {func(f track) {
			f.Tables.Chunks[0] += pictureSize
			f.Tables.Sizes = f.Tables.Sizes[1:]
			f.Tables.Times[0][0]--
			f.Tables.Runs[0][1]--
		}, original.ErrBeginning},
		"samples that are no pictures":   {func(f track) { f.Tables.Chunks[0]++ }, original.ErrChanged},
		"a part at half the rate":        {func(f track) { f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{4000, 1000, normal / 2}) }, original.ErrEdited},
		"a part in the middle":           {func(f track) { f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{1000, 3200, normal}) }, original.ErrEdited},
		"a part within a group":          {func(f track) { f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{400, 3200, normal}) }, original.ErrEdited},
		"parts in another order":         {func(f track) { f.Edits = edits([3]uint32{1000, 3000, normal}, [3]uint32{1000, 0, normal}) }, original.ErrEdited},
		"a part that is shown twice":     {func(f track) { f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{1000, 0, normal}) }, original.ErrEdited},
		"a part behind the end":          {func(f track) { f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{1000, 9000, normal}) }, original.ErrEdited},
		"a part of no length":            {func(f track) { f.Edits = edits([3]uint32{0, 0, normal}, [3]uint32{1000, 3000, normal}) }, original.ErrEdited},
		"an edit at half the rate":       {func(f track) { f.Edits = edits([3]uint32{5000, 0, normal / 2}) }, original.ErrEdited},
		"an edit that holds a picture":   {func(f track) { f.Edits = edits([3]uint32{5000, 0, 0}) }, original.ErrEdited},
		"an edit in the middle":          {func(f track) { f.Edits = edits([3]uint32{4000, 1200, normal}) }, original.ErrEdited},
		"an edit behind the end":         {func(f track) { f.Edits = edits([3]uint32{4000, 9000, normal}) }, original.ErrEdited},
		"nothing but an empty edit":      {func(f track) { f.Edits = edits([3]uint32{4000, empty, normal}) }, original.ErrEdited},
		"an edit before the beginning":   {func(f track) { f.Edits = edits([3]uint32{4000, empty - 1, normal}) }, original.ErrEdited},
		"a picture that lasts for hours": {func(f track) { f.Tables.Times = [][2]uint32{{24, 200}, {1, 1<<32 - 1}} }, original.ErrSparse},
		"two sizes in one track":         {func(f track) { f.Entry = append(f.Entry, f.Entry...); f.Entry[8+25]++; twoEntries(f) }, original.ErrChanging},
		"no ticks":                       {func(f track) { f.Timescale = 0 }, original.ErrNoPicture},
		"pictures of no size":            {func(f track) { clear(f.Entry[8+24:][:4]) }, original.ErrCodec},
		"groups that interleave": {func(f track) {
			f.Tables.Shifts = [][2]uint32{{10, 0}, {1, 2000}, {4, 0}, {1, 1<<32 - 2500}, {9, 0}}
		}, original.ErrTimes},
		"a key frame shown last": {func(f track) { f.Tables.Shifts = [][2]uint32{{1, 4000}, {24, 0}} }, original.ErrBeginning},
	} {
		data := film(c.change)
		if _, err := original.Open(bytes.NewReader(data), int64(len(data))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Sound that is odd is left to the ladder with its reason, and the picture is copied.
func TestLeftSounds(t *testing.T) {
	t.Parallel()
	type track = *mp4test.FilmTrack
	for reason, change := range map[string]func(track){
		"":           func(track) {},
		"index":      func(f track) { f.Tables.Times[0][0] = 9 },
		"index ":     func(f track) { f.Tables.Each = 400 },
		"edited":     func(f track) { f.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{1000, 3000, normal / 2}) },
		"edited ":    func(f track) { f.Tables.Shifts = [][2]uint32{{10, 5}} },
		"late":       func(f track) { f.Edits = edits([3]uint32{101, empty, normal}, [3]uint32{4800, 0, normal}) },
		"late ":      func(f track) { f.Edits = edits([3]uint32{60_000, empty, normal}, [3]uint32{4800, 0, normal}) },
		"hole":       func(f track) { f.Tables.Times = [][2]uint32{{1, 4000}, {9, 100}} },
		"codec":      func(f track) { copy(f.Entry[4:], "dtsc") },
		"codec ":     func(f track) { f.Timescale = 0 },
		"late again": func(f track) { f.Edits = edits([3]uint32{0, 9000, normal}) },
	} {
		data := film(func(*mp4test.FilmTrack) {}, sound(change))
		s, err := original.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Errorf("%q: %v", reason, err)
			continue
		}
		m := s.Media()
		if reason == "" {
			if len(m.Sounds) != 1 || m.Sounds[0].Samples != 10 || len(m.Left) != 0 {
				t.Errorf("plain: %+v", m)
			}
			continue
		}
		if len(m.Left) != 1 || !bytes.HasPrefix([]byte(reason), []byte(m.Left[0].Reason)) || len(m.Sounds) != 0 {
			t.Errorf("%q: left %+v", reason, m.Left)
		}
	}
}

// FuzzOpen takes bytes for a film: nothing panics, no segment reads outside the file, and each is as long as it says.
func FuzzOpen(f *testing.F) {
	f.Add(film(func(*mp4test.FilmTrack) {}, sound(func(*mp4test.FilmTrack) {})))
	f.Add(film(func(t *mp4test.FilmTrack) {
		t.Edits = edits([3]uint32{300, empty, normal}, [3]uint32{4500, 0, normal})
		t.Tables.Shifts = [][2]uint32{{1, 200}, {1, 600}, {2, 0}, {21, 200}}
		t.Tables.Wide = true
	}, sound(func(t *mp4test.FilmTrack) { t.Tables.Times = [][2]uint32{{10, 4000}} })))
	f.Add(film(func(t *mp4test.FilmTrack) {
		t.Edits = edits([3]uint32{1000, 0, normal}, [3]uint32{500, empty, normal}, [3]uint32{800, 2000, normal}, [3]uint32{0, 4000, normal})
	}, sound(func(t *mp4test.FilmTrack) { t.Edits = edits([3]uint32{960, 0, normal}, [3]uint32{0, 1920, normal}) })))
	f.Fuzz(fuzz)
}

func fuzz(t *testing.T, data []byte) {
	r := bytes.NewReader(data)
	s, err := original.Open(r, r.Size())
	if err != nil {
		return
	}
	for _, c := range s.Media().Copies() {
		if _, err := s.Init(c.ID); err != nil {
			t.Fatalf("Init Section of %s: %v", c.ID, err)
		}
		for n := range min(100, c.Segments()) {
			b, err := s.Segment(c.ID, n)
			if err != nil {
				continue
			}
			if written, err := b.WriteTo(io.Discard, r); err != nil || written != b.Size {
				t.Fatalf("segment %d of %s: %d of %d bytes, %v", n, c.ID, written, b.Size, err)
			}
			if c.Kind == "video" && (c.Bounds[n+1]-c.Bounds[n] > 10_001 || b.Size > 17<<20) {
				t.Fatalf("segment %d of %s lasts %d ms, %d bytes", n, c.ID, c.Bounds[n+1]-c.Bounds[n], b.Size)
			}
		}
	}
}
