package api_test

import (
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
)

const boss = "Authorization: Bearer boss"

func proxies(texts ...string) (out []netip.Prefix) {
	for _, text := range texts {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}

// behind are the addresses of requests behind the given trusted proxies.
func behind(texts ...string) api.Addresses { return api.Addresses{Proxies: proxies(texts...)} }

// golden compares with testdata/<name>, or writes it under -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, target, body string
		headers              []string
		fake                 *fakeServer
	}{
		"not-signed-in":   {method: "GET", target: "/home"},
		"expired":         {method: "GET", target: "/home", headers: []string{"Authorization: Bearer stale"}},
		"not-found":       {method: "GET", target: "/titles/t2", headers: []string{boss}},
		"not-admin":       {method: "GET", target: "/jobs", headers: []string{"Authorization: Bearer kid"}},
		"conflict":        {method: "POST", target: "/setup", body: `{"email":"a@b.c","name":"A","password":"p","folders":[]}`, fake: &fakeServer{setUp: true}},
		"wrong-password":  {method: "POST", target: "/auth/sign-in", body: `{"email":"a@b.c","password":"wrong"}`},
		"too-many":        {method: "POST", target: "/auth/sign-in", body: `{"email":"storm@example.org","password":"x"}`},
		"bad-json":        {method: "POST", target: "/auth/sign-in", body: `{"email":`},
		"bad-fields":      {method: "POST", target: "/setup", body: `{"email":"a@b.c","name":"","password":"secret words","folders":null,"extra":1}`},
		"bad-query":       {method: "GET", target: "/titles?sort=size&limit=0", headers: []string{boss}},
		"too-large":       {method: "POST", target: "/auth/sign-in", body: `{"email":"` + strings.Repeat("x", 70_000) + `"}`},
		"no-operation":    {method: "GET", target: "/nothing"},
		"no-method":       {method: "DELETE", target: "/home"},
		"internal":        {method: "GET", target: "/home", headers: []string{boss}, fake: &fakeServer{failure: errors.New("pq: password=hunter2")}},
		"unavailable":     {method: "GET", target: "/home", headers: []string{boss}, fake: &fakeServer{failure: errNotReady}},
		"foreign-origin":  {method: "POST", target: "/auth/sign-out", headers: []string{boss, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"}},
		"stream-limit":    {method: "POST", target: "/sessions", body: `{"titleId":"crowded"}`, headers: []string{boss}},
		"setup-elsewhere": {method: "POST", target: "/setup", body: `{"email":"a@b.c","name":"A","password":"p","folders":[]}`, headers: []string{"Remote: 203.0.113.9:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := c.fake
			if fake == nil {
				fake = &fakeServer{}
			}
			a := newAPI(t, fake, nil)
			res := ask(a.Handler(), c.method, "/api/v1"+c.target, c.body, c.headers...)
			var out strings.Builder
			out.WriteString(res.Status + "\n")
			for _, h := range []string{"Content-Type", "Cache-Control", "Retry-After"} {
				if v := res.Header.Get(h); v != "" {
					out.WriteString(h + ": " + v + "\n")
				}
			}
			var body any
			if err := json.NewDecoder(res.Body).Decode(&body); err != nil {
				t.Fatal(err)
			}
			pretty, err := json.MarshalIndent(body, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "problem-"+name+".txt", out.String()+string(pretty)+"\n")
		})
	}
}

func TestSignInSetsCookies(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{}
	a := newAPI(t, fake, func(o *api.Options) { o.Addresses = behind("10.0.0.0/8") })
	body := `{"email":"a@b.c","password":"right","remember":true}`
	cookies := func(res *http.Response) string { return strings.Join(res.Header.Values("Set-Cookie"), "\n") }

	plain := ask(a.Handler(), "POST", "/api/v1/auth/sign-in", body)
	want := "movify_access=boss; Path=/; Expires=Wed, 02 Jan 2030 03:04:05 GMT; HttpOnly; SameSite=Lax\n" +
		"movify_refresh=refresh-boss; Path=/api/v1/auth; Expires=Wed, 02 Jan 2030 03:04:05 GMT; HttpOnly; SameSite=Lax"
	if diff := cmp.Diff(want, cookies(plain)); diff != "" {
		t.Errorf("plain http (-want +got):\n%s", diff)
	}
	if got := text(t, plain); !strings.Contains(got, `"role":"owner"`) || !strings.Contains(got, `"setupNeeded":false`) {
		t.Errorf("body %s", got)
	}

	window := ask(a.Handler(), "POST", "/api/v1/auth/sign-in", `{"email":"a@b.c","password":"right","remember":false}`)
	if strings.Contains(cookies(window), "Expires") {
		t.Errorf("not remembered, yet: %s", cookies(window))
	}

	https := ask(a.Handler(), "POST", "/api/v1/auth/sign-in", body, "Remote: 10.0.0.1:1", "X-Forwarded-Proto: https")
	for _, want := range []string{"__Host-movify_access=boss; Path=/;", "__Secure-movify_refresh=refresh-boss; Path=/api/v1/auth;", "Secure; SameSite"} {
		if !strings.Contains(cookies(https), want) {
			t.Errorf("https: no %q in\n%s", want, cookies(https))
		}
	}

	again := ask(a.Handler(), "POST", "/api/v1/auth/refresh", "", "Cookie: movify_refresh=refresh-boss")
	if again.StatusCode != 204 || !strings.Contains(cookies(again), "movify_access=boss") {
		t.Errorf("refresh: %d %s", again.StatusCode, cookies(again))
	}
	refused := ask(a.Handler(), "POST", "/api/v1/auth/refresh", "", "Cookie: movify_refresh=old")
	if refused.StatusCode != 401 || strings.Count(cookies(refused), "Max-Age=0") != 2 {
		t.Errorf("refresh with an old token: %d %s", refused.StatusCode, cookies(refused))
	}
	out := ask(a.Handler(), "POST", "/api/v1/auth/sign-out", "", boss)
	if out.StatusCode != 204 || strings.Count(cookies(out), "Max-Age=0") != 2 {
		t.Errorf("sign out: %d %s", out.StatusCode, cookies(out))
	}
	if diff := cmp.Diff([]string{"sign out s-boss"}, fake.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBootstrap(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{}, nil)
	got := text(t, ask(a.Handler(), "GET", "/api/v1/bootstrap", ""))
	want := `{"brand":"Movify","version":"1.2.3","languages":["en","fr"],"setupNeeded":true,"account":null,"profile":null,` +
		`"registration":"invite","oidc":[{"id":"home","name":"Home"}],"mail":true,"consent":{"version":"2"},"profiles":0,"chooseProfile":false}` + "\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if res := ask(a.Handler(), "GET", "/api/v1/bootstrap", "", "Cookie: movify_access=stale"); res.StatusCode != 401 {
		t.Errorf("with an expired cookie: %d, want 401 so that the app refreshes", res.StatusCode)
	}
}

func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{setUp: true}, nil)
	for _, path := range []string{"/home", "/titles", "/titles/t1", "/sessions/x", "/library", "/library/attention", "/jobs", "/system", "/users", "/invites"} {
		got := text(t, ask(a.Handler(), "GET", "/api/v1"+path, "", boss))
		if strings.Contains(strings.ReplaceAll(got, `"hero":null`, ""), "null") {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestFoldersAreForTheOneWhoSetsUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		setUp   bool
		headers []string
		want    int
	}{
		"at home, before setup":              {false, nil, 200},
		"from afar, before setup":            {false, []string{"Remote: 203.0.113.9:1"}, 403},
		"through a proxy that was not named": {false, []string{"Remote: 127.0.0.1:1", "X-Forwarded-For: 192.168.1.9"}, 403},
		"after setup":                        {true, nil, 403},
		"member":                             {true, []string{"Authorization: Bearer kid"}, 403},
		"admin":                              {true, []string{boss}, 200},
		"expired admin":                      {true, []string{"Authorization: Bearer stale"}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAPI(t, &fakeServer{setUp: c.setUp}, nil)
			if res := ask(a.Handler(), "GET", "/api/v1/setup/folders?path=/", "", c.headers...); res.StatusCode != c.want {
				t.Errorf("got %d, want %d", res.StatusCode, c.want)
			}
		})
	}
}

func TestPathsOfFilesAreForAdmins(t *testing.T) {
	t.Parallel()
	a := newAPI(t, &fakeServer{setUp: true}, nil)
	if got := text(t, ask(a.Handler(), "GET", "/api/v1/titles/t1", "", boss)); !strings.Contains(got, "/films/One.mkv") {
		t.Errorf("admin: %s", got)
	}
	if got := text(t, ask(a.Handler(), "GET", "/api/v1/titles/t1", "", "Authorization: Bearer kid")); strings.Contains(got, "/films/") {
		t.Errorf("member: %s", got)
	}
}

func TestPlayback(t *testing.T) {
	t.Parallel()
	fake := &fakeServer{setUp: true}
	h := newAPI(t, fake, nil).Handler()
	for _, c := range []struct {
		target, body string
		header       string
		want         int
	}{
		{"/sessions", `{"titleId":"t1"}`, "", 201},
		{"/sessions", `{"titleId":"t1","startMs":5000}`, "", 201},
		{"/sessions", `{"titleId":"t1","startMs":-1}`, "", 422},
		{"/sessions", `{"titleId":"t1","quality":"original","device":{"codecs":["avc1.640028","mp4a.40.2"],"ranges":["SDR"],"width":1920,"height":1080,"engine":"mse","carriedBps":8000000,"failed":["hvc1.2.4.L150.B0"]}}`, "", 201},
		{"/sessions", `{"titleId":"t1","device":{"codecs":["avc1.640028","mp4a.40.2"],"ranges":["SDR"],"width":1920,"height":1080,"engine":"mse"}}`, "", 201},
		{"/sessions", `{"titleId":"t1","device":{"codecs":["avc1.640028","mp4a.40.2"],"ranges":["SDR"],"width":1920,"height":1080,"engine":"mse","carriedBps":-1}}`, "", 422},
		{"/sessions", `{"titleId":"t1","device":{"codecs":[],"ranges":["HDR"],"width":0,"height":0,"engine":"mse"}}`, "", 422},
		{"/sessions", `{"titleId":"t1","device":{"codecs":[],"ranges":[],"width":0,"height":0,"engine":"flash"}}`, "", 422},
		{"/sessions", `{"titleId":"t1","quality":"best"}`, "", 422},
		{"/sessions/ses/progress", `{"positionMs":1,"state":"playing"}`, "", 204},
		{"/sessions/ses/progress", `{"positionMs":2,"state":"paused"}`, "Content-Type: text/plain;charset=UTF-8", 204},
		{"/sessions/ses/progress", `{"positionMs":2,"state":"dancing"}`, "", 422},
		{"/sessions/ses/stop", `{"positionMs":3}`, "Content-Type: text/plain;charset=UTF-8", 204},
		{"/sessions/ses/stop", "", "", 204},
	} {
		headers := []string{boss}
		if c.header != "" {
			headers = append(headers, c.header)
		}
		if res := ask(h, "POST", "/api/v1"+c.target, c.body, headers...); res.StatusCode != c.want {
			t.Errorf("%s %s: %d, want %d: %s", c.target, c.body, res.StatusCode, c.want, text(t, res))
		}
	}
	if diff := cmp.Diff([]api.Report{{PositionMs: 1, State: "playing"}, {PositionMs: 2, State: "paused"}}, fake.reports); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"stop ses with position", "stop ses"}, fake.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
