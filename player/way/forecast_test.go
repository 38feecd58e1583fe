package way

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
)

func TestForesee(t *testing.T) {
	t.Parallel()
	const mp4, matroska = "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"
	h264 := media.VideoTrack{Codec: "h264", Profile: "High", Level: 41, Width: 1920, Height: 1080, PixelFormat: "yuv420p"}
	of := func(codec, profile, pixels string, level int) media.VideoTrack {
		return media.VideoTrack{Codec: codec, Profile: profile, Level: level, Width: 1920, Height: 1080, PixelFormat: pixels}
	}
	but := func(change func(*media.VideoTrack)) media.VideoTrack { v := h264; change(&v); return v }
	original, ladder := Forecast{Kind: Original}, func(cause string) Forecast { return Forecast{Kind: Ladder, Cause: cause} }
	for name, c := range map[string]struct {
		format string
		video  media.VideoTrack
		sounds []string
		want   Forecast
	}{
		"H.264 and AAC in MP4":        {mp4, h264, []string{"aac"}, original},
		"H.264 and AAC in Matroska":   {matroska, h264, []string{"aac"}, original},
		"a silent film":               {mp4, h264, nil, original},
		"MP3":                         {mp4, h264, []string{"mp3"}, original},
		"Opus and FLAC":               {matroska, h264, []string{"opus", "flac"}, original},
		"AC-3":                        {matroska, h264, []string{"ac3"}, Forecast{Kind: Original, Sound: true}},
		"E-AC-3":                      {matroska, h264, []string{"eac3", "aac"}, Forecast{Kind: Original, Sound: true}},
		"DTS":                         {matroska, h264, []string{"dts"}, Forecast{Kind: Original, Sound: true}},
		"TrueHD":                      {matroska, h264, []string{"truehd"}, Forecast{Kind: Original, Sound: true}},
		"baseline":                    {mp4, of("h264", "Constrained Baseline", "yuv420p", 30), []string{"aac"}, original},
		"main":                        {mp4, of("h264", "Main", "yuv420p", 31), []string{"aac"}, original},
		"an H.264 that says nothing":  {mp4, of("h264", "", "", 0), []string{"aac"}, original},
		"H.264 of 10 bits":            {matroska, of("h264", "High 10", "yuv420p10le", 41), []string{"aac"}, ladder("H.264 High 10")},
		"H.264 of 10 bits, intra":     {matroska, of("h264", "High 10 Intra", "yuv420p10le", 41), nil, ladder("H.264 High 10")},
		"H.264 4:2:2":                 {mp4, of("h264", "High 4:2:2", "yuv422p", 41), nil, ladder("H.264 High 4:2:2")},
		"H.264 4:4:4":                 {mp4, of("h264", "High 4:4:4 Predictive", "yuv444p", 41), nil, ladder("H.264 High 4:4:4")},
		"HEVC":                        {mp4, of("hevc", "Main", "yuv420p", 120), []string{"aac"}, ladder("HEVC Main")},
		"HEVC of 10 bits":             {matroska, of("hevc", "Main 10", "yuv420p10le", 153), []string{"aac"}, ladder("HEVC Main 10")},
		"HEVC range extensions":       {matroska, of("hevc", "Rext", "yuv422p10le", 153), nil, ladder("HEVC Range Extensions")},
		"AV1":                         {matroska, of("av1", "Main", "yuv420p10le", 8), []string{"opus"}, original},
		"AV1 of 12 bits":              {mp4, of("av1", "Professional", "yuv420p12le", 8), []string{"opus"}, ladder("AV1 Professional")},
		"AV1 4:4:4":                   {mp4, of("av1", "High", "yuv444p", 8), []string{"opus"}, ladder("AV1 High")},
		"VP9":                         {matroska, of("vp9", "Profile 0", "yuv420p", -99), []string{"opus"}, original},
		"VP9 of 10 bits":              {matroska, of("vp9", "Profile 2", "yuv420p10le", -99), []string{"opus"}, original},
		"VP9 4:4:4":                   {matroska, of("vp9", "Profile 1", "yuv444p", -99), []string{"opus"}, ladder("VP9 profile 1")},
		"MPEG-2":                      {matroska, of("mpeg2video", "Main", "yuv420p", 8), []string{"ac3"}, ladder("MPEG-2")},
		"DivX":                        {matroska, of("mpeg4", "Advanced Simple Profile", "yuv420p", 5), []string{"mp3"}, ladder("MPEG-4 Part 2")},
		"a codec without a name here": {matroska, of("cinepak", "", "", 0), nil, ladder("cinepak")},
		"AVI":                         {"avi", h264, []string{"mp3"}, ladder("in avi")},
		"MPEG-TS":                     {"mpegts", h264, []string{"aac"}, ladder("in mpegts")},
		"interlaced":                  {matroska, but(func(v *media.VideoTrack) { v.FieldOrder = "tt" }), []string{"aac"}, ladder("interlaced")},
		"cropped":                     {matroska, but(func(v *media.VideoTrack) { v.Crop.Top = 20 }), []string{"aac"}, ladder("cropped")},
		"turned":                      {mp4, but(func(v *media.VideoTrack) { v.Rotation = -90 }), []string{"aac"}, original},
		"HDR10 in VP9": {matroska, func() media.VideoTrack {
			v := of("vp9", "Profile 2", "yuv420p10le", 51)
			v.ColorTransfer = "smpte2084"
			return v
		}(), []string{"opus"}, ladder("HDR")},
		"HLG in AV1": {matroska, func() media.VideoTrack {
			v := of("av1", "Main", "yuv420p10le", 12)
			v.ColorTransfer = "arib-std-b67"
			return v
		}(), []string{"opus"}, ladder("HDR")},
	} {
		p := media.Probe{Format: c.format, Video: []media.VideoTrack{c.video}}
		for n, codec := range c.sounds {
			p.Audio = append(p.Audio, media.AudioTrack{Index: n + 1, Codec: codec})
		}
		got, ok := Foresee(UsualBrowser(), p)
		if diff := cmp.Diff(c.want, got); !ok || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, ok, diff)
		}
	}
	// The sound that is heard first is the default one, and one that is not to be used is none.
	p := media.Probe{Format: mp4, Video: []media.VideoTrack{h264}, Audio: []media.AudioTrack{
		{Codec: "ac3", Disabled: true}, {Codec: "dts"}, {Codec: "aac", Default: true},
	}}
	if got, _ := Foresee(UsualBrowser(), p); got != original {
		t.Errorf("of several sounds: %+v", got)
	}
	if got, ok := Foresee(UsualBrowser(), media.Probe{Format: mp4, Audio: p.Audio}); ok {
		t.Errorf("without a picture: %+v", got)
	}
	p.Recordings = []media.Recording{{}, {}}
	if got, _ := Foresee(UsualBrowser(), p); got != ladder("joined recordings") {
		t.Errorf("joined: %+v", got)
	}
}
