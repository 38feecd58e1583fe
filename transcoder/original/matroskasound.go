package original

import (
	"fmt"
	"math"

	"movify/pkg/matroska"
	"movify/pkg/media"
)

// matroskaSound is a sound track of a Matroska file that is copied.
type matroskaSound struct {
	source  *matroskaSource
	track   Track
	number  uint64 // of the track in Blocks
	delayNS uint64 // CodecDelay
	clock   media.FrameClock
	frame   int64 // of one frame, ticks of the sound; 0 = not known
	first   int64 // time of its first Block, ticks of the file
	offset  int64 // from times of Blocks to those of the stream, ticks of the sound
	bounds  []int64
	behind  []int64 // offset of the Cluster from which the segments behind the picture are read
	end     int64
}

// apart is for how many seconds a sound may lie before or behind the picture in the file: to make a segment the Blocks of
// its neighbours are read, and no more.
const apart = 5

// longestDelay is more than a codec delays its sound, nanoseconds: Opus some ten milliseconds.
const longestDelay = second

// openSounds opens the sounds that are copied and says which are not.
func (s *matroskaSource) openSounds(start stretch) {
	for n, t := range s.tracks {
		if !used(s.tracks, t, typeAudio) {
			continue
		}
		sound, reason := s.openSound(n, t, start.tracks[t.Number])
		if reason == "" && len(s.sounds) == maxSounds {
			reason = media.LeftTooMany
		}
		if reason != "" {
			s.left = append(s.left, media.LeftSound{Stream: n, Codec: t.Codec, Reason: reason})
			continue
		}
		s.sounds = append(s.sounds, sound)
	}
}

func (s *matroskaSource) openSound(n int, t matroska.Track, start *seen) (*matroskaSound, media.LeftReason) {
	switch {
	case t.Sealed || t.Compressed:
		return nil, media.LeftPacked
	case t.DelayNS > longestDelay:
		return nil, media.LeftIndex
	}
	var first []byte
	if start != nil {
		first = start.frame
	}
	track, ok := matroskaSoundEntry(n, t, first)
	if !ok {
		return nil, media.LeftCodec
	}
	if start == nil {
		return nil, media.LeftLate
	}
	out := &matroskaSound{
		source: s, track: track, number: t.Number, delayNS: t.DelayNS, frame: soundFrame(t, first), first: start.first,
	}
	rate := uint64(track.Init.Timescale)
	out.clock = media.FrameClock{Origin: start.first, TickNS: s.index.TickNS, Rate: rate, Frame: uint64(out.frame)}
	if out.frame == 0 && t.FrameNS > 0 && t.FrameNS < second {
		out.frame = convert(int64(t.FrameNS), second, int64(rate))
	}
	for _, v := range s.views {
		seen := v.tracks[t.Number]
		if seen == nil {
			continue
		}
		if seen.frames > len(seen.ticks) && out.frame == 0 {
			return nil, media.LeftIndex
		}
		if off := (seen.first - v.pictures[0]) * int64(s.index.TickNS); max(off, -off) > apart*second {
			return nil, media.LeftApart
		}
		if !allExact(out.clock, seen.ticks) {
			out.clock.Frame = 0
		}
	}
	return out, ""
}

func (s *matroskaSound) scale() int64 { return int64(s.track.Init.Timescale) }

// time is when the first frame of a Block is heard.
func (s *matroskaSound) time(ticks int64) int64 {
	units, _ := s.clock.Time(ticks)
	return units + s.offset
}

// from is about when the first frame at or after a time is heard: exactly, where frames have one length and none is missing.
func (s *matroskaSound) from(time int64) int64 {
	first, frame := s.time(s.first), int64(s.clock.Frame)
	if time <= first || frame == 0 {
		return max(time, first)
	}
	return first + (time-first+frame-1)/frame*frame
}

// cut cuts the sound at the boundaries of the picture. What is behind its last one was read to the end of the file.
func (s *matroskaSound) cut(picture Layout) Layout {
	scale := int64(s.source.picture.track.Init.Timescale)
	for _, segment := range picture.Segments {
		s.bounds = append(s.bounds, convert(segment.Time, scale, s.scale()))
	}
	if s.from(0) > heldFrom*s.scale()/1000 {
		return Layout{Left: media.LeftLate}
	}
	rest := s.source.tail.sounds[s.number]
	if len(rest) == 0 {
		rest = s.lastHeard()
	}
	if len(rest) == 0 {
		return Layout{Left: media.LeftHole}
	}
	if reason := s.finish(rest, convert(picture.End, scale, s.scale())); reason != "" {
		return Layout{Left: reason}
	}
	return s.layout()
}

// finish finds where the sound ends, and the boundaries behind the picture, which ends at a time: as in an MP4 file.
func (s *matroskaSound) finish(rest []heard, picture int64) media.LeftReason {
	last, own := rest[len(rest)-1], s.scale()
	for n := range rest[1:] {
		if s.time(rest[n+1].ticks)-s.time(rest[n].ticks) > (maxSeconds+1)*own {
			return media.LeftHole
		}
	}
	length := s.frame
	if n := len(rest); length == 0 && n > 1 {
		length = s.time(last.ticks) - s.time(rest[n-2].ticks)
	}
	s.end = s.time(last.ticks) + max(1, length)*int64(last.frames)
	next := func() int64 {
		last := s.bounds[len(s.bounds)-1]
		return max(min(picture+behindRest*own, last+maxSeconds*own), last+behindEach*own)
	}
	at := 0
	for bound := next(); bound < s.end; bound = next() {
		if len(s.behind) > len(rest) { // it begins far behind the picture
			return media.LeftHole
		}
		for at+1 < len(rest) && s.time(rest[at+1].ticks) < bound {
			at++
		}
		s.bounds, s.behind = append(s.bounds, bound), append(s.behind, rest[at].cluster)
	}
	return ""
}

// layout are the segments of the sound, up to the one in which it ends.
func (s *matroskaSound) layout() Layout {
	out := Layout{End: s.end, Estimated: true}
	rate := s.source.rateOf(func(t matroska.Track) bool { return t.Number == s.number })
	for n, bound := range s.bounds {
		at, until := s.from(bound), s.end
		if n+1 < len(s.bounds) {
			until = min(until, s.from(s.bounds[n+1]))
		}
		if at >= s.end {
			break
		}
		segment := Segment{Time: at, Bytes: int64(rate * float64(until-at) / float64(s.scale())), Samples: 1}
		if s.frame > 0 {
			segment.Samples = int(max(1, (until-at)/s.frame))
		}
		out.Segments = append(out.Segments, segment)
	}
	if len(out.Segments) == 0 {
		out.Left = media.LeftLate
	}
	return out
}

// lastHeard looks for the end of a sound that ends before the last point: in the last segment of the picture that has some
// of it.
func (s *matroskaSound) lastHeard() (rest []heard) {
	points := s.source.picture.points
	low, high := 0, len(points)-1
	for low < high { // there is some at low, none from high on
		middle := (low + high) / 2
		found, err := s.blocks(points[middle].Cluster, points[min(middle+1, len(points)-1)].Cluster, 1)
		if err != nil {
			return nil
		}
		if len(found) == 0 {
			high = middle
		} else {
			low = middle + 1
		}
	}
	from := points[max(0, low-1)].Cluster
	rest, err := s.blocks(from, math.MaxInt64, tailBlocks)
	if err != nil {
		return nil
	}
	return rest
}

// blocks gives the Blocks of the sound from one Cluster on, up to another, some at most.
func (s *matroskaSound) blocks(from, to int64, most int) (out []heard, err error) {
	r, err := s.source.index.Blocks(s.source.r, s.source.tracks, from)
	for err == nil && len(out) < most {
		var b matroska.Block
		b, err = r.Next()
		if err == nil && b.Cluster >= to || err == nil && b.Cluster-from > tailBytes {
			break
		}
		if err == nil && b.Track == s.number {
			out = append(out, heard{b.Ticks, b.Cluster, len(b.Frames)})
		}
	}
	if ended(err) {
		err = nil
	}
	return out, err
}

// samples gives the frames from one boundary to the next. A frame before the boundary, or less than a frame behind it, shows
// that the Cluster with which reading began has the first of them; otherwise an earlier one is read from.
func (s *matroskaSound) samples(segment int) ([]Sample, int64, error) {
	w := soundWalk{
		sound: s, from: s.bounds[segment], until: math.MaxInt64, limit: s.limitOf(segment),
		slack: 1 + convert(2*int64(s.source.index.TickNS), second, s.scale()),
	}
	if segment+1 < len(s.bounds) {
		w.until = s.bounds[segment+1]
	}
	if segment == 0 {
		w.from = 0
	}
	for _, cluster := range s.startsOf(segment) {
		w.out, w.bytes, w.before = nil, 0, cluster == s.source.index.First
		if err := w.walk(cluster); err != nil {
			return nil, 0, err
		}
		if w.before {
			return w.out, w.end, nil
		}
	}
	return nil, 0, ErrChanged.Because(fmt.Errorf("no sound before tick %d", w.from))
}

// around is for how many seconds before and behind a segment the Blocks of a sound are looked for.
const around = apart + 1

// startsOf are the Clusters from which a segment is read, the best first.
func (s *matroskaSound) startsOf(segment int) (out []int64) {
	points := s.source.picture.points
	from := min(segment, len(points)-1)
	if behind := segment - len(points); behind >= 0 {
		out = append(out, s.behind[behind])
	} else if segment > 0 {
		out = append(out, points[segment].Cluster, points[segment].back)
		from--
	}
	earliest := points[min(segment, len(points)-1)].time - around*int64(s.source.picture.track.Init.Timescale)
	for n := from; n > 0; n-- {
		if out = append(out, points[n].Cluster); points[n].time <= earliest {
			return out
		}
	}
	return append(out, s.source.index.First)
}

// limitOf is the Cluster before which all of a segment is.
func (s *matroskaSound) limitOf(segment int) int64 {
	points := s.source.picture.points
	for n := segment + 1; n < len(points); n++ {
		if points[n].time >= points[segment+1].time+around*int64(s.source.picture.track.Init.Timescale) {
			return points[n].Cluster
		}
	}
	return math.MaxInt64
}

// soundWalk collects the frames of a sound in [from, until).
type soundWalk struct {
	sound       *matroskaSound
	from, until int64
	limit       int64 // no Cluster at or behind it is read
	before      bool  // there are no frames of the segment before those that were met
	slack       int64 // by how much rounded times may be off, ticks of the sound
	end         int64 // when the first one behind is heard, or the last one ends
	bytes       int64
	out         []Sample
}

func (w *soundWalk) walk(cluster int64) error {
	s := w.sound
	r, err := s.source.index.Blocks(s.source.r, s.source.tracks, cluster)
	for err == nil {
		var b matroska.Block
		if b, err = r.Next(); err != nil || b.Cluster >= w.limit {
			break
		}
		if b.Track != s.number {
			continue
		}
		done, err := w.block(b)
		if done || err != nil {
			return err
		}
	}
	if err != nil && !ended(err) {
		return changedFault(err)
	}
	if n := len(w.out); n > 0 {
		w.end = w.out[n-1].PTS + s.last(w.out)
	}
	if w.before && s.frame > 0 && w.end != s.end {
		return ErrChanged.Because(fmt.Errorf("sound ends at tick %d, not at %d", w.end, s.end))
	}
	return nil
}

// last is how long the last of some frames lasts.
func (s *matroskaSound) last(frames []Sample) int64 {
	if n := len(frames); s.frame == 0 && n > 1 {
		return frames[n-1].PTS - frames[n-2].PTS
	}
	return max(1, s.frame)
}

// block adds the frames of a Block; done says that the rest is behind the segment.
func (w *soundWalk) block(b matroska.Block) (done bool, err error) {
	s := w.sound
	if len(b.Frames) > 1 && s.frame == 0 {
		return false, ErrChanged.Because(errNoLength)
	}
	for n, f := range b.Frames {
		time := s.time(b.Ticks) + int64(n)*s.frame
		switch {
		case time < w.from:
			w.before = true
			continue
		case time >= w.until:
			w.end = time
			return true, nil
		}
		if len(w.out) == 0 && time-w.from+w.slack <= s.frame {
			w.before = true // one that comes earlier in the file would be heard before the boundary
		}
		if last := len(w.out) - 1; last >= 0 && time <= w.out[last].PTS {
			return false, ErrTimes.Because(fmt.Errorf("sound at tick %d behind tick %d", time, w.out[last].PTS))
		}
		if w.bytes += f.Size; w.bytes > maxBytes || len(w.out) >= maxSamples {
			return false, ErrDense.Because(fmt.Errorf("%d bytes of sound in %d frames", w.bytes, len(w.out)))
		}
		w.out = append(w.out, Sample{PTS: time, Key: true, Offset: f.Offset, Size: f.Size})
	}
	return false, nil
}
