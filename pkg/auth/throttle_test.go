package auth_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"movify/pkg/auth"
)

// guess types a wrong password of anna's from an address and reports whether it was looked at.
func (s *harness) guess(t *testing.T, address string) (looked bool) {
	t.Helper()
	_, err := s.SignIn(t.Context(), email, "wrong", auth.Device{Address: address}, false)
	if err != nil && !errors.Is(err, auth.ErrSignIn) && !errors.Is(err, auth.ErrTooMany) {
		t.Fatal(err)
	}
	return errors.Is(err, auth.ErrSignIn)
}

func (s *harness) enter(t *testing.T, address string) error {
	t.Helper()
	_, err := s.SignIn(t.Context(), email, password, auth.Device{Address: address}, false)
	return err
}

// TestOneSiteOfIPv6HasACeiling: a site with a /48 has 65536 networks of its own to try from.
func TestOneSiteOfIPv6HasACeiling(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	looked := 0
	for i := range 40 {
		if s.guess(t, fmt.Sprintf("2001:db8:1:%x::1", i)) {
			looked++
		}
	}
	if looked != 15 {
		t.Errorf("%d of 40 guesses from one /48 were looked at, want 15", looked)
	}
	if err := s.enter(t, "2001:db8:2::1"); err != nil {
		t.Errorf("the owner at another site: %v", err)
	}
}

func TestOneSiteOfIPv6OnManyAccounts(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	looked := 0
	for i := range 160 {
		d := auth.Device{Address: fmt.Sprintf("2001:db8:1:%x::1", i)}
		_, err := s.SignIn(t.Context(), fmt.Sprintf("guess%d@example.org", i), "wrong", d, false)
		if errors.Is(err, auth.ErrSignIn) {
			looked++
		}
	}
	if looked != 150 {
		t.Errorf("%d of 160 guesses from one /48 were looked at, want 150", looked)
	}
}

func TestUsesFromOneSiteOfIPv6(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	passed := 0
	for i := range 20 {
		if s.LimitUse(t.Context(), "letter", "anna", fmt.Sprintf("2001:db8:1:%x::1", i), 3) == nil {
			passed++
		}
	}
	if passed != 9 {
		t.Errorf("%d of 20 uses from one /48 passed, want 9", passed)
	}
}

// TestManyAddressesOnOneAccount: guesses from ever new addresses slow down, and the owner gets in all the same.
func TestManyAddressesOnOneAccount(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	const home = "192.0.2.1"
	if err := s.enter(t, home); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(20 * 24 * time.Hour)
	n, looked := 0, 0
	storm := func(times int) {
		for range times {
			n++
			if s.guess(t, fmt.Sprintf("2001:db8:%x::1", n)) {
				looked++
			}
		}
	}
	storm(60)
	if looked != 30 {
		t.Errorf("%d of 60 guesses at once were looked at, want 30", looked)
	}
	for range 12 * 60 { // for twelve hours a guess every minute
		s.now = s.now.Add(time.Minute)
		storm(1)
		if n%30 == 0 {
			if err := s.DropOld(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.restart(t) // a restart resets nothing
			if err := s.enter(t, home); err != nil {
				t.Fatalf("the owner at home: %v", err)
			}
		}
	}
	if looked > 30+10+4*12 {
		t.Errorf("%d guesses were looked at in twelve hours, want four an hour", looked)
	}
	var wait auth.TooMany
	if err := s.enter(t, "198.51.100.7"); !errors.As(err, &wait) || wait.RetryAfter() > 15*time.Minute {
		t.Fatalf("the owner on a journey: %v", err)
	}
	s.now = s.now.Add(wait.RetryAfter())
	if err := s.enter(t, "198.51.100.7"); err != nil {
		t.Errorf("the owner on a journey, after the wait: %v", err)
	}
	if err := s.enter(t, "198.51.100.7"); err != nil {
		t.Errorf("the owner on a journey again: %v", err)
	}
	storm(1)
	if err := s.enter(t, home); err != nil {
		t.Errorf("the owner at home: %v", err)
	}
	if _, err := s.SignIn(t.Context(), "ben@example.org", "wrong", laptop, false); !errors.Is(err, auth.ErrSignIn) {
		t.Errorf("another account: %v", err)
	}
}

// TestAKnownNetworkIsForgotten: a network from which the account last signed in long ago is like any other.
func TestAKnownNetworkIsForgotten(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	if err := s.enter(t, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(31 * 24 * time.Hour)
	for i := range 30 {
		s.guess(t, fmt.Sprintf("10.7.0.%d", i))
	}
	if err := s.enter(t, "192.0.2.1"); !errors.Is(err, auth.ErrTooMany) {
		t.Errorf("after a month: %v", err)
	}
}

func TestManyAddressesAtOnce(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	var looked atomic.Int32
	next := make(chan int)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for n := range next {
				if s.guess(t, fmt.Sprintf("10.8.0.%d", n)) {
					looked.Add(1)
				}
			}
		})
	}
	for n := range 60 {
		next <- n
	}
	close(next)
	wg.Wait()
	if looked.Load() != 30 {
		t.Errorf("%d of 60 guesses were looked at, want 30", looked.Load())
	}
}

// TestManyGoodSignIns: the ceiling is one of failures.
func TestManyGoodSignIns(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	for i := range 35 {
		if err := s.enter(t, fmt.Sprintf("10.9.0.%d", i)); err != nil {
			t.Fatalf("sign-in %d: %v", i, err)
		}
	}
}

// TestASuccessMakesNobodyWait: the owner who signs in from a new network during an attack does not make the next new device
// wait, and neither does an attempt that was taken back.
func TestASuccessMakesNobodyWait(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	for n := range 36 {
		d := auth.Device{Address: fmt.Sprintf("203.0.%d.1", n)}
		if _, err := s.SignIn(t.Context(), email, "wrong", d, false); !errors.Is(err, auth.ErrSignIn) {
			t.Fatalf("guess %d: %v", n, err)
		}
		if n >= 29 { // from here on one at a time
			s.now = s.now.Add(16 * time.Minute)
		}
	}
	for _, address := range []string{"198.51.100.1", "192.0.2.1"} {
		if _, err := s.SignIn(t.Context(), email, password, auth.Device{Address: address}, false); err != nil {
			t.Errorf("the owner from %s: %v", address, err)
		}
	}
}
