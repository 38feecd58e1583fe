// Package id gives every identified thing its own string type, so that a Title cannot be passed where a File is meant,
// and makes sortable IDs. It holds no rules.
package id

import (
	"fmt"

	"github.com/google/uuid"
)

// Title identifies a work a viewer can name: a movie, a series, a season, an episode, an extra.
type Title string

// File identifies bytes on disk that a scan found. A moved file keeps its ID.
type File string

// Root identifies one library folder.
type Root string

// Label identifies a word that titles are found by: a genre, a studio, a country, a tag.
type Label string

// Person identifies a person with a credit in a title.
type Person string

// Collection identifies a named collection of titles; a channel is one.
type Collection string

// Asset identifies one packaging of one File on one Grid. It is derived, not random: see transcoder.
type Asset string

// Rendition identifies one encoded form inside an Asset: it is safe as a path element and in a URL.
type Rendition string

// Job identifies work in the queue.
type Job string

// Run identifies one execution of an encoder over a range of segments.
type Run string

// Account identifies an account.
type Account string

// Profile identifies a profile of an account.
type Profile string

// SignIn identifies one login of an Account on one device.
type SignIn string

// Invite identifies an invitation to make an Account.
type Invite string

// Event identifies one line of the security log.
type Event string

// Session identifies one playback.
type Session string

// Task identifies one storage task: a move or a collection of garbage.
type Task string

// Viewer is a Profile with a live request.
type Viewer struct {
	Account Account
	Profile Profile
}

// New makes an ID of type T that sorts by time of creation: a UUIDv7 (RFC 9562 section 5.7) in text form.
func New[T ~string]() T {
	u, err := uuid.NewV7()
	if err != nil {
		// The operating system's random source failed; nothing that needs an identity can go on.
		panic(fmt.Errorf("make an id: %w", err))
	}
	return T(u.String())
}
