package app

import (
	"context"
	"fmt"
	"strings"

	"movify/pkg/account"
	"movify/pkg/account/mail"
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
