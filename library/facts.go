package library

import "encoding/json"

// Source says where a description of a title came from.
type Source string

// The sources, the weakest first: what a later one says of a field goes before what an earlier one says of it.
const (
	FromName     Source = "name"     // names of files and folders
	FromTags     Source = "tags"     // written in the file itself
	FromProvider Source = "provider" // a service that was asked
	FromNFO      Source = "nfo"      // a file beside it, written by its owner or a program of theirs
	FromOwner    Source = "owner"    // edited by hand
)

// Sources lists them, the weakest first.
func Sources() []Source { return []Source{FromName, FromTags, FromProvider, FromNFO, FromOwner} }

// Facts is what one source says of a title. A zero field is one it says nothing of.
type Facts struct {
	Name         string      `json:"name,omitempty"`
	OriginalName string      `json:"originalName,omitempty"`
	SortName     string      `json:"sortName,omitempty"` // what it is filed under
	OtherNames   []OtherName `json:"otherNames,omitempty"`
	SeriesName   string      `json:"seriesName,omitempty"` // of an episode
	Year         int         `json:"year,omitempty"`
	Released     string      `json:"released,omitempty"` // YYYY-MM-DD: premiere, or first broadcast
	Overview     string      `json:"overview,omitempty"`
	Tagline      string      `json:"tagline,omitempty"`
	Status       string      `json:"status,omitempty"` // of a series: "continuing", "ended"
	Season       *int        `json:"season,omitempty"` // of an episode, where the source knows better than the name
	Episode      int         `json:"episode,omitempty"`
	Genres       []string    `json:"genres,omitempty"`
	Studios      []string    `json:"studios,omitempty"` // networks too
	Countries    []string    `json:"countries,omitempty"`
	Tags         []string    `json:"tags,omitempty"`
	Sets         []string    `json:"sets,omitempty"` // collections it is part of: "Alien Collection"
	Credits      []Credit    `json:"credits,omitempty"`
	Ratings      []Rating    `json:"ratings,omitempty"`
	// Certification is what a board said, as the source writes it: "PG-13", "FSK 16", "DE:12". Age is the same in years.
	Certification string            `json:"certification,omitempty"`
	Age           *int              `json:"age,omitempty"`
	RuntimeMS     int64             `json:"runtimeMs,omitempty"`
	IDs           map[string]string `json:"ids,omitempty"` // "imdb", "tmdb", "tvdb" → id
	Trailers      []string          `json:"trailers,omitempty"`
}

// Empty reports whether nothing is said.
func (f Facts) Empty() bool { return f.text() == "{}" }

// text gives the facts in the form they are kept in: what is the same there is the same.
func (f Facts) text() string {
	text, err := json.Marshal(f)
	if err != nil {
		return err.Error() // a rating that is no number: like nothing else
	}
	return string(text)
}

// OtherName is a title's name in a language.
type OtherName struct {
	Name     string `json:"name"`
	Language string `json:"language,omitempty"` // BCP 47, or "" when the source does not say
}

// Credit is one person's part in a title.
type Credit struct {
	Name    string     `json:"name"`
	Kind    CreditKind `json:"kind"`
	Role    string     `json:"role,omitempty"`    // who is played, or what was done
	Picture string     `json:"picture,omitempty"` // where the source says that a portrait is; never fetched by itself
}

// CreditKind is what somebody did.
type CreditKind string

// The kinds of credit.
const (
	Actor    CreditKind = "actor"
	Director CreditKind = "director"
	Writer   CreditKind = "writer"
	Creator  CreditKind = "creator"
	Composer CreditKind = "composer"
	Producer CreditKind = "producer"
)

// Rating is what a public says of a title.
type Rating struct {
	By    string  `json:"by"`    // "imdb", "themoviedb", "metacritic"
	Value float64 `json:"value"` // of ten
	Votes int     `json:"votes,omitempty"`
}
