package api

import (
	"context"
	"net/http"

	"movify/pkg/fault"
)

// Accounts authenticates people.
type Accounts interface {
	// SetupNeeded reports whether no account exists yet.
	SetupNeeded(ctx context.Context) (bool, error)
	// Setup makes the first account, adds its folders and signs it in. Of concurrent calls exactly one succeeds; the others,
	// and every later one, get a Conflict fault.
	Setup(ctx context.Context, s Setup, c Client) (Grant, error)
	// SignIn checks a password. An unknown address gets the fault, and takes the time, of a wrong password.
	SignIn(ctx context.Context, s SignIn, c Client) (Grant, error)
	// Refresh gives new tokens for a refresh token, or an Unauthenticated fault.
	Refresh(ctx context.Context, token string, c Client) (Grant, error)
	// SignOut ends the principal's sign-in and the playbacks begun with it. It is idempotent.
	SignOut(ctx context.Context, p Principal) error
	// Authenticate gives the principal of an access token, or an Unauthenticated fault.
	Authenticate(ctx context.Context, token string) (Principal, error)
	// Who describes a principal.
	Who(ctx context.Context, p Principal) (Account, Profile, error)
}

// ErrSetupNotLocal prevents strangers from claiming a new server that the internet can reach.
var ErrSetupNotLocal = fault.New(fault.Forbidden, "setup_from_home_only",
	"A new server can be set up from its own machine or home network only. "+
		"If you are at home, a proxy stands between that server.trusted_proxies does not name, "+
		"or that does not hand your address on.")

// Bootstrap is the first response that the web app reads, before it renders anything.
type Bootstrap struct {
	Brand       string   `json:"brand"`
	Version     string   `json:"version"`
	Languages   []string `json:"languages" doc:"Languages of the app, BCP 47."`
	SetupNeeded bool     `json:"setupNeeded" doc:"No account exists yet."`
	Account     *Account `json:"account" doc:"Who is signed in."`
	Profile     *Profile `json:"profile" doc:"Who watches."`

	Registration  string     `json:"registration" enum:"closed,invite,open" doc:"Who may make an account."`
	OIDC          []Provider `json:"oidc" doc:"Other services to sign in at."`
	Mail          bool       `json:"mail" doc:"Letters can be sent, as far as is known."`
	Consent       *Consent   `json:"consent,omitempty" doc:"What newcomers agree to."`
	Profiles      int        `json:"profiles" doc:"How many the account has."`
	ChooseProfile bool       `json:"chooseProfile" doc:"Ask who is watching."`
}

// Account is a person who can sign in.
type Account struct {
	ID             string `json:"id"`
	Email          string `json:"email"`
	FirstName      string `json:"firstName"`
	LastName       string `json:"lastName"`
	Name           string `json:"name" doc:"Both names."`
	Role           string `json:"role" enum:"owner,admin,member"`
	Language       string `json:"language,omitempty" doc:"BCP 47."`
	CreatedMs      int64  `json:"createdMs"`
	ConsentVersion string `json:"consentVersion,omitempty" doc:"Of the terms that were agreed to."`
	Streams        int    `json:"streams" doc:"Playbacks at once."`
	ProfileLimit   int    `json:"profileLimit"`
	HasPassword    bool   `json:"hasPassword"`
	EmailConfirmed bool   `json:"emailConfirmed" doc:"It was shown that the person receives letters at the address."`
}

// Setup makes the first account.
type Setup struct {
	Email    string   `json:"email" minLength:"3" maxLength:"254"`
	Name     string   `json:"name" minLength:"1" maxLength:"80"`
	Password string   `json:"password" minLength:"1" maxLength:"512"`
	Folders  []string `json:"folders" maxItems:"64" doc:"Absolute paths of library folders; may be empty."`
}

// SignIn is the body of a sign-in with a password.
type SignIn struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"512"`
	Remember bool   `json:"remember" required:"false" doc:"Stay signed in after the browser is closed."`
}

// signedInOutput is a Bootstrap with the cookies of a fresh sign-in.
type signedInOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      Bootstrap
}

// cookieOutput sets cookies and has no body.
type cookieOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// refreshOutput has cookies for a browser, or tokens in the body for a program.
type refreshOutput struct {
	Status    int
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      *Tokens
}

// mayClaim gives the fault of a caller who may not set up a new server: one that is not at home, or a web page of a
// stranger whose name was made to resolve to it.
func (a *API) mayClaim(c Caller) error {
	switch {
	case !c.Local:
		return ErrSetupNotLocal
	case !a.hosts.Known(c.Host):
		return ErrSetupHost
	}
	return nil
}

func (a *API) registerAccount() {
	answer(a, operation{
		access: AccessPublic, route: "GET /bootstrap", name: "bootstrap", summary: "What the app needs before it draws",
	}, func(ctx context.Context, c Caller, in *struct {
		Start bool `query:"start" doc:"The app was started just now; an account may ask who is watching at every start."`
	}) (Bootstrap, error) {
		if c.expired != nil { // the web app refreshes its sign-in and repeats the request
			return Bootstrap{}, c.expired
		}
		if c.Signed && in.Start {
			if err := a.o.Profiles.Started(ctx, c.Principal); err != nil {
				return Bootstrap{}, err
			}
		}
		return a.bootstrap(ctx, c, in.Start)
	})
	register(a, operation{
		access: AccessPublic, route: "POST /setup", name: "setup", summary: "Make the first account and sign it in",
	}, func(ctx context.Context, c Caller, in *body[Setup]) (*signedInOutput, error) {
		if err := a.mayClaim(c); err != nil {
			return nil, err
		}
		g, err := a.o.Accounts.Setup(ctx, in.Body, c.Client)
		return a.signedIn(ctx, c, g, err)
	})
	register(a, operation{
		access: AccessPublic, route: "POST /auth/sign-in", name: "signIn", summary: "Sign in with a password",
	}, func(ctx context.Context, c Caller, in *struct {
		Plain  string `cookie:"movify_link" maxLength:"2048"`
		Secure string `cookie:"__Host-movify_link" maxLength:"2048"`
		Body   SignIn
	}) (*signedInOutput, error) {
		g, err := a.o.Accounts.SignIn(ctx, in.Body, c.Client)
		g.Remember = in.Body.Remember
		link := byProtocol(c.HTTPS, in.Secure, in.Plain)
		if err == nil && link != "" {
			if err := a.o.OIDC.Link(ctx, link, g.Principal, c.Client); err != nil { // the next sign-in there asks again
				a.o.Logger.Warn("an identity could not be linked", "account", g.Account, "error", err)
			}
		}
		out, err := a.signedIn(ctx, c, g, err)
		if err == nil && link != "" {
			out.SetCookie = append(out.SetCookie, shortCookie(linkCookie, "", c.HTTPS))
		}
		return out, err
	})

	type refreshInput struct {
		Plain  string `cookie:"movify_refresh"`
		Secure string `cookie:"__Secure-movify_refresh"`
		Body   *struct {
			RefreshToken string `json:"refresh_token" maxLength:"128" doc:"Of a program that keeps its tokens itself; a browser sends its cookie."`
		}
	}
	register(a, operation{
		access: AccessPublic, route: "POST /auth/refresh", name: "refresh",
		summary: "Change the refresh token for new tokens",
	}, func(ctx context.Context, c Caller, in *refreshInput) (*refreshOutput, error) {
		token, bearer := byProtocol(c.HTTPS, in.Secure, in.Plain), in.Body != nil && in.Body.RefreshToken != ""
		if bearer {
			token = in.Body.RefreshToken
		}
		if token == "" {
			return nil, ErrSignInRequired
		}
		g, err := a.o.Accounts.Refresh(ctx, token, c.Client)
		if err != nil {
			p := a.problem(ctx, err)
			if p.Status == http.StatusUnauthorized && !bearer {
				p.cookies = noCookies(c.HTTPS)
			}
			return nil, p
		}
		if bearer {
			return &refreshOutput{Status: http.StatusOK, Body: tokensOf(g)}, nil
		}
		return &refreshOutput{Status: http.StatusNoContent, SetCookie: g.cookies(c.HTTPS)}, nil
	})
	register(a, operation{
		access: AccessAccount, kids: true, choosing: true, person: true, route: "POST /auth/sign-out", name: "signOut",
		summary: "End this sign-in", status: http.StatusNoContent,
	}, func(ctx context.Context, c Caller, _ *struct{}) (*cookieOutput, error) {
		if err := a.o.Accounts.SignOut(ctx, c.Principal); err != nil {
			return nil, err
		}
		return &cookieOutput{SetCookie: noCookies(c.HTTPS)}, nil
	})
}

// bootstrap gives what the app needs; start reports that it was started, or signed in, just now.
func (a *API) bootstrap(ctx context.Context, c Caller, start bool) (Bootstrap, error) {
	terms := a.o.Registrations.Terms()
	b := Bootstrap{
		Brand: a.o.Brand, Version: a.o.Version, Languages: a.o.Languages, Registration: terms.Registration, Mail: terms.Mail,
		OIDC: a.o.OIDC.Providers()}
	if terms.Consent != "" {
		b.Consent = &Consent{Version: terms.Consent}
	}
	if !c.Signed {
		var err error
		b.SetupNeeded, err = a.o.Accounts.SetupNeeded(ctx)
		return b, err
	}
	account, profile, err := a.o.Accounts.Who(ctx, c.Principal)
	if err != nil {
		return b, err
	}
	b.Account, b.Profile = &account, &profile
	b.Profiles, b.ChooseProfile, err = a.o.Profiles.Choosing(ctx, c.Principal, start)
	return b, err
}

func (a *API) signedIn(ctx context.Context, c Caller, g Grant, err error) (*signedInOutput, error) {
	if err != nil {
		return nil, err
	}
	c.Principal, c.Signed = g.Principal, true
	b, err := a.bootstrap(ctx, c, true)
	return &signedInOutput{SetCookie: g.cookies(c.HTTPS), Body: b}, err
}
