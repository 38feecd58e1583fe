package library

import (
	"maps"
	"strconv"
	"strings"

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
	EpisodeLast int // more than Episode when the file holds several episodes
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

// work is a title as read from a path: without ID and parent.
type work struct {
	Title
	facts Facts
}

// worksOf returns the titles of an identity, from the series down to the playable title. place is the folder of the
// work below its root: movies without a year are distinguished by it, because two clips of one name are two clips.
// Versions and parts of a movie are one work.
func worksOf(id naming.Identity, place string) []work {
	switch id.Kind {
	case Episode:
		return episodeWorks(id)
	case Extra:
		return []work{extraWork(id, place)}
	}
	identity := "movie:" + naming.Fold(id.Title) + ":" + strconv.Itoa(id.Year)
	if id.Year == 0 || naming.Fold(id.Title) == "" {
		identity += ":" + id.Title + ":" + place
	}
	return []work{{
		Title: Title{
			Kind: Movie, Identity: boundedIdentity(identity), Name: id.Title, Year: id.Year,
			Evidence: evidenceOf(id, "title"), Matched: id.Sure,
		},
		facts: Facts{Name: id.Title, Year: id.Year, IDs: id.IDs},
	}}
}

// episodeWorks returns a series, a season and an episode. An episode known by its date is in the season of its year;
// one with an absolute number is in the first season until another source knows better.
func episodeWorks(id naming.Identity) []work {
	switch {
	case id.Date != "" && id.Episode == 0:
		id.Season, id.Episode = naming.Number(id.Date[:4]), naming.Number(id.Date[5:7])*100+naming.Number(id.Date[8:])
	case id.Absolute > 0 && id.Episode == 0:
		id.Season, id.Episode = 1, id.Absolute
	}
	id.EpisodeLast = max(id.Episode, id.EpisodeLast)
	series := "series:" + naming.Fold(id.Title) + ":" + strconv.Itoa(id.Year)
	season := series + ":" + strconv.Itoa(id.Season)
	return []work{
		{
			Title: Title{
				Kind: Series, Identity: boundedIdentity(series), Name: id.Title, Year: id.Year,
				Evidence: evidenceOf(id, "title"), Matched: id.Sure,
			},
			facts: Facts{Name: id.Title, Year: id.Year, IDs: id.IDs},
		},
		{
			Title: Title{
				Kind: Season, Identity: boundedIdentity(season), Name: seasonName(id.Season), Season: id.Season,
			},
			facts: Facts{Name: seasonName(id.Season), Season: &id.Season},
		},
		{
			Title: Title{Kind: Episode, Identity: boundedIdentity(
				season + ":" + strconv.Itoa(id.Episode),
			), Name: episodeName(id), Season: id.Season, Episode: id.Episode,
				EpisodeLast: id.EpisodeLast, Evidence: evidenceOf(id, "episodeName")},
			facts: Facts{Name: episodeName(id), Season: &id.Season, Episode: id.Episode, Released: id.Date},
		},
	}
}

// evidenceOf returns the evidence of an identity, with the evidence of the field name as that of the title's name.
func evidenceOf(id naming.Identity, name string) map[string]string {
	out := maps.Clone(id.Evidence)
	if where := out[name]; where != "" {
		out["name"] = where
	}
	return out
}

func episodeName(id naming.Identity) string {
	if id.EpisodeName != "" {
		return id.EpisodeName
	}
	if id.Date != "" {
		return id.Date
	}
	if id.EpisodeLast > id.Episode {
		return "Episodes " + strconv.Itoa(id.Episode) + "–" + strconv.Itoa(id.EpisodeLast)
	}
	return "Episode " + strconv.Itoa(id.Episode)
}

func seasonName(n int) string {
	if n == 0 {
		return "Specials"
	}
	return "Season " + strconv.Itoa(n)
}

// identityLimit is a length in bytes that every database can index.
const identityLimit = 500

// boundedIdentity shortens an identity that is too long for an index to its beginning and a hash of all of it.
func boundedIdentity(identity string) string {
	if len(identity) <= identityLimit {
		return identity
	}
	return strings.ToValidUTF8(identity[:identityLimit-70], "") + "#" + hash(identity)
}
