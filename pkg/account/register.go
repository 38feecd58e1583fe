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

// Register makes an account with a profile, and done is true; or it queues a letter to the address, and FinishRegistration
// makes the account. It gives ErrClosed or ErrInvite when the policy does not permit it, or a *ValidationError with every
// invalid field. Registration is closed until there is an owner.
//
// A letter is sent where there is a mail server and no invitation came to the address by letter. Then neither result nor
// response time tells whether the address has an account: the password is hashed for every address, and the address is
// looked up by Run. Without a letter an address with an account gives ErrEmailTaken.
func (s *Service) Register(ctx context.Context, n SignUpForm) (a Account, done bool, err error) {
	key := ""
	if n.Invite != "" {
		key = hashCode(n.Invite)
	}
	invite, err := s.invitationFor(ctx, key)
	if err != nil {
		return Account{}, false, err
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
		return Account{}, false, err
	}
	a.Role = invite.Role
	if s.opts.Consent != "" {
		a.Consent = Consent{Version: n.Consent, At: a.Created}
	}
	hash, profile, err := s.prepare(ctx, n.NewAccount, a)
	if err != nil {
		return Account{}, false, err
	}
	switch {
	case s.opts.Mailer == nil: // no letter could prove the address
	case invite.Email != "":
		a.EmailProven = a.Created // the invitation came to that address
	default:
		s.enqueueMail(ctx, mailJob{registration: PendingRegistration{
			Email: a.Email, FirstName: a.FirstName, LastName: a.LastName, Language: a.Language, Password: hash, Invite: key,
			Consent: a.Consent,
		}})
		return Account{}, false, nil
	}
	if err := s.opts.Store.Add(ctx, a, profile, hash, key); err != nil {
		return Account{}, false, fmt.Errorf("keep an account: %w", err)
	}
	return a, true, nil
}

// invitationFor gives the invitation of a code's hash, or one for a member when registration is open.
func (s *Service) invitationFor(ctx context.Context, hash string) (Invite, error) {
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
	if hash != "" {
		return s.opts.Store.InviteOf(ctx, hash, s.opts.Clock())
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
