package player_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/player"
)

// signs is a player.Links that counts.
type signs struct {
	asked int
	fail  error
	mute  bool
}

func (s *signs) Link(_ context.Context, key string, life time.Duration) (string, error) {
	s.asked++
	if s.mute {
		return "", nil
	}
	return "https://store.example/" + key + "?life=" + life.String(), s.fail
}

// biscuits is signs that needs a cookie.
type biscuits struct{ signs }

func (*biscuits) Cookies(_ context.Context, prefix string, life time.Duration) ([]*http.Cookie, error) {
	return []*http.Cookie{{Name: "right", Value: prefix + life.String(), Secure: true}}, nil
}

// away is a harness whose viewers read packed renditions from the store.
func away(t *testing.T, links player.Links) *harness {
	t.Helper()
	h := newHarness(t)
	h.links = links
	h.Service = h.restart("asset")
	return h
}

func TestAViewerIsSentToTheStore(t *testing.T) {
	t.Parallel()
	h := away(t, &signs{})
	at := base(h.start(t))
	if r := get(t, h.Service, http.MethodGet, at+"v1/all.mp4", "Range", "bytes=166-183"); r.StatusCode != http.StatusNotFound {
		t.Errorf("before it is packed: %s", r.Status)
	}
	h.segments.pack(t)
	h.segments.takeCalls("")
	r := get(t, h.Service, http.MethodGet, at+"v1/all.mp4", "Range", "bytes=166-183")
	got := []string{
		r.Status, r.Header.Get("Location"), r.Header.Get("Cache-Control"), r.Header.Get("Set-Cookie"), body(t, r),
	}
	if diff := cmp.Diff([]string{"307 Temporary Redirect", "https://store.example/v1/all.mp4?life=5m0s", "no-store", "", ""}, got); diff != "" {
		t.Errorf("the answer (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"touch v1 8"}, h.segments.takeCalls("")); diff != "" {
		t.Errorf("what the transcoder was told (-want +got):\n%s", diff)
	}
	// The Init Section says nothing about where the viewer is.
	get(t, h.Service, http.MethodGet, at+"v1/all.mp4", "Range", "bytes=0-16")
	if diff := cmp.Diff([]string{"touch v1 9"}, h.segments.takeCalls("")); diff != "" {
		t.Errorf("after the init section (-want +got):\n%s", diff)
	}
	// Addresses from before the packing still work, through us.
	if r := get(t, h.Service, http.MethodGet, at+"v1/00007.m4s"); r.StatusCode != http.StatusOK ||
		body(t, r) != "bytes of 00007.m4s" {
		t.Errorf("a single segment: %s", r.Status)
	}
}

func TestCookiesComeWithTheWay(t *testing.T) {
	t.Parallel()
	h := away(t, &biscuits{})
	h.segments.pack(t)
	r := get(t, h.Service, http.MethodGet, base(h.start(t))+"v1/all.mp4", "Range", "bytes=166-183")
	if got := r.Header.Get("Set-Cookie"); r.StatusCode != http.StatusTemporaryRedirect || got != "right=5m0s; Secure" {
		t.Errorf("%s, cookie %q", r.Status, got)
	}
}

func TestTheTokenComesBeforeTheWay(t *testing.T) {
	t.Parallel()
	links := &signs{}
	h := away(t, links)
	h.segments.pack(t)
	p := h.start(t)
	if err := h.Stop(t.Context(), anna, p.Session.ID, nil); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{base(p) + "v1/all.mp4", "/media/none/v1/all.mp4"} {
		r := get(t, h.Service, http.MethodGet, path, "Range", "bytes=0-16")
		if r.StatusCode != http.StatusForbidden || r.Header.Get("Location") != "" {
			t.Errorf("%s, Location %q", r.Status, r.Header.Get("Location"))
		}
	}
	if links.asked > 0 {
		t.Error("a link was made without a request")
	}
}

func TestWhatCannotBeSentAwayGoesThroughHere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		links  player.Links
		method string
		ranged string
		status int
		body   string
	}{
		{"proxy", nil, "GET", "bytes=166-183", 206, "bytes of 00008.m4s"},
		{"no link", &signs{fail: errors.New("no key")}, "GET", "bytes=166-183", 206, "bytes of 00008.m4s"},
		{"no way at the moment", &biscuits{signs{mute: true}}, "GET", "bytes=166-183", 206, "bytes of 00008.m4s"},
		{"HEAD", &signs{}, "HEAD", "bytes=166-183", 206, ""},
		{"many ranges", &signs{}, "GET", "bytes=0-1,4-5", 200, "all"},
		{"backwards", &signs{}, "GET", "bytes=5-4", 416, "invalid range\n"},
		{"no range", &signs{}, "GET", "", 200, "all"},
		{"beyond the end", &signs{}, "GET", "bytes=100000-", 416, "invalid range: failed to overlap\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := away(t, c.links)
			h.segments.pack(t)
			path := base(h.start(t)) + "v1/all.mp4"
			h.segments.takeCalls("")
			r := get(t, h.Service, c.method, path, "Range", c.ranged)
			text := body(t, r)
			if c.body == "all" && len(text) == 17+5+50*18 && text[166:184] == "bytes of 00008.m4s" {
				text = "all"
			}
			if r.StatusCode != c.status || text != c.body {
				t.Errorf("%s: %q", r.Status, text)
			}
			calls := h.segments.takeCalls("")
			if want := map[string]int{"all": 52, "": 0, "bytes of 00008.m4s": 1}[c.body]; c.status < 400 &&
				len(calls) != want {
				t.Errorf("the store was asked %d times, want %d: %v", len(calls), want, calls)
			}
		})
	}
}

func TestAFailureAtTheBeginningHasAStatus(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.segments.pack(t)
	h.segments.fail = player.ErrEnded
	if r := get(t, h.Service, http.MethodGet, base(h.start(t))+"v1/all.mp4", "Range", "bytes=166-183"); r.StatusCode != http.StatusForbidden {
		t.Errorf("%s", r.Status)
	}
}

func TestPlaylistsTurnToTheStoreWhenItIsPacked(t *testing.T) {
	t.Parallel()
	const forever, ask = "private, max-age=31536000, immutable", "private, no-cache"
	for _, c := range []struct {
		links  player.Links
		packed bool
		want   []string
	}{
		{nil, false, []string{"media v1", forever}},
		{nil, true, []string{"media v1", forever}},
		{&signs{}, false, []string{"media v1", ask}},
		{&signs{}, true, []string{"packed v1", ask}},
	} {
		h := away(t, c.links)
		if c.packed {
			h.segments.pack(t)
		}
		r := get(t, h.Service, http.MethodGet, base(h.start(t))+"v1/media.m3u8")
		if diff := cmp.Diff(c.want, []string{body(t, r), r.Header.Get("Cache-Control")}); diff != "" {
			t.Errorf("links %v, packed %v (-want +got):\n%s", c.links, c.packed, diff)
		}
	}
}
