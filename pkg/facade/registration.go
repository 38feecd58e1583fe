package facade

import (
	"context"
	"errors"

	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
)

// Uses per address and hour before rate limiting begins. A family shares an address.
const (
	freeRegistrations = 20
	freeLetters       = 5 // to one mailbox
	freeAsking        = 30
	freeCodes         = 30
	freePasswords     = 300 // one request for each typed character
)

var _ api.Registrations = (*accountFacade)(nil)

// Terms gives the conditions for a new account.
func (p *accountFacade) Terms() api.Terms {
	t := p.accounts.Terms()
	return api.Terms{Registration: string(t.Registration), MinPassword: t.MinPassword, Consent: t.Consent, Mail: t.Letters}
}

// Register makes an account and signs it in, or has a letter sent to its address.
func (p *accountFacade) Register(ctx context.Context, r api.Register, c api.Client) (api.Grant, bool, error) {
	if err := p.auth.LimitUse(ctx, "register", "", c.Address, freeRegistrations); err != nil {
		return api.Grant{}, false, err
	}
	if err := p.limitLetters(ctx, r.Email, c); err != nil {
		return api.Grant{}, false, err
	}
	a, done, err := p.accounts.Register(ctx, account.SignUpForm{
		NewAccount: account.NewAccount{
			Email: r.Email, FirstName: r.FirstName, LastName: r.LastName, Password: r.Password, Language: r.Language,
		},
		Invite: r.Invite, Consent: r.Consent,
	})
	if err != nil || !done {
		return api.Grant{}, false, err
	}
	g, err := p.auth.Begin(ctx, a.ID, device(c), true)
	return grant(g), true, err
}

// FinishRegistration makes the account of a letter's code and signs it in.
func (p *accountFacade) FinishRegistration(
	ctx context.Context, code, password string, c api.Client,
) (api.Grant, error) {
	if err := p.auth.LimitUse(ctx, "code", "", c.Address, freeCodes); err != nil {
		return api.Grant{}, err
	}
	a, err := p.accounts.FinishRegistration(ctx, code, password)
	if err != nil {
		return api.Grant{}, err
	}
	g, err := p.auth.Begin(ctx, a.ID, device(c), true)
	return grant(g), err
}

// limitLetters is a rate limit on letters to one mailbox that a network asks for.
func (p *accountFacade) limitLetters(ctx context.Context, email string, c api.Client) error {
	return p.auth.LimitUse(ctx, "letter", account.NormaliseEmail(email), c.Address, freeLetters)
}

// Invited checks the code of an invitation.
func (p *accountFacade) Invited(ctx context.Context, code string) (api.InviteCheck, error) {
	i, err := p.accounts.InviteOf(ctx, code)
	if errors.Is(err, account.ErrInvite) {
		return api.InviteCheck{}, nil
	}
	return api.InviteCheck{Valid: err == nil, Email: i.Email}, err
}

// CheckPassword checks a password against the policy.
func (p *accountFacade) CheckPassword(ctx context.Context, password, email string, c api.Client) error {
	if err := p.auth.LimitUse(ctx, "strength", "", c.Address, freePasswords); err != nil {
		return err
	}
	return p.accounts.CheckPassword(password, email)
}

// AskReset sends a letter if the address has an account.
func (p *accountFacade) AskReset(ctx context.Context, email string, c api.Client) error {
	if err := p.auth.LimitUse(ctx, "ask", "", c.Address, freeAsking); err != nil {
		return err
	}
	if err := p.limitLetters(ctx, email, c); err != nil {
		return err
	}
	p.accounts.AskReset(ctx, email)
	return nil
}

// Reset gives the account of a letter's code a new password.
func (p *accountFacade) Reset(ctx context.Context, code, password string, c api.Client) error {
	if err := p.auth.LimitUse(ctx, "code", "", c.Address, freeCodes); err != nil {
		return err
	}
	a, err := p.accounts.Reset(ctx, code, password)
	if err == nil {
		p.auth.Note(ctx, auth.Event{Kind: auth.PasswordChanged, Account: a, Address: c.Address, Detail: "by a link"})
	}
	return err
}

// ConfirmEmail gives the account of a letter's code its new address.
func (p *accountFacade) ConfirmEmail(ctx context.Context, code string, c api.Client) error {
	if err := p.auth.LimitUse(ctx, "code", "", c.Address, freeCodes); err != nil {
		return err
	}
	a, err := p.accounts.ConfirmEmail(ctx, code)
	if err == nil {
		p.auth.Note(ctx, auth.Event{Kind: auth.EmailChanged, Account: a, Address: c.Address})
	}
	return err
}
