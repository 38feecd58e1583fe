package metadata

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strconv"
	"strings"

	"movify/library"

	"movify/library/naming"
)

// work is a title as read from a path: without ID and parent.
type work struct {
	library.Title
	facts library.Facts
}

// worksOf returns the titles of an identity, from the series down to the playable title. place is the folder of the
// work below its root: movies without a year are distinguished by it, because two clips of one name are two clips.
// Versions and parts of a movie are one work.
func worksOf(id naming.Identity, place string) []work {
	switch id.Kind {
	case library.Episode:
		return episodeWorks(id)
	case library.Extra:
		return []work{extraWork(id, place)}
	}
	identity := "movie:" + naming.Fold(id.Title) + ":" + strconv.Itoa(id.Year)
	if id.Year == 0 || naming.Fold(id.Title) == "" {
		identity += ":" + id.Title + ":" + place
	}
	return []work{{
		Title: library.Title{
			Kind: library.Movie, Identity: boundedIdentity(identity), Name: id.Title, Year: id.Year,
			Evidence: evidenceOf(id, "title"), Matched: id.Sure,
		},
		facts: library.Facts{Name: id.Title, Year: id.Year, IDs: id.IDs},
	}}
}

// episodeWorks returns a series, a season and an episode. An episode known by its date is in the season of its year;
// one with an absolute number is in the first season until another source knows better; those without a number are told
// apart by their names.
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
	episode := season + ":" + strconv.Itoa(id.Episode)
	if id.Unnumbered() {
		episode += ":" + cmp.Or(naming.Fold(id.EpisodeName), id.EpisodeName)
	}
	return []work{
		{
			Title: library.Title{
				Kind: library.Series, Identity: boundedIdentity(series), Name: id.Title, Year: id.Year,
				Evidence: evidenceOf(id, "title"), Matched: id.Sure,
			},
			facts: library.Facts{Name: id.Title, Year: id.Year, IDs: id.IDs},
		},
		{
			Title: library.Title{
				Kind: library.Season, Identity: boundedIdentity(season), Name: seasonName(id.Season), Season: id.Season,
			},
			facts: library.Facts{Name: seasonName(id.Season), Season: &id.Season},
		},
		{
			Title: library.Title{
				Kind: library.Episode, Identity: boundedIdentity(episode), Name: episodeName(id), Season: id.Season,
				Episode: id.Episode, EpisodeLast: id.EpisodeLast, Evidence: evidenceOf(id, "episodeName"),
			},
			facts: library.Facts{Name: episodeName(id), Season: &id.Season, Episode: id.Episode, Released: id.Date},
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

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
