package original

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
)

// shownAt are pictures in decoding order by their times.
func shownAt(times ...int64) (out []Sample) {
	for n, t := range times {
		out = append(out, Sample{PTS: t, Key: n == 0, Size: int64(n + 1)})
	}
	return out
}

func TestTimesOfDecoding(t *testing.T) {
	t.Parallel()
	// A pyramid: I, P four pictures later, the B-picture that others need, and those; then a picture that lasts longer.
	samples, sizes, err := pictures(shownAt(100, 140, 120, 110, 130, 150), 100, 190, 20)
	want := []mp4.Sample{
		{DTS: 100, Duration: 10, CTO: 0, Key: true}, {DTS: 110, Duration: 10, CTO: 30}, {DTS: 120, Duration: 10, CTO: 0},
		{DTS: 130, Duration: 10, CTO: -20}, {DTS: 140, Duration: 10, CTO: -10}, {DTS: 150, Duration: 40, CTO: 0},
	}
	if diff := cmp.Diff(want, samples); diff != "" || err != nil || sizes[5] != 6 {
		t.Errorf("%v, %v, (-want +got):\n%s", err, sizes, diff)
	}
	// A picture is missing before the last one: those that are shown before it are decoded in time all the same.
	samples, _, err = pictures(shownAt(0, 30, 10, 60, 40), 0, 70, 10)
	want = []mp4.Sample{
		{DTS: 0, Duration: 10, CTO: 0, Key: true}, {DTS: 10, Duration: 10, CTO: 20}, {DTS: 20, Duration: 20, CTO: -10},
		{DTS: 40, Duration: 10, CTO: 20}, {DTS: 50, Duration: 20, CTO: -10},
	}
	if diff := cmp.Diff(want, samples); diff != "" || err != nil {
		t.Errorf("%v, (-want +got):\n%s", err, diff)
	}
	// An open group: the segment begins with a picture that is shown before its key frame.
	if samples, _, err = pictures(shownAt(120, 100, 110, 130), 100, 140, 20); err != nil || samples[0].DTS != 100 || samples[0].PTS() != 120 {
		t.Errorf("open: %v, %v", samples, err)
	}
	for name, c := range map[string]struct {
		samples           []Sample
		start, end, delay int64
		want              error
	}{
		"nothing":             {nil, 0, 10, 0, ErrChanged},
		"begins later":        {shownAt(10, 20), 0, 30, 0, ErrChanged},
		"begins earlier":      {shownAt(10, 0), 10, 30, 100, ErrChanged},
		"ends behind the end": {shownAt(0, 40), 0, 30, 0, ErrChanged},
		"lags further behind": {shownAt(0, 30, 10, 20), 0, 40, 0, ErrTimes},
		"lasts for ever":      {shownAt(0), 0, math.MaxUint32 + 1, 0, ErrTimes},
	} {
		if _, _, err := pictures(c.samples, c.start, c.end, c.delay); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pts  []int64
		want int64
	}{
		{nil, 0}, {[]int64{0, 1, 2}, 0}, {[]int64{0, 30, 10, 20}, 10}, {[]int64{0, 40, 20, 10, 30}, 20}, {[]int64{20, 0, 10, 30}, 10},
	} {
		if got, err := delayOf(c.pts); got != c.want || err != nil {
			t.Errorf("%v: %d, want %d", c.pts, got, c.want)
		}
	}
	if _, err := delayOf([]int64{0, 20, 20}); !errors.Is(err, ErrTimes) {
		t.Errorf("two pictures at one time: %v", err)
	}
}

func TestConvert(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ticks, from, to, want int64 }{
		{0, 1000, 48_000, 0}, {521, 1000, 48_000, 25_008}, {-521, 1000, 48_000, -25_008}, {1, 3, 1000, 333}, {2, 3, 1000, 667},
		{1, 2, 1, 1}, {1 << 40, 90_000, 48_000, 586_406_201_481}, {math.MaxInt64 / 2, 1, math.MaxUint32, 0},
	} {
		if got := convert(c.ticks, c.from, c.to); got != c.want {
			t.Errorf("%d of %d in %d: %d, want %d", c.ticks, c.from, c.to, got, c.want)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	// The first two together are the densest run that lasts at least half the target duration.
	peak, average := rates([]int64{1000, 3000, 1000}, []int64{0, 1000, 2000, 6000}, 4)
	if peak != 16_000 || average != 6666 {
		t.Errorf("peak %d, average %d", peak, average)
	}
	if peak, average := rates([]int64{500}, []int64{100, 200}, 1); peak != 40_000 || average != 40_000 {
		t.Errorf("one short segment: peak %d, average %d", peak, average)
	}
}
