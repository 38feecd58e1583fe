// Package auth is how people and players prove who they are: passwords, sign-ins with their access and refresh tokens,
// the throttle in front of them, the keys they are signed with, and the media tokens that stand in URLs. It never knows a
// profile's rules or what a title is, never speaks HTTP or SQL, and never hands out or logs a secret it was given.
//
// Invariants. A password is checked in the same time, and refused in the same words, whether the account exists or not.
// A refresh token works once; used again later than a moment, it ends its whole sign-in, because somebody else has it.
// What is stored of a token is its hash.
package auth

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of this context.
var (
	ErrSignIn  = fault.New(fault.Unauthenticated, "sign_in_failed", "That e-mail address and password do not go together.")
	ErrExpired = fault.New(fault.Unauthenticated, "sign_in_expired", "You were signed out. Please sign in again.")
	ErrTooMany = fault.New(fault.Limited, "too_many_attempts", "Too many attempts. Please wait a little and try again.")
)

// Lifetimes of what a sign-in gives.
const (
	AccessLife     = 10 * time.Minute
	RememberedLife = 30 * 24 * time.Hour // a sign-in that is remembered, from its last use
	ForgottenLife  = 24 * time.Hour      // one that ends with the browser, from its last use
)

// Principal is who a credential speaks for.
type Principal struct {
	Account id.Account
	Profile id.Profile
	SignIn  id.SignIn
	Role    string
	Scopes  []Scope // what an API key may be used for; nil for a person
}

// Device is where a request came from, as the owner of the account may read it later.
type Device struct {
	Address string // IP address
	Agent   string // User-Agent
}

// Grant is what a successful sign-in or refresh gives. Both tokens are secrets.
type Grant struct {
	Principal     Principal
	Access        string
	AccessExpires time.Time
	// Refresh is good for one use.
	Refresh        string
	RefreshExpires time.Time
	Remember       bool // the browser may keep the refresh token beyond its own end
}

// Credential is what is kept to prove an account.
type Credential struct {
	Account id.Account
	Profile id.Profile // the default one
	Role    string
	Hash    string // as Hasher writes it
}

// SignIn is one login on one device.
type SignIn struct {
	ID       id.SignIn
	Account  id.Account
	Profile  id.Profile
	Role     string
	Device   Device
	Client   Client
	Remember bool
	Created  time.Time
	Seen     time.Time // the last refresh
	Expires  time.Time
	Ended    time.Time // zero while it may go on
}

// RefreshToken is what is kept of one refresh token of a sign-in.
type RefreshToken struct {
	Hash   string // hex SHA-256 of the token
	Issued time.Time
	Used   time.Time // zero while it may be used
}

// Attempts is what is kept of failed sign-ins under one key.
type Attempts struct {
	Failures int
	Last     time.Time
	Until    time.Time // no further attempt before
}

// Key is one signing key.
type Key struct {
	ID      uint32 // unique in the installation
	Purpose string
	Secret  []byte
	Created time.Time
}

// Store keeps credentials, sign-ins, attempts and keys.
type Store interface {
	// Credential gives the credential of a normalised address; ok is false without one, and for a disabled account.
	Credential(ctx context.Context, email string) (c Credential, ok bool, err error)
	// CredentialOf gives the credential of an account; ok is false without one.
	CredentialOf(ctx context.Context, a id.Account) (c Credential, ok bool, err error)

	// AddSignIn keeps a new sign-in with its first refresh token. For an account that is disabled or was deleted it gives
	// ErrSignIn.
	AddSignIn(ctx context.Context, s SignIn, t RefreshToken) error
	// ChangeSignIn finds the sign-in of a refresh token by its hash, has change look at both, and keeps what change made
	// of them: the sign-in, the token, and a further token when next is not nil. All or nothing, and no two changes of
	// one sign-in at once. An error of change is returned as it is, after keeping what it made, as a theft must be kept.
	// ok is false when no such token is known; change is not called then.
	ChangeSignIn(ctx context.Context, hash string, change func(*SignIn, *RefreshToken) (next *RefreshToken, err error)) (ok bool, err error)
	// EndSignIn notes the end of a sign-in unless one is noted already.
	EndSignIn(ctx context.Context, s id.SignIn, at time.Time) error
	// SignIns lists the sign-ins of an account that have neither ended nor expired at a time, last seen first.
	SignIns(ctx context.Context, a id.Account, at time.Time) ([]SignIn, error)
	// EndedSince lists the sign-ins that ended at a time or later, also those of accounts that were deleted since.
	EndedSince(ctx context.Context, at time.Time) ([]id.SignIn, error)
	ChoiceStore

	// DropSignIns forgets sign-ins that ended or expired before a time, and used refresh tokens as old.
	DropSignIns(ctx context.Context, before time.Time) error

	// ChangeAttempts has change look at what is kept under a key (zero without anything) and keeps its result, unless
	// change gives an error, which is returned. No two changes of one key at once.
	ChangeAttempts(ctx context.Context, key string, change func(*Attempts) error) error
	// DropAttempts forgets those whose last failure was before a time.
	DropAttempts(ctx context.Context, before time.Time) error

	// AddPairing keeps a device that waits; a doubled code is an error.
	AddPairing(ctx context.Context, p Pairing) error
	// PairingByUser gives a pairing by the hash of its user code; ok is false without one.
	PairingByUser(ctx context.Context, userHash string) (p Pairing, ok bool, err error)
	// ChangePairing has change look at a pairing and keeps what it made of it, unless it gives an error, which is returned.
	// No two changes of one pairing at once. ok is false when there is none; change is not called then.
	ChangePairing(ctx context.Context, deviceHash string, change func(*Pairing) error) (ok bool, err error)
	// DropPairings forgets those that expired before a time.
	DropPairings(ctx context.Context, before time.Time) error

	// AddAPIKey keeps an API key.
	AddAPIKey(ctx context.Context, k APIKey) error
	// APIKey gives a key by its hash, ended or not, with the credential of its account; ok is false without one.
	APIKey(ctx context.Context, hash string) (k APIKey, c Credential, ok bool, err error)
	// APIKeys lists the keys of an account that have not ended, oldest first.
	APIKeys(ctx context.Context, a id.Account) ([]APIKey, error)
	// UseAPIKey notes the last use of a key.
	UseAPIKey(ctx context.Context, k id.SignIn, at time.Time) error
	// EndAPIKey notes the end of a key unless one is noted already.
	EndAPIKey(ctx context.Context, k id.SignIn, at time.Time) error

	// AddIdentity keeps an identity; a doubled one is an error.
	AddIdentity(ctx context.Context, x Identity) error
	// Identity gives the account of an identity; ok is false without one.
	Identity(ctx context.Context, issuer, subject string) (a id.Account, ok bool, err error)

	// AddEvent keeps a line of the security log.
	AddEvent(ctx context.Context, e Event) error
	// Events lists up to limit lines, newest first, of one account or, with "", of all, older than the line before unless
	// that is "".
	Events(ctx context.Context, a id.Account, before id.Event, limit int) ([]Event, error)
	// DropEvents forgets lines older than a time, and the oldest beyond a number.
	DropEvents(ctx context.Context, before time.Time, keep int) error

	// AddKey keeps a key; a doubled ID is an error.
	AddKey(ctx context.Context, k Key) error
	// Keys lists the keys of a purpose, newest first.
	Keys(ctx context.Context, purpose string) ([]Key, error)
}

// Playbacks ends what is watched with a sign-in.
type Playbacks interface {
	EndSignIn(ctx context.Context, s id.SignIn) error
}

// Options are the parts a Service needs. Playbacks and Normalise may be nil; Clock nil = time.Now, Logger nil = silence.
type Options struct {
	Store     Store
	Hasher    *Hasher
	Normalise func(email string) string // gives an address in the form that credentials are kept under
	Keys      *Keyring                  // of Access
	Playbacks Playbacks
	Clock     func() time.Time
	Logger    *slog.Logger
}

// Service signs people in and tells who they are. Its methods may be called at once from many goroutines.
type Service struct {
	opts Options
	log  *slog.Logger

	mu    sync.RWMutex
	ended map[id.SignIn]time.Time // sign-ins whose tokens may not have expired yet
	chose map[id.SignIn]choice    // sign-ins that may have tokens of another profile

	keys keyCache
}

// New builds a Service and reads which sign-ins ended lately.
func New(ctx context.Context, o Options) (*Service, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Normalise == nil {
		o.Normalise = func(email string) string { return email }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{opts: o, log: o.Logger, ended: make(map[id.SignIn]time.Time), chose: make(map[id.SignIn]choice)}
	now := o.Clock()
	lately, err := o.Store.EndedSince(ctx, now.Add(-revocationMemory))
	if err != nil {
		return nil, fmt.Errorf("read which sign-ins ended lately: %w", err)
	}
	for _, x := range lately {
		s.ended[x] = now
	}
	if err := s.loadChoices(ctx, now); err != nil {
		return nil, err
	}
	return s, nil
}

// sweepEvery is how often what is of no use any more is forgotten.
const sweepEvery = 10 * time.Minute

// Run hears of sign-ins that ended elsewhere, and forgets expired sign-ins, attempts and endings, until ctx is done.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	look := time.NewTicker(syncInterval)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			if err := s.syncEnded(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("what ended elsewhere is not known yet", "error", err)
			}
		case <-tick.C:
			if err := s.sweep(ctx, s.opts.Clock()); err != nil && ctx.Err() == nil {
				s.log.Warn("old sign-ins are not forgotten yet", "error", err)
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *Service) sweep(ctx context.Context, now time.Time) error {
	s.mu.Lock()
	for x, at := range s.ended {
		if now.Sub(at) > revocationMemory {
			delete(s.ended, x)
		}
	}
	for x, c := range s.chose {
		if now.Sub(c.at) > revocationMemory {
			delete(s.chose, x)
		}
	}
	s.mu.Unlock()
	if err := s.opts.Store.DropAttempts(ctx, now.Add(-forgetFailures)); err != nil {
		return err
	}
	if err := s.opts.Store.DropPairings(ctx, now.Add(-pairingLife)); err != nil {
		return err
	}
	if err := s.opts.Store.DropEvents(ctx, now.Add(-keepEvents), mostEvents); err != nil {
		return err
	}
	return s.opts.Store.DropSignIns(ctx, now.Add(-keepEnded))
}
