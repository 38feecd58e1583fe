package account

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of switching between profiles.
var (
	ErrPIN        = fault.New(fault.Invalid, "pin_invalid", "A PIN is four digits.")
	ErrPINNeeded  = fault.New(fault.Forbidden, "pin_needed", "Please enter the PIN of this profile.")
	ErrPINWrong   = fault.New(fault.Forbidden, "pin_wrong", "That is not the PIN of this profile.")
	ErrPINLocked  = fault.New(fault.Limited, "pin_locked", "Too many wrong PINs. Please wait a minute.")
	ErrExitNeeded = fault.New(fault.Forbidden, "exit_needed",
		"Please answer the question for grown-ups to leave the kids profile.")
	ErrExitWrong  = fault.New(fault.Forbidden, "exit_wrong", "That is not the answer.")
	ErrExitLocked = fault.New(fault.Limited, "exit_locked", "Too many wrong answers. Please wait a minute.")
)

const (
	freeTries   = 5
	lockedFor   = time.Minute
	questionFor = 10 * time.Minute
)

// Tries counts wrong PINs or wrong answers of one key.
type Tries struct {
	Failures int
	Question int // the question that was asked last, 0 = none
	Last     time.Time
	Until    time.Time // no further try before
}

// begin counts a try at now as a failure before it is checked, so that concurrent tries cannot exceed the free ones; a success
// resets the count. left is the number of remaining tries; wait is the time to wait when there is none.
func (t *Tries) begin(now time.Time) (left int, wait time.Duration) {
	if wait := t.Until.Sub(now); wait > 0 && wait <= lockedFor { // a longer wait means that the clock was set back
		return 0, wait
	}
	if !t.Until.IsZero() {
		t.Failures, t.Until = 0, time.Time{}
	}
	t.Failures++
	t.Last = now
	if t.Failures >= freeTries {
		t.Until = now.Add(lockedFor)
	}
	return freeTries - t.Failures, 0
}

// WrongPIN is ErrPINWrong with the number of remaining tries.
type WrongPIN struct {
	*fault.Fault
	Left int
}

// TriesLeft is the number of tries before the PIN is locked for a while.
func (w WrongPIN) TriesLeft() int { return w.Left }

// Unwrap gives the fault.
func (w WrongPIN) Unwrap() error { return w.Fault }

// Locked is a Limited fault with the time to wait.
type Locked struct {
	*fault.Fault
	After time.Duration
}

// RetryAfter is how long to wait.
func (l Locked) RetryAfter() time.Duration { return l.After }

// Unwrap gives the fault.
func (l Locked) Unwrap() error { return l.Fault }

// hashPIN gives the hash of a PIN; "" for no PIN.
func (s *Service) hashPIN(ctx context.Context, pin string) (string, error) {
	if pin == "" {
		return "", nil
	}
	if len(pin) != 4 || strings.Trim(pin, "0123456789") != "" {
		return "", ErrPIN
	}
	hash, err := s.opts.Hasher.Hash(ctx, pin)
	return hash, wrapUnlessFault("hash a PIN", err)
}

func pinKey(p id.Profile) string { return "pin:" + string(p) }
func exitKey(x id.SignIn) string { return "exit:" + string(x) }

// checkPIN gives nil for the right PIN of a profile, else a fault.
func (s *Service) checkPIN(ctx context.Context, p id.Profile, pin string) error {
	if pin == "" {
		return ErrPINNeeded
	}
	now, left := s.opts.Clock(), 0
	err := s.opts.Store.ChangeTries(ctx, pinKey(p), now, func(t *Tries) error {
		var wait time.Duration
		if left, wait = t.begin(now); wait > 0 {
			return Locked{ErrPINLocked, wait}
		}
		return nil
	})
	if err != nil {
		return wrapUnlessFault("count a try", err)
	}
	hash, err := s.opts.Store.PINHash(ctx, p)
	if err != nil {
		return wrapUnlessFault("read a PIN", err)
	}
	good := hash == ""
	if !good {
		if good, err = s.opts.Hasher.Verify(ctx, pin, hash); err != nil {
			return wrapUnlessFault("check a PIN", err)
		}
	}
	if !good {
		return WrongPIN{ErrPINWrong, left}
	}
	return s.resetTries(ctx, pinKey(p))
}

// resetTries clears the count of a key.
func (s *Service) resetTries(ctx context.Context, key string) error {
	err := s.opts.Store.ChangeTries(ctx, key, s.opts.Clock(), func(t *Tries) error {
		*t = Tries{}
		return nil
	})
	return wrapUnlessFault("forget failed tries", err)
}

// ResetPIN sets the PIN of a profile, "" = none. It requires the password of the account.
func (s *Service) ResetPIN(ctx context.Context, a id.Account, p id.Profile, pin string, proof Proof) error {
	if _, err := s.OwnProfile(ctx, a, p); err != nil {
		return err
	}
	if err := s.prove(ctx, a, proof); err != nil {
		return err
	}
	hash, err := s.hashPIN(ctx, pin)
	if err != nil {
		return err
	}
	_, err = s.opts.Store.ChangeProfile(ctx, p, &hash, func(*Profile, []Profile) error { return nil })
	if err != nil {
		return wrapUnlessFault("change a PIN", err)
	}
	return s.resetTries(ctx, pinKey(p))
}

// ExitQuestion gives the question that must be answered to leave a kids profile on a sign-in. Each question permits one answer.
func (s *Service) ExitQuestion(ctx context.Context, x id.SignIn) (string, error) {
	now := s.opts.Clock()
	first, second := 12+rand.IntN(8), 6+rand.IntN(4)
	err := s.opts.Store.ChangeTries(ctx, exitKey(x), now, func(t *Tries) error {
		if wait := t.Until.Sub(now); wait > 0 && wait <= lockedFor {
			return Locked{ErrExitLocked, wait}
		}
		t.Question, t.Last = first*second, now
		return nil
	})
	return strconv.Itoa(first) + " × " + strconv.Itoa(second), wrapUnlessFault("keep a question", err)
}

// checkExit gives nil for the right answer to the last question of a sign-in, else a fault.
func (s *Service) checkExit(ctx context.Context, x id.SignIn, answer string) error {
	if answer == "" {
		return ErrExitNeeded
	}
	now, good := s.opts.Clock(), false
	err := s.opts.Store.ChangeTries(ctx, exitKey(x), now, func(t *Tries) error {
		asked, at := t.Question, t.Last
		if _, wait := t.begin(now); wait > 0 {
			return Locked{ErrExitLocked, wait}
		}
		t.Question = 0
		good = asked != 0 && now.Sub(at).Abs() <= questionFor && strings.TrimSpace(answer) == strconv.Itoa(asked)
		if good {
			*t = Tries{}
		}
		return nil
	})
	if err != nil {
		return wrapUnlessFault("count an answer", err)
	}
	if !good {
		return ErrExitWrong
	}
	return nil
}

// Unlock is the proof needed to change to a profile. Either field may be empty.
type Unlock struct {
	PIN  string
	Exit string // the answer to ExitQuestion
}

// Enter gives a profile of v's account if v may change to it on sign-in x: a profile with a PIN requires the PIN, and leaving
// a kids profile for one without a PIN requires the answer to ExitQuestion.
func (s *Service) Enter(ctx context.Context, v id.Viewer, x id.SignIn, to id.Profile, k Unlock) (Profile, error) {
	target, err := s.OwnProfile(ctx, v.Account, to)
	if err != nil {
		return Profile{}, err
	}
	from, err := s.OwnProfile(ctx, v.Account, v.Profile)
	if err != nil {
		return Profile{}, err
	}
	switch {
	case target.HasPIN:
		err = s.checkPIN(ctx, to, k.PIN)
	case from.Kids && from.ID != to:
		err = s.checkExit(ctx, x, k.Exit)
	}
	if err != nil {
		return Profile{}, err
	}
	return target, nil
}
