package api_test

import (
	"net/http/httptest"
	"testing"

	"movify/pkg/api"
)

func TestClientAddress(t *testing.T) {
	t.Parallel()
	address := api.ClientAddress(proxies("10.0.0.0/8"))
	for _, c := range []struct {
		peer, forwarded, want string
	}{
		{"192.168.1.5:80", "", "192.168.1.5"},
		{"192.168.1.5:80", "203.0.113.9", "192.168.1.5"}, // not a trusted proxy
		{"10.0.0.1:80", "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:80", "1.2.3.4, 203.0.113.9", "203.0.113.9"}, // the first one is a claim
		{"10.0.0.1:80", "203.0.113.9, 10.0.0.2", "203.0.113.9"},
		{"10.0.0.1:80", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
		{"10.0.0.1:80", "", "10.0.0.1"},
		{"10.0.0.1:80", "203.0.113.9, nonsense", "10.0.0.1"},
		{"[::ffff:10.0.0.1]:80", "::ffff:203.0.113.9", "203.0.113.9"},
		{"[2001:db8::1]:80", "", "2001:db8::1"},
		{"pipe", "", "pipe"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := address(r); got != c.want {
			t.Errorf("%s forwarding %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}
