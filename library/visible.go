package library

import "movify/pkg/id"

// NoLimit is the MaxAge of an audience that may see titles of every age.
const NoLimit = -1

// maxAge is the highest age a title is rated with, in years.
const maxAge = 21

// Audience is who looks: every read of titles takes one, and gives nothing that it may not see. The zero Audience sees only
// what is rated for all ages.
type Audience struct {
	MaxAge  int  // years: titles rated higher do not exist for it; NoLimit = no limit
	Unrated bool // it sees titles without a rating

	// Account is whose lists of roots and channels hold; "" when neither does.
	Account       id.Account
	LimitRoots    bool  // it sees what lies in the roots of the account's list, and no other file
	LimitChannels bool  // it sees what the channels of the account's list hold
	Edition       int64 // of the account's lists: another one is another audience
}

// Unrestricted is the audience that sees everything: the encoder, the scanner and an administrator's overviews.
func Unrestricted() Audience { return Audience{MaxAge: NoLimit, Unrated: true} }

// Within gives the audience limited to the lists of an account, as far as they hold.
func (a Audience) Within(account id.Account, roots, channels bool, edition int64) Audience {
	if roots || channels {
		a.Account, a.LimitRoots, a.LimitChannels, a.Edition = account, roots, channels, edition
	}
	return a
}

// Restricted reports whether there may be titles that the audience does not see.
func (a Audience) Restricted() bool { return a != Unrestricted() }
