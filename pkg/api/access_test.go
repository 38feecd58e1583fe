package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"

	"movify/pkg/api"
)

var update = flag.Bool("update", false, "write the golden files and openapi.yaml anew")

// Every route of the routers has an access class, every class is in the document, and every class is enforced.
func TestEveryRouteHasItsClassEnforced(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{setUp: true}, nil)
	classes := a.Classes()
	for _, route := range a.Routes() {
		if classes[route] == "" {
			t.Errorf("%s has no access class", route)
		}
	}

	var doc struct {
		Paths map[string]map[string]struct {
			Access api.Access `json:"x-access"`
		}
	}
	_, text, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			method = strings.ToUpper(method)
			if got := classes[method+" "+path]; got != op.Access {
				t.Errorf("%s %s: x-access %q in the document, %q in the router", method, path, op.Access, got)
			}
			target := strings.NewReplacer("{id}", "t1", "{fileId}", "f1", "{titleId}", "t1", "{code}", "c1").Replace(path)
			for who, wantRefused := range map[string]int{
				"":      map[api.Access]int{api.AccessAccount: 401, api.AccessAdmin: 401}[op.Access],
				"stale": map[api.Access]int{api.AccessAccount: 401, api.AccessAdmin: 401}[op.Access],
				"kid":   map[api.Access]int{api.AccessAdmin: 403}[op.Access],
			} {
				if wantRefused == 0 {
					continue
				}
				var headers []string
				if who != "" {
					headers = append(headers, "Authorization: Bearer "+who)
				}
				res := ask(a.Handler(), method, target, "", headers...)
				if res.StatusCode != wantRefused || res.Header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s %s as %q: %d %s, want %d", method, path, who, res.StatusCode, res.Header.Get("Content-Type"), wantRefused)
				}
				checked++
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d refusals tried", checked)
	}
}

func TestDocumentIsCurrent(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{}, func(o *api.Options) { o.Version = "1" })
	got, _, err := a.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("openapi.yaml", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("pkg/api/openapi.yaml is not what the operations say; run: make openapi")
	}
	for _, unwanted := range []string{"$schema", "ErrorModel"} {
		if strings.Contains(string(got), unwanted) {
			t.Errorf("the document speaks of %s", unwanted)
		}
	}
}

func TestCredentialFromCookieOrHeader(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{setUp: true}, func(o *api.Options) { o.Addresses = behind("10.0.0.0/8") })
	for name, c := range map[string]struct {
		headers []string
		want    int
	}{
		"bearer":                      {[]string{"Authorization: bearer kid"}, 200},
		"cookie":                      {[]string{"Cookie: movify_access=kid"}, 200},
		"host cookie on plain http":   {[]string{"Cookie: __Host-movify_access=kid"}, 401},
		"plain cookie behind https":   {[]string{"Cookie: movify_access=kid", "X-Forwarded-Proto: https", "Remote: 10.1.1.1:1"}, 401},
		"host cookie behind https":    {[]string{"Cookie: __Host-movify_access=kid", "X-Forwarded-Proto: https", "Remote: 10.1.1.1:1"}, 200},
		"https claimed by a stranger": {[]string{"Cookie: movify_access=kid", "X-Forwarded-Proto: https"}, 200},
		"basic is not a bearer":       {[]string{"Authorization: Basic kid"}, 401},
		"header that is wrong wins":   {[]string{"Authorization: Bearer stale", "Cookie: movify_access=kid"}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if res := ask(a.Handler(), http.MethodGet, "/api/v1/home", "", c.headers...); res.StatusCode != c.want {
				t.Errorf("got %d, want %d", res.StatusCode, c.want)
			}
		})
	}
}
