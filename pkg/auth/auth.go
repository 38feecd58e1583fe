// Package auth authenticates people, programs and players: passwords, sign-ins with access and refresh tokens, rate limits on
// failed attempts, signing keys, and the media tokens in URLs. It has no rules of profiles and no titles, speaks neither HTTP
// nor SQL, and never returns or logs a secret that it was given.
//
// Invariants. A password is checked in the same time, and refused in the same words, whether the account exists or not.
// A refresh token works once; reuse after a grace period ends the whole sign-in, because the token was stolen. Of a token only
// the hash is stored.
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

// Lifetimes of tokens and sign-ins.
const (
	AccessLife     = 10 * time.Minute
	RememberedLife = 30 * 24 * time.Hour // a sign-in that is remembered, from its last use
	ForgottenLife  = 24 * time.Hour      // one that ends with the browser, from its last use
)

// Principal is the account, profile and sign-in that a credential authenticates.
type Principal struct {
	Account id.Account
	Profile id.Profile
	SignIn  id.SignIn
	Role    string
	Scopes  []Scope // of an API key; nil for a person
}

// Device is the origin of a request, for the list of devices and the security log.
type Device struct {
	Address string // IP address
	Agent   string // User-Agent
}

// Grant is the result of a successful sign-in or refresh. Both tokens are secrets.
type Grant struct {
	Principal     Principal
	Access        string
	AccessExpires time.Time
	// Refresh works once.
	Refresh        string
	RefreshExpires time.Time
	Remember       bool // the browser may keep the refresh token after it is closed
}

// Credential is the stored password hash of an account with its role.
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
	Client   ClientKind
	Remember bool
	Created  time.Time
	Seen     time.Time // the last refresh
	Expires  time.Time
	Ended    time.Time // zero while it may go on
}

// RefreshToken is a stored refresh token of a sign-in.
type RefreshToken struct {
	Hash   string // hex SHA-256 of the token
	Issued time.Time
	Used   time.Time // zero while it may be used
}

// Attempts counts failed sign-ins of one key.
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

// Store stores credentials, sign-ins, attempts and keys.
type Store interface {
	// Credential gives the credential of a normalised address; ok is false without one, and for a disabled account.
	Credential(ctx context.Context, email string) (c Credential, ok bool, err error)
	// CredentialOf gives the credential of an account; ok is false without one.
	CredentialOf(ctx context.Context, a id.Account) (c Credential, ok bool, err error)

	// AddSignIn keeps a new sign-in with its first refresh token. For an account that is disabled or was deleted it gives
	// ErrSignIn.
	AddSignIn(ctx context.Context, s SignIn, t RefreshToken) error
	// ChangeSignIn finds the sign-in of a refresh token by its hash, calls change with both, and stores the changed
	// sign-in, the token, and a further token when next is not nil, in one transaction. Changes of one sign-in are
	// serialised. An error of change is returned unchanged, after the changes were stored: a detected theft must be stored.
	// ok is false for an unknown token; change is not called then.
	ChangeSignIn(
		ctx context.Context, hash string, change func(*SignIn, *RefreshToken) (next *RefreshToken, err error),
	) (ok bool, err error)
	// EndSignIn notes the end of a sign-in unless one is noted already.
	EndSignIn(ctx context.Context, s id.SignIn, at time.Time) error
	// SignIns lists the sign-ins of an account that have neither ended nor expired at a time, last seen first.
	SignIns(ctx context.Context, a id.Account, at time.Time) ([]SignIn, error)
	// EndedSince lists the sign-ins that ended at a time or later, also those of accounts that were deleted since.
	EndedSince(ctx context.Context, at time.Time) ([]id.SignIn, error)
	ChoiceStore

	// DropSignIns deletes sign-ins that ended or expired before a time, and refresh tokens used before it.
	DropSignIns(ctx context.Context, before time.Time) error

	// ChangeAttempts calls change with the Attempts of a key, zero when there are none, and stores the result unless change
	// fails; then its error is returned. Changes of one key are serialised.
	ChangeAttempts(ctx context.Context, key string, change func(*Attempts) error) error
	// DropAttempts deletes those whose last failure was before a time.
	DropAttempts(ctx context.Context, before time.Time) error

	// AddPairing stores the pairing of a waiting device; a duplicate code is an error.
	AddPairing(ctx context.Context, p Pairing) error
	// PairingByUser gives a pairing by the hash of its user code; ok is false without one.
	PairingByUser(ctx context.Context, userHash string) (p Pairing, ok bool, err error)
	// ChangePairing calls change with a pairing and stores the result unless change fails; then its error is returned.
	// Changes of one pairing are serialised. ok is false when there is none; change is not called then.
	ChangePairing(ctx context.Context, deviceHash string, change func(*Pairing) error) (ok bool, err error)
	// DropPairings deletes those that expired before a time.
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
	// DropEvents deletes lines older than a time, and the oldest beyond a number.
	DropEvents(ctx context.Context, before time.Time, keep int) error

	// AddKey keeps a key; a doubled ID is an error.
	AddKey(ctx context.Context, k Key) error
	// Keys lists the keys of a purpose, newest first.
	Keys(ctx context.Context, purpose string) ([]Key, error)
}

// Playbacks ends the playbacks of a sign-in.
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

// Service signs people in and authenticates requests. Its methods are safe for concurrent use.
type Service struct {
	opts Options
	log  *slog.Logger

	mu    sync.RWMutex
	ended map[id.SignIn]time.Time // sign-ins whose tokens may not have expired yet
	chose map[id.SignIn]choice    // sign-ins that may have tokens of another profile

	keys keyCache
}

// New builds a Service and reads the sign-ins that ended recently.
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

// sweepEvery is the interval between deletions of expired rows.
const sweepEvery = 10 * time.Minute

// Run syncs sign-ins that another process ended, and deletes expired sign-ins and attempts, until ctx is done.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	look := time.NewTicker(syncInterval)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			if err := s.syncEnded(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("cannot read the sign-ins that another process ended; retrying", "error", err)
			}
		case <-tick.C:
			if err := s.sweep(ctx, s.opts.Clock()); err != nil && ctx.Err() == nil {
				s.log.Warn("cannot delete expired sign-ins; retrying", "error", err)
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
