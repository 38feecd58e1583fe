package player_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/player"
)

var ben = id.Viewer{Account: "family", Profile: "ben"}

func (h *harness) standing(t *testing.T, p id.Profile) player.Standing {
	t.Helper()
	all, err := h.Standings(t.Context(), p, []id.Title{"film"})
	if err != nil {
		t.Fatal(err)
	}
	return all["film"]
}

// reach plays the film to a place and stops there.
func (h *harness) playTo(t *testing.T, ms int64) {
	t.Helper()
	if err := h.Stop(t.Context(), anna, h.start(t).Session.ID, &ms); err != nil {
		t.Fatal(err)
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h.playTo(t, 240_000) // of 250 s
	if got := h.standing(t, "anna"); !got.Watched || !got.Finished() || !got.Last().Equal(h.now) {
		t.Errorf("seen to the end: %+v", got)
	}
	h.now = h.now.Add(time.Hour)
	h.playTo(t, 100_000)
	if got := h.standing(t, "anna"); !got.Watched || got.Finished() || got.Progress.ResumeMS() != 100_000 {
		t.Errorf("watched again: %+v", got)
	}
	must(h.MarkWatched(t.Context(), anna, []id.Title{"film"}, true, h.now.Add(time.Hour))) // a clock that is ahead
	if got := h.standing(t, "anna"); !got.Finished() || !got.Last().Equal(h.now) || got.Progress.ResumeMS() != 0 {
		t.Errorf("marked as watched: %+v", got)
	}
	must(h.MarkWatched(t.Context(), anna, []id.Title{"film"}, false, time.Time{}))
	must(h.List(t.Context(), anna, "film", true))
	must(h.Rate(t.Context(), anna, "film", -1))
	if diff := cmp.Diff(player.Standing{Listed: true, Rating: -1}, h.standing(t, "anna")); diff != "" {
		t.Errorf("standing (-want +got):\n%s", diff)
	}
	if got := h.standing(t, "ben"); got != (player.Standing{}) {
		t.Errorf("of another profile: %+v", got)
	}
	must(h.List(t.Context(), anna, "film", false))
	must(h.Rate(t.Context(), anna, "film", 0))
	if got := h.standing(t, "anna"); got != (player.Standing{}) {
		t.Errorf("after taking all away: %+v", got)
	}
}

func TestOfflineReports(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	if err := h.Report(t.Context(), anna, p.Session.ID, 60_000, player.Playing); err != nil {
		t.Fatal(err)
	}
	report := func(ms int64, ago time.Duration) {
		t.Helper()
		err := h.AddOfflineReports(
			t.Context(), anna,
			[]player.OfflineReport{
				{Title: "film", File: "file", PositionMS: ms, DurationMS: 250_000, At: h.now.Add(-ago)},
			},
		)
		if err != nil {
			t.Fatal(err)
		}
	}
	report(200_000, time.Hour)
	if got := h.standing(t, "anna").Progress.PositionMS; got != 60_000 {
		t.Errorf("a late word moved the position to %d", got)
	}
	report(999_000, 8*time.Hour) // the end, last night
	if got := h.standing(t, "anna"); got.Progress.PositionMS != 60_000 || !got.Watched {
		t.Errorf("after the end was told late: %+v", got)
	}
	visits, next, err := h.History(t.Context(), "anna", "", 1)
	if err != nil || len(visits) != 1 || visits[0].PositionMS != 60_000 || next == "" {
		t.Fatalf("first page %+v, next %q, %v", visits, next, err)
	}
	visits, next, err = h.History(t.Context(), "anna", next, 1)
	if err != nil || len(visits) != 1 || !visits[0].Watched || visits[0].PositionMS != 250_000 || next != "" {
		t.Errorf("second page %+v, next %q, %v", visits, next, err)
	}
	report(120_000, -time.Hour) // a clock that is ahead
	h.now = h.now.Add(time.Second)
	report(130_000, 0)
	if got := h.standing(t, "anna").Progress.PositionMS; got != 130_000 {
		t.Errorf("a clock that is ahead keeps the position at %d", got)
	}
}

func TestTheEndIsNotHidden(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	for _, ms := range []int64{245_000, 10_000} { // the names, and back at once
		if err := h.Report(t.Context(), anna, p.Session.ID, ms, player.Playing); err != nil {
			t.Fatal(err)
		}
	}
	if !h.standing(t, "anna").Watched {
		t.Error("the film is not marked as watched")
	}
}

func TestForgetHistory(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.playTo(t, 100_000)
	p := h.start(t)
	if err := h.Report(t.Context(), anna, p.Session.ID, 120_000, player.Playing); err != nil { // only in memory
		t.Fatal(err)
	}
	if err := h.ForgetHistory(t.Context(), anna, ""); err != nil {
		t.Fatal(err)
	}
	visits, _, err := h.History(t.Context(), "anna", "", 9)
	if got := h.standing(t, "anna"); err != nil || len(visits) != 0 || got != (player.Standing{}) {
		t.Errorf("left: %+v, %+v, %v", visits, got, err)
	}
}

func TestForgetProfile(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	if err := h.Report(t.Context(), anna, p.Session.ID, 120_000, player.Playing); err != nil {
		t.Fatal(err)
	}
	if err := h.ForgetProfile(t.Context(), "anna"); err != nil {
		t.Fatal(err)
	}
	if err := h.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.standing(t, "anna"); got != (player.Standing{}) {
		t.Errorf("left: %+v", got)
	}
	if r := get(t, h.Service, "GET", p.Manifest); r.StatusCode != 403 {
		t.Errorf("its playback goes on: %s", r.Status)
	}
}

// hidingCatalogue is a fakeCatalogue whose film can be hidden from a profile.
type hidingCatalogue struct {
	fakeCatalogue
	from *id.Profile
}

func (c hidingCatalogue) Playable(ctx context.Context, v id.Viewer, t id.Title, f id.File) (player.Playable, error) {
	if v.Profile == *c.from {
		return player.Playable{}, fault.New(fault.NotFound, "title_not_found", "That title is not in the library.")
	}
	return c.fakeCatalogue.Playable(ctx, v, t, f)
}

func TestReview(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var hidden id.Profile
	h.Service = player.New(
		player.Options{
			Store: h.store, Catalogue: hidingCatalogue{fakeCatalogue{asset: "asset"}, &hidden}, Segments: h.segments,
			Tokens: plainTokens{}, Clock: func() time.Time { return h.now },
		},
	)
	playbacks := map[id.Viewer]player.Playback{}
	for _, v := range []id.Viewer{anna, ben} {
		p, err := h.play(t, v)
		if err != nil {
			t.Fatal(err)
		}
		playbacks[v] = p
	}
	hidden = "anna"
	if err := h.EndHidden(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := []int{h.segment(t, playbacks[anna]), h.segment(t, playbacks[ben])}; !cmp.Equal(got, []int{403, 200}) {
		t.Errorf("hers and his: %v", got)
	}
	if _, err := h.Session(t.Context(), anna, playbacks[anna].Session.ID); fault.Of(err).Kind != fault.NotFound {
		t.Errorf("her playback: %v", err)
	}
}

func TestSearches(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, words := range []string{"heat", "  ", " Heat "} {
		if err := h.AddSearch(t.Context(), anna, words); err != nil {
			t.Fatal(err)
		}
	}
	got, err := h.Searches(t.Context(), "anna")
	if err != nil || len(got) != 1 || got[0].Words != "Heat" {
		t.Errorf("searches %+v, %v", got, err)
	}
}

func TestCursors(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, bad := range []string{"x", "!!", "MTIz", "LmE", "MTIuLg=="} {
		if _, _, err := h.Listed(t.Context(), "anna", bad, 5); !errors.Is(err, player.ErrBadCursor) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Notices of a profile reach its own devices only.
func TestNoticesHaveAnAudience(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	s := string(p.Session.ID)
	if diff := cmp.Diff([]string{"session/started film " + s + " → family/anna"}, h.bus.take(event.Session)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	at := int64(100_000)
	do := []func() error{
		func() error { return h.Stop(t.Context(), anna, p.Session.ID, &at) },
		func() error { return h.Forget(t.Context(), anna, "film") },
		func() error { return h.List(t.Context(), ben, "film", true) },
		func() error { return h.Rate(t.Context(), anna, "film", 1) },
		func() error { return h.MarkWatched(t.Context(), anna, []id.Title{"film"}, true, time.Time{}) },
		func() error { return h.AddSearch(t.Context(), anna, "heat") },
		func() error { return h.ForgetHistory(t.Context(), anna, "film") },
	}
	for _, f := range do {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"viewer/streams   → family/", "viewer/progress film  → family/anna", "viewer/progress film  → family/anna", "viewer/list film  → family/ben",
		"viewer/rating film  → family/anna", "viewer/history film  → family/anna", "viewer/search   → family/anna", "viewer/history film  → family/anna",
	}
	if diff := cmp.Diff(want, h.bus.take(event.Viewer)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
