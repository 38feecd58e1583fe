package oidc_test

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/auth/oidc"
	"movify/pkg/testkit"
)

const redirect = "http://127.0.0.1:1/api/v1/auth/oidc/home/callback"

// start runs a real provider and gives its issuer.
func start(t *testing.T) string {
	t.Helper()
	modules, err := filepath.Abs("../../../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "oidc-provider")); err != nil {
		t.Fatalf("the web app's packages are not installed, run make web: %v", err)
	}
	cmd := exec.Command(testkit.Need(t, "node"), "testdata/provider.mjs", modules, redirect)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // with the kill
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http://") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return lines.Text()
		}
	}
	t.Fatalf("the provider printed no address: %v", lines.Err())
	return ""
}

func provider(issuer string) *oidc.Provider {
	return oidc.New(oidc.Options{ID: "home", Name: "Home", Issuer: issuer, ClientID: "movify", ClientSecret: "a secret of this test"})
}

var action = regexp.MustCompile(`action="([^"]+)"`)

// person signs in at the provider as who with a browser, gives consent, and returns the URL of the final redirect.
func person(t *testing.T, to, who string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back *url.URL
	browser := &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirect) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := browser.Get(to)
	for _, form := range []url.Values{{"prompt": {"login"}, "login": {who}, "password": {"x"}}, {"prompt": {"consent"}}} {
		if err != nil {
			t.Fatal(err)
		}
		page, readErr := io.ReadAll(res.Body)
		if err := errors.Join(readErr, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		m := action.FindSubmatch(page)
		if m == nil {
			t.Fatalf("no form in %s: %s", res.Status, page)
		}
		at, err2 := res.Request.URL.Parse(string(m[1]))
		if err2 != nil {
			t.Fatal(err2)
		}
		res, err = browser.PostForm(at.String(), form)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || back == nil {
		t.Fatalf("the provider did not send the browser back: %s, %v", res.Status, err)
	}
	return back.Query()
}

func TestSignInAtARealProvider(t *testing.T) {
	t.Parallel()
	issuer := start(t)
	p := provider(issuer)
	to, a, err := p.Begin(t.Context(), redirect)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{a.Verifier, "a secret of this test"} {
		if strings.Contains(to, secret) {
			t.Errorf("the address %s holds a secret", to)
		}
	}
	back := person(t, to, "verified ann")
	got, err := p.Finish(t.Context(), redirect, back.Get("code"), back.Get("state"), a)
	want := oidc.Identity{Issuer: issuer, Subject: "verified ann", Email: "ann@example.org", First: "Ann", Last: "Other"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := p.Finish(t.Context(), redirect, back.Get("code"), back.Get("state"), a); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("the same code again: %v", err)
	}

	for name, spoil := range map[string]func(code, state *string, a *oidc.LoginState){
		"another state":    func(_, state *string, _ *oidc.LoginState) { *state += "x" },
		"no state at all":  func(_, state *string, a *oidc.LoginState) { *state, a.State = "", "" },
		"no code":          func(code, _ *string, _ *oidc.LoginState) { *code = "" },
		"another verifier": func(_, _ *string, a *oidc.LoginState) { a.Verifier = strings.Repeat("v", 43) },
		"another nonce":    func(_, _ *string, a *oidc.LoginState) { a.Nonce += "x" },
	} {
		to, a, err := p.Begin(t.Context(), redirect)
		if err != nil {
			t.Fatal(err)
		}
		back := person(t, to, "verified ann")
		code, state := back.Get("code"), back.Get("state")
		spoil(&code, &state, &a)
		if _, err := p.Finish(t.Context(), redirect, code, state, a); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: %v, want ErrRefused", name, err)
		}
	}

	to, a, err = p.Begin(t.Context(), redirect)
	if err != nil {
		t.Fatal(err)
	}
	back = person(t, to, "unverified eve")
	if _, err := p.Finish(t.Context(), redirect, back.Get("code"), back.Get("state"), a); !errors.Is(err, oidc.ErrEmail) {
		t.Errorf("an address that is not verified: %v", err)
	}
}

func TestAProviderThatIsAwayComesBack(t *testing.T) {
	t.Parallel()
	var away bool
	gate := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		at := "http://" + r.Host
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"issuer":"`+at+`","authorization_endpoint":"`+at+`/a","token_endpoint":"`+at+`/t","jwks_uri":"`+at+`/k"}`)
	}))
	p := provider(gate.URL)
	away = true
	if _, _, err := p.Begin(t.Context(), redirect); !errors.Is(err, oidc.ErrAway) {
		t.Errorf("while it is away: %v", err)
	}
	away = false
	if _, _, err := p.Begin(t.Context(), redirect); err != nil {
		t.Errorf("when it is back: %v", err)
	}
}
