package auth_test

import (
	"slices"
	"testing"
	"time"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/id"
)

// beside is a Service of another process with the same store.
func (s *harness) beside(t *testing.T) *auth.Service {
	t.Helper()
	other, err := auth.New(t.Context(), auth.Options{Store: s.db.Auth(), Hasher: auth.NewHasher(), Clock: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	return other
}

func TestWhatEndsElsewhereEndsHere(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	g := s.signIn(t)
	if err := s.beside(t).SignOutAll(t.Context(), s.anna.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second sync has nothing left to do
		if err := s.SyncEnded(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s.admits(t, g) {
		t.Error("its access token is still good")
	}
	if want := []id.SignIn{g.Principal.SignIn}; !slices.Equal(s.ended, want) {
		t.Errorf("ended the playbacks of %v, want %v", s.ended, want)
	}
}

func TestADeletedAccountIsNobody(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	ben := account.Account{ID: "ben", Email: "ben@example.org", FirstName: "Ben", Role: account.Member, Created: s.now}
	p := account.Profile{ID: "bens", Account: ben.ID, Name: "Ben", Default: true, Created: s.now}
	if err := s.db.Accounts().Add(t.Context(), ben, p, "", ""); err != nil {
		t.Fatal(err)
	}
	g, err := s.Begin(t.Context(), ben.ID, laptop, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.Accounts().Remove(t.Context(), ben.ID, s.now); err != nil {
		t.Fatal(err)
	}
	if err := s.SyncEnded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.admits(t, g) {
		t.Error("the access token is still good")
	}
	s.restart(t)
	if s.admits(t, g) {
		t.Error("the access token is good again after a restart")
	}
	if _, err := s.Refresh(t.Context(), g.Refresh, laptop); err == nil {
		t.Error("the refresh token is still good")
	}
	if _, err := s.Begin(t.Context(), ben.ID, laptop, true); err == nil {
		t.Error("a sign-in began")
	}
}

func TestADisabledAccountDoesNotSignIn(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	if _, err := s.db.Accounts().ChangeAccount(t.Context(), s.anna.ID, func(a *account.Account) error { a.Disabled = s.now; return nil }); err != nil {
		t.Fatal(err)
	}
	_, err := s.SignIn(t.Context(), email, password, laptop, false)
	_, unknown := s.SignIn(t.Context(), "nobody@example.org", password, laptop, false)
	if err == nil || unknown == nil || err.Error() != unknown.Error() {
		t.Errorf("disabled: %v, unknown: %v", err, unknown)
	}
	x := auth.SignIn{ID: "late", Account: s.anna.ID, Profile: "p", Created: s.now, Expires: s.now.Add(time.Hour)}
	if err := s.db.Auth().AddSignIn(t.Context(), x, auth.RefreshToken{Hash: "late", Issued: s.now}); err == nil {
		t.Error("a sign-in that was under way was kept")
	}
}
