package mp4_test

import (
	"bytes"
	"errors"
	"testing"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

func TestParseInit(t *testing.T) {
	t.Parallel()
	video := parseInit(t, mp4test.VideoInit(24000, "avc1.64001F"))
	if video.Handler != "vide" || video.Timescale != 24000 || video.Codecs != "avc1.64001F" || video.NALLength != 4 {
		t.Errorf("video init is %+v", video)
	}
	audio := parseInit(t, mp4test.AudioInit(48000))
	if audio.Handler != "soun" || audio.Timescale != 48000 || audio.Codecs != "mp4a.40.2" || len(audio.Config) == 0 {
		t.Errorf("audio init is %+v", audio)
	}
	if !bytes.Equal(audio.Bytes, mp4test.AudioInit(48000)) {
		t.Error("the init's bytes are not what was read")
	}
}

func TestParseInitRefuses(t *testing.T) {
	t.Parallel()
	ftyp, moov := mp4test.Box("ftyp", []byte("iso5")), boxes(t, mp4test.VideoInit(24000, "avc1.64001F"))[1]
	trak := func(entry []byte) []byte {
		return mp4test.Box("moov", mp4test.Box("trak", mp4test.Box("mdia",
			mp4test.Box("mdhd", mp4test.Words(0, 0, 0, 24000, 0)),
			mp4test.Box("hdlr", mp4test.Words(0, 0), []byte("vide")),
			mp4test.Box("minf", mp4test.Box("stbl", mp4test.Box("stsd", mp4test.Words(0, 1), entry))))))
	}
	esds := func(payload ...byte) []byte {
		return trak(mp4test.Box("mp4a", make([]byte, 28), mp4test.Box("esds", payload)))
	}
	tests := map[string]struct{ ftyp, moov []byte }{
		"moov first":            {moov.Raw, ftyp},
		"no track":              {ftyp, mp4test.Box("moov")},
		"two tracks":            {ftyp, mp4test.Box("moov", moov.Payload(), moov.Payload())},
		"no mdhd":               {ftyp, mp4test.Box("moov", mp4test.Box("trak"))},
		"empty stsd":            {ftyp, trak(nil)},
		"another codec":         {ftyp, trak(mp4test.Box("hvc1", make([]byte, 78)))},
		"short avc1":            {ftyp, trak(mp4test.Box("avc1", make([]byte, 10)))},
		"no avcC":               {ftyp, trak(mp4test.Box("avc1", make([]byte, 78)))},
		"short avcC":            {ftyp, trak(mp4test.Box("avc1", make([]byte, 78), mp4test.Box("avcC", make([]byte, 3))))},
		"no esds":               {ftyp, trak(mp4test.Box("mp4a", make([]byte, 28)))},
		"empty esds":            {ftyp, esds()},
		"esds that only begins": {ftyp, esds(0, 0, 0, 0, 3, 25, 0, 1, 0, 4)},
		"endless length":        {ftyp, esds(0, 0, 0, 0, 3, 0x80, 0x80, 0x80)},
		"unknown descriptor":    {ftyp, esds(0, 0, 0, 0, 9, 1, 1)},
		"no specific config":    {ftyp, esds(append([]byte{0, 0, 0, 0, 3, 20, 0, 1, 0, 4, 13}, make([]byte, 13)...)...)},
		"short trex":            {ftyp, mp4test.Box("moov", moov.Payload()[108:len(moov.Payload())-40], mp4test.Box("mvex", mp4test.Box("trex")))},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mp4.ParseInit(boxes(t, test.ftyp)[0], boxes(t, test.moov)[0])
			if !errors.Is(err, mp4.ErrMalformed) {
				t.Errorf("error is %v, want %v", err, mp4.ErrMalformed)
			}
		})
	}
}

func TestWithEditListChangesNothingElse(t *testing.T) {
	t.Parallel()
	b := boxes(t, mp4test.VideoInit(24000, "avc1.64001F"))
	moov := mp4.WithEditList(b[1], 2002)
	want := mp4test.Box("edts", mp4test.Box("elst", mp4test.Words(0, 1, 0, 2002, 0x00010000)))
	if n := bytes.Count(moov.Raw, want); n != 1 {
		t.Fatalf("the edit list stands there %d times", n)
	}
	if len(moov.Raw) != len(b[1].Raw)+len(want) {
		t.Errorf("moov grew by %d bytes, the edit list has %d", len(moov.Raw)-len(b[1].Raw), len(want))
	}
	again := boxes(t, moov.Raw)
	if len(again) != 1 {
		t.Fatalf("moov is %d boxes", len(again))
	}
	in, err := mp4.ParseInit(b[0], again[0])
	if err != nil || in.Codecs != "avc1.64001F" {
		t.Errorf("codecs %q, error %v", in.Codecs, err)
	}
}
