package transcoder

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
)

func TestCopiesAreDescribedLikeTheLadder(t *testing.T) {
	t.Parallel()
	sound := func(stream int, name, language string, standard bool) media.Copy {
		return media.Copy{Rendition: media.Rendition{
			Kind: media.Audio, Stream: stream, Name: name, Language: language, Default: standard, Channels: 2,
		}}
	}
	o := media.Original{
		Picture: media.Copy{Rendition: media.Rendition{Stream: 0}, Range: "SDR"},
		Sounds:  []media.Copy{sound(1, "Director's commentary", "eng", true), sound(2, "", "ger", false), sound(4, "", "", true)},
	}
	p := media.Probe{
		Video: []media.VideoTrack{{Index: 0, ColorTransfer: "smpte2084"}},
		Audio: []media.AudioTrack{
			{Index: 2, Language: "ger", Default: true}, {Index: 3, Language: "ita"},
			{Index: 4, Language: "ger", VisualImpaired: true},
		},
	}
	got := DescribeCopies(o, p)
	type line struct {
		Name, Language                      string
		Default, Commentary, VisualImpaired bool
	}
	var lines []line
	for _, c := range got.Sounds {
		lines = append(lines, line{c.Name, c.Language, c.Default, c.Commentary, c.VisualImpaired})
	}
	want := []line{
		{"Director's commentary", "en", false, true, false},
		{"Deutsch", "de", true, false, false},
		{"Deutsch, audio description", "de", false, false, true},
	}
	if diff := cmp.Diff(want, lines); diff != "" || got.Picture.Range != "PQ" || o.Sounds[1].Name != "" {
		t.Errorf("range %s, (-want +got):\n%s", got.Picture.Range, diff)
	}
	if got := DescribeCopies(o, media.Probe{}); got.Picture.Range != "SDR" || got.Sounds[2].Language != "und" || !got.Sounds[2].Default {
		t.Errorf("without a probe: %+v", got)
	}
}
