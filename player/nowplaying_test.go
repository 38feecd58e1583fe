package player_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/player"
	"movify/player/way"
)

func TestPlaybacksOfAllAccounts(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	first := h.startOn(t, browser, way.Auto)
	h.now = h.now.Add(time.Second)
	second, err := h.play(t, id.Viewer{Account: "neighbours", Profile: "x"})
	if err != nil {
		t.Fatal(err)
	}
	all := h.Playbacks()
	if len(all) != 2 || all[0].Session != first.Session.ID || all[1].Session != second.Session.ID {
		t.Fatalf("playbacks: %+v", all)
	}
	if all[0].Why.Code != way.Fits || all[0].Asset != "asset" || all[1].Why.Code != way.DeviceUnknown || all[1].Viewer.Account != "neighbours" {
		t.Errorf("playbacks: %+v", all)
	}
	if err := h.StopPlayback(t.Context(), second.Session.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.StopPlayback(t.Context(), second.Session.ID); err != nil {
		t.Errorf("stopped twice: %v", err)
	}
	if r := get(t, h.Service, http.MethodGet, base(second)+"v1/00007.m4s"); r.StatusCode != http.StatusForbidden {
		t.Errorf("after its end: %s", r.Status)
	}
	if all := h.Playbacks(); len(all) != 1 || all[0].Session != first.Session.ID {
		t.Errorf("playbacks: %+v", all)
	}
	if err := h.StopPlayback(t.Context(), "other"); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("one that is not there: %v", err)
	}
	h.now = h.now.Add(time.Minute)
	if all := h.Playbacks(); len(all) != 0 {
		t.Errorf("after a minute of silence: %+v", all)
	}
}

// A player that goes to the other stream is shown on it, with the reason as soon as it has told it, and with none before.
func TestTheReasonThatAPlayerTells(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	p := h.startOn(t, browser, way.Auto)
	shows := func(kind way.Kind, code way.Code) {
		t.Helper()
		if all := h.Playbacks(); len(all) != 1 || all[0].Why.Kind != kind || all[0].Why.Code != code {
			t.Errorf("playbacks: %+v, want %s", all, code)
		}
	}
	tell := func(code way.Code) {
		t.Helper()
		if err := h.TellWay(t.Context(), anna, p.Session.ID, code); err != nil {
			t.Fatal(err)
		}
	}
	shows(way.Original, "original_fits")
	tell("original_fits")
	if all := h.Playbacks(); all[0].Why.Params[way.ParamPicture] == "" {
		t.Errorf("the reason of the start has lost its facts: %+v", all[0].Why)
	}
	get(t, h.Service, http.MethodGet, base(p)+"v1/00007.m4s")
	shows(way.Ladder, "")
	tell("ladder_slow")
	shows(way.Ladder, "ladder_slow")
	get(t, h.Service, http.MethodGet, base(p)+"original/v0/00001.m4s")
	shows(way.Original, "original_fits")
	tell("original_back")
	shows(way.Original, "original_back")
	if err := h.TellWay(t.Context(), ben, p.Session.ID, "ladder_slow"); !errors.Is(err, player.ErrNoSession) {
		t.Errorf("told by another viewer: %v", err)
	}
}

func TestWays(t *testing.T) {
	t.Parallel()
	h := withOriginal(t)
	ask := func(title id.Title, d *way.Device) []player.FileWay {
		t.Helper()
		c := caller(anna)
		c.Device = d
		all, err := h.Ways(t.Context(), c, title)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := ask("film", browser); len(all) != 1 || all[0].File != "file" || all[0].Way.Code != way.Fits || !all[0].First || all[0].EncodesSound {
		t.Errorf("the film: %+v", all)
	}
	silent := &way.Device{Codecs: []string{"avc1.640033"}, Engine: way.MSE}
	if all := ask("film", silent); all[0].Way.Code != way.Fits || !all[0].EncodesSound {
		t.Errorf("without a decoder for its sounds: %+v", all)
	}
	if all := ask("film", &way.Device{}); all[0].Way.Code != way.LadderCodec {
		t.Errorf("without a decoder: %+v", all)
	}
	if all := ask("film", nil); all[0].Way.Code != way.DeviceUnknown {
		t.Errorf("a device that says nothing: %+v", all)
	}
	all := ask("many", browser)
	if len(all) != 12 || all[0].Way.Code != way.LadderAway || all[0].First || !all[1].First || all[1].Way.Code != way.Fits {
		t.Errorf("a title with many versions: %+v", all)
	}
	if p := h.Playbacks(); len(p) > 0 {
		t.Errorf("what was asked holds slots: %+v", p)
	}
	if calls := h.segments.takeCalls("warm"); len(calls) > 0 {
		t.Errorf("segments are encoded: %v", calls)
	}
	if _, err := h.Ways(t.Context(), caller(anna), "hidden"); !errors.Is(err, errNoTitle) {
		t.Errorf("a title that is not there: %v", err)
	}
	h.originals.err = fault.New(fault.Unsupported, "original_sparse", "Too far apart.")
	h.Service = h.restart("asset")
	if all := ask("film", browser); all[0].Way.Code != way.LadderUnfit || all[0].Way.Params[way.ParamCause] != "original_sparse" {
		t.Errorf("an unfit film: %+v", all)
	}
}
