package sourcecheck

import (
	"math"
	"sort"
)

// Windows in which pictures are compared, microseconds.
const (
	pictureWindow = 2_000_000
	pictureStep   = 1_000_000
	pictureNear   = 100_000   // where the picture was at the place before
	pictureReach  = 1_000_000 // how far a picture is looked for at first
	pictureFar    = 6_000_000 // and how far at last
	pictureFine   = 10_000    // in steps of this
	pictureExact  = 15_000    // how exact that is
)

// pictureTrack is where the pictures of the film are in the asset.
type pictureTrack struct {
	atUS, shiftUS []int64 // film time of a place; asset time - film time there
	guessUS       int64   // when no place could be measured
}

func (t pictureTrack) first() int64 {
	if len(t.shiftUS) == 0 {
		return t.guessUS
	}
	return t.shiftUS[0]
}

// at is the shift at the place nearest to a film time.
func (t pictureTrack) at(us int64) int64 {
	if len(t.shiftUS) == 0 {
		return t.guessUS
	}
	n := sort.Search(len(t.atUS), func(i int) bool { return t.atUS[i] >= us })
	if n == len(t.atUS) || n > 0 && us-t.atUS[n-1] < t.atUS[n]-us {
		n--
	}
	return t.shiftUS[n]
}

// pictures finds the shift at the beginning, every few seconds, and at the end. A place without motion is passed over.
func (c *comparison) pictures() {
	film, asset := c.film.Pictures, c.asset.Pictures
	c.track.guessUS = asset.TimesUS[0] - film.TimesUS[0]
	var places []int64
	last := film.EndUS() - pictureWindow
	for at := film.TimesUS[0]; at < last; at += pictureStep {
		places = append(places, at)
	}
	places = append(places, max(film.TimesUS[0], last))
	unlike, inRow := 0, 0
	for _, at := range places {
		shift, like, ok := pictureShift(film, asset, at, c.track.at(at), inRow < fruitless)
		inRow++
		if !like {
			unlike++
		}
		if !ok {
			continue
		}
		inRow = 0
		if off := shift - c.track.guessUS; max(off, -off) <= pictureExact {
			shift = c.track.guessUS // timestamps are more exact than what was measured, and agree with it
		}
		c.track.atUS, c.track.shiftUS = append(c.track.atUS, at+pictureWindow/2), append(c.track.shiftUS, shift)
	}
	if found := len(c.track.atUS); unlike > 2 && found < unlike/4 {
		c.find(PictureMissing, asset.Path, -1, "its picture is not that of the source")
	}
	c.pictureShifts()
}

// fruitless is after how many windows in a row that were not found they are not looked for far away any more: of another
// film all would be.
const fruitless = 20

// pictureShifts finds places from which on the picture is earlier or later than before. The first window behind one may
// lie across it: the next has the shift.
func (c *comparison) pictureShifts() {
	film, asset := c.film.Pictures, c.asset.Pictures
	limit := max(offsetUS, film.frameUS(), asset.frameUS())
	now := c.track.first()
	for n, at := range c.track.atUS {
		shift := c.track.shiftUS[n]
		if off := shift - now; max(off, -off) <= limit {
			continue
		}
		shift = c.track.shiftUS[min(n+1, len(c.track.shiftUS)-1)]
		if off := shift - now; max(off, -off) > limit {
			place := (at+c.track.atUS[max(0, n-1)])/2 + now
			c.find(PictureShift, asset.Path, place, "from about %.0f s on the picture is %s than before",
				float64(place)/1e6, lateness(off, "later", "earlier"))
			now = shift
		}
	}
}

// pictureShift finds the film's pictures of a window in the asset, by what changes in them: near a guess, and farther away
// when they are not there. like is false when nothing there is like them.
func pictureShift(film, asset Pictures, fromUS, guessUS int64, far bool) (us int64, like, ok bool) {
	w := film.window(fromUS, fromUS+max(pictureWindow, 8*film.frameUS()))
	if len(w.times) < 2 || w.power < 0.25*float64(len(w.times)*MarkSize) {
		return 0, true, false
	}
	most := 0.0
	for _, look := range [...]struct {
		reach  int64
		enough float64
	}{{pictureNear, 0.97}, {pictureReach, 0.7}, {pictureFar, 0.8}} {
		if look.reach == pictureFar && !far {
			break
		}
		us, score, single := asset.find(w, guessUS, look.reach, film.frameUS())
		if single && score >= look.enough {
			return us, true, true
		}
		most = max(most, score)
	}
	return 0, most >= 0.5, false
}

// find finds a window of another's pictures, at most reach from a guess. The score is the correlation there; single is
// false when neighbouring places are as good for longer than a frame stands.
func (p Pictures) find(w pictureChanges, guessUS, reach, frameUS int64) (us int64, score float64, single bool) {
	steps := int(2*reach/pictureFine) + 1
	scores := make([]float64, steps)
	best := 0
	for n := range scores {
		scores[n] = p.likeness(w, guessUS-reach+int64(n)*pictureFine)
		nearer := abs(n-steps/2) < abs(best-steps/2)
		if scores[n] > scores[best]+0.001 || nearer && scores[n] > scores[best]-0.001 {
			best = n
		}
	}
	low, high := best, best // a frame stands for a while: its middle is where it is
	for low > 0 && scores[low-1] > scores[best]-0.005 {
		low--
	}
	for high < steps-1 && scores[high+1] > scores[best]-0.005 {
		high++
	}
	wide := int64(high-low) * pictureFine
	single = wide <= max(pictureNear, frameUS+frameUS/2) && low > 0 && high < steps-1
	return guessUS - reach + int64(low+high)*pictureFine/2, scores[best], single
}

// pictureChanges are the middles of the frames of an interval, at most 120 of them, and how each cell of their marks
// differs from its mean; power is the sum of the squares of that.
type pictureChanges struct {
	times []int64
	cells []float64
	power float64
}

func (p Pictures) window(fromUS, toUS int64) (w pictureChanges) {
	from := sort.Search(len(p.TimesUS), func(i int) bool { return p.TimesUS[i] >= fromUS })
	to := sort.Search(len(p.TimesUS), func(i int) bool { return p.TimesUS[i] >= toUS })
	for n := from; n < to; n += (to-from)/120 + 1 {
		next := p.EndUS()
		if n+1 < len(p.TimesUS) {
			next = p.TimesUS[n+1]
		}
		w.times = append(w.times, (p.TimesUS[n]+next)/2)
		for _, v := range p.mark(n) {
			w.cells = append(w.cells, float64(v))
		}
	}
	w.power = center(w.cells)
	return w
}

// center takes from each cell its mean over all frames and returns the sum of the squares.
func center(cells []float64) (power float64) {
	frames := len(cells) / MarkSize
	for cell := range MarkSize {
		mean := 0.0
		for n := range frames {
			mean += cells[n*MarkSize+cell]
		}
		mean /= float64(max(1, frames))
		for n := range frames {
			v := &cells[n*MarkSize+cell]
			*v -= mean
			power += *v * *v
		}
	}
	return power
}

// likeness is the correlation, -1 to 1, of a window with what the pictures show shiftUS later.
func (p Pictures) likeness(w pictureChanges, shiftUS int64) float64 {
	cells := make([]float64, 0, len(w.cells))
	for _, at := range w.times {
		for _, v := range p.mark(p.shown(at + shiftUS)) {
			cells = append(cells, float64(v))
		}
	}
	other := center(cells)
	if other == 0 {
		return 0
	}
	sum := 0.0
	for n, v := range cells {
		sum += v * w.cells[n]
	}
	return sum / math.Sqrt(w.power*other)
}

// shown is the frame that is shown at a time; the first before all others.
func (p Pictures) shown(us int64) int {
	return max(0, sort.Search(len(p.TimesUS), func(i int) bool { return p.TimesUS[i] > us })-1)
}

// Bounds of a frozen picture.
const (
	frozenStep  = 100_000 // microseconds between two looks
	frozenReach = 500_000 // over which a picture has to change
	still       = 0.3     // levels a cell that a frozen picture may differ, by encoding
	moving      = 1.5     // levels a cell by which the source must differ
)

// frozen finds where the asset's picture stands and the source's moves.
func (c *comparison) frozen() {
	film, asset := c.film.Pictures, c.asset.Pictures
	begun := int64(-1)
	end := min(film.EndUS(), asset.EndUS()-c.track.first())
	for at := film.TimesUS[0]; at+frozenReach < end; at += frozenStep {
		shift := c.track.at(at)
		stands := asset.motion(at+shift) < still && film.motion(at) > moving
		if stands && begun < 0 {
			begun = at
		}
		if ends := at+frozenStep+frozenReach >= end; begun >= 0 && (!stands || ends) {
			from, to := begun+shift, at+shift+frozenReach
			c.find(PictureFrozen, asset.Path, from, "the picture stands still from %s s to %s s, the source's moves",
				clock(from), clock(to))
			begun = -1
		}
	}
}

// motion is how much a cell changes on average from a time to half a second later.
func (p Pictures) motion(us int64) float64 {
	a, b := p.mark(p.shown(us)), p.mark(p.shown(us+frozenReach))
	sum := 0
	for n := range a {
		sum += abs(int(a[n]) - int(b[n]))
	}
	return float64(sum) / MarkSize
}

func abs(n int) int { return max(n, -n) }
