package original

import (
	"io"

	"movify/pkg/fault"
	"movify/pkg/mp4"
)

// mp4Picture is the video track of an MP4 file.
type mp4Picture struct {
	track  Track
	r      io.ReaderAt
	table  mp4Table
	points []mp4Point
	shown  shown
	first  int64 // time of composition of the first picture that is shown
	lead   int64 // for how long the first picture is held before it, ticks
	last   int64 // number of the sample behind the last one that is shown
	end    int64 // time at which the last picture ends
}

// mp4Point is a point, the place of its key frame in the index and that of its bytes in the file.
type mp4Point struct {
	Point
	place  mp4.Place
	offset int64
	size   int64
}

// Bounds of the pictures between two points, and of points.
const (
	maxBetween = 1 << 14
	maxPoints  = 1 << 18
)

// time is when a picture is shown. While sound is heard before it, the first one is shown already, as in the ladder.
func (p *mp4Picture) time(pts int64) int64 {
	if pts == p.first {
		return 0
	}
	part, _ := p.shown.at(pts)
	return pts - part.shift - p.first + p.lead
}

// open reads the index.
func (p *mp4Picture) open(r io.ReaderAt, size int64, h mp4.Header, n int) (err error) {
	t := h.Tracks[n]
	if p.track, err = mp4PictureTrack(n, t, false); err != nil {
		return err
	}
	var unfit *fault.Fault
	if p.shown, unfit = shownBy(t, h.Timescale); unfit != nil {
		return unfit
	}
	table, err := openTable(r, size, h, t)
	if err != nil {
		return indexFault(err)
	}
	p.r, p.table = r, table
	reader := pointReader{
		picture: p, cursor: table.cursor(mp4.Place{}, mp4.Planning), before: -forever, closest: int64(t.Timescale) * 2 / 5,
	}
	if err := reader.read(); err != nil {
		return err
	}
	sets, err := p.checkEntrances()
	if err != nil || !sets {
		return err
	}
	before := p.track
	p.track, err = mp4PictureTrack(n, t, true)
	p.track.Delay, p.track.Copy.OpenGroups = before.Delay, before.Copy.OpenGroups
	return err
}

// cut keeps the points that begin segments.
func (p *mp4Picture) cut(starts []int) (Layout, error) {
	if p.track.Units.InBand {
		err := setsStand(starts, len(p.points), func(n int) (entrance, error) { return p.look(p.points[n]) })
		if err != nil {
			return Layout{}, err
		}
	}
	out := Layout{End: p.end, Segments: make([]Segment, len(starts))}
	kept := make([]mp4Point, len(starts))
	for n, from := range starts {
		to := len(p.points)
		if n+1 < len(starts) {
			to = starts[n+1]
		}
		kept[n] = p.points[from]
		out.Segments[n].Time = p.points[from].Time
		for _, point := range p.points[from:to] {
			out.Segments[n].Bytes += point.Bytes
			out.Segments[n].Samples += point.Samples
		}
	}
	p.points = kept
	return out, nil
}

// samples reads those of a segment.
func (p *mp4Picture) samples(segment int) ([]Sample, error) {
	last := p.last
	if segment+1 < len(p.points) {
		last = int64(p.points[segment+1].place.Number())
	}
	c := p.table.cursor(p.points[segment].place, mp4.Serving)
	out := make([]Sample, 0, min(maxBetween, last-int64(c.Place().Number())))
	for int64(c.Place().Number()) < last {
		e, err := c.Next()
		if err != nil {
			return nil, indexFault(err)
		}
		if _, ok := p.shown.at(e.PTS()); !ok { // between two parts
			continue
		}
		out = append(out, Sample{PTS: p.time(e.PTS()), Key: e.Key, Offset: e.Offset, Size: int64(e.Size)})
	}
	return out, nil
}

// looked is at how many points the pictures are looked at when a film is opened: to read all of them would be a seek of the
// disk for every few seconds of film. The first picture of a segment is looked at again when that is made.
const looked = 5

// checkEntrances leaves out the sync samples at which decoding cannot begin, when one of some that are looked at is of that
// kind; sets reports whether parameter sets stand in front of a picture.
func (p *mp4Picture) checkEntrances() (sets bool, err error) {
	if p.track.Units.Codec == "" {
		return false, nil
	}
	all := true
	for n := range min(looked, len(p.points)) {
		e, err := p.look(p.points[n*(len(p.points)-1)/max(1, looked-1)])
		if err != nil {
			return false, err
		}
		all, sets = all && e.entry, sets || e.sets
	}
	if all {
		return sets, nil
	}
	p.track.Copy.OpenGroups = p.track.Units.Codec == "h264"
	kept := p.points[:0]
	for n, point := range p.points {
		e, err := p.look(point)
		switch {
		case err != nil:
			return false, err
		case e.entry:
			kept = append(kept, point)
		case n == 0:
			return false, ErrBeginning
		default:
			kept[len(kept)-1].join(point.Point)
		}
		sets = sets || e.sets
	}
	p.points = kept
	return sets, nil
}

// join lets a point go on to the end of the one after it.
func (p *Point) join(next Point) {
	p.Bytes += next.Bytes
	p.Samples += next.Samples
}

func (p *mp4Picture) look(point mp4Point) (entrance, error) {
	return p.track.Units.look(point.size, p.r, point.offset)
}
