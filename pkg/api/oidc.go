package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
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
	// FinishSignIn exchanges the code of the redirect for a sign-in.
	FinishSignIn(ctx context.Context, provider, back, code, state string, kept LoginState, c Client) (Grant, error)
}

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

// loginStateCookie keeps a LoginState; it is sent to refreshPath only and expires soon.
const (
	loginStateCookie = "movify_errand"
	loginStateLife   = 10 * time.Minute
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
		errand := cookie(loginStateCookie, base64.RawURLEncoding.EncodeToString(text), refreshPath, c.HTTPS,
			time.Now().Add(loginStateLife))
		return &redirectOutput{Status: http.StatusFound, Location: to, SetCookie: []http.Cookie{errand}}, nil
	})
	register(a, operation{
		access: AccessPublic, route: "GET /auth/oidc/{id}/callback", name: "returnFromElsewhere",
		summary: "Come back from another service", status: http.StatusFound,
	}, func(ctx context.Context, c Caller, in *struct {
		ID    string `path:"id" maxLength:"64"`
		Code  string `query:"code" maxLength:"4096"`
		State string `query:"state" maxLength:"512"`
		Kept  string `cookie:"movify_errand" maxLength:"1024"`
	}) (*redirectOutput, error) {
		done := cookie(loginStateCookie, "", refreshPath, c.HTTPS, time.Time{})
		done.MaxAge = -1
		var kept LoginState
		text, err := base64.RawURLEncoding.DecodeString(in.Kept)
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
			return &redirectOutput{Status: http.StatusFound, Location: "/login?problem=" + url.QueryEscape(p.Code),
				SetCookie: []http.Cookie{done}}, nil
		}
		return &redirectOutput{Status: http.StatusFound, Location: "/", SetCookie: append(g.cookies(c.HTTPS), done)}, nil
	})
}
