package auth_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"movify/pkg/auth"
	"movify/pkg/fault"
)

// TestAFloodLeavesPlacesToOthers: while every core hashes, ten times as many wrong passwords as there are places come from
// one site, and then the right password from elsewhere.
func TestAFloodLeavesPlacesToOthers(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	all, _ := s.hash.Places()
	release := s.hash.Block()
	flood := make(chan error, 10*all)
	for i := range cap(flood) {
		go func() {
			d := auth.Device{Address: fmt.Sprintf("2001:db8:1:%x::1", i%8)} // eight networks of one site
			_, err := s.SignIn(t.Context(), fmt.Sprintf("guess%d@example.org", i), "wrong", d, false)
			flood <- err
		}()
	}
	for range cap(flood) - all/2 {
		if err := <-flood; !errors.Is(err, auth.ErrBusy) || fault.Of(err).Kind != fault.Unavailable {
			t.Errorf("without a place: %v", err)
		}
	}
	if _, taken := s.hash.Places(); taken != all/2 {
		t.Errorf("the flood has %d of %d places, want half", taken, all)
	}
	owner := make(chan error, 1)
	go func() {
		_, err := s.SignIn(t.Context(), email, password, laptop, false)
		owner <- err
	}()
	for taken := 0; taken <= all/2; _, taken = s.hash.Places() { // until the owner waits as well
		select {
		case err := <-owner:
			t.Fatalf("the owner, without waiting: %v", err)
		default:
			runtime.Gosched()
		}
	}
	release()
	if err := <-owner; err != nil {
		t.Errorf("the owner: %v", err)
	}
	for range all / 2 {
		if err := <-flood; !errors.Is(err, auth.ErrSignIn) {
			t.Errorf("with a place: %v", err)
		}
	}
	if _, taken := s.hash.Places(); taken != 0 {
		t.Errorf("%d places did not come back", taken)
	}
}

// TestABusyServerCountsNoFailure: a password that was not looked at is not a wrong one.
func TestABusyServerCountsNoFailure(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	all, _ := s.hash.Places()
	release := s.hash.Block()
	waiting := make(chan error, all)
	for i := range 2 * (all / 2) {
		d := auth.Device{Address: fmt.Sprintf("10.0.%d.1", i%2)}
		go func() {
			_, err := s.SignIn(t.Context(), fmt.Sprintf("guess%d@example.org", i), "wrong", d, false)
			waiting <- err
		}()
	}
	for taken := 0; taken < 2*(all/2); _, taken = s.hash.Places() {
		runtime.Gosched()
	}
	for range 40 {
		if _, err := s.SignIn(t.Context(), email, password, laptop, false); !errors.Is(err, auth.ErrBusy) {
			t.Errorf("without a place: %v", err)
		}
		if err := s.Confirm(t.Context(), s.anna.ID, password, laptop.Address); !errors.Is(err, auth.ErrBusy) {
			t.Errorf("confirmed without a place: %v", err)
		}
	}
	release()
	for range 2 * (all / 2) {
		if err := <-waiting; !errors.Is(err, auth.ErrSignIn) {
			t.Errorf("with a place: %v", err)
		}
	}
	s.signIn(t)
	if err := s.Confirm(t.Context(), s.anna.ID, password, laptop.Address); err != nil {
		t.Errorf("confirmed: %v", err)
	}
}

// TestAFloodOfRegistrationsLeavesPlacesToPINs: what one source has hashed takes half of the places at most.
func TestAFloodOfRegistrationsLeavesPlacesToPINs(t *testing.T) {
	t.Parallel()
	h := auth.NewHasher()
	stored, err := h.Hash(t.Context(), "anna", "2468")
	if err != nil {
		t.Fatal(err)
	}
	all, _ := h.Places()
	release := h.Block()
	flood := make(chan error, 2*all)
	for range cap(flood) {
		go func() {
			_, err := h.Hash(t.Context(), "registration", "a password")
			flood <- err
		}()
	}
	for range cap(flood) - all/2 {
		if err := <-flood; !errors.Is(err, auth.ErrBusy) {
			t.Errorf("without a place: %v", err)
		}
	}
	pin := make(chan error, 1)
	go func() {
		right, err := h.Verify(t.Context(), "anna", "2468", stored)
		if err == nil && !right {
			err = errors.New("the PIN is refused")
		}
		pin <- err
	}()
	release()
	if err := <-pin; err != nil {
		t.Errorf("a PIN: %v", err)
	}
	for range all / 2 {
		if err := <-flood; err != nil {
			t.Errorf("with a place: %v", err)
		}
	}
}
