// Package oidc signs people in at an OpenID provider (OpenID Connect Core 1.0, the authorization code flow with PKCE of RFC
// 7636). It gives the verified identity; it has no accounts and stores nothing. It calls the provider only during a sign-in, so
// that an unreachable provider affects no other way to sign in.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"movify/pkg/fault"
)

// Faults of this package.
var (
	ErrAway = fault.New(fault.Unavailable, "oidc_unavailable",
		"The sign-in service does not answer. Please try again, or use your password.")
	ErrRefused = fault.New(fault.Unauthenticated, "oidc_refused",
		"The sign-in service did not confirm who you are. Please try again.")
	ErrEmail = fault.New(fault.Forbidden, "oidc_email_unverified",
		"The sign-in service has not verified your e-mail address.")
)

// Options configure the provider.
type Options struct {
	ID           string // in addresses
	Name         string // on the button
	Issuer       string // URL; its document is below /.well-known/openid-configuration
	ClientID     string
	ClientSecret string
	Create       bool         // an identity without an account gets one
	Client       *http.Client // nil = one with a timeout of ten seconds
	Clock        func() time.Time
}

// Provider is one OpenID provider.
type Provider struct {
	o Options

	mu    sync.Mutex
	known *oidc.Provider // nil until discovery succeeded
}

// New builds a Provider. Discovery happens at the first sign-in.
func New(o Options) *Provider {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 10 * time.Second}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return &Provider{o: o}
}

// ID is the provider's name in addresses.
func (p *Provider) ID() string { return p.o.ID }

// Name is the provider's name on a button.
func (p *Provider) Name() string { return p.o.Name }

// Creates reports whether an identity without an account gets one.
func (p *Provider) Creates() bool { return p.o.Create }

// LoginState is the state of a sign-in that the browser keeps in a cookie until the provider redirects it back. It is a secret
// of that browser.
type LoginState struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"` // of PKCE
}

// Identity is a person at the provider.
type Identity struct {
	Issuer  string
	Subject string // never reused by the issuer
	Email   string // verified
	First   string
	Last    string
}

// Begin gives the authorization URL of the provider. redirect is the redirect_uri.
func (p *Provider) Begin(ctx context.Context, redirect string) (to string, a LoginState, err error) {
	known, err := p.discover(ctx)
	if err != nil {
		return "", LoginState{}, err
	}
	a = LoginState{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return p.config(known, redirect).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a,
		nil
}

// Finish exchanges the code of the redirect for an identity. state is the parameter beside it.
func (p *Provider) Finish(ctx context.Context, redirect, code, state string, a LoginState) (Identity, error) {
	if code == "" || a.State == "" || subtle.ConstantTimeCompare([]byte(state), []byte(a.State)) != 1 {
		return Identity{}, ErrRefused
	}
	known, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.o.Client)
	tokens, err := p.config(known, redirect).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return Identity{}, ErrRefused.Because(fmt.Errorf("exchange the code: %w", err))
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return Identity{}, ErrRefused.Because(fmt.Errorf("no id_token came along"))
	}
	verified, err := known.VerifierContext(ctx, &oidc.Config{ClientID: p.o.ClientID, Now: p.o.Clock}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, ErrRefused.Because(fmt.Errorf("verify the id_token: %w", err))
	}
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(a.Nonce)) != 1 {
		return Identity{}, ErrRefused.Because(fmt.Errorf("the id_token has another nonce"))
	}
	return p.identity(ctx, known, verified, tokens)
}

// claims are the claims of OpenID Connect Core section 5.1 that an account needs.
type claims struct {
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
	First    string `json:"given_name"`
	Last     string `json:"family_name"`
	Name     string `json:"name"`
}

// identity reads the claims of the id_token and, for those it lacks, of the userinfo endpoint (section 5.3).
func (p *Provider) identity(
	ctx context.Context, known *oidc.Provider, token *oidc.IDToken, tokens *oauth2.Token,
) (Identity, error) {
	var c claims
	if err := token.Claims(&c); err != nil {
		return Identity{}, ErrRefused.Because(fmt.Errorf("read the id_token: %w", err))
	}
	if c.Email == "" && known.UserInfoEndpoint() != "" {
		info, err := known.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
		if err != nil {
			return Identity{}, ErrRefused.Because(fmt.Errorf("ask for userinfo: %w", err))
		}
		if info.Subject != token.Subject { // section 5.3.2
			return Identity{}, ErrRefused.Because(fmt.Errorf("userinfo is about somebody else"))
		}
		if err := info.Claims(&c); err != nil {
			return Identity{}, ErrRefused.Because(fmt.Errorf("read userinfo: %w", err))
		}
	}
	if c.Email == "" || !c.Verified {
		return Identity{}, ErrEmail
	}
	if c.First == "" {
		c.First = c.Name
	}
	return Identity{Issuer: token.Issuer, Subject: token.Subject, Email: c.Email, First: c.First, Last: c.Last}, nil
}

// discover reads the provider's configuration document; an error is retried at the next sign-in.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	// The provider fetches keys later with this context: it must not end with this request.
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.o.Client), p.o.Issuer)
	if err != nil {
		return nil, ErrAway.Because(fmt.Errorf("read the provider's document: %w", err))
	}
	p.known = known
	return known, nil
}

func (p *Provider) config(known *oidc.Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.o.ClientID, ClientSecret: p.o.ClientSecret, Endpoint: known.Endpoint(), RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}
