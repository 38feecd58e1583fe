package hlscheck

import (
	"math"
	"slices"
)

// consistent judges the renditions beside each other: a player changes between them at any segment.
func (j *judge) consistent(streams []*stream) {
	if len(streams) == 0 {
		return
	}
	first := streams[0]
	slack := slackOf(streams)
	for _, s := range streams[1:] {
		if a, b := first.playlist.target, s.playlist.target; a != b && a > 0 && b > 0 {
			j.find(SameTarget, s.ref.path, "has the target duration %d, %s has %d", b, first.ref.path, a)
		}
		if j.original && s.ref.audio != nil {
			if !slices.Contains(j.encoded, s.ref.path) {
				j.cutTogether(first, s)
			}
			continue
		}
		if a, b := len(first.playlist.segments), len(s.playlist.segments); a != b {
			j.find(SegmentCount, s.ref.path, "has %d segments, %s has %d", b, first.ref.path, a)
		}
		if a, b := first.playlist.duration(), s.playlist.duration(); math.Abs(a-b) > slack {
			j.find(SameDuration, s.ref.path, "lasts %.3f s, %s lasts %.3f s", b, first.ref.path, a)
		}
	}
}

// cutTogether judges a copied sound: each of its segments begins with the picture's of the same number or a little later, so that
// a player that seeks loads the same numbers.
func (j *judge) cutTogether(picture, sound *stream) {
	for n := range min(len(picture.begins), len(sound.begins)) {
		at := float64(picture.begins[n]) / float64(picture.track.timescale)
		own := float64(sound.begins[n]) / float64(sound.track.timescale)
		if own < at-tolerance || own > at+lateSound+tolerance {
			j.find(CutTogether, sound.playlist.segments[n].String(), "begins at %.3f s, the picture's at %.3f s", own, at)
		}
	}
}

// slackOf is the longest frame of all renditions in seconds, with room for rounding.
func slackOf(streams []*stream) float64 {
	longest := 0.0
	for _, s := range streams {
		if s.frames > 0 && s.track.timescale > 0 {
			longest = max(longest, float64(s.ticks)/float64(s.frames)/float64(s.track.timescale))
		}
	}
	return longest + tolerance
}

// frameRate is the number of frames a second: on average or, in an Original stream, of the segment that has the most of those that last
// half a second or more, as FRAME-RATE is the maximum.
func (s *stream) frameRate(original bool) (largest float64) {
	scale := s.track.timescale
	for _, m := range s.segments {
		if original && m.ticks > 0 && (2*m.ticks >= scale || len(s.segments) == 1) {
			largest = max(largest, float64(m.frames)*float64(scale)/float64(m.ticks))
		}
	}
	if original {
		return largest
	}
	return float64(s.frames) * float64(scale) / float64(s.ticks)
}

// Bounds of the difference between FRAME-RATE and the rate. That of a film whose pictures differ in length is not known before all
// are read.
const (
	constantSlack = 0.001
	variableSlack = 0.5
	variableFrom  = 0.01 // by how much the rates of segments differ in such a film
)

// rateSlack is how far the rate may be from FRAME-RATE. The first segment is not looked at: its first picture may be held.
func (s *stream) rateSlack(original bool) float64 {
	least, largest := math.Inf(1), 0.0
	for _, m := range s.segments[min(1, len(s.segments)):] {
		if 2*m.ticks >= s.track.timescale {
			rate := float64(m.frames) / float64(m.ticks)
			least, largest = min(least, rate), max(largest, rate)
		}
	}
	if original && largest > least*(1+variableFrom) {
		return variableSlack
	}
	return constantSlack
}

// variants checks the numbers of a Multivariant Playlist against the segments. Only a variant whose every segment, and
// whose every audio segment, was read can be checked.
func (j *judge) variants(mv multivariant, streams []*stream) {
	whole := make(map[string]*stream)
	for _, s := range streams {
		if len(s.segments) > 0 && len(s.segments) == len(s.playlist.segments) {
			whole[s.ref.path] = s
		}
	}
	audioPeak, audioAverage := 0, 0
	for _, a := range mv.audios {
		s := whole[a.path]
		if s == nil {
			return
		}
		audioPeak, audioAverage = max(audioPeak, s.peak()), max(audioAverage, s.average())
	}
	for _, v := range mv.variants {
		if s := whole[v.path]; s != nil {
			where := s.folder() + "/"
			if peak := s.peak() + audioPeak; v.bandwidth > 0 && peak > v.bandwidth {
				j.find(PeakBandwidth, where, "peaks at %d bit/s, BANDWIDTH says %d", peak, v.bandwidth)
			}
			average := s.average() + audioAverage
			if off := math.Abs(float64(average)/float64(max(1, v.average)) - 1); v.average > 0 && off > 0.1 {
				j.find(AverageBitrate, where, "has %d bit/s on average, AVERAGE-BANDWIDTH says %d", average, v.average)
			}
			rate := s.frameRate(j.original)
			if v.frameRate > 0 && math.Abs(rate/v.frameRate-1) > s.rateSlack(j.original) {
				j.find(FrameRate, where, "has %.3f frames/s, FRAME-RATE says %.3f", rate, v.frameRate)
			}
		}
	}
}
