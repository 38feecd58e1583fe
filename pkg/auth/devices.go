package auth

import (
	"context"
	"fmt"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// ErrNoSignIn is returned for a sign-in that is unknown, has ended or belongs to another account.
var ErrNoSignIn = fault.New(fault.NotFound, "sign_in_not_found", "That device is not signed in.")

// ClientKind is the kind of program that a sign-in belongs to.
type ClientKind string

// The kinds of client.
const (
	Browser    ClientKind = "browser"
	Television ClientKind = "tv" // signed in by pairing
)

// EndOwnSignIn ends one of an account's own sign-ins, or gives ErrNoSignIn.
func (s *Service) EndOwnSignIn(ctx context.Context, a id.Account, x id.SignIn) error {
	all, err := s.SignIns(ctx, a)
	if err != nil {
		return err
	}
	for _, own := range all {
		if own.ID == x {
			s.Note(ctx, Event{Kind: SignedOut, Account: a, Address: own.Device.Address, Detail: "from another device"})
			return s.SignOut(ctx, x)
		}
	}
	return ErrNoSignIn
}

// SignOutEverywhere ends every sign-in of an account except keep, which may be empty, and its API keys: whoever had the
// password could have made one.
func (s *Service) SignOutEverywhere(ctx context.Context, a id.Account, keep id.SignIn) error {
	all, err := s.SignIns(ctx, a)
	if err != nil {
		return err
	}
	for _, own := range all {
		if own.ID == keep {
			continue
		}
		if err := s.SignOut(ctx, own.ID); err != nil {
			return fmt.Errorf("sign out everywhere: %w", err)
		}
	}
	s.Note(ctx, Event{Kind: SignedOut, Account: a, Detail: "on all other devices"})
	return s.endKeys(ctx, a)
}
