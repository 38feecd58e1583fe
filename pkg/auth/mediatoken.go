package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"movify/pkg/id"
)

// A media token is these bytes in base64url without padding (RFC 4648 section 5); numbers are big-endian:
//
//	0   1   version, 1
//	1   4   key ID
//	5   4   expiry, Unix seconds
//	9   16  session, the UUID's bytes
//	25  16  first half of SHA-256 of the asset's ID
//	41  16  first half of HMAC-SHA256 of all before (RFC 2104 section 5)
const (
	mediaVersion    = 1
	mediaSigned     = 41
	signatureLength = 16
	mediaLength     = mediaSigned + signatureLength
)

// errMediaToken is returned for every invalid media token, so that a caller cannot tell the reasons apart.
var errMediaToken = errors.New("not a valid media token")

// MediaTokens seals and opens media tokens. A token permits to read the media of one session of one asset until a time. Opening
// one does not read the database.
type MediaTokens struct{ keys *Keyring }

// NewMediaTokens builds MediaTokens on the keys of Media.
func NewMediaTokens(keys *Keyring) *MediaTokens { return &MediaTokens{keys} }

// Seal gives a token, safe as a path element. expires counts in whole seconds.
func (m *MediaTokens) Seal(s id.Session, a id.Asset, expires time.Time) (string, error) {
	uuid, ok := uuidBytes(string(s))
	if !ok {
		return "", fmt.Errorf("session %q has no UUID", s)
	}
	key := m.keys.current()
	b := append(tokenHeader(mediaVersion, key, expires), uuid...)
	b = append(b, assetHash(a)...)
	b = append(b, seal(key, b)...)
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// Open gives the session and the expiry of an authentic token; the caller checks the expiry. bound reports whether it was
// sealed for an asset.
func (m *MediaTokens) Open(token string) (s id.Session, bound func(id.Asset) bool, expires time.Time, err error) {
	b, err := m.verify(token, mediaVersion, mediaLength)
	if err != nil {
		return "", nil, time.Time{}, err
	}
	mark := b[25:mediaSigned]
	bound = func(a id.Asset) bool { return subtle.ConstantTimeCompare(assetHash(a), mark) == 1 }
	return id.Session(uuidText(b[9:25])), bound, expiry(b), nil
}

// verify gives the bytes of a token of a version, n bytes long, if its signature is valid.
func (m *MediaTokens) verify(token string, version byte, n int) ([]byte, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(n) {
		return nil, errMediaToken // the decoder skips line breaks: a token must have one form only
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != n || b[0] != version {
		return nil, errMediaToken
	}
	key, ok := m.keys.find(binary.BigEndian.Uint32(b[1:]))
	if !ok || !hmac.Equal(b[n-signatureLength:], seal(key, b[:n-signatureLength])) {
		return nil, errMediaToken
	}
	return b, nil
}

// expiry reads when a token of any version expires.
func expiry(b []byte) time.Time { return time.Unix(int64(binary.BigEndian.Uint32(b[5:])), 0).UTC() }

// tokenHeader gives the first bytes of a token.
func tokenHeader(version byte, k Key, expires time.Time) []byte {
	b := append(make([]byte, 0, artLength), version)
	b = binary.BigEndian.AppendUint32(b, k.ID)
	return binary.BigEndian.AppendUint32(b, uint32(expires.Unix()))
}

func seal(k Key, b []byte) []byte {
	h := hmac.New(sha256.New, k.Secret)
	h.Write(b)
	return h.Sum(nil)[:signatureLength]
}

func assetHash(a id.Asset) []byte {
	sum := sha256.Sum256([]byte(a))
	return sum[:16]
}

// uuidBytes reads a UUID in its canonical text form (RFC 9562 section 4).
func uuidBytes(s string) ([]byte, bool) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	return b, err == nil && len(b) == 16 && uuidText(b) == s
}

func uuidText(b []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
