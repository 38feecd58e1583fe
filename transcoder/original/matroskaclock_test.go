package original

import (
	"bytes"
	"testing"

	"movify/pkg/matroska"
)

func TestRatesOfPictures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ns, rate, frame uint64 }{
		{40_000_000, 25_000, 1000}, {41_708_333, 24_000, 1001}, {41_708_332, 24_000, 1001}, {41_666_667, 24_000, 1000},
		{33_366_666, 30_000, 1001}, {16_683_333, 60_000, 1001}, {20_000_000, 50_000, 1000}, {1_000_000_000, 1000, 1000},
		{0, 0, 0}, {37_000_000, 0, 0}, {1 << 62, 0, 0}, {999, 0, 0},
	} {
		if rate, frame := pictureRate(c.ns); rate != c.rate || frame != c.frame {
			t.Errorf("%d ns: %d/%d, want %d/%d", c.ns, rate, frame, c.rate, c.frame)
		}
	}
}

func TestFramesOfSounds(t *testing.T) {
	t.Parallel()
	flac := append([]byte("fLaC\x80\x00\x00\x22\x12\x00\x12\x00"), make([]byte, 30)...)
	varying := bytes.Replace(flac, []byte{0x12, 0, 0x12, 0}, []byte{0, 16, 0x12, 0}, 1)
	for name, c := range map[string]struct {
		track matroska.Track
		first []byte
		want  int64
	}{
		"AAC":                       {matroska.Track{Codec: "A_AAC"}, nil, 1024},
		"MP3":                       {matroska.Track{Codec: "A_MPEG/L3", Audio: matroska.Audio{Rate: 44_100}}, nil, 1152},
		"MP3 of MPEG-2":             {matroska.Track{Codec: "A_MPEG/L3", Audio: matroska.Audio{Rate: 22_050}}, nil, 576},
		"AC-3":                      {matroska.Track{Codec: "A_AC3"}, nil, 1536},
		"Enhanced AC-3, two blocks": {matroska.Track{Codec: "A_EAC3"}, []byte{0x0b, 0x77, 0, 0, 0x10}, 512},
		"Enhanced AC-3, half rate":  {matroska.Track{Codec: "A_EAC3"}, []byte{0x0b, 0x77, 0, 0, 0xc0}, 1536},
		"FLAC":                      {matroska.Track{Codec: "A_FLAC", Private: flac}, nil, 4608},
		"FLAC of varying blocks":    {matroska.Track{Codec: "A_FLAC", Private: varying}, nil, 0},
		"Opus, SILK of 60 ms":       {matroska.Track{Codec: "A_OPUS"}, []byte{3 << 3}, 2880},
		"Opus, both, 10 ms":         {matroska.Track{Codec: "A_OPUS"}, []byte{12 << 3}, 480},
		"Opus, CELT of 20 ms":       {matroska.Track{Codec: "A_OPUS"}, []byte{31 << 3}, 960},
		"Opus, two frames":          {matroska.Track{Codec: "A_OPUS"}, []byte{31<<3 | 1}, 1920},
		"Opus, six frames":          {matroska.Track{Codec: "A_OPUS"}, []byte{28<<3 | 3, 6}, 720},
		"Opus that is cut":          {matroska.Track{Codec: "A_OPUS"}, []byte{31<<3 | 3}, 0},
		"Opus of nothing":           {matroska.Track{Codec: "A_OPUS"}, nil, 0},
	} {
		if got := soundFrame(c.track, c.first); got != c.want {
			t.Errorf("%s: %d samples, want %d", name, got, c.want)
		}
	}
}

// Parameter sets before a picture matter only when the record lacks them, also where the file lacks the beginning of each
// picture.
func TestParameterSetsBeforePictures(t *testing.T) {
	t.Parallel()
	set, slice := []byte{33 << 1, 1, 7, 8, 9}, []byte{19 << 1, 1, 0}
	picture := append(append([]byte{0, 0, 0, 5}, set...), append([]byte{0, 0, 0, 3}, slice...)...)
	for name, c := range map[string]struct {
		record []byte
		prefix int
		want   bool
	}{
		"the record has it":            {append([]byte{1, 2}, set...), 0, false},
		"the record has another":       {[]byte{1, 2, 33 << 1, 1, 7, 8, 8}, 0, true},
		"no record":                    {nil, 0, true},
		"without its first byte":       {set, 1, false},
		"without its first nine bytes": {set, 9, false},
	} {
		track := Track{Units: Units{Codec: "hevc", Length: 4, Record: c.record}, Prefix: picture[:c.prefix]}
		file := append([]byte("xx"), picture[c.prefix:]...)
		e, err := track.look(bytes.NewReader(file), 2, int64(len(file)-2))
		if err != nil || !e.entry || e.sets != c.want {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
	}
}
