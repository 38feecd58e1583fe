package original_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"movify/transcoder/original/originaltest"
)

// Matroska does not say how far decoding lags behind, and encoders may announce a picture more than they hold back: it is at least what
// the index of the same film in MP4 says, and at most a picture more.
func TestDelayIsThatOfTheFilm(t *testing.T) {
	t.Parallel()
	lag := func(name string) float64 {
		s, _, err := open(t, originaltest.Table()[name].Make(t))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		in, err := s.Init(s.Media().Picture.ID)
		if err != nil {
			t.Fatal(err)
		}
		list, scale := bytes.Index(in, []byte("elst")), bytes.Index(in, []byte("mdhd"))
		if list < 0 {
			return 0
		}
		const mediaTime, timescale = 4 + 4 + 4 + 4, 4 + 4 + 8
		return float64(binary.BigEndian.Uint32(in[list+mediaTime:])) / float64(binary.BigEndian.Uint32(in[scale+timescale:]))
	}
	for name, more := range map[string]float64{
		"plain": 0, "intra": 0, "pyramid": 0, "hvc1": 0, "hdr": 0, "cra": 0,
		"b": 1. / 25, "high10": 1. / 25, "interlaced": 1. / 25, "film": 1001. / 24000,
	} {
		if mp4, mkv := lag(name+".mp4"), lag(name+".mkv"); mkv < mp4-0.001 || mkv > mp4+more+0.001 {
			t.Errorf("%s: %.3f s in Matroska, %.3f s in MP4", name, mkv, mp4)
		}
	}
}
