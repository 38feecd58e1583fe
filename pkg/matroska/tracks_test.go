package matroska

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read is the header of a file of these elements beside its Info.
func read(t *testing.T, top ...[]byte) Header {
	t.Helper()
	file := matroskaFile(append([][]byte{el(idInfo, num(idTimestampScale, 1000))}, top...)...)
	h, err := ReadHeader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestFlagsOfTracks(t *testing.T) {
	t.Parallel()
	entry := func(more ...[]byte) []byte {
		return el(idTrackEntry, append([][]byte{num(idTrackType, 2), el(idCodecID, []byte("A_AAC"))}, more...)...)
	}
	plain := Track{Type: 2, Codec: "A_AAC", Language: "eng", Default: true}
	with := func(change func(*Track)) Track {
		t := plain
		change(&t)
		return t
	}
	got := read(t, el(idTracks,
		entry(), entry(num(idFlagDefault, 0)), entry(num(idFlagEnabled, 0)), entry(num(idFlagHearing, 1)), entry(num(idFlagVisual, 1)),
		entry(num(idFlagOriginal, 1)), entry(num(idFlagCommentary, 1)), entry(num(idFlagEnabled, 1), num(idFlagCommentary, 0)),
		entry(el(idLanguage, []byte("chi")), el(idLanguageBCP47, []byte("yue"))),
		entry(num(idFlagLacing, 0), num(idMaxAdditionID, 4)),
		entry(num(idCodecDelay, 6_500_000), num(idSeekPreRoll, 80_000_000)),
	)).Tracks
	want := []Track{
		plain,
		with(func(t *Track) { t.Default = false }),
		with(func(t *Track) { t.Disabled = true }),
		with(func(t *Track) { t.Hearing = true }),
		with(func(t *Track) { t.Visual = true }),
		with(func(t *Track) { t.Original = true }),
		with(func(t *Track) { t.Commentary = true }),
		plain,
		with(func(t *Track) { t.Language, t.LanguageBCP47 = "chi", "yue" }),
		with(func(t *Track) { t.Unlaced, t.MaxAdditionID = true, 4 }),
		with(func(t *Track) { t.DelayNS, t.PreRollNS = 6_500_000, 80_000_000 }),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEditionsOfChapters(t *testing.T) {
	t.Parallel()
	got := read(t, el(idTracks), el(idChapters,
		el(idEditionEntry, num(idEditionHidden, 1), el(idChapterAtom, num(idChapterStart, 1), num(idChapterHidden, 1))),
		el(idEditionEntry, num(idEditionDefault, 1), num(idEditionOrdered, 1),
			el(idChapterAtom, num(idChapterStart, 9), num(idChapterEnabled, 0)),
			el(idChapterAtom, num(idChapterStart, 2), el(idChapterSegment, make([]byte, 16)),
				el(idChapterShow, el(idChapterText, []byte("One"))), el(idChapterShow, el(idChapterText, []byte("Un"))))),
	)).Editions
	want := []Edition{
		{Hidden: true, Chapters: []Chapter{{StartNS: 1, Hidden: true}}},
		{Default: true, Ordered: true, Chapters: []Chapter{{StartNS: 9, Disabled: true}, {StartNS: 2, Elsewhere: true, Title: "One"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestEncodingsOfTracks: which frames are in the file as their codec made them.
func TestEncodingsOfTracks(t *testing.T) {
	t.Parallel()
	entry := func(encodings ...[]byte) []byte {
		return el(idTrackEntry, num(idTrackType, 2), el(idContentEncodings, encodings...))
	}
	compression := func(algorithm uint64, settings string, more ...[]byte) []byte {
		return el(idContentEncoding, append(more, el(idCompression, num(idCompAlgo, algorithm), el(idCompSettings, []byte(settings))))...)
	}
	tests := map[string]struct {
		track []byte
		want  Track
	}{
		"none":                        {entry(), Track{}},
		"header stripping":            {entry(compression(3, "\xff\xfb")), Track{Stripped: []byte("\xff\xfb")}},
		"header stripping, twice":     {entry(compression(3, "a"), compression(3, "b")), Track{Stripped: []byte("a"), Compressed: true}},
		"zlib":                        {entry(compression(0, "")), Track{Compressed: true}},
		"zlib, as nothing is said":    {entry(el(idContentEncoding)), Track{Compressed: true}},
		"bzlib":                       {entry(compression(1, "")), Track{Compressed: true}},
		"lzo1x":                       {entry(compression(2, "")), Track{Compressed: true}},
		"of a time to come":           {entry(compression(99, "")), Track{Compressed: true}},
		"the Private alone":           {entry(compression(0, "", num(idEncodingScope, 2))), Track{Sealed: true}},
		"the Private and the frames":  {entry(compression(0, "", num(idEncodingScope, 3))), Track{Sealed: true, Compressed: true}},
		"encrypted":                   {entry(el(idContentEncoding, num(idEncodingType, 1))), Track{Sealed: true}},
		"stripped, and encrypted too": {entry(compression(3, "a"), el(idContentEncoding, num(idEncodingType, 1))), Track{Sealed: true, Stripped: []byte("a")}},
	}
	for name, test := range tests {
		test.want.Type, test.want.Language, test.want.Default = 2, "eng", true
		if diff := cmp.Diff(test.want, read(t, el(idTracks, test.track)).Tracks[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	long := matroskaFile(el(idInfo), el(idTracks, entry(compression(3, string(make([]byte, 2000))))))
	if h, err := ReadHeader(bytes.NewReader(long), int64(len(long))); !errors.Is(err, ErrTooMuch) {
		t.Errorf("2000 bytes of every frame are stripped: %+v, %v", h, err)
	}
}

func TestColoursAndProjectionsOfTracks(t *testing.T) {
	t.Parallel()
	float := func(name uint32, v float64) []byte {
		return el(name, binary.BigEndian.AppendUint64(nil, math.Float64bits(v)))
	}
	display := el(idMastering,
		float(0x55D1, 0.708), float(0x55D2, 0.292), float(0x55D3, 0.170), float(0x55D4, 0.797), float(0x55D5, 0.131), float(0x55D6, 0.046),
		float(0x55D7, 0.3127), float(0x55D8, 0.3290), float(0x55D9, 1000), float(0x55DA, 0.005))
	got := read(t, el(idTracks,
		el(idTrackEntry, el(idVideo, el(idColour,
			num(idMatrix, 9), num(idTransfer, 16), num(idPrimaries, 9), num(idColourRange, 1), num(idColourBits, 10),
			num(idSitingAcross, 1), num(idSitingDown, 2), num(idMaxCLL, 900), num(idMaxFALL, 400), display))),
		el(idTrackEntry, el(idVideo, el(idProjection,
			num(idProjectionType, 0), float(idPoseYaw, 1), float(idPosePitch, math.NaN()), float(idPoseRoll, -90)))),
	)).Tracks
	plain := Video{FieldOrder: 2, Matrix: 2, Transfer: 2, Primaries: 2}
	bright, turned := plain, plain
	bright.Matrix, bright.Transfer, bright.Primaries, bright.Coloured, bright.Range = 9, 16, 9, true, 1
	bright.ColourBits, bright.SitingAcross, bright.SitingDown, bright.MaxCLL, bright.MaxFALL = 10, 1, 2, 900, 400
	bright.Mastering = &Mastering{0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290, 1000, 0.005}
	turned.Projected, turned.Projection = true, Projection{Yaw: 1, Roll: -90}
	if diff := cmp.Diff([]Video{bright, turned}, []Video{got[0].Video, got[1].Video}); diff != "" {
		t.Error(diff)
	}
}
