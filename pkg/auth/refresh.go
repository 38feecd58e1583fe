package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

const (
	// grace is how long a used refresh token still works: two tabs, or a browser whose answer was lost, use it twice.
	grace = 20 * time.Second
	// keepEnded is how long an ended sign-in and a used refresh token are remembered.
	keepEnded = 24 * time.Hour
)

// refreshLength is the size of a refresh token's secret in bytes.
const refreshLength = 32

// newRefresh makes a refresh token: the secret for the browser and what is kept of it.
func newRefresh(now time.Time) (secret string, kept RefreshToken, err error) {
	random := make([]byte, refreshLength)
	if _, err := rand.Read(random); err != nil {
		return "", RefreshToken{}, fmt.Errorf("read random bytes: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(random)
	return secret, RefreshToken{Hash: hashToken(secret), Issued: now}, nil
}

// hashToken is what is kept of a token. It is random and long, so it needs no salt and no slow hash.
func hashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// errReuse is the reason for ending a sign-in whose used token came back.
var errReuse = errors.New("a refresh token was used again")

// checkRefresh decides about the use of a token at now: nil for a good one, else why not. A token that comes back after
// the grace is in two hands.
func checkRefresh(x SignIn, t RefreshToken, now time.Time) error {
	switch {
	case !x.Ended.IsZero(), !now.Before(x.Expires):
		return ErrExpired
	case !t.Used.IsZero() && now.Sub(t.Used) > grace:
		return errReuse
	}
	return nil
}

// Refresh gives new tokens for a refresh token, or ErrExpired. Each token works once, with a moment of grace; one that is
// used later ends its sign-in on every device that shares it.
func (s *Service) Refresh(ctx context.Context, token string, d Device) (Grant, error) {
	now := s.opts.Clock()
	secret, next, err := newRefresh(now)
	if err != nil {
		return Grant{}, err
	}
	var after SignIn
	known, err := s.opts.Store.ChangeSignIn(ctx, hashToken(token), func(x *SignIn, t *RefreshToken) (*RefreshToken, error) {
		err := checkRefresh(*x, *t, now)
		if errors.Is(err, errReuse) {
			x.Ended = now
		}
		after = *x
		if err != nil {
			return nil, err
		}
		if t.Used.IsZero() {
			t.Used = now
		}
		x.Seen, x.Expires, x.Device = now, now.Add(x.life()), shorten(d)
		after = *x
		return &next, nil
	})
	switch {
	case errors.Is(err, errReuse):
		s.log.Warn("a used refresh token came back: its sign-in was ended", "sign_in", after.ID, "address", d.Address)
		s.Note(ctx, Event{Kind: RefreshReused, Account: after.Account, Address: d.Address, Detail: after.Device.Agent})
		if err := s.revoke(ctx, after.ID); err != nil {
			return Grant{}, err
		}
		return Grant{}, ErrExpired.Because(errReuse)
	case errors.Is(err, ErrExpired):
		return Grant{}, err
	case err != nil:
		return Grant{}, fmt.Errorf("change a sign-in: %w", err)
	case !known:
		return Grant{}, ErrExpired
	}
	return s.grant(after, secret, now)
}
