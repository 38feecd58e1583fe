package library

import (
	"context"

	"movify/pkg/id"
)

// TitleStore stores titles: descriptions by source, extras, versions.
type TitleStore interface {
	// TitlesByID returns the known ones of those titles, by ID, for any audience.
	TitlesByID(ctx context.Context, titles []id.Title) (map[id.Title]Title, error)
	// TitlesByExternalID returns the titles with one of the IDs at a provider ("imdb", "tvdb"), by that ID.
	TitlesByExternalID(ctx context.Context, provider string, numbers []string) (map[string][]Title, error)
	// WorksByFolder returns the movies and series with files in those work folders (File.WorkFolder), by folder.
	WorksByFolder(ctx context.Context, homes []string) (map[string][]id.Title, error)
	// Orphans returns the extras without an owner whose identity begins with one of the prefixes, all of which end in a
	// colon, or whose file is in one of the work folders.
	Orphans(ctx context.Context, begin, homes []string) ([]Orphan, error)
	// FilesByPath returns the files known at those paths, in any root and state, with their probes, by path.
	FilesByPath(ctx context.Context, paths []string) (map[string]File, error)
	// Unmatched returns up to limit movies, series and extras with a file, a low certainty and no description but those
	// of names and tags, latest first; total counts all.
	Unmatched(ctx context.Context, limit int) (titles []id.Title, total int, err error)
	// Descriptions returns the descriptions of titles, weakest source first. A title without any is left out.
	Descriptions(ctx context.Context, titles []id.Title) (map[id.Title][]Description, error)
}

// TitleLinks are the labels and people of a title, in the order of their source, and its collections in their order.
type TitleLinks struct {
	Genres      []Label
	Studios     []Label
	Cast        []CastMember
	Collections []Collection // ID, kind and name only
}

// SimilarQuery asks for other titles with the labels of a title.
type SimilarQuery struct {
	Title  id.Title
	Kind   Kind       // of the titles that are returned
	Labels []id.Label // at most CardGenres
	Each   int        // candidates per label, latest first
	Limit  int
}

// Orphan is an extra without a known owner.
type Orphan struct {
	Title
	WorkFolder string // of its file
}

// Label is a genre or studio that titles share.
type Label struct {
	ID   id.Label
	Name string
}

// CastMember is a credit of a title with the person.
type CastMember struct {
	ID      id.Person
	Name    string
	Picture string // address of a portrait at the source, "" = none
	Kind    CreditKind
	Role    string
}
