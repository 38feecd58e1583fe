package account

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

// SetPassword gives an account a new password and ends its sign-ins, all but keep, which may be empty. The present one was
// asked for by the caller, or need not be known.
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

// hash gives the hash of a password that does for an account, or a *Refusal of the field it stands in.
func (s *Service) hash(ctx context.Context, a Account, field, password string) (string, error) {
	if err := s.passwordPolicy(password, a.Email, a.Name()); err != nil {
		return "", invalidField(field, err)
	}
	hash, err := s.opts.Hasher.Hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// AskReset has a letter sent with a link to choose a new password, if the address has an account. It does the same work
// and gives the same answer whether it has or not: looking is left to Run.
func (s *Service) AskReset(ctx context.Context, email string) {
	if s.opts.Mailer != nil {
		s.enqueueMail(ctx, mailJob{reset: NormaliseEmail(email)})
	}
}

// sendReset is the part of AskReset that Run does.
func (s *Service) sendReset(ctx context.Context, email string) error {
	a, err := s.opts.Store.AccountByEmail(ctx, email)
	if err != nil {
		return err
	}
	if !a.Disabled.IsZero() {
		return ErrNoAccount
	}
	code, c := s.newCode(ToReset, a.ID, "")
	ok, err := s.opts.Store.AddCode(ctx, c, maxOpenCodes)
	if err != nil {
		return fmt.Errorf("keep a code: %w", err)
	}
	if ok {
		s.write(ctx, aboutReset, a.Language, facts{to: a.Email, name: a.FirstName, link: s.opts.Public + ResetPath(code)})
	}
	return nil
}

// ResetCode gives a code with which whoever holds it chooses a new password for an account, and until when. It is for an
// administrator to hand over; by must be one who may look after the account.
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

// Reset gives the account of a code a new password, ends its sign-ins, and tells which it is. It gives ErrReset for a code that is not valid,
// and leaves the code valid when the password does not do.
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
	// Using the code first: of two who hold it one must be told that it is not valid any more.
	if _, err := s.opts.Store.UseCode(ctx, ToReset, key, s.opts.Clock(), func(*Account, Code) error { return nil }); err != nil {
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

// ChangeEmail gives an account another address: at once, and done is true, when no letters are sent here; else when the
// link in the letter to the new address is followed. Whether somebody else has the address shows only then.
func (s *Service) ChangeEmail(ctx context.Context, x id.Account, email string) (a Account, done bool, err error) {
	email, err = checkEmail(email)
	if err != nil {
		return Account{}, false, invalidField("email", err)
	}
	if s.opts.Mailer == nil {
		a, err = s.opts.Store.ChangeAccount(ctx, x, func(a *Account) error {
			a.Email = email
			return nil
		})
		return a, err == nil, err
	}
	if a, err = s.opts.Store.Account(ctx, x); err != nil {
		return Account{}, false, err
	}
	code, c := s.newCode(ToReceive, x, email)
	ok, err := s.opts.Store.AddCode(ctx, c, maxOpenCodes)
	if err != nil {
		return Account{}, false, fmt.Errorf("keep a code: %w", err)
	}
	if !ok {
		return Account{}, false, ErrTooManyCodes
	}
	s.write(ctx, aboutAddress, a.Language, facts{to: email, name: a.FirstName, link: s.opts.Public + addressPath(code)})
	return a, false, nil
}

// ConfirmEmail gives the account of a code the address that the code was sent to, or ErrReset, and tells which it is. The
// old address is told.
func (s *Service) ConfirmEmail(ctx context.Context, code string) (id.Account, error) {
	var old string
	a, err := s.opts.Store.UseCode(ctx, ToReceive, hashCode(code), s.opts.Clock(), func(a *Account, c Code) error {
		if !a.Disabled.IsZero() {
			return ErrReset
		}
		old, a.Email = a.Email, c.Email
		return nil
	})
	if err != nil {
		return "", err
	}
	s.write(ctx, aboutMoved, a.Language, facts{to: old, name: a.FirstName, email: a.Email})
	return a.ID, nil
}

// newCode makes a code and what is kept of it.
func (s *Service) newCode(p Purpose, a id.Account, email string) (string, Code) {
	code, now := newCode(), s.opts.Clock()
	return code, Code{Hash: hashCode(code), Purpose: p, Account: a, Email: email, Created: now, Expires: now.Add(codeLife)}
}
