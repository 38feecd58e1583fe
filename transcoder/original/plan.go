package original

import "movify/pkg/fault"

// Bounds of a segment. Some hundred bytes of memory are needed for each sample of one; a camera takes a thousand pictures a
// second at most, and the shortest frames of sound are some thousandths of a second long.
const (
	maxSeconds = 10
	maxBytes   = 16 << 20
	maxSamples = 1 << 14
)

// least is how long a segment lasts at least before the next one begins, in quarters of a second: the first ones are short,
// so that little has to be loaded before the first picture. Where all begin at open points they are longer: in a Matroska file
// each point is looked at when the film is opened.
func least(n int, open bool) int64 {
	switch {
	case n < 2:
		return 4
	case n == 2:
		return 8
	case open:
		return 28
	}
	return 14
}

// plan chooses the points that begin the segments: the first one, and from each of them the next that is far enough, or the
// last one within the bounds. Open points are left out where the film can do without them: a player that goes to one shows
// nothing until the key frame.
func plan(points []Point, end, timescale int64) ([]int, *fault.Fault) {
	starts, unfit := planWith(points, end, timescale, false)
	if unfit != nil {
		return planWith(points, end, timescale, true)
	}
	return starts, nil
}

func planWith(points []Point, end, timescale int64, open bool) ([]int, *fault.Fault) {
	p := planner{points: points, end: end, timescale: timescale, open: open}
	for n := range points {
		if n == 0 || open || !points[n].Open {
			p.usable = append(p.usable, n)
		}
	}
	return p.choose()
}

type planner struct {
	points         []Point
	usable         []int // numbers of points
	end, timescale int64
	open           bool // usable are open points too
}

func (p planner) choose() (starts []int, unfit *fault.Fault) {
	for at := 0; at < len(p.usable); {
		starts = append(starts, p.usable[at])
		next := at + 1
		if unfit := p.within(at, next); unfit != nil {
			return nil, unfit
		}
		for next < len(p.usable) && p.quarters(at, next) < least(len(starts)-1, p.open) && p.within(at, next+1) == nil {
			next++
		}
		at = next
	}
	return p.joinRest(starts), nil
}

// joinRest lets the segment before the last one go on to the end when the last lasts less than half a second.
func (p planner) joinRest(starts []int) []int {
	if n := len(starts); n > 1 && 2*(p.end-p.points[starts[n-1]].Time) < p.timescale {
		joined := planner{points: p.points, usable: starts[n-2:], end: p.end, timescale: p.timescale}
		if joined.within(0, 2) == nil {
			return starts[:n-1]
		}
	}
	return starts
}

// time is where usable point n is, or the end.
func (p planner) time(n int) int64 {
	if n == len(p.usable) {
		return p.end
	}
	return p.points[p.usable[n]].Time
}

func (p planner) quarters(from, to int) int64 { return (p.time(to) - p.time(from)) * 4 / p.timescale }

// within is why the pictures from one usable point to another are too much for a segment, nil when they are not.
func (p planner) within(from, to int) *fault.Fault {
	if p.time(to)-p.time(from) > maxSeconds*p.timescale {
		return ErrSparse
	}
	last, bytes, samples := len(p.points), int64(0), 0
	if to < len(p.usable) {
		last = p.usable[to]
	}
	for _, point := range p.points[p.usable[from]:last] {
		bytes += point.Bytes
		samples += point.Samples
	}
	if bytes > maxBytes || samples > maxSamples {
		return ErrDense
	}
	return nil
}
