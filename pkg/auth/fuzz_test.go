package auth_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/store"
)

// fuzzHarness is a harness that outlives one input.
func fuzzHarness(f *testing.F) (*auth.Service, auth.Grant) {
	f.Helper()
	db, err := store.Open(f.Context(), store.Options{Path: filepath.Join(f.TempDir(), "movify.db")})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := db.Close(); err != nil {
			f.Error(err)
		}
	})
	hasher := auth.NewHasher()
	people := account.New(account.Options{Store: db.Accounts(), Hasher: hasher})
	a, _, err := people.Setup(f.Context(), account.NewAccount{Email: email, FirstName: "Anna", Password: password})
	if err != nil {
		f.Fatal(err)
	}
	access, err := auth.LoadKeys(f.Context(), db.Auth(), auth.Access, nil)
	if err != nil {
		f.Fatal(err)
	}
	s, err := auth.New(f.Context(), auth.Options{Store: db.Auth(), Hasher: hasher, Keys: access, Normalise: account.NormaliseEmail})
	if err != nil {
		f.Fatal(err)
	}
	g, err := s.Begin(f.Context(), a.ID, laptop, true)
	if err != nil {
		f.Fatal(err)
	}
	return s, g
}

// FuzzCredential presents any text as an access token or an API key: only the issued one is accepted.
func FuzzCredential(f *testing.F) {
	s, g := fuzzHarness(f)
	for _, seed := range []string{"", "mvf_", "mvf_" + strings.Repeat("A", 43), g.Access, "a.b.c", "eyJhbGciOiJub25lIn0.e30.", strings.Repeat(".", 300), "Bearer x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		p, err := s.Authenticate(t.Context(), token)
		if err == nil && token != g.Access {
			t.Errorf("%q speaks for %+v", token, p)
		}
		if err != nil && !errors.Is(err, auth.ErrExpired) {
			t.Errorf("%q: %v", token, err)
		}
	})
}

// FuzzRefresh offers anything as a refresh token and as a device code.
func FuzzRefresh(f *testing.F) {
	s, g := fuzzHarness(f)
	for _, seed := range []string{"", "x", g.Refresh[:42], g.Refresh + "=", strings.Repeat("A", 43), "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if token == g.Refresh {
			return
		}
		if _, err := s.Refresh(t.Context(), token, laptop); !errors.Is(err, auth.ErrExpired) {
			t.Errorf("refresh %q: %v", token, err)
		}
		if _, err := s.Fetch(t.Context(), token, laptop); !errors.Is(err, auth.ErrPairing) {
			t.Errorf("device code %q: %v", token, err)
		}
	})
}
