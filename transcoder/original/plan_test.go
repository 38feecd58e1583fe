package original

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/fault"
)

// every gives points at times in milliseconds, each of so many KiB. A negative time is that of an open point.
func every(kib int64, times ...int64) (out []Point) {
	for _, t := range times {
		out = append(out, Point{Time: max(t, -t), Open: t < 0, Bytes: kib << 10, Samples: 1})
	}
	return out
}

// steps are times that far apart.
func steps(step, end int64) (out []int64) {
	for t := int64(0); t < end; t += step {
		out = append(out, t)
	}
	return out
}

func TestPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		points []Point
		end    int64
		want   []int64
		unfit  *fault.Fault
	}{
		"one picture":              {every(1, 0), 40, []int64{0}, nil},
		"short first segments":     {every(1, steps(500, 20_000)...), 20_000, []int64{0, 1000, 2000, 4000, 7500, 11_000, 14_500, 18_000}, nil},
		"two seconds each":         {every(1, steps(2000, 12_000)...), 12_000, []int64{0, 2000, 4000, 6000, 10_000}, nil},
		"ten seconds each":         {every(1, steps(10_000, 30_000)...), 30_000, []int64{0, 10_000, 20_000}, nil},
		"more than ten":            {every(1, 0, 1000, 11_001, 12_000), 13_000, nil, ErrSparse},
		"more than ten at the end": {every(1, 0, 1000), 11_001, nil, ErrSparse},
		"short before a long one":  {every(1, 0, 1000, 2000, 3000, 12_500), 14_000, []int64{0, 1000, 2000, 3000, 12_500}, nil},
		"a rest":                   {every(1, 0, 1000, 2000, 4000, 7600), 8000, []int64{0, 1000, 2000, 4000}, nil},
		"a rest that does not fit": {every(1, 0, 1000, 2000, 12_000-100), 12_100, []int64{0, 1000, 2000, 11_900}, nil},
		"large pictures":           {every(9<<10, steps(1000, 6000)...), 6000, []int64{0, 1000, 2000, 3000, 4000, 5000}, nil},
		"too large":                {every(17<<10, steps(1000, 6000)...), 6000, nil, ErrDense},
		"open points left out":     {every(1, 0, -1000, 2000, -3000, 4000, -5000, 8000), 9000, []int64{0, 2000, 4000, 8000}, nil},
		"nothing but open points":  {every(1, 0, -4000, -8000, -12_000), 14_000, []int64{0, 4000, 8000, 12_000}, nil},
	} {
		starts, unfit := plan(c.points, c.end, 1000)
		var got []int64
		for _, n := range starts {
			got = append(got, c.points[n].Time)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(errOf(unfit), errOf(c.unfit)) {
			t.Errorf("%s: %v, (-want +got):\n%s", name, unfit, diff)
		}
	}
}

func errOf(f *fault.Fault) error {
	if f == nil {
		return nil
	}
	return f
}

// Whatever the points, the segments are within the bounds, begin with the first point and leave out no point's bytes.
func TestPlansAreWithinTheBounds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	planned := 0
	for range 2000 {
		const scale = 90_000
		var points []Point
		end := int64(0)
		for range 1 + r.IntN(60) {
			points = append(points, Point{Time: end, Open: end > 0 && r.IntN(3) == 0, Bytes: r.Int64N(6 << 20), Samples: 1})
			end += 1 + r.Int64N(5*scale)
		}
		starts, unfit := plan(points, end, scale)
		if unfit != nil {
			continue
		}
		planned++
		if starts[0] != 0 || !slices.IsSorted(starts) {
			t.Fatalf("starts %v", starts)
		}
		for n, from := range starts {
			to, until := len(points), end
			if n+1 < len(starts) {
				to, until = starts[n+1], points[starts[n+1]].Time
			}
			bytes := int64(0)
			for _, p := range points[from:to] {
				bytes += p.Bytes
			}
			if until-points[from].Time > maxSeconds*scale || bytes > maxBytes {
				t.Fatalf("segment %d lasts %d ticks and has %d bytes", n, until-points[from].Time, bytes)
			}
		}
	}
	if planned < 500 {
		t.Errorf("only %d plans", planned)
	}
}
