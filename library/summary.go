package library

import "movify/pkg/id"

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

// RecentEpisode is an episode that a profile watched, marked, or removed from Continue watching.
type RecentEpisode struct {
	Series  id.Title
	Episode id.Title
	AtMS    int64
	Removed bool // the profile removed its position last
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
