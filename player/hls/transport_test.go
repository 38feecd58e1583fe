package hls

import (
	"errors"
	"testing"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/tsview"
)

func TestTransportGolden(t *testing.T) {
	t.Parallel()
	text, err := Transport(film(), nil, "v720")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "transport.m3u8", text)
	for _, c := range []struct {
		r     int
		sound id.Rendition
	}{{1, "a2"}, {3, ""}} {
		r := film().Ladder.Renditions[c.r]
		if text, err = TransportMedia(film(), r, c.sound); err != nil {
			t.Fatal(err)
		}
		golden(t, "transport-"+string(r.ID)+".m3u8", text)
	}
	none := film()
	none.Ladder.Renditions = none.Ladder.Renditions[3:]
	if _, err := Transport(none, nil, ""); !errors.Is(err, ErrUnplayable) {
		t.Errorf("no picture: %v", err)
	}
}

// The sound that is a copy in AAC is in the picture's segments; another is the ladder's, beside them.
func TestOriginalTransportGolden(t *testing.T) {
	t.Parallel()
	o := copied()
	if _, err := OriginalTransport(o, []id.Rendition{"a2"}, media.Asset{}, nil); !errors.Is(err, tsview.ErrCodec) {
		t.Errorf("HEVC: %v", err)
	}
	o.Picture.Codecs, o.Picture.Range, o.Picture.Supplemental = "avc1.640029", "SDR", ""
	beside := film()
	for n := range beside.Ladder.Renditions {
		beside.Ladder.Renditions[n].Stream = []int{0, 0, 0, 2, 1, 3}[n]
	}
	for name, c := range map[string]struct {
		copies []id.Rendition
		asset  media.Asset
	}{
		"alone": {[]id.Rendition{"a1", "a2"}, media.Asset{}}, "beside": {[]id.Rendition{"a2"}, beside},
	} {
		o := o
		o.Sounds = append([]media.Copy{}, o.Sounds...)
		o.Sounds[0].Stream, o.Sounds[1].Stream = 1, 2
		p, err := OriginalTransport(o, c.copies, c.asset, nil)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "transport-original-"+name+".m3u8", p.Text)
	}
	text, err := OriginalTransportMedia(o, beside, o.Picture, "a2")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "transport-original-v0.m3u8", text)
	if text, err = OriginalTransportSound(o, beside, beside.Ladder.Renditions[4]); err != nil {
		t.Fatal(err)
	}
	golden(t, "transport-original-a2.m3u8", text)
}
