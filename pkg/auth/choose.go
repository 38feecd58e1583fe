package auth

import (
	"context"
	"fmt"
	"maps"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// ErrPassword is returned for a wrong password of a signed-in account.
var ErrPassword = fault.New(fault.Forbidden, "password_wrong", "That is not the password of this account.")

// ChoiceStore stores the profile that was chosen on a sign-in.
type ChoiceStore interface {
	// ChooseProfile sets the profile of an open sign-in and returns the sign-in with its profile before; ok is false
	// without such a sign-in.
	ChooseProfile(ctx context.Context, x id.SignIn, p id.Profile, at time.Time) (s SignIn, before id.Profile, ok bool,
		err error)
	// Unchoose keeps the profile of a sign-in and forgets that it was chosen.
	Unchoose(ctx context.Context, x id.SignIn) error
	// Chosen reports whether a profile was chosen on a sign-in.
	Chosen(ctx context.Context, x id.SignIn) (bool, error)
	// ChosenSince gives the profiles of the sign-ins that chose one at a time or later.
	ChosenSince(ctx context.Context, at time.Time) (map[id.SignIn]id.Profile, error)
}

// choice is the profile of a sign-in after a change.
type choice struct {
	profile id.Profile
	at      time.Time
}

// ChooseProfile sets the profile of a sign-in. The Grant has a new access token and no refresh token: the browser's refresh
// token stays valid. After it returns, access tokens for the profile before are refused, and its playbacks on this sign-in
// end. The caller checks that the profile belongs to the account and may be chosen.
func (s *Service) ChooseProfile(ctx context.Context, x id.SignIn, p id.Profile) (Grant, error) {
	now := s.opts.Clock()
	chosen, before, ok, err := s.opts.Store.ChooseProfile(ctx, x, p, now)
	if err != nil {
		return Grant{}, fmt.Errorf("keep the choice of a profile: %w", err)
	}
	if !ok || !now.Before(chosen.Expires) {
		return Grant{}, ErrExpired
	}
	s.mu.Lock()
	s.chose[x] = choice{p, now}
	s.mu.Unlock()
	if before != p && s.opts.Playbacks != nil {
		if err := s.opts.Playbacks.EndSignIn(ctx, x); err != nil {
			return Grant{}, fmt.Errorf("end the playbacks of the profile before: %w", err)
		}
	}
	return s.grant(chosen, "", now)
}

// AskAgain makes the choice of a profile due again on a sign-in, as on a new one.
func (s *Service) AskAgain(ctx context.Context, x id.SignIn) error {
	if err := s.opts.Store.Unchoose(ctx, x); err != nil {
		return fmt.Errorf("forget the choice of a profile: %w", err)
	}
	return nil
}

// Chosen reports whether a profile was chosen on a sign-in; a new one has the account's default profile.
func (s *Service) Chosen(ctx context.Context, x id.SignIn) (bool, error) {
	ok, err := s.opts.Store.Chosen(ctx, x)
	if err != nil {
		return false, fmt.Errorf("read a sign-in: %w", err)
	}
	return ok, nil
}

// SignOutProfile ends the sign-ins of an account that have a profile, except keep.
func (s *Service) SignOutProfile(ctx context.Context, a id.Account, p id.Profile, keep id.SignIn) error {
	all, err := s.SignIns(ctx, a)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Profile != p || x.ID == keep {
			continue
		}
		if err := s.SignOut(ctx, x.ID); err != nil {
			return err
		}
	}
	return nil
}

// ProfileGone drops the choices of a removed profile: open sign-ins have another one from their next token on.
func (s *Service) ProfileGone(p id.Profile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.chose, func(_ id.SignIn, c choice) bool { return c.profile == p })
}

// loadChoices reads the choices that are younger than the longest lifetime of a token.
func (s *Service) loadChoices(ctx context.Context, now time.Time) error {
	lately, err := s.opts.Store.ChosenSince(ctx, now.Add(-revocationMemory))
	if err != nil {
		return fmt.Errorf("read which profiles were chosen lately: %w", err)
	}
	for x, p := range lately {
		s.chose[x] = choice{p, now}
	}
	return nil
}

// Confirm gives ErrPassword unless the password is that of a signed-in account. Too many wrong ones give a TooMany, as failed
// sign-ins do, but they are counted apart: a guest at a signed-in device must not make others wait who sign in, neither
// elsewhere nor at the same address. Too many people at once give ErrBusy.
func (s *Service) Confirm(ctx context.Context, a id.Account, password, address string) error {
	now := s.opts.Clock()
	place, err := s.opts.Hasher.enter(prefix(address, siteBits))
	if err != nil {
		return fmt.Errorf("check a password: %w", err)
	}
	defer place.leave()
	try, err := s.admitPassword(ctx, accountSubject(a), address, now)
	if err != nil {
		return err
	}
	c, known, err := s.opts.Store.CredentialOf(ctx, a)
	if err != nil {
		return fmt.Errorf("read a credential: %w", err)
	}
	if !known {
		return ErrExpired
	}
	if c.Hash == "" { // an account that signs in with OpenID Connect only has none
		return ErrPassword
	}
	good, err := s.verify(ctx, place, try, password, c.Hash)
	if err != nil {
		return err
	}
	if !good { // no recordFailure: a signed-in device can try one account only, and others at the address sign in as well
		return ErrPassword
	}
	if err := s.succeeded(ctx, try); err != nil {
		return fmt.Errorf("forget failed sign-ins: %w", err)
	}
	if err := s.learn(ctx, accountSubject(a), address, now); err != nil {
		return fmt.Errorf("remember the network of a sign-in: %w", err)
	}
	return nil
}
