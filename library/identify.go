package library

import (
	"cmp"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Identity is what a path says about the work it holds. A field that the path does not speak of is zero.
type Identity struct {
	Kind        Kind              `json:"kind"`  // Movie, Episode or Extra
	Title       string            `json:"title"` // of the film, or of the series; of an extra, of what it belongs to
	Year        int               `json:"year,omitempty"`
	Season      int               `json:"season,omitempty"`      // 0 is the season of specials
	Episode     int               `json:"episode,omitempty"`     // the first one in the file
	EpisodeLast int               `json:"episodeLast,omitempty"` // the last one in the file
	EpisodeName string            `json:"episodeName,omitempty"`
	Date        string            `json:"date,omitempty"`     // YYYY-MM-DD of an episode that is known by its day
	Absolute    int               `json:"absolute,omitempty"` // number of an episode counted from the beginning of the series
	Part        int               `json:"part,omitempty"`     // of a film in several files
	Edition     string            `json:"edition,omitempty"`
	Extra       ExtraKind         `json:"extra,omitempty"`     // of an Extra
	ExtraName   string            `json:"extraName,omitempty"` // of an Extra: "Making of"
	Language    string            `json:"language,omitempty"`  // BCP 47
	IDs         map[string]string `json:"ids,omitempty"`       // "imdb", "tmdb", "tvdb" → id; of an episode, those of its series
	Flags       []string          `json:"flags,omitempty"`     // "sample", "3d", "3d-sbs", "3d-tab", "4k", "hdr", …
	Evidence    map[string]string `json:"evidence"`            // field → where it was read
	// Home is how many leading folders of the path make the work's own folder: that of the film, or that of the series.
	// 0 = it has none.
	Home int `json:"-"`
	// Sure says how much the path tells: SureID, SureName, or SureLittle, which somebody should look at.
	Sure Certainty `json:"certainty"`
}

// Certainty is how much a path tells about the work it holds.
type Certainty string

// The degrees of certainty.
const (
	SureID     Certainty = "id"     // it names the work by an ID
	SureName   Certainty = "name"   // a title with a year, or an episode of a named series
	SureLittle Certainty = "little" // nothing but words
	// SureChecked is more than a path tells: a person looked at the match and found it right.
	SureChecked Certainty = "checked"
)

// Where a field was read.
const (
	fromFile   = "file name"
	fromFolder = "folder name"
	fromSeason = "season folder"
	fromSeries = "series folder"
)

var (
	// S01E02, s1.e2, S01E01E02, S01E01-E03, S01E01-03. A bare number after a dash counts only when nothing that makes it
	// something else ("1080p") is glued to it.
	episodeCode = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])s(\d{1,4})[ ._-]*e(\d{1,4})((?:[ ._]*-?[ ._]*e\d{1,4}|-\d{1,3}(?:$|[ ._\])]))*)`)
	// 1x02, 1x02-1x03, 1x02-03; two digits of episode at least, so that 16x9 is a shape and not an episode.
	episodeCross = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(\d{1,2})x(\d{2,3})(?:-(?:\d{1,2}x)?(\d{2,3}))?(?:$|[^a-z0-9])`)
	// What an episode may be called where the folder has already said that these are episodes.
	episodeInSeason = regexp.MustCompile(`(?i)^(?:.*[^a-z0-9])?(?:episode|folge|ep|e)[ ._-]*(\d{1,4})(?:$|[^a-z0-9])|^(\d{1,3})(?:$|[ ._-])`)

	seasonFolder   = regexp.MustCompile(`(?i)^(?:season|series|staffel|saison|temporada|stagione|s)[ ._-]*(\d{1,4})$`)
	specialsFolder = regexp.MustCompile(`(?i)^(?:specials?|extras? episodes|season[ ._-]*0+)$`)
	seasonMark     = regexp.MustCompile(`(?i)(?:^|[ ._-])(?:s\d{1,4}(?:-?e\d.*)?|season[ ._-]*\d{1,4})(?:$|[ ._-])`)

	numbers = regexp.MustCompile(`\d+`)
)

// Identify reads a path below a library folder, slash-separated, and says what it most likely holds: an episode when the
// file name has a code for one or stands in a season folder, otherwise a film. It looks at nothing but the text.
func Identify(relPath string) Identity {
	relPath = Display(relPath)
	dir, base := path.Split(relPath)
	stem := strings.TrimSuffix(base, path.Ext(base))
	var dirs []string
	if dir = strings.Trim(dir, "/"); dir != "" {
		dirs = strings.Split(dir, "/")
	}
	if id, ok := episode(dirs, stem); ok {
		return id
	}
	return movie(dirs, stem)
}

// episode reads dirs and stem as an episode; ok is false when nothing says that it is one.
func episode(dirs []string, stem string) (id Identity, ok bool) {
	id = Identity{Kind: Episode, Evidence: map[string]string{"season": fromFile, "episode": fromFile}}
	season, folder := seasonOf(dirs)
	var prefix, rest string
	if m := episodeCode.FindStringSubmatchIndex(stem); m != nil {
		id.Season, id.Episode = number(stem[m[2]:m[3]]), number(stem[m[4]:m[5]])
		id.EpisodeLast = lastNumber(stem[m[6]:m[7]], id.Episode)
		prefix, rest = stem[:m[0]], stem[m[1]:]
	} else if m := episodeCross.FindStringSubmatchIndex(stem); m != nil {
		id.Season, id.Episode = number(stem[m[2]:m[3]]), number(stem[m[4]:m[5]])
		id.EpisodeLast = id.Episode
		if m[6] >= 0 {
			id.EpisodeLast = max(id.Episode, number(stem[m[6]:m[7]]))
		}
		prefix, rest = stem[:m[0]], stem[m[1]:]
	} else if m := episodeInSeason.FindStringSubmatchIndex(stem); m != nil && folder > 0 {
		group := 2
		if m[2] < 0 {
			group = 4
		}
		id.Season, id.Episode = season, number(stem[m[group]:m[group+1]])
		id.EpisodeLast = id.Episode
		id.Evidence["season"] = fromSeason
		rest = stem[m[group+1]:]
	} else {
		return Identity{}, false
	}
	series(&id, dirs, folder, prefix)
	if name := dissect(rest, 0); name.title != "" {
		id.EpisodeName = name.title
		id.Evidence["episodeName"] = fromFile
	}
	return id, id.Title != ""
}

// series finds the name of the series: the folder above the season folder, or the folder around the file when it tells
// the same as the text before the code, or that text.
func series(id *Identity, dirs []string, folder int, prefix string) {
	own := clean(prefix)
	around := cleaned{}
	from := fromSeries
	switch {
	case folder > 0:
		around = clean(dirs[folder-1])
	case folder < 0 && len(dirs) > 0:
		name := dirs[len(dirs)-1]
		from = fromFolder
		if m := seasonMark.FindStringIndex(name); m != nil {
			name = name[:m[0]]
		}
		around = clean(name)
		if own.title != "" && !related(own.title, around.title) {
			around = cleaned{}
		}
	}
	if around.title == "" {
		around, from = own, fromFile
	}
	id.Title, id.Year = around.title, around.year
	id.Evidence["title"] = from
	if id.Year > 0 {
		id.Evidence["year"] = from
	}
	id.IDs = around.ids
	if len(id.IDs) > 0 {
		id.Evidence["ids"] = from
	}
}

// seasonOf finds the season folder nearest to the file: its number and its place in dirs. The place is 0 when nothing
// stands above it and -1 when there is none.
func seasonOf(dirs []string) (season, place int) {
	for i := len(dirs) - 1; i >= 0 && i >= len(dirs)-2; i-- {
		if m := seasonFolder.FindStringSubmatch(dirs[i]); m != nil {
			return number(m[1]), i
		}
		if specialsFolder.MatchString(dirs[i]) {
			return 0, i
		}
	}
	return 0, -1
}

// movie reads dirs and stem as a film. The folder around the file is believed before the file name when the file name has
// no year and is a name for the same thing, a name that says nothing, or the short form of a release folder.
func movie(dirs []string, stem string) Identity {
	id := Identity{Kind: Movie, Evidence: make(map[string]string)}
	stem, id.Part = disc(stem)
	file, from := clean(stem), fromFile
	best := file
	if len(dirs) > 0 && file.year == 0 {
		around := clean(dirs[len(dirs)-1])
		if around.year > 0 && (around.junk || meaningless(file.title) || related(file.title, around.title)) {
			best, from = around, fromFolder
		}
	}
	if best.title == "" {
		best.title = cmp.Or(stem, "Untitled")
	}
	id.Title, id.Year = best.title, best.year
	id.Evidence["title"] = from
	if id.Year > 0 {
		id.Evidence["year"] = from
	}
	if id.Part > 0 {
		id.Evidence["part"] = fromFile
	}
	id.Edition, id.IDs = best.edition, best.ids
	if id.Edition == "" && file.edition != "" {
		id.Edition, id.Evidence["edition"] = file.edition, fromFile
	} else if id.Edition != "" {
		id.Evidence["edition"] = from
	}
	if len(id.IDs) == 0 && len(file.ids) > 0 {
		id.IDs, id.Evidence["ids"] = file.ids, fromFile
	} else if len(id.IDs) > 0 {
		id.Evidence["ids"] = from
	}
	id.Flags = file.flags
	if len(id.Flags) > 0 {
		id.Evidence["flags"] = fromFile
	}
	return id
}

// related reports whether two names tell of the same work: one begins with the other, whole words compared.
func related(a, b string) bool {
	a, b = Fold(a), Fold(b)
	if a == "" || b == "" {
		return false
	}
	return strings.HasPrefix(a+" ", b+" ") || strings.HasPrefix(b+" ", a+" ")
}

// number reads digits that a pattern has already limited to a few.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// lastNumber gives the largest number in text, or first when that is larger.
func lastNumber(text string, first int) int {
	last := first
	for _, digits := range numbers.FindAllString(text, -1) {
		last = max(last, number(digits))
	}
	return last
}
