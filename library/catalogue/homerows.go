package catalogue

import (
	"cmp"
	"slices"

	"movify/library"
	"movify/pkg/id"
)

// HomeRow is a row of the home page and the titles in it.
type HomeRow struct {
	ID    string // new, movies, series, channel:<id>, genre:<id>
	Name  string // of a channel or genre
	Query Query
}

// HomeRowLength is how many titles a row of the home page holds.
const HomeRowLength = 24

const (
	homeChannels  = 8 // on the home page at most; the others are a page away
	homeGenres    = 3
	homeGenreSize = 6 // titles that make a genre a row
)

// HomeRows lists the rows of the home page below those that were begun: new titles, all movies, all series, the first
// channels and the largest genres. Both arguments come in the order of the page.
func HomeRows(channels []library.Collection, genres []Facet) []HomeRow {
	rows := []HomeRow{
		{ID: "new", Query: Query{Sort: SortAdded, Limit: HomeRowLength}},
		{ID: "movies", Query: Query{Filter: Filter{Kind: library.Movie}, Sort: SortName, Limit: HomeRowLength}},
		{ID: "series", Query: Query{Filter: Filter{Kind: library.Series}, Sort: SortName, Limit: HomeRowLength}},
	}
	for _, c := range channels[:min(homeChannels, len(channels))] {
		rows = append(rows, HomeRow{
			"channel:" + string(c.ID), c.Name,
			Query{Filter: Filter{Collection: c.ID}, Sort: OrderOf(c), Limit: HomeRowLength},
		})
	}
	for _, g := range genres[:min(homeGenres, len(genres))] {
		if g.Count >= homeGenreSize {
			rows = append(rows, HomeRow{
				"genre:" + g.ID, g.Name,
				Query{Filter: Filter{Genre: id.Label(g.ID)}, Sort: SortAdded, Limit: HomeRowLength},
			})
		}
	}
	return rows
}

// OrderOf is the order in which the titles of a collection are shown: its own when they were added by hand, otherwise by
// name.
func OrderOf(c library.Collection) Sort {
	if c.FilledBy == library.ByHand {
		return SortPosition
	}
	return SortName
}

// ContinueEntry is a title that stands in "Continue watching", and when it or its series was watched last.
type ContinueEntry struct {
	Title id.Title
	AtMS  int64
}

// ContinueRow orders the titles of "Continue watching", the latest first: those that were begun, and the episodes that
// come next. Each title stands there once.
func ContinueRow(begun, next []ContinueEntry) []id.Title {
	all := slices.Concat(begun, next)
	slices.SortStableFunc(all, func(x, y ContinueEntry) int { return cmp.Compare(y.AtMS, x.AtMS) })
	var out []id.Title
	for _, e := range all {
		if !slices.Contains(out, e.Title) {
			out = append(out, e.Title)
		}
	}
	return out
}

// Resumable returns the cards for "Continue watching": those that can be played, without trailers and other extras.
func Resumable(cards []library.Card) []library.Card {
	var out []library.Card
	for _, c := range cards {
		if c.File.ID != "" && c.Kind != library.Extra {
			out = append(out, c)
		}
	}
	return out
}
