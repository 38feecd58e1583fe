package player_test

import (
	"testing"

	"movify/pkg/id"
	"movify/player"
)

// The end of a part is not the end of the film: positions are kept of the whole, and the film goes on in the next part.
func TestAFilmInPartsIsOneFilm(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	start := func(f id.File, ms *int64) player.Playback {
		t.Helper()
		p, err := h.Start(t.Context(), caller(anna), "double", f, ms)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	stop := func(p player.Playback, at int64) {
		t.Helper()
		if err := h.Stop(t.Context(), anna, p.Session.ID, &at); err != nil {
			t.Fatal(err)
		}
	}
	standing := func() player.Progress {
		t.Helper()
		all, err := h.Progress(t.Context(), anna.Profile, []id.Title{"double"})
		if err != nil {
			t.Fatal(err)
		}
		return all["double"]
	}

	one := start("", nil)
	if one.Session.File != "one" || one.Part != 1 || one.Parts != 2 || one.NextPart != "two" || one.BeforeMS != 0 ||
		one.WholeMS != 500_000 || one.StartMS != 0 {
		t.Errorf("it begins with %+v", one)
	}
	stop(one, 249_999)
	if p := standing(); p.Watched() || p.PositionMS != 249_999 || p.DurationMS != 500_000 {
		t.Errorf("after the first part: %+v", p)
	}

	var beginning int64
	two := start(one.NextPart, &beginning)
	if two.Session.File != "two" || two.Part != 2 || two.NextPart != "" || two.BeforeMS != 250_000 || two.StartMS != 0 {
		t.Errorf("it goes on with %+v", two)
	}
	stop(two, 50_000)
	if p := standing(); p.PositionMS != 300_000 || p.ResumeMS() != 300_000 {
		t.Errorf("in the second part: %+v", p)
	}

	again := start("", nil)
	if again.Session.File != "two" || again.StartMS != 50_000 {
		t.Errorf("it goes on in %s at %d", again.Session.File, again.StartMS)
	}
	if p, err := h.Session(t.Context(), anna, again.Session.ID); err != nil || p.StartMS != 50_000 || p.Part != 2 {
		t.Errorf("asked again it is %+v (%v)", p, err)
	}
	if p := start("one", nil); p.StartMS != 0 {
		t.Errorf("the first part, asked for, begins at %d", p.StartMS)
	}
	stop(again, 245_000)
	if p := standing(); !p.Watched() || p.ResumeMS() != 0 {
		t.Errorf("at the end: %+v", p)
	}
	if p := start("", nil); p.Session.File != "one" || p.StartMS != 0 {
		t.Errorf("watched again it begins in %s at %d", p.Session.File, p.StartMS)
	}
}
