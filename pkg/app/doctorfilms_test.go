package app

import (
	"testing"

	"movify/player/way"
)

func TestWordsOfForecasts(t *testing.T) {
	t.Parallel()
	original, sound := way.Forecast{Kind: way.Original}, way.Forecast{Kind: way.Original, Sound: true}
	ladder := func(cause string) way.Forecast { return way.Forecast{Kind: way.Ladder, Cause: cause} }
	const end = ". Each device is asked again at each start."
	for want, all := range map[string][]way.Forecast{
		"No film is known yet.": nil,
		"Of 1 file in the library, by their headers, a usual browser plays 1 as they are.":                                      {original},
		"Of 3 files in the library, by their headers, a usual browser plays 2 as they are and 1 with only their sound encoded.": {original, original, sound},
		"Of 4 files in the library, by their headers, a usual browser plays 1 as they are; 3 would be encoded: 2 HEVC Main 10, 1 interlaced" + end: {
			ladder("interlaced"), ladder("HEVC Main 10"), original, ladder("HEVC Main 10"),
		},
		"Of 8 files in the library, by their headers, a usual browser plays 0 as they are; 8 would be encoded: 1 a, 1 b, 1 c, 1 d, 1 e, 1 f, " +
			"2 for other causes" + end: {
			ladder("a"), ladder("b"), ladder("c"), ladder("d"), ladder("e"), ladder("f"), ladder("g"), ladder("h"),
		},
	} {
		f := forecasts{converted: map[string]int{}}
		for _, x := range all {
			f.add(x, true)
		}
		f.add(way.Forecast{}, false)
		if got := f.words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	f := forecasts{files: 100_000, original: 100_000, unread: true}
	if got, want := f.words(), "Of the first 100000 files in the library, by their headers, a usual browser plays 100000 as they are."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
