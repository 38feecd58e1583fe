package auth

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

// Linked is the security event of linking an identity to an account.
const Linked Kind = "identity_linked"

// Identity is a person at an OpenID provider: an issuer never reuses a subject (OpenID Connect Core section 2).
type Identity struct {
	Issuer  string
	Subject string
	Account id.Account
	Created time.Time
}

// AccountOfIdentity gives the account that an identity is linked to; ok is false when it is linked to none.
func (s *Service) AccountOfIdentity(ctx context.Context, issuer, subject string) (a id.Account, ok bool, err error) {
	a, ok, err = s.opts.Store.Identity(ctx, issuer, subject)
	if err != nil {
		return "", false, fmt.Errorf("read an identity: %w", err)
	}
	return a, ok, nil
}

// LinkIdentity links an identity to an account.
func (s *Service) LinkIdentity(ctx context.Context, issuer, subject string, a id.Account, d Device) error {
	if err := s.opts.Store.AddIdentity(ctx, Identity{Issuer: issuer, Subject: subject, Account: a,
		Created: s.opts.Clock()}); err != nil {
		return fmt.Errorf("keep an identity: %w", err)
	}
	s.Note(ctx, Event{Kind: Linked, Account: a, Address: d.Address, Detail: issuer})
	return nil
}
