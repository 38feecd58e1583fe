package media

import (
	"math"
	"math/rand/v2"
	"testing"
)

// stored rounds a time in units to milliseconds.
func stored(units int64, rate uint64) int64 {
	return int64(math.Round(float64(units) * 1000 / float64(rate)))
}

func TestFrameClockUndoesTheRounding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]FrameClock{
		"AAC":              {TickNS: 1_000_000, Rate: 48_000, Frame: 1024},
		"AAC at 44.1 kHz":  {TickNS: 1_000_000, Rate: 44_100, Frame: 1024},
		"AC-3":             {TickNS: 1_000_000, Rate: 48_000, Frame: 1536},
		"Opus of 2.5 ms":   {TickNS: 1_000_000, Rate: 48_000, Frame: 120},
		"24000/1001":       {TickNS: 1_000_000, Rate: 24_000, Frame: 1001},
		"60000/1001":       {TickNS: 1_000_000, Rate: 60_000, Frame: 1001},
		"one in a second":  {TickNS: 1_000_000, Rate: 1000, Frame: 1000},
		"29.97 in fields":  {TickNS: 1_000_000, Rate: 60_000, Frame: 2002},
		"MP3 at 22.05 kHz": {TickNS: 1_000_000, Rate: 22_050, Frame: 576},
	} {
		r := rand.New(rand.NewPCG(1, uint64(len(name))))
		for range 50 {
			first := r.Int64N(200_000) - 100_000 // units; falls between two milliseconds
			c.Origin = stored(first, c.Rate)
			begin, _ := c.Time(c.Origin)
			for range 200 {
				n := r.Int64N(1_000_000)
				got, exact := c.Time(stored(first+n*int64(c.Frame), c.Rate))
				if want := begin + n*int64(c.Frame); got != want || !exact {
					t.Fatalf("%s: frame %d of those from %d on is at %d, want %d", name, n, first, got, want)
				}
			}
		}
	}
}

func TestFrameClockKeepsOtherTimes(t *testing.T) {
	t.Parallel()
	aac := FrameClock{Origin: 0, TickNS: 1_000_000, Rate: 48_000, Frame: 1024}
	tests := map[string]struct {
		clock FrameClock
		ticks int64
		want  int64
		exact bool
	}{
		"a frame":                  {aac, 64, 3072, true},
		"a frame before the first": {aac, -21, -1024, true},
		"behind a gap of 10 ms":    {aac, 74, 74 * 48, false},
		"two ticks off":            {aac, 66, 66 * 48, false},
		"no length":                {FrameClock{TickNS: 1_000_000, Rate: 48_000}, 64, 3072, false},
		"shorter than two ticks":   {FrameClock{TickNS: 1_000_000, Rate: 48_000, Frame: 96}, 64, 3072, false},
		"ticks of a microsecond":   {FrameClock{TickNS: 1000, Rate: 48_000, Frame: 1024}, 64_000, 3072, true},
		"beyond all films":         {aac, math.MaxInt64, largestTime, false},
		"before all films":         {aac, math.MinInt64, -largestTime, false},
		"a length of 64 bits":      {FrameClock{TickNS: 1, Rate: 1, Frame: math.MaxUint64}, 1_000_000_000, 1, false},
	}
	for name, test := range tests {
		if got, exact := test.clock.Time(test.ticks); exact != test.exact || got != test.want {
			t.Errorf("%s: %d, %v; want %d, %v", name, got, exact, test.want, test.exact)
		}
	}
}
