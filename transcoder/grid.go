package transcoder

import (
	"math"

	"movify/pkg/fault"
	"movify/pkg/media"
)

// The files no ladder can be made of.
var (
	ErrNoPicture  = fault.New(fault.Unsupported, "no_picture", "There is no video in this file.")
	ErrNoDuration = fault.New(fault.Unsupported, "no_duration", "The file does not say how long it is.")
	ErrTooLong    = fault.New(
		fault.Unsupported, "too_long", "The file says that it lasts longer than a week, which cannot be right.",
	)
	ErrDolby5 = fault.New(
		fault.Unsupported, "dolby_vision_5",
		"Dolby Vision profile 5 has no picture that this server's ffmpeg can convert.",
	)
)

// standardRates are the broadcast and film rates that boundaries are exact in.
var standardRates = [...]media.Ratio{
	{Num: 24000, Den: 1001}, {Num: 24, Den: 1}, {Num: 25, Den: 1}, {Num: 30000, Den: 1001},
	{Num: 30, Den: 1}, {Num: 50, Den: 1}, {Num: 60000, Den: 1001}, {Num: 60, Den: 1},
}

const (
	maxRate        = 60.0
	rateTolerance  = 0.002         // containers round rates: 19001/317 is 59.94
	variableBeyond = 0.005         // average and nominal rate further apart than this: variable
	longest        = 7 * 24 * 3600 // seconds; a damaged header must not fill the memory with boundaries
)

// planGrid fixes every boundary of a file. full is the length of a full segment in seconds; a start ramp of one, one
// and two quarters of that lets the first picture come early. Sound before the first picture and behind the last one is
// on the grid too.
func planGrid(p media.Probe, v media.VideoTrack, sound []media.AudioTrack, full int) (media.Grid, error) {
	rate := outputRate(v)
	zero := max(0, v.StartUS-p.StartUS)
	total, joints := totalFrames(p, v, rate, zero), []int(nil)
	if len(p.Recordings) > 0 {
		total, joints = joinedFrames(p.Recordings, rate)
	}
	if total < 1 {
		return media.Grid{}, ErrNoDuration
	}
	before, behind := held(p, v, sound, int64(float64(total)/rate.Float()*1e6))
	lead := int(math.Ceil(float64(before)/1e6*rate.Float() - 0.001)) // whole frames: every picture stays at its time
	zero -= int64(math.Round(float64(lead) / rate.Float() * 1e6))
	total += lead + int(math.Round(float64(behind)/1e6*rate.Float()))
	if float64(total) > longest*rate.Float() {
		return media.Grid{}, ErrTooLong
	}
	g := media.Grid{Rate: rate, ZeroUS: zero, Full: int(math.Round(float64(full) * rate.Float())), Joints: joints}
	g.Frames = frameBounds(g.Full, total, int(math.Ceil(rate.Float()/4)))
	g.Audio = audioBounds(g)
	return g, nil
}

// heldFrom is how long sound must last before the first picture, or behind the last, for the picture to be held there,
// microseconds: an encoder's priming and its last frame are shorter.
const heldFrom = 100_000

// held gives how long sound lasts before the first picture and behind the last one, microseconds, of a picture that lasts
// lengthUS. Where a track does not say how long it is, its end is not known to be behind the picture's.
func held(p media.Probe, v media.VideoTrack, sound []media.AudioTrack, lengthUS int64) (before, behind int64) {
	if len(p.Recordings) > 0 {
		return 0, 0 // each recording begins and ends with its picture
	}
	if p.Format == "concat" {
		return 0, 0 // clips of a disc are entered some time before their first picture
	}
	first := max(v.StartUS, p.StartUS)
	last := first + lengthUS
	for _, t := range sound {
		start := max(t.StartUS, p.StartUS)
		before = max(before, first-start)
		if t.DurationUS > 0 {
			behind = max(behind, start+t.DurationUS-last)
		}
	}
	if before < heldFrom {
		before = 0
	}
	if behind < heldFrom {
		behind = 0
	}
	return before, behind
}

// frameBounds gives 0, a quarter, a half and one full segment, then full segments, then the total. A rest shorter than
// least frames joins the segment before it.
func frameBounds(full, total, least int) []int {
	bounds := []int{0}
	add := func(n int) {
		if n > bounds[len(bounds)-1] && total-n >= least {
			bounds = append(bounds, n)
		}
	}
	add(full / 4)
	add(full / 2)
	for n := full; n < total; n += full {
		add(n)
	}
	return append(bounds, total)
}

// audioBounds gives, for each video boundary, the first AAC frame that begins at or after it.
func audioBounds(g media.Grid) []int {
	bounds := make([]int, len(g.Frames))
	for i, n := range g.Frames {
		num := int64(n) * int64(g.Rate.Den) * media.AudioRate
		den := int64(g.Rate.Num) * media.AACFrame
		bounds[i] = int((num + den - 1) / den)
	}
	return bounds
}

// outputRate chooses the constant rate of the ladder. Constant sources keep their own rate when it is a standard one or
// a whole number; a variable source gets the standard rate that loses least; two fields make two frames.
func outputRate(v media.VideoTrack) media.Ratio {
	nominal, average := v.FrameRate.Float(), v.AverageRate.Float()
	if nominal == 0 {
		nominal = average
	}
	rate := nominal
	if variable := average > 0 && math.Abs(average-nominal)/nominal > variableBeyond; variable && average < nominal/2 {
		if near, ok := standardNear(average); ok {
			return near
		}
		return standardAtLeast(average * 0.98) // an average is itself rounded: 24.9 is meant to be 25
	}
	if v.Interlaced() && rate <= 30.5 {
		rate *= 2
	}
	for rate > maxRate*(1+rateTolerance) {
		rate /= 2 // every second picture, evenly
	}
	if near, ok := standardNear(rate); ok {
		return near
	}
	if whole := math.Round(rate); whole >= 1 && whole <= maxRate && math.Abs(whole-rate)/whole < rateTolerance {
		return media.Ratio{Num: int(whole), Den: 1}
	}
	return standardAtLeast(rate)
}

func standardNear(rate float64) (media.Ratio, bool) {
	best, found := media.Ratio{}, false
	for _, s := range standardRates {
		if math.Abs(s.Float()-rate)/s.Float() >= rateTolerance {
			continue
		}
		if !found || math.Abs(s.Float()-rate) < math.Abs(best.Float()-rate) {
			best, found = s, true
		}
	}
	return best, found
}

func standardAtLeast(rate float64) media.Ratio {
	for _, s := range standardRates {
		if s.Float() >= rate {
			return s
		}
	}
	return standardRates[len(standardRates)-1]
}

// totalFrames counts frames on the grid from the picture's own duration; the container's counts longer audio too.
func totalFrames(p media.Probe, v media.VideoTrack, rate media.Ratio, zeroUS int64) int {
	us := p.DurationUS - zeroUS
	if v.DurationUS > 0 && (us <= 0 || v.DurationUS < us) {
		us = v.DurationUS
	}
	if us <= 0 {
		return 0
	}
	total := int(math.Round(float64(us) / 1e6 * rate.Float()))
	if constant := math.Abs(v.FrameRate.Float()-rate.Float())/rate.Float() < rateTolerance; constant && v.Frames > 0 &&
		abs(v.Frames-total) <= 2 {
		return v.Frames // the container counted them: more exact than its rounded duration
	}
	return max(1, total)
}

// joinedFrames counts the frames of recordings one after another, and those before each but the first.
func joinedFrames(recordings []media.Recording, rate media.Ratio) (total int, joints []int) {
	for n, r := range recordings {
		if n > 0 {
			joints = append(joints, total)
		}
		v, _ := r.Probe.Picture()
		total += totalFrames(r.Probe, v, rate, max(0, v.StartUS-r.Probe.StartUS))
	}
	return total, joints
}

func abs(n int) int { return max(n, -n) }
