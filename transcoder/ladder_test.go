package transcoder

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
	"movify/pkg/media"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares text with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// picture is a ten-second film of that size, changed as said.
func picture(width, height int, change ...func(*media.Probe)) media.Probe {
	v := steady(24000, 1001)
	v.Width, v.Height, v.SAR = width, height, media.Ratio{Num: 1, Den: 1}
	p := lasting(10.01, v)
	for _, c := range change {
		c(&p)
	}
	return p
}

func video(change func(*media.VideoTrack)) func(*media.Probe) {
	return func(p *media.Probe) { change(&p.Video[0]) }
}

func rotated(degrees int) func(*media.Probe) {
	return video(func(v *media.VideoTrack) { v.Rotation = degrees })
}

func stretched(num, den int) func(*media.Probe) {
	return video(func(v *media.VideoTrack) { v.SAR = media.Ratio{Num: num, Den: den} })
}

func spoken(tracks ...media.AudioTrack) func(*media.Probe) {
	return func(p *media.Probe) { p.Audio = tracks }
}

func TestPlanRungs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   media.Probe
		want string
	}{
		"1080p":                  {picture(1920, 1080), "1080p 1920x1080 4.0, 720p 1280x720 3.1, 480p 854x480 3.0, 360p 640x360 3.0"},
		"1080p at 60":            {picture(1920, 1080, video(func(v *media.VideoTrack) { v.FrameRate = media.Ratio{Num: 60, Den: 1}; v.AverageRate = v.FrameRate })), "1080p 1920x1080 4.2, 720p 1280x720 3.2, 480p 854x480 3.1, 360p 640x360 3.1"},
		"720p":                   {picture(1280, 720), "720p 1280x720 3.1, 480p 854x480 3.0, 360p 640x360 3.0"},
		"between two rungs":      {picture(768, 576), "576p 768x576 3.1, 480p 640x480 3.0, 360p 480x360 2.1"},
		"wide":                   {picture(1920, 800), "1080p 1920x800 4.0, 720p 1280x534 3.1, 480p 854x356 3.0, 360p 640x266 2.1"},
		"nearly 1080p":           {picture(1904, 1072), "1072p 1904x1072 4.0, 720p 1278x720 3.1, 480p 852x480 3.0, 360p 640x360 3.0"},
		"4K":                     {picture(3840, 2160), "1080p 1920x1080 4.0, 720p 1280x720 3.1, 480p 854x480 3.0, 360p 640x360 3.0"},
		"portrait":               {picture(1080, 1920), "1080p 1080x1920 4.0, 720p 720x1280 3.1, 480p 480x854 3.0, 360p 360x640 3.0"},
		"a quarter turn":         {picture(1920, 1080, rotated(90)), "1080p 1080x1920 4.0, 720p 720x1280 3.1, 480p 480x854 3.0, 360p 360x640 3.0"},
		"a quarter turn back":    {picture(1920, 1080, rotated(-90)), "1080p 1080x1920 4.0, 720p 720x1280 3.1, 480p 480x854 3.0, 360p 360x640 3.0"},
		"upside down":            {picture(1280, 720, rotated(180)), "720p 1280x720 3.1, 480p 854x480 3.0, 360p 640x360 3.0"},
		"anamorphic, PAL 16:9":   {picture(720, 576, stretched(64, 45)), "576p 1024x576 3.1, 480p 854x480 3.0, 360p 640x360 3.0"},
		"anamorphic, narrow":     {picture(1920, 1080, stretched(1, 2)), "960p 960x1080 3.2, 720p 720x810 3.1, 480p 480x540 3.0, 360p 360x406 2.1"},
		"below all rungs":        {picture(320, 180), "180p 320x180 2.1"},
		"odd size":               {picture(321, 181), "181p 320x180 2.1"},
		"a postage stamp":        {picture(16, 16), "16p 16x16 2.1"},
		"a ribbon":               {picture(10000, 100), "1080p 1920x20 3.0, 720p 1280x12 2.1, 480p 854x8 2.1, 360p 640x6 2.1"},
		"aspect ratio not known": {picture(1280, 720, stretched(0, 1)), "720p 1280x720 3.1, 480p 854x480 3.0, 360p 640x360 3.0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := Plan(test.in, DefaultPolicy())
			if err != nil {
				t.Fatal(err)
			}
			var rungs []string
			ids := map[id.Rendition]bool{}
			for _, r := range l.Renditions {
				rungs = append(rungs, fmt.Sprintf("%s %dx%d %s", r.Name, r.Width, r.Height, r.Level))
				ids[r.ID] = true
			}
			if got := strings.Join(rungs, ", "); got != test.want {
				t.Errorf("rungs are\n%s, want\n%s", got, test.want)
			}
			if len(ids) != len(l.Renditions) {
				t.Errorf("%d identities for %d renditions", len(ids), len(l.Renditions))
			}
		})
	}
}

func TestPlanRatesFallWithTheRungs(t *testing.T) {
	t.Parallel()
	for height := 2; height <= 2200; height += 2 {
		l, err := Plan(picture(height*16/9, height), DefaultPolicy())
		if err != nil {
			t.Fatal(err)
		}
		for n, r := range l.Renditions {
			if n > 0 && (r.MaxRate >= l.Renditions[n-1].MaxRate || r.Height >= l.Renditions[n-1].Height) {
				t.Fatalf(
					"%d lines: %s has %d bit/s, %s has %d", height, l.Renditions[n-1].Name, l.Renditions[n-1].MaxRate,
					r.Name, r.MaxRate,
				)
			}
			if r.Height > height+1 {
				t.Fatalf("%d lines: %s enlarges", height, r.Name)
			}
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   media.Probe
		want error
	}{
		"sound alone":                       {media.Probe{DurationUS: 1e7, Audio: []media.AudioTrack{{}}}, ErrNoPicture},
		"a cover":                           {picture(500, 500, video(func(v *media.VideoTrack) { v.AttachedPicture = true })), ErrNoPicture},
		"no size":                           {picture(0, 0), ErrNoPicture},
		"Dolby Vision without a base layer": {picture(3840, 2160, video(func(v *media.VideoTrack) { v.DolbyVision = 5 })), ErrDolby5},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Plan(test.in, DefaultPolicy()); !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestPlanAudio(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   []media.AudioTrack
		want string
	}{
		"none":                             {nil, ""},
		"one":                              {[]media.AudioTrack{{Index: 1, Language: "eng"}}, "English en *"},
		"languages":                        {[]media.AudioTrack{{Index: 1, Language: "eng"}, {Index: 2, Language: "fra", Default: true}}, "English en, Français fr *"},
		"the default comes last":           {[]media.AudioTrack{{Index: 1, Language: "deu"}, {Index: 2, Language: "jpn"}}, "Deutsch de *, 日本語 ja"},
		"its own title":                    {[]media.AudioTrack{{Index: 1, Language: "eng", Title: " Commentary "}}, "Commentary en *"},
		"twice the same":                   {[]media.AudioTrack{{Index: 1, Language: "eng"}, {Index: 2, Language: "eng"}}, "English en *, English (2) en"},
		"a title like a number":            {[]media.AudioTrack{{Index: 1, Title: "A"}, {Index: 2, Title: "A (2)"}, {Index: 3, Title: "A"}}, "A und *, A (2) und, A (2) (2) und"},
		"no language":                      {[]media.AudioTrack{{Index: 1}, {Index: 2, Language: "und"}}, "Audio 1 und *, Audio 2 und"},
		"the default is a commentary":      {[]media.AudioTrack{{Index: 1, Language: "eng", Title: "Stereo"}, {Index: 2, Language: "eng", Default: true, Commentary: true}}, "Stereo en *, English, commentary en"},
		"a commentary comes first":         {[]media.AudioTrack{{Index: 1, Language: "eng", Title: "Director's Commentary", Default: true}, {Index: 2, Language: "eng", Default: true}}, "Director's Commentary en, English en *"},
		"commentary in its own language":   {[]media.AudioTrack{{Index: 1, Language: "ger", Title: "Audiokommentar"}, {Index: 2, Language: "ger"}}, "Audiokommentar de, Deutsch de *"},
		"a description comes first":        {[]media.AudioTrack{{Index: 1, Language: "eng", VisualImpaired: true, Default: true}, {Index: 2, Language: "eng"}}, "English, audio description en, English en *"},
		"described by initials":            {[]media.AudioTrack{{Index: 1, Language: "eng", Title: "English (AD)"}, {Index: 2, Language: "eng", Title: "Adam"}}, "English (AD) en, Adam en *"},
		"commentary and description alone": {[]media.AudioTrack{{Index: 1, Commentary: true}, {Index: 2, VisualImpaired: true, Default: true}}, "Audio 1, commentary und, Audio 2, audio description und *"},
		"clear voices":                     {[]media.AudioTrack{{Index: 1, Language: "eng"}, {Index: 2, Language: "eng", HearingImpaired: true}}, "English en *, English, hearing impaired en"},
		"no decoder":                       {[]media.AudioTrack{{Index: 1, Language: "eng", Undecodable: true, Default: true}, {Index: 2, Language: "fra"}}, "Français fr *"},
		"no decoder for any":               {[]media.AudioTrack{{Index: 1, Undecodable: true}}, ""},
		"a disabled track":                 {[]media.AudioTrack{{Index: 1, Language: "eng", Disabled: true, Default: true}, {Index: 2, Language: "fra"}}, "Français fr *"},
		"all disabled":                     {[]media.AudioTrack{{Index: 1, Language: "eng", Disabled: true}, {Index: 2, Language: "fra", Disabled: true, Default: true}}, "English en, Français fr *"},
		"BCP 47":                           {[]media.AudioTrack{{Index: 1, Language: "pt-BR"}, {Index: 2, Language: "cmn-Hans"}, {Index: 3, Language: "yue"}}, "Português pt-BR *, 简体中文 cmn-Hans, 粵語 yue"},
		"not a language":                   {[]media.AudioTrack{{Index: 1, Language: "\"\n#EXT"}}, "Audio 1 und *"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := Plan(picture(320, 180, spoken(test.in...)), DefaultPolicy())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range l.Audios() {
				text := r.Name + " " + r.Language
				if r.Default {
					text += " *"
				}
				got = append(got, text)
			}
			if s := strings.Join(got, ", "); s != test.want {
				t.Errorf("audio is %q, want %q", s, test.want)
			}
		})
	}
}

// A file may hold hundreds of tracks of sound. Each rendition is an output of the encoder, with memory of its own.
func TestPlanBoundsTheAudio(t *testing.T) {
	t.Parallel()
	many := func(n int, change ...func([]media.AudioTrack)) []media.AudioTrack {
		tracks := make([]media.AudioTrack, n)
		for i := range tracks {
			tracks[i] = media.AudioTrack{Index: i + 1, Language: "eng"}
		}
		for _, c := range change {
			c(tracks)
		}
		return tracks
	}
	upTo := func(n int) (streams []int) {
		for i := range n {
			streams = append(streams, i+1)
		}
		return streams
	}
	tests := map[string]struct {
		in       []media.AudioTrack
		want     []int // stream indexes of the renditions
		standard int   // stream index of the default
	}{
		"as many as allowed": {many(32), upTo(32), 1},
		"one more":           {many(33), upTo(32), 1},
		"300":                {many(300), upTo(32), 1},
		"the default is late": {
			many(300, func(a []media.AudioTrack) { a[250].Default = true }), append(upTo(31), 251), 251,
		},
		"other languages are late": {
			many(300, func(a []media.AudioTrack) { a[100].Language, a[200].Language, a[201].Language = "fra", "jpn", "jpn" }),
			append(upTo(30), 101, 201), 1,
		},
		"a language by two names": {
			many(300, func(a []media.AudioTrack) { a[100].Language, a[200].Language = "fra", "fre" }),
			append(upTo(31), 101), 1,
		},
		"more languages than that": {
			many(300, func(a []media.AudioTrack) {
				codes := "am ar az be bg bn bs ca cs cy da de el es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko"
				for i, code := range strings.Fields(codes) {
					a[10+i].Language = code
				}
			}), append([]int{1}, upTo(41)[10:]...), 1,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := Plan(picture(320, 180, spoken(test.in...)), DefaultPolicy())
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			standard := 0
			for _, r := range l.Audios() {
				got = append(got, r.Stream)
				if r.Default {
					standard = r.Stream
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" || standard != test.standard {
				t.Errorf("the default is stream %d, want %d; streams (-want +got):\n%s", standard, test.standard, diff)
			}
		})
	}
}

// The stored plan is a promise to every segment that is already there: a change of these files orphans libraries.
func TestPlanAssetGolden(t *testing.T) {
	t.Parallel()
	hdr := video(func(v *media.VideoTrack) {
		v.ColorTransfer, v.PixelFormat, v.Codec = "smpte2084", "yuv420p10le", "hevc"
	})
	fields := video(func(v *media.VideoTrack) {
		v.FieldOrder, v.FrameRate, v.AverageRate = "tt", media.Ratio{Num: 25, Den: 1}, media.Ratio{Num: 25, Den: 1}
	})
	english := media.AudioTrack{Index: 1, Codec: "ac3", Channels: 6, SampleRate: 48000, Language: "eng", Default: true}
	for name, p := range map[string]media.Probe{
		"film1080.json":   picture(1920, 1080, spoken(english, media.AudioTrack{Index: 2, Language: "fra", Codec: "aac", Channels: 2})),
		"hdr2160.json":    picture(3840, 2160, hdr, spoken(english)),
		"dvd576i.json":    picture(720, 576, stretched(64, 45), fields, spoken(english)),
		"phone.json":      picture(1920, 1080, rotated(90)),
		"small10fps.json": picture(320, 180, video(func(v *media.VideoTrack) { v.FrameRate = media.Ratio{Num: 10, Den: 1}; v.AverageRate = v.FrameRate })),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := PlanAsset("0123456789abcdef", p, DefaultPolicy())
			if err != nil {
				t.Fatal(err)
			}
			a.Probe = media.Probe{} // given, not planned
			text, err := json.MarshalIndent(a, "", "\t")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, append(text, '\n'))
		})
	}
}

func TestAnotherPolicyIsAnotherAsset(t *testing.T) {
	t.Parallel()
	policy := DefaultPolicy()
	policy.Rungs = policy.Rungs[1:]
	a, err := PlanAsset("feed", picture(1920, 1080), DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	b, err := PlanAsset("feed", picture(1920, 1080), policy)
	if err != nil {
		t.Fatal(err)
	}
	if a.ID == b.ID || a.Prefix == b.Prefix {
		t.Errorf("both policies give %s at %s", a.ID, a.Prefix)
	}
	if fingerprintOf(a.ID) != "feed" || fingerprintOf(b.ID) != "feed" {
		t.Errorf("fingerprints %q and %q", fingerprintOf(a.ID), fingerprintOf(b.ID))
	}
}

func TestLevelFor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		width, height int
		rate          float64
		maxRate       int
		want          string
	}{
		{320, 180, 24, 190_000, "2.1"},
		{352, 288, 50, 500_000, "2.1"},
		{352, 288, 60, 500_000, "3.0"},
		{640, 360, 30, 700_000, "3.0"},
		{640, 360, 30, 13_000_000, "3.1"},
		{720, 576, 25, 1_500_000, "3.0"},
		{854, 480, 25, 1_400_000, "3.0"},
		{854, 480, 30, 1_400_000, "3.1"},
		{1280, 720, 30, 3_000_000, "3.1"},
		{1280, 720, 60, 3_000_000, "3.2"},
		{1920, 1080, 30, 6_000_000, "4.0"},
		{1920, 1080, 30, 40_000_000, "4.2"},
		{1920, 1080, 60, 6_000_000, "4.2"},
		{3840, 2160, 30, 20_000_000, "5.1"},
		{3840, 2160, 60, 20_000_000, "5.2"},
	}
	for _, test := range tests {
		if got := levelFor(test.width, test.height, test.rate, test.maxRate); got.name != test.want {
			t.Errorf(
				"%dx%d at %g, %d bit/s: level %s, want %s", test.width, test.height, test.rate, test.maxRate, got.name,
				test.want,
			)
		}
	}
}
