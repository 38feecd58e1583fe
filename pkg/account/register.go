package account

import (
	"context"
	"fmt"
)

// Terms are what a newcomer meets.
type Terms struct {
	Registration Registration
	MinPassword  int    // characters
	Consent      string // version to agree to; empty = none
	Letters      bool   // whether letters can be sent and the last one was taken
}

// Terms gives what a newcomer meets.
func (s *Service) Terms() Terms {
	return Terms{
		Registration: s.opts.Registration, MinPassword: s.opts.MinPassword, Consent: s.opts.Consent,
		Letters: s.opts.Mailer != nil && !s.down.Load(),
	}
}

// SignUpForm is somebody who registers.
type SignUpForm struct {
	Person
	Invite  string // the code of an invitation; may be empty where anybody may come
	Consent string // the version agreed to
}

// Register makes an account with a profile. It gives ErrClosed or ErrInvite when the way in is shut, a *Refusal with every
// field that does not do, or ErrEmailTaken. Nobody registers before there is an owner.
func (s *Service) Register(ctx context.Context, n SignUpForm) (Account, error) {
	invite, err := s.invitationFor(ctx, n.Invite)
	if err != nil {
		return Account{}, err
	}
	a, found := s.check(n.Person)
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
	hash, profile, err := s.prepare(ctx, n.Person, a)
	if err != nil {
		return Account{}, err
	}
	key := ""
	if n.Invite != "" {
		key = hashCode(n.Invite)
	}
	if err := s.opts.Store.Add(ctx, a, profile, hash, key); err != nil {
		return Account{}, fmt.Errorf("keep an account: %w", err)
	}
	return a, nil
}

// invitationFor gives the invitation of a code, or that of a stranger where anybody may come.
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

// CheckPassword says whether a password would do, or why not as ErrPassword. email may be empty.
func (s *Service) CheckPassword(password, email string) error {
	return s.passwordPolicy(password, NormaliseEmail(email), "")
}
