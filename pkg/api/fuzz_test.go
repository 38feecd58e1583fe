package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"movify/pkg/api"
)

// FuzzRequest sends any path, query and cookies. No request panics, and only the valid token gets an answer from an operation
// that is not public.
func FuzzRequest(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "/api/v1/home", "movify_access=boss"},
		{"GET", "/api/v1/home", "movify_access=boss\"; movify_access=x"},
		{"GET", "/api/v1/titles/t1?q=%00", "movify_access="},
		{"POST", "/api/v1/auth/refresh", "movify_refresh=\x00; __Secure-movify_refresh=y"},
		{"DELETE", "/api/v1/../../media/x", "__Host-movify_access=boss"},
		{"GET", "/media/art/../x", "=; ;;=="},
		{"PUT", "/api/v1/titles/%2e%2e%2f/watched", "movify_access=" + strings.Repeat("A", 5000)},
		{"GET", "//api//v1//home", "movify_errand=e30"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	h := newAPI(f, &fakeServer{setUp: true}, func(o *api.Options) { o.Logger = slog.New(slog.DiscardHandler) }).Handler()
	f.Fuzz(func(t *testing.T, method, target, cookies string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(target, "/") || strings.HasSuffix(u.Path, "/events") || method == "" || strings.ContainsFunc(method, func(r rune) bool { return r < 'A' || r > 'Z' }) {
			return // requests that net/http refuses, and the endless stream
		}
		r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(""))
		r.Method, r.URL, r.RequestURI = method, u, target
		r.Header.Set("Cookie", cookies)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%s %q with %q answers %d: %s", method, target, cookies, w.Code, w.Body)
		}
		signed := false
		for _, c := range r.Cookies() {
			signed = signed || c.Name == "movify_access" && (c.Value == "boss" || c.Value == "kid" || strings.HasPrefix(c.Value, "mvf_"))
		}
		if !signed && w.Code < 300 && strings.HasPrefix(u.Path, "/api/v1/home") {
			t.Errorf("%q with %q is answered: %s", target, cookies, w.Body)
		}
	})
}
