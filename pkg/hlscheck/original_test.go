package hlscheck

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tag says that a stream is an Original one.
const tag = "#EXT-X-SESSION-DATA:DATA-ID=\"org.movify.stream\",VALUE=\"original\"\n"

// encoded names the sounds of it that are the ladder's.
func encoded(playlists string) string {
	return "#EXT-X-SESSION-DATA:DATA-ID=\"org.movify.encoded\",VALUE=\"" + playlists + "\"\n"
}

// apart has a sound that is not cut where the picture is.
func apart() good { return good{sound: []int{0, 60, 130, 300, 488}} }

// asOriginal says in the Multivariant Playlist that the stream is an Original one, and makes more changes.
func asOriginal(g good, change func(m map[string]string)) good {
	g.files = func(m map[string]string) {
		m["multivariant.m3u8"] = strings.Replace(m["multivariant.m3u8"], "#EXT-X-MEDIA:", tag+"#EXT-X-MEDIA:", 1)
		if change != nil {
			change(m)
		}
	}
	return g
}

// late lets all segments of the sound begin that many ticks later.
func late(ticks uint64) good {
	return good{fragment: func(name string, _ int, s *fragmentSpec) {
		if name == "a1" {
			s.time += ticks
		}
	}}
}

// moved moves the end of the first segment of sound.
func moved(playlist, first, second string) func(map[string]string) {
	return func(m map[string]string) {
		m[playlist] = strings.NewReplacer("#EXTINF:1.003,", "#EXTINF:"+first+",", "#EXTINF:1.002,", "#EXTINF:"+second+",").Replace(m[playlist])
	}
}

// The rate of a film whose pictures differ in length may be off by half.
func TestRateOfPicturesOfDifferentLengths(t *testing.T) {
	t.Parallel()
	at := func(frames ...int) *stream {
		s := &stream{track: track{timescale: 1000}}
		for _, n := range frames {
			s.segments = append(s.segments, measured{frames: n, ticks: 1000})
		}
		return s
	}
	for _, c := range []struct {
		s        *stream
		original bool
		want     float64
	}{
		{at(), true, constantSlack}, {at(13, 25, 25), true, constantSlack}, {at(25, 20, 25), true, variableSlack},
		{at(25, 20, 25), false, constantSlack},
	} {
		if got := c.s.rateSlack(c.original); got != c.want {
			t.Errorf("%+v: %f", c.s.segments, got)
		}
	}
}

func TestOriginalStreamsAreJudgedByTheirOwnRules(t *testing.T) {
	t.Parallel()
	in := func(name, old, new string) func(map[string]string) {
		return func(m map[string]string) { m[name] = strings.ReplaceAll(m[name], old, new) }
	}
	const root, a1 = "multivariant.m3u8", "a1/media.m3u8"
	heAAC := inInit("a1", func(s *initSpec) { s.objectType = 5 })
	for _, c := range []struct {
		name string
		g    good
		want []Rule
	}{
		{"plain", asOriginal(good{}, nil), nil},
		{"another value", asOriginal(late(2400), in(root, `VALUE="original"`, `VALUE="other"`)), []Rule{Boundary}},
		{"44.1 kHz", asOriginal(inInit("a1", func(s *initSpec) { s.rateIndex = 4 }), nil), nil},
		{"HE-AAC", asOriginal(heAAC, in(root, "mp4a.40.2", "mp4a.40.5")), nil},
		{"HE-AAC that CODECS does not say", asOriginal(heAAC, nil), []Rule{CodecsMatch}},
		{"sound from 50 ms on", asOriginal(late(2400), nil), nil},
		{"sound from 150 ms on", asOriginal(late(7200), nil), []Rule{Boundary, CutTogether}},
		{"sound of the ladder on its grid", asOriginal(apart(), in(root, tag, tag+encoded("a1/media.m3u8"))), nil},
		{"sound on another grid", asOriginal(apart(), nil), []Rule{CutTogether}},
		{"sound on another grid beside one of the ladder", asOriginal(apart(), in(root, tag, tag+encoded("a9/media.m3u8"))), []Rule{CutTogether}},
		{"sound that ends early", asOriginal(good{}, in(a1, "#EXTINF:2.411,\n00004.m4s\n", "")), nil},
		{"sound without its beginning", asOriginal(good{}, in(a1, "00000.m4s", "00001.m4s")), []Rule{Boundary, CutTogether}},
		{"a boundary of sound 12 ms off", asOriginal(good{}, moved(a1, "1.015", "0.990")), nil},
		{"a boundary of sound 40 ms off", asOriginal(good{}, moved(a1, "1.043", "0.962")), []Rule{Boundary}},
		{"another rate", asOriginal(good{}, in(root, "FRAME-RATE=25.000", "FRAME-RATE=24.000")), []Rule{FrameRate}},
		{"mono", asOriginal(inInit("a1", func(s *initSpec) { s.channels = 1 }), nil), []Rule{Channels}},
		{"P picture first", asOriginal(inSegment("v1", 2, func(s *fragmentSpec) { s.nal = 0x41 }), nil), []Rule{IDR}},
		{"another size", asOriginal(inInit("v2", func(s *initSpec) { s.width = 322 }), nil), []Rule{Resolution}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []Rule
			findings := check(t, FS(c.g.fs())).Findings
			for _, f := range findings {
				if !slices.Contains(got, f.Rule) {
					got = append(got, f.Rule)
				}
				if f.Section == "" {
					t.Errorf("%s names no section", f.Rule)
				}
			}
			for _, rule := range c.want {
				if !slices.Contains(got, rule) {
					t.Errorf("want %s among %v", rule, findings)
				}
			}
			if len(c.want) == 0 && len(findings) > 0 {
				t.Errorf("found %v", findings)
			}
		})
	}
}

// pictureEntry is a sample entry of 640 × 480 with boxes.
func pictureEntry(kind string, parts ...[]byte) box {
	return box{kind: kind, body: join(zeros(24), u16(640), u16(480), zeros(50), join(parts...))}
}

func TestCodecsAreNamedByTheirRecords(t *testing.T) {
	t.Parallel()
	hvcC := mkbox("hvcC", []byte{1, 0x22, 0x20, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 153, 0xf0, 0, 0xfc, 0xfd, 0xfa, 0xfa, 0, 0, 0x0f, 1})
	for _, c := range []struct {
		entry box
		sound bool
		want  string // "" for an error
	}{
		{pictureEntry("hvc1", hvcC), false, "hvc1.2.4.h153.b0"},
		{pictureEntry("hev1", hvcC[:30]), false, ""},
		{pictureEntry("hvc1", mkbox("hvcC", join([]byte{1}, zeros(22)))), false, ""}, // no parameter sets
		{pictureEntry("av01", mkbox("av1C", []byte{0x81, 0x0d, 0xcc, 0})), false, "av01.0.13h.10"},
		{pictureEntry("av01", mkbox("av1C", []byte{1, 0x0d, 0xcc, 0})), false, ""},
		{pictureEntry("vp09", mkbox("vpcC", []byte{1, 0, 0, 0, 2, 51, 0xa2, 9, 16, 9, 0, 0})), false, "vp09.02.51.10"},
		{pictureEntry("vp09"), false, ""},
		{pictureEntry("mp4v", mkbox("esds")), false, ""},
		{box{kind: "Opus", body: join(zeros(28), mkbox("dOps", []byte{0, 2}))}, true, "opus"},
		{box{kind: "ac-3", body: join(zeros(28), mkbox("dac3", []byte{0x10, 0x3d, 0xe0}))}, true, "ac-3"},
		{box{kind: "ec-3", body: zeros(28)}, true, ""},
		{box{kind: "dtsc", body: zeros(28)}, true, ""},
		{box{kind: "mp4a", body: join(zeros(28), mkbox("esds", zeros(4), []byte{3, 20, 0, 1, 0, 4, 15, 0x6b}, zeros(14)))}, true, "mp4a.6b"},
	} {
		tr := track{entry: c.entry.kind, handler: "vide"}
		read := func() error { return tr.readPicture(c.entry, nil) }
		if c.sound {
			tr.handler = "soun"
			read = func() error { return tr.readSound(c.entry) }
		}
		if err := read(); (err != nil) != (c.want == "") || err == nil && !tr.within(strings.ToUpper(c.want)) {
			t.Errorf("%s: %q, %v, want %q", c.entry.kind, tr.name, err, c.want)
		}
	}
}

func TestShapeOnTheScreen(t *testing.T) {
	t.Parallel()
	tkhd := func(a, d int) []byte {
		return mkbox("tkhd", zeros(4+20+16), u32(a), zeros(12), u32(d), zeros(28))
	}
	pasp := mkbox("pasp", u32(4), u32(3))
	clap := mkbox("clap", u32(600), u32(1), u32(450), u32(1), zeros(16))
	for _, c := range []struct {
		entry, trak []byte
		want        [2]int
	}{
		{nil, tkhd(0x10000, 0x10000), [2]int{640, 480}},
		{pasp, nil, [2]int{853, 480}},
		{pasp, tkhd(0, 0), [2]int{480, 853}},
		{join(clap, pasp), nil, [2]int{800, 450}},
		{mkbox("pasp", zeros(8)), nil, [2]int{640, 480}},
	} {
		tr := track{width: 640, height: 480}
		tr.readShape(c.entry, c.trak)
		if diff := cmp.Diff(c.want, tr.shown); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEntrances(t *testing.T) {
	t.Parallel()
	nal := func(head byte) []byte { return []byte{0, 0, 0, 2, head, 1} }
	for _, c := range []struct {
		entry  string
		sample []byte
		want   bool
	}{
		{"avc1", nal(0x65), true},
		{"avc1", join(nal(6), nal(0x41)), false},
		{"hvc1", join(nal(35<<1), nal(19<<1)), true}, // behind a delimiter: IDR
		{"hvc1", nal(21 << 1), true},                 // CRA
		{"hev1", nal(1 << 1), false},
		{"hev1", []byte{0, 0, 0, 9, 38}, false},
		{"vp09", []byte{0x82, 0x49}, true},
		{"vp09", []byte{0x86, 0}, false},
		{"vp09", []byte{0xb0, 0}, true}, // profile 3
		{"av01", []byte{0x12, 0, 0x0a, 1, 0, 0x32, 1, 0x10}, true},
		{"av01", []byte{0x12, 0, 0x0a, 1, 0, 0x32, 1, 0x30}, false}, // an inter frame
		{"av01", []byte{0x12, 0, 0x32, 1, 0x10}, false},             // no sequence header
		{"av01", []byte{0x0a, 0xff, 0xff, 0xff, 0xff, 1}, false},
		{"av01", nil, false},
	} {
		if got := (track{entry: c.entry, nalLength: 4}).entered(c.sample); got != c.want {
			t.Errorf("%s %x: %v", c.entry, c.sample, got)
		}
	}
}
