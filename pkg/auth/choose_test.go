package auth_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/id"
)

// kid adds a profile to anna's account.
func (s *harness) kid(t *testing.T) id.Profile {
	t.Helper()
	p := account.Profile{ID: "kid", Account: s.anna.ID, Name: "Kid", Kids: true, MaxAge: 7, Created: s.now}
	if err := s.db.Accounts().AddProfile(t.Context(), p, "", 7); err != nil {
		t.Fatal(err)
	}
	return p.ID
}

func (s *harness) choose(t *testing.T, x id.SignIn, p id.Profile) auth.Grant {
	t.Helper()
	g, err := s.ChooseProfile(t.Context(), x, p)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestAChosenProfileIsTheOneThatSpeaks(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	kid := s.kid(t)
	first, other := s.signIn(t), s.signIn(t)
	grown := first.Principal.Profile
	if chosen, err := s.Chosen(t.Context(), first.Principal.SignIn); chosen || err != nil {
		t.Errorf("a fresh sign-in has chosen: %v, %v", chosen, err)
	}
	g := s.choose(t, first.Principal.SignIn, kid)
	if g.Principal.Profile != kid || g.Refresh != "" || !g.Remember || !g.RefreshExpires.Equal(first.RefreshExpires) {
		t.Errorf("grant %+v", g)
	}
	if chosen, err := s.Chosen(t.Context(), first.Principal.SignIn); !chosen || err != nil {
		t.Errorf("afterwards: %v, %v", chosen, err)
	}
	s.choose(t, first.Principal.SignIn, kid) // once more, as a second tab does: nothing ends
	if diff := cmp.Diff([]id.SignIn{first.Principal.SignIn}, s.ended); diff != "" {
		t.Errorf("playbacks ended (-want +got):\n%s", diff)
	}
	if !s.admits(t, g) || s.admits(t, first) || !s.admits(t, other) {
		t.Error("only the tokens of the profile before are refused, of this sign-in")
	}
	s.restart(t)
	if !s.admits(t, g) || s.admits(t, first) || !s.admits(t, other) {
		t.Error("after a restart a token of the profile before is good again")
	}
	if next := s.refresh(t, first.Refresh); next.Principal.Profile != kid || !s.admits(t, next) {
		t.Errorf("the next token speaks for %s", next.Principal.Profile)
	}
	back := s.choose(t, first.Principal.SignIn, grown)
	if !s.admits(t, back) || s.admits(t, g) {
		t.Error("choosing back")
	}
	s.now = s.now.Add(auth.AccessLife + time.Second)
	if s.admits(t, back) {
		t.Error("a chosen profile's token does not expire")
	}
}

// A token for pictures works longer than an access token: that its sign-in has ended or changed its profile is known as long.
func TestWhoIsCurrent(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	kid := s.kid(t)
	out, changed, stays := s.signIn(t).Principal, s.signIn(t).Principal, s.signIn(t).Principal
	if !s.Current(out) || !s.Current(changed) || !s.Current(stays) {
		t.Fatal("fresh sign-ins are not current")
	}
	if err := s.SignOut(t.Context(), out.SignIn); err != nil {
		t.Fatal(err)
	}
	chosen := s.choose(t, changed.SignIn, kid).Principal
	for range 2 {
		if s.Current(out) || s.Current(changed) || !s.Current(chosen) || !s.Current(stays) {
			t.Errorf("signed out %v, changed %v, chosen %v, untouched %v", s.Current(out), s.Current(changed), s.Current(chosen), s.Current(stays))
		}
		s.now = s.now.Add(119 * time.Minute) // the longest that a token for pictures works
		s.restart(t)
	}
}

func TestAProfileThatIsGoneLeavesItsSignIns(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	kid := s.kid(t)
	first := s.signIn(t)
	s.choose(t, first.Principal.SignIn, kid)
	if err := s.db.Accounts().RemoveProfile(t.Context(), kid, func([]account.Profile) error { return nil }); err != nil {
		t.Fatal(err)
	}
	s.ProfileGone(kid)
	if next := s.refresh(t, first.Refresh); next.Principal.Profile != first.Principal.Profile || !s.admits(t, next) {
		t.Errorf("the next token speaks for %s", next.Principal.Profile)
	}
}

func TestAProfileIsSignedOut(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	kid := s.kid(t)
	grown, first, second := s.signIn(t), s.signIn(t), s.signIn(t)
	for _, g := range []*auth.Grant{&first, &second} {
		next := s.choose(t, g.Principal.SignIn, kid)
		next.Refresh = g.Refresh
		*g = next
	}
	if err := s.SignOutProfile(t.Context(), s.anna.ID, kid, second.Principal.SignIn); err != nil {
		t.Fatal(err)
	}
	if !s.admits(t, grown) || s.admits(t, first) || !s.admits(t, second) {
		t.Error("who has the profile is out, but the one that asks")
	}
	if _, err := s.Refresh(t.Context(), first.Refresh, laptop); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("refreshed: %v", err)
	}
}

func TestNothingIsChosenOnASignInThatIsOver(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	kid := s.kid(t)
	ended, expired := s.signIn(t), s.signIn(t)
	if err := s.SignOut(t.Context(), ended.Principal.SignIn); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChooseProfile(t.Context(), ended.Principal.SignIn, kid); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("ended: %v", err)
	}
	s.now = s.now.Add(auth.RememberedLife)
	if _, err := s.ChooseProfile(t.Context(), expired.Principal.SignIn, kid); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("expired: %v", err)
	}
}

func TestConfirmIsThrottled(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	if err := s.Confirm(t.Context(), s.anna.ID, password, "10.0.0.1"); err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(t.Context(), "nobody", password, "10.0.0.1"); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("of an account that is gone: %v", err)
	}
	refused := 0
	for range 8 {
		err := s.Confirm(t.Context(), s.anna.ID, "wrong words", "10.0.0.2")
		var tooMany auth.TooMany
		switch {
		case errors.As(err, &tooMany):
			refused++
		case !errors.Is(err, auth.ErrPassword):
			t.Errorf("got %v", err)
		}
	}
	if refused == 0 {
		t.Error("eight wrong passwords in a row and nobody waits")
	}
	if err := s.Confirm(t.Context(), s.anna.ID, password, "10.0.0.2"); !errors.Is(err, auth.ErrTooMany) {
		t.Errorf("the right one while waiting: %v", err)
	}
	if err := s.Confirm(t.Context(), s.anna.ID, password, "10.0.0.1"); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

// TestAGuestLocksNoOwnerOut: wrong passwords on a signed-in device do not make the owner wait who signs in, nor who gives the
// password on a device in a network that the account signed in from.
func TestAGuestLocksNoOwnerOut(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	s.signIn(t) // at laptop.Address
	confirm := func(password, address string) error { return s.Confirm(t.Context(), s.anna.ID, password, address) }
	looked := 0
	for i := range 60 {
		err := confirm("a guess", fmt.Sprintf("10.4.0.%d", i))
		if errors.Is(err, auth.ErrPassword) {
			looked++
		} else if !errors.Is(err, auth.ErrTooMany) {
			t.Fatal(err)
		}
	}
	if looked != 30 {
		t.Errorf("%d of 60 guesses from as many addresses were looked at, want 30", looked)
	}
	for range 8 {
		if err := confirm("a guess", "10.4.0.1"); err == nil {
			t.Fatal("a wrong password was taken")
		}
	}
	for _, address := range []string{"10.4.0.1", "198.51.100.7", laptop.Address} {
		if err := s.enter(t, address); err != nil {
			t.Errorf("the owner signs in at %s: %v", address, err)
		}
	}
	if err := confirm(password, laptop.Address); err != nil {
		t.Errorf("the owner gives the password at home: %v", err)
	}
}

// TestAGuestDoesNotUseUpTheTriesOfANetwork: one guest who types wrong passwords all day must not make the others at home
// wait, who sign in to accounts of their own.
func TestAGuestDoesNotUseUpTheTriesOfANetwork(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	for range 24 * 4 {
		if err := s.Confirm(t.Context(), s.anna.ID, "a guess", laptop.Address); !errors.Is(err, auth.ErrPassword) {
			t.Fatal(err)
		}
		s.now = s.now.Add(15 * time.Minute)
	}
	if err := s.enter(t, laptop.Address); err != nil {
		t.Errorf("the owner: %v", err)
	}
	for range 4 {
		_, err := s.SignIn(t.Context(), "ben@example.org", "wrong", laptop, false)
		if !errors.Is(err, auth.ErrSignIn) {
			t.Errorf("another account: %v", err)
		}
	}
}
