package media

import "testing"

func TestPictureIsTheBestTrack(t *testing.T) {
	t.Parallel()
	film := VideoTrack{Codec: "h264", Width: 640, Height: 360, DurationUS: 60_000_000}
	with := func(change func(*VideoTrack)) VideoTrack {
		v := film
		change(&v)
		return v
	}
	standard := with(func(v *VideoTrack) { v.Default = true })
	large := with(func(v *VideoTrack) { v.Width, v.Height = 1280, 720 })
	long := with(func(v *VideoTrack) { v.DurationUS = 70_000_000 })
	for name, test := range map[string]struct {
		tracks []VideoTrack
		want   int // position; -1 = none
	}{
		"nothing":                       {nil, -1},
		"one":                           {[]VideoTrack{film}, 0},
		"the first of equals":           {[]VideoTrack{film, film}, 0},
		"the default":                   {[]VideoTrack{film, large, long, standard}, 3},
		"the first default":             {[]VideoTrack{film, standard, standard}, 1},
		"the longest default":           {[]VideoTrack{standard, with(func(v *VideoTrack) { v.Default, v.DurationUS = true, 90_000_000 })}, 1},
		"the longest":                   {[]VideoTrack{film, large, long}, 2},
		"as long but for a moment":      {[]VideoTrack{large, with(func(v *VideoTrack) { v.DurationUS = 60_400_000 })}, 0},
		"the largest":                   {[]VideoTrack{film, large, film}, 1},
		"as long as the file":           {[]VideoTrack{film, with(func(v *VideoTrack) { v.DurationUS = 0 })}, 1},
		"an attached picture":           {[]VideoTrack{with(func(v *VideoTrack) { v.AttachedPicture, v.Default = true, true }), film}, 1},
		"only an attached picture":      {[]VideoTrack{with(func(v *VideoTrack) { v.AttachedPicture = true })}, -1},
		"thumbnails":                    {[]VideoTrack{with(func(v *VideoTrack) { v.Still, v.Default = true, true }), film}, 1},
		"a cover in a track of its own": {[]VideoTrack{with(func(v *VideoTrack) { v.Codec, v.Default = "mjpeg", true }), film}, 1},
		"a picture of one frame":        {[]VideoTrack{with(func(v *VideoTrack) { v.Frames, v.Default = 1, true }), film}, 1},
		"a film of photographs":         {[]VideoTrack{with(func(v *VideoTrack) { v.Codec = "mjpeg" })}, 0},
		"a disabled default":            {[]VideoTrack{with(func(v *VideoTrack) { v.Disabled, v.Default = true, true }), film}, 1},
		"a disabled one alone":          {[]VideoTrack{with(func(v *VideoTrack) { v.Disabled = true })}, 0},
		"a default without a decoder":   {[]VideoTrack{with(func(v *VideoTrack) { v.Undecodable, v.Default = true, true }), film}, 1},
		"a disabled one that has one":   {[]VideoTrack{with(func(v *VideoTrack) { v.Undecodable = true }), with(func(v *VideoTrack) { v.Disabled = true })}, 1},
	} {
		p := Probe{DurationUS: 65_000_000}
		for n, v := range test.tracks {
			v.Index = n
			p.Video = append(p.Video, v)
		}
		got := -1
		if v, ok := p.Picture(); ok {
			got = v.Index
		}
		if got != test.want {
			t.Errorf("%s: track %d, want %d", name, got, test.want)
		}
	}
}
