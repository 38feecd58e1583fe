package hls

import (
	"errors"
	"testing"

	"movify/pkg/media"
)

// copied is a film of 9.376 s in HEVC with Dolby Vision, and two sounds of which one begins after the picture and goes on
// behind it.
func copied() media.Original {
	return media.Original{
		Picture: media.Copy{
			Rendition: media.Rendition{ID: "v0", Kind: media.Video, Codecs: "hvc1.2.4.L150.B0", Width: 3840, Height: 1600},
			Bounds:    []int64{0, 1001, 2002, 6840, 9376}, Peak: 62_000_000, Average: 40_000_000,
			FrameRate: 24000. / 1001, Range: "PQ", Supplemental: "dvh1.08.06/db1p",
		},
		Sounds: []media.Copy{
			{
				Rendition: media.Rendition{
					ID: "a1", Kind: media.Audio, Name: "Deutsch \"Kino\"", Codecs: "ec-3", Channels: 6, Language: "de",
				},
				Bounds: []int64{11, 1003, 2027, 6859, 14_000}, Peak: 770_000, Average: 768_000,
			},
			{
				Rendition: media.Rendition{
					ID: "a2", Kind: media.Audio, Name: "English", Codecs: "mp4a.40.2", Channels: 2, Language: "en", Default: true,
				},
				Bounds: []int64{0, 1003, 2027, 4000}, Peak: 170_000, Average: 160_000,
			},
		},
	}
}

func TestOriginalGolden(t *testing.T) {
	t.Parallel()
	o := copied()
	plain := copied()
	plain.Sounds, plain.Picture.Range, plain.Picture.Supplemental = nil, "SDR", ""
	for name, o := range map[string]media.Original{"original.m3u8": o, "original-silent.m3u8": plain} {
		text, err := Original(o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, text)
	}
	for _, c := range o.Copies() {
		text, err := OriginalMedia(o, c)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "original-"+string(c.ID)+".m3u8", text)
	}
}

func TestOriginalWithoutSegments(t *testing.T) {
	t.Parallel()
	none, backwards := copied(), copied()
	none.Picture.Bounds = nil
	backwards.Sounds[0].Bounds[2] = 900
	if _, err := Original(none); !errors.Is(err, ErrUnplayable) {
		t.Errorf("without segments: %v", err)
	}
	for name, o := range map[string]media.Original{"none": none, "backwards": backwards} {
		if _, err := OriginalMedia(o, o.Picture); !errors.Is(err, ErrUnplayable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
