package library

import (
	"context"

	"movify/pkg/id"
)

// CatalogueStore keeps what titles are found by: genres, people, collections and channels. What takes an Audience gives
// nothing that it may not see.
type CatalogueStore interface {
	// Edition is another number after every write of the library by this process.
	Edition() int64
	// TitleSummaries gives all movies and series that are shown, whoever may see them.
	TitleSummaries(ctx context.Context) ([]TitleSummary, error)
	// VisibleTitles gives the movies and series among all that are shown to a.
	VisibleTitles(ctx context.Context, a Audience) ([]id.Title, error)
	// Labels gives the words of a kind, by ID.
	Labels(ctx context.Context, kind LabelKind) (map[id.Label]string, error)
	// Labelled gives which titles bear a word of a kind.
	Labelled(ctx context.Context, kind LabelKind) ([]Labelled, error)
	// TitlesLabelled gives the titles that bear a word.
	TitlesLabelled(ctx context.Context, l id.Label) ([]id.Title, error)
	// TitlesOfPerson gives the movies and series that somebody had a part in, in the whole or in an episode.
	TitlesOfPerson(ctx context.Context, a Audience, p id.Person) ([]id.Title, error)
	// ProfileProgress tells of a profile's marks and positions which movies and series are begun, and of which how many works are
	// watched.
	ProfileProgress(ctx context.Context, a Audience, p id.Profile) (map[id.Title]ProfileProgress, error)

	// Person gives somebody who had a part in a title that a may see, or ErrPersonNotFound.
	Person(ctx context.Context, a Audience, p id.Person) (Person, error)
	// CreditsOf gives what somebody did in titles, the latest titles first, at most limit.
	CreditsOf(ctx context.Context, a Audience, p id.Person, limit int) ([]TitleCredit, error)

	CollectionStore
}

// LabelKind says what sort of word a label is.
type LabelKind string

// The kinds of label.
const (
	Genre   LabelKind = "genre"
	Studio  LabelKind = "studio"
	Country LabelKind = "country"
	Tag     LabelKind = "tag"
)

// Labelled says that a title bears a word.
type Labelled struct {
	Title id.Title
	Label id.Label
}

// TitleSummary is what filters and orders ask of a movie or series.
type TitleSummary struct {
	ID         id.Title
	Kind       Kind
	Key        string // its name, folded
	SortKey    string
	AddedMS    int64
	Year       int
	Released   string // YYYY-MM-DD, "" = unknown
	Rating     int    // tenths
	DurationMS int64  // of a movie
	Age        int    // years, -1 = not rated
	Episodes   int    // of a series: that are shown to everybody
}

// ProfileProgress is what a profile saw of a movie or series.
type ProfileProgress struct {
	Works int  // movies and episodes seen to the end
	Begun bool // one of them was begun and not finished, or some of several are seen
}

// Person is somebody who had a part in titles.
type Person struct {
	ID      id.Person
	Name    string
	Picture string // where a source says that a portrait is, "" = nowhere
}

// TitleCredit is what somebody did in a title.
type TitleCredit struct {
	Title id.Title
	Kind  CreditKind
	Role  string
}
