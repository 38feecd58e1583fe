package auth_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/auth"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/store"
)

const (
	email    = "anna@example.org"
	password = "correct horse battery"
)

var laptop = auth.Device{Address: "10.0.0.1", Agent: "browser"}

// harness is an installation with anna's account and a clock that is set by hand.
type harness struct {
	*auth.Service
	db    *store.DB
	keys  *auth.Keyring
	hash  *auth.Hasher
	now   time.Time
	mu    sync.Mutex
	ended []id.SignIn // sign-ins whose playbacks were ended
	anna  account.Account
}

func (s *harness) EndSignIn(_ context.Context, x id.SignIn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, x)
	return nil
}

func newHarness(t *testing.T) *harness {
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
	s := &harness{db: db, now: time.UnixMilli(1_800_000_000_000).UTC()}
	people := account.New(account.Options{Store: db.Accounts(), Hasher: auth.NewHasher()})
	if s.anna, _, err = people.Setup(t.Context(), account.NewAccount{Email: email, FirstName: "Anna", Password: password}); err != nil {
		t.Fatal(err)
	}
	s.restart(t)
	return s
}

// restart builds the Service anew over the same data.
func (s *harness) restart(t *testing.T) {
	t.Helper()
	clock := func() time.Time { return s.now }
	keys, err := auth.LoadKeys(t.Context(), s.db.Auth(), auth.Access, clock)
	if err != nil {
		t.Fatal(err)
	}
	s.keys, s.hash = keys, auth.NewHasher()
	s.Service, err = auth.New(t.Context(), auth.Options{
		Store: s.db.Auth(), Hasher: s.hash, Keys: keys, Playbacks: s, Clock: clock, Normalise: account.NormaliseEmail})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *harness) signIn(t *testing.T) auth.Grant {
	t.Helper()
	g, err := s.SignIn(t.Context(), email, password, laptop, true)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (s *harness) refresh(t *testing.T, token string) auth.Grant {
	t.Helper()
	g, err := s.Refresh(t.Context(), token, laptop)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (s *harness) admits(t *testing.T, g auth.Grant) bool {
	t.Helper()
	p, err := s.Authenticate(t.Context(), g.Access)
	if err != nil {
		if !errors.Is(err, auth.ErrExpired) {
			t.Errorf("want ErrExpired, got %v", err)
		}
		return false
	}
	if diff := cmp.Diff(g.Principal, p); diff != "" {
		t.Errorf("principal (-want +got):\n%s", diff)
	}
	return true
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	g, err := s.SignIn(t.Context(), "  Anna@Example.org ", password, laptop, true)
	if err != nil {
		t.Fatal(err)
	}
	p := g.Principal
	if p.Account != s.anna.ID || p.Role != "owner" || p.Profile == "" || p.SignIn == "" || !s.admits(t, g) {
		t.Errorf("principal %+v", p)
	}
	if g.AccessExpires.Sub(s.now) != 10*time.Minute || g.RefreshExpires.Sub(s.now) != 30*24*time.Hour || !g.Remember {
		t.Errorf("grant %+v", g)
	}
	short, err := s.SignIn(t.Context(), email, password, laptop, false)
	if err != nil || short.RefreshExpires.Sub(s.now) != 24*time.Hour || short.Remember {
		t.Errorf("a sign-in that is not remembered: %+v, %v", short, err)
	}
	begun, err := s.Begin(t.Context(), s.anna.ID, laptop, true)
	if err != nil || !s.admits(t, begun) {
		t.Errorf("begun without a password: %v", err)
	}
	if _, err := s.Begin(t.Context(), "nobody", laptop, true); !errors.Is(err, auth.ErrSignIn) {
		t.Errorf("begun for nobody: %v", err)
	}
}

func TestWrongAndUnknownAreOneAnswer(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	_, wrong := s.SignIn(t.Context(), email, password+"x", laptop, true)
	_, unknown := s.SignIn(t.Context(), "nobody@example.org", password, laptop, true)
	if !errors.Is(wrong, auth.ErrSignIn) || wrong.Error() != unknown.Error() {
		t.Errorf("wrong: %v; unknown: %v", wrong, unknown)
	}
}

func TestAccessTokens(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	g := s.signIn(t)
	old := s.keys
	if err := old.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !s.admits(t, g) {
		t.Error("a token of the key before is refused")
	}
	if !s.admits(t, s.signIn(t)) {
		t.Error("a token of the new key is refused")
	}
	parts := strings.Split(g.Access, ".")
	none, err := jwt.New(jwt.SigningMethodNone).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{"iss": "movify", "sub": "x", "exp": s.now.Add(time.Hour).Unix()}
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims).SignedString(stranger)
	if err != nil {
		t.Fatal(err)
	}
	confused := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	confused.Header["kid"] = "1"
	symmetric, err := confused.SignedString([]byte("guess"))
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"empty": "", "words": "a.b.c", "no signature": parts[0] + "." + parts[1] + ".", "unsigned": none,
		"another key": foreign, "another algorithm": symmetric, "refresh token": g.Refresh,
		"other claims": parts[0] + "." + strings.Split(none, ".")[1] + "." + parts[2],
	} {
		if _, err := s.Authenticate(t.Context(), token); !errors.Is(err, auth.ErrExpired) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.now = s.now.Add(10 * time.Minute)
	if s.admits(t, g) {
		t.Error("a token works after ten minutes")
	}
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	first := s.signIn(t)
	s.now = s.now.Add(time.Hour)
	second := s.refresh(t, first.Refresh)
	if second.Refresh == first.Refresh || !cmp.Equal(second.Principal, first.Principal) || !s.admits(t, second) {
		t.Errorf("refreshed to %+v", second.Principal)
	}
	if got := second.RefreshExpires.Sub(s.now); got != auth.RememberedLife {
		t.Errorf("lasts %v from its last use", got)
	}
	s.now = s.now.Add(auth.RememberedLife)
	if _, err := s.Refresh(t.Context(), second.Refresh, laptop); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("after its life: %v", err)
	}
	if _, err := s.Refresh(t.Context(), "unknown", laptop); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("an unknown token: %v", err)
	}
}

func TestTwoTabsStaySignedIn(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	first := s.signIn(t)
	tabs := make([]auth.Grant, 2)
	var wg sync.WaitGroup
	for i := range tabs {
		wg.Go(func() {
			g, err := s.Refresh(t.Context(), first.Refresh, laptop)
			if err != nil {
				t.Error(err)
			}
			tabs[i] = g
		})
	}
	wg.Wait()
	s.now = s.now.Add(20 * time.Second)
	late := s.refresh(t, first.Refresh) // the answer was lost, the browser asks again
	s.now = s.now.Add(time.Hour)
	for _, g := range append(tabs, late) { // whichever cookie the browser kept
		if !s.admits(t, s.refresh(t, g.Refresh)) {
			t.Error("signed out")
		}
	}
}

// TestATokenHasOneSuccessor: a thief who uses a copied token at the same moment as its owner gets no lasting line of his own.
func TestATokenHasOneSuccessor(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	first := s.signIn(t)
	s.now = s.now.Add(time.Minute)
	owner := s.refresh(t, first.Refresh)
	if err := s.keys.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(10 * time.Second)
	thief := s.refresh(t, first.Refresh)
	s.restart(t)
	again := s.refresh(t, first.Refresh)
	if owner.Refresh != thief.Refresh || owner.Refresh != again.Refresh || owner.Refresh == first.Refresh {
		t.Error("one token has several successors")
	}
	s.now = s.now.Add(10 * time.Minute)
	owner = s.refresh(t, owner.Refresh)
	s.now = s.now.Add(10 * time.Minute)
	if _, err := s.Refresh(t.Context(), thief.Refresh, laptop); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("the thief's copy: %v", err)
	}
	if s.admits(t, owner) {
		t.Error("the sign-in goes on although its token was stolen")
	}
	events, err := s.Events(t.Context(), s.anna.ID, "", 10)
	if err != nil || !slices.ContainsFunc(events, func(e auth.Event) bool { return e.Kind == auth.RefreshReused }) {
		t.Errorf("the owner is not told: %v, %v", events, err)
	}
}

func TestReuseEndsTheSignIn(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	first, other := s.signIn(t), s.signIn(t)
	second := s.refresh(t, first.Refresh)
	s.now = s.now.Add(21 * time.Second)
	if _, err := s.Refresh(t.Context(), first.Refresh, laptop); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("a used token: %v", err)
	}
	if s.admits(t, second) {
		t.Error("an access token of the ended sign-in works")
	}
	if _, err := s.Refresh(t.Context(), second.Refresh, laptop); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("the newer token: %v", err)
	}
	if diff := cmp.Diff([]id.SignIn{first.Principal.SignIn}, s.ended); diff != "" {
		t.Errorf("playbacks ended (-want +got):\n%s", diff)
	}
	if !s.admits(t, other) {
		t.Error("another sign-in was ended")
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	g, other := s.signIn(t), s.signIn(t)
	for range 2 {
		if err := s.SignOut(t.Context(), g.Principal.SignIn); err != nil {
			t.Fatal(err)
		}
	}
	for _, when := range []string{"now", "after a restart"} {
		if s.admits(t, g) {
			t.Errorf("%s: the access token works", when)
		}
		if _, err := s.Refresh(t.Context(), g.Refresh, laptop); !errors.Is(err, auth.ErrExpired) {
			t.Errorf("%s: refresh: %v", when, err)
		}
		if !s.admits(t, other) {
			t.Errorf("%s: the other sign-in is out", when)
		}
		s.restart(t)
	}
	if !slices.Contains(s.ended, g.Principal.SignIn) {
		t.Error("its playbacks go on")
	}
	left, err := s.SignIns(t.Context(), s.anna.ID)
	if err != nil || len(left) != 1 || left[0].ID != other.Principal.SignIn || left[0].Device != laptop {
		t.Errorf("sign-ins %+v, %v", left, err)
	}
	if err := s.SignOutAll(t.Context(), s.anna.ID); err != nil || s.admits(t, other) {
		t.Errorf("after signing out everywhere the other works: %v", err)
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	try := func(password string, d auth.Device) error {
		_, err := s.SignIn(t.Context(), email, password, d, false)
		return err
	}
	for range 5 {
		if err := try("wrong", laptop); !errors.Is(err, auth.ErrSignIn) {
			t.Fatalf("a free attempt: %v", err)
		}
	}
	for _, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		s.restart(t) // a restart resets nothing
		err := try(password, laptop)
		var waits interface{ RetryAfter() time.Duration }
		if !errors.Is(err, auth.ErrTooMany) || !errors.As(err, &waits) || waits.RetryAfter() != want || fault.Of(err).Kind != fault.Limited {
			t.Fatalf("want to wait %v, got %v", want, err)
		}
		s.now = s.now.Add(want)
		if err := try("wrong", laptop); !errors.Is(err, auth.ErrSignIn) {
			t.Fatalf("after the wait: %v", err)
		}
	}
	if err := try(password, auth.Device{Address: "10.0.0.9"}); err != nil {
		t.Errorf("the owner at another address: %v", err)
	}
	s.now = s.now.Add(time.Minute)
	if err := try(password, laptop); err != nil {
		t.Errorf("the right password after the wait: %v", err)
	}
	for range 5 { // the success reset the count
		if err := try("wrong", laptop); !errors.Is(err, auth.ErrSignIn) {
			t.Errorf("after a good sign-in: %v", err)
		}
	}
}

func TestManyAttemptsAtOnce(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	results := make([]error, 20)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() { _, results[i] = s.SignIn(t.Context(), email, fmt.Sprint("guess ", i), laptop, false) })
	}
	wg.Wait()
	checked := 0
	for _, err := range results {
		switch {
		case errors.Is(err, auth.ErrSignIn):
			checked++
		case !errors.Is(err, auth.ErrTooMany) && !errors.Is(err, auth.ErrBusy):
			t.Error(err)
		}
	}
	if checked != 5 {
		t.Errorf("%d guesses were looked at, want 5", checked)
	}
}

func TestClockThatWasPutBackLocksNobodyOut(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	right := s.now
	s.now = right.AddDate(3, 0, 0) // a board without a battery, before it has asked the network
	for range 6 {
		if _, err := s.SignIn(t.Context(), email, "wrong", laptop, false); !errors.Is(err, auth.ErrSignIn) && !errors.Is(err, auth.ErrTooMany) {
			t.Fatal(err)
		}
	}
	s.now = right
	if _, err := s.SignIn(t.Context(), email, password, laptop, false); err != nil {
		t.Errorf("three years earlier: %v", err)
	}
}

func TestNeighboursOfIPv6AreOneAddress(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	try := func(address string) error {
		_, err := s.SignIn(t.Context(), email, "wrong", auth.Device{Address: address}, false)
		return err
	}
	for i := range 5 {
		if err := try(fmt.Sprintf("2001:db8:1:2::%x", i+1)); !errors.Is(err, auth.ErrSignIn) {
			t.Fatal(err)
		}
	}
	if err := try("2001:db8:1:2:a:b:c:d"); !errors.Is(err, auth.ErrTooMany) {
		t.Errorf("another address of the same customer: %v", err)
	}
	if err := try("2001:db8:1:3::1"); !errors.Is(err, auth.ErrSignIn) {
		t.Errorf("an address of another customer: %v", err)
	}
	if err := try("::ffff:10.0.0.7"); !errors.Is(err, auth.ErrSignIn) {
		t.Errorf("an IPv4 address: %v", err)
	}
}

func TestOneAddressOnManyAccounts(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	for i := range 50 {
		if _, err := s.SignIn(t.Context(), fmt.Sprintf("guess%d@example.org", i), "wrong", laptop, false); !errors.Is(err, auth.ErrSignIn) {
			t.Fatal(err)
		}
	}
	if _, err := s.SignIn(t.Context(), "another@example.org", "wrong", laptop, false); !errors.Is(err, auth.ErrTooMany) {
		t.Errorf("the 51st: %v", err)
	}
}
