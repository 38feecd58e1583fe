package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"movify/pkg/fault"
)

// OIDC signs people in with OpenID Connect.
type OIDC interface {
	// Providers lists the OpenID providers, for buttons.
	Providers() []Provider
	// StartSignIn gives the authorization URL of a provider and the state that the browser keeps meanwhile. back is the
	// redirect_uri. An unknown provider is a NotFound fault.
	StartSignIn(ctx context.Context, provider, back string) (to string, kept LoginState, err error)
	// FinishSignIn exchanges the code of the redirect for a sign-in. A LinkFirst asks for the password of the account once.
	FinishSignIn(ctx context.Context, provider, back, code, state string, kept LoginState, c Client) (Grant, error)
	// Link connects the identity of a LinkFirst with the account that signed in with its password.
	Link(ctx context.Context, token string, p Principal, c Client) error
}

// LinkFirst is the error of a FinishSignIn that leads to an account whose address was never proven.
type LinkFirst struct {
	Reason error
	Token  string // for the browser, until it signs in with the password
}

func (l LinkFirst) Error() string { return l.Reason.Error() }

// Unwrap gives the fault.
func (l LinkFirst) Unwrap() error { return l.Reason }

// Provider is an OpenID provider.
type Provider struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// LoginState is the state of a sign-in that the browser keeps while its person is at the provider.
type LoginState struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
}

// loginStateLife is the life of the cookies of a sign-in elsewhere.
const loginStateLife = 10 * time.Minute

// shortCookie is a cookie for the middle of a sign-in. With https only this host can set it (RFC 6265bis section 4.1.3): on a
// shared domain a neighbour could otherwise begin a sign-in for this browser. A value "" deletes it.
func shortCookie(name, value string, https bool) http.Cookie {
	if https {
		name = hostPrefix + name
	}
	c := cookie(name, value, "/", https, time.Now().Add(loginStateLife))
	if value == "" {
		c.Expires, c.MaxAge = time.Time{}, -1
	}
	return c
}

const (
	hostPrefix       = "__Host-"
	loginStateCookie = "movify_errand" // keeps a LoginState
	linkCookie       = "movify_link"   // keeps the token of a LinkFirst
)

// ErrLoginState is returned when the redirect comes without the cookie of its start.
var ErrLoginState = fault.New(fault.Unauthenticated, "oidc_refused",
	"That sign-in was begun in another browser, or too long ago. Please try again.")

// redirectOutput is a redirect.
type redirectOutput struct {
	Status    int
	Location  string        `header:"Location"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (a *API) registerOIDC() {
	back := func(c Caller, provider string) string {
		return c.Base + Prefix + "/auth/oidc/" + url.PathEscape(provider) + "/callback"
	}
	register(a, operation{
		access: AccessPublic, route: "GET /auth/oidc/{id}/start", name: "startElsewhere",
		summary: "Go and sign in at another service", status: http.StatusFound,
	}, func(ctx context.Context, c Caller, in *byID) (*redirectOutput, error) {
		to, kept, err := a.o.OIDC.StartSignIn(ctx, in.ID, back(c, in.ID))
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(kept)
		if err != nil {
			return nil, err
		}
		errand := shortCookie(loginStateCookie, base64.RawURLEncoding.EncodeToString(text), c.HTTPS)
		return &redirectOutput{Status: http.StatusFound, Location: to, SetCookie: []http.Cookie{errand}}, nil
	})
	register(a, operation{
		access: AccessPublic, route: "GET /auth/oidc/{id}/callback", name: "returnFromElsewhere",
		summary: "Come back from another service", status: http.StatusFound,
	}, func(ctx context.Context, c Caller, in *struct {
		ID     string `path:"id" maxLength:"64"`
		Code   string `query:"code" maxLength:"4096"`
		State  string `query:"state" maxLength:"512"`
		Plain  string `cookie:"movify_errand" maxLength:"1024"`
		Secure string `cookie:"__Host-movify_errand" maxLength:"1024"`
	}) (*redirectOutput, error) {
		done := shortCookie(loginStateCookie, "", c.HTTPS)
		var kept LoginState
		text, err := base64.RawURLEncoding.DecodeString(byProtocol(c.HTTPS, in.Secure, in.Plain))
		if err == nil {
			err = json.Unmarshal(text, &kept)
		}
		if err != nil || kept.State == "" {
			err = ErrLoginState
		}
		var g Grant
		if err == nil {
			g, err = a.o.OIDC.FinishSignIn(ctx, in.ID, back(c, in.ID), in.Code, in.State, kept, c.Client)
		}
		if err != nil { // a person sees this page, not a program
			p := a.problem(ctx, err)
			set := []http.Cookie{done}
			var link LinkFirst
			if errors.As(err, &link) && link.Token != "" {
				set = append(set, shortCookie(linkCookie, link.Token, c.HTTPS))
			}
			return &redirectOutput{Status: http.StatusFound, Location: "/login?problem=" + url.QueryEscape(p.Code),
				SetCookie: set}, nil
		}
		return &redirectOutput{Status: http.StatusFound, Location: "/", SetCookie: append(g.cookies(c.HTTPS), done)}, nil
	})
}

// byProtocol chooses the value that was sent by https or by http.
func byProtocol(https bool, secure, plain string) string {
	if https {
		return secure
	}
	return plain
}
