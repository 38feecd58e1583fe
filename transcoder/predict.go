package transcoder

import (
	"time"

	"movify/pkg/media"
)

// Footage is films whose pictures have one height, for a prediction.
type Footage struct {
	Height   int // of the picture as displayed, in pixels; 0 = not known
	Files    int
	Duration time.Duration // of all of them together
}

// Prediction is what a setting costs.
type Prediction struct {
	// Work is how long this machine encodes when it does nothing else.
	Work time.Duration
	// Bytes is the space at the highest bit rate of each rendition. Most films need less.
	Bytes int64
}

// Add sums two predictions up.
func (p Prediction) Add(q Prediction) Prediction {
	return Prediction{p.Work + q.Work, p.Bytes + q.Bytes}
}

// Predictions are what each setting costs of itself, before a viewer needs a ladder. LadderNever costs nothing.
type Predictions map[media.LadderSetting]Prediction

// PredictOptions are what a prediction follows from, beside the films.
type PredictOptions struct {
	Policy  Policy
	Speeds  []Speed
	Prewarm time.Duration
	// PresetCost is how many times longer than the just-in-time preset, with which Speeds were measured, the preset of
	// background runs takes.
	PresetCost float64
}

const (
	// decodingShare is what decoding takes of the time of encoding the same pictures with the just-in-time preset; a file
	// is decoded once for all of its rungs. Measured on 1080p H.264: 3.0 and 9.5 s.
	decodingShare = 0.32
	// soundTimes is how many times realtime a sound is encoded. Measured: 5.1 channels to stereo on one core.
	soundTimes = 27
	// filmRate is the frame rate that is taken for films, in frames/s.
	filmRate = 24
)

// pictureClasses are the heights of 16:9 boxes that pictures are cut for: one of 800 lines has the width of 1080.
var pictureClasses = [...]int{360, 480, 576, 720, 1080, 1440, 2160}

// Predict says what the settings cost for films, each taken as a film in 24 frames/s with one sound in a ladder of the
// policy. Films of unknown height count as 1080p. Without speeds Work is 0.
func Predict(films []Footage, o PredictOptions) Predictions {
	out := Predictions{media.LadderNever: {}, media.LadderWhenWatched: {}, media.LadderAlways: {}}
	for _, f := range films {
		if f.Files <= 0 || f.Duration <= 0 {
			continue
		}
		width, height := pictureOf(f.Height)
		rungs := rungsFor(width, height, o.Policy.Rungs)
		out[media.LadderAlways] = out[media.LadderAlways].Add(predict(rungs, width*height, f.Duration, o))
		if o.Prewarm > 0 {
			beginning := o.Prewarm + time.Duration(o.Policy.SegmentSeconds)*time.Second
			beginnings := min(f.Duration, beginning*time.Duration(f.Files))
			start := out[media.LadderWhenWatched]
			start = start.Add(predict([]sized{startOf(rungs, o.Speeds)}, width*height, beginnings, o))
			out[media.LadderWhenWatched] = start
		}
	}
	return out
}

// pictureOf gives the size of the picture of a film that is so many lines high, of the width of the box it was cut for.
func pictureOf(height int) (width, lines float64) {
	if height <= 0 {
		height = 1080
	}
	box := height
	for i := len(pictureClasses) - 1; i >= 0; i-- {
		if pictureClasses[i] >= height {
			box = pictureClasses[i]
		}
	}
	return float64(box) * 16 / 9, float64(height)
}

// startOf gives the rung that StartRung would choose of an asset of which nothing is stored.
func startOf(rungs []sized, speeds []Speed) sized {
	for _, r := range rungs {
		if estimateSpeed(speeds, r.width, r.height, filmRate) >= fastEnough {
			return r
		}
	}
	return rungs[len(rungs)-1]
}

// predict is what some rungs and a sound of films with pictures of that many pixels cost.
func predict(rungs []sized, pixels float64, d time.Duration, o PredictOptions) Prediction {
	cost := o.PresetCost
	if cost <= 0 {
		cost = 1
	}
	bits, share := float64(o.Policy.AudioRate), 0.0 // of realtime
	for _, r := range rungs {
		bits += float64(r.maxRate)
		if speed := pixelSpeed(o.Speeds, r.height); speed > 0 {
			share += float64(r.width*r.height) * filmRate / speed * cost
		}
	}
	if speed := pixelSpeed(o.Speeds, rungs[0].height); speed > 0 {
		share += pixels*filmRate/speed*decodingShare + 1.0/soundTimes
	}
	return Prediction{
		Work:  time.Duration(share * float64(d)).Round(time.Second),
		Bytes: int64(bits / 8 * d.Seconds()),
	}
}

// Predict says what the settings cost on this machine, for films.
func (s *Service) Predict(films []Footage) Predictions {
	return Predict(films, PredictOptions{
		Policy: s.opts.Policy, Speeds: s.opts.Speeds, Prewarm: s.opts.Prewarm, PresetCost: s.opts.PresetCost,
	})
}
