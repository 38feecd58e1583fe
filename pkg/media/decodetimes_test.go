package media

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// frames are frames in decoding order with these presentation times.
func frames(pts ...int64) []CodedFrame {
	out := make([]CodedFrame, len(pts))
	for n, at := range pts {
		out[n].PTS = at
	}
	return out
}

func next(ticks int64) RunEnd { return RunEnd{Next: ticks, HasNext: true} }

func TestDecodeTimes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		frames []CodedFrame
		end    RunEnd
		want   DecodeTimes
	}{
		"none": {},
		"no frame that is shown late": {frames(0, 40, 80), next(120), DecodeTimes{
			DTS: []int64{0, 40, 80}, Durations: []int64{40, 40, 40},
		}},
		"one between two": {frames(0, 80, 40, 160, 120), next(200), DecodeTimes{
			DTS: []int64{0, 40, 80, 120, 160}, Durations: []int64{40, 40, 40, 40, 40}, Delay: 40,
		}},
		"a pyramid": {frames(0, 160, 80, 40, 120, 200), next(240), DecodeTimes{
			DTS: []int64{0, 40, 80, 120, 160, 200}, Durations: []int64{40, 40, 40, 40, 40, 40}, Delay: 80,
		}},
		"an open group: two are shown before the sync sample": {frames(1080, 1000, 1040, 1160, 1120), next(1200), DecodeTimes{
			DTS: []int64{1000, 1040, 1080, 1120, 1160}, Durations: []int64{40, 40, 40, 40, 40}, Delay: 40, Leading: 2,
		}},
		"two fields of a frame": {frames(0, 20, 80, 100, 40, 60), next(120), DecodeTimes{
			DTS: []int64{0, 20, 40, 60, 80, 100}, Durations: []int64{20, 20, 20, 20, 20, 20}, Delay: 40,
		}},
		"a rate that changes": {frames(0, 90, 40, 500, 300), next(507), DecodeTimes{
			DTS: []int64{0, 40, 90, 300, 500}, Durations: []int64{40, 50, 210, 200, 7}, Delay: 200,
		}},
		"milliseconds of 24000/1001": {frames(0, 83, 42, 167, 125), next(209), DecodeTimes{
			DTS: []int64{0, 42, 83, 125, 167}, Durations: []int64{42, 41, 42, 42, 42}, Delay: 42,
		}},
		"before zero": {frames(-40, 40, 0), next(80), DecodeTimes{
			DTS: []int64{-40, 0, 40}, Durations: []int64{40, 40, 40}, Delay: 40,
		}},
		"the last shown has a duration": {[]CodedFrame{{0, 7}, {80, 9}, {40, 8}}, RunEnd{Standard: 40}, DecodeTimes{
			DTS: []int64{0, 40, 80}, Durations: []int64{40, 40, 9}, Delay: 40,
		}},
		"the track says how long": {frames(0, 40), RunEnd{Standard: 33}, DecodeTimes{
			DTS: []int64{0, 40}, Durations: []int64{40, 33},
		}},
		"none says how long": {frames(0, 41), RunEnd{}, DecodeTimes{
			DTS: []int64{0, 41}, Durations: []int64{41, 41},
		}},
		"one picture": {frames(5), RunEnd{}, DecodeTimes{DTS: []int64{5}, Durations: []int64{1}}},
		"the next run goes before what a frame says": {[]CodedFrame{{0, 5000}}, next(40), DecodeTimes{
			DTS: []int64{0}, Durations: []int64{40},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := NewDecodeTimes(test.frames, test.end)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeTimesRefuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		frames []CodedFrame
		end    RunEnd
	}{
		"two frames at one time":              {frames(0, 80, 40, 80), RunEnd{}},
		"all at one time":                     {frames(7, 7), next(8)},
		"the next run begins inside":          {frames(0, 80, 40), next(80)},
		"the next run begins before this one": {frames(400), next(0)},
	} {
		if got, err := NewDecodeTimes(test.frames, test.end); !errors.Is(err, ErrFrameTimes) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// encoded is a film as its encoder knows it: frames in decoding order, each with both times.
type encoded struct {
	pts, dts []int64
	sync     []int // indices of sync samples
	end      int64 // presentation time behind the last frame
}

// randomFilm makes groups of pictures: closed or open, with pyramids of B-pictures of any depth, at a constant or a
// variable rate. Frame n is decoded at the time at which frame n − depth is shown, the way of encoders.
func randomFilm(r *rand.Rand) encoded {
	total := 20 + r.IntN(200)
	shown := make([]int64, total+1) // in order of presentation
	variable, step, at := r.IntN(2) == 0, 1+r.Int64N(1000), r.Int64N(100_000)-50_000
	for n := range shown {
		shown[n] = at
		if at += step; variable {
			at += r.Int64N(500)
		}
	}
	var order []int // indices of presentation, in decoding order
	film := encoded{end: shown[total]}
	for n := 0; n < total; {
		lead := 0
		if n > 0 && r.IntN(2) == 0 {
			lead = r.IntN(min(4, total-n)) // an open group
		}
		film.sync = append(film.sync, len(order))
		order = append(order, n+lead)
		order = split(r, order, n, n+lead)
		n += lead + 1
		for until := min(total, n+r.IntN(40)); n < until; {
			ahead := min(r.IntN(8), until-n-1)
			order = append(order, n+ahead)
			order = split(r, order, n, n+ahead)
			n += ahead + 1
		}
	}
	for n, index := range order {
		film.pts, film.dts = append(film.pts, shown[index]), append(film.dts, shown[n])
	}
	return film
}

// split appends the pictures from low to below high in an order of decoding: a random one first, then both sides of it.
func split(r *rand.Rand, order []int, low, high int) []int {
	if low >= high {
		return order
	}
	middle := low + r.IntN(high-low)
	order = append(order, middle)
	order = split(r, order, low, middle)
	return split(r, order, middle+1, high)
}

func TestDecodeTimesOfRandomFilms(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		film := randomFilm(rand.New(rand.NewPCG(seed, 1)))
		whole, err := NewDecodeTimes(frames(film.pts...), next(film.end))
		if err != nil {
			t.Fatalf("film %d: %v", seed, err)
		}
		if !slices.Equal(whole.DTS, film.dts) {
			t.Fatalf("film %d: decoded at %v, want %v", seed, whole.DTS, film.dts)
		}
		for n, pts := range film.pts {
			if whole.DTS[n]-whole.Delay > pts || whole.Durations[n] <= 0 {
				t.Fatalf("film %d: frame %d is decoded at %d and shown at %d, delay %d", seed, n, whole.DTS[n], pts, whole.Delay)
			}
		}
		if runs := byRuns(t, film); !slices.Equal(runs.DTS, whole.DTS) || !slices.Equal(runs.Durations, whole.Durations) ||
			runs.Delay != whole.Delay {
			t.Fatalf("film %d: run by run %+v, at once %+v", seed, runs, whole)
		}
	}
}

// byRuns joins the times of each run by itself.
func byRuns(t *testing.T, film encoded) (all DecodeTimes) {
	t.Helper()
	for n, from := range film.sync {
		to, behind := len(film.pts), next(film.end)
		if n+1 < len(film.sync) {
			to = film.sync[n+1]
			after := film.pts[to:]
			if n+2 < len(film.sync) {
				after = film.pts[to:film.sync[n+2]]
			}
			behind = next(slices.Min(after))
		}
		run, err := NewDecodeTimes(frames(film.pts[from:to]...), behind)
		if err != nil {
			t.Fatal(err)
		}
		all.DTS, all.Durations = append(all.DTS, run.DTS...), append(all.Durations, run.Durations...)
		all.Delay = max(all.Delay, run.Delay)
	}
	return all
}
