package library

import (
	"context"

	"movify/pkg/id"
)

// CatalogueStore stores the data that titles are filtered by: genres, people, collections and channels. Methods with an
// Audience return only titles visible to it.
type CatalogueStore interface {
	// Edition changes with every write to the library by this process.
	Edition() int64
	// TitleSummaries returns all movies and series with files, visible or not.
	TitleSummaries(ctx context.Context) ([]TitleSummary, error)
	// VisibleTitles returns those of them that are visible to a.
	VisibleTitles(ctx context.Context, a Audience) ([]id.Title, error)
	// Labels returns the labels of a kind, by ID.
	Labels(ctx context.Context, kind LabelKind) (map[id.Label]string, error)
	// Labelled returns the titles with a label of a kind.
	Labelled(ctx context.Context, kind LabelKind) ([]Labelled, error)
	// TitlesLabelled returns the titles with a label.
	TitlesLabelled(ctx context.Context, l id.Label) ([]id.Title, error)
	// TitlesOfPerson returns the movies and series that a person has a credit in, or in an episode of.
	TitlesOfPerson(ctx context.Context, a Audience, p id.Person) ([]id.Title, error)
	// ProfileProgress returns the movies and series that a profile began or watched.
	ProfileProgress(ctx context.Context, a Audience, p id.Profile) (map[id.Title]ProfileProgress, error)

	// Person returns a person with a credit in a title visible to a, or ErrPersonNotFound.
	Person(ctx context.Context, a Audience, p id.Person) (Person, error)
	// CreditsOf returns up to limit credits of a person, latest titles first.
	CreditsOf(ctx context.Context, a Audience, p id.Person, limit int) ([]TitleCredit, error)

	CollectionStore
}

// LabelKind is the kind of a label.
type LabelKind string

// The kinds of label.
const (
	Genre   LabelKind = "genre"
	Studio  LabelKind = "studio"
	Country LabelKind = "country"
	Tag     LabelKind = "tag"
)

// Labelled is a label of a title.
type Labelled struct {
	Title id.Title
	Label id.Label
}

// TitleSummary holds the fields of a movie or series that filters and sort orders need.
type TitleSummary struct {
	ID         id.Title
	Kind       Kind
	Key        string // folded name
	SortKey    string
	AddedMS    int64
	Year       int
	Released   string // YYYY-MM-DD, "" = unknown
	Rating     int    // tenths
	DurationMS int64  // of a movie
	Age        int    // years, -1 = not rated
	Episodes   int    // of a series: episodes with files
}

// ProfileProgress is how much of a movie or series a profile watched.
type ProfileProgress struct {
	Works int  // movies and episodes watched to the end
	Begun bool // one of them is in progress, or some of several are watched
}

// Person is a person with credits.
type Person struct {
	ID      id.Person
	Name    string
	Picture string // address of a portrait at the source, "" = none
}

// TitleCredit is a person's credit in a title.
type TitleCredit struct {
	Title id.Title
	Kind  CreditKind
	Role  string
}
