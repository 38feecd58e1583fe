package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestPeopleComeAndGo goes through the life of an account on the real program, with the operator's commands beside it.
func TestPeopleComeAndGo(t *testing.T) {
	t.Parallel()
	post := openPost(t)
	s := serve(t, filepath.Join(t.TempDir(), "data"), t.TempDir(), "MOVIFY_SERVER_PUBLIC_URL=http://movies.example.org",
		"MOVIFY_MAIL_HOST=127.0.0.1", "MOVIFY_MAIL_SECURITY=none", "MOVIFY_MAIL_FROM=Movify <movify@example.org>",
		fmt.Sprint("MOVIFY_MAIL_PORT=", post.port))
	s.setUp()
	var secrets []string
	// command runs `movify user …` on the same data folder and gives its output.
	command := func(args ...string) string {
		t.Helper()
		c := exec.Command(binary(t), append([]string{"user", args[0], "--data", s.data}, args[1:]...)...)
		c.Env = append(c.Environ(), "MOVIFY_SERVER_PUBLIC_URL=http://movies.example.org")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("movify user %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	// code is the last path element of a link.
	code := func(link string) string {
		t.Helper()
		if !strings.HasPrefix(link, "http://movies.example.org/") {
			t.Fatalf("link %q", link)
		}
		secret := link[strings.LastIndex(link, "/")+1:]
		secrets = append(secrets, secret)
		return secret
	}

	anna := s.stranger()
	form := map[string]any{"email": "anna@example.org", "firstName": "Anna", "lastName": "Berg", "password": password}
	anna.call("POST", "/api/v1/auth/register", form, nil, 403)
	form["invite"] = code(command("invite", "anna@example.org"))
	var valid struct{ Valid bool }
	if anna.call("GET", "/api/v1/auth/invites/"+form["invite"].(string), nil, &valid, 200); !valid.Valid {
		t.Error("the invitation is not valid")
	}
	anna.call("POST", "/api/v1/auth/register", form, nil, 200)
	anna.call("GET", "/api/v1/home", nil, nil, 200)
	if anna.call("GET", "/api/v1/auth/invites/"+form["invite"].(string), nil, &valid, 200); valid.Valid {
		t.Error("the invitation is valid twice")
	}
	anna.call("GET", "/api/v1/users", nil, nil, 403)

	command("disable", "anna@example.org")
	s.until("the server hears that anna is disabled", func() bool {
		status, _ := anna.fetch("/api/v1/home")
		return status == http.StatusUnauthorized
	})
	signIn := map[string]any{"email": "anna@example.org", "password": password}
	anna.call("POST", "/api/v1/auth/sign-in", signIn, nil, 401)
	command("enable", "anna@example.org")
	anna.call("POST", "/api/v1/auth/sign-in", signIn, nil, 200)

	signIn["password"] = "the operator's passphrase"
	anna.call("POST", "/api/v1/auth/reset/"+code(command("reset", "anna@example.org", "--link")), map[string]any{"password": signIn["password"]}, nil, 204)
	anna.call("GET", "/api/v1/home", nil, nil, 401)
	anna.call("POST", "/api/v1/auth/sign-in", signIn, nil, 200)

	anna.call("POST", "/api/v1/auth/reset", map[string]any{"email": "nobody@example.org"}, nil, 202)
	anna.call("POST", "/api/v1/auth/reset", map[string]any{"email": "anna@example.org"}, nil, 202)
	signIn["password"] = "a passphrase by letter"
	anna.call("POST", "/api/v1/auth/reset/"+code(post.link(t, s, "http://movies.example.org/reset/")), map[string]any{"password": signIn["password"]}, nil, 204)
	anna.call("POST", "/api/v1/auth/sign-in", signIn, nil, 200)

	for want, role := range map[string]string{"anna@example.org is admin now.": "admin"} {
		if got := command("role", "anna@example.org", role); got != want {
			t.Errorf("role: %q", got)
		}
	}
	var listed []struct{ Email, Role string }
	if err := json.Unmarshal([]byte(command("list", "--json")), &listed); err != nil || len(listed) != 2 || listed[1].Role != "admin" {
		t.Errorf("list: %+v, %v", listed, err)
	}

	var export struct{ Holdings map[string][]map[string]any }
	anna.call("GET", "/api/v1/account/export", nil, &export, 200)
	if h := export.Holdings; len(h["account"]) != 1 || h["account"][0]["email"] != "anna@example.org" || len(h["signIns"]) == 0 {
		t.Errorf("export: %+v", h)
	}
	leave := map[string]any{"email": "anna@example.org", "password": "wrong"}
	anna.call("DELETE", "/api/v1/account", leave, nil, 403)
	leave["password"] = signIn["password"]
	bearer := anna.cookie("movify_access")
	anna.call("DELETE", "/api/v1/account", leave, nil, 204)
	if status, _ := anna.fetchAs(bearer, "/api/v1/home"); status != http.StatusUnauthorized {
		t.Errorf("the token of a deleted account: %d", status)
	}
	anna.call("POST", "/api/v1/auth/sign-in", signIn, nil, 401)
	s.call("DELETE", "/api/v1/account", map[string]any{"email": owner, "password": password}, nil, 409)

	s.stop()
	for _, secret := range append(secrets, password, "the operator's passphrase", "a passphrase by letter", bearer) {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log tells %q", secret)
		}
	}
}

// TestRegistrationByLetter registers on the real program, with a letter for an address that is free and for one that is taken.
func TestRegistrationByLetter(t *testing.T) {
	t.Parallel()
	post := openPost(t)
	s := serve(t, filepath.Join(t.TempDir(), "data"), t.TempDir(), "MOVIFY_SERVER_PUBLIC_URL=http://movies.example.org",
		"MOVIFY_MAIL_HOST=127.0.0.1", "MOVIFY_MAIL_SECURITY=none", "MOVIFY_MAIL_FROM=Movify <movify@example.org>",
		fmt.Sprint("MOVIFY_MAIL_PORT=", post.port), "MOVIFY_ACCOUNTS_REGISTRATION=open")
	s.setUp()
	anna := s.stranger()
	form := map[string]any{"email": "anna@example.org", "firstName": "Anna", "lastName": "Berg", "password": password}
	signIn := map[string]any{"email": "anna@example.org", "password": password}
	anna.call("POST", "/api/v1/auth/register", form, nil, 202)
	anna.call("POST", "/api/v1/auth/sign-in", signIn, nil, 401)
	finish := "/api/v1/auth/register/" + path.Base(post.link(t, s, "http://movies.example.org/signup/confirm/"))
	phone := s.stranger()
	phone.call("POST", finish, map[string]any{"password": "another passphrase"}, nil, 403)
	var me struct {
		Account struct {
			Email          string
			EmailConfirmed bool
		}
	}
	phone.call("POST", finish, map[string]any{"password": password}, &me, 200)
	if me.Account.Email != "anna@example.org" || !me.Account.EmailConfirmed {
		t.Errorf("signed in as %+v", me)
	}
	phone.call("GET", "/api/v1/home", nil, nil, 200)
	s.stranger().call("POST", finish, map[string]any{"password": password}, nil, 403)
	anna.call("POST", "/api/v1/auth/sign-in", signIn, nil, 200)

	s.stranger().call("POST", "/api/v1/auth/register", form, nil, 202)
	reset := "/api/v1/auth/reset/" + path.Base(post.link(t, s, "http://movies.example.org/reset/"))
	anna.call("POST", reset, map[string]any{"password": "a passphrase by letter"}, nil, 204)
	s.stop()
	for _, secret := range []string{path.Base(finish), path.Base(reset), password} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log tells %q", secret)
		}
	}
}

// stranger is another browser on the same server.
func (s *server) stranger() *server {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	other := &server{t: s.t, url: s.url, exited: s.exited, client: &http.Client{Jar: jar, Timeout: patience}}
	return other
}

func (s *server) cookie(name string) string {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.url+"/", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range s.client.Jar.Cookies(req.URL) {
		if c.Name == name {
			return c.Value
		}
	}
	s.t.Fatalf("no cookie %s", name)
	return ""
}

// fetchAs is fetch with a bearer token.
func (s *server) fetchAs(token, path string) (int, error) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, res.Body.Close()
}

// letterBox is a mail server that accepts every letter.
type letterBox struct {
	port int
	mu   sync.Mutex
	text strings.Builder
}

func openPost(t *testing.T) *letterBox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &letterBox{port: l.Addr().(*net.TCPAddr).Port}
	var calls sync.WaitGroup
	calls.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			calls.Go(func() {
				defer c.Close()
				b.serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		calls.Wait()
	})
	return b
}

func (b *letterBox) serve(c net.Conn) {
	in := bufio.NewScanner(c)
	inside := false
	fmt.Fprint(c, "220 post\r\n")
	for in.Scan() {
		switch line := in.Text(); {
		case inside && line != ".":
			b.mu.Lock()
			b.text.WriteString(line + "\n")
			b.mu.Unlock()
		case line == "DATA":
			inside = true
			fmt.Fprint(c, "354 go on\r\n")
		case line == "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			inside = false
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

// link waits for a letter with a link that begins so and gives the first such link.
func (b *letterBox) link(t *testing.T, s *server, begin string) string {
	t.Helper()
	var found string
	s.until("a letter comes", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		_, rest, ok := strings.Cut(b.text.String(), begin)
		line, _, whole := strings.Cut(rest, "\n")
		found = begin + strings.TrimSpace(line)
		return ok && whole
	})
	return found
}
