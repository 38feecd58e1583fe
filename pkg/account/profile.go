package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of profiles.
var (
	ErrNoProfile   = fault.New(fault.NotFound, "profile_not_found", "That profile does not exist.")
	ErrProfileName = fault.New(fault.Invalid, "profile_name_invalid",
		"Please give the profile a name of up to 20 characters.")
	ErrProfileTaken = fault.New(fault.Conflict, "profile_name_taken", "Another profile has that name.")
	ErrProfileLimit = fault.New(fault.Conflict, "profile_limit", "This account has as many profiles as it may have.")
	ErrProfileLast  = fault.New(fault.Conflict, "profile_last",
		"An account keeps at least one profile that is not for kids.")
	ErrAvatar         = fault.New(fault.Invalid, "avatar_unknown", "There is no such avatar.")
	ErrMaturity       = fault.New(fault.Invalid, "maturity_invalid", "An age limit is between 0 and 21 years.")
	ErrLanguage       = fault.New(fault.Invalid, "language_invalid", "That is not a language.")
	ErrPasswordNeeded = fault.New(fault.Forbidden, "password_needed",
		"Please enter the password of the account to change that.")
)

const (
	// NoLimit is the MaxAge of a profile that may see titles of every age.
	NoLimit = -1
	// DefaultProfiles is how many profiles a new account may have.
	DefaultProfiles = 7

	maxProfileName = 20 // characters
	maxMaturity    = 21 // years
	kidsMaturity   = 7  // years, the default of a kids profile
)

// Profile is a viewer of an account with settings and limits of its own.
type Profile struct {
	ID      id.Profile
	Account id.Account
	Name    string
	Color   string // of its avatar, "#rrggbb"
	Avatar  string // one of Avatars; "" = the first letter of its name
	Picture string // blob key of an uploaded picture, which goes before Avatar; "" = none

	Kids    bool // the interface is for children, and leaving it takes a grown-up
	MaxAge  int  // years: titles rated higher do not exist for it; NoLimit = no limit
	Unrated bool // it may see titles without a rating
	HasPIN  bool

	Language         string // of the interface, BCP 47; "" = that of the device
	AudioLanguage    string // "" = that of the film
	SubtitleLanguage string // "" = none
	AutoplayNext     bool

	Default bool // the one that a sign-in begins with
	Created time.Time

	// The reach of its account, the same for all its profiles. Edition changes with these lists.
	LimitRoots, LimitChannels bool
	Edition                   int64
}

// Restricted reports whether there may be titles that the profile does not see. Operations with which a restricted profile
// could lift its own limits require the password of the account.
func (p Profile) Restricted() bool { return p.Kids || p.MaxAge != NoLimit || !p.Unrated }

// lessRestricted reports whether p sees a title or may do an operation that q does not.
func (p Profile) lessRestricted(q Profile) bool {
	return !p.Kids && q.Kids || p.Unrated && !q.Unrated || q.MaxAge != NoLimit &&
		(p.MaxAge == NoLimit || p.MaxAge > q.MaxAge)
}

// newProfile is a profile without any limit.
func newProfile(a id.Account, name string, now time.Time) Profile {
	return Profile{
		ID: id.New[id.Profile](), Account: a, Name: name, Color: colorOfName(name), MaxAge: NoLimit, Unrated: true,
		AutoplayNext: true, Created: now,
	}
}

// ProfileStore stores profiles. An unknown profile is ErrNoProfile, a name that another one of the account has
// ErrProfileTaken; names are compared folded.
type ProfileStore interface {
	// Profile gives a profile.
	Profile(ctx context.Context, p id.Profile) (Profile, error)
	// Profiles lists the profiles of an account, the default one first, then by age.
	Profiles(ctx context.Context, a id.Account) ([]Profile, error)
	// AddProfile keeps a new profile with the hash of its PIN, "" without one. With limit profiles there it gives
	// ErrProfileLimit; of many calls at once none gets past it.
	AddProfile(ctx context.Context, p Profile, pinHash string, limit int) error
	// ChangeProfile calls change with a profile and all profiles of its account, and stores the changed profile. pinHash
	// nil leaves the PIN as it is, "" removes it. A profile that becomes the default replaces the default before. Changes
	// of one account are serialised; when change fails, its error is returned and nothing is stored.
	ChangeProfile(
		ctx context.Context, p id.Profile, pinHash *string, change func(p *Profile, all []Profile) error,
	) (Profile, error)
	// RemoveProfile removes a profile unless allowed, which gets all profiles of the account, fails. Sign-ins with that
	// profile continue with the account's default and count as not having chosen. When the default is removed, the oldest
	// other profile that is not for kids becomes the default.
	RemoveProfile(ctx context.Context, p id.Profile, allowed func(all []Profile) error) error
	// PINHash gives the hash of a profile's PIN; "" without one.
	PINHash(ctx context.Context, p id.Profile) (string, error)

	// AlwaysAsk reports whether an account asks who is watching at every start.
	AlwaysAsk(ctx context.Context, a id.Account) (bool, error)
	// SetAlwaysAsk changes that, or gives ErrNoAccount.
	SetAlwaysAsk(ctx context.Context, a id.Account, ask bool) error

	// ChangeTries calls change with the Tries of a key, zero when there are none, and stores the result unless change
	// fails; then its error is returned. Changes of one key are serialised. Tries older than a day are deleted.
	ChangeTries(ctx context.Context, key string, now time.Time, change func(*Tries) error) error
}

// Passwords checks the password of a signed-in account.
type Passwords interface {
	// Confirm gives a fault unless the password is that of the account. Wrong ones are rate-limited by address.
	Confirm(ctx context.Context, a id.Account, password, address string) error
}

// Devices ends sign-ins by profile.
type Devices interface {
	// SignOutProfile ends the sign-ins of an account that use a profile, except keep.
	SignOutProfile(ctx context.Context, a id.Account, p id.Profile, keep id.SignIn) error
}

// Proof authorises an operation beyond the rights of a profile. Password is empty when none was given.
type Proof struct {
	Password string
	Address  string // where the request came from
}

// Profile gives a profile, or ErrNoProfile.
func (s *Service) Profile(ctx context.Context, p id.Profile) (Profile, error) {
	return s.opts.Store.Profile(ctx, p)
}

// Profiles lists the profiles of an account, the default one first.
func (s *Service) Profiles(ctx context.Context, a id.Account) ([]Profile, error) {
	return s.opts.Store.Profiles(ctx, a)
}

// OwnProfile gives a profile of an account; a profile of another account is ErrNoProfile.
func (s *Service) OwnProfile(ctx context.Context, a id.Account, p id.Profile) (Profile, error) {
	out, err := s.opts.Store.Profile(ctx, p)
	if err != nil {
		return Profile{}, err
	}
	if out.Account != a {
		return Profile{}, ErrNoProfile
	}
	return out, nil
}

// ProfileLimit is how many profiles an account may have.
func (s *Service) ProfileLimit(ctx context.Context, a id.Account) (int, error) {
	x, err := s.opts.Store.Account(ctx, a)
	return x.ProfileLimit, err
}

// AlwaysAsk reports whether an account asks who is watching at every start.
func (s *Service) AlwaysAsk(ctx context.Context, a id.Account) (bool, error) {
	return s.opts.Store.AlwaysAsk(ctx, a)
}

// SetAlwaysAsk changes whether an account asks who is watching at every start.
func (s *Service) SetAlwaysAsk(ctx context.Context, a id.Account, ask bool) error {
	return s.opts.Store.SetAlwaysAsk(ctx, a, ask)
}

// RemoveProfile removes a profile of v's account with its progress, lists and history. It requires the password. The last
// profile, and the last that is not for kids, cannot be removed: ErrProfileLast. Its devices are signed out, because they
// would continue with a profile that may have a PIN or fewer limits; only x, the sign-in of the request, stays.
func (s *Service) RemoveProfile(ctx context.Context, v id.Viewer, x id.SignIn, p id.Profile, proof Proof) error {
	old, err := s.OwnProfile(ctx, v.Account, p)
	if err != nil {
		return err
	}
	if err := s.prove(ctx, v.Account, proof); err != nil {
		return err
	}
	all, err := s.opts.Store.Profiles(ctx, v.Account)
	if err != nil {
		return err
	}
	if err := requireAdultProfile(all, p); err != nil {
		return err
	}
	if s.opts.Devices != nil { // before they continue with another profile
		if err := s.opts.Devices.SignOutProfile(ctx, v.Account, p, x); err != nil {
			return wrapUnlessFault("sign out a profile", err)
		}
	}
	err = s.opts.Store.RemoveProfile(ctx, p, func(all []Profile) error { return requireAdultProfile(all, p) })
	if err != nil {
		return wrapUnlessFault("remove a profile", err)
	}
	return s.dropPicture(ctx, old.Picture)
}

// requireAdultProfile gives ErrProfileLast when only kids profiles would be left without p.
func requireAdultProfile(all []Profile, p id.Profile) error {
	if slices.ContainsFunc(all, func(x Profile) bool { return x.ID != p && !x.Kids }) {
		return nil
	}
	return ErrProfileLast
}

// prove checks the password that an operation requires.
func (s *Service) prove(ctx context.Context, a id.Account, proof Proof) error {
	if proof.Password == "" {
		return ErrPasswordNeeded
	}
	return s.opts.Passwords.Confirm(ctx, a, proof.Password, proof.Address)
}

// wrapUnlessFault wraps an error with the operation that failed, unless it is a fault with words for a person.
func wrapUnlessFault(doing string, err error) error {
	if err == nil || fault.Of(err).Kind != fault.Internal {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}
