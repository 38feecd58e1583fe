package library

import (
	"context"

	"movify/pkg/event"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Prober reads the streams of a file.
type Prober interface {
	// Probe reads the file at path. For a file that cannot be played it returns a fault with code and message. It
	// returns early with ctx's error.
	Probe(ctx context.Context, path string) (media.Probe, error)
}

// Publisher sends notices to connected clients.
type Publisher interface{ Publish(event.Notice) }

// Store persists the library. Reads see every write that returned before. A missing row is reported by the package's
// own fault: ErrTitleNotFound, ErrFileNotFound, ErrRootNotFound.
type Store interface {
	SidecarStore
	RootStore
	TitleStore

	// Roots lists the roots, oldest first.
	Roots(ctx context.Context) ([]Root, error)
	// RootSizes counts the files of each root that are not Missing; a root without any may be left out.
	RootSizes(ctx context.Context) (map[id.Root]int, error)
	// SaveRoot adds the root or replaces the one with its ID.
	SaveRoot(ctx context.Context, r Root) error
	// RemoveRoot deletes the root. Its files stay as Missing with the code and reason given.
	RemoveRoot(ctx context.Context, r id.Root, code, reason string, atMS int64) error

	// KnownFiles lists the files of a root at or below path, unordered and without probes.
	KnownFiles(ctx context.Context, r id.Root, path string) ([]KnownFile, error)
	// FilesByFingerprint lists a few files with that fingerprint, with their probes: there may be thousands. Missing
	// ones come first, then Present ones, newest first; others follow.
	FilesByFingerprint(ctx context.Context, fingerprint string) ([]File, error)
	// File returns a file with its probe.
	File(ctx context.Context, f id.File) (File, error)
	// FileAt returns the file known at a path, in any root and state, with its probe, or ErrFileNotFound.
	FileAt(ctx context.Context, path string) (File, error)
	// InState lists the files in a state without probes, latest change first.
	InState(ctx context.Context, s State) ([]File, error)

	// TitlesByIdentity returns the titles that have one of the identities, by identity.
	TitlesByIdentity(ctx context.Context, identities []string) (map[string]Title, error)
	// FilesOfTitle returns the files of a title in any state, without probes, oldest first.
	FilesOfTitle(ctx context.Context, t id.Title) ([]File, error)
	// Apply writes the whole change or nothing. It updates the best file of each title concerned.
	Apply(ctx context.Context, c Change) error

	// The methods below return only titles that the audience may see; others count as not found. A title is visible
	// when its rating, or without one its parent's, is within the limit, and its parent is visible.

	// Cards returns the cards of those titles that are known, in the order asked for.
	Cards(ctx context.Context, a Audience, titles []id.Title) ([]Card, error)
	// Children lists the cards below a series or season by season and episode; titles without a present file are left
	// out.
	Children(ctx context.Context, a Audience, parent id.Title) ([]Card, error)
}

// Content is a file with the fingerprint of its content.
type Content struct {
	File        id.File
	Fingerprint string
}

// KnownFile is the stored state of a file that a scan compares with the disk.
type KnownFile struct {
	ID        id.File
	Title     id.Title
	Path      string
	Size      int64
	ModTimeNS int64
	State     State
	Code      string
	Examined  bool // a probe is stored
}

// Change is one transaction of the scanner. Titles and Files are added, or replace those with their IDs; of a known
// title only its identity and its place in the tree are replaced, while its metadata changes by Resolved alone.
type Change struct {
	Titles       []Title
	Files        []File
	Moves        []Move
	Descriptions []Description // replace those of the same title and source; an empty one is deleted
	Resolved     []Resolved    // replace all metadata of their titles
	AtMS         int64
}

// Resolved is the merged metadata of a title.
type Resolved struct {
	Title    id.Title
	Facts    Facts
	Evidence map[string]string // field → source it was read from
	Edited   bool              // it has facts set by hand
}

// Move changes the state of known files and nothing else.
type Move struct {
	Files  []id.File
	State  State
	Code   string
	Reason string
}

// Counts is the size of the library.
type Counts struct {
	Titles    int // visible movies and series
	Files     int // present files
	Attention int
}
