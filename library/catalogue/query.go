package catalogue

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"strings"

	"movify/library"

	"movify/pkg/id"
)

// Sort is the order of a list of titles.
type Sort string

// The orders. Only SortName and SortPosition are ascending.
const (
	SortAdded    Sort = "added" // newest first
	SortName     Sort = "title" // by SortKey
	SortYear     Sort = "year"  // latest first
	SortReleased Sort = "released"
	SortRating   Sort = "rating" // best first
	SortRandom   Sort = "random" // shuffled, the same order on every page
	SortPosition Sort = "place"  // order of the collection in the filter
)

func (s Sort) known() bool {
	switch s {
	case SortAdded, SortName, SortYear, SortReleased, SortRating, SortRandom, SortPosition:
		return true
	}
	return false
}

// Seen is how much of a title a profile watched.
type Seen string

// The values of the filter.
const (
	SeenYes   Seen = "yes"   // to the end; of a series, every episode
	SeenNo    Seen = "no"    // nothing of it
	SeenBegun Seen = "begun" // some of it
)

// Filter selects movies and series. A zero field filters nothing.
type Filter struct {
	Kind       library.Kind // Movie or Series
	Genre      id.Label
	Studio     id.Label
	Person     id.Person
	Collection id.Collection
	Years      library.Span
	Minutes    library.Span // running time of movies
	Seen       Seen         // by Profile
	Profile    id.Profile
	Text       string // part of the name, compared folded
}

// Query selects a page of movies and series.
type Query struct {
	Filter
	Sort   Sort   // "" = SortAdded
	Cursor string // Next of the previous page; "" = the first page
	Limit  int    // cards at most; 0 = 50, never more than 200
}

// Page is one page of titles.
type Page struct {
	Cards []library.Card
	Next  string // "" = the last page
	Total int    // titles that match, on all pages
}

// Facet is a value of a filter, with the number of titles it selects.
type Facet struct {
	ID    string // value of the filter
	Name  string
	Count int
}

// Facets are the values of all filters. Each counts the titles that pass every filter but its own; values without
// titles are left out.
type Facets struct {
	Total       int // titles that pass all filters
	Kinds       []Facet
	Genres      []Facet // most titles first
	Years       []Facet // decades, the latest first
	Collections []Facet // channels, in their order
	Ages        []Facet // by years; "none" without a rating
	Seen        []Facet
	Minutes     []Facet
}

// cursor is the position of the last title of a page. Number or Text is its key, depending on the order.
type cursor struct {
	Sort   Sort     `json:"s"`
	Number int64    `json:"n,omitempty"`
	Text   string   `json:"t,omitempty"`
	ID     id.Title `json:"i"`
	Seed   uint64   `json:"r,omitempty"` // of SortRandom
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // strings and numbers always have a form
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func parseCursor(s string, sort Sort) (c cursor, err error) {
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil || c.Sort != sort || c.ID == "" {
		return cursor{}, library.ErrBadCursor
	}
	return c, nil
}

// orderKey is the sort key of a title: smaller ones come first.
type orderKey struct {
	number int64
	text   string
	id     id.Title
}

// compare compares two keys. When newest is set, the newer of two titles with equal keys comes first.
func (s orderKey) compare(t orderKey, newest bool) int {
	switch {
	case s.number != t.number:
		if s.number < t.number {
			return -1
		}
		return 1
	case s.text != t.text:
		return strings.Compare(s.text, t.text)
	case newest:
		return strings.Compare(string(t.id), string(s.id))
	}
	return strings.Compare(string(s.id), string(t.id))
}

// orderKeyOf returns the sort key of a title. place is its position in the collection.
func orderKeyOf(g *library.TitleSummary, s Sort, seed uint64, place int) orderKey {
	out := orderKey{id: g.ID}
	switch s {
	case SortName:
		out.text = g.SortKey
	case SortYear:
		out.number = -int64(g.Year)
	case SortReleased:
		out.number = -dayNumber(g.Released, g.Year)
	case SortRating:
		out.number = -int64(g.Rating)
	case SortPosition:
		out.number = int64(place)
	case SortRandom:
		h := fnv.New64a()
		_, _ = h.Write(strconv.AppendUint([]byte(g.ID), seed, 16)) // a hash never fails
		out.number = int64(h.Sum64() >> 1)
	default:
		out.number = -g.AddedMS
	}
	return out
}

// dayNumber is a date as a number in the same order; without a date the year counts.
func dayNumber(released string, year int) int64 {
	n, err := strconv.Atoi(strings.ReplaceAll(released, "-", ""))
	if err != nil {
		return int64(year) * 10_000
	}
	return int64(n)
}

// newestFirst reports whether the newer of two titles with equal keys comes first.
func (s Sort) newestFirst() bool { return s != SortName && s != SortPosition && s != SortRandom }
