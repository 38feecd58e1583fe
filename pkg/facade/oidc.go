package facade

import (
	"context"
	"errors"

	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/auth/oidc"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of signing in with OpenID Connect.
var (
	ErrNoProvider    = fault.New(fault.NotFound, "oidc_not_found", "There is no such sign-in service.")
	ErrNoOIDCAccount = fault.New(fault.Forbidden, "oidc_no_account",
		"You have no account on this server. Please ask its administrator.")
	ErrOIDCPassword = fault.New(fault.Forbidden, "oidc_password",
		"There is an account with your address that was never confirmed. Sign in with its password once to connect both.")
)

// oidcFacade implements api.OIDC; provider is nil when none is configured.
type oidcFacade struct {
	provider *oidc.Provider
	accounts *account.Service
	auth     *auth.Service
}

var _ api.OIDC = (*oidcFacade)(nil)

// Providers lists the providers.
func (e *oidcFacade) Providers() []api.Provider {
	if e.provider == nil {
		return []api.Provider{}
	}
	return []api.Provider{{ID: e.provider.ID(), Name: e.provider.Name()}}
}

// StartSignIn gives the authorization URL of a provider.
func (e *oidcFacade) StartSignIn(ctx context.Context, provider, back string) (string, api.LoginState, error) {
	if e.provider == nil || provider != e.provider.ID() {
		return "", api.LoginState{}, ErrNoProvider
	}
	to, a, err := e.provider.Begin(ctx, back)
	return to, api.LoginState(a), err
}

// FinishSignIn signs in the account that the identity is linked to; else the one with its verified address, which is linked
// from then on; else a new account, when the configuration permits it. An account whose address was never proven may have
// been made by somebody else in advance: it gives an api.LinkFirst.
func (e *oidcFacade) FinishSignIn(
	ctx context.Context, provider, back, code, state string, kept api.LoginState, c api.Client,
) (api.Grant, error) {
	if e.provider == nil || provider != e.provider.ID() {
		return api.Grant{}, ErrNoProvider
	}
	who, err := e.provider.Finish(ctx, back, code, state, oidc.LoginState(kept))
	if err != nil {
		return api.Grant{}, err
	}
	known, ok, err := e.auth.AccountOfIdentity(ctx, who.Issuer, who.Subject)
	if err != nil {
		return api.Grant{}, err
	}
	if !ok {
		known, err = e.account(ctx, who)
		if errors.Is(err, ErrOIDCPassword) {
			token, tokenErr := e.auth.LinkToken(who.Issuer, who.Subject, who.Email)
			return api.Grant{}, errors.Join(tokenErr, api.LinkFirst{Reason: ErrOIDCPassword, Token: token})
		}
		if err != nil {
			return api.Grant{}, err
		}
		if err := e.auth.LinkIdentity(ctx, who.Issuer, who.Subject, known, device(c)); err != nil {
			return api.Grant{}, err
		}
	}
	g, err := e.auth.Begin(ctx, known, device(c), true)
	if err == nil {
		e.auth.Note(ctx, auth.Event{Kind: auth.SignedIn, Account: known, Address: c.Address, Detail: e.provider.Name()})
	}
	return grant(g), err
}

// account finds or makes the account of a new identity.
func (e *oidcFacade) account(ctx context.Context, who oidc.Identity) (id.Account, error) {
	a, err := e.accounts.AccountByEmail(ctx, who.Email)
	switch {
	case err == nil && a.EmailProven.IsZero():
		return "", ErrOIDCPassword
	case err == nil:
		return a.ID, nil
	}
	if !errors.Is(err, account.ErrNoAccount) {
		return "", err
	}
	needed, err := e.accounts.SetupNeeded(ctx)
	if err != nil {
		return "", err
	}
	if needed || !e.provider.Creates() {
		return "", ErrNoOIDCAccount
	}
	a, err = e.accounts.AddFromIdentity(ctx, account.NewAccount{
		Email: who.Email, FirstName: who.First, LastName: who.Last,
	})
	return a.ID, err
}

// Link links the identity of a link token to the account that signed in with its password.
func (e *oidcFacade) Link(ctx context.Context, token string, who api.Principal, c api.Client) error {
	a, err := e.accounts.Account(ctx, who.Account)
	if err != nil {
		return err
	}
	err = e.auth.LinkByToken(ctx, token, a.ID, a.Email, device(c))
	if errors.Is(err, auth.ErrExpired) {
		return nil // it took too long: the next sign-in at the provider asks again
	}
	return err
}
