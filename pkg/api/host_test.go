package api_test

import (
	"net/http"
	"net/url"
	"testing"

	"movify/pkg/api"
)

func TestKnownHosts(t *testing.T) {
	t.Parallel()
	plain := api.Hosts{}
	configured := api.Hosts{Public: &url.URL{Scheme: "https", Host: "movies.example.org:8443"}, More: []string{"tv.example.net"}}
	for host, want := range map[string][2]bool{ // without and with configuration
		"192.168.1.5:8484": {true, true}, "203.0.113.9": {true, true}, "[2001:db8::1]:8484": {true, true}, "[::1]": {true, true},
		"localhost:8484": {true, true}, "LOCALHOST": {true, true}, "a.localhost": {true, true}, "nas": {true, true},
		"nas:8484": {true, true}, "nas.local": {true, true}, "nas.local.": {true, true}, "nas.lan:80": {true, true},
		"nas.home.arpa": {true, true}, "evil.example": {false, false}, "evil.example:8484": {false, false},
		"localhost.evil.example": {false, false}, "nas.local.evil.example": {false, false}, "192.168.1.5.evil.example": {false, false},
		"movies.example.org": {false, true}, "Movies.Example.org:8484": {false, true}, "tv.example.net": {false, true},
		"evil.movies.example.org": {false, false}, "": {false, false}, ":8484": {false, false},
	} {
		if got := [2]bool{plain.Known(host), configured.Known(host)}; got != want {
			t.Errorf("%q: %v, want %v", host, got, want)
		}
	}
}

// TestAWebPageCannotClaimTheServer: a page whose name was made to resolve to this server is refused the set-up, and, where the
// owner named the server, everything that a cookie opens.
func TestAWebPageCannotClaimTheServer(t *testing.T) {
	t.Parallel()
	const setup = `{"email":"a@example.org","name":"A","password":"p","folders":[]}`
	for host, want := range map[string]int{"evil.example:8484": http.StatusForbidden, "192.168.1.2:8484": http.StatusOK} {
		h := newAPI(t, &fakeServer{}, nil).Handler()
		if res := ask(h, "GET", "/api/v1/setup/folders", "", "Host: "+host); res.StatusCode != want {
			t.Errorf("%s looks at the folders: %d", host, res.StatusCode)
		}
		if res := ask(h, "POST", "/api/v1/setup", setup, "Host: "+host); res.StatusCode != want {
			t.Errorf("%s sets up: %d", host, res.StatusCode)
		}
	}
	public := &url.URL{Scheme: "http", Host: "movies.example.org"}
	for host, want := range map[string]int{"evil.example": http.StatusForbidden, "tv.example.net": http.StatusOK} {
		h := newAPI(t, &fakeServer{setUp: true}, func(o *api.Options) { o.Hosts = []string{"tv.example.net"} }).Handler()
		res := ask(h, "POST", "/api/v1/auth/device", `{"client":"Living room"}`, "Host: "+host)
		if res.StatusCode != want {
			t.Errorf("a television is sent to %s: %d", host, res.StatusCode)
		}
	}
	for _, c := range []struct {
		public *url.URL
		host   string
		how    string
		want   int
	}{
		{public, "evil.example", "Cookie: movify_access=kid", http.StatusForbidden},
		{public, "movies.example.org", "Cookie: movify_access=kid", http.StatusOK},
		{public, "192.168.1.2", "Cookie: movify_access=kid", http.StatusOK},
		{public, "evil.example", "Authorization: Bearer kid", http.StatusOK}, // no browser sends it by itself
		{nil, "films.example", "Cookie: movify_access=kid", http.StatusOK},   // nobody said what it is called
	} {
		h := newAPI(t, &fakeServer{setUp: true}, func(o *api.Options) { o.Public = c.public }).Handler()
		if res := ask(h, "GET", "/api/v1/home", "", "Host: "+c.host, c.how); res.StatusCode != c.want {
			t.Errorf("%s as %s, %s: %d, want %d", c.public, c.host, c.how, res.StatusCode, c.want)
		}
	}
}
