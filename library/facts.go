package library

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Source is the origin of a description.
type Source string

// The sources, weakest first: for each field the last one that has it is shown.
const (
	FromName     Source = "name"     // names of files and folders
	FromTags     Source = "tags"     // written in the file itself
	FromProvider Source = "provider" // a service that was asked
	FromNFO      Source = "nfo"      // a file beside it, written by its owner or a program of theirs
	FromOwner    Source = "owner"    // edited by hand
)

// Sources lists them, weakest first.
func Sources() []Source { return []Source{FromName, FromTags, FromProvider, FromNFO, FromOwner} }

// Facts are the metadata of a title from one source. A zero field is not set by the source.
type Facts struct {
	Name         string      `json:"name,omitempty"`
	OriginalName string      `json:"originalName,omitempty"`
	SortName     string      `json:"sortName,omitempty"` // name to sort by
	OtherNames   []OtherName `json:"otherNames,omitempty"`
	SeriesName   string      `json:"seriesName,omitempty"` // of an episode
	Year         int         `json:"year,omitempty"`
	Released     string      `json:"released,omitempty"` // YYYY-MM-DD: premiere, or first broadcast
	Overview     string      `json:"overview,omitempty"`
	Tagline      string      `json:"tagline,omitempty"`
	Status       string      `json:"status,omitempty"` // of a series: "continuing", "ended"
	Season       *int        `json:"season,omitempty"` // of an episode, where the source differs from the file name
	Episode      int         `json:"episode,omitempty"`
	Airs         *Airing     `json:"airs,omitempty"` // of a special
	Genres       []string    `json:"genres,omitempty"`
	Studios      []string    `json:"studios,omitempty"` // networks too
	Countries    []string    `json:"countries,omitempty"`
	Tags         []string    `json:"tags,omitempty"`
	Sets         []string    `json:"sets,omitempty"` // collections it is part of: "Alien Collection"
	// SetOverviews describes those of Sets that have a description, by their names.
	SetOverviews map[string]string `json:"setOverviews,omitempty"`
	Credits      []Credit          `json:"credits,omitempty"`
	Ratings      []Rating          `json:"ratings,omitempty"`
	// Certification is the rating of a board as the source writes it: "PG-13", "FSK 16", "DE:12". Age is the same in
	// years.
	Certification string            `json:"certification,omitempty"`
	Age           *int              `json:"age,omitempty"`
	RuntimeMS     int64             `json:"runtimeMs,omitempty"`
	IDs           map[string]string `json:"ids,omitempty"` // "imdb", "tmdb", "tvdb" → id
	Trailers      []string          `json:"trailers,omitempty"`
}

// Empty reports whether no field is set.
func (f Facts) Empty() bool { return f.Text() == "{}" }

// Text returns the facts as JSON, the form in which they are stored and compared.
func (f Facts) Text() string {
	text, err := json.Marshal(f)
	if err != nil {
		return err.Error() // a rating that is NaN: equal to nothing
	}
	return string(text)
}

// Limits of stored facts: names are indexed, and a page shows the rest.
const (
	mostName = 300    // characters
	mostText = 20_000 // characters
	mostList = 100    // entries per list
	mostCast = 300
)

// Tidy returns the facts with trimmed words, without empty ones, and cut to the limits.
func (f Facts) Tidy() Facts {
	for _, name := range []*string{&f.Name, &f.OriginalName, &f.SortName, &f.SeriesName, &f.Certification, &f.Status} {
		*name = cut(*name, mostName)
	}
	f.Overview, f.Tagline = cut(f.Overview, mostText), cut(f.Tagline, mostText)
	for _, words := range []*[]string{&f.Genres, &f.Studios, &f.Countries, &f.Tags, &f.Sets} {
		var kept []string
		for _, w := range *words {
			if w = cut(w, mostName); w != "" && len(kept) < mostList && !slices.Contains(kept, w) {
				kept = append(kept, w)
			}
		}
		*words = kept
	}
	f.SetOverviews = f.tidySetOverviews()
	var names []OtherName
	for _, n := range f.OtherNames {
		// BCP 47: 35 holds all
		if n.Name = cut(n.Name, mostName); n.Name != "" && len(n.Language) <= 35 && len(names) < mostList {
			names = append(names, n)
		}
	}
	var cast []Credit
	for _, c := range f.Credits {
		c.Role = cut(c.Role, mostName)
		if c.Name = cut(c.Name, mostName); c.Name != "" && len(cast) < mostCast {
			cast = append(cast, c)
		}
	}
	f.OtherNames, f.Credits = names, cast
	var ids map[string]string
	for by, number := range f.IDs {
		if by != "" && number != "" && len(by) <= 32 && len(number) <= 64 {
			if ids == nil {
				ids = make(map[string]string, len(f.IDs))
			}
			ids[by] = number
		}
	}
	f.IDs = ids
	if f.Airs != nil && f.Airs.Season <= 0 {
		f.Airs = nil
	}
	if _, err := time.Parse(time.DateOnly, f.Released); err != nil {
		f.Released = ""
	}
	if f.Age != nil && (*f.Age < 0 || *f.Age > MaxAge) {
		f.Age = nil
	}
	return f
}

// tidySetOverviews returns the overviews of those sets that are kept.
func (f Facts) tidySetOverviews() map[string]string {
	var out map[string]string
	for set, overview := range f.SetOverviews {
		if overview = cut(overview, mostText); overview != "" && slices.Contains(f.Sets, set) {
			if out == nil {
				out = make(map[string]string)
			}
			out[set] = overview
		}
	}
	return out
}

// cut returns the text as valid UTF-8, trimmed and at most most characters long.
func cut(text string, most int) string {
	text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD"))
	if len(text) > most {
		if runes := []rune(text); len(runes) > most {
			text = strings.TrimSpace(string(runes[:most]))
		}
	}
	return text
}

// OtherName is a title's name in a language.
type OtherName struct {
	Name     string `json:"name"`
	Language string `json:"language,omitempty"` // BCP 47, or "" when the source does not say
}

// Credit is a person's role in a title, by name.
type Credit struct {
	Name    string     `json:"name"`
	Kind    CreditKind `json:"kind"`
	Role    string     `json:"role,omitempty"`    // the character, or the job
	Picture string     `json:"picture,omitempty"` // address of a portrait at the source; never fetched
}

// CreditKind is the kind of work a person did.
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

// Rating is a public rating of a title.
type Rating struct {
	By    string  `json:"by"`    // "imdb", "themoviedb", "metacritic"
	Value float64 `json:"value"` // of ten
	Votes int     `json:"votes,omitempty"`
}
