package original

import (
	"fmt"
	"slices"
)

// setsStand insists that decoding can begin at each of the points that begin segments, although parameter sets stand before
// pictures that the Init Section does not have: a decoder that begins there has no others. So those that begin segments have
// all kinds of them, from the first picture on that has some of its own; up to there the Init Section's hold. look looks at a
// point by its number.
func setsStand(starts []int, points int, look func(n int) (entrance, error)) error {
	seen := make([]entrance, len(starts))
	err := each(len(starts), func(n int) (err error) {
		seen[n], err = look(starts[n])
		return err
	})
	if err != nil {
		return err
	}
	first := 0 // start from which on pictures may have sets of their own
	for first < len(starts) && !seen[first].sets {
		first++
	}
	if first, err = firstInside(starts, points, first, look); err != nil {
		return err
	}
	for n, e := range seen {
		if n >= first && !e.whole {
			return ErrChanging.Because(fmt.Errorf("segment %d begins without the parameter sets that its pictures need", n))
		}
	}
	return nil
}

// firstInside looks at the points between the starts before a certain one for a picture with sets of its own. It gives the start
// behind that, or the certain one.
func firstInside(starts []int, points, before int, look func(n int) (entrance, error)) (int, error) {
	until := points
	if before < len(starts) {
		until = starts[before]
	}
	sets := make([]bool, until)
	err := each(until, func(n int) error {
		e, err := look(n)
		sets[n] = e.sets
		return err
	})
	inside := slices.Index(sets, true)
	if inside < 0 || err != nil {
		return before, err
	}
	next, _ := slices.BinarySearch(starts, inside+1)
	return min(next, before), nil
}
