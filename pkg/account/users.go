package account

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

// Operator is the actor at the command line: it has no account and every right.
const Operator id.Account = ""

// UserSummary is an account with the counts of the users page.
type UserSummary struct {
	Account  Account
	Reach    Reach
	Profiles int
	SignIns  int       // open ones
	Seen     time.Time // the last use of any sign-in that is still stored; zero without one
}

// Users lists every account, the oldest first.
func (s *Service) Users(ctx context.Context) ([]UserSummary, error) {
	return s.opts.Store.Rows(ctx, s.opts.Clock())
}

// Details are the fields of an account that its person may change; nil = unchanged.
type Details struct {
	FirstName, LastName, Language *string
}

// ChangeDetails changes names and language of an account. Its error is a *ValidationError with every invalid field.
func (s *Service) ChangeDetails(ctx context.Context, x id.Account, d Details) (Account, error) {
	return s.opts.Store.ChangeAccount(ctx, x, func(a *Account) error {
		var found ValidationError
		var err error
		if d.FirstName != nil {
			a.FirstName, err = checkName(*d.FirstName)
			found.add("firstName", err)
		}
		if d.LastName != nil {
			a.LastName, err = checkName(*d.LastName)
			found.add("lastName", err)
		}
		if d.Language != nil {
			a.Language, err = checkLanguage(*d.Language)
			found.add("language", err)
		}
		return found.orNil()
	})
}

// Rights are the fields of an account that an administrator may change; nil = unchanged.
type Rights struct {
	Role         *Role
	Disabled     *bool
	Streams      *int
	ProfileLimit *int
	Reach        ReachChange
}

// maxLimit is the largest number of streams or profiles.
const maxLimit = 50

// SetRights changes the rights of an account. The owner and the admins manage members, the owner manages admins; no account
// manages the owner. Only the owner makes admins. An account that is disabled or loses rights is signed out everywhere.
// Making another account the owner transfers ownership; only the owner and the operator can do that.
func (s *Service) SetRights(ctx context.Context, by, x id.Account, r Rights) (Account, error) {
	target, err := s.opts.Store.Account(ctx, x)
	if err != nil {
		return Account{}, err
	}
	actor, err := s.authorizeManaging(ctx, by, target)
	if err != nil {
		return Account{}, err
	}
	if err := r.check(actor, target); err != nil {
		return Account{}, err
	}
	now := s.opts.Clock()
	before := target
	target, err = s.opts.Store.ChangeAccount(ctx, x, func(a *Account) error {
		if a.Role != before.Role { // changed by another request: the check above may no longer hold
			return ErrRole.Saying("The account was changed by somebody else just now. Please try again.")
		}
		r.apply(a, now)
		return nil
	})
	if err != nil {
		return Account{}, err
	}
	if r.Role != nil && r.Role.Administers() {
		target.Role = *r.Role
	}
	if err := s.setReach(ctx, target, r.Reach); err != nil {
		return Account{}, err
	}
	if r.Role != nil && *r.Role == Owner && before.Role != Owner {
		if err := s.transferOwnership(ctx, x); err != nil {
			return Account{}, err
		}
		return s.opts.Store.Account(ctx, x)
	}
	lost := before.Role == Admin && target.Role == Member
	if !target.Disabled.IsZero() || lost {
		return target, s.endSignIns(ctx, x, "")
	}
	return target, nil
}

// check gives a fault unless actor may give target these rights.
func (r Rights) check(actor, target Account) error {
	for field, n := range map[string]*int{"streams": r.Streams, "profileLimit": r.ProfileLimit} {
		if n != nil && (*n < 1 || *n > maxLimit) {
			return invalidField(field, ErrLimits)
		}
	}
	role := target.Role
	if r.Role != nil {
		role = *r.Role
	}
	if err := r.Reach.check(role); err != nil {
		return err
	}
	change := r.Role != nil && *r.Role != target.Role
	switch {
	case r.Role != nil && *r.Role != Owner && *r.Role != Admin && *r.Role != Member:
		return invalidField("role", ErrRole)
	case (change || r.Disabled != nil && *r.Disabled) && target.Role == Owner:
		return ErrOwnerStays
	case (change || r.Disabled != nil) && actor.ID == target.ID:
		return ErrOwnAccount
	case change && actor.Role != Owner:
		return ErrOwnerOnly.Saying("Only the owner of this server may change roles.")
	case change && *r.Role == Owner && (!target.Disabled.IsZero() || r.Disabled != nil && *r.Disabled):
		return ErrOwnerStays.Saying("An account that is disabled cannot own the server.")
	}
	return nil
}

// apply writes the rights into an account, without ownership.
func (r Rights) apply(a *Account, now time.Time) {
	if r.Role != nil && *r.Role != Owner {
		a.Role = *r.Role
	}
	if r.Disabled != nil {
		switch {
		case !*r.Disabled:
			a.Disabled = time.Time{}
		case a.Disabled.IsZero():
			a.Disabled = now
		}
	}
	if r.Streams != nil {
		a.Streams = *r.Streams
	}
	if r.ProfileLimit != nil {
		a.ProfileLimit = *r.ProfileLimit
	}
}

func (s *Service) transferOwnership(ctx context.Context, to id.Account) error {
	if err := s.opts.Store.HandOver(ctx, to); err != nil {
		return fmt.Errorf("hand the server over: %w", err)
	}
	return nil
}

// RemoveUser deletes another account and all its data; by must have the right to manage it.
func (s *Service) RemoveUser(ctx context.Context, by, x id.Account) error {
	target, err := s.opts.Store.Account(ctx, x)
	if err != nil {
		return err
	}
	actor, err := s.authorizeManaging(ctx, by, target)
	switch {
	case err != nil:
		return err
	case actor.ID == x && target.Role != Owner:
		return ErrOwnAccount.Saying("That is your own account. Delete it on your account page.")
	}
	return s.remove(ctx, target)
}

// Delete deletes an account and all its data. email must be its address, as a confirmation. The owner's gives ErrOwnerStays.
func (s *Service) Delete(ctx context.Context, x id.Account, email string) error {
	a, err := s.opts.Store.Account(ctx, x)
	if err != nil {
		return err
	}
	if NormaliseEmail(email) != a.Email {
		return invalidField("email", ErrEmail.Saying("That is not the address of this account."))
	}
	return s.remove(ctx, a)
}

// remove deletes an account. Its sign-ins end first, so that no playback writes progress for a deleted account.
func (s *Service) remove(ctx context.Context, a Account) error {
	if a.Role == Owner {
		return ErrOwnerStays
	}
	if err := s.endSignIns(ctx, a.ID, ""); err != nil {
		return err
	}
	profiles, err := s.opts.Store.Profiles(ctx, a.ID)
	if err != nil {
		return fmt.Errorf("list the profiles of an account: %w", err)
	}
	if err := s.opts.Store.Remove(ctx, a.ID, s.opts.Clock()); err != nil {
		return fmt.Errorf("delete an account: %w", err)
	}
	for _, p := range profiles {
		if err := s.dropPicture(ctx, p.Picture); err != nil {
			return err
		}
	}
	return nil
}

// administrator gives the current account of by, or a fault unless it administers the server.
func (s *Service) administrator(ctx context.Context, by id.Account) (Account, error) {
	if by == Operator {
		return Account{FirstName: s.opts.Brand, Role: Owner}, nil
	}
	a, err := s.opts.Store.Account(ctx, by)
	if err != nil {
		return Account{}, err
	}
	if !a.Role.Administers() || !a.Disabled.IsZero() {
		return Account{}, ErrAdminOnly
	}
	return a, nil
}

// authorizeManaging gives the account of by, or a fault unless it may change or reset target.
func (s *Service) authorizeManaging(ctx context.Context, by id.Account, target Account) (Account, error) {
	actor, err := s.administrator(ctx, by)
	switch {
	case err != nil:
		return Account{}, err
	case actor.Role != Owner && actor.ID != target.ID && target.Role != Member:
		return Account{}, ErrOwnerOnly.Saying("Only the owner of this server looks after its administrators.")
	}
	return actor, nil
}

// ExportTable is the rows of one kind in an Export.
type ExportTable struct {
	Name string
	Rows []map[string]any // by column; values are strings, numbers and bytes
}

// Export is all data of an account.
type Export struct {
	Made   time.Time
	Tables []ExportTable
}

// Export gives all data of an account without secrets and their hashes.
func (s *Service) Export(ctx context.Context, x id.Account) (Export, error) {
	all, err := s.opts.Store.Export(ctx, x)
	if err != nil {
		return Export{}, fmt.Errorf("gather what is kept about an account: %w", err)
	}
	return Export{Made: s.opts.Clock(), Tables: all}, nil
}
