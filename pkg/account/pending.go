package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"movify/pkg/id"
)

// PendingRegistration is a registration whose letter was not answered yet. It is no account and holds no address: there may
// be several of one address, and each letter's code makes an account of its own data.
type PendingRegistration struct {
	Code      string // hex SHA-256 of the code in the letter
	Email     string // in the form of NormaliseEmail
	FirstName string
	LastName  string
	Language  string
	Password  string // hash
	Invite    string // hash of the code of an invitation that was handed on; "" = registration was open
	Consent   Consent
	Created   time.Time
	Expires   time.Time
}

// sendRegistration is the part of Register that Run executes: it sends a link to finish the registration, or, if the address
// has an account, a letter that says so. A disabled account gives ErrNoAccount and gets no letter.
func (s *Service) sendRegistration(ctx context.Context, r PendingRegistration) error {
	a, err := s.opts.Store.AccountByEmail(ctx, r.Email)
	if err == nil {
		return s.sendResetLink(ctx, aboutTaken, a)
	}
	if !errors.Is(err, ErrNoAccount) {
		return err
	}
	code := newCode()
	r.Code, r.Created = hashCode(code), s.opts.Clock()
	r.Expires = r.Created.Add(codeLife)
	ok, err := s.opts.Store.AddRegistration(ctx, r, maxOpenCodes)
	if err != nil {
		return fmt.Errorf("keep a registration: %w", err)
	}
	if ok {
		s.write(ctx, aboutFinish, r.Language, facts{to: r.Email, link: s.opts.Public + registrationPath(code)})
	}
	return nil
}

// FinishRegistration makes the account of a registration whose letter had a code. The password must be the one of the
// registration, or it gives ErrWrongPassword and the code stays valid: the reader of a mailbox who follows the link of a
// registration by a stranger would otherwise get an account whose password the stranger knows. It gives ErrRegistration for
// a code that is not valid, ErrClosed or ErrInvite when the policy does not permit the account any more, or ErrEmailTaken,
// which uses the code up.
func (s *Service) FinishRegistration(ctx context.Context, code, password string) (Account, error) {
	key := hashCode(code)
	r, err := s.opts.Store.RegistrationOf(ctx, key, s.opts.Clock())
	if err != nil {
		return Account{}, err
	}
	invite, err := s.invitationFor(ctx, r.Invite)
	if err != nil {
		return Account{}, err
	}
	switch right, err := s.opts.Hasher.Verify(ctx, fromRegistration, password, r.Password); {
	case err != nil:
		return Account{}, fmt.Errorf("check a password: %w", err)
	case !right:
		return Account{}, ErrWrongPassword
	}
	now := s.opts.Clock()
	a := newAccount(now)
	a.Email, a.FirstName, a.LastName, a.Language = r.Email, r.FirstName, r.LastName, r.Language
	a.Role, a.Consent, a.EmailProven = invite.Role, r.Consent, now
	if err := s.opts.Store.UseRegistration(ctx, key, a, firstProfile(a)); err != nil {
		return Account{}, fmt.Errorf("finish a registration: %w", err)
	}
	return a, nil
}

// newAccount is an account without a person.
func newAccount(now time.Time) Account {
	return Account{
		ID: id.New[id.Account](), Streams: DefaultStreams, ProfileLimit: DefaultProfiles, HasPassword: true, Created: now,
	}
}
