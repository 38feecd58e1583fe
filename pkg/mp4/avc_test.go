package mp4_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

// realConfig is the avcC that x264 writes for 320×180 with parameter sets number 1.
var realConfig = []byte("\x01\x64\x00\x1e\xff\xe1\x00\x1a\x67\x64\x00\x1e\x4b\x36\x50\x50\x67\xe7\xc0\x44\x00\x00\x03\x00\x04" +
	"\x00\x00\x03\x00\xc0\x3c\x58\xb6\x58\x01\x00\x06\x68\x4a\xbe\xcb\x22\xc0\xfd\xf8\xf8\x00")

func TestAVCConfig(t *testing.T) {
	t.Parallel()
	c, err := mp4.ParseAVCConfig(realConfig)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Bytes()
	if err != nil || !bytes.Equal(again, realConfig) {
		t.Errorf("written again it is %x (%v)", again, err)
	}
	if n, ok := mp4.SPSNumber(c.SPS[0]); n != 1 || !ok {
		t.Errorf("the sequence parameter set has number %d, %t", n, ok)
	}
	if pps, sps, ok := mp4.PPSNumbers(c.PPS[0]); pps != 1 || sps != 1 || !ok {
		t.Errorf("the picture parameter set has number %d and refers to %d, %t", pps, sps, ok)
	}
	for n := range realConfig {
		short, err := mp4.ParseAVCConfig(realConfig[:n])
		if n < len(realConfig)-4 && !errors.Is(err, mp4.ErrMalformed) {
			t.Errorf("%d bytes: %+v, %v", n, short, err)
		}
	}
	many := mp4.AVCConfig{NALLength: 4, SPS: make([][]byte, 32)}
	if _, err := many.Bytes(); !errors.Is(err, mp4.ErrMalformed) {
		t.Errorf("32 sequence parameter sets: %v", err)
	}
}

func TestParameterSetsAreTakenOutOfSamples(t *testing.T) {
	t.Parallel()
	sps, pps := mp4test.ParameterSets("avc1.64001E", 0, 7)
	otherSPS, _ := mp4test.ParameterSets("avc1.64001E", 0, 8)
	c := mp4.AVCConfig{NALLength: 4, SPS: [][]byte{sps}, PPS: [][]byte{pps}}
	slice := append([]byte{0x65}, mp4test.SliceHeader(0)...)
	other := append([]byte{0x65}, mp4test.SliceHeader(1)...)
	sei, filler := []byte{6, 1, 2}, []byte{12, 0xff, 0x80}
	tests := map[string]struct {
		units [][]byte
		want  [][]byte // nil: refused
	}{
		"nothing to take":          {[][]byte{sei, slice}, [][]byte{sei, slice}},
		"sets before the picture":  {[][]byte{sps, pps, sei, slice, slice}, [][]byte{sei, slice, slice}},
		"filler":                   {[][]byte{slice, filler}, [][]byte{slice}},
		"another set":              {[][]byte{otherSPS, pps, slice}, nil},
		"a slice of another set":   {[][]byte{sps, pps, other}, nil},
		"a slice that is cut off":  {[][]byte{{0x65}}, nil},
		"a unit that has no bytes": {[][]byte{{}}, nil},
	}
	for name, test := range tests {
		got, err := c.OutOfBand(sample(test.units))
		if test.want == nil {
			if !errors.Is(err, mp4.ErrMalformed) {
				t.Errorf("%s: %x, %v", name, got, err)
			}
		} else if diff := cmp.Diff(sample(test.want), got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if _, err := c.OutOfBand([]byte{0, 0, 0, 9, 0x65}); !errors.Is(err, mp4.ErrMalformed) {
		t.Errorf("a unit longer than its sample: %v", err)
	}
}

func sample(units [][]byte) (out []byte) {
	for _, u := range units {
		out = append(append(out, 0, 0, 0, byte(len(u))), u...)
	}
	return out
}

func TestInitWithAnotherConfig(t *testing.T) {
	t.Parallel()
	in := parseInit(t, mp4test.VideoInit(24000, "avc1.64001E"))
	c, err := mp4.ParseAVCConfig(realConfig)
	if err != nil {
		t.Fatal(err)
	}
	out, err := in.WithAVCConfig(c)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Config, realConfig) || out.Timescale != 24000 || out.Codecs != "avc1.64001E" {
		t.Errorf("%x, %d, %s", out.Config, out.Timescale, out.Codecs)
	}
	before, err := mp4.ParseAVCConfig(in.Config)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := out.WithAVCConfig(before); err != nil || !bytes.Equal(back.Bytes, in.Bytes) {
		t.Errorf("put back, the Init Section differs (%v)", err)
	}
}
