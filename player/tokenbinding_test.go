package player_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/player"
)

// from asks the handler for a segment of a manifest's session as a device.
func (h *harness) from(t *testing.T, manifest, address, agent string) int {
	t.Helper()
	path := strings.TrimSuffix(manifest, "multivariant.m3u8") + segment
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.RemoteAddr = address
	r.Header.Set("User-Agent", agent)
	w := httptest.NewRecorder()
	player.NewMediaHandler(h.Service).ServeHTTP(w, r)
	if w.Code != 200 && strings.Contains(w.Body.String(), "bytes") {
		t.Errorf("%d with media: %s", w.Code, w.Body)
	}
	return w.Code
}

const (
	tablet = "192.168.1.5:4000"
	thief  = "203.0.113.9:4000"
)

// renew asks for a new token, as the web app does every few minutes.
func (h *harness) renew(t *testing.T, p player.Playback) player.Playback {
	t.Helper()
	got, err := h.Session(t.Context(), anna, p.Session.ID)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTokensLastMinutes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	if got := p.TokenExpires.Sub(h.now); got != 10*time.Minute {
		t.Errorf("a token of %v", got)
	}
	if got := h.from(t, p.Manifest, tablet, "app"); got != 200 {
		t.Fatal(got)
	}
	h.now = h.now.Add(5 * time.Minute)
	next := h.renew(t, p)
	if next.Manifest == p.Manifest || next.TokenExpires.Sub(h.now) != 10*time.Minute ||
		!next.Session.Expires.Equal(p.Session.Expires) {
		t.Errorf("renewed %+v", next)
	}
	for _, manifest := range []string{p.Manifest, next.Manifest, p.Manifest} {
		if got := h.from(t, manifest, tablet, "app"); got != 200 {
			t.Errorf("both are good for their minutes: %d", got)
		}
	}
	h.now = h.now.Add(5 * time.Minute)
	if got := h.from(t, p.Manifest, tablet, "app"); got != 403 {
		t.Errorf("the older one after its minutes, though the viewer plays on: %d", got)
	}
	if got := h.from(t, next.Manifest, tablet, "app"); got != 200 {
		t.Errorf("the newer one: %d", got)
	}
	h.now = h.now.Add(5 * time.Minute)
	if got := h.from(t, next.Manifest, tablet, "app"); got != 403 {
		t.Errorf("after minutes of silence: %d", got)
	}
}

// Native HLS players and cast devices keep the URL they were given: it works while they make requests, and for them
// only.
func TestAPlayerThatCannotRenewGoesOn(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	minutes := func(n int) {
		t.Helper()
		for range n {
			h.now = h.now.Add(time.Minute)
			if got := h.from(t, p.Manifest, tablet, "native"); got != 200 {
				t.Fatalf("at %v: %d", h.now, got)
			}
		}
	}
	minutes(60)
	if got := h.from(t, p.Manifest, tablet, "another browser"); got != 403 {
		t.Errorf("copied to another browser: %d", got)
	}
	if got := h.from(t, p.Manifest, tablet, "native"); got != 403 {
		t.Errorf("the copied token goes on working: %d", got)
	}
	p = h.renew(t, p)
	minutes(60)
	h.now = h.now.Add(2 * time.Minute)
	if got := h.from(t, p.Manifest, tablet, "native"); got != 403 {
		t.Errorf("after silence: %d", got)
	}
	p = h.renew(t, p)
	minutes(20)
	if err := h.EndSignIn(t.Context(), "sign-in"); err != nil {
		t.Fatal(err)
	}
	if got := h.from(t, p.Manifest, tablet, "native"); got != 403 {
		t.Errorf("after sign-out: %d", got)
	}
}

func TestTheDayEnds(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	for h.now.Before(p.Session.Expires) {
		if got := h.from(t, p.Manifest, tablet, "native"); got != 200 {
			t.Fatalf("at %v: %d", h.now, got)
		}
		h.now = h.now.Add(time.Minute)
	}
	if got := h.from(t, p.Manifest, tablet, "native"); got != 403 {
		t.Errorf("after a day: %d", got)
	}
}

func TestATokenInTwoHandsDies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, address, agent string }{
		{"another address", thief, "app"},
		{"another browser", tablet, "curl"},
		{"another IPv6 network", "[2001:db8:1:2::5]:4000", "app"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			p := h.start(t)
			if got := h.from(t, p.Manifest, tablet, "app"); got != 200 {
				t.Fatal(got)
			}
			for range 3 {
				if got := h.from(t, p.Manifest, c.address, c.agent); got != 403 {
					t.Errorf("in other hands: %d", got)
				}
			}
			if got := h.from(t, p.Manifest, tablet, "app"); got != 403 {
				t.Errorf("the token sessions on: %d", got)
			}
			heard := h.incidents.take()
			if len(heard) != 2 || !strings.HasPrefix(heard[0], "token_elsewhere anna Film {") ||
				!strings.HasPrefix(heard[1], "media_refused anna Film {") {
				t.Errorf("reported incidents: %q", heard)
			}
			if got := h.from(t, h.renew(t, p).Manifest, tablet, "app"); got != 200 {
				t.Errorf("its owner with a new token: %d", got)
			}
		})
	}
}

func TestAHouseholdIsOneAddress(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	for _, address := range []string{"[2001:db8:1:2::5]:4000", "[2001:db8:1:2:aaaa::1]:9"} {
		if got := h.from(t, p.Manifest, address, "app"); got != 200 {
			t.Errorf("%s: %d", address, got)
		}
	}
}

// Each token handed out is another, so that a cast device and the browser that started it do not share one.
func TestNoTwoTokensAreAlike(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	cast := h.renew(t, p) // within the same second
	got := []int{
		h.from(t, p.Manifest, tablet, "app"), h.from(t, cast.Manifest, "192.168.1.9:1", "cast"),
		h.from(t, p.Manifest, tablet, "app"),
	}
	if !cmp.Equal(got, []int{200, 200, 200}) {
		t.Errorf("got %v", got)
	}
}

func TestExpiredTokensAfterARestart(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	h.Service = h.restart("asset")
	if got := h.from(t, p.Manifest, tablet, "native"); got != 200 {
		t.Errorf("a good token after a restart: %d", got)
	}
	h.now = h.now.Add(11 * time.Minute)
	h.Service = h.restart("asset")
	before := h.store.count()
	if got := h.from(t, p.Manifest, tablet, "native"); got != 403 || h.store.count() != before {
		t.Errorf("an expired one: %d, asked the store %d times", got, h.store.count()-before)
	}
}

func TestRefusedMediaIsToldOnceInAWhile(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	p := h.start(t)
	if err := h.Stop(t.Context(), anna, p.Session.ID, nil); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if got := h.from(t, p.Manifest, thief, "curl"); got != 403 {
			t.Errorf("after the end: %d", got)
		}
	}
	h.now = h.now.Add(9 * time.Minute)
	h.from(t, p.Manifest, thief, "curl")
	want := []string{"media_refused anna Film {203.0.113.9 curl}"}
	if diff := cmp.Diff(want, h.incidents.take()); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	h.from(t, "/media/nobody~asset~9999999999999/multivariant.m3u8", thief, "curl")
	if got := h.incidents.take(); got != nil {
		t.Errorf("a forged token rings: %q", got)
	}
}
