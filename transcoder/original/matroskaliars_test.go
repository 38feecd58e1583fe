package original_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"movify/pkg/matroska/matroskatest"
	"movify/pkg/media"
	"movify/pkg/mp4/mp4test"
	"movify/transcoder/original"
)

// IDs of elements that films by hand have (RFC 9559 section 5).
const (
	idInfo, idScale                            = 0x1549A966, 0x2AD7B1
	idTracks, idEntry, idNumber, idType        = 0x1654AE6B, 0xAE, 0xD7, 0x83
	idCodec, idPrivate, idFrameNS, idEncodings = 0x86, 0x63A2, 0x23E383, 0x6D80
	idVideo, idWidth, idHeight, idCropLeft     = 0xE0, 0xB0, 0xBA, 0x54CC
	idAudio, idRate, idChannels                = 0xE1, 0xB5, 0x9F
	idCluster, idTime, idBlock                 = 0x1F43B675, 0xE7, 0xA3
	idCues                                     = 0x1C53BB6B
)

// seconds of a film by hand.
type seconds struct {
	time   uint64   // of the Cluster, ms
	blocks [][]byte // data of SimpleBlocks
	void   int      // bytes that are skipped
	at     uint64   // time that the Cue says, ms
	off    int64    // by how much the Cue is wrong about the Cluster, bytes
	none   bool     // no Cue
}

// handMade is a film by hand.
type handMade struct {
	scale    uint64
	video    [][]byte // more of the video track
	shape    [][]byte // more of its Video
	sound    [][]byte // the sound track; nil for none
	clusters []seconds
	behind   []byte // the Cues
}

func frameOf(track byte, ticks int16, nal byte, flags byte) []byte {
	return matroskatest.BlockData(track, ticks, flags, pictureBytes(nal, pictureSize-4))
}

// matroskaFilm is a film of five seconds, five pictures in each, with sound of 48 kHz in AAC, whose parts are changed.
func matroskaFilm(change func(*handMade)) []byte {
	f := handMade{scale: 1_000_000, sound: [][]byte{}}
	for n := range 5 {
		s := seconds{time: uint64(n) * 1000, at: uint64(n) * 1000}
		for k := range 5 {
			flags, nal := byte(0), byte(0x41)
			if k == 0 {
				flags, nal = 0x80, 0x65
			}
			s.blocks = append(s.blocks, frameOf(1, int16(k)*200, nal, flags), matroskatest.BlockData(2, int16(k)*200, 0x80, make([]byte, 9)))
		}
		f.clusters = append(f.clusters, s)
	}
	change(&f)
	return f.bytes()
}

func (f handMade) bytes() []byte {
	number, element := matroskatest.Number, matroskatest.Element
	video := append([][]byte{
		number(idNumber, 1), number(idType, 1), matroskatest.Text(idCodec, "V_MPEG4/ISO/AVC"),
		element(idPrivate, []byte{1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 1, 0x67, 1, 0, 1, 0x68}),
	}, f.video...)
	shape := append([][]byte{number(idWidth, 320), number(idHeight, 180)}, f.shape...)
	video = append(video, element(idVideo, shape...))
	tracks := [][]byte{element(idEntry, video...)}
	if f.sound != nil {
		sound := append([][]byte{
			number(idNumber, 2), number(idType, 2), matroskatest.Text(idCodec, "A_AAC"), element(idPrivate, []byte{0x11, 0x90}),
			element(idAudio, element(idRate, []byte{0x47, 0x3b, 0x80, 0}), number(idChannels, 2)),
		}, f.sound...)
		tracks = append(tracks, element(idEntry, sound...))
	}
	body := slices.Concat(element(idInfo, number(idScale, f.scale)), element(idTracks, tracks...))
	var cues []byte
	for _, c := range f.clusters {
		if !c.none {
			cues = append(cues, element(0xBB, number(0xB3, c.at), element(0xB7, number(0xF7, 1),
				number(0xF1, uint64(int64(len(body))+c.off))))...)
		}
		parts := [][]byte{number(idTime, c.time)}
		for _, b := range c.blocks {
			parts = append(parts, element(idBlock, b))
		}
		if c.void > 0 {
			parts = append(parts, element(0xEC, make([]byte, c.void)))
		}
		body = append(body, element(idCluster, parts...)...)
	}
	return matroskatest.File(body, element(idCues, cues), f.behind)
}

func openBytes(data []byte) (*original.Stream, error) {
	return original.Open(bytes.NewReader(data), int64(len(data)))
}

func TestAMatroskaFilmByHand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*handMade)
		segments int
	}{
		"plain":                          {func(*handMade) {}, 4},
		"no sound":                       {func(f *handMade) { f.sound = nil; f.clusters = withoutSound(f.clusters) }, 4},
		"ticks of 1/90000 s":             {func(f *handMade) { f.scale = 11_111 }, 1},
		"a Cue too few":                  {func(f *handMade) { f.clusters[2].none = true }, 3},
		"no Cue of the first second":     {func(f *handMade) { f.clusters[0].none = true }, 4},
		"a length that is wrong":         {func(f *handMade) { f.video = append(f.video, matroskatest.Number(idFrameNS, 41_708_333)) }, 4},
		"a length that is right":         {func(f *handMade) { f.video = append(f.video, matroskatest.Number(idFrameNS, 200_000_000)) }, 4},
		"key frames that are not marked": {func(f *handMade) { f.clusters[2].blocks[0] = frameOf(1, 0, 0x65, 0) }, 4},
		"all tracks disabled": {func(f *handMade) {
			f.video, f.sound = append(f.video, matroskatest.Number(0xB9, 0)), append(f.sound, matroskatest.Number(0xB9, 0))
		}, 4},
		"begins after nine hours": {func(f *handMade) {
			for n := range f.clusters {
				f.clusters[n].time += 32_400_000
				f.clusters[n].at += 32_400_000
			}
		}, 4},
	} {
		data := matroskaFilm(c.change)
		s, err := openBytes(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m := s.Media().Picture; m.Segments() != c.segments {
			t.Errorf("%s: %d segments, %v", name, m.Segments(), m.Bounds)
		}
		for _, one := range s.Media().Copies() {
			for n := range one.Segments() {
				if _, err := s.Segment(one.ID, n); err != nil {
					t.Errorf("%s: segment %d of %s: %v", name, n, one.ID, err)
				}
			}
		}
	}
}

// A picture that is rolled is turned by the Init Section.
func TestARolledMatroskaFilm(t *testing.T) {
	t.Parallel()
	const idProjection, idYaw, idRoll, one = 0x7670, 0x7673, 0x7675, 1 << 16
	number := func(id uint32, v float32) []byte {
		return matroskatest.Element(id, binary.BigEndian.AppendUint32(nil, math.Float32bits(v)))
	}
	for name, c := range map[string]struct {
		pose          []byte
		matrix        []uint32
		width, height int
		turned        bool
	}{
		"counter-clockwise": {number(idRoll, 90), []uint32{0, -one & empty, 0, one, 0, 0, 0, 320 << 16, 1 << 30}, 180, 320, true},
		"clockwise":         {number(idRoll, -90), []uint32{0, one, 0, -one & empty, 0, 0, 180 << 16, 0, 1 << 30}, 180, 320, true},
		"upside down":       {number(idRoll, 180), []uint32{-one & empty, 0, 0, 0, -one & empty, 0, 320 << 16, 180 << 16, 1 << 30}, 320, 180, true},
		"not at all":        {number(idRoll, 0), []uint32{one, 0, 0, 0, one, 0, 0, 0, 1 << 30}, 320, 180, false},
		"by some degrees":   {number(idRoll, 30), []uint32{one, 0, 0, 0, one, 0, 0, 0, 1 << 30}, 320, 180, false},
		"in space":          {append(number(idYaw, 90), number(idRoll, 90)...), []uint32{one, 0, 0, 0, one, 0, 0, 0, 1 << 30}, 320, 180, false},
	} {
		s, err := openBytes(matroskaFilm(func(f *handMade) {
			f.shape = append(f.shape, matroskatest.Element(idProjection, c.pose))
		}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m := s.Media().Picture
		in, err := s.Init(m.ID)
		if err != nil || !bytes.Contains(in, mp4test.Words(append(c.matrix, 320<<16, 180<<16)...)) {
			t.Errorf("%s: %v, no such matrix in %x", name, err, in)
		}
		if m.Width != c.width || m.Height != c.height || m.Turned != c.turned {
			t.Errorf("%s: %d × %d, turned %t", name, m.Width, m.Height, m.Turned)
		}
	}
}

func withoutSound(clusters []seconds) []seconds {
	for n := range clusters {
		clusters[n].blocks = slices.DeleteFunc(clusters[n].blocks, func(b []byte) bool { return b[0] == 0x82 })
	}
	return clusters
}

// Cues that lie, and films that are what they say and cannot be copied.
func TestRefusedMatroskaFilms(t *testing.T) {
	t.Parallel()
	type film = *handMade
	for name, c := range map[string]struct {
		change func(film)
		want   error
	}{
		"no Cues": {func(f film) {
			for n := range f.clusters {
				f.clusters[n].none = true
			}
		}, original.ErrNoIndex},
		"a Cue into a Cluster":           {func(f film) { f.clusters[2].off = 5 }, original.ErrIndex},
		"a Cue out of the Segment":       {func(f film) { f.clusters[2].off = 1 << 40 }, original.ErrIndex},
		"a Cue at another time":          {func(f film) { f.clusters[2].at = 2001 }, original.ErrIndex},
		"Cues the other way round":       {func(f film) { f.clusters[1].at, f.clusters[2].at = 2000, 1000 }, original.ErrIndex},
		"no tick":                        {func(f film) { f.scale = 0 }, original.ErrIndex},
		"a first picture that is no IDR": {func(f film) { f.clusters[0].blocks[0] = frameOf(1, 0, 0x41, 0x80) }, original.ErrBeginning},
		"a first picture that is shown later": {func(f film) {
			f.clusters[0].blocks[0] = frameOf(1, 300, 0x65, 0x80)
		}, original.ErrBeginning},
		"no picture":               {func(f film) { f.clusters[0].blocks[0] = matroskatest.BlockData(1, 0, 0x80, []byte{0, 0, 0, 1}) }, original.ErrChanged},
		"an empty picture":         {func(f film) { f.clusters[0].blocks[0] = matroskatest.BlockData(1, 0, 0x80, nil) }, original.ErrChanged},
		"two pictures at one time": {func(f film) { f.clusters[0].blocks[2] = frameOf(1, 0, 0x41, 0) }, original.ErrTimes},
		"several pictures in a Block": {func(f film) {
			f.clusters[0].blocks[2] = matroskatest.BlockData(1, 200, matroskatest.Fixed, make([]byte, 9), make([]byte, 9))
		}, original.ErrIndex},
		"a Block of no track": {func(f film) { f.clusters[0].blocks[3][0] = 0x87 }, original.ErrIndex},
		"twelve seconds without a Cue": {func(f film) {
			for n := 1; n < 5; n++ {
				f.clusters[n].time += 11_000
				f.clusters[n].at += 11_000
			}
		}, original.ErrSparse},
		"17 MiB between two Cues":     {func(f film) { f.clusters[2].void = 17 << 20 }, original.ErrDense},
		"encrypted":                   {func(f film) { f.video = append(f.video, encoding(1, 1)) }, original.ErrPacked},
		"compressed":                  {func(f film) { f.video = append(f.video, encoding(1, 0)) }, original.ErrPacked},
		"cropped":                     {func(f film) { f.shape = append(f.shape, matroskatest.Number(idCropLeft, 8)) }, original.ErrCropped},
		"another codec":               {func(f film) { f.video = append(f.video, matroskatest.Text(idCodec, "V_MPEG2")) }, original.ErrCodec},
		"a configuration that is cut": {func(f film) { f.video = append(f.video, matroskatest.Element(idPrivate, []byte{1, 2})) }, original.ErrCodec},
	} {
		if _, err := openBytes(matroskaFilm(c.change)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// encoding is a ContentEncodings of a scope and a type (RFC 9559 section 5.1.4.1.31).
func encoding(scope, kind uint64) []byte {
	return matroskatest.Element(idEncodings, matroskatest.Element(0x6240, matroskatest.Number(0x5032, scope), matroskatest.Number(0x5033, kind)))
}

// Sound that is odd is left to the ladder with its reason, and the picture is copied.
func TestLeftSoundsOfMatroska(t *testing.T) {
	t.Parallel()
	type film = *handMade
	for name, c := range map[string]struct {
		change func(film)
		reason media.LeftReason
	}{
		"plain":        {func(film) {}, ""},
		"DTS":          {func(f film) { f.sound = append(f.sound, matroskatest.Text(idCodec, "A_DTS")) }, media.LeftCodec},
		"encrypted":    {func(f film) { f.sound = append(f.sound, encoding(1, 1)) }, media.LeftPacked},
		"none at all":  {func(f film) { f.clusters = withoutSound(f.clusters) }, media.LeftLate},
		"begins later": {func(f film) { withoutSound(f.clusters[:1]) }, media.LeftLate},
		"six seconds behind the picture": {func(f film) {
			for n := range f.clusters {
				for _, b := range f.clusters[n].blocks {
					if b[0] == 0x82 {
						b[1], b[2] = 0, 0
					}
				}
			}
			for n := range f.clusters {
				f.clusters[n].blocks = slices.DeleteFunc(f.clusters[n].blocks, func(b []byte) bool { return b[0] == 0x82 })
				f.clusters[n].blocks = append(f.clusters[n].blocks, matroskatest.BlockData(2, int16(n)*2000, 0x80, make([]byte, 9)))
			}
		}, media.LeftApart},
		"ends early": {func(f film) { withoutSound(f.clusters[2:]) }, ""},
	} {
		s, err := openBytes(matroskaFilm(c.change))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m := s.Media()
		if c.reason == "" {
			if len(m.Sounds) != 1 || len(m.Left) != 0 {
				t.Errorf("%s: %+v", name, m)
			}
		} else if len(m.Left) != 1 || m.Left[0].Reason != c.reason || len(m.Sounds) != 0 {
			t.Errorf("%s: left %+v", name, m.Left)
		}
	}
}

// A file that changes or is cut while it plays is a fault.
func TestAMatroskaFileChanges(t *testing.T) {
	t.Parallel()
	whole := matroskaFilm(func(*handMade) {})
	data := bytes.Clone(whole)
	s, err := openBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	picture := s.Media().Picture
	at := bytes.Index(data, pictureBytes(0x65, pictureSize-4))
	clear(data[at:][:pictureSize])
	if _, err := s.Segment("v0", 0); !errors.Is(err, original.ErrChanged) {
		t.Errorf("zeros in the place of a picture: %v", err)
	}
	for n := range len(data) - at {
		copy(data, whole)
		clear(data[at+n:])
		for k := range picture.Segments() {
			for _, one := range s.Media().Copies() {
				if b, err := s.Segment(one.ID, k); err == nil && n == 0 {
					t.Errorf("segment %d of %s, %d bytes, from a file without Clusters", k, one.ID, b.Size)
				}
			}
		}
	}
}

// FuzzOpenMatroska takes bytes for a film: as FuzzOpen.
func FuzzOpenMatroska(f *testing.F) {
	f.Add(matroskaFilm(func(*handMade) {}))
	f.Add(matroskaFilm(func(h *handMade) {
		h.video = append(h.video, matroskatest.Number(idFrameNS, 200_000_000))
		for n := range h.clusters {
			h.clusters[n].blocks[2] = frameOf(1, 500, 0x41, 0)
			h.clusters[n].blocks[1] = matroskatest.BlockData(2, 0, 0x80|matroskatest.Xiph, make([]byte, 300), nil, make([]byte, 5))
		}
	}))
	f.Fuzz(fuzz)
}

// Sound that lies before or behind the picture in the file is found; each frame is in one segment.
func TestSoundApartFromThePicture(t *testing.T) {
	t.Parallel()
	const length, each, size = 40, 10, 9 // seconds, frames in one, bytes
	for lag := -5000; lag <= 5000; lag += 625 {
		film := func(f *handMade) {
			f.clusters = nil
			for n := range length {
				s := seconds{time: uint64(n) * 1000, at: uint64(n) * 1000, blocks: [][]byte{frameOf(1, 0, 0x65, 0x80)}}
				for k := 1; k < 5; k++ {
					s.blocks = append(s.blocks, frameOf(1, int16(k)*200, 0x41, 0))
				}
				f.clusters = append(f.clusters, s)
			}
			for i := range length * each {
				at := i * 1000 / each
				c := &f.clusters[min(length-1, max(0, at+lag)/1000)]
				c.blocks = append(c.blocks, matroskatest.BlockData(2, int16(at-int(c.time)), 0x80, make([]byte, size)))
			}
		}
		s, err := openBytes(matroskaFilm(film))
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Media().Sounds) != 1 {
			t.Errorf("%d ms apart: left %v", lag, s.Media().Left)
			continue
		}
		sound, frames := s.Media().Sounds[0], int64(0)
		for n := range sound.Segments() {
			b, err := s.Segment(sound.ID, n)
			if err != nil {
				t.Errorf("%d ms apart: segment %d: %v", lag, n, err)
			}
			frames += (b.Size - int64(len(b.Head))) / size
		}
		if frames != length*each || sound.Segments() != s.Media().Picture.Segments() {
			t.Errorf("%d ms apart: %d frames in %d segments", lag, frames, sound.Segments())
		}
	}
}
