package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"movify/pkg/id"
)

// Principal is the account, profile and sign-in of a credential.
type Principal struct {
	Account id.Account
	Profile id.Profile
	SignIn  id.SignIn
	Admin   bool     // owner or admin, watching without limits
	Scopes  []string // of an API key; nil for a person

	Restricted bool // there may be titles that the profile does not see
	Limited    bool // there may be titles that the profile or the account does not see
	Kids       bool // it may call only operations for kids
	Undecided  bool // its profile has a PIN and was not chosen on this sign-in: it may only choose one
}

// Viewer is the account and profile of the principal.
func (p Principal) Viewer() id.Viewer { return id.Viewer{Account: p.Account, Profile: p.Profile} }

// Client is the origin of a request.
type Client struct {
	Address string // IP, as seen through trusted proxies, or "unknown"
	Agent   string // User-Agent
	Host    string // the Host header
	HTTPS   bool   // the browser's connection is encrypted
	Local   bool   // it certainly comes from this machine or a private network
	Base    string // base URL of the server: "https://movies.example.org"
}

// Caller is the principal and the client of a request. Principal is empty unless Signed.
type Caller struct {
	Principal
	Client
	Signed bool

	expired error // why the credential of the request is not valid
}

// callerKey carries the Caller from the middleware to the wrapper of the same package; nothing else reads it.
type callerKey struct{}

func callerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// identify gives the caller of a request. It returns an error for a credential that is not valid; a request without a
// credential gives a caller that is not signed in.
func (a *API) identify(ctx huma.Context) (Caller, error) {
	g := humagin.Unwrap(ctx)
	c := Caller{Client: Client{
		Address: a.o.Addresses.Text(g.Request),
		Agent:   g.Request.UserAgent(),
		Host:    g.Request.Host,
		HTTPS:   a.encrypted(g.Request),
	}}
	c.Base = a.base(g.Request, c.HTTPS)
	c.Local = a.o.Addresses.Local(g.Request)
	token, byCookie := credential(g.Request, c.HTTPS)
	if token == "" {
		return c, nil
	}
	if byCookie && a.hosts.refuses(c.Host) {
		return c, ErrHost
	}
	p, err := a.o.Accounts.Authenticate(g.Request.Context(), token)
	if err != nil {
		return c, err
	}
	c.Principal, c.Signed = p, true
	return c, nil
}

// credential is the access token of a request, and whether it came by cookie: the Authorization header (RFC 6750) is before
// that.
func credential(r *http.Request, https bool) (token string, byCookie bool) {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token), false
	}
	if c, err := r.Cookie(accessCookie(https)); err == nil {
		return c.Value, true
	}
	return "", false
}

// base is the base URL of the server: as configured, else from the Host header of the request. It is for links in the
// response to this request, never for letters: a client may send any Host.
func (a *API) base(r *http.Request, https bool) string {
	switch {
	case a.o.Public != nil:
		return strings.TrimSuffix(a.o.Public.String(), "/")
	case https:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// encrypted reports whether the browser uses https, to this server or to a trusted proxy.
func (a *API) encrypted(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	return a.o.Addresses.Trusts(r) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
