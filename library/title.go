// Package library is the vocabulary of the library: files that scans found, the titles they belong to, the folders (roots)
// they lie in, who may see them, and the rules that need nothing else: merging descriptions, age ratings, rules of
// collections. It also names the ports that several of its packages need.
//
// The operations on them are in four packages: library/scan brings the store up to date with the disk, library/metadata
// identifies and describes titles, library/artwork stores pictures, and library/catalogue answers queries. Those four never
// import one another; pkg/app connects them.
package library

import (
	"movify/library/naming"
	"movify/pkg/id"
)

// Kind says what sort of work a Title is.
type Kind = naming.Kind

// The kinds of title.
const (
	Movie   = naming.Movie
	Series  = naming.Series
	Season  = naming.Season
	Episode = naming.Episode
	Extra   = naming.Extra
)

// ExtraKind says what an Extra is.
type ExtraKind = naming.ExtraKind

// The kinds of extra.
const (
	Trailer         = naming.Trailer
	BehindTheScenes = naming.BehindTheScenes
	DeletedScene    = naming.DeletedScene
	Featurette      = naming.Featurette
	Interview       = naming.Interview
	Scene           = naming.Scene
	Short           = naming.Short
	OtherExtra      = naming.OtherExtra
)

// Certainty says how sure it is which work a title is.
type Certainty = naming.Certainty

// The degrees of certainty.
const (
	SureID      = naming.SureID
	SureName    = naming.SureName
	SureLittle  = naming.SureLittle
	SureChecked = naming.SureChecked
)

// Title is a work that a viewer can name. An episode has a season as parent and a season a series; the tree is never
// nested in memory. A title without present files stays in the store and is not shown.
type Title struct {
	ID          id.Title
	Kind        Kind
	Parent      id.Title // "" for movies and series, and for an extra without a known owner
	Identity    string   // files of the same identity are versions of one title
	Name        string
	Year        int // 0 = unknown
	Season      int // of a season or episode; 0 is the season of specials
	Episode     int
	EpisodeLast int     // more than Episode when the file holds several episodes
	Airs        *Airing // of a special; nil = it has no place among the other seasons
	Overview    string
	Age         *int              // own age rating in years, nil = none
	Evidence    map[string]string // field → source it was read from
	AddedMS     int64             // of a series: when its newest episode was added

	OriginalName  string
	Tagline       string
	Released      string // YYYY-MM-DD, "" = unknown
	Certification string // as written by the source
	Rating        int    // tenths of ten, the rating with most votes; 0 = none
	Votes         int    // of that rating
	Genres        []string
	Extra         ExtraKind // of an extra
	Matched       Certainty // how certain it is which work this is; "" = older than this field
	Edited        bool      // it has facts set by hand
	DurationMS    int64     // of its best file with all parts; 0 without a file of its own
}

// CardGenres is how many genres a Card has at most.
const CardGenres = 3

// Card is a title as lists and grids show it.
type Card struct {
	Title
	SeriesID   id.Title // of a season or episode
	SeriesName string
	// AgeRating is its age in years, its own or inherited from its parent; nil = none.
	AgeRating *int
	// File is the best present file, or that of the first episode, without its probe. Its ID is empty when no file is
	// present, and its art when it belongs to an episode that the audience may not see.
	File File
}
