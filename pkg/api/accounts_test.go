package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/fault"
	"movify/pkg/id"
)

var (
	errInvite       = fault.New(fault.Forbidden, "invite_invalid", "That invitation is not valid.")
	errReset        = fault.New(fault.Forbidden, "reset_invalid", "That link is not valid any more.")
	errRegistration = fault.New(fault.Forbidden, "registration_invalid", "That link is not valid any more.")

	errWeak   = fault.New(fault.Invalid, "password_weak", "Please choose a longer password.")
	errOwner  = fault.New(fault.Conflict, "owner_stays", "The owner stays.")
	errNobody = fault.New(fault.NotFound, "account_not_found", "That account does not exist.")
)

// badForm is a fault of several fields.
type badForm struct{ *fault.Fault }

func (badForm) Fields() map[string]string {
	return map[string]string{"password": "Please choose a longer password.", "email": "That is no address."}
}
func (b badForm) Unwrap() error { return b.Fault }

// fakeAccounts is the part of a fakeServer that knows accounts.
type fakeAccounts struct{ *fakeServer }

func (f fakeAccounts) Terms() api.Terms {
	return api.Terms{Registration: "invite", MinPassword: 10, Consent: "2", Mail: true}
}

func (f fakeAccounts) Register(_ context.Context, r api.Register, _ api.Client) (api.Grant, bool, error) {
	switch {
	case r.Invite == "":
		return api.Grant{}, false, nil
	case r.Invite != "good":
		return api.Grant{}, false, errInvite
	case len(r.Password) < 10:
		return api.Grant{}, false, badForm{errWeak}
	}
	return f.grant("kid"), true, nil
}

func (f fakeAccounts) FinishRegistration(_ context.Context, code, _ string, _ api.Client) (api.Grant, error) {
	if code != "good" {
		return api.Grant{}, errRegistration
	}
	return f.grant("kid"), nil
}

func (f fakeAccounts) Invited(_ context.Context, code string) (api.InviteCheck, error) {
	if code != "good" {
		return api.InviteCheck{}, nil
	}
	return api.InviteCheck{Valid: true, Email: "anna@example.org"}, nil
}

func (f fakeAccounts) CheckPassword(_ context.Context, password, email string, _ api.Client) error {
	switch {
	case email == "storm@example.org":
		return errTooMany
	case len(password) < 10:
		return errWeak
	}
	return nil
}

func (f fakeAccounts) AskReset(_ context.Context, email string, _ api.Client) error {
	f.note("ask " + email)
	return nil
}

func (f fakeAccounts) Reset(_ context.Context, code, _ string, _ api.Client) error {
	if code != "good" {
		return errReset
	}
	return nil
}

func (f fakeAccounts) ConfirmEmail(_ context.Context, code string, _ api.Client) error {
	return f.Reset(context.Background(), code, "", api.Client{})
}

func (f fakeAccounts) ChangeDetails(_ context.Context, p api.Principal, d api.Details) (api.Account, error) {
	a, _, err := f.Who(context.Background(), p)
	if d.FirstName != nil {
		a.FirstName = *d.FirstName
	}
	return a, err
}

func (f fakeAccounts) ChangeEmail(_ context.Context, p api.Principal, email, password string, _ api.Client) (api.Account, bool, error) {
	a, _, err := f.Who(context.Background(), p)
	if password != "right" {
		err = errFailed
	}
	return a, email == "now@example.org", err
}

func (f fakeAccounts) ChangePassword(_ context.Context, p api.Principal, _, next string, _ api.Client) error {
	f.note("password of " + string(p.Account) + " but " + string(p.SignIn))
	if len(next) < 10 {
		return errWeak
	}
	return nil
}

func (f fakeAccounts) Export(_ context.Context, p api.Principal) (api.Export, error) {
	return api.Export{MadeMs: 7, Account: p.Account, Holdings: map[string][]map[string]any{"profiles": {{"name": "Boss"}}, "progress": {}}}, nil
}

func (f fakeAccounts) Delete(_ context.Context, p api.Principal, _, _ string, _ api.Client) error {
	if p.Admin {
		return errOwner
	}
	return nil
}

func (f fakeAccounts) Users(context.Context) ([]api.UserRow, error) { return nil, nil }

func (f fakeAccounts) Change(_ context.Context, _ api.Principal, a id.Account, r api.Rights) (api.UserRow, error) {
	if a != "a-kid" {
		return api.UserRow{}, errNobody
	}
	return api.UserRow{Account: api.Account{ID: string(a)}, Disabled: r.Disabled != nil && *r.Disabled}, nil
}

func (f fakeAccounts) RemoveUser(_ context.Context, _ api.Principal, a id.Account) error {
	f.note("dismiss " + string(a))
	return nil
}

func (f fakeAccounts) ResetLink(_ context.Context, _ api.Principal, _ id.Account, c api.Client) (api.Link, error) {
	return api.Link{URL: c.Base + "/reset/good", ExpiresMs: 9}, nil
}

func (f fakeAccounts) Invites(context.Context) ([]api.Invite, error) { return nil, nil }

func (f fakeAccounts) Invite(_ context.Context, _ api.Principal, w api.InviteWish, c api.Client) (api.Invite, error) {
	return api.Invite{ID: "i1", Code: "good", URL: c.Base + "/signup/good", Email: w.Email, Role: "member", CreatedMs: 1, ExpiresMs: 2}, nil
}

func (f fakeAccounts) DropInvite(_ context.Context, i id.Invite) error {
	f.note("drop " + string(i))
	return nil
}

// TestAccountOperations compares the answer of each operation with a golden file.
func TestAccountOperations(t *testing.T) {
	t.Parallel()
	const form = `{"email":"a@b.c","firstName":"A","lastName":"B","password":"long enough","invite":"good","consent":"2"}`
	kid := "Authorization: Bearer kid"
	for name, c := range map[string]struct {
		want                 int
		method, target, body string
		headers              []string
	}{
		"bootstrap":           {want: 200, method: "GET", target: "/bootstrap", headers: []string{boss}},
		"register":            {want: 200, method: "POST", target: "/auth/register", body: form},
		"register-uninvited":  {want: 403, method: "POST", target: "/auth/register", body: strings.Replace(form, "good", "bad", 1)},
		"register-bad-form":   {want: 422, method: "POST", target: "/auth/register", body: strings.Replace(form, "long enough", "short", 1)},
		"register-letter":     {want: 202, method: "POST", target: "/auth/register", body: strings.Replace(form, "good", "", 1)},
		"register-finished":   {want: 200, method: "POST", target: "/auth/register/good", body: `{"password":"long enough"}`},
		"register-over":       {want: 403, method: "POST", target: "/auth/register/bad", body: `{"password":"long enough"}`},
		"invite-open":         {want: 200, method: "GET", target: "/auth/invites/good"},
		"invite-over":         {want: 200, method: "GET", target: "/auth/invites/bad"},
		"password-rules":      {want: 200, method: "GET", target: "/auth/password-rules"},
		"password-strong":     {want: 200, method: "POST", target: "/auth/password-strength", body: `{"password":"long enough"}`},
		"password-weak":       {want: 200, method: "POST", target: "/auth/password-strength", body: `{"password":"short","email":"a@b.c"}`},
		"password-too-often":  {want: 429, method: "POST", target: "/auth/password-strength", body: `{"password":"short","email":"storm@example.org"}`},
		"reset-asked":         {want: 202, method: "POST", target: "/auth/reset", body: `{"email":"nobody@example.org"}`},
		"reset-done":          {want: 204, method: "POST", target: "/auth/reset/good", body: `{"password":"long enough"}`},
		"reset-over":          {want: 403, method: "POST", target: "/auth/reset/bad", body: `{"password":"long enough"}`},
		"email-confirmed":     {want: 204, method: "POST", target: "/account/email/good"},
		"describe":            {want: 200, method: "PATCH", target: "/account", body: `{"firstName":"Big"}`, headers: []string{boss}},
		"email-letter":        {want: 202, method: "POST", target: "/account/email", body: `{"email":"x@example.org","password":"right"}`, headers: []string{boss}},
		"email-at-once":       {want: 200, method: "POST", target: "/account/email", body: `{"email":"now@example.org","password":"right"}`, headers: []string{boss}},
		"password-changed":    {want: 204, method: "POST", target: "/account/password", body: `{"current":"right","next":"long enough"}`, headers: []string{boss}},
		"export":              {want: 200, method: "GET", target: "/account/export", headers: []string{kid}},
		"delete":              {want: 204, method: "DELETE", target: "/account", body: `{"email":"a@b.c","password":"right"}`, headers: []string{kid}},
		"delete-owner":        {want: 409, method: "DELETE", target: "/account", body: `{"email":"a@b.c","password":"right"}`, headers: []string{boss}},
		"users":               {want: 200, method: "GET", target: "/users", headers: []string{boss}},
		"user-disabled":       {want: 200, method: "PATCH", target: "/users/a-kid", body: `{"disabled":true}`, headers: []string{boss}},
		"user-unknown":        {want: 404, method: "PATCH", target: "/users/nobody", body: `{"disabled":true}`, headers: []string{boss}},
		"user-bad-rights":     {want: 422, method: "PATCH", target: "/users/a-kid", body: `{"streams":0,"role":"king"}`, headers: []string{boss}},
		"user-deleted":        {want: 204, method: "DELETE", target: "/users/a-kid", headers: []string{boss}},
		"reset-link":          {want: 200, method: "POST", target: "/users/a-kid/reset-link", headers: []string{boss}},
		"invites":             {want: 200, method: "GET", target: "/invites", headers: []string{boss}},
		"invite-made":         {want: 201, method: "POST", target: "/invites", body: `{"email":"anna@example.org","days":3}`, headers: []string{boss}},
		"invite-dropped":      {want: 204, method: "DELETE", target: "/invites/i1", headers: []string{boss}},
		"users-are-for-admin": {want: 403, method: "GET", target: "/users", headers: []string{kid}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeServer{setUp: true}
			res := ask(newAPI(t, fake, nil).Handler(), c.method, "/api/v1"+c.target, c.body, c.headers...)
			if res.StatusCode != c.want {
				t.Errorf("%d, want %d", res.StatusCode, c.want)
			}
			out := res.Status + "\n"
			for _, h := range []string{"Content-Disposition", "Set-Cookie", "Retry-After"} {
				for _, v := range res.Header.Values(h) {
					out += h + ": " + v + "\n"
				}
			}
			if body := text(t, res); body != "" {
				var v any
				if err := json.Unmarshal([]byte(body), &v); err != nil {
					t.Fatalf("%v in %q", err, body)
				}
				pretty, err := json.MarshalIndent(v, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				out += string(pretty) + "\n"
			}
			for _, call := range fake.calls {
				out += "> " + call + "\n"
			}
			golden(t, "account-"+name+".txt", out)
		})
	}
}

// Links in letters and invitations begin with the configured base URL, not with the Host header of the request.
func TestLinksBeginWithThePublicAddress(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		change  func(*api.Options)
		headers []string
	}{
		"http://192.168.1.5:8484/reset/good": {nil, []string{"Host: 192.168.1.5:8484"}},
		"https://movies.example.org/reset/good": {
			func(o *api.Options) { o.Public = mustURL(t, "https://movies.example.org/") }, []string{"Host: evil.example"}},
		"https://tv.example.org/reset/good": {
			func(o *api.Options) { o.Addresses = behind("10.0.0.0/8") },
			[]string{"Host: tv.example.org", "Remote: 10.0.0.1:1", "X-Forwarded-Proto: https"}},
	} {
		a := newAPI(t, &fakeServer{setUp: true}, c.change)
		res := askAs(a.Handler(), "POST", "/api/v1/users/a-kid/reset-link", append(c.headers, boss)...)
		var got api.Link
		if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.URL); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// askAs is ask with a Host of its own.
func askAs(h http.Handler, method, target string, headers ...string) *http.Response {
	return ask(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := r.Header.Get("Host"); host != "" {
			r.Host = host
		}
		h.ServeHTTP(w, r)
	}), method, target, "", headers...)
}
