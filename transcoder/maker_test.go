package transcoder

import (
	"errors"
	"strings"
	"testing"

	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

// initWith is an Init Section with a pair of parameter sets, changed as said.
func initWith(t *testing.T, number int, change ...func(sps, pps []byte)) mp4.Init {
	t.Helper()
	sps, pps := mp4test.ParameterSets("avc1.64001F", number, byte(number))
	for _, c := range change {
		c(sps, pps)
	}
	in, err := parseInit(mp4test.VideoInitWith(24000, "avc1.64001F", [][]byte{sps}, [][]byte{pps}))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestJoinInits(t *testing.T) {
	t.Parallel()
	none, err := parseInit(mp4test.VideoInit(24000, "avc1.64001F"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := parseInit(mp4test.VideoInit(25000, "avc1.64001F"))
	if err != nil {
		t.Fatal(err)
	}
	ours := initWith(t, BesideSet)
	tests := map[string]struct {
		hardware, beside mp4.Init
		want             string // of the error
	}{
		"as devices have them":      {initWith(t, 0), ours, ""},
		"a lower level":             {initWith(t, 0, func(sps, _ []byte) { sps[3] = 30 }), ours, ""},
		"constraints that we lack":  {initWith(t, 0, func(sps, _ []byte) { sps[2] = 0x0c }), ours, ""},
		"a higher level":            {initWith(t, 0, func(sps, _ []byte) { sps[3] = 40 }), ours, "level 40"},
		"Main profile":              {initWith(t, 0, func(sps, _ []byte) { sps[1] = 77 }), ours, "profile 77"},
		"our number":                {initWith(t, BesideSet), ours, "sequence parameter set 1"},
		"our number in its picture": {initWith(t, 0, func(_, pps []byte) { pps[1] = 0xa0 }), ours, "picture parameter set 0"},
		"no parameter sets":         {none, ours, "no parameter sets"},
		"another timescale":         {other, ours, "timescale"},
		"software with number 0":    {initWith(t, 0), initWith(t, 0), "software encoder has"},
	}
	for name, test := range tests {
		joined, err := joinInits(test.hardware, test.beside)
		if test.want != "" {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %q", name, err, test.want)
			}
			continue
		}
		if err != nil || joined.Codecs != "avc1.64001F" || !begunByHardware(joined) {
			t.Errorf("%s: %s, %v", name, joined.Codecs, err)
			continue
		}
		if err := errors.Join(fits(test.hardware, joined), fits(test.beside, joined)); err != nil {
			t.Errorf("%s: the joined Init Section lacks one: %v", name, err)
		}
		if err := fits(initWith(t, 2), joined); !errors.Is(err, ErrHeaders) {
			t.Errorf("%s: parameter sets of a third encoder fit: %v", name, err)
		}
	}
}

// Plans from before renditions had a colour have headers that depend on what a run meets in the file.
func TestHardwareLeavesOldPlansAlone(t *testing.T) {
	t.Parallel()
	color := &media.Color{Primaries: "bt709"}
	for name, test := range map[string]struct {
		rendition media.Rendition
		want      bool
	}{
		"a picture":          {media.Rendition{Kind: media.Video, Color: color}, true},
		"an old plan's":      {media.Rendition{Kind: media.Video}, false},
		"a sound, certainly": {media.Rendition{Kind: media.Audio}, false},
	} {
		if got := hardwareMay(test.rendition); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
