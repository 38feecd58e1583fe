package player_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/fault"
	"movify/player"
)

// get asks the handler of s for a path.
func get(t *testing.T, s *player.Service, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	player.NewMediaHandler(s).ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// served asks for a file by GET, again with its ETag, and by HEAD, and gives the first response.
func served(t *testing.T, s *player.Service, path, kind, cache, text string) *http.Response {
	t.Helper()
	r := get(t, s, http.MethodGet, path)
	got := []string{r.Status, r.Header.Get("Content-Type"), r.Header.Get("Cache-Control"), body(t, r)}
	if diff := cmp.Diff([]string{"200 OK", kind, cache, text}, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	etag := r.Header.Get("ETag")
	if again := get(t, s, http.MethodGet, path, "If-None-Match", etag); etag == "" ||
		again.StatusCode != http.StatusNotModified {
		t.Errorf("%s: asked again with %q: %s", path, etag, again.Status)
	}
	if head := get(t, s, http.MethodHead, path); head.StatusCode != 200 ||
		head.ContentLength != int64(len(text)) || body(t, head) != "" {
		t.Errorf("%s: HEAD gives %s, %d bytes", path, head.Status, head.ContentLength)
	}
	return r
}

func base(p player.Playback) string { return strings.TrimSuffix(p.Manifest, "multivariant.m3u8") }

func TestMediaFiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	at := base(h.start(t))
	const list, segment = "application/vnd.apple.mpegurl", "video/mp4"
	for _, c := range []struct{ path, kind, cache, body string }{
		{"multivariant.m3u8", list, "private, no-cache", "multivariant asset v1"},
		{"v1/media.m3u8", list, "private, max-age=31536000, immutable", "media v1"},
		{"a1/init.mp4", segment, "private, max-age=31536000, immutable", "bytes of init.mp4"},
		{"v1/00007.m4s", segment, "private, max-age=31536000, immutable", "bytes of 00007.m4s"},
	} {
		r := served(t, h.Service, at+c.path, c.kind, c.cache, c.body)
		for _, name := range []string{"Access-Control-Allow-Origin", "Set-Cookie"} {
			if v := r.Header.Get(name); v != "" {
				t.Errorf("%s: %s is %q", c.path, name, v)
			}
		}
	}
	if r := get(t, h.Service, http.MethodGet, at+"v1/00007.m4s", "Range", "bytes=6-7"); r.StatusCode != 206 ||
		body(t, r) != "of" {
		t.Errorf("a range: %s", r.Status)
	}
}

func TestInitIsMadeWhereThePlayerIs(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ms := int64(100_000)
	p, err := h.Start(t.Context(), caller(anna), "film", "", &ms)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"v1/init.mp4", "v1/00007.m4s", "a1/init.mp4"} {
		get(t, h.Service, http.MethodGet, base(p)+name)
	}
	if diff := cmp.Diff([]string{"init v1 20", "init a1 8"}, h.segments.takeCalls("init")); diff != "" {
		t.Errorf("init sections (-want +got):\n%s", diff)
	}
}

func TestEverythingElseIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	at := base(h.start(t))
	for _, path := range []string{
		"/media/", "/media/x", "/other", at, at + "v1", at + "v1/", at + "x/media.m3u8", at + "v1/00050.m4s", at + "v1/7.m4s",
		at + "v1/plan.json", at + "v1/../v1/00007.m4s", at + "v1/00007.m4s/x", at + "media.m3u8", at + "v1/multivariant.m3u8",
	} {
		if r := get(t, h.Service, http.MethodGet, path); r.StatusCode != http.StatusNotFound &&
			r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	if r := get(t, h.Service, http.MethodPost, at+"v1/00007.m4s"); r.StatusCode != http.StatusNotFound {
		t.Errorf("POST: %s", r.Status)
	}
	if got := h.segments.takeCalls("segment"); len(got) != 0 {
		t.Errorf("asked for %v", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	film := func(p player.Playback) string { return base(p) + "v1/00007.m4s" }
	for _, c := range []struct {
		name string
		path func(t *testing.T, h *harness) string
	}{
		{"no token", func(*testing.T, *harness) string { return "/media/none/v1/00007.m4s" }},
		{"token of a session that never was", func(*testing.T, *harness) string {
			return "/media/nobody~asset~9999999999999/v1/00007.m4s"
		}},
		{"token of another asset", func(t *testing.T, h *harness) string {
			return strings.Replace(film(h.start(t)), "~asset~", "~other~", 1)
		}},
		{"expired", func(t *testing.T, h *harness) string {
			p := h.start(t)
			h.now = h.now.Add(24 * time.Hour)
			return film(p)
		}},
		{"stopped", func(t *testing.T, h *harness) string {
			p := h.start(t)
			if err := h.Stop(t.Context(), anna, p.Session.ID, nil); err != nil {
				t.Fatal(err)
			}
			return film(p)
		}},
		{"signed out", func(t *testing.T, h *harness) string {
			p := h.start(t)
			if err := h.EndSignIn(t.Context(), "sign-in"); err != nil {
				t.Fatal(err)
			}
			return film(p)
		}},
		{"signed out before a restart", func(t *testing.T, h *harness) string {
			p := h.start(t)
			if err := h.EndSignIn(t.Context(), "sign-in"); err != nil {
				t.Fatal(err)
			}
			h.Service = h.restart("asset")
			return film(p)
		}},
		{"the file was packaged anew", func(t *testing.T, h *harness) string {
			p := h.start(t)
			h.Service = h.restart("newer")
			return film(p)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			path := c.path(t, h)
			for range 2 {
				r := get(t, h.Service, http.MethodGet, path)
				if text := body(t, r); r.StatusCode != http.StatusForbidden || len(text) > 200 ||
					r.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s, %d bytes: %s", r.Status, len(text), text)
				}
			}
			if got := h.segments.takeCalls("segment"); len(got) != 0 {
				t.Errorf("asked for %v", got)
			}
		})
	}
}

func TestAnotherSignInGoesOn(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	at := base(h.start(t))
	if err := h.EndSignIn(t.Context(), "another"); err != nil {
		t.Fatal(err)
	}
	if r := get(t, h.Service, http.MethodGet, at+"v1/00007.m4s"); r.StatusCode != http.StatusOK {
		t.Errorf("%s", r.Status)
	}
}

func TestNoStoreOnTheWayOfASegment(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	at := base(h.start(t))
	h.Service = h.restart("asset") // the session is not in memory
	before := h.store.count()
	for range 100 {
		for _, name := range []string{"multivariant.m3u8", "v1/media.m3u8", "v1/init.mp4", "v1/00007.m4s"} {
			if r := get(t, h.Service, http.MethodGet, at+name); r.StatusCode != http.StatusOK {
				t.Fatal(r.Status)
			}
		}
	}
	if got := h.store.count() - before; got != 2 {
		t.Errorf("the store was asked %d times for 400 requests, want twice: for the session and for where it is", got)
	}
}

func TestASegmentThatTakesTooLong(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.segments.slow = 9
	h.Service = player.New(
		player.Options{
			Store: h.store, Catalogue: fakeCatalogue{asset: "asset"}, Segments: h.segments, Tokens: plainTokens{},
			Wait: time.Millisecond,
		},
	)
	r := get(t, h.Service, http.MethodGet, base(h.start(t))+"v1/00009.m4s")
	if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") != "2" || len(body(t, r)) > 1000 {
		t.Errorf("%s, Retry-After %q", r.Status, r.Header.Get("Retry-After"))
	}
}

func TestWaitingEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.segments.slow, h.segments.entered = 9, make(chan struct{})
	path := base(h.start(t)) + "v1/00009.m4s"
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan *httptest.ResponseRecorder)
	go func() {
		w := httptest.NewRecorder()
		player.NewMediaHandler(h.Service).ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
		done <- w
	}()
	<-h.segments.entered
	cancel()
	if w := <-done; w.Body.Len() != 0 {
		t.Errorf("wrote %q to a closed connection", w.Body)
	}
}

func TestFailuresHaveAStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{
		{fault.New(fault.NotFound, "x", "Words."), 404},
		{fault.New(fault.Unavailable, "x", "Words."), 503},
		{fault.New(fault.Unsupported, "x", "Words."), 422},
		{errors.New("/secret/path is broken"), 500},
	} {
		h := newHarness(t)
		h.segments.fail = c.err
		r := get(t, h.Service, http.MethodGet, base(h.start(t))+"v1/00007.m4s")
		if text := body(t, r); r.StatusCode != c.want || strings.Contains(text, "secret") {
			t.Errorf("%v: %s %q", c.err, r.Status, text)
		}
	}
}
