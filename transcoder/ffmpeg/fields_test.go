package ffmpeg_test

import (
	"testing"

	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
)

// Whether a film is interlaced its frames say where the stream does not, or says wrong.
func TestFieldsAreLookedUpInTheFrames(t *testing.T) {
	t.Parallel()
	woven := func(rate, size string) []string {
		return []string{"-f", "lavfi", "-i", "testsrc2=s=" + size + ":r=" + rate + ":d=2", "-vf", "tinterlace=interleave_top,setfield=tff"}
	}
	bottom := func(rate, size string) []string {
		return []string{"-f", "lavfi", "-i", "testsrc2=s=" + size + ":r=" + rate + ":d=2", "-vf", "tinterlace=interleave_bottom,setfield=bff"}
	}
	whole := []string{"-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2"}
	asp := []string{"-c:v", "mpeg4", "-flags", "+ildct+ilme", "-top", "1"}
	clip := func(name string, parts ...[]string) string {
		var args []string
		for _, p := range parts {
			args = append(args, p...)
		}
		return testkit.Clip(t, name, args...)
	}
	dv := []string{"-c:v", "dvvideo"}
	tests := map[string]struct {
		path  string
		order string
		rate  media.Ratio
	}{
		"DV in AVI":          {clip("dv.avi", bottom("50", "720x576"), dv, []string{"-pix_fmt", "yuv420p"}), "bb", media.Ratio{Num: 50, Den: 1}},
		"DV by itself":       {clip("raw.dv", bottom("50", "720x576"), dv, []string{"-pix_fmt", "yuv420p"}), "bb", media.Ratio{Num: 50, Den: 1}},
		"DV of 29.97":        {clip("ntsc.avi", bottom("60000/1001", "720x480"), dv, []string{"-pix_fmt", "yuv411p"}), "bb", media.Ratio{Num: 60000, Den: 1001}},
		"ASP in AVI":         {clip("asp.avi", woven("50", "160x120"), asp), "tt", media.Ratio{Num: 50, Den: 1}},
		"ASP in MP4":         {clip("asp.mp4", woven("50", "160x120"), asp), "tt", media.Ratio{Num: 50, Den: 1}},
		"ASP in Matroska":    {clip("asp.mkv", woven("50", "160x120"), asp), "tt", media.Ratio{Num: 50, Den: 1}},
		"ASP, bottom first":  {clip("bottom.avi", bottom("50", "160x120"), []string{"-c:v", "mpeg4", "-flags", "+ildct+ilme", "-top", "0"}), "bb", media.Ratio{Num: 50, Den: 1}},
		"ASP, whole":         {clip("whole.avi", whole, []string{"-c:v", "mpeg4"}), "progressive", media.Ratio{Num: 25, Den: 1}},
		"JPEG, header of tt": {clip("jpeg.mov", whole, []string{"-vf", "setfield=prog", "-c:v", "mjpeg", "-field_order", "tt"}), "progressive", media.Ratio{Num: 25, Den: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := source(t, test.path, "feed").Probe
			v, _ := p.Picture()
			a, err := transcoder.PlanAsset("feed", p, lowest())
			if err != nil {
				t.Fatal(err)
			}
			if v.FieldOrder != test.order || a.Grid.Rate != test.rate {
				t.Errorf("%q at %s, want %q at %s", v.FieldOrder, a.Grid.Rate, test.order, test.rate)
			}
		})
	}
}
