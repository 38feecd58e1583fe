package app

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/config"
	"movify/pkg/store"
)

// Operator manages accounts at the command line, beside a running server or without one. Sign-ins that it ends are refused
// by the running server within seconds.
type Operator struct {
	config   config.Config
	accounts *account.Service
	auth     *auth.Service
	closers  []io.Closer
}

// NewOperator opens the data folder. Close releases it.
func NewOperator(ctx context.Context, c config.Config, logger *slog.Logger) (o *Operator, err error) {
	o = &Operator{config: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.Close())
			o = nil
		}
	}()
	db, err := o.open(ctx, logger)
	if err != nil {
		return o, err
	}
	hasher := auth.NewHasher()
	o.auth, err = auth.New(ctx, auth.Options{Store: db.Auth(), Hasher: hasher, Logger: logger})
	if err != nil {
		return o, err
	}
	c.Mail = config.Mail{} // only a server sends letters; the operator hands over links
	o.accounts, err = newAccounts(c, account.Options{
		Store: db.Accounts(), Hasher: hasher, SignIns: signInEnder{o.auth, func(context.Context) error { return nil }},
		Logger: logger,
	})
	return o, err
}

// open opens the database: with the lock on the data folder, or as a guest beside the server that holds it.
func (o *Operator) open(ctx context.Context, logger *slog.Logger) (*store.DB, error) {
	lock, err := lockData(o.config.Data.Dir)
	beside := errors.Is(err, ErrInUse)
	switch {
	case err == nil:
		o.closers = append(o.closers, lock)
	case !beside:
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(o.config.Data.Dir, databaseName), Logger: logger,
		Guest: beside})
	if err != nil {
		return nil, err
	}
	o.closers = append(o.closers, db)
	return db, nil
}

// Close releases the data folder.
func (o *Operator) Close() error {
	var errs []error
	for i := len(o.closers) - 1; i >= 0; i-- {
		errs = append(errs, o.closers[i].Close())
	}
	o.closers = nil
	return errors.Join(errs...)
}

// Users lists every account, the oldest first.
func (o *Operator) Users(ctx context.Context) ([]account.UserSummary, error) {
	return o.accounts.Users(ctx)
}

// ResetPassword gives an account a new random password, ends its sign-ins, and returns the password.
func (o *Operator) ResetPassword(ctx context.Context, email string) (string, error) {
	a, err := o.accounts.AccountByEmail(ctx, email)
	if err != nil {
		return "", err
	}
	password := newPassword()
	if err := o.accounts.SetPassword(ctx, a.ID, password, ""); err != nil {
		return "", err
	}
	o.auth.Note(ctx, auth.Event{Kind: auth.PasswordChanged, Account: a.ID, Detail: "at the command line"})
	return password, nil
}

// ResetLink gives a link that permits to choose a new password for an account.
func (o *Operator) ResetLink(ctx context.Context, email, base string) (string, error) {
	a, err := o.accounts.AccountByEmail(ctx, email)
	if err != nil {
		return "", err
	}
	code, _, err := o.accounts.ResetCode(ctx, account.Operator, a.ID)
	return base + account.ResetPath(code), err
}

// Invite makes an invitation and gives its link.
func (o *Operator) Invite(ctx context.Context, w account.InviteRequest, base string) (string, error) {
	_, code, err := o.accounts.Invite(ctx, account.Operator, w)
	return base + account.JoinPath(code), err
}

// SetRights changes the rights of an account.
func (o *Operator) SetRights(ctx context.Context, email string, r account.Rights) (account.Account, error) {
	a, err := o.accounts.AccountByEmail(ctx, email)
	if err != nil {
		return account.Account{}, err
	}
	return o.accounts.SetRights(ctx, account.Operator, a.ID, r)
}

// newPassword is 20 characters that can be read aloud, in groups of five: 100 bits.
func newPassword() string {
	text := strings.ToLower(rand.Text())[:20]
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:]
}
