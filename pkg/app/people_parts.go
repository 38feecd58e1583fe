package app

import (
	"fmt"
	"log/slog"
	"strings"

	"movify/pkg/account"
	"movify/pkg/account/mail"
	"movify/pkg/auth"
	"movify/pkg/config"
	"movify/pkg/store"
)

// newAccounts builds the accounts as the configuration wants them.
func newAccounts(c config.Config, db *store.DB, hasher *auth.Hasher, in account.SignIns, logger *slog.Logger) (*account.Service, error) {
	o := account.Options{
		Store: db.Accounts(), Hasher: hasher, SignIns: in, Registration: account.Registration(c.Accounts.Registration),
		MinPassword: c.Accounts.MinPassword, Consent: c.Accounts.ConsentVersion, Public: strings.TrimSuffix(c.Server.PublicURL, "/"),
		Logger: logger,
	}
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
		Host: c.Host, Port: c.Port, Security: mail.Security(c.Security), Username: c.Username, Password: c.Password.Reveal(), From: c.From})
	if err != nil {
		return nil, fmt.Errorf("read the mail settings: %w", err)
	}
	return s, nil
}
