package auth

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

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

// linkIssuer is the iss claim of link tokens: none is an access token, and the other way round.
const linkIssuer = "movify link"

// linkLife is how long a person has to sign in with the password of the account to be linked.
const linkLife = 10 * time.Minute

// linkClaims are the claims of a link token; sub is the subject at the provider.
type linkClaims struct {
	jwt.RegisteredClaims
	Provider string `json:"pid"` // issuer of the identity
	Email    string `json:"eml"` // the address it proved
}

// LinkToken gives a token for the browser of a person who proved an identity whose address belongs to an account that was
// never shown to be theirs. Signing in with that account's password links both.
func (s *Service) LinkToken(issuer, subject, email string) (string, error) {
	key := s.opts.Keys.current()
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, linkClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: linkIssuer, Subject: subject, ExpiresAt: jwt.NewNumericDate(s.opts.Clock().Add(linkLife)),
		},
		Provider: issuer, Email: email,
	})
	t.Header["kid"] = strconv.FormatUint(uint64(key.ID), 16)
	token, err := t.SignedString(ed25519.NewKeyFromSeed(key.Secret))
	if err != nil {
		return "", fmt.Errorf("sign a link token: %w", err)
	}
	return token, nil
}

// LinkByToken links the identity of a link token to an account, if the account has the address that the identity proved. A
// token that is not valid gives ErrExpired.
func (s *Service) LinkByToken(ctx context.Context, token string, a id.Account, email string, d Device) error {
	var claims linkClaims
	if _, err := jwt.ParseWithClaims(token, &claims, s.verifyingKey,
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(linkIssuer),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.opts.Clock)); err != nil {
		return ErrExpired.Because(err)
	}
	if s.opts.Normalise(claims.Email) != email {
		return nil
	}
	if _, linked, err := s.AccountOfIdentity(ctx, claims.Provider, claims.Subject); err != nil || linked {
		return err
	}
	return s.LinkIdentity(ctx, claims.Provider, claims.Subject, a, d)
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
