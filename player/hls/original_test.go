package hls

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"movify/pkg/id"
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
		text, err := OriginalMedia(o, media.Asset{}, c)
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
		if _, err := OriginalMedia(o, media.Asset{}, o.Picture); !errors.Is(err, ErrUnplayable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// besideLadder is the asset of the film of copied, whose first sound is in no copy, and which has one sound more.
func besideLadder() media.Asset {
	sound := func(name string, stream int, change func(*media.Rendition)) media.Rendition {
		r := media.Rendition{
			ID: id.Rendition("a" + strconv.Itoa(stream) + "-0a1b2c"), Kind: media.Audio, Name: name, Stream: stream,
			Codecs: "mp4a.40.2", Channels: 2, Language: "en", MaxRate: 160_000,
		}
		if change != nil {
			change(&r)
		}
		return r
	}
	return media.Asset{
		ID:   "asset",
		Grid: media.Grid{Rate: media.Ratio{Num: 25, Den: 1}, Full: 100, Frames: []int{0, 25, 75, 235}, Audio: []int{0, 47, 141, 441}},
		Ladder: media.Ladder{Renditions: []media.Rendition{
			{ID: "v1080p", Kind: media.Video},
			sound("Deutsch", 1, func(r *media.Rendition) { r.Language = "de" }),
			sound("English", 2, func(r *media.Rendition) { r.Default = true }),
			sound("Director", 3, func(r *media.Rendition) { r.Commentary = true }),
		}},
	}
}

// Of the sounds that a device does not play, the ladder's renditions take the place.
func TestOriginalBesideLadderGolden(t *testing.T) {
	t.Parallel()
	o, a := copied(), besideLadder()
	o.Sounds[0].Stream, o.Sounds[1].Stream = 1, 2
	o.Sounds[0].Default = true // among the copies alone
	m := map[id.Rendition]media.Measure{"a3-0a1b2c": {Complete: true, Peak: 150_000, Average: 140_000}}
	for name, copies := range map[string][]id.Rendition{
		"all": {"a1", "a2"}, "aac": {"a2"}, "none": nil, "unknown": {"a9", "v0"},
	} {
		p, err := OriginalBesideLadder(o, copies, a, m)
		if err != nil {
			t.Fatal(err)
		}
		if name == "unknown" {
			name = "none"
		}
		golden(t, "original-beside-"+name+".m3u8", p.Text)
		want := fmt.Sprintf("BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=%q", p.Peak, p.Average, p.Codecs)
		if !strings.Contains(p.Text, want) {
			t.Errorf("%s: the playlist does not say %s", name, want)
		}
	}
	text, err := OriginalSound(o, a, a.Ladder.Renditions[1])
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "original-beside-a1.m3u8", text)
}

// EXT-X-TARGETDURATION is the same in all Media Playlists, whichever is the longest segment.
func TestOriginalTargetIsOne(t *testing.T) {
	t.Parallel()
	long := besideLadder()
	long.Grid.Audio = []int{0, 470, 500}
	for _, a := range []media.Asset{besideLadder(), long} {
		o := copied()
		seen := map[string]bool{}
		target := regexp.MustCompile(`#EXT-X-TARGETDURATION:\d+`)
		for _, c := range o.Copies() {
			text, err := OriginalMedia(o, a, c)
			if err != nil {
				t.Fatal(err)
			}
			seen[target.FindString(text)] = true
		}
		text, err := OriginalSound(o, a, a.Ladder.Audios()[0])
		if err != nil {
			t.Fatal(err)
		}
		if seen[target.FindString(text)] = true; len(seen) != 1 {
			t.Errorf("targets %v", seen)
		}
	}
}
