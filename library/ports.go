package library

import (
	"context"

	"movify/pkg/event"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Prober says what is in a file.
type Prober interface {
	// Probe looks into the file at path. For a file that cannot be played it returns a fault whose code and words say why.
	// It ends early with ctx's error.
	Probe(ctx context.Context, path string) (media.Probe, error)
}

// Stills takes pictures out of films.
type Stills interface {
	// Stills finds a telling frame of the film at path, of which p is the probe.
	Stills(ctx context.Context, path string, p media.Probe) (Still, error)
}

// Still is one frame of a film in two sizes.
type Still struct {
	WebP1280 []byte // at most 1280 pixels wide
	WebP480  []byte // at most 480 pixels wide
	Color    string // its leading colour: "#rrggbb"
}

// Publisher tells whoever is connected that something changed.
type Publisher interface{ Publish(event.Notice) }

// Store keeps what the library knows. Reads see the last write that returned. A thing that is not there is reported by
// the package's own fault: ErrTitleNotFound, ErrFileNotFound, ErrRootNotFound.
type Store interface {
	PictureStore
	SidecarStore
	CatalogueStore
	RootStore
	SearchStore
	TitleStore

	// Roots lists the roots, oldest first.
	Roots(ctx context.Context) ([]Root, error)
	// RootSizes counts the files of each root that are not Missing; a root without any may be left out.
	RootSizes(ctx context.Context) (map[id.Root]int, error)
	// SaveRoot adds the root or replaces the one with its ID.
	SaveRoot(ctx context.Context, r Root) error
	// RemoveRoot forgets the root. Its files stay known as Missing with the code and reason given.
	RemoveRoot(ctx context.Context, r id.Root, code, reason string, atMS int64) error

	// KnownFiles lists the files of a root at or below path, in no order and without probes.
	KnownFiles(ctx context.Context, r id.Root, path string) ([]KnownFile, error)
	// FilesByFingerprint lists a few files with that fingerprint, with their probes: there may be thousands. Those that are
	// Missing come first and then those that are Present, the newest first; others follow.
	FilesByFingerprint(ctx context.Context, fingerprint string) ([]File, error)
	// File gives a file with its probe.
	File(ctx context.Context, f id.File) (File, error)
	// FileAt gives the file known at a path, in any root and state, with its probe, or ErrFileNotFound.
	FileAt(ctx context.Context, path string) (File, error)
	// Contents lists the present files that have been read, newest first.
	Contents(ctx context.Context) ([]Content, error)
	// FilesWithoutArt lists up to limit present files whose Art is wanted, with probes, newest first.
	FilesWithoutArt(ctx context.Context, limit int) ([]File, error)
	// InState lists the files in a state without probes, the latest to come into it first.
	InState(ctx context.Context, s State) ([]File, error)

	// TitlesByIdentity gives the titles that have one of the identities, by identity.
	TitlesByIdentity(ctx context.Context, identities []string) (map[string]Title, error)
	// FilesOfTitle gives the files that belong to a title, in any state, without probes, oldest first.
	FilesOfTitle(ctx context.Context, t id.Title) ([]File, error)
	// Apply writes all of the change or nothing. It chooses anew which file stands for each title concerned.
	Apply(ctx context.Context, c Change) error
	// SaveArt keeps what became of the still of a file, unless the file has another fingerprint by now.
	SaveArt(ctx context.Context, f id.File, fingerprint string, art Art, color string) error

	// What follows gives nothing that the audience may not see: such a title is one that is not there. A title may be seen
	// when its rating, or without one that of what it is part of, is within the limit, and what it is part of may be seen.

	// Cards gives the cards of those titles that are known, in the order asked for.
	Cards(ctx context.Context, a Audience, titles []id.Title) ([]Card, error)
	// Children lists the cards of the titles below a series or season by season and episode; those without a file that is
	// there are left out.
	Children(ctx context.Context, a Audience, parent id.Title) ([]Card, error)
	// Episodes lists the cards of the episodes of a series by season and episode; those without a file that is there are
	// left out.
	Episodes(ctx context.Context, a Audience, series id.Title) ([]Card, error)
	// NextEpisode gives the episode after the given place in a series; found is false after the last.
	NextEpisode(ctx context.Context, a Audience, series id.Title, season, episode int) (c Card, found bool, err error)
	// BestFile gives the file that stands for a movie, episode or extra, with its probe, or ErrNoFile.
	BestFile(ctx context.Context, a Audience, t id.Title) (File, error)
	// Counts gives the size of the library.
	Counts(ctx context.Context, a Audience) (Counts, error)
}

// Content is a file by what is in it.
type Content struct {
	File        id.File
	Fingerprint string
}

// KnownFile is what a scan compares the disk with.
type KnownFile struct {
	ID        id.File
	Title     id.Title
	Path      string
	Size      int64
	ModTimeNS int64
	State     State
	Code      string
	Examined  bool // a probe is kept
}

// Change is what one step of a scan found out. Titles and Files are added, or replace those with their IDs; of a title that
// is known that is what it is and where it belongs, while what is told of it only changes by Shown.
type Change struct {
	Titles       []Title
	Files        []File
	Moves        []Move
	Descriptions []Description // replace those of the same title and source; an empty one goes
	Resolved     []Resolved    // replace all that was told of their titles
	AtMS         int64
}

// Resolved is what is told of a title: what its sources say, merged.
type Resolved struct {
	Title    id.Title
	Facts    Facts
	Evidence map[string]string // field → where it was read
	Edited   bool              // FromOwner says something
}

// Move puts known files into another state without touching anything else of them.
type Move struct {
	Files  []id.File
	State  State
	Code   string
	Reason string
}

// Counts is the size of the library.
type Counts struct {
	Titles    int // movies and series that are shown
	Files     int // files that are present
	Attention int
}
