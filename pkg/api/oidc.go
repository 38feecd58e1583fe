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

// Elsewhere signs people in at sign-in services (OpenID Connect).
type Elsewhere interface {
	// Providers lists the services, for buttons.
	Providers() []Provider
	// Leave gives the address at a service to send a browser to, and what the browser keeps meanwhile. back is where it
	// returns. An unknown service is a NotFound fault.
	Leave(ctx context.Context, provider, back string) (to string, kept Errand, err error)
	// Return changes what a browser came back with for a sign-in.
	Return(ctx context.Context, provider, back, code, state string, kept Errand, c Client) (Grant, error)
}

// Provider is a sign-in service.
type Provider struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Errand is what a browser keeps while its person is at a sign-in service.
type Errand struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
}

// errandCookie keeps an Errand; it goes to the addresses of signing in only, and dies soon.
const (
	errandCookie = "movify_errand"
	errandLife   = 10 * time.Minute
)

// ErrErrand is for a browser that comes back without having left.
var ErrErrand = fault.New(fault.Unauthenticated, "oidc_refused", "That sign-in was begun in another browser, or too long ago. Please try again.")

// elsewhereOutput sends a browser on.
type elsewhereOutput struct {
	Status    int
	Location  string        `header:"Location"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (a *API) registerElsewhere() {
	back := func(c Caller, provider string) string {
		return c.Base + Prefix + "/auth/oidc/" + url.PathEscape(provider) + "/callback"
	}
	register(a, operation{
		access: AccessPublic, route: "GET /auth/oidc/{id}/start", name: "startElsewhere",
		summary: "Go and sign in at another service", status: http.StatusFound,
	}, func(ctx context.Context, c Caller, in *byID) (*elsewhereOutput, error) {
		to, kept, err := a.o.Elsewhere.Leave(ctx, in.ID, back(c, in.ID))
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(kept)
		if err != nil {
			return nil, err
		}
		errand := cookie(errandCookie, base64.RawURLEncoding.EncodeToString(text), refreshPath, c.HTTPS, time.Now().Add(errandLife))
		return &elsewhereOutput{Status: http.StatusFound, Location: to, SetCookie: []http.Cookie{errand}}, nil
	})
	register(a, operation{
		access: AccessPublic, route: "GET /auth/oidc/{id}/callback", name: "returnFromElsewhere",
		summary: "Come back from another service", status: http.StatusFound,
	}, func(ctx context.Context, c Caller, in *struct {
		ID    string `path:"id" maxLength:"64"`
		Code  string `query:"code" maxLength:"4096"`
		State string `query:"state" maxLength:"512"`
		Kept  string `cookie:"movify_errand" maxLength:"1024"`
	}) (*elsewhereOutput, error) {
		done := cookie(errandCookie, "", refreshPath, c.HTTPS, time.Time{})
		done.MaxAge = -1
		var kept Errand
		text, err := base64.RawURLEncoding.DecodeString(in.Kept)
		if err == nil {
			err = json.Unmarshal(text, &kept)
		}
		if err != nil || kept.State == "" {
			err = ErrErrand
		}
		var g Grant
		if err == nil {
			g, err = a.o.Elsewhere.Return(ctx, in.ID, back(c, in.ID), in.Code, in.State, kept, c.Client)
		}
		if err != nil { // a person looks at this, not a program
			p := a.problem(ctx, err)
			return &elsewhereOutput{Status: http.StatusFound, Location: "/login?problem=" + url.QueryEscape(p.Code), SetCookie: []http.Cookie{done}}, nil
		}
		return &elsewhereOutput{Status: http.StatusFound, Location: "/", SetCookie: append(g.cookies(c.HTTPS), done)}, nil
	})
}
