// Package account is who people are here: accounts, which sign in, and profiles, which watch. It makes the first account,
// the owner's, exactly once, and keeps the rules of e-mail addresses, names and passwords. It never sees a password on
// the wire, never compares one with a hash, and knows nothing of tokens.
package account

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of this context.
var (
	ErrSetupDone  = fault.New(fault.Conflict, "setup_done", "This server already has an owner. Please sign in.")
	ErrNoAccount  = fault.New(fault.NotFound, "account_not_found", "That account does not exist.")
	ErrEmail      = fault.New(fault.Invalid, "email_invalid", "That does not look like an e-mail address.")
	ErrName       = fault.New(fault.Invalid, "name_invalid", "Please give a name of up to 80 characters.")
	ErrEmailTaken = fault.New(fault.Conflict, "email_taken", "There is an account with that e-mail address already.")
)

// Role says what an account may do.
type Role string

// The roles. The owner is the one who set the server up; there is exactly one.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Member Role = "member"
)

// Administers reports whether the role may change the server.
func (r Role) Administers() bool { return r == Owner || r == Admin }

// Account is who signs in.
type Account struct {
	ID      id.Account
	Email   string // in the form of NormaliseEmail
	Name    string
	Role    Role
	Created time.Time
}

// Store keeps accounts and profiles.
type Store interface {
	// Accounts counts the accounts.
	Accounts(ctx context.Context) (int, error)
	// AddFirst keeps an account with its default profile and password hash if there is no account at all, else gives
	// ErrSetupDone. Of many calls at once exactly one succeeds.
	AddFirst(ctx context.Context, a Account, p Profile, hash string) error
	// Account gives an account, or ErrNoAccount.
	Account(ctx context.Context, a id.Account) (Account, error)
	// AccountByEmail gives the account of a normalised address, or ErrNoAccount.
	AccountByEmail(ctx context.Context, email string) (Account, error)
	// SetHash replaces the password hash of an account, or gives ErrNoAccount.
	SetHash(ctx context.Context, a id.Account, hash string) error

	ProfileStore
}

// Hasher hashes passwords and PINs slowly, and checks them against a hash.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	Verify(ctx context.Context, password, hash string) (bool, error)
}

// Options are the parts a Service needs. Clock nil = time.Now. Without Passwords and Blobs profiles can be read only.
type Options struct {
	Store     Store
	Hasher    Hasher
	Passwords Passwords
	Blobs     blob.Store // where uploaded pictures of profiles go
	Devices   Devices    // nil = nobody is signed in
	Clock     func() time.Time
}

// Service knows people. Its methods may be called at once from many goroutines.
type Service struct {
	opts    Options
	drawing chan struct{} // held while a picture is decoded
}

// New builds a Service.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return &Service{opts: o, drawing: make(chan struct{}, 1)}
}

// Person is what is asked of somebody who gets an account.
type Person struct {
	Email    string
	Name     string
	Password string
}

// SetupNeeded reports whether no account exists yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	n, err := s.opts.Store.Accounts(ctx)
	if err != nil {
		return false, fmt.Errorf("count accounts: %w", err)
	}
	return n == 0, nil
}

// Setup makes the first account, the owner's, with a profile of the same name. Of many calls at once exactly one
// succeeds; the others, and every later one, give ErrSetupDone.
func (s *Service) Setup(ctx context.Context, p Person) (Account, Profile, error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return Account{}, Profile{}, err
	}
	if !needed {
		return Account{}, Profile{}, ErrSetupDone // before a slow hash is made for nothing
	}
	a, profile, hash, err := s.prepare(ctx, p, Owner)
	if err != nil {
		return Account{}, Profile{}, err
	}
	if err := s.opts.Store.AddFirst(ctx, a, profile, hash); err != nil {
		return Account{}, Profile{}, fmt.Errorf("keep the first account: %w", err)
	}
	return a, profile, nil
}

// prepare applies every rule to a person and gives what is to be kept.
func (s *Service) prepare(ctx context.Context, p Person, r Role) (Account, Profile, string, error) {
	email, err := checkEmail(p.Email)
	if err != nil {
		return Account{}, Profile{}, "", err
	}
	name, err := checkName(p.Name)
	if err != nil {
		return Account{}, Profile{}, "", err
	}
	if err := checkPassword(p.Password, email, name); err != nil {
		return Account{}, Profile{}, "", err
	}
	hash, err := s.opts.Hasher.Hash(ctx, p.Password)
	if err != nil {
		return Account{}, Profile{}, "", fmt.Errorf("hash a password: %w", err)
	}
	now := s.opts.Clock()
	a := Account{ID: id.New[id.Account](), Email: email, Name: name, Role: r, Created: now}
	profile := newProfile(a.ID, profileName(name), now)
	profile.Default = true
	return a, profile, hash, nil
}

// Account gives an account, or ErrNoAccount.
func (s *Service) Account(ctx context.Context, a id.Account) (Account, error) {
	return s.opts.Store.Account(ctx, a)
}

// AccountByEmail gives the account of an address as people type it, or ErrNoAccount.
func (s *Service) AccountByEmail(ctx context.Context, email string) (Account, error) {
	return s.opts.Store.AccountByEmail(ctx, NormaliseEmail(email))
}

// SetPassword gives an account a new password. Ending its sign-ins is for the caller.
func (s *Service) SetPassword(ctx context.Context, x id.Account, password string) error {
	a, err := s.opts.Store.Account(ctx, x)
	if err != nil {
		return err
	}
	if err := checkPassword(password, a.Email, a.Name); err != nil {
		return err
	}
	hash, err := s.opts.Hasher.Hash(ctx, password)
	if err != nil {
		return fmt.Errorf("hash a password: %w", err)
	}
	return s.opts.Store.SetHash(ctx, x, hash)
}
