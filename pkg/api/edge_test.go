package api_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/event"
	"movify/pkg/testkit"
)

func TestWebApp(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{}, nil).Handler()
	for name, c := range map[string]struct {
		method, path, encoding string
		status                 int
		body, cache, kind      string
	}{
		"page":             {"GET", "/", "", 200, "<!doctype html>page", "no-cache", "text/html; charset=utf-8"},
		"page of the app":  {"GET", "/title/abc?x=1", "", 200, "<!doctype html>page", "no-cache", "text/html; charset=utf-8"},
		"brotli":           {"GET", "/", "gzip, deflate, br", 200, "page.br", "no-cache", "text/html; charset=utf-8"},
		"gzip":             {"GET", "/", "gzip", 200, "page.gz", "no-cache", "text/html; charset=utf-8"},
		"refused encoding": {"GET", "/", "br;q=0", 200, "<!doctype html>page", "no-cache", "text/html; charset=utf-8"},
		"boot":             {"GET", "/boot.js", "gzip", 200, "boot", "no-cache", "text/javascript; charset=utf-8"},
		"hashed":           {"GET", "/assets/app-1234.js", "br", 200, "app.br", "public, max-age=31536000, immutable", "text/javascript; charset=utf-8"},
		"hashed of old":    {"GET", "/assets/app-0000.js", "", 404, "not found\n", "no-store", "text/plain; charset=utf-8"},
		"head":             {"HEAD", "/", "", 200, "", "no-cache", "text/html; charset=utf-8"},
		"post":             {"POST", "/", "", 405, "", "", "application/problem+json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := ask(h, c.method, c.path, "", "Accept-Encoding: "+c.encoding)
			got := []any{res.StatusCode, text(t, res), res.Header.Get("Cache-Control"), res.Header.Get("Content-Type")}
			want := []any{c.status, c.body, c.cache, c.kind}
			if c.method == "POST" {
				got[1] = ""
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	tag := ask(h, "GET", "/boot.js", "").Header.Get("ETag")
	if res := ask(h, "GET", "/boot.js", "", "If-None-Match: "+tag); res.StatusCode != 304 {
		t.Errorf("same ETag: %d, want 304", res.StatusCode)
	}
	for _, ranged := range []string{"bytes=-0", "bytes=0-1", "bytes=9-"} {
		res := ask(h, "GET", "/boot.js", "", "Range: "+ranged)
		if got := text(t, res); res.StatusCode != 200 || got != "boot" || res.Header.Get("Content-Range") != "" {
			t.Errorf("%s: %d %q, want all of the file", ranged, res.StatusCode, got)
		}
	}
}

func TestBinaryWithoutWebAppSaysSo(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{}, func(o *api.Options) {
		app := webApp()
		for name := range app {
			if strings.HasPrefix(name, "index") {
				delete(app, name)
			}
		}
		o.App = app
	}).Handler()
	res := ask(h, "GET", "/", "")
	if got := text(t, res); res.StatusCode != 503 || !strings.Contains(got, "make build") {
		t.Errorf("%d %s", res.StatusCode, got)
	}
}

// A refusal for now is not an error of the server: strangers can cause as many as they like.
func TestWhatIsLoggedAsAnError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   error
		level string
	}{
		"no fault":    {errors.New("the disk is on fire"), "ERROR"},
		"unavailable": {errNotReady, "WARN"},
	} {
		var log strings.Builder
		h := newAPI(t, &fakeServer{setUp: true, failure: c.err}, func(o *api.Options) {
			o.Logger = slog.New(slog.NewTextHandler(&log, nil))
		}).Handler()
		ask(h, "GET", "/api/v1/home", "", boss)
		if !strings.Contains(log.String(), "level="+c.level+` msg="request failed"`) {
			t.Errorf("%s: the log is %s", name, log.String())
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{}, nil).Handler()
	want := map[string]string{
		"Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; " +
			"style-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy":        "same-origin",
		"X-Frame-Options":        "DENY",
	}
	for _, path := range []string{"/", "/api/v1/bootstrap", "/api/v1/none", "/healthz"} {
		res := ask(h, "GET", path, "")
		for name, value := range want {
			if got := res.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestThePolicyLetsMediaComeFromElsewhere(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{}, func(o *api.Options) {
		o.MediaOrigins = func() []string { return []string{"https://s3.example.org", "https://cdn.example.org:8443"} }
	}).Handler()
	got := ask(h, "GET", "/", "").Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'self'; ", "; media-src 'self' blob: https://s3.example.org https://cdn.example.org:8443; ",
		"; connect-src 'self' https://s3.example.org https://cdn.example.org:8443; ", "; img-src 'self' data: blob:; ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
}

func TestForeignOriginIsTrustedOnlyAsPublicURL(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{setUp: true}, func(o *api.Options) { o.Public = mustURL(t, "https://movies.example.org/") }).Handler()
	for origin, want := range map[string]int{"https://movies.example.org": 204, "https://evil.example": 403, "http://example.com": 204} {
		// httptest requests go to Host example.com.
		if res := ask(h, "POST", "/api/v1/auth/sign-out", "", boss, "Origin: "+origin); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", origin, res.StatusCode, want)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	ready := false
	h := newAPI(t, &fakeServer{}, func(o *api.Options) { o.Ready = func() bool { return ready } }).Handler()
	if res := ask(h, "GET", "/healthz", ""); res.StatusCode != 200 {
		t.Errorf("healthz %d", res.StatusCode)
	}
	if res := ask(h, "GET", "/readyz", ""); res.StatusCode != 503 {
		t.Errorf("readyz before ready: %d", res.StatusCode)
	}
	ready = true
	if res := ask(h, "GET", "/readyz", ""); res.StatusCode != 200 {
		t.Errorf("readyz: %d", res.StatusCode)
	}
	for _, path := range []string{"/openapi.json", "/openapi.yaml"} {
		if got := text(t, ask(h, "GET", path, "")); !strings.Contains(got, "x-access") {
			t.Errorf("%s: %.100s", path, got)
		}
	}
}

// The writer that reaches the media plane is the server's own: through any wrapper, sendfile would be lost.
func TestMediaWriterIsReaderFrom(t *testing.T) {
	t.Parallel()
	srv := testkit.Serve(t, newAPI(t, &fakeServer{}, nil).Handler())
	r, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/media/token/x/00000.m4s", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := text(t, res); got != "reader-from" || res.Header.Get("Content-Encoding") != "" {
		t.Errorf("%q, encoding %q", got, res.Header.Get("Content-Encoding"))
	}
}

func TestJSONIsCompressed(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{}, nil).Handler()
	if res := ask(h, "GET", "/openapi.json", "", "Accept-Encoding: gzip"); res.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("not compressed: %v", res.Header)
	}
}

func TestNoticesStream(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	// Also how long a write may take, so that a short one ends the stream on a busy machine.
	a := newAPI(t, fake, func(o *api.Options) { o.Heartbeat = time.Second })
	srv := testkit.Serve(t, a.Handler())
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", srv.URL+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer kid")
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" || res.Header.Get("Content-Encoding") != "" {
		t.Fatalf("Content-Type %q, Content-Encoding %q", got, res.Header.Get("Content-Encoding"))
	}
	lines := bufio.NewScanner(res.Body)
	next := func(prefix string) string {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), prefix) {
				return lines.Text()
			}
		}
		t.Fatalf("the stream ended before %q: %v", prefix, lines.Err())
		return ""
	}
	next("event: hello") // written after the subscription
	for _, foreign := range []event.Addressee{{Account: "a-boss"}, {Account: "a-boss", Profile: "p-boss"}, {Account: "a-kid", Profile: "p-other"}} {
		fake.bus.Publish(event.Notice{Topic: event.Viewer, Kind: "progress", For: foreign})
	}
	for _, own := range []event.Addressee{{Account: "a-kid", Profile: "p-kid"}, {Account: "a-kid"}} {
		fake.bus.Publish(event.Notice{Topic: event.Viewer, Kind: "list", For: own})
		next("event: ")
		if got := next("data:"); got != `data: {"v":1,"kind":"list","ids":{}}` {
			t.Errorf("got %s", got)
		}
	}
	fake.bus.Publish(event.Notice{Topic: event.Library, Kind: "title", IDs: map[string]string{"title": "t1"}})
	next("event: library")
	if got := next("data:"); got != `data: {"v":1,"kind":"title","ids":{}}` {
		t.Errorf("got %s", got)
	}
	next(": still here")
	a.Drain()
	a.Drain()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Errorf("the stream did not end cleanly: %v", err)
	}
}

// Who has signed out or changed the profile hears nothing any more, though the connection stands.
func TestNoticesEndWithTheSignIn(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	var over atomic.Bool
	a := newAPI(t, fake, func(o *api.Options) {
		o.Current = func(p api.Principal) bool { return p.SignIn == "s-kid" && !over.Load() }
	})
	srv := testkit.Serve(t, a.Handler())
	r, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer kid")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	heard := ""
	for lines.Scan() {
		heard += lines.Text() + "\n"
		switch {
		case strings.HasPrefix(lines.Text(), "event: hello"):
			fake.bus.Publish(event.Notice{Topic: event.Library, Kind: "first"})
		case strings.HasPrefix(lines.Text(), "event: library"):
			over.Store(true)
			fake.bus.Publish(event.Notice{Topic: event.Library, Kind: "second"})
		}
	}
	if lines.Err() != nil || !strings.Contains(heard, "first") || strings.Contains(heard, "second") {
		t.Errorf("heard %q, %v", heard, lines.Err())
	}
}

// A cancelled request cancels its handler: gin's context must hand the cancellation on.
func TestHandlerEndsWithItsClient(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	entered := make(chan struct{})
	fake := &waitingHouse{fakeServer: fakeServer{setUp: true}, entered: entered, ended: ended}
	srv := testkit.Serve(t, newAPI(t, &fake.fakeServer, func(o *api.Options) { o.Catalogue = fake }).Handler())
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", srv.URL+"/api/v1/home", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer kid")
	go func() {
		<-entered
		cancel()
	}()
	if res, err := http.DefaultClient.Do(r); err == nil {
		res.Body.Close()
		t.Error("the request was answered")
	}
	if err := <-ended; err == nil {
		t.Error("the handler's context did not end")
	}
}

type waitingHouse struct {
	fakeServer
	entered chan struct{}
	ended   chan error
}

func (w *waitingHouse) Home(ctx context.Context, _ api.Principal) (api.Home, error) {
	close(w.entered)
	<-ctx.Done()
	w.ended <- ctx.Err()
	return api.Home{}, ctx.Err()
}

func TestPanicIsAProblem(t *testing.T) {
	t.Parallel()
	fake := &panickingHouse{fakeServer: fakeServer{setUp: true}}
	h := newAPI(t, &fake.fakeServer, func(o *api.Options) { o.Catalogue = fake }).Handler()
	res := ask(h, "GET", "/api/v1/home", "", boss)
	if got := text(t, res); res.StatusCode != 500 || !strings.Contains(got, `"code":"internal"`) || strings.Contains(got, "boom") {
		t.Errorf("%d %s", res.StatusCode, got)
	}
}

type panickingHouse struct{ fakeServer }

func (*panickingHouse) Home(context.Context, api.Principal) (api.Home, error) { panic("boom") }
