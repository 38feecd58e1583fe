package original

import (
	"fmt"
	"slices"

	"movify/pkg/matroska"
	"movify/pkg/media"
)

// matroskaPicture is the video track of a Matroska file.
type matroskaPicture struct {
	source *matroskaSource
	number uint64 // of the track in Blocks
	track  Track
	clock  media.FrameClock
	frame  int64           // how long a picture lasts on average, ticks of the track
	points []matroskaPoint // those that begin segments, once they are cut
	open   bool            // some points have pictures that are shown before their key frame
	first  int64           // time of the first picture in the file, ticks of the track
	lead   int64           // for how long it is held before it
	last   matroska.Cue    // place of the last picture
	end    int64           // time at which the last picture ends
}

// matroskaPoint is a point and the place of its key frame.
type matroskaPoint struct {
	matroska.Cue
	time int64 // of the key frame, ticks of the track from the zero of the stream
	back int64 // offset of the Cluster of the point before
}

// time is when a picture is shown, as in an MP4 file.
func (p *matroskaPicture) time(ticks int64) int64 {
	units, _ := p.clock.Time(ticks)
	if units == p.first {
		return 0
	}
	return units - p.first + p.lead
}

// openPicture finds the points of a video track and its clock.
func (s *matroskaSource) openPicture(n int, start stretch) error {
	p, t := &s.picture, s.tracks[n]
	p.source, p.number = s, t.Number
	switch {
	case t.Sealed || t.Compressed:
		return ErrPacked
	case t.Video.CropLeft|t.Video.CropTop|t.Video.CropRight|t.Video.CropBottom != 0:
		return ErrCropped
	case start.pictures[0] != slices.Min(start.pictures):
		return ErrBeginning
	}
	var err error
	if p.track, err = matroskaPictureEntry(n, t, start.first, false); err != nil {
		return err
	}
	cues, err := s.index.Points(p.number)
	if err != nil {
		return matroskaFault(err)
	}
	p.points = []matroskaPoint{{Cue: cueOf(start.at)}}
	for _, c := range cues {
		if c.Ticks > start.pictures[0] {
			p.points = append(p.points, matroskaPoint{Cue: c})
		}
	}
	if err := s.look(start); err != nil {
		return err
	}
	p.setClock(t, s.index.TickNS, s.views)
	if err := p.setTimes(); err != nil {
		return err
	}
	return p.judge(n, t, start.first)
}

// look reads the Blocks behind some points: what they say of groups, times and parameter sets is taken for all, as in an MP4
// file.
func (s *matroskaSource) look(start stretch) error {
	p := &s.picture
	s.views = []stretch{start}
	seen := 0
	for i := range looked {
		n := i * (len(p.points) - 1) / (looked - 1)
		if n == seen {
			continue
		}
		seen = n
		b, r, err := s.blocksFrom(p.points[n].Cue, p.number)
		if err != nil {
			return err
		}
		view, err := s.read(r, b, p.number, false)
		if err != nil {
			return err
		}
		s.views = append(s.views, view)
	}
	return nil
}

// setTimes gives the points their times. Those that are closer to each other than in an MP4 file are left out.
func (p *matroskaPicture) setTimes() error {
	closest := int64(p.track.Init.Timescale) * 2 / 5
	kept := p.points[:1]
	for _, point := range p.points[1:] {
		point.time = p.time(point.Ticks)
		if point.time-kept[len(kept)-1].time >= closest {
			kept = append(kept, point)
		}
	}
	if len(kept) > maxPoints {
		return ErrTimes.Because(fmt.Errorf("more than %d points", maxPoints))
	}
	p.points = slices.Clip(kept)
	return nil
}

// judge says by the views whether all points are entrances, whether groups are open, and how far decoding lags behind.
func (p *matroskaPicture) judge(n int, t matroska.Track, first []byte) error {
	all, sets := true, false
	for i, v := range p.source.views {
		e, err := p.entrance(v.at)
		if err != nil {
			return err
		}
		if i == 0 && !e.entry {
			return ErrBeginning
		}
		all, sets = all && e.entry, sets || e.sets
		p.open = p.open || leading(v.pictures) < v.pictures[0]
		if err := p.lag(v.pictures); err != nil {
			return err
		}
	}
	p.holdBack(sets)
	p.track.Copy.OpenGroups = !all && p.track.Units.Codec == "h264"
	if !all {
		if err := p.keepEntrances(); err != nil {
			return err
		}
	}
	if !sets {
		return nil
	}
	inBand, err := matroskaPictureEntry(n, t, first, true)
	inBand.Init.Timescale, inBand.Delay = p.track.Init.Timescale, p.track.Delay
	inBand.Copy.OpenGroups = p.track.Copy.OpenGroups
	p.track = inBand
	return err
}

// entrance looks at a key frame.
func (p *matroskaPicture) entrance(b matroska.Block) (entrance, error) {
	if p.track.Units.Codec == "" {
		return entrance{entry: b.Key}, nil
	}
	return p.track.look(p.source.r, b.Frames[0].Offset, b.Frames[0].Size)
}

// lookAt looks at the key frame of a point.
func (p *matroskaPicture) lookAt(point int) (entrance, error) {
	b, _, err := p.source.blocksFrom(p.points[point].Cue, p.number)
	if err != nil {
		return entrance{}, err
	}
	return p.entrance(b)
}

// leading gives the earliest time of a key frame and of the pictures behind it that are shown before it: in decoding order
// they come before all that are shown after it (ITU-T H.265 section 3, "leading picture").
func leading(pictures []int64) int64 {
	earliest := pictures[0]
	for _, t := range pictures[1:] {
		if t > pictures[0] {
			break
		}
		earliest = min(earliest, t)
	}
	return earliest
}

// lag raises the delay to that of some pictures. The last ones of them are not looked at: others that are missing behind them may be
// shown before.
func (p *matroskaPicture) lag(pictures []int64) error {
	if p.track.Units.Codec == "" {
		return nil
	}
	pts := make([]int64, len(pictures))
	for n, t := range pictures {
		pts[n], _ = p.clock.Time(t)
	}
	if _, err := delayOf(pts); err != nil {
		return err
	}
	shown := slices.Sorted(slices.Values(pts))
	for n := range max(0, len(pts)-mostHeld) {
		p.track.Delay = max(p.track.Delay, shown[n]-pts[n])
	}
	return nil
}

// mostHeld is how many pictures a decoder holds back at most (ITU-T H.264 section A.3.1, ITU-T H.265 section A.4.2).
const mostHeld = 16

// holdBack raises the delay to what other pictures may need, which are not known before they are read: the sequence parameter set
// says how many come late, where the Init Section has all of them. Otherwise encoders hold back up to four. Where
// pictures differ in length it is twice as long.
func (p *matroskaPicture) holdBack(sets bool) {
	if p.track.Units.Codec == "" {
		return
	}
	held := int64(4)
	if said, ok := p.track.Units.reorderOf(); ok && !sets {
		held = int64(said)
	}
	if p.clock.Frame == 0 {
		held *= 2
	}
	p.track.Delay = max(p.track.Delay, held*p.frame)
}

// keepEntrances leaves out the points at which decoding cannot begin. A film whose entrances are too far apart is refused
// as soon as that is seen.
func (p *matroskaPicture) keepEntrances() error {
	const together = 64
	kept, points := p.points[:1:1], p.points[1:]
	for len(points) > 0 {
		some := points[:min(together, len(points))]
		entries := make([]bool, len(some))
		err := each(len(some), func(n int) error {
			b, _, err := p.source.blocksFrom(some[n].Cue, p.number)
			if err != nil {
				return err
			}
			e, err := p.entrance(b)
			entries[n] = e.entry
			return err
		})
		if err != nil {
			return err
		}
		for n, point := range some {
			if point.time-kept[len(kept)-1].time > maxSeconds*int64(p.track.Init.Timescale) {
				return ErrSparse
			}
			if entries[n] {
				kept = append(kept, point)
			}
		}
		points = points[len(some):]
	}
	p.points = kept
	return nil
}

// finish finds where the last picture ends: latest is the Block of the one that is shown last, and shown are the times of
// all behind the last point.
func (p *matroskaPicture) finish(latest matroska.Block, shown []int64) {
	begin, _ := p.clock.Time(latest.Ticks)
	length := p.frame
	slices.Sort(shown)
	switch n := len(shown); {
	case latest.HasDuration && latest.Duration > 0:
		end, _ := p.clock.Time(latest.Ticks + latest.Duration)
		length = end - begin
	case p.clock.Frame > 0:
		length = int64(p.clock.Frame)
	case n > 1:
		before, _ := p.clock.Time(shown[n-2])
		length = begin - before
	}
	p.end = p.time(latest.Ticks) + max(1, length)
}

// cut keeps the points that begin segments. Where groups are open a segment begins with the first picture of its group.
func (p *matroskaPicture) cut(starts []int) (Layout, error) {
	if p.track.Units.InBand {
		if err := setsStand(starts, len(p.points), p.lookAt); err != nil {
			return Layout{}, err
		}
	}
	kept := make([]matroskaPoint, len(starts))
	for n, from := range starts {
		kept[n] = p.points[from]
		kept[n].back = p.points[max(0, from-1)].Cluster
	}
	p.points = kept
	if p.open {
		if err := p.beginWithLeading(); err != nil {
			return Layout{}, err
		}
	}
	out := Layout{End: p.end, Segments: make([]Segment, len(starts)), Estimated: true}
	others := p.source.rateOf(func(t matroska.Track) bool { return t.Number != p.number })
	for n, point := range p.points {
		end, behind := p.end, place(p.last)+p.source.tail.lastSize
		if n+1 < len(p.points) {
			end, behind = p.points[n+1].time, place(p.points[n+1].Cue)
		}
		if end-point.time > maxSeconds*int64(p.track.Init.Timescale) {
			return out, ErrSparse
		}
		length, bytes := end-point.time, max(0, behind-place(point.Cue))
		bytes -= min(bytes*7/8, int64(others*float64(length)/float64(p.track.Init.Timescale)))
		if n == 0 {
			length -= p.lead
		}
		out.Segments[n] = Segment{Time: point.time, Bytes: bytes, Samples: int(max(1, (length+p.frame/2)/p.frame))}
	}
	return out, nil
}

// beginWithLeading reads the first pictures at each point, and moves its time to the earliest of them.
func (p *matroskaPicture) beginWithLeading() error {
	times := make([]int64, len(p.points))
	err := each(len(p.points)-1, func(n int) (err error) {
		times[n+1], err = p.earliest(p.points[n+1].Cue)
		return err
	})
	if err != nil {
		return err
	}
	for n := range p.points[1:] {
		if p.points[n+1].time = times[n+1]; times[n+1] <= times[n] {
			return ErrTimes.Because(fmt.Errorf("a group at %d behind one at %d", times[n+1], times[n]))
		}
	}
	return nil
}

// earliest is when the first picture of a group is shown.
func (p *matroskaPicture) earliest(c matroska.Cue) (int64, error) {
	b, r, err := p.source.blocksFrom(c, p.number)
	if err != nil {
		return 0, err
	}
	ticks := c.Ticks
	for n := 0; n < stretchPictures; {
		if b, err = r.Next(); ended(err) {
			break
		} else if err != nil {
			return 0, matroskaFault(err)
		}
		if b.Track != p.number {
			continue
		}
		if b.Ticks > c.Ticks {
			break
		}
		ticks = min(ticks, b.Ticks)
		n++
	}
	return p.time(ticks), nil
}

// samples reads those of a segment: the Blocks from its point to the next one.
func (p *matroskaPicture) samples(segment int) ([]Sample, error) {
	point, until, whole := p.points[segment], p.last, true
	if segment+1 < len(p.points) {
		until, whole = p.points[segment+1].Cue, false
	}
	b, r, err := p.source.blocksFrom(point.Cue, p.number)
	var out []Sample
	for bytes := int64(0); err == nil; {
		if b.Track == p.number {
			ends := at(until, p.number, b)
			if ends && !whole {
				return out, nil
			}
			size := b.Frames[0].Size
			if bytes += size; bytes > maxBytes || len(out) >= maxBetween {
				return nil, ErrDense.Because(fmt.Errorf("%d bytes of pictures", bytes))
			}
			// Some writers do not mark key frames: of the first picture its slices say it, which are looked at then.
			key := b.Key || len(out) == 0 && p.track.Units.Codec != ""
			out = append(out, Sample{PTS: p.time(b.Ticks), Key: key, Offset: b.Frames[0].Offset, Size: size})
			if ends {
				return out, nil
			}
		}
		if b.Cluster > until.Cluster {
			return nil, ErrChanged.Because(fmt.Errorf("no Block at tick %d in the Cluster at %d", until.Ticks, until.Cluster))
		}
		b, err = r.Next()
	}
	return nil, changedFault(err)
}
