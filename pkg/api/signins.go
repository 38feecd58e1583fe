package api

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"movify/pkg/id"
)

// SignIns is the sign-ins of an account, and the pairing of devices without a keyboard (RFC 8628).
type SignIns interface {
	// SignIns lists the sign-ins of an account, last seen first.
	SignIns(ctx context.Context, p Principal) ([]Device, error)
	// EndSignIn ends one of them, or gives a NotFound fault, also for one of another account.
	EndSignIn(ctx context.Context, p Principal, s id.SignIn) error
	// EndSignIns ends all of them, except the principal's own when keep is set.
	EndSignIns(ctx context.Context, p Principal, keep bool) error
	// Pair begins the pairing of a device.
	Pair(ctx context.Context, client string, c Client) (Pairing, error)
	// Paired gives the tokens of an approved device, or a fault with an error code of RFC 8628 section 3.5.
	Paired(ctx context.Context, deviceCode string, c Client) (Grant, error)
	// Waiting gives the device that shows a code, or a NotFound fault.
	Waiting(ctx context.Context, p Principal, userCode string, c Client) (WaitingDevice, error)
	// Answer approves or denies that device.
	Answer(ctx context.Context, p Principal, userCode string, approve bool, c Client) error
}

// Device is a device on which an account is signed in.
type Device struct {
	ID        string `json:"id"`
	Device    string `json:"device" doc:"What it calls itself (User-Agent)."`
	Address   string `json:"address"`
	CreatedMs int64  `json:"createdMs"`
	SeenMs    int64  `json:"seenMs"`
	Current   bool   `json:"current" doc:"The one that asks."`
	Kind      string `json:"kind" enum:"browser,tv"`
}

// Pairing is the codes and times of a new pairing.
type Pairing struct {
	DeviceCode string
	UserCode   string
	Life       time.Duration
	Interval   time.Duration
}

// deviceAuthorization is RFC 8628 section 3.2.
type deviceAuthorization struct {
	DeviceCode              string `json:"device_code" doc:"A secret of the device."`
	UserCode                string `json:"user_code" doc:"To show: BCDF-GHJK."`
	VerificationURI         string `json:"verification_uri"`
	VerificationURIComplete string `json:"verification_uri_complete"`
	ExpiresIn               int    `json:"expires_in" doc:"Seconds."`
	Interval                int    `json:"interval" doc:"Seconds between two polls."`
}

// Tokens are a sign-in for a program that keeps its tokens itself (RFC 6749 section 5.1).
type Tokens struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type" enum:"Bearer"`
	ExpiresIn    int    `json:"expires_in" doc:"Seconds."`
	RefreshToken string `json:"refresh_token"`
}

func tokensOf(g Grant) *Tokens {
	return &Tokens{
		AccessToken: g.Access, TokenType: "Bearer", ExpiresIn: max(0, int(time.Until(g.AccessExpires).Seconds())),
		RefreshToken: g.Refresh,
	}
}

// WaitingDevice is a device that waits for approval.
type WaitingDevice struct {
	Client    string `json:"client" doc:"What it calls itself."`
	Address   string `json:"address"`
	Home      bool   `json:"home" doc:"The address is one of a home network."`
	ExpiresMs int64  `json:"expiresMs"`
}

func (a *API) registerSignIns() {
	items(a, operation{
		access: AccessAccount, person: true, route: "GET /auth/sign-ins", name: "signIns",
		summary: "Where this account is signed in",
	}, ofCaller(a.o.SignIns.SignIns))
	command(a, operation{
		access: AccessAccount, person: true, route: "DELETE /auth/sign-ins/{id}", name: "endSignIn",
		summary: "Sign one device out",
	}, commandOfCaller(a.o.SignIns.EndSignIn))
	register(a, operation{
		access: AccessAccount, person: true, route: "POST /auth/sign-out-everywhere", name: "signOutEverywhere",
		summary: "Sign all devices out", status: http.StatusNoContent,
	}, func(ctx context.Context, c Caller, in *struct {
		Body struct {
			KeepThis bool `json:"keepThis" required:"false" doc:"All but this one."`
		}
	}) (*cookieOutput, error) {
		if err := a.o.SignIns.EndSignIns(ctx, c.Principal, in.Body.KeepThis); err != nil {
			return nil, err
		}
		if in.Body.KeepThis {
			return &cookieOutput{}, nil
		}
		return &cookieOutput{SetCookie: noCookies(c.HTTPS)}, nil
	})

	a.registerPairing()
}

// registerPairing adds the device authorization grant of RFC 8628.
func (a *API) registerPairing() {
	answer(a, operation{
		access: AccessPublic, route: "POST /auth/device", name: "beginPairing",
		summary: "Show a code on a device without a keyboard (RFC 8628)",
	}, func(ctx context.Context, c Caller, in *struct {
		Body struct {
			Client string `json:"client" minLength:"1" maxLength:"80" doc:"A name a person recognises: Living room TV."`
		}
	}) (deviceAuthorization, error) {
		if a.o.Public == nil && a.hosts.refuses(c.Host) { // a person is sent to the address below
			return deviceAuthorization{}, ErrHost
		}
		p, err := a.o.SignIns.Pair(ctx, in.Body.Client, c.Client)
		if err != nil {
			return deviceAuthorization{}, err
		}
		at := c.Base + "/tv"
		return deviceAuthorization{
			DeviceCode: p.DeviceCode, UserCode: p.UserCode, VerificationURI: at,
			VerificationURIComplete: at + "?code=" + url.QueryEscape(p.UserCode),
			ExpiresIn:               int(p.Life.Seconds()), Interval: int(p.Interval.Seconds()),
		}, nil
	})
	register(a, operation{
		access: AccessPublic, route: "POST /auth/device/token", name: "fetchPaired",
		summary: "Ask whether the code was approved (RFC 8628)",
	}, func(ctx context.Context, c Caller, in *struct {
		Body struct {
			DeviceCode string `json:"device_code" minLength:"1" maxLength:"128"`
			Bearer     bool   `json:"bearer" required:"false" doc:"Give the tokens in the body; otherwise the answer is 204 and cookies."`
		}
	}) (*refreshOutput, error) {
		g, err := a.o.SignIns.Paired(ctx, in.Body.DeviceCode, c.Client)
		if err != nil {
			return nil, a.oauthProblem(ctx, err)
		}
		if in.Body.Bearer {
			return &refreshOutput{Status: http.StatusOK, Body: tokensOf(g)}, nil
		}
		return &refreshOutput{Status: http.StatusNoContent, SetCookie: g.cookies(c.HTTPS)}, nil
	})
	answer(a, operation{
		access: AccessAccount, person: true, route: "GET /auth/device/{code}", name: "waitingDevice",
		summary: "The device that shows a code",
	}, func(ctx context.Context, c Caller, in *struct {
		Code string `path:"code" maxLength:"32"`
	}) (WaitingDevice, error) {
		d, err := a.o.SignIns.Waiting(ctx, c.Principal, in.Code, c.Client)
		address, known := netip.ParseAddr(d.Address)
		d.Home = known == nil && isHome(address)
		return d, err
	})
	command(a, operation{
		access: AccessAccount, person: true, route: "POST /auth/device/{code}", name: "answerDevice",
		summary: "Approve the device that shows a code, or turn it away",
	}, func(ctx context.Context, c Caller, in *struct {
		Code string `path:"code" maxLength:"32"`
		Body struct {
			Approve bool `json:"approve"`
		}
	}) error {
		return a.o.SignIns.Answer(ctx, c.Principal, in.Code, in.Body.Approve, c.Client)
	})
}

// oauthProblem is a problem that a client of RFC 6749 section 5.2 understands as well: status 400 and an error word.
func (a *API) oauthProblem(ctx context.Context, err error) *Problem {
	p := a.problem(ctx, err)
	if p.Status == http.StatusUnprocessableEntity {
		p.Status, p.Title, p.OAuth = http.StatusBadRequest, http.StatusText(http.StatusBadRequest), p.Code
	}
	return p
}
