package auth

import (
	"encoding/base64"
	"fmt"
	"time"

	"movify/pkg/id"
)

// An art token is a media token of another version. It permits to load the pictures of titles that a profile sees.
//
//	0   1   version, 2
//	1   4   key ID
//	5   4   expiry, Unix seconds
//	9   16  account, the UUID's bytes
//	25  16  profile, likewise
//	41  16  sign-in, likewise
//	57  16  first half of HMAC-SHA256 of all before
const (
	artVersion = 2
	artSigned  = 57
	artLength  = artSigned + signatureLength
)

// artStep is the time for which the art tokens of a sign-in and profile stay the same, so that the browser's cache finds a
// picture again. A token works for at least one step and at most two.
const artStep = time.Hour

// SealArt gives the token of a sign-in for pictures, safe as a path element. It is the same for an hour.
func (m *MediaTokens) SealArt(p Principal, now time.Time) (string, error) {
	key := m.keys.current()
	b := tokenHeader(artVersion, key, now.Truncate(artStep).Add(2*artStep))
	for _, x := range []string{string(p.Account), string(p.Profile), string(p.SignIn)} {
		uuid, ok := uuidBytes(x)
		if !ok {
			return "", fmt.Errorf("%q is no UUID", x)
		}
		b = append(b, uuid...)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, seal(key, b)...)), nil
}

// OpenArt gives the principal of an authentic token that is not expired at now. It does not check whether the sign-in has
// ended: see Service.Current.
func (m *MediaTokens) OpenArt(token string, now time.Time) (Principal, error) {
	b, err := m.verify(token, artVersion, artLength)
	if err != nil {
		return Principal{}, err
	}
	if !now.Before(expiry(b)) {
		return Principal{}, errMediaToken
	}
	return Principal{
		Account: id.Account(uuidText(b[9:25])), Profile: id.Profile(uuidText(b[25:41])),
		SignIn: id.SignIn(uuidText(b[41:artSigned])),
	}, nil
}

// Current reports whether the principal of a token is still valid: its sign-in has neither ended nor changed to another profile.
// It does not read the database.
func (s *Service) Current(p Principal) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, over := s.ended[p.SignIn]
	c, changed := s.chose[p.SignIn]
	return !over && (!changed || c.profile == p.Profile)
}

// revocationMemory is the time for which ended sign-ins and changed profiles stay in memory: the longest lifetime of a token
// that was made before.
const revocationMemory = max(AccessLife, 2*artStep)
