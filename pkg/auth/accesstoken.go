package auth

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"movify/pkg/id"
)

// issuer is the iss claim of access tokens.
const issuer = "movify"

// accessClaims are the claims of an access token (RFC 7519); sub is the account.
type accessClaims struct {
	jwt.RegisteredClaims
	Profile id.Profile `json:"pro"`
	SignIn  id.SignIn  `json:"sid"`
	Role    string     `json:"rol"`
}

// access signs an access token for p.
func (s *Service) access(p Principal, now time.Time) (token string, expires time.Time, err error) {
	expires = now.Add(AccessLife)
	key := s.opts.Keys.current()
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, accessClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: string(p.Account), IssuedAt: jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(expires)},
		Profile: p.Profile, SignIn: p.SignIn, Role: p.Role,
	})
	t.Header["kid"] = strconv.FormatUint(uint64(key.ID), 16)
	token, err = t.SignedString(ed25519.NewKeyFromSeed(key.Secret))
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign an access token: %w", err)
	}
	return token, expires, nil
}

// Authenticate gives the principal of an access token or an API key, or ErrExpired. An access token is checked without the
// database, and its iat claim is ignored: the clock of the node that issued it may be ahead.
func (s *Service) Authenticate(ctx context.Context, token string) (Principal, error) {
	if strings.HasPrefix(token, keyPrefix) {
		return s.byKey(ctx, token)
	}
	var claims accessClaims
	_, err := jwt.ParseWithClaims(token, &claims, s.verifyingKey,
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), // never the algorithm in the token's header
		jwt.WithIssuer(issuer), jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.opts.Clock))
	if err != nil {
		return Principal{}, ErrExpired.Because(err)
	}
	p := Principal{Account: id.Account(claims.Subject), Profile: claims.Profile, SignIn: claims.SignIn, Role: claims.Role}
	if !s.Current(p) { // a token of the profile before must not give more access than the new profile has
		return Principal{}, ErrExpired
	}
	return p, nil
}

func (s *Service) verifyingKey(t *jwt.Token) (any, error) {
	kid, ok := t.Header["kid"].(string)
	if !ok {
		return nil, errors.New("no key id")
	}
	x, err := strconv.ParseUint(kid, 16, 32)
	if err != nil {
		return nil, errors.New("no key id of ours")
	}
	key, ok := s.opts.Keys.find(uint32(x))
	if !ok {
		return nil, errors.New("an unknown key")
	}
	return ed25519.NewKeyFromSeed(key.Secret).Public(), nil
}
