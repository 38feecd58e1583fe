package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
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

// FuzzAddresses: whatever a client and its proxies write, one function tells the address, a trusted proxy is never taken for
// the client where another hop is named, and what is unknown is not at home.
func FuzzAddresses(f *testing.F) {
	for header, cases := range addressCases {
		for _, c := range cases {
			value := ""
			if len(c.headers) > 0 {
				value = c.headers[0][1]
			}
			f.Add(c.peer, header, value)
		}
	}
	trusted := proxies("10.0.0.0/8", "127.0.0.1/32", "fd00::/8")
	f.Fuzz(func(t *testing.T, peer, header, value string) {
		a := api.Addresses{Proxies: trusted, Header: header}
		name := header
		if !slices.Contains(api.ClientHeaders, name) {
			name = "X-Forwarded-For"
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = peer
		r.Header[http.CanonicalHeaderKey(name)] = []string{value}
		address, text := a.Of(r), a.Text(r)
		if address.IsValid() != (text != "unknown") || address.Is4In6() || address.Zone() != "" {
			t.Errorf("%q of %q behind %q: %v, %q", value, name, peer, address, text)
		}
		if a.Local(r) && !address.IsValid() {
			t.Errorf("%q of %q behind %q is unknown and at home", value, name, peer)
		}
	})
}

// FuzzHosts: whether a name is known does not depend on a port.
func FuzzHosts(f *testing.F) {
	for _, host := range []string{"nas.local:8484", "[::1]:80", "evil.example", "192.168.1.5", "", ":", "[", "nas.lan."} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		h := api.Hosts{More: []string{"films.example"}}
		known := h.Known(host)
		if strings.ContainsAny(host, ":[]") || strings.HasSuffix(host, ".") {
			return
		}
		if h.Known(host+":8484") != known {
			t.Errorf("%q is known: %v, and with a port: %v", host, known, !known)
		}
	})
}
