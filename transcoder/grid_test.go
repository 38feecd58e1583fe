package transcoder

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
)

// steady is a progressive track of a constant rate.
func steady(num, den int) media.VideoTrack {
	r := media.Ratio{Num: num, Den: den}
	return media.VideoTrack{Width: 1920, Height: 1080, FrameRate: r, AverageRate: r, FieldOrder: "progressive"}
}

// lasting is a film of one track and that many seconds.
func lasting(seconds float64, v media.VideoTrack) media.Probe {
	return media.Probe{Format: "matroska,webm", DurationUS: int64(seconds * 1e6), Video: []media.VideoTrack{v}}
}

func TestOutputRate(t *testing.T) {
	t.Parallel()
	changing := func(nominalNum, nominalDen, averageNum, averageDen int) media.VideoTrack {
		v := steady(nominalNum, nominalDen)
		v.AverageRate = media.Ratio{Num: averageNum, Den: averageDen}
		return v
	}
	fields := func(v media.VideoTrack) media.VideoTrack {
		v.FieldOrder = "tt"
		return v
	}
	tests := map[string]struct {
		in   media.VideoTrack
		want string
	}{
		"film":                               {steady(24000, 1001), "24000/1001"},
		"24":                                 {steady(24, 1), "24/1"},
		"25":                                 {steady(25, 1), "25/1"},
		"29.97":                              {steady(30000, 1001), "30000/1001"},
		"30":                                 {steady(30, 1), "30/1"},
		"50":                                 {steady(50, 1), "50/1"},
		"59.94":                              {steady(60000, 1001), "60000/1001"},
		"60":                                 {steady(60, 1), "60/1"},
		"10 keeps 10":                        {steady(10, 1), "10/1"},
		"15 keeps 15":                        {steady(15, 1), "15/1"},
		"12.5 loses no picture":              {steady(25, 2), "24000/1001"},
		"matroska's 59.94":                   {steady(19001, 317), "60000/1001"},
		"matroska's film":                    {steady(2997, 125), "24000/1001"},
		"100 halves":                         {steady(100, 1), "50/1"},
		"119.88 halves":                      {steady(120000, 1001), "60000/1001"},
		"120 halves":                         {steady(120, 1), "60/1"},
		"240 halves twice":                   {steady(240, 1), "60/1"},
		"variable, 24.9 is meant to be 25":   {changing(90000, 1, 249, 10), "25/1"},
		"variable, about 24":                 {changing(600, 1, 24, 1), "24/1"},
		"variable, about film":               {changing(600, 1, 23976, 1000), "24000/1001"},
		"variable, about 27":                 {changing(120, 1, 27, 1), "30000/1001"},
		"variable, a phone's 30":             {changing(30, 1, 2987, 100), "30/1"},
		"variable, 57 of 90000":              {changing(90000, 1, 57, 1), "60000/1001"},
		"frames dropped now and then":        {changing(30, 1, 20, 1), "30/1"},
		"25 interlaced":                      {fields(steady(25, 1)), "50/1"},
		"29.97 interlaced":                   {fields(steady(30000, 1001)), "60000/1001"},
		"25 interlaced, rate told in fields": {fields(changing(50, 1, 25, 1)), "50/1"},
		"no nominal rate":                    {changing(0, 0, 25, 1), "25/1"},
		"no rate at all":                     {changing(0, 0, 0, 0), "24000/1001"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := outputRate(test.in).String(); got != test.want {
				t.Errorf("rate is %s, want %s", got, test.want)
			}
		})
	}
}

func TestPlanGrid(t *testing.T) {
	t.Parallel()
	film := steady(24000, 1001)
	late := film
	late.StartUS = 1_501_000
	counted := film
	counted.Frames, counted.DurationUS = 240, 10_000_000
	tests := map[string]struct {
		probe  media.Probe
		zero   int64
		frames []int
		audio  []int
	}{
		"film":                             {lasting(20.02, film), 0, []int{0, 24, 48, 96, 192, 288, 384, 480}, []int{0, 47, 94, 188, 376, 564, 751, 939}},
		"25, whole seconds":                {lasting(12, steady(25, 1)), 0, []int{0, 25, 50, 100, 200, 300}, []int{0, 47, 94, 188, 375, 563}},
		"10, whole seconds":                {lasting(9, steady(10, 1)), 0, []int{0, 10, 20, 40, 80, 90}, []int{0, 47, 94, 188, 375, 422}},
		"a rest of a quarter second joins": {lasting(8.2, steady(25, 1)), 0, []int{0, 25, 50, 100, 205}, []int{0, 47, 94, 188, 385}},
		"a longer rest stays":              {lasting(8.3, steady(25, 1)), 0, []int{0, 25, 50, 100, 200, 208}, []int{0, 47, 94, 188, 375, 390}},
		"shorter than the ramp":            {lasting(1.6, steady(25, 1)), 0, []int{0, 25, 40}, []int{0, 47, 75}},
		"shorter than a segment":           {lasting(0.5, steady(25, 1)), 0, []int{0, 13}, []int{0, 25}},
		"one frame":                        {lasting(0.01, steady(60, 1)), 0, []int{0, 1}, []int{0, 1}},
		"picture begins late":              {lasting(5.501, late), 1_501_000, []int{0, 24, 48, 96}, []int{0, 47, 94, 188}},
		"the container counted the frames": {lasting(10, counted), 0, []int{0, 24, 48, 96, 192, 240}, []int{0, 47, 94, 188, 376, 470}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := planGrid(test.probe, test.probe.Video[0], nil, 4)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.frames, g.Frames); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.audio, g.Audio); diff != "" {
				t.Errorf("audio (-want +got):\n%s", diff)
			}
			if g.ZeroUS != test.zero {
				t.Errorf("zero is at %d µs, want %d", g.ZeroUS, test.zero)
			}
		})
	}
}

func TestPlanGridCountsThePicturesNotTheSound(t *testing.T) {
	t.Parallel()
	v := steady(24000, 1001)
	v.DurationUS = 12_012_000
	p := lasting(12.5, v) // the sound goes on
	g, err := planGrid(p, v, nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	if g.Total() != 288 {
		t.Errorf("%d frames, want 288", g.Total())
	}
}

func TestPlanGridStartsAtTheContainersStart(t *testing.T) {
	t.Parallel()
	v := steady(25, 1)
	v.StartUS = 36_001_500_000
	p := lasting(10, v)
	p.StartUS = 36_000_000_000
	g, err := planGrid(p, v, nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	if g.ZeroUS != 1_500_000 || g.Total() != 213 {
		t.Errorf("zero at %d µs and %d frames, want 1500000 and 213", g.ZeroUS, g.Total())
	}
}

func TestPlanGridRefuses(t *testing.T) {
	t.Parallel()
	v := steady(25, 1)
	late := v
	late.StartUS = 9_000_000
	tests := map[string]struct {
		probe media.Probe
		want  error
	}{
		"no duration":            {lasting(0, v), ErrNoDuration},
		"begins after its end":   {lasting(5, late), ErrNoDuration},
		"longer than can be":     {lasting(1e9, v), ErrTooLong},
		"longer than can be, 60": {lasting(8*24*3600, steady(60, 1)), ErrTooLong},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := planGrid(test.probe, test.probe.Video[0], nil, 4)
			if !errors.Is(err, test.want) {
				t.Errorf("%d segments, error %v, want %v", g.Segments(), err, test.want)
			}
		})
	}
}

func TestGridProperties(t *testing.T) {
	t.Parallel()
	rates := []media.Ratio{{Num: 10, Den: 1}, {Num: 1, Den: 1}, {Num: 7, Den: 1}}
	rates = append(rates, standardRates[:]...)
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		rate := rates[random.IntN(len(rates))]
		seconds := 0.02 + random.Float64()*400
		full := 2 + random.IntN(9)
		g, err := planGrid(lasting(seconds, steady(rate.Num, rate.Den)), steady(rate.Num, rate.Den), nil, full)
		if err != nil {
			t.Fatalf("%s, %f s: %v", rate, seconds, err)
		}
		for name, bounds := range map[string][]int{"frames": g.Frames, "audio": g.Audio} {
			if bounds[0] != 0 || !slices.IsSorted(bounds) || len(slices.Compact(slices.Clone(bounds))) != len(bounds) {
				t.Fatalf(
					"%s, %f s, %d s segments: %s are not strictly increasing from 0: %v", rate, seconds, full, name,
					bounds,
				)
			}
		}
		if len(g.Audio) != len(g.Frames) {
			t.Fatalf("%d video and %d audio boundaries", len(g.Frames), len(g.Audio))
		}
		for i, n := range g.Audio { // the frame begins at or after the boundary, the one before it earlier
			at := int64(g.Frames[i]) * int64(rate.Den) * media.AudioRate
			if begins := int64(n) * media.AACFrame * int64(rate.Num); begins < at ||
				begins-int64(rate.Num)*media.AACFrame >= at {
				t.Fatalf("%s: boundary %d at frame %d has audio frame %d", rate, i, g.Frames[i], n)
			}
		}
		shorter, err := planGrid(lasting(seconds*0.7, steady(rate.Num, rate.Den)), steady(rate.Num, rate.Den), nil, full)
		if err != nil {
			t.Fatal(err)
		}
		// Only the end may differ: the total, and the boundary before it when a short rest joins.
		kept := shorter.Frames[:len(shorter.Frames)-1]
		if len(kept) > len(g.Frames) || !slices.Equal(kept, g.Frames[:len(kept)]) {
			t.Fatalf("%s: shortening moved a boundary:\n%v\n%v", rate, g.Frames, shorter.Frames)
		}
	}
}

// Sound before the first picture and behind the last is on the grid, in whole frames.
func TestSoundOutsideThePicture(t *testing.T) {
	t.Parallel()
	sound := func(start, length int64) media.AudioTrack {
		return media.AudioTrack{StartUS: start, DurationUS: length}
	}
	tests := map[string]struct {
		start  int64 // of the picture, which lasts 4 s
		sound  []media.AudioTrack
		zero   int64
		frames int
	}{
		"none":                          {0, nil, 0, 100},
		"as long":                       {0, []media.AudioTrack{sound(0, 4_021_000)}, 0, 100},
		"longer":                        {0, []media.AudioTrack{sound(0, 6_000_000)}, 0, 150},
		"the longest counts":            {0, []media.AudioTrack{sound(0, 5_000_000), sound(1_000_000, 5_000_000)}, 0, 150},
		"does not say how long":         {0, []media.AudioTrack{sound(0, 0)}, 0, 100},
		"earlier":                       {2_000_000, []media.AudioTrack{sound(0, 6_000_000)}, 0, 150},
		"earlier by a part of a frame":  {2_010_000, []media.AudioTrack{sound(0, 6_000_000)}, -30_000, 151},
		"earlier than the other":        {2_000_000, []media.AudioTrack{sound(1_000_000, 5_000_000), sound(2_000_000, 4_000_000)}, 1_000_000, 125},
		"earlier by an encoder's delay": {50_000, []media.AudioTrack{sound(0, 4_050_000)}, 50_000, 100},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := steady(25, 1)
			v.StartUS, v.DurationUS = test.start, 4_000_000
			p := lasting(10, v)
			g, err := planGrid(p, v, test.sound, 4)
			if err != nil || g.ZeroUS != test.zero || g.Total() != test.frames {
				t.Errorf("zero at %d with %d frames, want %d with %d; %v", g.ZeroUS, g.Total(), test.zero, test.frames, err)
			}
		})
	}
}
