package auth

import (
	"context"
	"errors"
	"fmt"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// ErrPassword is the fault of a wrong password of somebody who is signed in: the sign-in goes on.
var ErrPassword = fault.New(fault.Forbidden, "password_wrong", "That is not your password.")

// Prove checks the password of an account that is signed in, before something that a borrowed browser must not do. A wrong
// one gives ErrPassword, too many of them a TooMany: they are counted apart from sign-ins, so that nobody is locked out of
// their account by a guest at their screen.
func (s *Service) Prove(ctx context.Context, a id.Account, password string, d Device) error {
	now, subject := s.opts.Clock(), "prove "+string(a)
	if err := s.admit(ctx, subject, d.Address, now); err != nil {
		return err
	}
	c, known, err := s.opts.Store.CredentialOf(ctx, a)
	if err != nil {
		return fmt.Errorf("read a credential: %w", err)
	}
	if !known || c.Hash == "" {
		return ErrPassword
	}
	good, err := s.opts.Hasher.Verify(ctx, password, c.Hash)
	if err != nil {
		return fmt.Errorf("check a password: %w", err)
	}
	if !good {
		return errors.Join(ErrPassword, s.blame(ctx, d.Address, now))
	}
	return s.forgive(ctx, subject, d.Address)
}

// Spend counts one use of something that costs nothing once and much a thousand times, such as asking for a letter. After
// free uses from one address about one subject, which may be empty, each next one has to wait longer, as a TooMany says;
// an hour without any clears the count.
func (s *Service) Spend(ctx context.Context, what, subject, address string, free int) error {
	now := s.opts.Clock()
	return s.opts.Store.ChangeAttempts(ctx, throttleKey("spend "+what, subject, household(address)), func(a *Attempts) error {
		if err := a.blocked(now); err != nil {
			return err
		}
		a.fail(now, free)
		return nil
	})
}
