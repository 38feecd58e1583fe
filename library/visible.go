package library

// NoLimit is the MaxAge of an audience that may see titles of every age.
const NoLimit = -1

// oldest is the highest age a title is rated with, in years.
const oldest = 21

// Audience is who looks: every read of titles takes one, and gives nothing that it may not see. The zero Audience sees only
// what is rated for all ages.
type Audience struct {
	MaxAge  int  // years: titles rated higher do not exist for it; NoLimit = no limit
	Unrated bool // it sees titles without a rating
}

// Unrestricted is the audience that sees everything: the encoder, the scanner and an administrator's overviews.
func Unrestricted() Audience { return Audience{MaxAge: NoLimit, Unrated: true} }

// Restricted reports whether there may be titles that the audience does not see.
func (a Audience) Restricted() bool { return a != Unrestricted() }
