package main

import (
	"errors"
	"fmt"
	"slices"
)

// errOver is returned, wrapped, when a ratio is over its limit: the measurement itself went well.
var errOver = errors.New("over the limit")

// pair is one quantity of Movify and of the baseline, measured in turns; ours[i] and theirs[i] are neighbours in time.
type pair struct {
	name   string // "CPU"
	unit   string // "s"
	limit  float64
	ours   []float64
	theirs []float64
}

func (p *pair) add(ours, theirs float64) {
	p.ours, p.theirs = append(p.ours, ours), append(p.theirs, theirs)
}

// ratios compares neighbours, so that a machine that slows down on the way slows both sides.
func (p *pair) ratios() []float64 {
	out := make([]float64, len(p.ours))
	for i := range out {
		out[i] = p.ours[i] / p.theirs[i]
	}
	return out
}

// report prints medians and the spread of the ratio; a limit of 0 is none.
func (p *pair) report(o options, baseline string) error {
	r := p.ratios()
	verdict := ""
	var err error
	switch {
	case p.limit == 0:
	case median(r) <= p.limit:
		verdict = fmt.Sprintf("  limit %.2f: kept", p.limit)
	default:
		verdict = fmt.Sprintf("  limit %.2f: OVER", p.limit)
		err = fmt.Errorf("%s: ratio %.2f, limit %.2f: %w", p.name, median(r), p.limit, errOver)
	}
	o.line(
		"%-28s movify %9.3f %-5s %s %9.3f %-5s ratio %.3f (%.3f to %.3f, %d in turns)%s", p.name,
		median(p.ours), p.unit, baseline, median(p.theirs), p.unit, median(r), slices.Min(r), slices.Max(r), len(r), verdict,
	)
	return err
}

// median is the middle value, or the mean of the two in the middle. xs is not changed and not empty.
func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}

// inTurns calls both sides reps times, and changes the one that begins every time: the second finds warm caches.
func inTurns(reps int, ours, theirs func(rep int) error) error {
	for rep := range reps {
		first, second := ours, theirs
		if rep%2 == 1 {
			first, second = theirs, ours
		}
		if err := first(rep); err != nil {
			return err
		}
		if err := second(rep); err != nil {
			return err
		}
	}
	return nil
}
