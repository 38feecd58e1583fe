package account_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"movify/pkg/account"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/store"
)

// locked adds a profile with the PIN 0042 and gives a func that tries to enter it on a device.
func (f *profileHarness) locked() (account.Profile, func(device id.SignIn, pin string) error) {
	c := named("Ben")
	c.PIN = account.To("0042")
	ben := f.add(c)
	return ben, func(device id.SignIn, pin string) error {
		_, err := f.Enter(f.t.Context(), f.anna, device, ben.ID, account.Unlock{PIN: pin})
		return err
	}
}

// pause types a wrong PIN on a device until it is told to wait. It gives the number of wrong PINs and the time to wait.
func pause(t *testing.T, enter func(id.SignIn, string) error, device id.SignIn) (wrong int, wait time.Duration) {
	t.Helper()
	for range 100 {
		err := enter(device, "1111")
		var l account.Locked
		if errors.As(err, &l) {
			return wrong, l.RetryAfter()
		}
		if !errors.Is(err, account.ErrPINWrong) {
			t.Fatal(err)
		}
		wrong++
	}
	t.Fatal("never told to wait")
	return 0, 0
}

func TestWrongPINsPauseForLongerEachTime(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	_, enter := f.locked()
	for i, want := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
		wrong, wait := pause(t, enter, "tablet")
		if wrong != 5 || wait != time.Duration(want)*time.Minute {
			t.Errorf("pause %d: %v after %d wrong PINs, want %d minutes after 5", i, wait, wrong, want)
		}
		f.now = f.now.Add(wait)
	}
	f.expect(nil, enter("tablet", "0042"), "the right one after a pause")
	if wrong, wait := pause(t, enter, "tablet"); wrong != 5 || wait != time.Minute {
		t.Errorf("after the right one: %v after %d wrong PINs", wait, wrong)
	}
	f.now = f.now.Add(25 * time.Hour)
	if wrong, wait := pause(t, enter, "tablet"); wrong != 5 || wait != time.Minute {
		t.Errorf("after a day: %v after %d wrong PINs", wait, wrong)
	}
}

// TestAGuessingDeviceDoesNotLockTheOthersOut: a child tries PINs on a tablet whenever it may, all day long.
func TestAGuessingDeviceDoesNotLockTheOthersOut(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	_, enter := f.locked()
	pause(t, enter, "tablet")
	f.expect(nil, enter("television", "0042"), "the parents meanwhile")
	guesses := 0
	for end := f.now.Add(24 * time.Hour); f.now.Before(end); {
		wrong, wait := pause(t, enter, "tablet")
		guesses += wrong
		var l account.Locked
		if err := enter("television", "0000"); errors.As(err, &l) && l.RetryAfter() > 15*time.Minute {
			t.Fatalf("the parents wait %v", l.RetryAfter())
		}
		f.now = f.now.Add(wait)
	}
	if guesses > 150 {
		t.Errorf("%d guesses in a day", guesses)
	}
}

// TestManyDevicesShareTheTriesOfAProfile: a new sign-in for every five guesses does not help.
func TestManyDevicesShareTheTriesOfAProfile(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	_, enter := f.locked()
	wrong := 0
	for i := range 60 {
		if errors.Is(enter(id.SignIn(fmt.Sprint("device ", i)), "1111"), account.ErrPINWrong) {
			wrong++
		}
	}
	if wrong != 20 {
		t.Errorf("%d of 60 guesses were looked at, want 20", wrong)
	}
	f.now = f.now.Add(time.Minute)
	if err := enter("device 59", "1111"); !errors.Is(err, account.ErrPINWrong) {
		t.Fatalf("after a minute: %v", err)
	}
	var w account.WrongPIN // the refused try of device 59 did not count: this was its first
	if err := enter("device 59", "1111"); !errors.As(err, &w) || w.TriesLeft() != 3 {
		t.Errorf("got %v, want 3 tries left", err)
	}
}

func TestThePasswordEndsAPause(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	ben, enter := f.locked()
	for range 4 {
		_, wait := pause(t, enter, "tablet")
		f.now = f.now.Add(wait)
	}
	pause(t, enter, "tablet")
	f.expect(account.ErrPINLocked, enter("tablet", "0042"), "in the pause")
	f.expect(nil, f.ResetPIN(t.Context(), f.anna.Account, ben.ID, "7777", proven), "reset")
	f.expect(nil, enter("tablet", "7777"), "with the password")
}

// busy is a Hasher that is busy while set.
type busy struct {
	quick
	set *bool
}

var errBusy = fault.New(fault.Unavailable, "sign_in_busy", "The server is busy.")

func (b busy) Verify(ctx context.Context, source, password, hash string) (bool, error) {
	if *b.set {
		return false, errBusy
	}
	return b.quick.Verify(ctx, source, password, hash)
}

// TestPINsAfterARestart: the counts outlive the service, and a busy server counts none.
func TestPINsAfterARestart(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &profileHarness{t: t, now: time.UnixMilli(1_800_000_000_000).UTC()}
	full := false
	restart := func() {
		f.Service = account.New(account.Options{Store: db.Accounts(), Hasher: busy{set: &full}, Passwords: quick{},
			Clock: func() time.Time { return f.now }})
	}
	restart()
	a, p, err := f.Setup(t.Context(), anna())
	if err != nil {
		t.Fatal(err)
	}
	f.anna = id.Viewer{Account: a.ID, Profile: p.ID}
	_, enter := f.locked()
	full = true
	for range 30 {
		f.expect(errBusy, enter("tablet", "0042"), "a busy server")
	}
	full = false
	if wrong, wait := pause(t, enter, "tablet"); wrong != 5 || wait != time.Minute {
		t.Errorf("%v after %d wrong PINs, want a minute after 5", wait, wrong)
	}
	restart()
	f.expect(account.ErrPINLocked, enter("tablet", "0042"), "after a restart")
	f.now = f.now.Add(time.Minute)
	if wrong, wait := pause(t, enter, "tablet"); wrong != 5 || wait != 2*time.Minute {
		t.Errorf("%v after %d wrong PINs, want two minutes after 5", wait, wrong)
	}
}
