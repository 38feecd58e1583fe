package library

import (
	"context"

	"movify/pkg/id"
)

// TitleStore keeps what is known of titles: descriptions from their sources, extras, versions.
type TitleStore interface {
	// TitlesByID gives the known ones of those titles, by ID, whoever may see them.
	TitlesByID(ctx context.Context, titles []id.Title) (map[id.Title]Title, error)
	// TitlesByNumber gives the titles that somebody else, "imdb" or "tvdb", calls by one of the numbers, by number.
	TitlesByNumber(ctx context.Context, provider string, numbers []string) (map[string][]Title, error)
	// WorksAt gives the films and series that have files in those folders of their own (File.Home), by folder.
	WorksAt(ctx context.Context, homes []string) (map[string][]id.Title, error)
	// Orphans gives the extras that are part of nothing and whose identity begins with one of the texts, all of which end in
	// a colon, or whose file is in one of the folders.
	Orphans(ctx context.Context, begin, homes []string) ([]Orphan, error)
	// FilesAt gives the files known at those paths, in any root and state, with their probes, by path.
	FilesAt(ctx context.Context, paths []string) (map[string]File, error)
	// Extras gives the cards of the extras of a movie, series or season that an audience may see and that have a file: of a
	// series those of its seasons too.
	Extras(ctx context.Context, a Audience, parent id.Title) ([]Card, error)
	// Descriptions gives what the sources say of those titles, the weakest first. A title of which nothing is said is left out.
	Descriptions(ctx context.Context, titles []id.Title) (map[id.Title][]Description, error)
}

// Orphan is an extra whose film or series is not known.
type Orphan struct {
	Title
	Home string // File.Home of its file
}
