package transcoder

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"

	"movify/pkg/id"
	"movify/pkg/media"
)

// Plan says which renditions a file gets: video from the tallest rung that does not enlarge the picture down, and one
// stereo audio rendition per audio track, up to maxAudio. It is pure: equal arguments give equal ladders.
func Plan(p media.Probe, policy Policy) (media.Ladder, error) {
	v, ok := p.Picture()
	if !ok {
		return media.Ladder{}, ErrNoPicture
	}
	if v.DolbyVision == 5 {
		return media.Ladder{}, ErrDolby5
	}
	width, height := displaySize(v)
	if width < 2 || height < 2 {
		return media.Ladder{}, ErrNoPicture
	}
	rate := outputRate(v)
	var l media.Ladder
	for _, r := range rungsFor(width, height, policy.Rungs) {
		l.Renditions = append(l.Renditions, videoRendition(v, r, rate))
	}
	l.Renditions = append(l.Renditions, audioRenditions(p.Audio, policy.AudioRate)...)
	return l, nil
}

// displaySize is the picture's size in square pixels, upright.
func displaySize(v media.VideoTrack) (width, height float64) {
	width, height = float64(v.Width-v.Crop.Left-v.Crop.Right), float64(v.Height-v.Crop.Top-v.Crop.Bottom)
	if v.SAR.Known() {
		width *= v.SAR.Float()
	}
	if quarter := ((v.Rotation%180)+180)%180 == 90; quarter {
		width, height = height, width
	}
	return width, height
}

// sized is a rung fitted to a picture.
type sized struct {
	name          string
	width, height int
	maxRate       int
}

// nearlySource: a rung at least this large a part of the source makes a source-sized rung pointless.
const nearlySource = 0.9

// rungsFor fits the policy's rungs to a picture. A picture between two rungs also gets a rung of its own size, so that
// no detail is lost; one below all rungs gets that alone.
func rungsFor(width, height float64, rungs []Rung) []sized {
	var out []sized
	for _, r := range rungs {
		if s := scaleInto(width, height, r.Height); s <= 1.001 {
			out = append(out, fit(fmt.Sprintf("%dp", r.Height), width, height, min(1, s), r.MaxRate))
		}
	}
	tallest := 0.0
	if len(out) > 0 {
		tallest = float64(out[0].height) / height
	}
	if largest := rungs[0]; tallest < nearlySource && scaleInto(width, height, largest.Height) > 1 {
		lines := int(math.Round(math.Max(math.Max(width, height)*9/16, math.Min(width, height))))
		own := fit(fmt.Sprintf("%dp", lines), width, height, 1, rateFor(width*height, rungs))
		out = append([]sized{own}, out...)
	}
	return out
}

// scaleInto is the factor that makes the picture fill a rung's box, upright or not.
func scaleInto(width, height float64, lines int) float64 {
	long, short := float64(lines)*16/9, float64(lines)
	return math.Min(long/math.Max(width, height), short/math.Min(width, height))
}

func fit(name string, width, height, scale float64, maxRate int) sized {
	return sized{name: name, width: even(width*scale, width), height: even(height*scale, height), maxRate: maxRate}
}

// even is the nearest even number, which does not enlarge an odd source.
func even(x, source float64) int {
	n := int(math.Round(x/2)) * 2
	if float64(n) > source+0.5 {
		n -= 2
	}
	return max(2, n)
}

// rateFor takes the rate of the next larger rung and scales it by the pixels: twice the pixels need about 1.7 times the
// bits at equal quality.
func rateFor(pixels float64, rungs []Rung) int {
	above := rungs[0]
	for _, r := range rungs {
		if float64(r.Height*r.Height)*16/9 >= pixels {
			above = r
		}
	}
	full := float64(above.Height*above.Height) * 16 / 9
	rate := float64(above.MaxRate) * math.Pow(pixels/full, 0.75)
	return max(100_000, int(math.Round(rate/10_000))*10_000)
}

func videoRendition(v media.VideoTrack, s sized, rate media.Ratio) media.Rendition {
	level := levelFor(s.width, s.height, rate.Float(), s.maxRate)
	r := media.Rendition{
		Kind: media.Video, Name: s.name, Stream: v.Index, MaxRate: s.maxRate,
		Width: s.width, Height: s.height, Level: level.name,
		Codecs: fmt.Sprintf("avc1.6400%02X", level.idc),
		Color:  outputColor(v),
	}
	// Everything that decides the Init Section, and nothing else.
	recipe := fmt.Sprintf(
		"h264 high %s %dx%d %s stream %d hdr %t bf3 ref3 color %s", r.Level, r.Width, r.Height, rate, v.Index,
		v.HDR(), *r.Color,
	)
	if v.Crop != (media.Crop{}) {
		recipe += fmt.Sprintf(" crop %v", v.Crop)
	}
	r.ID = renditionID("v"+s.name, recipe)
	return r
}

// renditionID joins words a person can read with six digits that change with the recipe.
func renditionID(name, recipe string) id.Rendition {
	sum := sha256.Sum256([]byte(recipe))
	return id.Rendition(name + "-" + hex.EncodeToString(sum[:3]))
}
