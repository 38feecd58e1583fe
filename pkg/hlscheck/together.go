package hlscheck

import "math"

// consistent judges the renditions beside each other: a player changes between them at any segment.
func (j *judge) consistent(streams []*stream) {
	if len(streams) == 0 {
		return
	}
	first := streams[0]
	slack := slackOf(streams)
	for _, s := range streams[1:] {
		if a, b := len(first.playlist.segments), len(s.playlist.segments); a != b {
			j.find(SegmentCount, s.ref.path, "has %d segments, %s has %d", b, first.ref.path, a)
		}
		if a, b := first.playlist.target, s.playlist.target; a != b && a > 0 && b > 0 {
			j.find(SameTarget, s.ref.path, "has the target duration %d, %s has %d", b, first.ref.path, a)
		}
		if a, b := first.playlist.duration(), s.playlist.duration(); math.Abs(a-b) > slack {
			j.find(SameDuration, s.ref.path, "lasts %.3f s, %s lasts %.3f s", b, first.ref.path, a)
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
			rate := float64(s.frames) * float64(s.track.timescale) / float64(s.ticks)
			if v.frameRate > 0 && math.Abs(rate/v.frameRate-1) > 0.001 {
				j.find(FrameRate, where, "has %.3f frames/s, FRAME-RATE says %.3f", rate, v.frameRate)
			}
		}
	}
}
