package app

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"movify/pkg/account"
	"movify/pkg/config"
)

// stranger sends a request without a sign-in, from a network of its own, and gives all of the answer but its time.
func (g *generatedServer) stranger(network int, path, body string) string {
	g.t.Helper()
	r := httptest.NewRequestWithContext(g.t.Context(), http.MethodPost, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = fmt.Sprintf("203.0.113.%d:5000", network)
	w := httptest.NewRecorder()
	g.api.Handler().ServeHTTP(w, r)
	res := w.Result()
	text, err := io.ReadAll(res.Body)
	g.must(err)
	out := strings.Builder{}
	res.Header.Del("Date")
	g.must(res.Header.Write(&out))
	return fmt.Sprint(res.Status, "\n", out.String(), "\n", string(text))
}

// Where letters can be sent, a stranger gets byte for byte the same answers for an address with an account and one without,
// to a registration and to a sign-in with its password; and after several letters to one mailbox a refusal for both.
func TestStrangersDoNotLearnWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	g := empty(t, 1, func(c *config.Config) {
		c.Accounts.Registration = "open"
		c.Mail.Host, c.Mail.From = "127.0.0.1", "Movify <movify@example.org>" // no letter is sent: nothing runs
		c.Server.PublicURL = "https://movies.example.org"
	})
	g.arrive()
	_, handed, err := g.accounts.Invite(t.Context(), g.anna, account.InviteRequest{})
	g.must(err)
	const form = `{"email":"%s@example.org","firstName":"Nora","lastName":"Berg","password":"nine quiet harbours"}`
	for _, c := range []struct{ path, body, want string }{
		{"/auth/register", form, "202 Accepted"},
		{"/auth/register", strings.Replace(form, "}", `,"invite":"`+handed+`"}`, 1), "202 Accepted"},
		{"/auth/register", strings.Replace(form, "nine quiet harbours", "short", 1), "422 Unprocessable Entity"},
		{"/auth/sign-in", `{"email":"%s@example.org","password":"nine quiet harbours"}`, "401 Unauthorized"},
	} {
		taken, free := g.stranger(1, c.path, fmt.Sprintf(c.body, "anna")), g.stranger(2, c.path, fmt.Sprintf(c.body, "nora"))
		if taken != free || !strings.HasPrefix(taken, c.want) || strings.Contains(taken, "Set-Cookie") {
			t.Errorf("%s %s: with an account\n%s\nwithout\n%s\nwant %s", c.path, c.body, taken, free, c.want)
		}
	}
	for network, who := range map[int]string{1: "anna", 2: "nora"} {
		refused := false
		for range 12 { // of those that are not free each waits twice as long as the one before
			refused = refused || strings.HasPrefix(g.stranger(network, "/auth/register", fmt.Sprintf(form, who)), "429 ")
		}
		if !refused {
			t.Errorf("%s gets as many letters as a stranger likes", who)
		}
	}
	if got := g.stranger(3, "/auth/register/unknown", `{"password":"nine quiet harbours"}`); !strings.HasPrefix(got, "403 ") {
		t.Errorf("an unknown code: %s", got)
	}
}

// Without letters an account must work at once, so the address cannot be hidden.
func TestWithoutLettersARegistrationIsFinishedAtOnce(t *testing.T) {
	t.Parallel()
	g := empty(t, 1, func(c *config.Config) { c.Accounts.Registration = "open" })
	g.arrive()
	const form = `{"email":"%s@example.org","firstName":"Nora","lastName":"Berg","password":"nine quiet harbours"}`
	for who, want := range map[string]string{"nora": "200 OK", "anna": "409 Conflict"} {
		got := g.stranger(1, "/auth/register", fmt.Sprintf(form, who))
		if !strings.HasPrefix(got, want) || strings.Contains(got, "Set-Cookie: movify_access=") != (who == "nora") {
			t.Errorf("%s: %s", who, got)
		}
	}
}
