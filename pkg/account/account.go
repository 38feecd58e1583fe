// Package account owns accounts, which sign in, and profiles, which watch. It makes the first account, the owner's, exactly
// once, and further ones by registration and invitation. It holds the rules for addresses, names and passwords, the rights
// between roles, and the codes in letters. It never sees a password on the wire and has no tokens; of accounts it never
// compares a password with its hash.
//
// Invariants. There is exactly one owner, who can be neither disabled nor deleted. Of a code only the hash is stored; a code
// works once and expires. Where letters can be sent, no answer to an unauthenticated request reveals whether an address has
// an account: a registration is not an account before its letter was answered.
package account

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

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
	ErrClosed     = fault.New(fault.Forbidden, "registration_closed", "This server takes no new accounts.")
	ErrInvite     = fault.New(fault.Forbidden, "invite_invalid", "That invitation is not valid, or was used already.")
	ErrConsent    = fault.New(fault.Invalid, "consent_needed", "Please agree to the terms of this server.")
	ErrReset      = fault.New(fault.Forbidden, "reset_invalid",
		"That link is not valid any more. Please ask for a new one.")
	ErrRegistration = fault.New(fault.Forbidden, "registration_invalid",
		"That link is not valid any more. Please register again.")
	ErrWrongPassword = fault.New(fault.Forbidden, "password_wrong",
		"That is not the password that was chosen with the registration.")
	ErrOwnerStays = fault.New(fault.Conflict, "owner_stays",
		"The owner of the server stays. Hand the server over to another account first.")
	ErrOwnerOnly    = fault.New(fault.Forbidden, "owner_only", "Only the owner of this server may do that.")
	ErrAdminOnly    = fault.New(fault.Forbidden, "admin_only", "Only an administrator of this server may do that.")
	ErrOwnAccount   = fault.New(fault.Conflict, "own_account", "That is your own account.")
	ErrRole         = fault.New(fault.Invalid, "role_invalid", "An account is an admin or a member.")
	ErrLimits       = fault.New(fault.Invalid, "limits_invalid", "Please choose a number from 1 to 50.")
	ErrNoInvite     = fault.New(fault.NotFound, "invite_not_found", "That invitation does not exist.")
	ErrTooManyCodes = fault.New(fault.Limited, "too_many_letters",
		"Several links are on their way already. Please look in the mailbox, or wait an hour.")
)

// Role is the set of rights of an account.
type Role string

// The roles. The owner is the one who set the server up; there is exactly one.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Member Role = "member"
)

// Administers reports whether the role may change the server.
func (r Role) Administers() bool { return r == Owner || r == Admin }

// DefaultStreams is how many playbacks at once a new account may have.
const DefaultStreams = 4

// Account is a person who can sign in.
type Account struct {
	ID           id.Account
	Email        string // in the form of NormaliseEmail
	FirstName    string
	LastName     string // may be empty for an account that was not registered
	Role         Role
	Language     string // BCP 47; empty = never said
	Consent      Consent
	Streams      int // playbacks at once
	ProfileLimit int
	HasPassword  bool // false for an account that signs in with OpenID Connect only
	Created      time.Time
	Disabled     time.Time // since when it may not sign in; zero while it may
	// EmailProven is when it was shown that the person receives letters at Email; zero = it was not.
	EmailProven time.Time
}

// Name is both names.
func (a Account) Name() string { return strings.TrimSpace(a.FirstName + " " + a.LastName) }

// Consent is the version of the terms that a person accepted, and when. Zero = none were shown.
type Consent struct {
	Version string
	At      time.Time
}

// Store keeps accounts, profiles, invitations and codes.
type Store interface {
	// Accounts counts the accounts.
	Accounts(ctx context.Context) (int, error)
	// AddFirst stores an account with its default profile and password hash if there is no account at all, else gives
	// ErrSetupDone. Of many calls at once exactly one succeeds.
	AddFirst(ctx context.Context, a Account, p Profile, hash string) error
	// Add keeps a further account with its default profile and password hash, or gives ErrEmailTaken. With the hash of an
	// invitation's code it uses that up in the same step, or gives ErrInvite when it is not open at the account's
	// Created; of many calls with one invitation exactly one succeeds.
	Add(ctx context.Context, a Account, p Profile, hash, invite string) error
	// Account gives an account, or ErrNoAccount.
	Account(ctx context.Context, a id.Account) (Account, error)
	// AccountByEmail gives the account of a normalised address, or ErrNoAccount.
	AccountByEmail(ctx context.Context, email string) (Account, error)
	// Rows lists every account for the users page, the oldest first, with its sign-ins that are open at a time.
	Rows(ctx context.Context, at time.Time) ([]UserSummary, error)
	// ChangeAccount calls change with an account, stores the changed account and returns it. When change fails, its error
	// is returned and nothing is stored. Changes are serialised. An address of another account gives ErrEmailTaken; a new
	// address deletes the account's codes. ID, Created and HasPassword are not changed.
	ChangeAccount(ctx context.Context, a id.Account, change func(*Account) error) (Account, error)
	// Reaches gives the reach of each account that does not see the whole library.
	Reaches(ctx context.Context) (map[id.Account]Reach, error)
	// SetReach replaces the reach of an account, or gives ErrNoAccount.
	SetReach(ctx context.Context, a id.Account, r Reach) error
	// HandOver makes an account the owner and the current owner an admin, in one transaction, or gives ErrNoAccount.
	HandOver(ctx context.Context, to id.Account) error
	// SetHash replaces the password hash of an account and drops its codes, or gives ErrNoAccount.
	SetHash(ctx context.Context, a id.Account, hash string) error
	// Remove deletes an account, its profiles and all rows that belong to them; its sign-ins count as ended at a time. The
	// owner gives ErrOwnerStays; removing an unknown account is no error.
	Remove(ctx context.Context, a id.Account, at time.Time) error
	// Export gives all rows of an account and its profiles, without secrets and their hashes, or ErrNoAccount.
	Export(ctx context.Context, a id.Account) ([]ExportTable, error)

	ProfileStore

	// AddRegistration stores a registration unless its address, or its invitation, has most open ones already; ok reports
	// whether it did. It deletes the registrations that had expired when this one was made.
	AddRegistration(ctx context.Context, r PendingRegistration, most int) (ok bool, err error)
	// DropRegistrations deletes the registrations that have expired at a time.
	DropRegistrations(ctx context.Context, at time.Time) error
	// RegistrationOf gives the registration of a code's hash if it is open at a time, else ErrRegistration.
	RegistrationOf(ctx context.Context, hash string, at time.Time) (PendingRegistration, error)
	// UseRegistration makes the account of a registration that RegistrationOf would give at the account's Created, with the
	// stored password hash, as Add does with the stored invitation, and deletes every registration of the address, in one
	// transaction. Of many calls with one code exactly one succeeds; the others give ErrRegistration. ErrEmailTaken deletes
	// them too.
	UseRegistration(ctx context.Context, hash string, a Account, p Profile) error

	// AddInvite stores an invitation under the hash of its code, and deletes those that had expired at forget.
	AddInvite(ctx context.Context, i Invite, hash string, forget time.Time) error
	// Invites lists the invitations, the newest first.
	Invites(ctx context.Context) ([]Invite, error)
	// InviteOf gives the invitation of a code's hash if it is open at a time, else ErrInvite.
	InviteOf(ctx context.Context, hash string, at time.Time) (Invite, error)
	// DropInvite deletes an invitation, or gives ErrNoInvite.
	DropInvite(ctx context.Context, i id.Invite) error

	// AddCode stores a code unless its account has most open ones for that purpose already; ok reports whether it did. It
	// deletes the codes that had expired when this one was made.
	AddCode(ctx context.Context, c Code, most int) (ok bool, err error)
	// CodeOf gives the code of a hash if it is for a purpose and open at a time, else ErrReset.
	CodeOf(ctx context.Context, p Purpose, hash string, at time.Time) (Code, error)
	// UseCode marks a code that CodeOf would give as used and changes the account as ChangeAccount does, in one
	// transaction. Of many calls with one code exactly one succeeds; the others give ErrReset.
	UseCode(ctx context.Context, p Purpose, hash string, at time.Time, change func(*Account, Code) error) (Account, error)
}

// Hasher hashes passwords and PINs slowly, and checks them against a hash. Calls of one source, as an account, wait for each
// other and not for long for those of others.
type Hasher interface {
	Hash(ctx context.Context, source, password string) (string, error)
	Verify(ctx context.Context, source, password, hash string) (bool, error)
}

// fromRegistration is the source of what strangers have hashed.
const fromRegistration = "registration"

// SignIns ends the sign-ins of an account and the playbacks begun with them. After a method returns, the access tokens of
// these sign-ins are refused.
type SignIns interface {
	SignOutAll(ctx context.Context, a id.Account) error
	// SignOutOthers ends the API keys and all sign-ins but one.
	SignOutOthers(ctx context.Context, a id.Account, keep id.SignIn) error
}

// Mailer sends letters. A fault of kind Invalid is about the letter itself: a retry will not help. One of kind Limited is about
// its address for now: letters to others may arrive.
type Mailer interface {
	Send(ctx context.Context, l Letter) error
}

// Registration is the policy for new accounts.
type Registration string

// The policies.
const (
	Closed   Registration = "closed"
	ByInvite Registration = "invite"
	Open     Registration = "open"
)

// Options are the parts a Service needs. SignIns nil = there are none, Mailer nil = no letters, Registration "" =
// Closed, MinPassword 0 = 10 characters, Brand "" = Movify, Clock nil = time.Now, Logger nil = silence. Without Passwords
// and Blobs profiles can be read only.
type Options struct {
	Store   Store
	Hasher  Hasher
	SignIns SignIns
	Mailer  Mailer

	Passwords Passwords
	Blobs     blob.Store // where uploaded pictures of profiles go
	Devices   Devices    // nil = there are none

	Registration Registration
	MinPassword  int    // characters
	Consent      string // version of the terms that must be agreed to; empty = none
	Brand        string
	Public       string // base URL of the server without a trailing slash, for links in letters
	Clock        func() time.Time
	Retry        []time.Duration // delays before a letter is sent again; nil = a quarter of an hour in all
	Logger       *slog.Logger
}

// Service manages accounts and profiles. Its methods are safe for concurrent use.
type Service struct {
	opts     Options
	log      *slog.Logger
	mailJobs chan mailJob
	down     atomic.Bool         // the last letter could not be delivered
	decoding *semaphore.Weighted // one picture at a time: decoding takes up to 100 MB
}

// New builds a Service. Letters are sent while Run runs.
func New(o Options) *Service {
	if o.Registration == "" {
		o.Registration = Closed
	}
	if o.MinPassword == 0 {
		o.MinPassword = minPassword
	}
	if o.Brand == "" {
		o.Brand = "Movify"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Retry == nil {
		o.Retry = []time.Duration{10 * time.Second, 50 * time.Second, 4 * time.Minute, 10 * time.Minute}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{opts: o, log: o.Logger, mailJobs: make(chan mailJob, maxMailJobs), decoding: semaphore.NewWeighted(1)}
}

// NewAccount is the data that a new account needs.
type NewAccount struct {
	Email     string
	FirstName string
	LastName  string
	Password  string
	Language  string // BCP 47; may be empty
}

// SplitName splits a full name into the first name and the rest, which may be empty.
func SplitName(name string) (first, last string) {
	first, last, _ = strings.Cut(strings.TrimSpace(name), " ")
	return first, strings.TrimSpace(last)
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
func (s *Service) Setup(ctx context.Context, p NewAccount) (Account, Profile, error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return Account{}, Profile{}, err
	}
	if !needed {
		return Account{}, Profile{}, ErrSetupDone // before the slow hash
	}
	a, found := s.check(p)
	if err := found.orNil(); err != nil {
		return Account{}, Profile{}, err
	}
	a.Role = Owner
	hash, profile, err := s.prepare(ctx, p, a)
	if err != nil {
		return Account{}, Profile{}, err
	}
	if err := s.opts.Store.AddFirst(ctx, a, profile, hash); err != nil {
		return Account{}, Profile{}, fmt.Errorf("keep the first account: %w", err)
	}
	return a, profile, nil
}

// check applies every rule to the data of a new account. It gives the account to store and the fields that are not valid.
func (s *Service) check(p NewAccount) (Account, *ValidationError) {
	found := &ValidationError{}
	a := newAccount(s.opts.Clock())
	var err error
	a.Email, err = checkEmail(p.Email)
	found.add("email", err)
	a.FirstName, err = checkName(p.FirstName)
	found.add("firstName", err)
	if p.LastName != "" {
		a.LastName, err = checkName(p.LastName)
		found.add("lastName", err)
	}
	a.Language, err = checkLanguage(p.Language)
	found.add("language", err)
	found.add("password", s.passwordPolicy(p.Password, NormaliseEmail(p.Email), a.Name()))
	return a, found
}

// prepare makes the password hash and the first profile of a new account.
func (s *Service) prepare(ctx context.Context, p NewAccount, a Account) (string, Profile, error) {
	hash, err := s.opts.Hasher.Hash(ctx, fromRegistration, p.Password)
	if err != nil {
		return "", Profile{}, fmt.Errorf("hash a password: %w", err)
	}
	return hash, firstProfile(a), nil
}

// firstProfile is the profile that an account begins with.
func firstProfile(a Account) Profile {
	p := newProfile(a.ID, profileName(a.FirstName), a.Created)
	p.Default = true
	return p
}

// Account gives an account, or ErrNoAccount.
func (s *Service) Account(ctx context.Context, a id.Account) (Account, error) {
	return s.opts.Store.Account(ctx, a)
}

// AccountByEmail gives the account of an address, which need not be normalised, or ErrNoAccount.
func (s *Service) AccountByEmail(ctx context.Context, email string) (Account, error) {
	return s.opts.Store.AccountByEmail(ctx, NormaliseEmail(email))
}

// endSignIns ends every sign-in of an account but keep, which may be empty.
func (s *Service) endSignIns(ctx context.Context, a id.Account, keep id.SignIn) error {
	if s.opts.SignIns == nil {
		return nil
	}
	end := s.opts.SignIns.SignOutAll
	if keep != "" {
		end = func(ctx context.Context, a id.Account) error { return s.opts.SignIns.SignOutOthers(ctx, a, keep) }
	}
	if err := end(ctx, a); err != nil {
		return fmt.Errorf("end the sign-ins of an account: %w", err)
	}
	return nil
}
