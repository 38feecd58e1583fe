package library

import "context"

// Index finds by name what was given to it. It is a copy of what the store knows, made for the eye and the finger of a
// person: it forgives accents, typing errors and the order of words. It does not know who may see what.
type Index interface {
	// Index adds documents, or replaces those with their IDs: all of them, or none with an error.
	Index(ctx context.Context, docs []SearchDoc) error
	// Search gives what matches, the best first.
	Search(ctx context.Context, q SearchQuery) ([]Hit, error)
	// Checkpoint gives what SetMark kept last, with everything indexed before it; "" for an index that is new.
	Checkpoint(ctx context.Context) (string, error)
	// SetCheckpoint keeps a word that says up to where the index is fed.
	SetCheckpoint(ctx context.Context, mark string) error
	// Clear empties the index, its mark included.
	Clear(ctx context.Context) error
}

// FindKind says what sort of thing is found.
type FindKind string

// The kinds of what is found. The first three are kinds of title.
const (
	FindMovie      FindKind = "movie"
	FindSeries     FindKind = "series"
	FindEpisode    FindKind = "episode"
	FindPerson     FindKind = "person"
	FindCollection FindKind = "collection"
	FindChannel    FindKind = "channel"
	FindGenre      FindKind = "genre"
)

// SearchDoc is what one title, person, collection or genre is found by.
type SearchDoc struct {
	ID      string   `json:"i"` // of the title, person, collection or label; unique among all kinds
	Kind    FindKind `json:"k"`
	Names   []string `json:"n"` // what it is called, then its original name and its names in other languages
	Series  []string `json:"s,omitempty"`
	Year    int      `json:"y,omitempty"`
	Season  int      `json:"a,omitempty"` // of an episode
	Episode int      `json:"e,omitempty"`
	People  []string `json:"p,omitempty"` // of a movie or series: who is in it, the most important first
	Weight  int      `json:"w,omitempty"` // how well known it is, 0 to 1000: it orders what matches equally well
}

// SearchQuery is what somebody types.
type SearchQuery struct {
	Text  string
	Kinds []FindKind // none = all
	Limit int        // hits at most
	// Strict gives only what is spelled as it was typed.
	Strict bool
	// Loose also gives what only a part of the words matches, or what is written quite differently.
	Loose bool
}

// MatchQuality says how well a hit fits, the best first.
type MatchQuality int

// The ways to match.
const (
	MatchExact  MatchQuality = iota // the whole name
	MatchBegins                     // the name begins so
	MatchWords                      // all words are words of it, or their beginnings
	MatchNear                       // some words are spelled differently
	MatchPart                       // some words are not in it at all
)

// Hit is something found.
type Hit struct {
	ID    string
	Kind  FindKind
	Name  string // the one of its names that matched best
	Match MatchQuality
	Score float64 // only its order means something
}
