package library

import (
	"context"

	"movify/pkg/id"
)

// Index is the full-text search index of titles, people, genres and collections. It is a copy of the store, and
// tolerates accents, typing errors and word order. It does not know audiences.
type Index interface {
	// Index adds documents or replaces those with their IDs, all of them or none.
	Index(ctx context.Context, docs []SearchDoc) error
	// Search returns the hits, best first.
	Search(ctx context.Context, q SearchQuery) ([]Hit, error)
	// Checkpoint returns the checkpoint set last, with everything indexed before it; "" for a new index.
	Checkpoint(ctx context.Context) (string, error)
	// SetCheckpoint stores up to which change the index is fed.
	SetCheckpoint(ctx context.Context, mark string) error
	// Clear empties the index, including its checkpoint.
	Clear(ctx context.Context) error
}

// FindKind is the kind of a search document.
type FindKind string

// The kinds of documents. The first three are kinds of title.
const (
	FindMovie      FindKind = "movie"
	FindSeries     FindKind = "series"
	FindEpisode    FindKind = "episode"
	FindPerson     FindKind = "person"
	FindCollection FindKind = "collection"
	FindChannel    FindKind = "channel"
	FindGenre      FindKind = "genre"
)

// SearchDoc is the search document of a title, person, collection or genre.
type SearchDoc struct {
	ID      string   `json:"i"` // of the title, person, collection or label; unique among all kinds
	Kind    FindKind `json:"k"`
	Names   []string `json:"n"` // its name, original name and names in other languages
	Series  []string `json:"s,omitempty"`
	Year    int      `json:"y,omitempty"`
	Season  int      `json:"a,omitempty"` // of an episode
	Episode int      `json:"e,omitempty"`
	People  []string `json:"p,omitempty"` // of a movie or series: cast and crew, the most important first
	Weight  int      `json:"w,omitempty"` // popularity, 0 to 1000: orders hits that match equally well
}

// SearchQuery is a query as typed.
type SearchQuery struct {
	Text  string
	Kinds []FindKind // none = all
	Limit int        // hits at most
	// Strict excludes hits with typing errors.
	Strict bool
	// Loose also returns hits that match only some of the words, or with many typing errors.
	Loose bool
}

// MatchQuality is how well a hit matches, best first.
type MatchQuality int

// The match qualities.
const (
	MatchExact  MatchQuality = iota // the whole name
	MatchBegins                     // a prefix of the name
	MatchWords                      // all words match words of it, or prefixes
	MatchNear                       // some words are spelled differently
	MatchPart                       // some words do not match
)

// Hit is a document that matches.
type Hit struct {
	ID    string
	Kind  FindKind
	Name  string // the best matching of its names
	Match MatchQuality
	Score float64 // meaningful in its order only
}

// SearchChange is a title whose search document changed.
type SearchChange struct {
	Title    id.Title
	Revision int // distinguishes one change of a title from the next
}

// PersonResult is a person found by a search.
type PersonResult struct {
	ID      id.Person
	Name    string
	Picture string // address of a portrait at the source, "" = none
	Titles  int    // visible movies and series with a credit of the person
}

// GroupResult is a genre, collection or channel found by a search.
type GroupResult struct {
	ID   string
	Kind FindKind
	Name string
}
