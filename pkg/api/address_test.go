package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"movify/pkg/api"
)

// addressCase is a request from a peer with the headers that proxies or clients wrote.
type addressCase struct {
	peer    string
	headers [][2]string
	want    string // "unknown" when it cannot be told
	local   bool
}

func xff(values ...string) (headers [][2]string) {
	for _, v := range values {
		headers = append(headers, [2]string{"X-Forwarded-For", v})
	}
	return headers
}

func forwarded(values ...string) (headers [][2]string) {
	for _, v := range values {
		headers = append(headers, [2]string{"Forwarded", v})
	}
	return headers
}

func realIP(values ...string) (headers [][2]string) {
	for _, v := range values {
		headers = append(headers, [2]string{"X-Real-IP", v})
	}
	return headers
}

// The trusted proxies of all cases are 10.0.0.0/8, 127.0.0.1 and fd00::/8.
var addressCases = map[string][]addressCase{
	"": {
		// Without a proxy.
		{"192.168.1.5:80", nil, "192.168.1.5", true},
		{"203.0.113.9:80", nil, "203.0.113.9", false},
		{"[2001:db8::1]:80", nil, "2001:db8::1", false},
		{"[::1]:80", nil, "::1", true},
		{"[fe80::1%eth0]:80", nil, "fe80::1", true},
		{"[::ffff:192.168.1.5]:80", nil, "192.168.1.5", true},
		{"169.254.1.1:80", nil, "169.254.1.1", true},
		{"100.64.0.1:80", nil, "100.64.0.1", false}, // shared by the customers of a provider (RFC 6598)
		{"@", nil, "unknown", false},
		{"", nil, "unknown", false},
		{"pipe", xff("203.0.113.9"), "unknown", false},
		// A proxy that is not trusted: nothing it says counts, and it is not at home.
		{"192.168.1.5:80", xff("203.0.113.9"), "192.168.1.5", false},
		{"192.168.1.5:80", realIP("192.168.1.7"), "192.168.1.5", false},
		{"192.168.1.5:80", forwarded("for=192.168.1.7"), "192.168.1.5", false},
		{"192.168.1.5:80", xff(""), "192.168.1.5", false},
		{"203.0.113.9:80", xff("127.0.0.1"), "203.0.113.9", false},
		{"203.0.113.9:80", xff("10.0.0.1"), "203.0.113.9", false},
		// A trusted proxy.
		{"10.0.0.1:80", xff("203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("192.168.1.7"), "192.168.1.7", true},
		{"10.0.0.1:80", xff("  192.168.1.7\t"), "192.168.1.7", true},
		{"127.0.0.1:80", xff("203.0.113.9"), "203.0.113.9", false},
		{"[::ffff:127.0.0.1]:80", xff("203.0.113.9"), "203.0.113.9", false},
		{"[fd00::1]:80", xff("2001:db8::7"), "2001:db8::7", false},
		{"[fd00::1%eth0]:80", xff("2001:db8::7"), "2001:db8::7", false},
		// Several hops: what the client wrote stands first.
		{"10.0.0.1:80", xff("1.2.3.4, 203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("192.168.1.7, 203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("203.0.113.9, 10.0.0.2"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("203.0.113.9,10.0.0.3 , 10.0.0.2"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("203.0.113.9", "10.0.0.2"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("192.168.1.7", "203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("10.0.0.3, 10.0.0.2"), "10.0.0.3", true},
		{"10.0.0.1:80", xff("nonsense, 203.0.113.9"), "203.0.113.9", false},
		// With ports and brackets, as IIS, Azure and some balancers write them.
		{"10.0.0.1:80", xff("203.0.113.9:51234"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("192.168.1.7:51234"), "192.168.1.7", true},
		{"10.0.0.1:80", xff("203.0.113.9:51234, 10.0.0.2:443"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("[2001:db8::7]"), "2001:db8::7", false},
		{"10.0.0.1:80", xff("[2001:db8::7]:51234"), "2001:db8::7", false},
		{"10.0.0.1:80", xff("[fd12::7]:51234, [fd00::2]:443"), "fd12::7", true},
		{"10.0.0.1:80", xff("::ffff:203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("[::ffff:203.0.113.9]:51234"), "203.0.113.9", false},
		{"10.0.0.1:80", xff("::ffff:10.0.0.2"), "10.0.0.2", true},
		// What cannot be read is not at home, and nothing before it counts.
		{"10.0.0.1:80", xff("203.0.113.9, nonsense"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7, unknown"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7,"), "unknown", false},
		{"10.0.0.1:80", xff(""), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7:"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7:99999"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.001.007"), "unknown", false},
		{"10.0.0.1:80", xff("[192.168.1.7]"), "unknown", false},
		{"10.0.0.1:80", xff("[2001:db8::7"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7;"), "unknown", false},
		{"10.0.0.1:80", xff(`"192.168.1.7"`), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7/32"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7 192.168.1.8"), "unknown", false},
		// A trusted proxy that hands nothing on: the address is its own, but who is behind it is not certain.
		{"10.0.0.1:80", nil, "10.0.0.1", false},
		{"127.0.0.1:80", nil, "127.0.0.1", false},
		// Headers other than the configured one are the client's own.
		{"10.0.0.1:80", realIP("192.168.1.7"), "10.0.0.1", false},
		{"10.0.0.1:80", forwarded("for=192.168.1.7"), "10.0.0.1", false},
		{"10.0.0.1:80", append(xff("203.0.113.9"), realIP("192.168.1.7")...), "203.0.113.9", false},
		{"10.0.0.1:80", append(xff("203.0.113.9:51234"), realIP("192.168.1.7")...), "203.0.113.9", false},
		{"10.0.0.1:80", append(xff("nonsense"), realIP("192.168.1.7")...), "unknown", false},
	},
	"Forwarded": {
		{"192.168.1.5:80", forwarded("for=203.0.113.9"), "192.168.1.5", false},
		{"10.0.0.1:80", forwarded("for=203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", forwarded("For=192.168.1.7;proto=https;by=10.0.0.1"), "192.168.1.7", true},
		{"10.0.0.1:80", forwarded(`for="192.168.1.7:4711"`), "192.168.1.7", true},
		{"10.0.0.1:80", forwarded(`proto=https; for="[2001:db8::7]"`), "2001:db8::7", false},
		{"10.0.0.1:80", forwarded(`for="[2001:db8::7]:4711"`), "2001:db8::7", false},
		{"10.0.0.1:80", forwarded("for=192.168.1.7, for=203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", forwarded("for=203.0.113.9", "for=10.0.0.2"), "203.0.113.9", false},
		{"10.0.0.1:80", forwarded(`for=192.168.1.7;x="a, for=192.168.1.8", for=203.0.113.9`), "203.0.113.9", false},
		{"10.0.0.1:80", forwarded(`for=192.168.1.7;host="a\", for=203.0.113.9"`), "192.168.1.7", true},
		{"10.0.0.1:80", forwarded("for=unknown"), "unknown", false},
		{"10.0.0.1:80", forwarded("for=_hidden"), "unknown", false},
		{"10.0.0.1:80", forwarded("for=192.168.1.7, for=_hidden"), "unknown", false},
		{"10.0.0.1:80", forwarded("for=192.168.1.7, proto=https"), "unknown", false},
		{"10.0.0.1:80", forwarded("for="), "unknown", false},
		{"10.0.0.1:80", forwarded("192.168.1.7"), "unknown", false},
		{"10.0.0.1:80", forwarded(`for="192.168.1.7`), "unknown", false},
		// A client that leaves a quote open, before what the proxy appends.
		{"10.0.0.1:80", forwarded(`for=192.168.1.7;x=", for=203.0.113.9`), "unknown", false},
		{"10.0.0.1:80", forwarded(`for=192.168.1.7;x="\", for=203.0.113.9`), "unknown", false},
		{"10.0.0.1:80", forwarded(`for=192.168.1.7;x=", for="[2001:db8::7]:1"`), "unknown", false},
		{"10.0.0.1:80", forwarded(`for=192.168.1.7;x="`, "for=203.0.113.9"), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7"), "10.0.0.1", false},
	},
	"X-Real-IP": {
		{"192.168.1.5:80", realIP("203.0.113.9"), "192.168.1.5", false},
		{"10.0.0.1:80", realIP("203.0.113.9"), "203.0.113.9", false},
		{"10.0.0.1:80", realIP("192.168.1.7"), "192.168.1.7", true},
		{"10.0.0.1:80", realIP("203.0.113.9:51234"), "203.0.113.9", false},
		{"10.0.0.1:80", realIP("10.0.0.9"), "10.0.0.9", true},
		{"10.0.0.1:80", realIP("192.168.1.7", "203.0.113.9"), "unknown", false},
		{"10.0.0.1:80", realIP("192.168.1.7, 203.0.113.9"), "unknown", false},
		{"10.0.0.1:80", realIP(""), "unknown", false},
		{"10.0.0.1:80", xff("192.168.1.7"), "10.0.0.1", false},
		{"10.0.0.1:80", nil, "10.0.0.1", false},
	},
}

// TestAddresses asks the one function and both planes for the address of each request.
func TestAddresses(t *testing.T) {
	t.Parallel()
	trusted := proxies("10.0.0.0/8", "127.0.0.1/32", "fd00::/8")
	for header, cases := range addressCases {
		addresses := api.Addresses{Proxies: trusted, Header: header}
		seen := ""
		fake := &fakeServer{}
		a := newAPI(t, fake, func(o *api.Options) {
			o.Addresses = addresses
			o.Media = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = addresses.Text(r) })
		})
		for _, c := range cases {
			ask := func(method, target, body string) (*http.Request, *httptest.ResponseRecorder) {
				r := httptest.NewRequest(method, target, strings.NewReader(body))
				r.RemoteAddr, r.Host = c.peer, "localhost"
				r.Header.Set("Content-Type", "application/json")
				for _, h := range c.headers {
					r.Header.Add(h[0], h[1])
				}
				answer := httptest.NewRecorder()
				a.Handler().ServeHTTP(answer, r)
				return r, answer
			}
			r, _ := ask(http.MethodPost, "/api/v1/auth/sign-in", `{"email":"a@example.org","password":"right"}`)
			what := fmt.Sprintf("%s: %s with %q", header, c.peer, c.headers)
			if got, local := addresses.Text(r), addresses.Local(r); got != c.want || local != c.local {
				t.Errorf("%s: %s, local %v; want %s, %v", what, got, local, c.want, c.local)
			}
			if address := addresses.Of(r); address.IsValid() != (c.want != "unknown") ||
				address.IsValid() && address != netip.MustParseAddr(c.want) {
				t.Errorf("%s: %v", what, address)
			}
			if fake.from != c.want {
				t.Errorf("%s: the control plane saw %q", what, fake.from)
			}
			_, answer := ask(http.MethodPost, "/api/v1/setup", `{"email":"a@example.org","password":"right","name":"A","folders":[]}`)
			if setUp := fake.setUp; setUp != c.local || !c.local && answer.Code != http.StatusForbidden {
				t.Errorf("%s: set up: %v (%d)", what, setUp, answer.Code)
			}
			fake.setUp, fake.from, seen = false, "", ""
			ask(http.MethodGet, "/media/v1/x", "")
			if seen != c.want {
				t.Errorf("%s: the media plane saw %q", what, seen)
			}
		}
	}
}
