package auth_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/auth"
)

var television = auth.Device{Address: "10.0.0.9", Agent: "set"}

// kinds gives the kinds of the security log's lines, oldest first.
func (s *harness) kinds(t *testing.T) (out []auth.Kind) {
	t.Helper()
	events, err := s.Events(t.Context(), "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		out = append([]auth.Kind{e.Kind}, out...)
	}
	return out
}

func TestATelevisionIsApprovedOnAPhone(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	phone := s.signIn(t).Principal
	codes, err := s.Pair(t.Context(), "Living room", television)
	if err != nil {
		t.Fatal(err)
	}
	if len(codes.UserCode) != 9 || codes.UserCode[4] != '-' || codes.Interval != 5*time.Second || codes.Life != 10*time.Minute {
		t.Errorf("codes %+v", codes)
	}
	poll := func(want error) auth.Grant {
		t.Helper()
		g, err := s.Fetch(t.Context(), codes.DeviceCode, television)
		if !errors.Is(err, want) {
			t.Errorf("poll = %v, want %v", err, want)
		}
		return g
	}
	poll(auth.ErrPending)
	s.now = s.now.Add(2 * time.Second)
	poll(auth.ErrSlowDown) // from now on the interval is ten seconds
	s.now = s.now.Add(6 * time.Second)
	poll(auth.ErrSlowDown)

	typed := strings.ToLower(strings.ReplaceAll(codes.UserCode, "-", " "))
	waiting, err := s.Waiting(t.Context(), typed, phone, laptop.Address)
	if err != nil || waiting.Client != "Living room" || waiting.Device != television {
		t.Errorf("waiting %+v, %v", waiting, err)
	}
	if err := s.Answer(t.Context(), typed, phone, laptop.Address, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(t.Context(), typed, phone, laptop.Address, false); !errors.Is(err, auth.ErrNoPairing) {
		t.Errorf("a second answer = %v, want ErrNoPairing", err)
	}
	s.now = s.now.Add(time.Minute)
	g := poll(nil)
	if !s.admits(t, g) || g.Principal.Account != s.anna.ID {
		t.Errorf("the television speaks for %+v", g.Principal)
	}
	s.now = s.now.Add(time.Minute)
	poll(auth.ErrPairing) // the tokens are given once
	ins, err := s.SignIns(t.Context(), s.anna.ID)
	if err != nil || len(ins) != 2 || ins[0].Client != auth.Television || ins[1].Client != auth.Browser {
		t.Errorf("sign-ins %+v, %v", ins, err)
	}
	if diff := cmp.Diff([]auth.Kind{auth.SignedIn, auth.Paired}, s.kinds(t)); diff != "" {
		t.Errorf("security log (-want +got):\n%s", diff)
	}
}

func TestADeviceThatIsTurnedAwayOrTooLate(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	phone := s.signIn(t).Principal
	denied, err := s.Pair(t.Context(), "Stranger", television)
	if err != nil {
		t.Fatal(err)
	}
	late, err := s.Pair(t.Context(), "Late", television)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(t.Context(), denied.UserCode, phone, laptop.Address, false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Fetch(t.Context(), denied.DeviceCode, television); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("turned away: %v", err)
	}
	s.now = s.now.Add(10 * time.Minute)
	if _, err := s.Fetch(t.Context(), late.DeviceCode, television); !errors.Is(err, auth.ErrPairing) {
		t.Errorf("late: %v", err)
	}
	if err := s.Answer(t.Context(), late.UserCode, phone, laptop.Address, true); !errors.Is(err, auth.ErrNoPairing) {
		t.Errorf("approved late: %v", err)
	}
	if _, err := s.Fetch(t.Context(), "no such code", television); !errors.Is(err, auth.ErrPairing) {
		t.Errorf("an unknown code: %v", err)
	}
}

func TestGuessingACodeIsThrottled(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	phone := s.signIn(t).Principal
	refused := 0
	for range 20 {
		_, err := s.Waiting(t.Context(), "BCDF-GHJK", phone, laptop.Address)
		if errors.Is(err, auth.ErrTooMany) {
			refused++
		} else if !errors.Is(err, auth.ErrNoPairing) {
			t.Fatal(err)
		}
	}
	if refused != 15 {
		t.Errorf("%d of 20 guesses refused, want all but the first 5", refused)
	}
}

func TestEndingDevices(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	here, there, third := s.signIn(t), s.signIn(t), s.signIn(t)
	if err := s.EndOwnSignIn(t.Context(), "somebody else", there.Principal.SignIn); !errors.Is(err, auth.ErrNoSignIn) {
		t.Errorf("another account's: %v", err)
	}
	if err := s.EndOwnSignIn(t.Context(), s.anna.ID, there.Principal.SignIn); err != nil {
		t.Fatal(err)
	}
	if !s.admits(t, here) || s.admits(t, there) || !s.admits(t, third) {
		t.Error("only the one device must be signed out")
	}
	if err := s.EndOwnSignIn(t.Context(), s.anna.ID, there.Principal.SignIn); !errors.Is(err, auth.ErrNoSignIn) {
		t.Errorf("twice: %v", err)
	}
	secret, _, err := s.MakeKey(t.Context(), here.Principal, true, "script", []auth.Scope{auth.ScopeRead})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if err := s.SignOutEverywhere(t.Context(), s.anna.ID, here.Principal.SignIn); err != nil {
		t.Fatal(err)
	}
	if !s.admits(t, here) || s.admits(t, third) {
		t.Error("all but this device must be signed out")
	}
	if _, err := s.Authenticate(t.Context(), secret); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("an API key outlives the sign-ins: %v", err)
	}
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	anna := s.signIn(t).Principal
	secret, k, err := s.MakeKey(t.Context(), anna, true, " backup script ", []auth.Scope{auth.ScopeRead, auth.ScopeAdmin, auth.ScopeRead})
	if err != nil {
		t.Fatal(err)
	}
	if k.Name != "backup script" || !strings.HasPrefix(secret, k.Hint) || strings.Contains(k.Hash, secret) {
		t.Errorf("key %+v", k)
	}
	want := auth.Principal{Account: s.anna.ID, Profile: anna.Profile, SignIn: k.ID, Role: "owner", Scopes: []auth.Scope{auth.ScopeAdmin, auth.ScopeRead}}
	for range 2 {
		got, err := s.Authenticate(t.Context(), secret)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	for name, made := range map[string]struct {
		name       string
		administer bool
		scopes     []auth.Scope
		want       error
	}{
		"no name":          {"  ", true, []auth.Scope{auth.ScopeRead}, auth.ErrKeyName},
		"no scope":         {"x", true, nil, auth.ErrKeyScope},
		"unknown scope":    {"x", true, []auth.Scope{"write"}, auth.ErrKeyScope},
		"member and admin": {"x", false, []auth.Scope{auth.ScopeAdmin}, auth.ErrKeyScope},
	} {
		if _, _, err := s.MakeKey(t.Context(), anna, made.administer, made.name, made.scopes); !errors.Is(err, made.want) {
			t.Errorf("%s: %v, want %v", name, err, made.want)
		}
	}
	for n := range len(secret) {
		altered := []byte(secret)
		altered[n] ^= 1
		if _, err := s.Authenticate(t.Context(), string(altered)); !errors.Is(err, auth.ErrExpired) {
			t.Errorf("altered at %d: %v", n, err)
		}
	}
	if err := s.EndKey(t.Context(), "somebody else", k.ID); !errors.Is(err, auth.ErrNoKey) {
		t.Errorf("another account's: %v", err)
	}
	if err := s.EndKey(t.Context(), s.anna.ID, k.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(t.Context(), secret); !errors.Is(err, auth.ErrExpired) {
		t.Errorf("an ended key: %v", err)
	}
	if len(s.ended) != 1 || s.ended[0] != k.ID {
		t.Errorf("playbacks ended of %v, want of the key", s.ended)
	}
}

func TestClocksTwoMinutesApart(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	g := s.signIn(t)
	for _, c := range []struct {
		off  time.Duration
		good bool
	}{{-2 * time.Minute, true}, {2 * time.Minute, true}, {auth.AccessLife, false}} {
		s.now = s.now.Add(c.off)
		if got := s.admits(t, g); got != c.good {
			t.Errorf("a node whose clock is %v off admits: %v, want %v", c.off, got, c.good)
		}
		s.now = s.now.Add(-c.off)
	}
}

func TestSecurityLogHoldsNoCredential(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	g := s.signIn(t)
	if _, err := s.SignIn(t.Context(), email, "a wrong word", laptop, true); !errors.Is(err, auth.ErrSignIn) {
		t.Fatal(err)
	}
	s.refresh(t, g.Refresh)
	s.now = s.now.Add(time.Hour)
	if _, err := s.Refresh(t.Context(), g.Refresh, laptop); !errors.Is(err, auth.ErrExpired) {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]auth.Kind{auth.SignedIn, auth.SignInFailed, auth.RefreshReused}, s.kinds(t)); diff != "" {
		t.Errorf("security log (-want +got):\n%s", diff)
	}
	events, err := s.Events(t.Context(), s.anna.ID, "", 100)
	if err != nil || len(events) != 3 {
		t.Fatalf("anna's own: %v, %v", events, err)
	}
	for _, e := range events {
		for _, secret := range []string{g.Refresh, g.Access, password, "a wrong word"} {
			if strings.Contains(e.Detail, secret) {
				t.Errorf("line %+v holds a credential", e)
			}
		}
	}
}
