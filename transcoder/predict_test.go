package transcoder_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
	"movify/transcoder"
)

// A machine that encodes 1080p twice as fast as it plays, and the other rungs as fast by their pixels.
var evenSpeeds = []transcoder.Speed{{Height: 1080, Times: 2}, {Height: 720, Times: 4.5}, {Height: 480, Times: 10.125}, {Height: 360, Times: 18}}

func predictOptions() transcoder.PredictOptions {
	return transcoder.PredictOptions{
		Policy: transcoder.DefaultPolicy(), Speeds: evenSpeeds, Prewarm: 12 * time.Second, PresetCost: 1,
	}
}

func TestPredict(t *testing.T) {
	t.Parallel()
	film := func(height int) []transcoder.Footage {
		return []transcoder.Footage{{Height: height, Files: 1, Duration: 2 * time.Hour}}
	}
	// Beginnings last 16 s: the 12 s end in a segment of four.
	for name, test := range map[string]struct {
		films           []transcoder.Footage
		change          func(*transcoder.PredictOptions)
		always, watched string
	}{
		"nothing is found yet": {nil, nil, "0s 0", "0s 0"},
		// Of realtime 1/2 for 1080p, 4/9 of that for 720p, 16/81 and 1/9, 0.32 for decoding and 1/27 for the sound; 11.26 Mb/s.
		// Play starts on 480p: 720p is made 0.55 · 4.5 times as fast as it plays.
		"a film in 1080p": {film(1080), nil, "2h8m50s 10134000000", "5s 3120000"},
		// As wide, with three quarters of the pixels: 720p is made fast enough.
		"cut for the cinema":      {film(800), nil, "1h36m37s 10134000000", "5s 6320000"},
		"the height is not known": {film(0), nil, "2h8m50s 10134000000", "5s 3120000"},
		"a film in 4K":            {film(2160), nil, "3h6m26s 10134000000", "12s 3120000"},
		"a film in 720p":          {film(720), nil, "58m10s 4734000000", "3s 3120000"},
		"a small old film":        {film(240), nil, "10m19s 774000000", "1s 1720000"},
		"ten of them": {
			[]transcoder.Footage{{Height: 1080, Files: 10, Duration: 20 * time.Hour}}, nil, "21h28m23s 101340000000", "47s 31200000",
		},
		"two heights add up": {
			append(film(1080), film(720)...), nil, "3h7m0s 14868000000", "8s 6240000",
		},
		"shorter than a beginning": {
			[]transcoder.Footage{{Height: 1080, Files: 2, Duration: 8 * time.Second}}, nil, "9s 11260000", "2s 1560000",
		},
		"a thorough preset": {
			film(1080), func(o *transcoder.PredictOptions) { o.PresetCost = 2.8 }, "5h18m11s 10134000000", "8s 3120000",
		},
		"no beginnings":       {film(1080), func(o *transcoder.PredictOptions) { o.Prewarm = 0 }, "2h8m50s 10134000000", "0s 0"},
		"no speeds are known": {film(1080), func(o *transcoder.PredictOptions) { o.Speeds = nil }, "0s 10134000000", "0s 1720000"},
		"files without a length": {
			[]transcoder.Footage{{Height: 1080, Files: 3}, {Height: 1080, Files: 0, Duration: time.Hour}}, nil, "0s 0", "0s 0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := predictOptions()
			if test.change != nil {
				test.change(&o)
			}
			got := transcoder.Predict(test.films, o)
			for setting, want := range map[media.LadderSetting]string{
				media.LadderNever: "0s 0", media.LadderAlways: test.always, media.LadderWhenWatched: test.watched,
			} {
				if diff := cmp.Diff(want, predicted(got[setting])); diff != "" {
					t.Errorf("%s (-want +got):\n%s", setting, diff)
				}
			}
		})
	}
}

// predicted writes a prediction as "2h8m48s 10134000000".
func predicted(p transcoder.Prediction) string { return fmt.Sprint(p.Work, " ", p.Bytes) }
