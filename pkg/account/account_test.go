package account_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/store"
)

// quick is a Hasher whose hashes are readable.
type quick struct{}

func (quick) Hash(_ context.Context, _, password string) (string, error) {
	return "hash of " + password, nil
}

func (quick) Verify(_ context.Context, _, password, hash string) (bool, error) {
	return hash == "hash of "+password, nil
}

func open(t *testing.T) (*account.Service, *store.DB) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	clock := func() time.Time { return time.UnixMilli(1_800_000_000_000).UTC() }
	return account.New(account.Options{Store: db.Accounts(), Hasher: quick{}, Clock: clock}), db
}

func anna() account.NewAccount {
	return account.NewAccount{Email: " Anna@Example.org", FirstName: " Anna ", LastName: "Berg ", Password: "correct horse battery"}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	if needed, err := s.SetupNeeded(t.Context()); !needed || err != nil {
		t.Fatalf("a fresh server needs no setup: %v", err)
	}
	a, p, err := s.Setup(t.Context(), anna())
	if err != nil {
		t.Fatal(err)
	}
	if a.Email != "anna@example.org" || a.Name() != "Anna Berg" || a.Role != account.Owner || !a.Role.Administers() {
		t.Errorf("account %+v", a)
	}
	if p.Account != a.ID || p.Name != "Anna" || !p.Default || len(p.Color) != 7 {
		t.Errorf("profile %+v", p)
	}
	c, ok, err := db.Auth().Credential(t.Context(), "anna@example.org")
	if err != nil || !ok || c.Hash != "hash of correct horse battery" || c.Profile != p.ID {
		t.Errorf("credential %+v, %v, %v", c, ok, err)
	}
	if needed, err := s.SetupNeeded(t.Context()); needed || err != nil {
		t.Errorf("setup is still needed: %v", err)
	}
	if _, _, err := s.Setup(t.Context(), anna()); !errors.Is(err, account.ErrSetupDone) {
		t.Errorf("a second setup: %v", err)
	}
	got, err := s.AccountByEmail(t.Context(), "ANNA@example.org ")
	if diff := cmp.Diff(a, got); err != nil || diff != "" {
		t.Errorf("by address: %v\n%s", err, diff)
	}
	profiles, err := s.Profiles(t.Context(), a.ID)
	if diff := cmp.Diff([]account.Profile{p}, profiles); err != nil || diff != "" {
		t.Errorf("profiles: %v\n%s", err, diff)
	}
}

func TestOneOwnerWinsTheRace(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	errs := make([]error, 12)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			p := anna()
			p.Email = fmt.Sprintf("anna%d@example.org", i)
			_, _, errs[i] = s.Setup(t.Context(), p)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, account.ErrSetupDone) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d owners", won)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	email := func(s string) account.NewAccount { p := anna(); p.Email = s; return p }
	name := func(s string) account.NewAccount { p := anna(); p.FirstName = s; return p }
	password := func(s string) account.NewAccount { p := anna(); p.Password = s; return p }
	refusing, _ := open(t)
	for _, c := range []struct {
		person account.NewAccount
		want   error
	}{
		{email("anna@localhost"), nil},
		{email("anna+films@exämple.org"), nil},
		{email(""), account.ErrEmail},
		{email("anna"), account.ErrEmail},
		{email("anna@"), account.ErrEmail},
		{email("Anna <anna@example.org>"), account.ErrEmail},
		{email("anna@example.org, ben@example.org"), account.ErrEmail},
		{email("an na@example.org"), account.ErrEmail},
		{email("anna@example.org\r\nBcc: x"), account.ErrEmail},
		{email(strings.Repeat("a", 250) + "@example.org"), account.ErrEmail},

		{name("Åsa Öberg"), nil},
		{name(strings.Repeat("é", 80)), nil},
		{name(strings.Repeat("é", 81)), account.ErrName},
		{name(" \t "), account.ErrName},
		{name("a\x00b"), account.ErrName},
		{name("a\xffb"), account.ErrName},

		{password("tenletters"), nil},
		{password("motörhead und ich"), nil},
		{password("🐴🔋🎬🍿🎥📺🎞️🎫🌙⭐"), nil},
		{password("ninechars"), account.ErrPassword},
		{password(strings.Repeat("ab3d", 129)), account.ErrPassword},
		{password("Password123"), account.ErrPassword},
		{password("passwordpassword"), account.ErrPassword},
		{password("September2026!"), account.ErrPassword},
		{password("0123456789"), account.ErrPassword},
		{password("abcdefghijklm"), account.ErrPassword},
		{password("aaaaaaaaaaaab"), account.ErrPassword},
		{password("anna@example.org"), account.ErrPassword},
		{password("anna123456!"), account.ErrPassword},
	} {
		s := refusing // it stays without an account
		if c.want == nil {
			s, _ = open(t)
		}
		_, _, err := s.Setup(t.Context(), c.person)
		if !errors.Is(err, c.want) || (c.want == nil && err != nil) {
			t.Errorf("%q %q %q: %v, want %v", c.person.Email, c.person.FirstName, c.person.Password, err, c.want)
		}
	}
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	a, _, err := s.Setup(t.Context(), anna())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(t.Context(), a.ID, "short", ""); !errors.Is(err, account.ErrPassword) {
		t.Errorf("a weak one: %v", err)
	}
	if err := s.SetPassword(t.Context(), "nobody", "another battery", ""); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("for nobody: %v", err)
	}
	if err := s.SetPassword(t.Context(), a.ID, "another battery", ""); err != nil {
		t.Fatal(err)
	}
	if c, _, err := db.Auth().Credential(t.Context(), a.Email); err != nil || c.Hash != "hash of another battery" {
		t.Errorf("credential %+v, %v", c, err)
	}
}
