package sourcecheck

import (
	"fmt"
	"math"
	"slices"
)

// Windows in which sound is compared, in hops.
const (
	soundWindow = 2_000_000 / HopUS
	soundStep   = 500_000 / HopUS
	nearReach   = 50_000 / HopUS // where the sound was in the window before
	soundReach  = 1_000_000 / HopUS
	farReach    = 5_000_000 / HopUS
)

// Levels, as in Sound.
const (
	loud   = 100 // -50 dB
	silent = 60  // -70 dB
	quiet  = 80  // -60 dB: what is below does not count in a comparison
)

// shortest is how long a hole must be, in hops: encoders smear sound over two frames of 21 ms.
const shortest = 50_000 / HopUS

// soundTrack is where a film's track is in a rendition.
type soundTrack struct {
	film, asset Sound
	lags        []int // by window: hops from the film's to the asset's
	measured    []bool
}

// sounds judges each rendition by the track that it is like.
func (c *comparison) sounds() {
	for n, s := range c.asset.Sounds {
		if len(s.Levels) == 0 {
			c.find(SoundMissing, s.Path, -1, "none of its sound can be decoded")
			continue
		}
		switch t, score := c.matching(n); {
		case score < unlike:
			c.find(SoundMissing, s.Path, -1, "its sound is not that of a track of the source")
		default:
			c.sound(t)
		}
	}
	if len(c.film.Sounds) > 0 && len(c.asset.Sounds) == 0 {
		c.find(SoundMissing, c.asset.Pictures.Path, -1, "the source has sound, and the asset has none")
	}
}

// unlike is the share of windows below which a rendition is not that of a track.
const unlike = 0.2

// matching aligns rendition n with the track of the same place, or with another where that is not like it. The score is
// the share of windows in which they are alike, -1 without a track.
func (c *comparison) matching(n int) (best soundTrack, score float64) {
	score = -1
	for i := range c.film.Sounds {
		k := (n + i) % len(c.film.Sounds) // its own place first
		t := c.align(c.film.Sounds[k], c.asset.Sounds[n])
		if got := t.share(); got > score+0.2 || score < 0 {
			best, score = t, got
		}
		if score >= 0.8 {
			break
		}
	}
	return best, score
}

// share is the part of windows that could be measured, of those that have something to measure; 1 when none has.
func (t soundTrack) share() float64 {
	known, all := 0, 0
	for n := range t.lags {
		if t.telling(n * soundStep) {
			all++
		}
		if t.measured[n] {
			known++
		}
	}
	if all == 0 {
		return 1
	}
	return float64(known) / float64(all)
}

// expected is the lag of a window of film by the picture there, in hops.
func (c *comparison) expected(film, asset Sound, hop int) int {
	at := film.FromUS + int64(hop)*HopUS
	return int(math.Round(float64(c.track.at(at)+film.FromUS-asset.FromUS) / HopUS))
}

// align finds the lag of each window, close to that of the window before or else to that of the picture.
func (c *comparison) align(film, asset Sound) soundTrack {
	t := soundTrack{film: film, asset: asset}
	lag, known, inRow := 0, false, 0
	for from := 0; from == 0 || from+soundWindow <= len(film.Levels); from += soundStep {
		if !known {
			lag = c.expected(film, asset, from)
		}
		found, ok := t.lagAt(from, lag, inRow < fruitless)
		inRow++
		if ok {
			lag, known, inRow = found, true, 0
		}
		t.lags, t.measured = append(t.lags, lag), append(t.measured, ok)
	}
	return t
}

// lagAt finds the lag of a window near a guess, and farther away when it is not there.
func (t soundTrack) lagAt(from, guess int, far bool) (lag int, ok bool) {
	if !t.telling(from) {
		return guess, false
	}
	looks := []struct {
		reach  int
		enough float64
	}{{nearReach, 0.95}, {soundReach, 0.8}, {nearReach, 0.5}, {farReach, 0.9}}
	for _, look := range looks { // the farther away, the more places are alike by chance
		if look.reach == farReach && !far {
			break
		}
		best, score := t.best(from, guess, look.reach)
		if score >= look.enough {
			return best, true
		}
	}
	return guess, false
}

// best is the lag at most reach from a guess at which a window is most alike; of equal ones the nearest.
func (t soundTrack) best(from, guess, reach int) (lag int, score float64) {
	lag, score = guess, -1.0
	for d := 0; d <= reach; d++ {
		for _, at := range [...]int{guess - d, guess + d} {
			if got := t.likeness(from, at); got > score+0.005 {
				lag, score = at, got
			}
		}
	}
	return lag, score
}

// telling reports whether the level of a window changes, so that it can be found.
func (t soundTrack) telling(from int) bool {
	var sum, squares float64
	window := t.film.window(from)
	for _, v := range window {
		x := float64(max(v, quiet))
		sum, squares = sum+x, squares+x*x
	}
	n := float64(len(window))
	return n >= soundWindow/2 && squares/n-sum/n*sum/n > 9 // a deviation of 1.5 dB
}

func (s Sound) window(from int) []uint8 {
	return s.Levels[min(from, len(s.Levels)):min(from+soundWindow, len(s.Levels))]
}

// likeness is the correlation, -1 to 1, of a window with the asset's levels lag hops later.
func (t soundTrack) likeness(from, lag int) float64 {
	window := t.film.window(from)
	var n, a, b, aa, bb, ab int
	for i, v := range window {
		x, y := int(max(v, quiet)), int(max(t.asset.hop(from+i+lag), quiet))
		n, a, b, aa, bb, ab = n+1, a+x, b+y, aa+x*x, bb+y*y, ab+x*y
	}
	over := float64(n*ab - a*b)
	under := float64(n*aa-a*a) * float64(n*bb-b*b)
	if under <= 0 {
		return 0
	}
	return over / math.Sqrt(under)
}

// hop is the level of a hop; 0 where there is none.
func (s Sound) hop(n int) uint8 {
	if n < 0 || n >= len(s.Levels) {
		return 0
	}
	return s.Levels[n]
}

// sound judges one rendition.
func (c *comparison) sound(t soundTrack) {
	c.moves = nil
	c.shifts(t)
	c.holes(t)
	c.extra(t)
}

// shifts follows the offset of the sound against the picture from window to window.
func (c *comparison) shifts(t soundTrack) {
	path := t.asset.Path
	windows, offsets := c.offsets(t)
	if len(windows) == 0 {
		c.Offsets = append(c.Offsets, Offset{Path: path})
		return
	}
	first, last := milliseconds(offsets[0]), milliseconds(offsets[len(offsets)-1])
	c.Offsets = append(c.Offsets, Offset{Path: path, StartMS: &first, EndMS: &last})
	now, changed := int64(0), false
	for n, off := range offsets {
		if !stays(offsets, n, now) {
			continue
		}
		if n == 0 {
			at := t.asset.FromUS + int64(t.begins(windows, 0)+t.lags[windows[0]])*HopUS
			c.find(AVOffset, path, max(0, at), "at the start the sound is %s against the picture",
				lateness(off, "late", "early"))
		} else {
			c.shift(t, windows, n, off)
			changed = true
		}
		now = off
	}
	if end := offsets[len(offsets)-1]; changed && max(end, -end) > offsetUS {
		c.find(AVOffset, path, t.asset.EndUS(), "at the end the sound is %s against the picture",
			lateness(end, "late", "early"))
	}
}

// shift reports that the offset changes at the nth measured window, unless it comes right there, or the picture is what
// moved.
func (c *comparison) shift(t soundTrack, windows []int, n int, off int64) {
	moved := int64(t.after(windows, n)-t.before(windows, n)) * HopUS
	if max(off, -off) <= offsetUS || max(moved, -moved) <= offsetUS/2 {
		return
	}
	at := max(0, t.asset.FromUS+int64(t.begins(windows, n)+t.after(windows, n))*HopUS)
	c.moves = append(c.moves, move{atUS: at, byUS: moved})
	c.find(SoundShift, t.asset.Path, at, "from %s s on the sound is %s than before",
		clock(at), lateness(moved, "later", "earlier"))
}

// offsets are the windows that could be measured, and by how much the sound is late there against the picture,
// microseconds.
func (c *comparison) offsets(t soundTrack) (windows []int, us []int64) {
	for n, ok := range t.measured {
		if ok {
			windows = append(windows, n)
			us = append(us, int64(t.lags[n]-c.expected(t.film, t.asset, n*soundStep+soundWindow/2))*HopUS)
		}
	}
	return windows, us
}

// stays reports whether the offset leaves now at n and the next windows agree.
func stays(offsets []int64, n int, now int64) bool {
	if away := offsets[n] - now; max(away, -away) <= offsetUS {
		return false
	}
	for _, next := range offsets[n:min(n+3, len(offsets))] {
		if apart := next - offsets[n]; max(apart, -apart) > offsetUS/2 {
			return false
		}
	}
	return true
}

// begins is the hop of the film at which the lag of the nth measured window begins: where both lags together fit best.
func (t soundTrack) begins(windows []int, n int) int {
	if n == 0 {
		return windows[0] * soundStep
	}
	old, now := t.before(windows, n), t.after(windows, n)
	from, to := max(0, windows[n-1]*soundStep-soundWindow), windows[n]*soundStep+soundWindow
	miss := 0
	best, least := from, math.MaxInt
	for h := from; h < to; h++ { // miss is that of splitting before h, but for a constant
		if miss < least {
			best, least = h, miss
		}
		miss += t.miss(h, old) - t.miss(h, now)
	}
	return best
}

// before is the lag that holds before the nth measured window. The window before that may lie across the place.
func (t soundTrack) before(windows []int, n int) int { return t.lags[windows[max(0, n-2)]] }

// after is the lag that holds from the nth measured window on.
func (t soundTrack) after(windows []int, n int) int { return t.lags[windows[min(n+1, len(windows)-1)]] }

// move is a place at which the sound becomes later or earlier: the silence or the sound between is no second fault.
type move struct{ atUS, byUS int64 }

// across reports whether an interval is what a move leaves at its place.
func (c *comparison) across(from, to int64) bool {
	const near = 250_000 // how exact a place is, microseconds
	return slices.ContainsFunc(c.moves, func(m move) bool {
		return from > m.atUS-near && to < m.atUS+near+max(0, m.byUS) && to-from <= max(m.byUS, -m.byUS)+shortest*HopUS
	})
}

func (t soundTrack) miss(hop, lag int) int {
	return abs(int(max(t.film.hop(hop), quiet)) - int(max(t.asset.hop(hop+lag), quiet)))
}

// near are the lags that may hold at a hop: those of the windows that cover it and their neighbours, and that of the
// picture.
func (t soundTrack) near(hop int, pictured int) []int {
	from := max(0, (hop-soundWindow)/soundStep-1)
	to := min(len(t.lags)-1, hop/soundStep+1)
	lags := []int{pictured}
	for n := min(from, len(t.lags)-1); n <= to; n++ {
		lags = append(lags, t.lags[n])
	}
	slices.Sort(lags)
	return slices.Compact(lags)
}

// holes finds silence where the source has sound.
func (c *comparison) holes(t soundTrack) {
	begin, end := t.asset.FromUS, t.asset.EndUS()
	c.runs(t, func(hop int, lags []int) bool {
		return t.film.hop(hop) >= loud && !slices.ContainsFunc(lags, func(lag int) bool {
			return t.asset.hop(hop+lag) > silent
		})
	}, func(from, to int64) {
		if to <= begin+endSlackUS/2 {
			c.find(SoundStart, t.asset.Path, max(0, begin),
				"the first %s s of the sound are missing", clock(to-from))
			return
		}
		if from >= end-endSlackUS/2 {
			c.find(SoundEnd, t.asset.Path, from,
				"the sound ends at %s s, %s s before the source's", clock(from), clock(to-from))
			return
		}
		c.find(SoundHole, t.asset.Path, from,
			"silence from %s s to %s s, where the source has sound", clock(from), clock(to))
	})
}

// extra finds sound where the source has silence.
func (c *comparison) extra(t soundTrack) {
	c.runs(t, func(hop int, lags []int) bool {
		return t.film.hop(hop) <= silent && !slices.ContainsFunc(lags, func(lag int) bool {
			return t.asset.hop(hop+lag) < loud
		})
	}, func(from, to int64) {
		c.find(SoundExtra, t.asset.Path, from,
			"sound from %s s to %s s, where the source has silence", clock(from), clock(to))
	})
}

// runs passes on each interval of hops that a condition holds for, if it is long enough, in asset time. The hops are
// those of the film.
func (c *comparison) runs(t soundTrack, holds func(hop int, lags []int) bool, found func(fromUS, toUS int64)) {
	begun := -1
	var lags []int
	lag := 0
	for hop := 0; hop <= len(t.film.Levels); hop++ {
		if hop%(soundStep/10) == 0 || lags == nil {
			lag = c.expected(t.film, t.asset, hop)
			lags = t.near(hop, lag)
			lag = t.lags[min(hop/soundStep, len(t.lags)-1)]
		}
		if hop < len(t.film.Levels) && holds(hop, lags) {
			if begun < 0 {
				begun = hop
			}
			continue
		}
		if begun >= 0 && hop-begun >= shortest {
			from := t.asset.FromUS + int64(begun+lag)*HopUS
			if to := from + int64(hop-begun)*HopUS; !c.across(from, to) {
				found(from, to)
			}
		}
		begun = -1
	}
}

func milliseconds(us int64) int { return int(us / 1000) }

// lateness says how much later or earlier something is, in one of two words.
func lateness(us int64, late, early string) string {
	if us < 0 {
		late = early
	}
	return fmt.Sprintf("%d ms %s", milliseconds(max(us, -us)), late)
}
