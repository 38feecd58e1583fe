package mp4_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
	"movify/pkg/testkit"
)

// headerOf reads the header of a file of these boxes.
func headerOf(boxes ...[]byte) (mp4.Header, error) {
	data := bytes.Join(boxes, nil)
	return mp4.ReadHeader(bytes.NewReader(data), int64(len(data)))
}

// mvhd is a movie of ten seconds.
func mvhd() []byte {
	return mp4test.Box("mvhd", mp4test.Words(0, 2082844801, 0, 1000, 10_000, 0x10000, 0, 0, 0,
		0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000, 0, 0, 0, 0, 0, 0, 2))
}

func TestHeaderOfAFilm(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(testkit.Clip(t, "headed.mp4", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-metadata", "title=A film"))
	if err != nil {
		t.Fatal(err)
	}
	h, err := headerOf(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Tracks) != 2 || h.Brand != "isom" || h.Duration != 2*uint64(h.Timescale) || h.Fragmented {
		t.Fatalf("header is %+v", h)
	}
	v, a := h.Tracks[0], h.Tracks[1]
	if width, height := v.PictureSize(); v.Handler != "vide" || v.Format != "avc1" || v.Samples != 50 ||
		v.Times.Samples != 50 || width != 64 || height != 48 {
		t.Errorf("picture is %+v", v)
	}
	if avcC, ok := v.Part("avcC"); !ok || len(avcC) < 8 {
		t.Errorf("avcC is %x", avcC)
	}
	esds, _ := a.Part("esds")
	if object, config := mp4.DecoderConfig(esds); object != 0x40 || len(config) < 2 || a.Bytes == 0 {
		t.Errorf("sound is %+v of %#x %x", a, object, config)
	}
	if channels, _, rate := a.Sound(); channels != 2 || rate != 44100 {
		t.Errorf("%d channels of %d Hz", channels, rate)
	}
	if len(h.Tags) == 0 || h.Tags[0].Key != "\xa9nam" || string(h.Tags[0].Value) != "A film" {
		t.Errorf("tags are %+v", h.Tags)
	}
}

func TestHeaderOfMadeUpFiles(t *testing.T) {
	t.Parallel()
	tkhd := mp4test.Box(
		"tkhd",
		mp4test.Words(
			1, 0, 0, 7, 0, 10_000, 0, 0, 0, 0, 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000, 64<<16, 48<<16,
		),
	)
	mdhd := mp4test.Box("mdhd", mp4test.Words(0, 0, 0, 600, 6_000, 0x15c70000))
	hdlr := mp4test.Box("hdlr", mp4test.Words(0, 0), []byte("text"), mp4test.Words(0, 0, 0), []byte("\x05Words"))
	stbl := mp4test.Box("stbl",
		mp4test.Box("stsd", mp4test.Words(0, 1), mp4test.Box("text", []byte("entry"))),
		mp4test.Box("stts", mp4test.Words(0, 2, 1, 3_600, 1, 2_400)),
		mp4test.Box("stsz", mp4test.Words(0, 0, 2, 4, 5)),
		mp4test.Box("stsc", mp4test.Words(0, 1, 1, 2, 1)),
		mp4test.Box("stco", mp4test.Words(0, 1, 16)))
	trak := mp4test.Box("trak", tkhd, mp4test.Box("edts", mp4test.Box("elst", mp4test.Words(0, 1, 10_000, 5, 0x10000))),
		mp4test.Box("tref", mp4test.Box("chap", mp4test.Words(8, 9))),
		mp4test.Box("mdia", mdhd, hdlr, mp4test.Box("minf", stbl)),
		mp4test.Box("udta", mp4test.Box("kind", mp4test.Words(0), []byte("urn:x\x00caption\x00"))))
	ilst := mp4test.Box("ilst",
		mp4test.Box("tvsn", mp4test.Box("data", mp4test.Words(21, 0), []byte{0, 3})),
		mp4test.Box(
			"----", mp4test.Box("mean", mp4test.Words(0), []byte("com.apple")),
			mp4test.Box("name", mp4test.Words(0), []byte("mine")),
			mp4test.Box("data", mp4test.Words(1, 0), []byte("yes")),
		),
		mp4test.Box("covr", mp4test.Box("data", mp4test.Words(13, 0), []byte("JPEG"))),
	)
	moov := mp4test.Box("moov", mvhd(), trak, mp4test.Box("mvex"), mp4test.Box("udta",
		mp4test.Box("meta", mp4test.Words(0), mp4test.Box("hdlr"), ilst),
		mp4test.Box("chpl", []byte{1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 50, 3}, []byte("One")),
		mp4test.Box("\xa9nam", []byte{0, 4, 0x15, 0xc7}, []byte("Film")), mp4test.Words(0)))
	film := [][]byte{mp4test.Box("ftyp", []byte("isom")), mp4test.Box("mdat", make([]byte, 20)), moov}
	h, err := headerOf(film...)
	if err != nil {
		t.Fatal(err)
	}
	unit := [9]int32{1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30}
	want := mp4.Header{
		Brand: "isom", Timescale: 1000, Duration: 10_000, CreatedS: 2082844801, Matrix: unit, Fragmented: true,
		Tracks: []mp4.Track{{
			ID: 7, Enabled: true, Handler: "text", HandlerName: "Words", Language: 0x15c7, Timescale: 600, Duration: 6_000, Matrix: unit,
			Width: 64 << 16, Height: 48 << 16, Format: "text", Entry: []byte("entry"), Entries: 1, Edits: []mp4.Edit{{Duration: 10_000, Media: 5, Rate: 1 << 16}},
			Times: mp4.Times{Runs: 2, First: 3_600, LastCount: 1, Samples: 2, Ticks: 6_000}, Samples: 2, Bytes: 9,
			Refers: []mp4.Refer{{Type: "chap", Tracks: []uint32{8, 9}}},
			Kinds:  []mp4.Kind{{Scheme: "urn:x", Value: "caption"}},
		}},
		Chapters: []mp4.Chapter{{StartNS: 5_000, Title: "One"}},
		Tags: []mp4.Tag{
			{Key: "tvsn", Kind: 21, Value: []byte{0, 3}}, {Key: "mine", Kind: 1, Value: []byte("yes")}, {Key: "\xa9nam", Kind: 1, Value: []byte("Film")},
		},
		Covers: []mp4.Cover{{Kind: 13, Offset: int64(bytes.Index(bytes.Join(film, nil), []byte("JPEG"))), Size: 4}},
	}
	opaque := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".tables" }, cmp.Ignore())
	if diff := cmp.Diff(want, h, opaque); diff != "" {
		t.Error(diff)
	}
	data := bytes.Join(film, nil)
	copy(data[16:], "\x00\x02Hi\x00\x03You")
	texts, err := mp4.Texts(bytes.NewReader(data), h.Tracks[0])
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]mp4.Text{{Start: 0, Data: []byte("\x00\x02Hi")}, {Start: 3_600, Data: []byte("\x00\x03You")}}, texts); diff != "" {
		t.Error(diff)
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	t.Parallel()
	moov := func(parts ...[]byte) []byte { return mp4test.Box("moov", append([][]byte{mvhd()}, parts...)...) }
	stbl := func(parts ...[]byte) []byte {
		return moov(mp4test.Box("trak", mp4test.Box("mdia", mp4test.Box("minf", mp4test.Box("stbl", parts...)))))
	}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"no moov":           {mp4test.Box("free", make([]byte, 50)), mp4.ErrMalformed},
		"cut":               {moov()[:40], mp4.ErrMalformed},
		"a box too large":   {moov(append(mp4test.Words(99), "trak"...)), mp4.ErrMalformed},
		"short mvhd":        {mp4test.Box("moov", mp4test.Box("mvhd", make([]byte, 9))), mp4.ErrMalformed},
		"too many tracks":   {moov(bytes.Repeat(mp4test.Box("trak"), 200)), mp4.ErrTooMuch},
		"too many boxes":    {moov(bytes.Repeat(mp4test.Box("free"), 30_000)), mp4.ErrTooMuch},
		"sizes that lie":    {stbl(mp4test.Box("stsz", mp4test.Words(0, 0, 1<<31, 1))), mp4.ErrMalformed},
		"times that lie":    {stbl(mp4test.Box("stts", mp4test.Words(0, 1<<31, 1, 1))), mp4.ErrMalformed},
		"a table too large": {stbl(mp4test.Box("stsd", make([]byte, 5<<20))), mp4.ErrTooMuch},
		"compressed":        {moov(mp4test.Box("cmov")), mp4.ErrTooMuch},
	} {
		if h, err := headerOf(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", name, h, err, c.want)
		}
	}
}

func FuzzReadHeader(f *testing.F) {
	f.Add(mp4test.Box("moov", mvhd(), mp4test.Box("trak", mp4test.Box("tkhd"))))
	f.Add(mp4test.VideoInit(24000, "avc1.64001F"))
	f.Add(mp4test.AudioInit(48000))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := headerOf(data)
		if err != nil {
			return
		}
		for _, track := range h.Tracks {
			track.Part("avcC")
			track.PictureSize()
			track.Sound()
			if texts, err := mp4.Texts(bytes.NewReader(data), track); err == nil && len(texts) > 2000 {
				t.Errorf("%d texts of %d bytes", len(texts), len(data))
			}
		}
	})
}
