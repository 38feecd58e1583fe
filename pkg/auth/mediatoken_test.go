package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"movify/pkg/id"
)

const (
	someSession = id.Session("01890a5d-ac96-774b-bcce-b302099a8057")
	someAsset   = id.Asset("3f2a-9c")
)

var noon = time.Unix(1_800_000_000, 0)

// keyStore is a Store for keys only.
type keyStore struct {
	Store
	keys []Key
}

func (s *keyStore) AddKey(_ context.Context, k Key) error {
	s.keys = append([]Key{k}, s.keys...)
	return nil
}

func (s *keyStore) Keys(context.Context, string) ([]Key, error) { return s.keys, nil }

func newTokens(t testing.TB) (*MediaTokens, *Keyring) {
	t.Helper()
	keys, err := LoadKeys(t.Context(), &keyStore{}, Media, nil)
	if err != nil {
		t.Fatal(err)
	}
	return NewMediaTokens(keys), keys
}

func sealed(t testing.TB, m *MediaTokens) string {
	t.Helper()
	token, err := m.Seal(someSession, someAsset, noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestMediaToken(t *testing.T) {
	t.Parallel()
	m, _ := newTokens(t)
	token := sealed(t, m)
	if len(token) != 76 || strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("token %q of %d characters", token, len(token))
	}
	s, bound, expires, err := m.Open(token)
	if err != nil || s != someSession || !expires.Equal(noon.Add(time.Hour)) {
		t.Fatalf("opened %q until %v, %v", s, expires, err)
	}
	if !bound(someAsset) || bound("3f2a-9d") || bound("") {
		t.Error("bound to the wrong asset")
	}
	for _, s := range []id.Session{"", "x", "01890A5D-AC96-774B-BCCE-B302099A8057", "01890a5dac96774bbcceb302099a8057"} {
		if _, err := m.Seal(s, someAsset, noon); err == nil {
			t.Errorf("sealed the session %q", s)
		}
	}
}

func TestMediaTokenForgery(t *testing.T) {
	t.Parallel()
	m, _ := newTokens(t)
	raw, err := base64.RawURLEncoding.DecodeString(sealed(t, m))
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		forged := bytes.Clone(raw)
		forged[bit/8] ^= 1 << (bit % 8)
		if _, _, _, err := m.Open(base64.RawURLEncoding.EncodeToString(forged)); err == nil {
			t.Errorf("opened with bit %d of byte %d turned", bit%8, bit/8)
		}
	}
	token := sealed(t, m)
	for _, bad := range []string{"", token[:75], token + "A", token + "=", " " + token, token[:40] + "\n" + token[40:]} {
		if _, _, _, err := m.Open(bad); err == nil {
			t.Errorf("opened %q", bad)
		}
	}
	other, _ := newTokens(t)
	if _, _, _, err := other.Open(token); err == nil {
		t.Error("opened the token of another installation")
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	m, keys := newTokens(t)
	before := sealed(t, m)
	if err := keys.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := sealed(t, m)
	if before == after {
		t.Error("the new key does not sign")
	}
	for _, token := range []string{before, after} {
		if _, _, _, err := m.Open(token); err != nil {
			t.Errorf("%v", err)
		}
	}
	loaded, err := LoadKeys(t.Context(), keys.store, Media, nil)
	if err != nil || loaded.current().ID != keys.current().ID {
		t.Errorf("after a restart another key signs: %v", err)
	}
}

func FuzzMediaToken(f *testing.F) {
	m, _ := newTokens(f)
	genuine := sealed(f, m)
	f.Add(genuine)
	f.Add(genuine[:75] + "_")
	f.Add("")
	f.Add("!")
	f.Fuzz(func(t *testing.T, token string) {
		if s, _, _, err := m.Open(token); err == nil && (token != genuine || s != someSession) {
			t.Errorf("opened the forged token %q as %q", token, s)
		}
	})
}

func BenchmarkMediaToken(b *testing.B) {
	m, _ := newTokens(b)
	token := sealed(b, m)
	for b.Loop() {
		if _, bound, _, err := m.Open(token); err != nil || !bound(someAsset) {
			b.Fatal(err)
		}
	}
}
