package library

import "movify/pkg/id"

// NoLimit is the MaxAge of an audience that may see titles of any age rating.
const NoLimit = -1

// maxAge is the highest age rating, in years.
const MaxAge = 21

// Audience is the visibility of the reader: every read of titles takes one and returns only titles visible to it. The
// zero Audience sees only titles rated for all ages.
type Audience struct {
	MaxAge  int  // years: titles rated higher are hidden; NoLimit = no limit
	Unrated bool // titles without a rating are visible

	// Account is the account whose lists of roots and channels apply; "" when neither does.
	Account       id.Account
	LimitRoots    bool  // only files in the roots of the account's list are visible
	LimitChannels bool  // only titles of the channels of the account's list are visible
	Edition       int64 // of the account's lists: another edition is another audience
}

// Unrestricted is the audience that sees everything: the encoder, the scanner and the admin pages.
func Unrestricted() Audience { return Audience{MaxAge: NoLimit, Unrated: true} }

// Within returns the audience limited to the lists of an account, if they apply.
func (a Audience) Within(account id.Account, roots, channels bool, edition int64) Audience {
	if roots || channels {
		a.Account, a.LimitRoots, a.LimitChannels, a.Edition = account, roots, channels, edition
	}
	return a
}

// Restricted reports whether titles may be hidden from the audience.
func (a Audience) Restricted() bool { return a != Unrestricted() }
