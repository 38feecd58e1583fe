package sampleentry

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"movify/pkg/mp4"
)

func hexed(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// hevcPrivate is an HEVC configuration of one VPS, SPS and PPS of two bytes.
func hevcPrivate(flags byte) []byte {
	out := append([]byte{1}, make([]byte, 21)...)
	out = append(out, 3)
	for _, kind := range []byte{32, 33, 34} {
		out = append(out, flags|kind, 0, 1, 0, 2, kind, 7)
	}
	return out
}

var (
	avcPrivate = []byte{1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x1f, 1, 0, 2, 0x68, 0xee}
	av1Private = []byte{0x81, 0, 0x0c, 0}
	// vp9Key is the beginning of a key frame in profile 0: color_space BT.709, limited range.
	vp9Key = []byte{0x82, 0x49, 0x83, 0x42, 0x40, 0x00}
)

func picture(change func(*Picture)) Picture {
	p := Picture{Codec: "V_MPEG4/ISO/AVC", Private: avcPrivate, Width: 320, Height: 180}
	if change != nil {
		change(&p)
	}
	return p
}

// parts gives the type of a sample entry and the boxes in it by their types.
func parts(t testing.TB, entry []byte, handler string, types ...string) (kind string, found map[string][]byte) {
	t.Helper()
	if len(entry) < 8 || int(be.Uint32(entry)) != len(entry) {
		t.Fatalf("no box: %x", entry)
	}
	track, found := mp4.Track{Handler: handler, Entry: entry[8:]}, map[string][]byte{}
	for _, name := range types {
		if b, ok := track.Part(name); ok {
			found[name] = b
		}
	}
	return string(entry[4:8]), found
}

var videoBoxes = []string{"avcC", "hvcC", "av1C", "vpcC", "pasp", "colr", "mdcv", "clli", "dvcC", "dvvC", "hvcE"}

func TestVideoEntries(t *testing.T) {
	t.Parallel()
	dolby := bytes.Repeat([]byte{7}, 24)
	tests := map[string]struct {
		picture Picture
		kind    string
		boxes   map[string]string // in hexadecimal
	}{
		"H.264": {picture(nil), "avc1", map[string]string{"avcC": hex.EncodeToString(avcPrivate)}},
		"H.264 with sets among the frames": {
			picture(func(p *Picture) { p.InBand = true }), "avc3", map[string]string{"avcC": hex.EncodeToString(avcPrivate)},
		},
		"H.264 without sets": {
			picture(func(p *Picture) { p.Private = []byte{1, 0x64, 0, 0x1f, 0xff, 0xe0, 0} }), "avc3", map[string]string{"avcC": "0164001fffe000"},
		},
		"HEVC": {
			picture(func(p *Picture) { p.Codec, p.Private = "V_MPEGH/ISO/HEVC", hevcPrivate(0) }), "hvc1",
			map[string]string{"hvcC": hex.EncodeToString(hevcPrivate(0x80))},
		},
		"HEVC with sets among the frames": {
			picture(func(p *Picture) { p.Codec, p.Private, p.InBand = "V_MPEGH/ISO/HEVC", hevcPrivate(0), true }), "hev1",
			map[string]string{"hvcC": hex.EncodeToString(hevcPrivate(0))},
		},
		"HEVC without sets": {
			picture(func(p *Picture) { p.Codec, p.Private = "V_MPEGH/ISO/HEVC", append(hevcPrivate(0)[:22], 0) }), "hev1",
			map[string]string{"hvcC": hex.EncodeToString(append(hevcPrivate(0)[:22], 0))},
		},
		"AV1": {picture(func(p *Picture) { p.Codec, p.Private = "V_AV1", av1Private }), "av01", map[string]string{"av1C": "81000c00"}},
		"VP9": {
			picture(func(p *Picture) { p.Codec, p.Private, p.First, p.FrameNS = "V_VP9", nil, vp9Key, 40_000_000 }), "vp09",
			map[string]string{"vpcC": "01000000" + "00" + "0b" + "82" + "020201" + "0000"},
		},
		"VP9 whose level is known": {
			picture(func(p *Picture) { p.Codec, p.Private, p.First = "V_VP9", []byte{1, 1, 0, 2, 1, 51}, vp9Key }), "vp09",
			map[string]string{"vpcC": "01000000" + "00" + "33" + "82" + "020201" + "0000"},
		},
		"VP9 in HDR, profile 2": {
			picture(func(p *Picture) {
				p.Codec, p.Private, p.First = "V_VP9", nil, []byte{0x92, 0x49, 0x83, 0x42, 0x50, 0x00}
				p.Colour = &Colour{Primaries: 9, Transfer: 16, Matrix: 9, Left: true}
			}), "vp09", map[string]string{
				"vpcC": "01000000" + "02" + "00" + "a0" + "091009" + "0000", "colr": hex.EncodeToString([]byte("nclx")) + "00090010000900",
			},
		},
		"VP9 in RGB, profile 1": {
			picture(func(p *Picture) {
				p.Codec, p.Private, p.First = "V_VP9", nil, []byte{0xa2, 0x49, 0x83, 0x42, 0xe0, 0x00}
			}), "vp09",
			map[string]string{"vpcC": "01000000" + "01" + "00" + "87" + "020200" + "0000"},
		},
		"pixels that are not square, HDR10": {
			picture(func(p *Picture) {
				p.AspectAcross, p.AspectDown = 16, 11
				p.Colour = &Colour{
					Primaries: 9, Transfer: 16, Matrix: 9, MaxCLL: 1000, MaxFALL: 400,
					Mastering: &Mastering{0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290, 1000, 0.005},
				}
			}), "avc1", map[string]string{
				"avcC": hex.EncodeToString(avcPrivate), "pasp": "000000100000000b", "colr": "6e636c7800090010000900",
				"mdcv": "2134" + "9baa" + "1996" + "08fc" + "8a48" + "3908" + "3d13" + "4042" + "00989680" + "00000032", "clli": "03e80190",
			},
		},
		"full range": {
			picture(func(p *Picture) { p.Colour = &Colour{Primaries: 2, Transfer: 2, Matrix: 2, Full: true} }), "avc1",
			map[string]string{"avcC": hex.EncodeToString(avcPrivate), "colr": "6e636c7800020002000280"},
		},
		"a colour that says nothing, half a display": {
			picture(func(p *Picture) {
				p.Colour = &Colour{Primaries: 2, Transfer: 2, Matrix: 2, Mastering: &Mastering{LuminanceMax: 1000}}
			}), "avc1", map[string]string{"avcC": hex.EncodeToString(avcPrivate)},
		},
		"Dolby Vision": {
			picture(func(p *Picture) {
				p.Additions = []Addition{{'d'<<24 | 'v'<<16 | 'v'<<8 | 'C', dolby}, {'h'<<24 | 'v'<<16 | 'c'<<8 | 'E', dolby}, {4, dolby}}
			}), "avc1", map[string]string{"avcC": hex.EncodeToString(avcPrivate), "dvvC": hex.EncodeToString(dolby)},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry, err := Video(test.picture)
			if err != nil {
				t.Fatal(err)
			}
			kind, found := parts(t, entry, "vide", videoBoxes...)
			if kind != test.kind {
				t.Errorf("it is %q, want %q", kind, test.kind)
			}
			for _, name := range videoBoxes {
				if got := hex.EncodeToString(found[name]); got != test.boxes[name] {
					t.Errorf("%s is %s, want %s", name, got, test.boxes[name])
				}
			}
			width, height := mp4.Track{Handler: "vide", Entry: entry[8:]}.PictureSize()
			if width != 320 || height != 180 || be.Uint16(entry[14:]) != 1 {
				t.Errorf("%d × %d, data reference %d", width, height, be.Uint16(entry[14:]))
			}
		})
	}
}

func TestVideoEntriesRefuse(t *testing.T) {
	t.Parallel()
	change := func(codec string, private ...byte) Picture {
		return picture(func(p *Picture) { p.Codec, p.Private = codec, private })
	}
	frame := func(first ...byte) Picture {
		return picture(func(p *Picture) { p.Codec, p.Private, p.First = "V_VP9", nil, first })
	}
	for name, test := range map[string]struct {
		picture Picture
		want    error
	}{
		"another codec":            {change("V_MPEG2"), ErrUnknown},
		"VP8":                      {change("V_VP8"), ErrUnknown},
		"no H.264 configuration":   {change("V_MPEG4/ISO/AVC"), ErrMalformed},
		"Annex B in its place":     {change("V_MPEG4/ISO/AVC", 0, 0, 0, 1, 0x67, 1, 2, 3), ErrMalformed},
		"no HEVC configuration":    {change("V_MPEGH/ISO/HEVC", 1, 2), ErrMalformed},
		"HEVC without its arrays":  {change("V_MPEGH/ISO/HEVC", hevcPrivate(0)[:23]...), ErrMalformed},
		"HEVC, a set is cut off":   {change("V_MPEGH/ISO/HEVC", hevcPrivate(0)[:29]...), ErrMalformed},
		"no AV1 configuration":     {change("V_AV1"), ErrMalformed},
		"AV1 of an old draft":      {change("V_AV1", 1, 0, 0, 0), ErrMalformed},
		"VP9 without a frame":      {frame(), ErrMalformed},
		"VP9, no key frame":        {frame(0x86, 0, 0x40, 0x92, 0, 0), ErrMalformed},
		"VP9, an existing frame":   {frame(0x88, 0, 0, 0, 0, 0), ErrMalformed},
		"VP9, another marker":      {frame(0x02, 0x49, 0x83, 0x42, 0x40, 0), ErrMalformed},
		"VP9 that is cut off":      {frame(vp9Key[:4]...), ErrMalformed},
		"VP9 in 4:4:0":             {frame(0xa2, 0x49, 0x83, 0x42, 0x44, 0), ErrUnknown},
		"no width":                 {picture(func(p *Picture) { p.Width = 0 }), ErrMalformed},
		"a height of 17 bits":      {picture(func(p *Picture) { p.Height = 1 << 16 }), ErrMalformed},
		"negative":                 {picture(func(p *Picture) { p.Height = -1 }), ErrMalformed},
		"H.264 in Video for Win32": {change("V_MS/VFW/FOURCC", 1, 2, 3), ErrUnknown},
	} {
		if entry, err := Video(test.picture); !errors.Is(err, test.want) {
			t.Errorf("%s: %x, %v; want %v", name, entry, err, test.want)
		}
	}
}

// flacPrivate is the metadata of FLAC: a STREAMINFO of two channels of 24 bits at that rate, and a comment.
func flacPrivate(rate uint64) []byte {
	var w writer
	for range 10 {
		w.bits(8, 9)
	}
	w.bits(20, rate)
	w.bits(3, 1)
	w.bits(5, 23)
	for len(w.b) < 34 {
		w.bits(4, 0)
	}
	return slices.Concat([]byte("fLaC"), []byte{0, 0, 0, 34}, w.b, []byte{0x84, 0, 0, 1, 9})
}

// eac3Frame is the beginning of a frame of Enhanced AC-3 of 48 kHz and six blocks, padded to its size.
func eac3Frame(kind, substream, words, mode, low uint64, chanmap ...uint64) []byte {
	var w writer
	for _, f := range [][2]uint64{{16, dolbySync}, {2, kind}, {3, substream}, {11, words - 1}, {2, 0}, {2, 3}, {3, mode}, {1, low}, {5, 16}, {5, 31}, {1, 0}} {
		w.bits(int(f[0]), f[1])
	}
	if mode == 0 {
		w.bits(6, 0)
	}
	if kind == dependent {
		w.bits(1, uint64(len(chanmap)))
		for _, m := range chanmap {
			w.bits(16, m)
		}
	}
	return append(w.b, make([]byte, int(2*words)-len(w.b))...)
}

var audioBoxes = []string{"esds", "dOps", "dfLa", "dac3", "dec3"}

func TestAudioEntries(t *testing.T) {
	t.Parallel()
	const aacBox = "00000000" + "0380808025" + "000000" + "0480808017" + "40" + "15" + "0000000000000000000000" + "0580808005" + "1190567500" + "0680808001" + "02"
	sbr := hexed(t, "131056e598") // AAC-LC at 24 kHz in stereo, replicated to 48 kHz
	tests := map[string]struct {
		sound    Sound
		kind     string
		box      string
		want     string
		channels int
		bits     int
		rate     int
	}{
		"AAC": {Sound{Codec: "A_AAC", Private: hexed(t, "1190567500"), Channels: 2, Rate: 48000}, "mp4a", "esds", aacBox, 2, 16, 48000},
		"MP3": {
			Sound{Codec: "A_MPEG/L3", Channels: 2, Rate: 44100}, "mp4a", "esds",
			"00000000" + "038080801b" + "000000" + "048080800d" + "6b" + "15" + "0000000000000000000000" + "0680808001" + "02", 2, 16, 44100,
		},
		"MP3 of a low rate": {
			Sound{Codec: "A_MPEG/L3", Channels: 1, Rate: 22050}, "mp4a", "esds",
			"00000000" + "038080801b" + "000000" + "048080800d" + "69" + "15" + "0000000000000000000000" + "0680808001" + "02", 1, 16, 22050,
		},
		"Opus": {
			Sound{Codec: "A_OPUS", Private: append([]byte("OpusHead"), 1, 2, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0xfe, 0xff, 0), Channels: 2, Rate: 48000},
			"Opus", "dOps", "00" + "02" + "0138" + "0000bb80" + "fffe" + "00", 2, 16, 48000,
		},
		"Opus in 5.1": {
			Sound{Codec: "A_OPUS", Private: append([]byte("OpusHead"), 1, 6, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 1, 4, 2, 0, 4, 1, 2, 3, 5), Channels: 6, Rate: 48000},
			"Opus", "dOps", "00" + "06" + "0138" + "0000bb80" + "0000" + "01" + "0402000401020305", 6, 16, 48000,
		},
		"FLAC": {
			Sound{Codec: "A_FLAC", Private: flacPrivate(44100), Channels: 2, Rate: 44100}, "fLaC", "dfLa",
			"00000000" + "80000022" + hex.EncodeToString(flacPrivate(44100)[8:42]), 2, 24, 44100,
		},
		"FLAC of 192 kHz": {
			Sound{Codec: "A_FLAC", Private: flacPrivate(192_000)}, "fLaC", "dfLa",
			"00000000" + "80000022" + hex.EncodeToString(flacPrivate(192_000)[8:42]), 2, 24, 48000,
		},
		"AC-3, 5.1 at 448 kbit/s": {
			Sound{Codec: "A_AC3", First: hexed(t, "0b77"+"0000"+"1e"+"40"+"e1"), Channels: 6, Rate: 48000}, "ac-3", "dac3", "103de0", 6, 16, 48000,
		},
		"AC-3, stereo at 44.1 kHz": {
			Sound{Codec: "A_AC3", First: hexed(t, "0b77"+"0000"+"54"+"40"+"40"), Channels: 2, Rate: 44100}, "ac-3", "dac3", "501140", 2, 16, 44100,
		},
		"Enhanced AC-3": {
			Sound{Codec: "A_EAC3", First: eac3Frame(0, 0, 384, 7, 1)}, "ec-3", "dec3", "0600" + "200f00", 6, 16, 48000,
		},
		"Enhanced AC-3 in 7.1": {
			Sound{Codec: "A_EAC3", First: slices.Concat(eac3Frame(0, 0, 384, 7, 1), eac3Frame(1, 0, 128, 6, 0, 1<<9|1<<12|1<<11)), Channels: 8},
			"ec-3", "dec3", "0800" + "200f0202", 8, 16, 48000,
		},
		"Enhanced AC-3, two units of time in a Block": {
			Sound{Codec: "A_EAC3", First: bytes.Repeat(eac3Frame(0, 0, 384, 2, 0), 2)}, "ec-3", "dec3", "0600" + "200400", 2, 16, 48000,
		},
		"Enhanced AC-3 with another program": {
			Sound{Codec: "A_EAC3", First: slices.Concat(eac3Frame(0, 0, 384, 2, 0), eac3Frame(0, 1, 384, 1, 0))}, "ec-3", "dec3", "0c01" + "200400" + "200200", 2, 16, 48000,
		},
		"AAC of an old ID": {
			Sound{Codec: "A_AAC/MPEG4/LC", Channels: 2, Rate: 48000}, "mp4a", "esds",
			"00000000" + "0380808022" + "000000" + "0480808014" + "40" + "15" + "0000000000000000000000" + "0580808002" + "1190" + "0680808001" + "02", 2, 16, 48000,
		},
		"AAC of an old ID, replicated": {
			Sound{Codec: "A_AAC/MPEG4/LC/SBR", Channels: 2, Rate: 24000, OutputRate: 48000}, "mp4a", "esds",
			"00000000" + "0380808025" + "000000" + "0480808017" + "40" + "15" + "0000000000000000000000" + "0580808005" + hex.EncodeToString(sbr) + "0680808001" + "02", 2, 16, 24000,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entry, err := Audio(test.sound)
			if err != nil {
				t.Fatal(err)
			}
			kind, found := parts(t, entry, "soun", audioBoxes...)
			if got := hex.EncodeToString(found[test.box]); kind != test.kind || got != test.want || len(found) != 1 {
				t.Errorf("%s with %s %s, want %s %s", kind, test.box, got, test.kind, test.want)
			}
			channels, bits, rate := mp4.Track{Handler: "soun", Entry: entry[8:]}.Sound()
			if channels != test.channels || bits != test.bits || rate != test.rate {
				t.Errorf("%d channels of %d bits at %d Hz", channels, bits, rate)
			}
		})
	}
}

func TestAudioEntriesRefuse(t *testing.T) {
	t.Parallel()
	head := append([]byte("OpusHead"), 1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4)
	for name, test := range map[string]struct {
		sound Sound
		want  error
	}{
		"another codec":                    {Sound{Codec: "A_DTS", Channels: 2, Rate: 48000}, ErrUnknown},
		"PCM":                              {Sound{Codec: "A_PCM/INT/LIT", Channels: 2, Rate: 48000}, ErrUnknown},
		"MPEG layer 2":                     {Sound{Codec: "A_MPEG/L2", Channels: 2, Rate: 48000}, ErrUnknown},
		"AAC without a configuration":      {Sound{Codec: "A_AAC", Channels: 2, Rate: 48000}, ErrMalformed},
		"AAC with one byte":                {Sound{Codec: "A_AAC", Private: []byte{9}, Channels: 2, Rate: 48000}, ErrMalformed},
		"AAC with two KiB":                 {Sound{Codec: "A_AAC", Private: make([]byte, 2048), Channels: 2, Rate: 48000}, ErrMalformed},
		"AAC without channels":             {Sound{Codec: "A_AAC", Private: []byte{0x11, 0x90}, Rate: 48000}, ErrMalformed},
		"AAC without a rate":               {Sound{Codec: "A_AAC", Private: []byte{0x11, 0x90}, Channels: 2}, ErrMalformed},
		"an old ID of no profile":          {Sound{Codec: "A_AAC/MPEG4/XYZ", Channels: 2, Rate: 48000}, ErrUnknown},
		"an old ID of an odd rate":         {Sound{Codec: "A_AAC/MPEG4/LC", Channels: 2, Rate: 47999}, ErrUnknown},
		"an old ID of seven channels":      {Sound{Codec: "A_AAC/MPEG4/LC", Channels: 7, Rate: 48000}, ErrUnknown},
		"an old ID of an odd output rate":  {Sound{Codec: "A_AAC/MPEG4/LC/SBR", Channels: 2, Rate: 48000, OutputRate: 1}, ErrUnknown},
		"Opus without a header":            {Sound{Codec: "A_OPUS"}, ErrMalformed},
		"Opus of another version":          {Sound{Codec: "A_OPUS", Private: append([]byte("OpusHead"), 16, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0)}, ErrMalformed},
		"Opus without its mapping":         {Sound{Codec: "A_OPUS", Private: head}, ErrMalformed},
		"Opus of three channels, unmapped": {Sound{Codec: "A_OPUS", Private: append([]byte("OpusHead"), 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0)}, ErrMalformed},
		"FLAC without metadata":            {Sound{Codec: "A_FLAC", Private: []byte("fLaC")}, ErrMalformed},
		"FLAC, another block first":        {Sound{Codec: "A_FLAC", Private: append([]byte("fLaC\x04\x00\x00\x22"), make([]byte, 34)...)}, ErrMalformed},
		"FLAC at no rate":                  {Sound{Codec: "A_FLAC", Private: flacPrivate(0)}, ErrMalformed},
		"AC-3 without a frame":             {Sound{Codec: "A_AC3"}, ErrMalformed},
		"AC-3 that is cut off":             {Sound{Codec: "A_AC3", First: []byte{0x0b, 0x77, 0, 0, 0x1e}}, ErrMalformed},
		"AC-3 of a reserved rate":          {Sound{Codec: "A_AC3", First: []byte{0x0b, 0x77, 0, 0, 0xde, 0x40, 0xe1}}, ErrMalformed},
		"AC-3 that is enhanced":            {Sound{Codec: "A_AC3", First: []byte{0x0b, 0x77, 0, 0, 0x1e, 0x80, 0xe1}}, ErrMalformed},
		"Enhanced AC-3 without a frame":    {Sound{Codec: "A_EAC3"}, ErrMalformed},
		"Enhanced AC-3 that is cut off":    {Sound{Codec: "A_EAC3", First: eac3Frame(0, 0, 384, 2, 0)[:100]}, ErrMalformed},
		"a dependent substream alone":      {Sound{Codec: "A_EAC3", First: eac3Frame(1, 0, 384, 2, 0)}, ErrMalformed},
		"a reserved substream":             {Sound{Codec: "A_EAC3", First: eac3Frame(3, 0, 384, 2, 0)}, ErrMalformed},
		"rubbish behind a frame":           {Sound{Codec: "A_EAC3", First: append(eac3Frame(0, 0, 384, 2, 0), 1, 2, 3)}, ErrMalformed},
		"nine dependent substreams":        {Sound{Codec: "A_EAC3", First: append(eac3Frame(0, 0, 16, 2, 0), bytes.Repeat(eac3Frame(1, 0, 16, 2, 0), 9)...)}, ErrMalformed},
		"Enhanced AC-3 of a half rate":     {Sound{Codec: "A_EAC3", First: []byte{0x0b, 0x77, 0, 0x10, 0xc0, 0, 0, 0, 0}}, ErrUnknown},
	} {
		if entry, err := Audio(test.sound); !errors.Is(err, test.want) {
			t.Errorf("%s: %x, %v; want %v", name, entry, err, test.want)
		}
	}
}

// FuzzEntries: configurations and frames come from strangers.
func FuzzEntries(f *testing.F) {
	codecs := []string{
		"V_MPEG4/ISO/AVC", "V_MPEGH/ISO/HEVC", "V_AV1", "V_VP9", "A_AAC", "A_AAC/MPEG4/LC/SBR", "A_OPUS", "A_FLAC", "A_AC3", "A_EAC3",
		"A_MPEG/L3",
	}
	f.Add(uint8(0), avcPrivate, []byte{})
	f.Add(uint8(1), hevcPrivate(0), []byte{})
	f.Add(uint8(2), av1Private, []byte{})
	f.Add(uint8(3), []byte{2, 1, 51}, vp9Key)
	f.Add(uint8(7), flacPrivate(48000), []byte{})
	f.Add(uint8(9), []byte{}, slices.Concat(eac3Frame(0, 0, 384, 7, 1), eac3Frame(1, 0, 128, 6, 0, 1<<9)))
	f.Fuzz(func(t *testing.T, codec uint8, private, first []byte) {
		name := codecs[int(codec)%len(codecs)]
		before := slices.Clone(private)
		if entry, err := Video(Picture{Codec: name, Private: private, First: first, Width: 16, Height: 16}); err == nil {
			parts(t, entry, "vide")
		}
		if entry, err := Audio(Sound{Codec: name, Private: private, First: first, Channels: 2, Rate: 48000}); err == nil {
			parts(t, entry, "soun")
		}
		if !bytes.Equal(private, before) {
			t.Error("the CodecPrivate was changed")
		}
	})
}
