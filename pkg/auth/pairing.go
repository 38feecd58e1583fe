package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"movify/library/naming"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of pairing, named as RFC 8628 section 3.5 names them.
var (
	ErrPending   = fault.New(fault.Invalid, "authorization_pending", "Nobody has answered yet.")
	ErrSlowDown  = fault.New(fault.Invalid, "slow_down", "Please ask less often.")
	ErrDenied    = fault.New(fault.Invalid, "access_denied", "That device was turned away.")
	ErrPairing   = fault.New(fault.Invalid, "expired_token", "That code has expired. Please get a new one.")
	ErrNoPairing = fault.New(fault.NotFound, "code_not_found", "No device waits with that code. It may have expired.")
)

const (
	pairingLife = 10 * time.Minute
	pollEvery   = 5 * time.Second // RFC 8628 section 3.2
	// userAlphabet has no vowels, which could form words, and no ambiguous characters (RFC 8628 section 6.1).
	userAlphabet = "BCDFGHJKLMNPQRSTVWXZ"
	userLength   = 8
)

// PairingStatus is the state of a pairing.
type PairingStatus string

// The states; empty while the device waits for an answer.
const (
	Approved PairingStatus = "approved"
	Turned   PairingStatus = "denied"
	Spent    PairingStatus = "used" // approved, and its tokens were given
)

// Pairing is a device that waits for approval on a signed-in device (RFC 8628). Of both codes the hash is stored.
type Pairing struct {
	DeviceHash string
	UserHash   string
	Client     string // the name it gives itself
	Device     Device
	Created    time.Time
	Expires    time.Time
	Polled     time.Time
	Interval   time.Duration // minimum time between two polls
	Account    id.Account    // the approving account
	Status     PairingStatus
}

// PairingCodes are the codes of a new pairing. DeviceCode is a secret; UserCode is shown, as two groups of four.
type PairingCodes struct {
	DeviceCode string
	UserCode   string
	Life       time.Duration
	Interval   time.Duration
}

// Pair begins a pairing (RFC 8628 section 3.1). Too many from one address give a TooMany.
func (s *Service) Pair(ctx context.Context, client string, d Device) (PairingCodes, error) {
	now := s.opts.Clock()
	if err := s.limitAddress(ctx, "pair", d.Address, now); err != nil {
		return PairingCodes{}, err
	}
	device, _, err := newRefresh(now)
	if err != nil {
		return PairingCodes{}, err
	}
	user, err := newUserCode()
	if err != nil {
		return PairingCodes{}, err
	}
	p := Pairing{
		DeviceHash: hashToken(device), UserHash: hashToken(user), Client: shownClient(client), Device: shorten(d),
		Created: now, Expires: now.Add(pairingLife), Interval: pollEvery,
	}
	if err := s.opts.Store.AddPairing(ctx, p); err != nil {
		return PairingCodes{}, fmt.Errorf("keep a pairing: %w", err)
	}
	return PairingCodes{DeviceCode: device, UserCode: user[:4] + "-" + user[4:], Life: pairingLife, Interval: pollEvery},
		nil
}

func newUserCode() (string, error) {
	var b strings.Builder
	for range userLength {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(userAlphabet))))
		if err != nil {
			return "", fmt.Errorf("read random bytes: %w", err)
		}
		b.WriteByte(userAlphabet[n.Int64()])
	}
	return b.String(), nil
}

// normalizeUserCode drops case and separators of a typed user code (RFC 8628 section 6.1).
func normalizeUserCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(userAlphabet, r) {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
}

// Waiting gives the pairing of a user code, or ErrNoPairing. Wrong codes are rate-limited by account.
func (s *Service) Waiting(ctx context.Context, typed string, by Principal, address string) (Pairing, error) {
	now := s.opts.Clock()
	try, err := s.admit(ctx, "code of "+string(by.Account), address, now)
	if err != nil {
		return Pairing{}, err
	}
	p, ok, err := s.opts.Store.PairingByUser(ctx, hashToken(normalizeUserCode(typed)))
	if err != nil {
		return Pairing{}, fmt.Errorf("read a pairing: %w", err)
	}
	if !ok || p.Status != "" || !now.Before(p.Expires) {
		return Pairing{}, ErrNoPairing
	}
	return p, s.succeeded(ctx, try)
}

// Answer approves or denies the pairing of a user code, for the account of by. A pairing can be answered once.
func (s *Service) Answer(ctx context.Context, typed string, by Principal, address string, approve bool) error {
	p, err := s.Waiting(ctx, typed, by, address)
	if err != nil {
		return err
	}
	now, verdict, kind := s.opts.Clock(), Turned, PairingDenied
	if approve {
		verdict, kind = Approved, Paired
	}
	ok, err := s.opts.Store.ChangePairing(ctx, p.DeviceHash, func(p *Pairing) error {
		if p.Status != "" || !now.Before(p.Expires) {
			return ErrNoPairing
		}
		p.Status, p.Account = verdict, by.Account
		return nil
	})
	if err == nil && !ok {
		err = ErrNoPairing
	}
	if err == nil {
		s.Note(ctx, Event{Kind: kind, Account: by.Account, Address: p.Device.Address, Detail: p.Client})
	}
	return err
}

// checkPoll decides about a device's poll at now and records it: nil when its tokens may be given, once.
func checkPoll(p *Pairing, now time.Time) error {
	early := !p.Polled.IsZero() && now.Sub(p.Polled) < p.Interval
	p.Polled = now
	switch {
	case !now.Before(p.Expires), p.Status == Spent:
		return ErrPairing
	case early:
		p.Interval += pollEvery // RFC 8628 section 3.5
		return ErrSlowDown
	case p.Status == Turned:
		return ErrDenied
	case p.Status != Approved:
		return ErrPending
	}
	p.Status = Spent
	return nil
}

// Fetch gives the tokens of a device that was approved (RFC 8628 section 3.4), or one of ErrPending, ErrSlowDown,
// ErrDenied, ErrPairing.
func (s *Service) Fetch(ctx context.Context, deviceCode string, d Device) (Grant, error) {
	now := s.opts.Clock()
	var after Pairing
	var verdict error
	ok, err := s.opts.Store.ChangePairing(ctx, hashToken(deviceCode), func(p *Pairing) error {
		verdict = checkPoll(p, now)
		after = *p
		return nil // a refused poll is stored as well: it changes the interval
	})
	switch {
	case err != nil:
		return Grant{}, fmt.Errorf("change a pairing: %w", err)
	case !ok:
		return Grant{}, ErrPairing
	case verdict != nil:
		return Grant{}, verdict
	}
	c, known, err := s.opts.Store.CredentialOf(ctx, after.Account)
	if err != nil {
		return Grant{}, fmt.Errorf("read a credential: %w", err)
	}
	if !known {
		return Grant{}, ErrPairing
	}
	return s.begin(ctx, c, d, Television, true, now)
}

// limitAddress rate-limits an unauthenticated operation by the network of the address.
func (s *Service) limitAddress(ctx context.Context, heading, address string, now time.Time) error {
	return s.count(ctx, byNetwork(address, freeByAddress, heading), now)
}

// shownClient is the name that a device gives itself, as the person who is asked to approve it may see it.
func shownClient(name string) string {
	name = strings.Map(func(r rune) rune {
		if naming.Unprintable(r) {
			return -1
		}
		return r
	}, name)
	return strings.TrimSpace(strings.ToValidUTF8(name[:min(80, len(name))], ""))
}
