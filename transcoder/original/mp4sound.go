package original

import (
	"errors"
	"io"

	"movify/pkg/media"
	"movify/pkg/mp4"
)

// mp4Sound is a sound track of an MP4 file that is copied.
type mp4Sound struct {
	track  Track
	table  mp4Table
	shown  shown
	offset int64       // from decoding times to those of the stream, ticks
	places []mp4.Place // of the first sample of each segment
	last   int64       // number of the sample behind the last one of the last segment
}

// maxSounds is how many sounds a stream has, as the ladder does: a Blu-ray film has at most 32.
const maxSounds = 32

// heldFrom is how long, in milliseconds, sound must be heard before the first picture for that to be held, and how long it
// may be missing after it: hls.js plays over holes of this length.
const heldFrom = 100

// openSounds opens the sounds that are copied and says which are not.
func (s *mp4Source) openSounds(size int64) {
	for n, t := range s.header.Tracks {
		if t.Handler != "soun" {
			continue
		}
		sound, reason := s.openSound(n, t, size)
		if reason == "" && len(s.sounds) == maxSounds {
			reason = media.LeftTooMany
		}
		if reason != "" {
			s.left = append(s.left, media.LeftSound{Stream: n, Codec: t.Format, Reason: reason})
			continue
		}
		s.sounds = append(s.sounds, sound)
	}
}

func (s *mp4Source) openSound(n int, t mp4.Track, size int64) (*mp4Sound, media.LeftReason) {
	track, ok := mp4SoundTrack(n, t)
	if !ok || t.EntriesDiffer || t.Timescale == 0 {
		return nil, media.LeftCodec
	}
	part, unfit := shownBy(t, s.header.Timescale)
	if unfit != nil {
		return nil, media.LeftEdited
	}
	table, err := openTable(s.r, size, s.header, t)
	if err != nil {
		return nil, media.LeftIndex
	}
	return &mp4Sound{track: track, table: table, shown: part}, ""
}

// hold finds how long the first picture is held before its time, and lays the sounds on the timeline of the stream: as in
// the ladder, zero is the first picture, or as many whole pictures before it as there is sound, where that is a tenth of a
// second or more.
func (s *mp4Source) hold(size int64) {
	p, scale := &s.picture, int64(s.picture.track.Init.Timescale)
	movie := max(1, int64(s.header.Timescale))
	before := int64(0)
	for _, t := range s.header.Tracks {
		part, unfit := shownBy(t, s.header.Timescale)
		if unfit != nil {
			continue
		}
		if late, heard := s.heardLate(t, part, size); heard {
			before = max(before, p.first-p.shown.first().from-convert(part.empty-p.shown.empty, movie, scale)-
				convert(late, int64(t.Timescale), scale))
		}
	}
	if before >= heldFrom*scale/1000 && before > 0 {
		frame := max(1, (p.end+int64(p.shownSamples())/2)/int64(p.shownSamples()))
		p.lead = (before + frame - 1 - frame/1000) / frame * frame
		for n := range p.points[1:] {
			p.points[n+1].Time += p.lead
		}
		p.end += p.lead
	}
	for _, sound := range s.sounds {
		own := int64(sound.track.Init.Timescale)
		sound.offset = convert(sound.shown.empty-p.shown.empty, movie, own) - sound.shown.first().from -
			convert(p.first-p.shown.first().from-p.lead, scale, own)
	}
}

// heardLate is how long after the beginning of its shown part the first sample of a sound is heard, ticks of the sound: the
// times of fragments begin anywhere (tfdt, ISO/IEC 14496-12 section 8.8.12), as in a piece of a broadcast. ok is false for a
// track that is no sound or has no sample.
func (s *mp4Source) heardLate(t mp4.Track, part shown, size int64) (late int64, ok bool) {
	if t.Handler != "soun" || t.Timescale == 0 || !s.header.Fragmented {
		return 0, t.Handler == "soun" && t.Timescale > 0 && t.Samples > 0
	}
	table, err := openTable(s.r, size, s.header, t)
	if err != nil {
		return 0, false
	}
	e, err := table.cursor(mp4.Place{}, mp4.Serving).Next()
	return max(0, e.DTS-part.first().from), err == nil
}

// shownSamples is how many pictures are shown.
func (p *mp4Picture) shownSamples() (sum int) {
	for _, point := range p.points {
		sum += point.Samples
	}
	return sum
}

// soundCutter walks over a sound and notes where its segments begin.
type soundCutter struct {
	sound  *mp4Sound
	bounds []int64 // times at which segments begin, in ticks of the sound
	end    int64   // of the picture
	latest int64   // time of the last frame
	layout Layout
}

// cut cuts the sound at the boundaries of the picture, at the first frame at or after each. Sound behind the last picture
// has segments of its own.
func (s *mp4Sound) cut(picture Layout, scale int64) (Layout, error) {
	end := convert(picture.End, scale, int64(s.track.Init.Timescale))
	c := soundCutter{sound: s, bounds: s.bounds(picture, scale), end: end}
	reason, err := c.walk()
	if err != nil {
		return Layout{}, err
	}
	if reason != "" {
		return Layout{Left: reason}, nil
	}
	return c.layout, nil
}

// bounds are where the segments of the picture begin, in ticks of the sound.
func (s *mp4Sound) bounds(picture Layout, scale int64) []int64 {
	var out []int64
	for _, segment := range picture.Segments {
		out = append(out, convert(segment.Time, scale, int64(s.track.Init.Timescale)))
	}
	return out
}

// Segments of sound behind the picture: seconds of each, and for how many seconds the last one of the picture goes on first.
const (
	behindEach = 4
	behindRest = 2
)

// behind adds the boundary after the last: sound that goes on behind the picture has segments of its own.
func (c *soundCutter) behind(own int64) {
	last := c.bounds[len(c.bounds)-1]
	c.bounds = append(c.bounds, max(min(c.end+behindRest*own, last+maxSeconds*own), last+behindEach*own))
}

// walk goes over all samples.
func (c *soundCutter) walk() (media.LeftReason, error) {
	cursor := c.sound.table.cursor(mp4.Place{}, mp4.Planning)
	for {
		place := cursor.Place()
		e, err := cursor.Next()
		switch {
		case errors.Is(err, io.EOF):
			return c.whole(), nil
		case err != nil && errors.Is(indexFault(err), ErrIndex):
			return media.LeftIndex, nil
		case err != nil:
			return "", err
		case e.CTO != 0:
			return media.LeftEdited, nil
		}
		if reason := c.sample(place, e); reason != "" {
			return reason, nil
		}
	}
}

func (c *soundCutter) sample(place mp4.Place, e mp4.Entry) media.LeftReason {
	time, heard := c.sound.time(e)
	own := int64(c.sound.track.Init.Timescale)
	if !heard {
		return ""
	}
	segments := &c.layout.Segments
	n := len(*segments)
	if n > 0 && time < c.latest {
		return media.LeftIndex // fragments that go back
	}
	c.latest = time
	if n == 0 && time > heldFrom*own/1000 {
		return media.LeftLate
	}
	if n == len(c.bounds) {
		c.behind(own)
	}
	if n == 0 || time >= c.bounds[n] {
		if n+1 < len(c.bounds) && time >= c.bounds[n+1] {
			return media.LeftHole
		}
		if n > 0 && time-(*segments)[n-1].Time > (maxSeconds+1)*own {
			return media.LeftHole
		}
		if n == maxPoints {
			return media.LeftIndex
		}
		*segments = append(*segments, Segment{Time: time})
		c.sound.places = append(c.sound.places, place)
		n++
	}
	last := &(*segments)[n-1]
	last.Bytes += int64(e.Size)
	if last.Samples++; last.Samples > maxSamples {
		return media.LeftIndex
	}
	if last.Bytes > maxBytes || time+int64(e.Duration)-last.Time > (maxSeconds+1)*own {
		return media.LeftHole
	}
	c.layout.End = time + int64(e.Duration)
	c.sound.last = int64(e.Number) + 1
	return ""
}

// whole is why there is no sound although all samples were seen. A last segment that lasts no time, of a frame that does not,
// is part of the one before.
func (c *soundCutter) whole() media.LeftReason {
	last := len(c.layout.Segments) - 1
	if last < 0 {
		return media.LeftLate
	}
	scale := int64(c.sound.track.Init.Timescale)
	rest := c.layout.Segments[last]
	if last > 0 && milliseconds(rest.Time, scale) == milliseconds(c.layout.End, scale) {
		before := &c.layout.Segments[last-1]
		before.Bytes, before.Samples = before.Bytes+rest.Bytes, before.Samples+rest.Samples
		c.layout.Segments, c.sound.places = c.layout.Segments[:last], c.sound.places[:last]
	}
	return ""
}

// time is when a frame is heard in the stream; ok is false for one that is not.
func (s *mp4Sound) time(e mp4.Entry) (at int64, ok bool) {
	part, ok := s.shown.at(e.DTS)
	at = e.DTS - part.shift + s.offset
	return at, ok && at >= 0
}

func (s *mp4Sound) samples(segment int) ([]Sample, error) {
	last := s.last
	if segment+1 < len(s.places) {
		last = int64(s.places[segment+1].Number())
	}
	c := s.table.cursor(s.places[segment], mp4.Serving)
	var out []Sample
	for int64(c.Place().Number()) < last {
		e, err := c.Next()
		if err != nil {
			return nil, indexFault(err)
		}
		if at, heard := s.time(e); heard {
			out = append(out, Sample{PTS: at, Key: true, Offset: e.Offset, Size: int64(e.Size)})
		}
	}
	return out, nil
}
