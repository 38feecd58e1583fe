package player_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/fault"
	"movify/pkg/media"
	"movify/player"
	"movify/player/way"
)

// allSounds is a device that plays all sounds of the film as they are.
var allSounds = &way.Device{Codecs: []string{"avc1.640033", "mp4a.40.2", "ac-3"}, Ranges: []string{"SDR"}, Engine: way.MSE}

var errDamaged = fault.New(fault.Unsupported, "file_incomplete", "The file is cut off.")

// unplanned is a harness whose film has an Original stream and no plan yet. plans counts how often it is planned, which gives err.
func unplanned(t *testing.T, err error) (h *harness, plans *atomic.Int32) {
	t.Helper()
	h, plans = withOriginal(t), new(atomic.Int32)
	h.plan = func(context.Context) (media.Asset, error) {
		plans.Add(1)
		if err != nil {
			return media.Asset{}, err
		}
		return film("asset"), nil
	}
	h.Service = h.restart("asset")
	return h, plans
}

// A playback that has all it needs in the Original stream begins without a plan, and its ladder is planned once the first
// picture is on the way.
func TestOriginalBeginsBeforeItIsPlanned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, plans := unplanned(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h.Run(ctx) }()
		p := h.startOn(t, allSounds, way.Auto)
		if p.Way.Kind != way.Original || p.DurationMS != 250_000 || p.WholeMS != 250_000 || p.Asset.ID != "asset" {
			t.Errorf("it begins as %+v", p)
		}
		for _, path := range []string{"original/v0/media.m3u8", "original/v0/init.mp4", "original/a2/media.m3u8", "original/a2/00000.m4s"} {
			if r := get(t, h.Service, http.MethodGet, base(p)+path); r.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", path, r.Status)
			}
		}
		if r := get(t, h.Service, http.MethodGet, p.Original.Manifest); body(t, r) != "original asset [a2 a3]" {
			t.Errorf("the playlist answers %s", r.Status)
		}
		if _, err := h.Session(t.Context(), anna, p.Session.ID); err != nil {
			t.Error(err)
		}
		if err := h.Report(t.Context(), anna, p.Session.ID, 70_000, player.Playing); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if n := plans.Load(); n != 0 {
			t.Fatalf("it was planned %d times before the first picture", n)
		}
		for _, n := range []string{"00000", "00001", "00000"} {
			get(t, h.Service, http.MethodGet, base(p)+"original/v0/"+n+".m4s")
			synctest.Wait()
		}
		if n := plans.Load(); n != 1 {
			t.Errorf("it was planned %d times after it", n)
		}
		h.segments.takeCalls("")
		// A run of the ladder begins where the Original stream was left: at its second segment, 100 s.
		get(t, h.Service, http.MethodGet, base(p)+"v1/init.mp4")
		if diff := cmp.Diff([]string{"init v1 20"}, h.segments.takeCalls("init")); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		if n := plans.Load(); n != 1 {
			t.Errorf("the ladder planned it again: %d times", n)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// What needs the ladder waits for the plan: a playback that begins with it, one with a sound that the device does not play, and
// everything of a film that leaves something to it.
func TestWhatNeedsThePlanWaitsForIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		device  *way.Device
		quality way.Quality
		change  func(*fakeOriginals)
		plans   int32
	}{
		"the ladder":         {nil, way.Auto, nil, 1},
		"the ladder, chosen": {allSounds, way.LadderWanted, nil, 1},
		"a sound of it":      {browser, way.Auto, nil, 1},
		"a sound is left":    {allSounds, way.Auto, func(f *fakeOriginals) { f.left = []media.LeftSound{{Stream: 4, Codec: "dts"}} }, 1},
		"a doubtful end":     {allSounds, way.Auto, func(f *fakeOriginals) { f.zeros = true }, 1},
		"nothing":            {allSounds, way.Auto, func(*fakeOriginals) {}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, plans := unplanned(t, nil)
			if c.change != nil {
				c.change(h.originals)
			}
			p := h.startOn(t, c.device, c.quality)
			if n := plans.Load(); n != c.plans {
				t.Errorf("it was planned %d times, want %d", n, c.plans)
			}
			if p.DurationMS != 250_000 {
				t.Errorf("it lasts %d ms", p.DurationMS)
			}
			if warm := h.segments.takeCalls("warm"); (len(warm) == 1) != (p.Way.Kind == way.Ladder) {
				t.Errorf("warmed: %v", warm)
			}
		})
	}
}

// A film that cannot be planned plays on Original as long as nothing of the ladder is asked for; then the reason is said.
func TestOriginalOfAFilmThatCannotBePlanned(t *testing.T) {
	t.Parallel()
	h, plans := unplanned(t, errDamaged)
	p := h.startOn(t, allSounds, way.Auto)
	for _, path := range []string{"original/v0/00000.m4s", "original/a3/00001.m4s"} {
		if r := get(t, h.Service, http.MethodGet, base(p)+path); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	for _, path := range []string{"multivariant.m3u8", "v1/media.m3u8", "v1/00000.m4s", "original/a1/media.m3u8", "original/a1/00000.m4s"} {
		r := get(t, h.Service, http.MethodGet, base(p)+path)
		if text := body(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "cut off") {
			t.Errorf("%s: %s %q", path, r.Status, text)
		}
	}
	if calls := h.segments.takeCalls(""); len(calls) > 0 {
		t.Errorf("segments were asked for without a plan: %v", calls)
	}
	before := plans.Load()
	c := caller(anna)
	if _, err := h.Start(t.Context(), c, "film", "", nil); fault.Of(err).Code != "file_incomplete" {
		t.Errorf("on the ladder it begins with %v", err)
	}
	if plans.Load() != before+1 {
		t.Error("the ladder began without asking for the plan")
	}
	h.Service = h.restart("asset")
	if r := get(t, h.Service, http.MethodGet, base(p)+"original/v0/00000.m4s"); r.StatusCode != http.StatusOK {
		t.Errorf("after a restart: %s", r.Status)
	}
}

// A position is one of the Original stream's length where there is no plan.
func TestWhereAnUnplannedPlaybackBegins(t *testing.T) {
	t.Parallel()
	h, _ := unplanned(t, nil)
	for ms, want := range map[int64]int64{-5: 0, 70_000: 70_000, 900_000: 249_999} {
		c := caller(anna)
		c.Device = allSounds
		p, err := h.Start(t.Context(), c, "film", "", &ms)
		if err != nil || p.StartMS != want {
			t.Errorf("asked for %d ms it begins at %d, %v", ms, p.StartMS, err)
		}
	}
}
