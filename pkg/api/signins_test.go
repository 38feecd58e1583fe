package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/fault"
	"movify/pkg/id"
)

var (
	errNoDevice = fault.New(fault.NotFound, "sign_in_not_found", "That device is not signed in.")
	errPending  = fault.New(fault.Invalid, "authorization_pending", "Nobody has answered yet.")
)

func (f *fakeServer) SignIns(_ context.Context, p api.Principal) ([]api.Device, error) {
	return []api.Device{{ID: string(p.SignIn), Device: "Firefox", Address: "10.0.0.1", CreatedMs: 1, SeenMs: 2, Current: true, Kind: "browser"}}, nil
}

func (f *fakeServer) EndSignIn(_ context.Context, p api.Principal, s id.SignIn) error {
	if s != p.SignIn {
		return errNoDevice
	}
	return nil
}

func (f *fakeServer) EndSignIns(_ context.Context, _ api.Principal, keep bool) error {
	f.note("end all but this: " + strconv.FormatBool(keep))
	return nil
}

func (f *fakeServer) Pair(_ context.Context, client string, _ api.Client) (api.Pairing, error) {
	return api.Pairing{DeviceCode: "device of " + client, UserCode: "BCDF-GHJK", Life: 10 * time.Minute, Interval: 5 * time.Second}, nil
}

func (f *fakeServer) Paired(_ context.Context, code string, _ api.Client) (api.Grant, error) {
	if code != "approved" {
		return api.Grant{}, errPending
	}
	return f.grant("boss"), nil
}

func (f *fakeServer) Waiting(_ context.Context, _ api.Principal, code string, _ api.Client) (api.WaitingDevice, error) {
	address := "10.0.0.9"
	if code == "FARA-WAYY" {
		address = "203.0.113.9"
	}
	return api.WaitingDevice{Client: "TV with " + code, Address: address, ExpiresMs: 3}, nil
}

func (f *fakeServer) Answer(_ context.Context, _ api.Principal, code string, approve bool, _ api.Client) error {
	f.note(code + " approved: " + strconv.FormatBool(approve))
	return nil
}

func (f *fakeServer) Log(_ context.Context, p api.Principal, all bool, before id.Event, limit int) ([]api.SecurityEvent, error) {
	f.note("log all: " + strconv.FormatBool(all) + " before " + string(before))
	var out []api.SecurityEvent
	for n := range limit {
		out = append(out, api.SecurityEvent{ID: "e" + strconv.Itoa(n), Kind: "sign_in"})
	}
	return out, nil
}

func (f *fakeServer) APIKeys(context.Context, api.Principal) ([]api.APIKey, error) { return nil, nil }

func (f *fakeServer) MakeAPIKey(_ context.Context, _ api.Principal, name string, scopes []string) (api.APIKey, error) {
	return api.APIKey{ID: "k", Name: name, Hint: "mvf_abcd", Scopes: scopes, Key: "mvf_abcdefgh"}, nil
}

func (f *fakeServer) EndAPIKey(context.Context, api.Principal, id.SignIn) error { return errNoDevice }

func (f *fakeServer) RotateKeys(_ context.Context, _ api.Principal, purpose string) error {
	f.note("rotate " + purpose)
	return nil
}

func TestPairingSpeaksRFC8628(t *testing.T) {
	t.Parallel()
	f := &fakeServer{setUp: true}
	h := newAPI(t, f, nil).Handler()
	begun := text(t, ask(h, "POST", "http://nas.local:8484/api/v1/auth/device", `{"client":"Living room"}`))
	var got map[string]any
	if err := json.Unmarshal([]byte(begun), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"device_code": "device of Living room", "user_code": "BCDF-GHJK", "verification_uri": "http://nas.local:8484/tv",
		"verification_uri_complete": "http://nas.local:8484/tv?code=BCDF-GHJK", "expires_in": 600.0, "interval": 5.0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("device authorization (-want +got):\n%s", diff)
	}

	res := ask(h, "POST", "/api/v1/auth/device/token", `{"device_code":"waiting"}`)
	if body := text(t, res); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"error":"authorization_pending"`) {
		t.Errorf("pending: %d %s", res.StatusCode, body)
	}
	res = ask(h, "POST", "/api/v1/auth/device/token", `{"device_code":"approved"}`)
	if body := text(t, res); res.StatusCode != http.StatusNoContent || len(res.Cookies()) != 2 || body != "" {
		t.Errorf("a browser gets %d, %d cookies, %q", res.StatusCode, len(res.Cookies()), body)
	}
	res = ask(h, "POST", "/api/v1/auth/device/token", `{"device_code":"approved","bearer":true}`)
	body := text(t, res)
	var tokens api.Tokens
	if err := json.Unmarshal([]byte(body), &tokens); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if res.StatusCode != http.StatusOK || len(res.Cookies()) != 0 || tokens.AccessToken != "boss" || tokens.RefreshToken != "refresh-boss" || tokens.TokenType != "Bearer" || tokens.ExpiresIn <= 0 {
		t.Errorf("a program gets %d, %d cookies, %+v", res.StatusCode, len(res.Cookies()), tokens)
	}
	res = ask(h, "POST", "/api/v1/auth/refresh", `{"refresh_token":"refresh-boss"}`)
	if body := text(t, res); res.StatusCode != http.StatusOK || len(res.Cookies()) != 0 || !strings.Contains(body, `"access_token":"boss"`) {
		t.Errorf("a program refreshes: %d, %d cookies, %s", res.StatusCode, len(res.Cookies()), body)
	}

	for code, home := range map[string]string{"bcdf-ghjk": `"home":true`, "FARA-WAYY": `"home":false`} {
		if body := text(t, ask(h, "GET", "/api/v1/auth/device/"+code, "", boss)); !strings.Contains(body, home) {
			t.Errorf("%s: %s", code, body)
		}
	}
	if body := text(t, ask(h, "GET", "/api/v1/auth/device/bcdf-ghjk", "", boss)); !strings.Contains(body, `"client":"TV with bcdf-ghjk"`) {
		t.Errorf("waiting: %s", body)
	}
	if res := ask(h, "POST", "/api/v1/auth/device/BCDFGHJK", `{"approve":true}`, boss); res.StatusCode != http.StatusNoContent {
		t.Errorf("approve: %d", res.StatusCode)
	}
	if diff := cmp.Diff([]string{"BCDFGHJK approved: true"}, f.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestScopesOfAPIKeys(t *testing.T) {
	t.Parallel()
	h := newAPI(t, &fakeServer{setUp: true}, nil).Handler()
	for _, c := range []struct {
		method, path, body string
		allowed            string // the scopes that may
	}{
		{"GET", "/home", "", "read"},
		{"POST", "/sessions", `{"titleId":"t1"}`, "play"},
		{"GET", "/sessions/ses", "", "play"},
		{"GET", "/jobs", "", "admin"},
		{"POST", "/library/scan", "", "admin"},
		{"GET", "/auth/sign-ins", "", ""},
		{"POST", "/auth/sign-out", "", ""},
		{"POST", "/api-keys", `{"name":"x","scopes":["read"]}`, ""},
		{"GET", "/api-keys", "", ""},
		{"POST", "/keys/rotate", `{"purpose":"media"}`, ""},
	} {
		for _, scope := range []string{"read", "play", "admin"} {
			res := ask(h, c.method, "/api/v1"+c.path, c.body, "Authorization: Bearer mvf_"+scope)
			if got, want := res.StatusCode != http.StatusForbidden, scope == c.allowed; got != want {
				t.Errorf("%s %s with scope %s: %d", c.method, c.path, scope, res.StatusCode)
			}
		}
	}
}

func TestSecurityLogPages(t *testing.T) {
	t.Parallel()
	f := &fakeServer{setUp: true}
	h := newAPI(t, f, nil).Handler()
	var page struct {
		Items []api.SecurityEvent
		Next  string
	}
	if err := json.Unmarshal([]byte(text(t, ask(h, "GET", "/api/v1/security-log?cursor=e99", "", boss))), &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 50 || page.Next != "e49" {
		t.Errorf("%d lines, next %q; want 50 and the last one's", len(page.Items), page.Next)
	}
	text(t, ask(h, "GET", "/api/v1/account/security", "", "Authorization: Bearer kid"))
	if res := ask(h, "GET", "/api/v1/security-log", "", "Authorization: Bearer kid"); res.StatusCode != http.StatusForbidden {
		t.Errorf("a member reads everybody's log: %d", res.StatusCode)
	}
	if diff := cmp.Diff([]string{"log all: true before e99", "log all: false before "}, f.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func (f *fakeServer) Providers() []api.Provider { return []api.Provider{{ID: "home", Name: "Home"}} }

func (f *fakeServer) StartSignIn(_ context.Context, provider, back string) (string, api.LoginState, error) {
	if provider != "home" {
		return "", api.LoginState{}, fault.New(fault.NotFound, "oidc_not_found", "There is no such sign-in service.")
	}
	return "https://id.example.org/authorize?back=" + back, api.LoginState{State: "s", Nonce: "n", Verifier: "v"}, nil
}

func (f *fakeServer) Link(_ context.Context, token string, p api.Principal, _ api.Client) error {
	f.note("link " + token + " to " + string(p.Account))
	return nil
}

func (f *fakeServer) FinishSignIn(_ context.Context, provider, back, code, state string, kept api.LoginState, _ api.Client) (api.Grant, error) {
	f.note(strings.Join([]string{provider, back, code, state, kept.State, kept.Nonce, kept.Verifier}, " "))
	if code == "unproven" {
		return api.Grant{}, api.LinkFirst{Reason: fault.New(fault.Forbidden, "oidc_password", "Sign in once."), Token: "link-token"}
	}
	if code != "good" {
		return api.Grant{}, errFailed
	}
	return f.grant("boss"), nil
}

func TestSigningInElsewhere(t *testing.T) {
	t.Parallel()
	f := &fakeServer{setUp: true}
	h := newAPI(t, f, nil).Handler()
	const at = "http://nas.local:8484/api/v1/auth/oidc/home/"
	gone := ask(h, "GET", at+"start", "")
	if gone.StatusCode != http.StatusFound || gone.Header.Get("Location") != "https://id.example.org/authorize?back="+at+"callback" || len(gone.Cookies()) != 1 {
		t.Fatalf("start: %d to %q with %v", gone.StatusCode, gone.Header.Get("Location"), gone.Cookies())
	}
	kept := gone.Cookies()[0]
	if !kept.HttpOnly || kept.SameSite != http.SameSiteLaxMode || kept.Path != "/" || kept.Name != "movify_errand" {
		t.Errorf("the errand's cookie is %+v", kept)
	}
	public := newAPI(t, f, func(o *api.Options) { o.Addresses = behind("10.0.0.0/8") }).Handler()
	by := ask(public, "GET", at+"start", "", "Remote: 10.0.0.1:1", "X-Forwarded-Proto: https").Cookies()
	if len(by) != 1 || by[0].Name != "__Host-movify_errand" || !by[0].Secure || by[0].Path != "/" || by[0].Domain != "" {
		t.Errorf("with https it is %+v", by)
	}
	errand := "Cookie: " + kept.Name + "=" + kept.Value
	for name, c := range map[string]struct {
		query   string
		headers []string
		to      string
		cookies int
	}{
		"good":                 {"code=good&state=s", []string{errand}, "/", 3},
		"refused":              {"code=bad&state=s", []string{errand}, "/login?problem=sign_in_failed", 1},
		"in another browser":   {"code=good&state=s", nil, "/login?problem=oidc_refused", 1},
		"of an unproven one":   {"code=unproven&state=s", []string{errand}, "/login?problem=oidc_password", 2},
		"with a broken cookie": {"code=good&state=s", []string{"Cookie: movify_errand=e30"}, "/login?problem=oidc_refused", 1},
		"turned away there":    {"error=access_denied&state=s", []string{errand}, "/login?problem=sign_in_failed", 1},
	} {
		res := ask(h, "GET", at+"callback?"+c.query, "", c.headers...)
		if res.StatusCode != http.StatusFound || res.Header.Get("Location") != c.to || len(res.Cookies()) != c.cookies {
			t.Errorf("%s: %d to %q with %v", name, res.StatusCode, res.Header.Get("Location"), res.Cookies())
		}
	}
	if !slices.Contains(f.calls, "home "+at+"callback good s s n v") {
		t.Errorf("calls %q", f.calls)
	}
	signedIn := ask(h, "POST", "/api/v1/auth/sign-in", `{"email":"boss@example.org","password":"right"}`, "Cookie: movify_link=link-token")
	if signedIn.StatusCode != http.StatusOK || len(signedIn.Cookies()) != 3 || !slices.Contains(f.calls, "link link-token to a-boss") {
		t.Errorf("linking by password: %d, %v, calls %q", signedIn.StatusCode, signedIn.Cookies(), f.calls)
	}
	if res := ask(h, "GET", "/api/v1/auth/oidc/other/start", ""); res.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown service: %d", res.StatusCode)
	}
}
