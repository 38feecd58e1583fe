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
	freeFailures   = 5                   // of one network on one account before it has to wait
	freeByAddress  = 50                  // of one network on all accounts
	freeByAccount  = 30                  // of all networks on one account that it never signed in from
	siteFactor     = 3                   // how many times as many are free of a whole site of IPv6
	longestWait    = 15 * time.Minute    // between two attempts
	forgetFailures = time.Hour           // after the last one
	knownFor       = 30 * 24 * time.Hour // how long a network is known after a sign-in from it
)

// Lengths of IPv6 prefixes that are counted: one network, and the largest site that a provider gives a customer (RFC 6177).
const (
	networkBits = 64
	siteBits    = 48
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

// takeBack undoes one fail. The attempt was permitted, so the wait before it was over, and while there is one no other is
// permitted beside it: nothing is left to wait for.
func (a *Attempts) takeBack() {
	if a.Failures == 0 { // a success has cleared the count meanwhile
		return
	}
	a.Failures--
	a.Until = a.Last
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

// networkPrefix is the network that an address is counted by: in IPv6 it has 2^64 addresses.
func networkPrefix(address string) string { return prefix(address, networkBits) }

// prefix is the network of an IPv6 address with a number of bits; any other address is its own network.
func prefix(address string, bits int) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	network, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return address
	}
	return network.String()
}

// tally is a count of attempts: its key in the Store and how many need not wait.
type tally struct {
	key  string
	free int
}

// byNetwork gives the tallies of attempts from an address, the narrowest first: its network, and of IPv6 also the site,
// which may have 65536 networks. parts say what is attempted.
func byNetwork(address string, free int, parts ...string) []tally {
	network, site := networkPrefix(address), prefix(address, siteBits)
	out := []tally{{throttleKey(append(parts, network)...), free}}
	if site != network {
		out = append(out, tally{throttleKey(append(parts, site)...), siteFactor * free})
	}
	return out
}

// count counts an attempt in each tally as a failure, or in none and gives a TooMany.
func (s *Service) count(ctx context.Context, tallies []tally, now time.Time) error {
	for i, c := range tallies {
		err := s.opts.Store.ChangeAttempts(ctx, c.key, func(a *Attempts) error {
			if err := a.blocked(now); err != nil {
				return err
			}
			a.fail(now, c.free)
			return nil
		})
		if err == nil {
			continue
		}
		if undo := s.takeBack(ctx, tallies[:i]); undo != nil {
			return undo
		}
		return err
	}
	return nil
}

// takeBack undoes count.
func (s *Service) takeBack(ctx context.Context, tallies []tally) error {
	for _, c := range tallies {
		err := s.opts.Store.ChangeAttempts(ctx, c.key, func(a *Attempts) error { a.takeBack(); return nil })
		if err != nil {
			return err
		}
	}
	return nil
}

// attempt is an attempt that admit or admitPassword permitted.
type attempt struct {
	subject, address string
	tallies          []tally
}

// admit permits an attempt on a subject from an address or gives a TooMany. The attempt counts as a failure until succeeded
// or takeBack is called, so that concurrent attempts cannot exceed the free ones.
func (s *Service) admit(ctx context.Context, subject, address string, now time.Time) (attempt, error) {
	a := attempt{subject, address, byNetwork(address, freeFailures, subject)}
	return a, s.start(ctx, a, now)
}

// admitPassword is admit with a ceiling for networks from which the subject did not sign in lately: together they have
// freeByAccount failures, then one attempt at a time, at last every longestWait. Addresses cost an attacker little, and
// without the ceiling each new one would bring freeFailures guesses. Known networks do not count and do not wait, so the
// owner gets in at home during an attack.
func (s *Service) admitPassword(ctx context.Context, subject, address string, now time.Time) (attempt, error) {
	a := attempt{subject, address, byNetwork(address, freeFailures, subject)}
	known, err := s.known(ctx, subject, address, now)
	if err != nil {
		return a, err
	}
	if !known {
		a.tallies = append(a.tallies, tally{throttleKey("unknown networks", subject, ""), freeByAccount})
	}
	return a, s.start(ctx, a, now)
}

func (s *Service) start(ctx context.Context, a attempt, now time.Time) error {
	for _, c := range byNetwork(a.address, freeByAddress) {
		err := s.opts.Store.ChangeAttempts(ctx, c.key, func(x *Attempts) error { return x.blocked(now) })
		if err != nil {
			return err
		}
	}
	return s.count(ctx, a.tallies, now)
}

// recordFailure counts a failure of the address alone, which may try many accounts.
func (s *Service) recordFailure(ctx context.Context, address string, now time.Time) error {
	for _, c := range byNetwork(address, freeByAddress) {
		err := s.opts.Store.ChangeAttempts(ctx, c.key, func(a *Attempts) error { a.fail(now, c.free); return nil })
		if err != nil {
			return err
		}
	}
	return nil
}

// succeeded clears the count of the attempt's own network, and takes the attempt back from the counts that it shares with
// other networks: their failures remain.
func (s *Service) succeeded(ctx context.Context, a attempt) error {
	err := s.opts.Store.ChangeAttempts(ctx, a.tallies[0].key, func(x *Attempts) error {
		*x = Attempts{}
		return nil
	})
	if err != nil {
		return err
	}
	return s.takeBack(ctx, a.tallies[1:])
}

func knownKey(subject, address string) string {
	return throttleKey("known network", subject, networkPrefix(address))
}

// learn makes the network of an address known for a subject, after its right password was given from there. The row has no
// failures; its Last is when it ends, so that DropAttempts keeps it until then.
func (s *Service) learn(ctx context.Context, subject, address string, now time.Time) error {
	return s.opts.Store.ChangeAttempts(ctx, knownKey(subject, address), func(a *Attempts) error {
		*a = Attempts{Last: now.Add(knownFor)}
		return nil
	})
}

// known reports whether the network of an address is known. It takes the same time whether the subject exists or not.
func (s *Service) known(ctx context.Context, subject, address string, now time.Time) (known bool, err error) {
	err = s.opts.Store.ChangeAttempts(ctx, knownKey(subject, address), func(a *Attempts) error {
		left := a.Last.Sub(now)
		known = left > 0 && left <= knownFor // more is left when the clock was set back since
		return nil
	})
	return known, err
}
