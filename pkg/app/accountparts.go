package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"movify/pkg/account"
	"movify/pkg/account/mail"
	"movify/pkg/auth"
	"movify/pkg/auth/oidc"
	"movify/pkg/config"
	"movify/pkg/id"
)

// newAccounts builds the account service from the configuration.
func newAccounts(c config.Config, o account.Options) (*account.Service, error) {
	o.Registration, o.MinPassword = account.Registration(c.Accounts.Registration), c.Accounts.MinPassword
	o.Consent, o.Public = c.Accounts.ConsentVersion, strings.TrimSuffix(c.Server.PublicURL, "/")
	server, err := newMail(c.Mail)
	if err != nil {
		return nil, err
	}
	if server != nil {
		o.Mailer = server
	}
	return account.New(o), nil
}

// newMail gives the configured mail server, or nil without one.
func newMail(c config.Mail) (*mail.Server, error) {
	if c.Host == "" {
		return nil, nil
	}
	s, err := mail.New(mail.Options{
		Host: c.Host, Port: c.Port, Security: mail.Security(c.Security), Username: c.Username, Password: string(c.Password),
		From: c.From})
	if err != nil {
		return nil, fmt.Errorf("read the mail settings: %w", err)
	}
	return s, nil
}

// streamLimits implements player's port for the stream limit of an account.
type streamLimits struct{ accounts account.Store }

// Streams gives the stream limit of an account.
func (l streamLimits) Streams(ctx context.Context, x id.Account) (int, error) {
	a, err := l.accounts.Account(ctx, x)
	return a.Streams, err
}

// newProvider gives the configured provider, or nil without one.
func newProvider(c config.OIDC) *oidc.Provider {
	if c.Issuer == "" {
		return nil
	}
	return oidc.New(oidc.Options{
		ID: "oidc", Name: c.Name, Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: string(c.ClientSecret),
		Create: c.Create,
	})
}

// signInEnder implements account.SignIns with auth.
type signInEnder struct {
	auth *auth.Service
	// flush stores pending progress; it must run before the account is deleted.
	flush func(ctx context.Context) error
}

// SignOutAll ends every sign-in of an account.
func (e signInEnder) SignOutAll(ctx context.Context, a id.Account) error {
	return errors.Join(e.auth.SignOutAll(ctx, a), e.flush(ctx))
}

// SignOutOthers ends every sign-in of an account except one, and its API keys.
func (e signInEnder) SignOutOthers(ctx context.Context, a id.Account, keep id.SignIn) error {
	return errors.Join(e.auth.SignOutEverywhere(ctx, a, keep), e.flush(ctx))
}
