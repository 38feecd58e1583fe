package sourcecheck

import (
	"fmt"
	"math"
	"strings"

	"movify/pkg/hlscheck"
)

// The rules about an asset and its source.
const (
	PictureMissing hlscheck.Rule = "picture-missing"
	PictureEnd     hlscheck.Rule = "picture-end"
	PictureFrozen  hlscheck.Rule = "picture-frozen"
	PictureShift   hlscheck.Rule = "picture-shift"
	SoundMissing   hlscheck.Rule = "sound-missing"
	SoundStart     hlscheck.Rule = "sound-start"
	SoundEnd       hlscheck.Rule = "sound-end"
	SoundShift     hlscheck.Rule = "sound-shift"
	SoundHole      hlscheck.Rule = "sound-hole"
	SoundExtra     hlscheck.Rule = "sound-extra"
	AVOffset       hlscheck.Rule = "av-offset"
	ColorLabels    hlscheck.Rule = "color-labels"
	Combing        hlscheck.Rule = "combing"
)

// section is why the rule is one. No specification says that a stream must be its source.
func section(r hlscheck.Rule) string {
	switch r {
	case AVOffset, SoundShift, PictureShift:
		return fmt.Sprintf("more than %d ms are seen and heard", offsetUS/1000)
	case ColorLabels:
		return "ITU-T H.264 E.2.1; a player guesses what is not labelled, and devices guess differently"
	case Combing:
		return "a ladder is progressive; HLS Authoring Specification for Apple Devices 1.15"
	}
	return "an asset has what its source has"
}

// offsetUS is how far sound and picture may be apart from where the source has them, microseconds: ITU-R BT.1359-1 has
// the threshold of detection at 45 ms for sound that is early, and measuring is exact to some 10 ms.
const offsetUS = 40_000

// Result is the judgement of one asset.
type Result struct {
	Findings []hlscheck.Finding
	Offsets  []Offset
}

// Offset is where the sound of a rendition stands against the picture, compared with the source.
type Offset struct {
	Path string `json:"path"` // of the rendition's Media Playlist
	// StartMS and EndMS are milliseconds at the first and the last place where both can be measured; positive = the
	// sound is late. nil = the sound is too even, or not that of the source.
	StartMS *int `json:"startMs,omitempty"`
	EndMS   *int `json:"endMs,omitempty"`
}

// Compare judges an asset by its film.
func Compare(film Film, asset Asset) Result {
	c := &comparison{film: film, asset: asset, known: map[string]int{}}
	c.labels()
	c.combing()
	if len(asset.Pictures.TimesUS) == 0 {
		c.find(PictureEnd, asset.Pictures.Path, -1, "none of its pictures can be decoded")
	} else {
		c.pictures()
		c.ends()
		c.frozen()
	}
	c.sounds()
	return c.Result
}

// comparison collects findings.
type comparison struct {
	Result
	film  Film
	asset Asset
	track pictureTrack
	known map[string]int // rule and rendition → index in Findings
	moves []move         // of the sound that is compared
}

// find adds a finding at a time of the asset; a negative time is none. A rule that was broken in this rendition before is
// counted there.
func (c *comparison) find(rule hlscheck.Rule, where string, atUS int64, format string, args ...any) {
	key := string(rule) + " " + where
	if n, ok := c.known[key]; ok {
		c.Findings[n].Times++
		return
	}
	c.known[key] = len(c.Findings)
	f := hlscheck.Finding{
		Rule: rule, Section: section(rule), Where: where, What: fmt.Sprintf(format, args...), Times: 1,
	}
	if atUS >= 0 {
		seconds := math.Round(float64(atUS)/1e5) / 10
		f.Seconds = &seconds
	}
	c.Findings = append(c.Findings, f)
}

// labels judges what each rung says about its colour.
func (c *comparison) labels() {
	var first Rung
	for _, r := range c.asset.Rungs {
		var missing []string
		for _, l := range [...]struct{ name, value string }{
			{"colour primaries", r.Primaries}, {"transfer characteristics", r.Transfer}, {"matrix coefficients", r.Matrix},
		} {
			if l.value == "" || l.value == "unknown" {
				missing = append(missing, l.name)
			}
		}
		switch {
		case len(missing) > 0:
			c.find(ColorLabels, r.Path, -1, "does not say its %s", strings.Join(missing, ", "))
		case first == Rung{}:
			first = r
		case first.Primaries != r.Primaries || first.Transfer != r.Transfer || first.Matrix != r.Matrix:
			c.find(ColorLabels, r.Path, -1, "says %s, %s says %s", r.labels(), first.Path, first.labels())
		}
	}
}

func (r Rung) labels() string { return r.Primaries + "/" + r.Transfer + "/" + r.Matrix }

// combing finds frames of two fields each: most of those that look combed have the same field first. Fine horizontal lines
// that move look combed too, with either field first equally often.
func (c *comparison) combing() {
	f := c.asset.Tallest.Fields
	more, less := max(f.TopFirst, f.BottomFirst), min(f.TopFirst, f.BottomFirst)
	if f.Frames < 10 || (more-less)*4 < f.Frames {
		return
	}
	source := "the source says that it is progressive"
	if c.film.Interlaced {
		source = "the source is interlaced"
	}
	c.find(Combing, c.asset.Tallest.Path, -1, "%d of %d pictures that were looked at show two fields at once; %s",
		more+less, f.Frames, source)
}

// ends judges when pictures and sound end. Picture or sound that is held while the other goes on is no fault.
func (c *comparison) ends() {
	film, asset := c.film.Pictures, c.asset.Pictures
	shift := c.track.first()
	frame := max(film.frameUS(), asset.frameUS())
	end, last := film.EndUS()+shift, film.EndUS()
	for _, s := range c.film.Sounds {
		last = max(last, s.EndUS())
	}
	last += shift
	got := asset.EndUS()
	switch slack := frame*3/2 + 1000; {
	case got < end-slack:
		c.find(PictureEnd, asset.Path, got, "the picture ends at %s s, %s s (%d frames) before the source's",
			clock(got), clock(end-got), (end-got+asset.frameUS()/2)/asset.frameUS())
	case got > last+max(slack, endSlackUS):
		c.find(PictureEnd, asset.Path, last, "the picture goes on for %s s (%d frames) behind the end of the source",
			clock(got-last), (got-last+asset.frameUS()/2)/asset.frameUS())
	}
	for _, s := range c.asset.Sounds {
		if late := s.EndUS() - last; late > endSlackUS && len(s.Levels) > 0 {
			c.find(SoundEnd, s.Path, last, "the sound goes on for %s s behind the end of the source", clock(late))
		}
	}
}

// endSlackUS is how far a track may go on behind the end of the source: sound comes in AAC frames of 21 ms, and an
// encoder adds some.
const endSlackUS = 100_000

// clock writes microseconds as seconds.
func clock(us int64) string { return fmt.Sprintf("%.2f", float64(us)/1e6) }
