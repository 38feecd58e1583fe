package original

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

// visual is a video track with boxes in its sample entry.
func visual(format string, boxes ...[]byte) mp4.Track {
	entry := make([]byte, 78)
	copy(entry[24:], []byte{7, 128, 4, 56}) // 1920 × 1080
	for _, b := range boxes {
		entry = append(entry, b...)
	}
	return mp4.Track{Handler: "vide", Format: format, Entry: entry, Timescale: 1000, Matrix: [9]int32{0: 1 << 16, 4: 1 << 16, 8: 1 << 30}}
}

// hvcC is a configuration of Main 10, High tier, level 5.1, with arrays of parameter sets that are not marked as complete.
func hvcC(arrays ...byte) []byte {
	b := []byte{1, 0x22, 0x20, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 153, 0xf0, 0, 0xfc, 0xfd, 0xfa, 0xfa, 0, 0, 0x0f, byte(len(arrays))}
	for _, kind := range arrays {
		b = append(b, kind, 0, 1, 0, 2, kind<<1, 1)
	}
	return mp4test.Box("hvcC", b)
}

func dovi(kind string, profile, level, compatible byte) []byte {
	return mp4test.Box(kind, []byte{1, 0, profile<<1 | level>>5, level<<3 | 5, compatible << 4, 0, 0, 0})
}

func colr(transfer byte) []byte {
	return mp4test.Box("colr", []byte("nclx"), []byte{0, 9, 0, transfer, 0, 9, 0})
}

func TestPictureCodecs(t *testing.T) {
	t.Parallel()
	type facts struct{ Entry, Codecs, Range, Supplemental string }
	vpcC := mp4test.Box("vpcC", []byte{1, 0, 0, 0, 2, 51, 0xa2, 9, 16, 9, 0, 0})
	for name, c := range map[string]struct {
		track mp4.Track
		sets  bool
		want  facts
	}{
		"H.264":                      {visual("avc1", mp4test.Box("avcC", []byte{1, 0x64, 0, 0x29, 0xff, 0xe0, 0})), false, facts{"avc1", "avc1.640029", "SDR", ""}},
		"H.264 with sets inside":     {visual("avc3", mp4test.Box("avcC", []byte{1, 0x4d, 0x40, 0x1f, 0xff, 0xe0, 0})), true, facts{"avc3", "avc3.4D401F", "SDR", ""}},
		"HEVC":                       {visual("hvc1", hvcC(32, 33, 34)), false, facts{"hvc1", "hvc1.2.4.H153.B0", "SDR", ""}},
		"HEVC that may be hvc1":      {visual("hev1", hvcC(32, 33, 34)), false, facts{"hvc1", "hvc1.2.4.H153.B0", "SDR", ""}},
		"HEVC with sets inside":      {visual("hev1", hvcC(32, 33, 34)), true, facts{"hev1", "hev1.2.4.H153.B0", "SDR", ""}},
		"HEVC without sets":          {visual("hev1", hvcC(32, 33)), false, facts{"hev1", "hev1.2.4.H153.B0", "SDR", ""}},
		"HDR10":                      {visual("hvc1", hvcC(32, 33, 34), colr(16)), false, facts{"hvc1", "hvc1.2.4.H153.B0", "PQ", ""}},
		"HLG":                        {visual("hvc1", hvcC(32, 33, 34), colr(18)), false, facts{"hvc1", "hvc1.2.4.H153.B0", "HLG", ""}},
		"Dolby Vision 8.1":           {visual("hvc1", hvcC(32, 33, 34), colr(16), dovi("dvvC", 8, 6, 1)), false, facts{"hvc1", "hvc1.2.4.H153.B0", "PQ", "dvh1.08.06/db1p"}},
		"Dolby Vision 8.4":           {visual("hvc1", hvcC(32, 33, 34), colr(18), dovi("dvvC", 8, 9, 4)), false, facts{"hvc1", "hvc1.2.4.H153.B0", "HLG", "dvh1.08.09/db4h"}},
		"Dolby Vision 7":             {visual("hvc1", hvcC(32, 33, 34), colr(16), dovi("dvcC", 7, 6, 6)), false, facts{"hvc1", "hvc1.2.4.H153.B0", "PQ", ""}},
		"Dolby Vision 5":             {visual("hvc1", hvcC(32, 33, 34), dovi("dvcC", 5, 6, 0)), false, facts{}},
		"Dolby Vision 5 in its name": {visual("dvh1", hvcC(32, 33, 34)), false, facts{}},
		"AV1 of 10 bits":             {visual("av01", mp4test.Box("av1C", []byte{0x81, 0x0d, 0xcc, 0}), colr(16)), false, facts{"av01", "av01.0.13H.10", "PQ", ""}},
		"AV1 of 12 bits":             {visual("av01", mp4test.Box("av1C", []byte{0x81, 0x48, 0x60, 0})), false, facts{"av01", "av01.2.08M.12", "SDR", ""}},
		"VP9 that says its colours":  {visual("vp09", vpcC), false, facts{"vp09", "vp09.02.51.10", "PQ", ""}},
		"MPEG-4":                     {visual("mp4v", mp4test.Box("esds")), false, facts{}},
		"ProRes":                     {visual("apch"), false, facts{}},
		"encrypted":                  {visual("encv", mp4test.Box("avcC", make([]byte, 9))), false, facts{}},
		"no configuration":           {visual("avc1"), false, facts{}},
		"short configuration":        {visual("hvc1", mp4test.Box("hvcC", []byte{1, 2, 3})), false, facts{}},
		"lying arrays":               {visual("hev1", append(hvcC(32, 33)[:30], 9)), false, facts{}},
	} {
		var got facts
		track, err := mp4PictureTrack(0, c.track, c.sets)
		if err == nil {
			got = facts{string(track.Init.Entry[4:8]), track.Copy.Codecs, track.Copy.Range, track.Copy.Supplemental}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// What hvc1 promises, its record has to say: all arrays of parameter sets are complete.
func TestArraysOfHVC1AreComplete(t *testing.T) {
	t.Parallel()
	source := visual("hev1", hvcC(32, 33, 34, 39))
	track, err := mp4PictureTrack(0, source, false)
	if err != nil {
		t.Fatal(err)
	}
	made := mp4.Track{Handler: "vide", Entry: track.Init.Entry[8:]}
	b, _ := made.Part("hvcC")
	if len(b) != 23+4*7 || b[23] != 0x80|32 || b[30] != 0x80|33 || b[37] != 0x80|34 || b[44] != 39 {
		t.Errorf("hvcC is %x", b)
	}
	if own, _ := source.Part("hvcC"); own[23] != 32 {
		t.Error("the source's record was changed")
	}
}

func TestDisplaySize(t *testing.T) {
	t.Parallel()
	pasp := func(x, y uint32) []byte { return mp4test.Box("pasp", mp4test.Words(x, y)) }
	clap := mp4test.Box("clap", mp4test.Words(1440, 1, 2160, 2, 0, 1, 0, 1))
	turned := func(t mp4.Track) mp4.Track {
		t.Matrix = [9]int32{1: 1 << 16, 3: -1 << 16, 8: 1 << 30}
		return t
	}
	for name, c := range map[string]struct {
		track mp4.Track
		want  [2]int
	}{
		"plain":           {visual("avc1"), [2]int{1920, 1080}},
		"wide pixels":     {visual("avc1", pasp(4, 3)), [2]int{2560, 1080}},
		"turned":          {turned(visual("avc1")), [2]int{1080, 1920}},
		"turned and wide": {turned(visual("avc1", pasp(4, 3))), [2]int{1080, 2560}},
		"cropped":         {visual("avc1", clap), [2]int{1440, 1080}},
		"no ratio":        {visual("avc1", pasp(0, 3)), [2]int{1920, 1080}},
		"no crop":         {visual("avc1", mp4test.Box("clap", make([]byte, 32))), [2]int{1920, 1080}},
	} {
		if w, h := displaySize(c.track); [2]int{w, h} != c.want {
			t.Errorf("%s: %d×%d", name, w, h)
		}
	}
}

// audible is a sound track of two channels at 48 kHz.
func audible(format string, boxes ...[]byte) mp4.Track {
	entry := make([]byte, 28)
	entry[17], entry[19], entry[24], entry[25] = 2, 16, 0xbb, 0x80
	for _, b := range boxes {
		entry = append(entry, b...)
	}
	return mp4.Track{Handler: "soun", Format: format, Entry: entry, Timescale: 48_000}
}

// esds describes a decoder and its configuration.
func esds(object byte, config ...byte) []byte {
	decoder := append([]byte{4, byte(13 + 2 + len(config)), object}, make([]byte, 12)...)
	decoder = append(decoder, append([]byte{5, byte(len(config))}, config...)...)
	return mp4test.Box("esds", mp4test.Words(0), []byte{3, byte(3 + len(decoder)), 0, 1, 0}, decoder)
}

func TestSoundCodecs(t *testing.T) {
	t.Parallel()
	streamInfo := append([]byte{0, 0, 0, 0, 0x80, 0, 0, 34}, make([]byte, 34)...)
	streamInfo[20] = 5 << 1
	type facts struct {
		Entry, Codecs string
		Channels      int
	}
	quickTime := func(version byte, more int, boxes ...[]byte) mp4.Track {
		track := audible("mp4a")
		track.Entry[9] = version
		track.Entry = append(track.Entry, make([]byte, more)...)
		for _, b := range boxes {
			track.Entry = append(track.Entry, b...)
		}
		return track
	}
	for name, c := range map[string]struct {
		track mp4.Track
		want  facts
	}{
		"AAC":                 {audible("mp4a", esds(0x40, 0x11, 0xb0)), facts{"mp4a", "mp4a.40.2", 6}},
		"AAC, 7.1":            {audible("mp4a", esds(0x40, 0x11, 0xb8)), facts{"mp4a", "mp4a.40.2", 8}},
		"AAC, own channels":   {audible("mp4a", esds(0x40, 0x11, 0x80)), facts{"mp4a", "mp4a.40.2", 2}},
		"HE-AAC":              {audible("mp4a", esds(0x40, 0x2b, 0x11, 0x88, 0)), facts{"mp4a", "mp4a.40.5", 2}},
		"HE-AAC 2":            {audible("mp4a", esds(0x40, 0xeb, 0x09, 0x88, 0)), facts{"mp4a", "mp4a.40.29", 2}},
		"AAC Main":            {audible("mp4a", esds(0x40, 0x09, 0x90)), facts{}},
		"MPEG-2 AAC":          {audible("mp4a", esds(0x67, 0x11, 0x90)), facts{}},
		"DTS in MP4":          {audible("mp4a", esds(0xa9)), facts{}},
		"MP3":                 {audible("mp4a", esds(0x6b)), facts{"mp4a", "mp4a.6B", 2}},
		"MP3 of QuickTime":    {audible(".mp3"), facts{"mp4a", "mp4a.6B", 2}},
		"AAC of QuickTime":    {quickTime(1, 16, mp4test.Box("wave", esds(0x40, 0x11, 0x90))), facts{"mp4a", "mp4a.40.2", 2}},
		"Opus":                {audible("Opus", mp4test.Box("dOps", []byte{0, 6, 1, 56, 0, 0, 187, 128, 0, 0, 1})), facts{"Opus", "Opus", 6}},
		"FLAC":                {audible("fLaC", mp4test.Box("dfLa", streamInfo)), facts{"fLaC", "fLaC", 6}},
		"AC-3":                {audible("ac-3", mp4test.Box("dac3", []byte{0x10, 0x3d, 0xe0})), facts{"ac-3", "ac-3", 6}},
		"E-AC-3":              {audible("ec-3", mp4test.Box("dec3", []byte{0x14, 0, 0x20, 0x0f, 0})), facts{"ec-3", "ec-3", 6}},
		"E-AC-3, 7.1":         {audible("ec-3", mp4test.Box("dec3", []byte{0x14, 0, 0x20, 0x0f, 0x02, 0x02})), facts{"ec-3", "ec-3", 8}},
		"DTS":                 {audible("dtsc", mp4test.Box("ddts", make([]byte, 20))), facts{}},
		"TrueHD":              {audible("mlpa", mp4test.Box("dmlp", make([]byte, 10))), facts{}},
		"PCM":                 {audible("sowt"), facts{}},
		"Opus, no record":     {audible("Opus"), facts{}},
		"AAC, no record":      {audible("mp4a"), facts{}},
		"AAC, a short record": {audible("mp4a", esds(0x40, 0x11)), facts{}},
	} {
		var got facts
		if track, ok := mp4SoundTrack(0, c.track); ok {
			got = facts{string(track.Init.Entry[4:8]), track.Copy.Codecs, track.Copy.Channels}
			if made := (mp4.Track{Handler: "soun", Entry: track.Init.Entry[8:]}); got.Codecs == "mp4a.6B" {
				b, _ := made.Part("esds")
				if object, _ := mp4.DecoderConfig(b); object != 0x6b {
					t.Errorf("%s: its esds says %#x", name, object)
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
