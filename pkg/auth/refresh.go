package auth

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

const (
	// grace is the time for which a used refresh token still works: two tabs, or a lost response, use it twice.
	grace = 20 * time.Second
	// keepEnded is the time for which ended sign-ins and used refresh tokens are stored.
	keepEnded = 24 * time.Hour
)

// refreshLength is the size of a refresh token's secret in bytes.
const refreshLength = 32

// newRefresh makes a refresh token: the secret for the browser and the RefreshToken to store.
func newRefresh(now time.Time) (secret string, kept RefreshToken, err error) {
	random := make([]byte, refreshLength)
	if _, err := rand.Read(random); err != nil {
		return "", RefreshToken{}, fmt.Errorf("read random bytes: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(random)
	return secret, RefreshToken{Hash: hashToken(secret), Issued: now}, nil
}

// successor makes the refresh token that follows a secret used at a time. It is the same for each use within the grace
// period, so that a sign-in goes on in one line: two lines would both last, and the theft of one would never show.
func (s *Service) successor(secret string, used, now time.Time) (next string, kept RefreshToken, err error) {
	key := s.opts.Keys.at(used)
	derived, err := hkdf.Key(sha256.New, key.Secret, []byte(secret), "successor of a refresh token", refreshLength)
	if err != nil {
		return "", RefreshToken{}, fmt.Errorf("derive a refresh token: %w", err)
	}
	next = base64.RawURLEncoding.EncodeToString(derived)
	return next, RefreshToken{Hash: hashToken(next), Issued: now}, nil
}

// hashToken is the hash that is stored for a token. Tokens are random and long, so neither salt nor a slow hash is needed.
func hashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// errReuse is the reason for ending a sign-in whose used token was presented again.
var errReuse = errors.New("a refresh token was used again")

// checkRefresh decides about the use of a token at now: nil for a valid one, else the reason. A token that is used again
// after the grace period was stolen.
func checkRefresh(x SignIn, t RefreshToken, now time.Time) error {
	switch {
	case !x.Ended.IsZero(), !now.Before(x.Expires):
		return ErrExpired
	case !t.Used.IsZero() && now.Sub(t.Used) > grace:
		return errReuse
	}
	return nil
}

// Refresh gives new tokens for a refresh token, or ErrExpired. Each token works once. Within a grace period it gives the same
// successor again; later reuse ends its sign-in, also for a thief, who has to use the successor like its owner.
func (s *Service) Refresh(ctx context.Context, token string, d Device) (Grant, error) {
	now := s.opts.Clock()
	var secret string
	var after SignIn
	use := func(x *SignIn, t *RefreshToken) (*RefreshToken, error) {
		err := checkRefresh(*x, *t, now)
		if errors.Is(err, errReuse) {
			x.Ended = now
		}
		after = *x
		if err != nil {
			return nil, err
		}
		first := t.Used.IsZero()
		if first {
			t.Used = now.Truncate(time.Millisecond) // as it is stored: the successor depends on it
		}
		var next RefreshToken
		if secret, next, err = s.successor(token, t.Used, now); err != nil {
			return nil, err
		}
		x.Seen, x.Expires, x.Device = now, now.Add(x.life()), shorten(d)
		after = *x
		if !first {
			return nil, nil
		}
		return &next, nil
	}
	known, err := s.opts.Store.ChangeSignIn(ctx, hashToken(token), use)
	switch {
	case errors.Is(err, errReuse):
		s.log.Warn("a used refresh token was presented again: its sign-in was ended",
			"sign_in", after.ID, "address", d.Address)
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
