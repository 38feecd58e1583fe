package main_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// callback is the redirect_uri, below the public base URL.
const callback = "http://movify.test/api/v1/auth/oidc/oidc/callback"

// provider runs a certified OpenID provider and gives its issuer.
func provider(t *testing.T) string {
	t.Helper()
	modules, err := filepath.Abs("../../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(testkit.Need(t, "node"), "../../pkg/auth/oidc/testdata/provider.mjs", modules, callback)
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
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return lines.Text()
		}
	}
	t.Fatal("the provider printed no address: are the web app's packages installed?")
	return ""
}

var formAction = regexp.MustCompile(`action="([^"]+)"`)

// elsewhere signs a browser in at the provider as who, and gives the URL that the server redirects it to.
func (s *server) elsewhere(who string) (to string, browser *server) {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	other := *s
	var back *url.URL
	other.client = &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		if strings.HasPrefix(r.URL.String(), s.url) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := other.client.Get(s.url + "/api/v1/auth/oidc/oidc/start")
	for _, form := range []url.Values{{"prompt": {"login"}, "login": {who}, "password": {"x"}}, {"prompt": {"consent"}}} {
		if err != nil {
			s.t.Fatal(err)
		}
		page, err2 := io.ReadAll(res.Body)
		res.Body.Close()
		m := formAction.FindSubmatch(page)
		if err2 != nil || m == nil {
			s.t.Fatalf("no form in %s, %v: %s", res.Status, err2, page)
		}
		at, err2 := res.Request.URL.Parse(string(m[1]))
		if err2 != nil {
			s.t.Fatal(err2)
		}
		res, err = other.client.PostForm(at.String(), form)
	}
	if err != nil || back == nil {
		s.t.Fatalf("the provider did not send the browser back: %v", err)
	}
	res.Body.Close()
	if res, err = other.client.Get(s.url + back.RequestURI()); err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	return res.Header.Get("Location"), &other
}

// TestSignInByOpenID signs in at a real OpenID provider: a person without an account, and then the same person again.
func TestSignInByOpenID(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), t.TempDir(), "MOVIFY_SERVER_PUBLIC_URL=http://movify.test", "MOVIFY_ACCOUNTS_REGISTRATION=closed",
		"MOVIFY_ACCOUNTS_OIDC_NAME=Home", "MOVIFY_ACCOUNTS_OIDC_ISSUER="+provider(t), "MOVIFY_ACCOUNTS_OIDC_CLIENT_ID=movify",
		"MOVIFY_ACCOUNTS_OIDC_CLIENT_SECRET=a secret of this test", "MOVIFY_ACCOUNTS_OIDC_CREATE=true")
	s.setUp()
	var first string
	for range 2 {
		to, ann := s.elsewhere("verified ann")
		var me struct {
			Account struct{ ID, Email, FirstName, Role string }
			OIDC    []struct{ ID, Name string }
		}
		ann.call("GET", "/api/v1/bootstrap", nil, &me, 200)
		if to != "/" || me.Account.Email != "ann@example.org" || me.Account.FirstName != "Ann" || me.Account.Role != "member" || len(me.OIDC) != 1 {
			t.Fatalf("sent to %q as %+v", to, me)
		}
		if first == "" {
			first = me.Account.ID
		}
		if me.Account.ID != first {
			t.Error("the second time it is another account")
		}
	}
	// Nobody has shown that the owner's account belongs to that address: whoever made it may have typed any. The password of
	// the account connects both, from then on the identity is enough.
	to, own := s.elsewhere("verified owner")
	own.call("GET", "/api/v1/users", nil, nil, 401)
	if to != "/login?problem=oidc_password" {
		t.Errorf("the owner is sent to %q", to)
	}
	own.signIn()
	if to, own = s.elsewhere("verified owner"); to != "/" {
		t.Errorf("the second time the owner is sent to %q", to)
	}
	own.call("GET", "/api/v1/users", nil, nil, 200)
	if to, eve := s.elsewhere("unverified owner"); to != "/login?problem=oidc_email_unverified" {
		t.Errorf("an address that is not proved is sent to %q", to)
	} else {
		eve.call("GET", "/api/v1/users", nil, nil, 401)
	}
}
