package matroska

import (
	"bytes"
	"slices"
	"testing"
)

// cuesFile has a Cues element of n CuePoints, two seconds apart, behind its Tracks.
func cuesFile(n uint64, last ...[]byte) []byte {
	var points [][]byte
	for i := range n {
		points = append(points, el(idCuePoint, num(idCueTime, i*2000), el(0xB7, num(0xF7, 1), num(0xF1, 0xBBBB+i))))
	}
	return matroskaFile(
		el(idInfo, num(idTimestampScale, 1_000_000)), el(idTracks), el(idCues, append(points, last...)...),
	)
}

func TestLastCue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file   []byte
		wantNS int64
	}{
		"none":                     {matroskaFile(el(idInfo), el(idTracks)), 0},
		"one":                      {cuesFile(1), 0},
		"a few":                    {cuesFile(5), 8e9},
		"more than are read":       {cuesFile(3600), 7198e9},
		"behind it an empty place": {cuesFile(3600, el(idVoid, make([]byte, 100))), 7198e9},
		"no cues at all in it":     {matroskaFile(el(idInfo), el(idTracks), el(idCues, bytes.Repeat([]byte{idCuePoint}, 40_000))), 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &counter{ReaderAt: bytes.NewReader(test.file)}
			h, err := ReadHeader(r, int64(len(test.file)))
			if err != nil || h.LastCueNS != test.wantNS {
				t.Errorf("the last cue is at %d ns, want %d: %v", h.LastCueNS, test.wantNS, err)
			}
			if r.bytes > 20<<10 {
				t.Errorf("%d bytes are read", r.bytes)
			}
		})
	}
}

func TestLastCueOfOneWithACheckSum(t *testing.T) {
	t.Parallel()
	file := matroskaFile(el(idInfo, num(idTimestampScale, 1_000_000)), el(idTracks),
		el(idCues, slices.Concat(el(idCRC32, make([]byte, 4)), el(idCuePoint, num(idCueTime, 42)))))
	if h, err := ReadHeader(bytes.NewReader(file), int64(len(file))); err != nil || h.LastCueNS != 42e6 {
		t.Errorf("the last cue is at %d ns: %v", h.LastCueNS, err)
	}
}
