package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of switching between profiles.
var (
	ErrPIN       = fault.New(fault.Invalid, "pin_invalid", "A PIN is four digits.")
	ErrPINNeeded = fault.New(fault.Forbidden, "pin_needed", "Please enter the PIN of this profile.")
	ErrPINWrong  = fault.New(fault.Forbidden, "pin_wrong", "That is not the PIN of this profile.")
	ErrPINLocked = fault.New(fault.Limited, "pin_locked",
		"Too many wrong PINs. Please wait, or use the password of the account.")
	ErrExitNeeded = fault.New(fault.Forbidden, "exit_needed",
		"Please answer the question for grown-ups to leave the kids profile.")
	ErrExitWrong  = fault.New(fault.Forbidden, "exit_wrong", "That is not the answer.")
	ErrExitLocked = fault.New(fault.Limited, "exit_locked", "Too many wrong answers. Please wait a minute.")
)

const (
	deviceTries  = 5                // wrong PINs or answers of one device before each pause
	profileTries = 20               // wrong PINs of all devices for one profile before each pause
	firstPause   = time.Minute      // doubled with each further one
	longestPause = time.Hour        // of a device
	profilePause = 15 * time.Minute // the longest of a profile: one device must not keep the others out for long
	forgetTries  = 24 * time.Hour   // after the last wrong one
	questionFor  = 10 * time.Minute
)

// Tries counts wrong PINs or wrong answers of one key since the last right one.
type Tries struct {
	Failures int
	Question int // the question that was asked last, 0 = none
	Last     time.Time
	Until    time.Time // no further try before
}

// tryLimit is where tries are counted and how often they pause: after each block of wrong ones, for longer each time.
type tryLimit struct {
	key     string
	block   int
	longest time.Duration // pause
}

// pause is how long there is no try after a number of wrong ones.
func (l tryLimit) pause(failures int) time.Duration {
	if failures == 0 || failures%l.block != 0 {
		return 0
	}
	return min(l.longest, firstPause<<min(failures/l.block-1, 10))
}

// wait is how long there is no try from now on; a longer one than any pause means that the clock was set back.
func (t *Tries) wait(now time.Time, l tryLimit) time.Duration {
	if wait := t.Until.Sub(now); wait > 0 && wait <= l.longest {
		return wait
	}
	return 0
}

// begin counts a try at now as a failure before it is checked, so that concurrent tries cannot exceed the free ones; a success
// resets the count. left is the number of tries before the next pause; wait is the time to wait during one.
func (t *Tries) begin(now time.Time, l tryLimit) (left int, wait time.Duration) {
	if wait := t.wait(now, l); wait > 0 {
		return 0, wait
	}
	if now.Sub(t.Last).Abs() > forgetTries {
		t.Failures = 0
	}
	t.Failures++
	t.Last, t.Until = now, now.Add(l.pause(t.Failures))
	return (l.block - t.Failures%l.block) % l.block, 0
}

// takeBack undoes one begin. The try was permitted, so the pause before it was over and does not begin again.
func (t *Tries) takeBack(tryLimit) {
	if t.Failures > 0 { // else a success has reset the count meanwhile
		t.Failures--
		t.Until = t.Last
	}
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
func (s *Service) hashPIN(ctx context.Context, a id.Account, pin string) (string, error) {
	if pin == "" {
		return "", nil
	}
	if len(pin) != 4 || strings.Trim(pin, "0123456789") != "" {
		return "", ErrPIN
	}
	hash, err := s.opts.Hasher.Hash(ctx, string(a), pin)
	return hash, wrapUnlessFault("hash a PIN", err)
}

// pinLimits gives where tries of a profile's PIN on a sign-in are counted: for the device, and for all devices together. The
// keys are hashes with the hash of the PIN in them, so that a new PIN starts anew on every device.
func pinLimits(p id.Profile, hash string, x id.SignIn) []tryLimit {
	key := func(of string) string {
		sum := sha256.Sum256([]byte("pin\x00" + string(p) + "\x00" + hash + "\x00" + of))
		return hex.EncodeToString(sum[:])
	}
	return []tryLimit{{key(string(x)), deviceTries, longestPause}, {key(""), profileTries, profilePause}}
}

// exitLimit does not pause for longer each time: many a grown-up has no other way out, and the question is no secret.
func exitLimit(x id.SignIn) tryLimit { return tryLimit{"exit:" + string(x), deviceTries, firstPause} }

// checkPIN gives nil for the right PIN of a profile on a sign-in, else a fault. The counts are in the store: a restart of the
// server brings no tries.
func (s *Service) checkPIN(ctx context.Context, p id.Profile, x id.SignIn, pin string) error {
	if pin == "" {
		return ErrPINNeeded
	}
	hash, err := s.opts.Store.PINHash(ctx, p)
	if err != nil {
		return wrapUnlessFault("read a PIN", err)
	}
	if hash == "" {
		return nil
	}
	limits := pinLimits(p, hash, x)
	left, err := s.countPIN(ctx, limits)
	if err != nil {
		return err
	}
	good, err := s.opts.Hasher.Verify(ctx, string(p), pin, hash)
	if err != nil { // the PIN was not looked at, so it was not wrong
		if undo := s.changeTries(context.WithoutCancel(ctx), limits, (*Tries).takeBack); undo != nil {
			err = errors.Join(err, undo)
		}
		return wrapUnlessFault("check a PIN", err)
	}
	if !good {
		return WrongPIN{ErrPINWrong, left}
	}
	return s.changeTries(ctx, limits, func(t *Tries, _ tryLimit) { *t = Tries{} })
}

// countPIN counts a try in each limit, or in none and gives a Locked. left is the number of tries before the next pause.
func (s *Service) countPIN(ctx context.Context, limits []tryLimit) (left int, err error) {
	now := s.opts.Clock()
	left = profileTries
	for i, l := range limits {
		err := s.opts.Store.ChangeTries(ctx, l.key, now, func(t *Tries) error {
			more, wait := t.begin(now, l)
			if wait > 0 {
				return Locked{ErrPINLocked, wait}
			}
			left = min(left, more)
			return nil
		})
		if err == nil {
			continue
		}
		if undo := s.changeTries(ctx, limits[:i], (*Tries).takeBack); undo != nil {
			return 0, undo
		}
		return 0, wrapUnlessFault("count a try", err)
	}
	return left, nil
}

// changeTries changes the Tries of each limit.
func (s *Service) changeTries(ctx context.Context, limits []tryLimit, change func(*Tries, tryLimit)) error {
	for _, l := range limits {
		err := s.opts.Store.ChangeTries(ctx, l.key, s.opts.Clock(), func(t *Tries) error { change(t, l); return nil })
		if err != nil {
			return wrapUnlessFault("change a count of tries", err)
		}
	}
	return nil
}

// ResetPIN sets the PIN of a profile, "" = none. It requires the password of the account, and ends the pauses after wrong
// tries of the PIN before.
func (s *Service) ResetPIN(ctx context.Context, a id.Account, p id.Profile, pin string, proof Proof) error {
	if _, err := s.OwnProfile(ctx, a, p); err != nil {
		return err
	}
	if err := s.prove(ctx, a, proof); err != nil {
		return err
	}
	hash, err := s.hashPIN(ctx, a, pin)
	if err != nil {
		return err
	}
	_, err = s.opts.Store.ChangeProfile(ctx, p, &hash, func(*Profile, []Profile) error { return nil })
	return wrapUnlessFault("change a PIN", err)
}

// ExitQuestion gives the question that must be answered to leave a kids profile on a sign-in. Each question permits one answer.
func (s *Service) ExitQuestion(ctx context.Context, x id.SignIn) (string, error) {
	now := s.opts.Clock()
	first, second := 12+rand.IntN(8), 6+rand.IntN(4)
	l := exitLimit(x)
	err := s.opts.Store.ChangeTries(ctx, l.key, now, func(t *Tries) error {
		if wait := t.wait(now, l); wait > 0 {
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
	now, good, l := s.opts.Clock(), false, exitLimit(x)
	err := s.opts.Store.ChangeTries(ctx, l.key, now, func(t *Tries) error {
		asked, at := t.Question, t.Last
		if _, wait := t.begin(now, l); wait > 0 {
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
		err = s.checkPIN(ctx, to, x, k.PIN)
	case from.Kids && from.ID != to:
		err = s.checkExit(ctx, x, k.Exit)
	}
	if err != nil {
		return Profile{}, err
	}
	return target, nil
}
