package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"movify/pkg/fault"
)

const (
	freeFailures   = 5                // of one address on one account before it has to wait
	freeByAddress  = 50               // of one address on all accounts
	longestWait    = 15 * time.Minute // between two attempts
	forgetFailures = time.Hour        // after the last one
)

// TooMany is ErrTooMany with the time to wait.
type TooMany struct {
	*fault.Fault
	After time.Duration
}

// RetryAfter is how long to wait.
func (t TooMany) RetryAfter() time.Duration { return t.After }

// Unwrap gives the fault.
func (t TooMany) Unwrap() error { return t.Fault }

// throttleKey is a hash, so that the database holds no list of addresses.
func throttleKey(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// wait is the delay before the next attempt after n failures, of which free have none: a second, doubled each time.
func wait(n, free int) time.Duration {
	if n < free {
		return 0
	}
	return min(longestWait, time.Second<<min(n-free, 20))
}

// fail counts a failure at now.
func (a *Attempts) fail(now time.Time, free int) {
	if now.Sub(a.Last).Abs() > forgetFailures { // the clock may have been set back
		*a = Attempts{}
	}
	a.Failures++
	a.Last, a.Until = now, now.Add(wait(a.Failures, free))
}

// blocked gives a TooMany while no attempt is permitted. A failure in the future was counted before the clock was set back; it
// must not lock the owner out until then.
func (a *Attempts) blocked(now time.Time) error {
	after := a.Until.Sub(now)
	if after <= 0 || a.Last.Sub(now) > longestWait {
		return nil
	}
	return TooMany{ErrTooMany, min(after, longestWait)}
}

// networkPrefix is the network that an address is counted by: one customer has 2^64 addresses of IPv6 (RFC 6177).
func networkPrefix(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	network, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return network.String()
}

// admit permits an attempt on an account from an address or gives a TooMany. The attempt counts as a failure until
// resetFailures is called, so that concurrent attempts cannot exceed the free ones.
func (s *Service) admit(ctx context.Context, email, address string, now time.Time) error {
	address = networkPrefix(address)
	err := s.opts.Store.ChangeAttempts(ctx, throttleKey(address), func(a *Attempts) error { return a.blocked(now) })
	if err != nil {
		return err
	}
	return s.opts.Store.ChangeAttempts(ctx, throttleKey(email, address), func(a *Attempts) error {
		if err := a.blocked(now); err != nil {
			return err
		}
		a.fail(now, freeFailures)
		return nil
	})
}

// recordFailure counts a failure of the address alone, which may try many accounts.
func (s *Service) recordFailure(ctx context.Context, address string, now time.Time) error {
	return s.opts.Store.ChangeAttempts(ctx, throttleKey(networkPrefix(address)), func(a *Attempts) error {
		a.fail(now, freeByAddress)
		return nil
	})
}

// resetFailures clears the counts of admit after a successful attempt.
func (s *Service) resetFailures(ctx context.Context, email, address string) error {
	return s.opts.Store.ChangeAttempts(ctx, throttleKey(email, networkPrefix(address)), func(a *Attempts) error {
		*a = Attempts{}
		return nil
	})
}
