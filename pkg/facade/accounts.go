package facade

import (
	"context"
	"errors"

	"movify/library/scan"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
)

// accountFacade implements the API's account operations with account, auth and scan.
type accountFacade struct {
	accounts *account.Service
	auth     *auth.Service
	scan     *scan.Service
	review   func(context.Context) error // ends playbacks of titles that their viewers may no longer see
}

var _ api.Accounts = (*accountFacade)(nil)

// SetupNeeded reports whether no account exists yet.
func (p *accountFacade) SetupNeeded(ctx context.Context) (bool, error) {
	return p.accounts.SetupNeeded(ctx)
}

// Setup makes the first account, adds its folders and signs it in. The folders are checked before the account is made, so that
// the setup can be repeated after a mistake in one.
func (p *accountFacade) Setup(ctx context.Context, s api.Setup, c api.Client) (api.Grant, error) {
	for _, folder := range s.Folders {
		if _, err := scan.Browse(ctx, folder); err != nil {
			return api.Grant{}, err
		}
	}
	first, last := account.SplitName(s.Name)
	a, _, err := p.accounts.Setup(ctx, account.NewAccount{Email: s.Email, FirstName: first, LastName: last,
		Password: s.Password})
	if err != nil {
		return api.Grant{}, err
	}
	for _, folder := range s.Folders {
		if err := p.addFolder(ctx, folder); err != nil {
			return api.Grant{}, err
		}
	}
	g, err := p.auth.Begin(ctx, a.ID, device(c), true)
	return grant(g), err
}

// addFolder adds a folder unless it is watched already, itself or as part of another.
func (p *accountFacade) addFolder(ctx context.Context, folder string) error {
	_, err := p.scan.AddRoot(ctx, folder)
	if errors.Is(err, library.ErrRootExists) || errors.Is(err, library.ErrRootOverlaps) {
		return nil
	}
	return err
}

// SignIn checks a password.
func (p *accountFacade) SignIn(ctx context.Context, s api.SignIn, c api.Client) (api.Grant, error) {
	g, err := p.auth.SignIn(ctx, s.Email, s.Password, device(c), s.Remember)
	return grant(g), err
}

// Refresh exchanges a refresh token for new tokens.
func (p *accountFacade) Refresh(ctx context.Context, token string, c api.Client) (api.Grant, error) {
	g, err := p.auth.Refresh(ctx, token, device(c))
	return grant(g), err
}

// SignOut ends a sign-in.
func (p *accountFacade) SignOut(ctx context.Context, who api.Principal) error {
	return p.auth.SignOut(ctx, who.SignIn)
}

// Authenticate gives the principal of an access token.
func (p *accountFacade) Authenticate(ctx context.Context, token string) (api.Principal, error) {
	x, err := p.auth.Authenticate(ctx, token)
	if err != nil {
		return api.Principal{}, err
	}
	return p.watching(ctx, principal(x))
}

// Who describes a principal.
func (p *accountFacade) Who(ctx context.Context, who api.Principal) (api.Account, api.Profile, error) {
	a, err := p.accounts.Account(ctx, who.Account)
	if err != nil {
		return api.Account{}, api.Profile{}, err
	}
	x, err := p.accounts.Profile(ctx, who.Profile)
	return shownAccount(a), profileOf(x), err
}

func device(c api.Client) auth.Device { return auth.Device{Address: c.Address, Agent: c.Agent} }

func principal(p auth.Principal) api.Principal {
	out := api.Principal{Account: p.Account, Profile: p.Profile, SignIn: p.SignIn,
		Admin: account.Role(p.Role).Administers()}
	for _, x := range p.Scopes {
		out.Scopes = append(out.Scopes, string(x))
	}
	return out
}

func grant(g auth.Grant) api.Grant {
	return api.Grant{
		Principal: principal(g.Principal), Access: g.Access, AccessExpires: g.AccessExpires,
		Refresh: g.Refresh, RefreshExpires: g.RefreshExpires, Remember: g.Remember,
	}
}
