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

// Content is a file with the fingerprint of its content.
type Content struct {
	File        id.File
	Fingerprint string
	AddedMS     int64
	Root        id.Root
	Wanted      bool // its ladder is wanted: a viewer has needed it, or an administrator asked for it
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

// Change is one transaction of scan or metadata. Titles and Files are added, or replace those with their IDs; of a known
// title only its identity and its place in the tree are replaced, while its metadata changes by Resolved alone.
type Change struct {
	Titles       []Title
	Files        []File
	Moves        []Move
	Descriptions []Description // replace those of the same title and source; an empty one is deleted
	Resolved     []Resolved    // replace all metadata of their titles
	Handovers    []Handover    // after all of the above
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
