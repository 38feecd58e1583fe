package account

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

// SetPassword gives an account a new password and ends its API keys and its sign-ins except keep, which may be empty. Checking the current
// password is up to the caller.
func (s *Service) SetPassword(ctx context.Context, x id.Account, password string, keep id.SignIn) error {
	a, err := s.opts.Store.Account(ctx, x)
	if err != nil {
		return err
	}
	hash, err := s.hash(ctx, a, "next", password)
	if err != nil {
		return err
	}
	if err := s.opts.Store.SetHash(ctx, x, hash); err != nil {
		return fmt.Errorf("keep a password: %w", err)
	}
	if err := s.endSignIns(ctx, x, keep); err != nil {
		return err
	}
	s.write(ctx, aboutPassword, a.Language, facts{to: a.Email, name: a.FirstName})
	return nil
}

// hash gives the hash of a password that satisfies the policy, or a *ValidationError of field.
func (s *Service) hash(ctx context.Context, a Account, field, password string) (string, error) {
	if err := s.passwordPolicy(password, a.Email, a.Name()); err != nil {
		return "", invalidField(field, err)
	}
	hash, err := s.opts.Hasher.Hash(ctx, string(a.ID), password)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// AskReset queues a letter with a link to choose a new password, if the address has an account. The lookup is left to Run, so
// that neither result nor response time tells whether the account exists.
func (s *Service) AskReset(ctx context.Context, email string) {
	if s.opts.Mailer != nil {
		s.enqueueMail(ctx, mailJob{reset: NormaliseEmail(email)})
	}
}

// sendReset is the part of AskReset that Run executes.
func (s *Service) sendReset(ctx context.Context, email string) error {
	a, err := s.opts.Store.AccountByEmail(ctx, email)
	if err != nil {
		return err
	}
	return s.sendResetLink(ctx, aboutReset, a)
}

// sendResetLink writes a letter with a link to choose a new password, or gives ErrNoAccount for a disabled account.
func (s *Service) sendResetLink(ctx context.Context, about subject, a Account) error {
	if !a.Disabled.IsZero() {
		return ErrNoAccount
	}
	code, c := s.newCode(ToReset, a.ID, a.Email) // so its use proves the address
	ok, err := s.opts.Store.AddCode(ctx, c, maxOpenCodes)
	if err != nil {
		return fmt.Errorf("keep a code: %w", err)
	}
	if ok {
		s.write(ctx, about, a.Language, facts{to: a.Email, name: a.FirstName, link: s.opts.Public + ResetPath(code),
			signIn: s.opts.Public + signInPath})
	}
	return nil
}

// ResetCode gives a code that permits to choose a new password for an account, and its expiry. An administrator hands it to
// the account's owner; by must have the right to manage the account.
func (s *Service) ResetCode(ctx context.Context, by, x id.Account) (code string, expires time.Time, err error) {
	a, err := s.opts.Store.Account(ctx, x)
	if err != nil {
		return "", time.Time{}, err
	}
	actor, err := s.authorizeManaging(ctx, by, a)
	switch {
	case err != nil:
		return "", time.Time{}, err
	case actor.ID == x:
		return "", time.Time{}, ErrOwnAccount.Saying("That is your own account. Change the password on your account page.")
	}
	code, c := s.newCode(ToReset, x, "")
	ok, err := s.opts.Store.AddCode(ctx, c, 10*maxOpenCodes)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("keep a code: %w", err)
	}
	if !ok {
		return "", time.Time{}, ErrTooManyCodes
	}
	return code, c.Expires, nil
}

// Reset gives the account of a code a new password, ends its sign-ins and returns its ID. It gives ErrReset for a code that is
// not valid, and leaves the code valid when the password does not satisfy the policy.
func (s *Service) Reset(ctx context.Context, code, password string) (id.Account, error) {
	key := hashCode(code)
	c, err := s.opts.Store.CodeOf(ctx, ToReset, key, s.opts.Clock())
	if err != nil {
		return "", err
	}
	a, err := s.opts.Store.Account(ctx, c.Account)
	if err != nil {
		return "", ErrReset.Because(err)
	}
	if !a.Disabled.IsZero() {
		return "", ErrReset
	}
	hash, err := s.hash(ctx, a, "password", password)
	if err != nil {
		return "", err
	}
	// The code is used first: of two concurrent calls with it one must fail.
	now := s.opts.Clock()
	prove := func(a *Account, c Code) error {
		if c.Email == a.Email {
			a.EmailProven = now
		}
		return nil
	}
	if _, err := s.opts.Store.UseCode(ctx, ToReset, key, now, prove); err != nil {
		return "", err
	}
	if err := s.opts.Store.SetHash(ctx, a.ID, hash); err != nil {
		return "", fmt.Errorf("keep a password: %w", err)
	}
	if err := s.endSignIns(ctx, a.ID, ""); err != nil {
		return "", err
	}
	s.write(ctx, aboutPassword, a.Language, facts{to: a.Email, name: a.FirstName})
	return a.ID, nil
}

// ChangeEmail changes the address of an account. Without a mail server it does so at once and done is true; else it sends a
// confirmation link to the new address. Only following the link reveals whether another account has the address.
func (s *Service) ChangeEmail(ctx context.Context, x id.Account, email string) (a Account, done bool, err error) {
	email, err = checkEmail(email)
	if err != nil {
		return Account{}, false, invalidField("email", err)
	}
	if s.opts.Mailer == nil {
		a, err = s.opts.Store.ChangeAccount(ctx, x, func(a *Account) error {
			if a.Email != email {
				a.Email, a.EmailProven = email, time.Time{}
			}
			return nil
		})
		return a, err == nil, err
	}
	if a, err = s.opts.Store.Account(ctx, x); err != nil {
		return Account{}, false, err
	}
	return a, false, s.askToConfirm(ctx, a, email)
}

// askToConfirm sends a letter with a link that gives an account an address and proves it.
func (s *Service) askToConfirm(ctx context.Context, a Account, email string) error {
	code, c := s.newCode(ToReceive, a.ID, email)
	ok, err := s.opts.Store.AddCode(ctx, c, maxOpenCodes)
	if err != nil {
		return fmt.Errorf("keep a code: %w", err)
	}
	if !ok {
		return ErrTooManyCodes
	}
	s.write(ctx, aboutAddress, a.Language, facts{to: email, name: a.FirstName, link: s.opts.Public + addressPath(code)})
	return nil
}

// ConfirmEmail gives the account of a code the address that the code was sent to, which is proven by that, and returns its
// ID, or gives ErrReset. Another address that it had before gets a letter about it.
func (s *Service) ConfirmEmail(ctx context.Context, code string) (id.Account, error) {
	var old string
	now := s.opts.Clock()
	a, err := s.opts.Store.UseCode(ctx, ToReceive, hashCode(code), now, func(a *Account, c Code) error {
		if !a.Disabled.IsZero() {
			return ErrReset
		}
		old, a.Email, a.EmailProven = a.Email, c.Email, now
		return nil
	})
	if err != nil || old == a.Email {
		return a.ID, err
	}
	s.write(ctx, aboutMoved, a.Language, facts{to: old, name: a.FirstName, email: a.Email})
	return a.ID, nil
}

// newCode makes a code and the Code to store.
func (s *Service) newCode(p Purpose, a id.Account, email string) (string, Code) {
	code, now := newCode(), s.opts.Clock()
	return code, Code{Hash: hashCode(code), Purpose: p, Account: a, Email: email, Created: now, Expires: now.Add(codeLife)}
}
