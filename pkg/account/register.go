package account

import (
	"context"
	"fmt"
)

// Terms are the conditions for a new account.
type Terms struct {
	Registration Registration
	MinPassword  int    // characters
	Consent      string // version to agree to; empty = none
	Letters      bool   // whether letters can be sent and the last one was taken
}

// Terms gives the conditions for a new account.
func (s *Service) Terms() Terms {
	return Terms{
		Registration: s.opts.Registration, MinPassword: s.opts.MinPassword, Consent: s.opts.Consent,
		Letters: s.opts.Mailer != nil && !s.down.Load(),
	}
}

// SignUpForm is the data of a registration.
type SignUpForm struct {
	NewAccount
	Invite  string // the code of an invitation; may be empty when registration is open
	Consent string // the version agreed to
}

// Register makes an account with a profile. It gives ErrClosed or ErrInvite when the policy does not permit it, a
// *ValidationError with every invalid field, or ErrEmailTaken. Registration is closed until there is an owner. An address
// that no invitation came to gets a letter to confirm it.
func (s *Service) Register(ctx context.Context, n SignUpForm) (Account, error) {
	invite, err := s.invitationFor(ctx, n.Invite)
	if err != nil {
		return Account{}, err
	}
	a, found := s.check(n.NewAccount)
	if n.LastName == "" {
		found.add("lastName", ErrName)
	}
	if s.opts.Consent != "" && n.Consent != s.opts.Consent {
		found.add("consent", ErrConsent)
	}
	if invite.Email != "" && a.Email != "" && a.Email != invite.Email {
		found.add("email", ErrEmail.Saying("This invitation is for another e-mail address."))
	}
	if err := found.orNil(); err != nil {
		return Account{}, err
	}
	a.Role = invite.Role
	if s.opts.Consent != "" {
		a.Consent = Consent{Version: n.Consent, At: a.Created}
	}
	hash, profile, err := s.prepare(ctx, n.NewAccount, a)
	if err != nil {
		return Account{}, err
	}
	key := ""
	if n.Invite != "" {
		key = hashCode(n.Invite)
	}
	if invite.Email != "" && s.opts.Mailer != nil {
		a.EmailProven = a.Created // the invitation came to that address
	}
	if err := s.opts.Store.Add(ctx, a, profile, hash, key); err != nil {
		return Account{}, fmt.Errorf("keep an account: %w", err)
	}
	if s.opts.Mailer != nil && a.EmailProven.IsZero() {
		if err := s.askToConfirm(ctx, a, a.Email); err != nil { // the account page asks for another one
			s.log.Warn("the letter to confirm an address could not be written", "account", a.ID, "error", err)
		}
	}
	return a, nil
}

// invitationFor gives the invitation of a code, or one for a member when registration is open.
func (s *Service) invitationFor(ctx context.Context, code string) (Invite, error) {
	if s.opts.Registration == Closed {
		return Invite{}, ErrClosed
	}
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return Invite{}, err
	}
	if needed {
		return Invite{}, ErrClosed.Saying("This server is not set up yet.")
	}
	if code != "" {
		return s.opts.Store.InviteOf(ctx, hashCode(code), s.opts.Clock())
	}
	if s.opts.Registration != Open {
		return Invite{}, ErrInvite.Saying("You need an invitation to make an account here.")
	}
	return Invite{Role: Member}, nil
}

// CheckPassword gives ErrPassword with the reason when a password does not satisfy the policy. email may be empty.
func (s *Service) CheckPassword(password, email string) error {
	return s.passwordPolicy(password, NormaliseEmail(email), "")
}
