// Package naming reads the names of files and folders: Identify says which work a path holds, SubtitleOf which film a
// subtitle file belongs to, Fold and SortKey how names are compared and ordered. The rules are those of docs/naming.md, and
// testdata/cases holds a table of cases for each rule.
//
// Every function is pure: it looks at the text alone, never at the disk or at a store. An Identity becomes a title in package
// library.
package naming

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Identity is what a path says about the work it holds. A field that the path does not speak of is zero.
type Identity struct {
	Kind        Kind   // Movie, Episode or Extra
	Title       string // of the film, or of the series; of an extra, of what it belongs to
	Year        int
	Season      int // 0 is the season of specials
	Episode     int // the first one in the file
	EpisodeLast int // the last one in the file
	EpisodeName string
	Date        string // YYYY-MM-DD of an episode that is known by its day; its number is then MMDD
	Absolute    int    // number of an episode counted from the beginning of the series
	Part        int    // of a film or an episode in several files
	Edition     string
	Extra       ExtraKind         // of an Extra
	ExtraName   string            // of an Extra: "Making of"
	Language    string            // BCP 47
	IDs         map[string]string // "imdb", "tmdb", "tvdb", "anidb" … → id; of an episode, those of its series
	Flags       []string          // "sample", "3d", "3d-sbs", "3d-tab", "3d-mvc", "hdr", "dv", "forced", "sdh", "default"
	Evidence    map[string]string // field → where it was read
	// FolderDepth is how many leading folders of the path make the work's own folder: that of the film, or that of the series.
	// 0 = it has none.
	FolderDepth int
	// Sure says how much the path tells: SureID, SureName, or SureLittle, which somebody should look at.
	Sure Certainty
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

// Rank orders the degrees of certainty: the more is known, the higher.
func (c Certainty) Rank() int {
	return slices.Index([]Certainty{"", SureLittle, SureName, SureID, SureChecked}, c)
}

// Where a field was read.
const (
	fromFile   = "file name"
	fromFolder = "folder name"
	fromSeason = "season folder"
	fromSeries = "series folder"
	fromExtras = "extras folder"
)

// Identify reads a path below a library folder, slash-separated, and says what it most likely holds: an extra when its name
// or folder says so, an episode when the file name has a code for one or stands in a season folder, otherwise a film. It
// looks at nothing but the text. The rules are those of docs/naming.md.
func Identify(relPath string) Identity {
	relPath = Display(relPath)
	dir, base := path.Split(relPath)
	var dirs []string
	for _, d := range strings.Split(dir, "/") {
		if d != "" {
			dirs = append(dirs, d)
		}
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	var beside SubtitleName
	if IsSubtitle(base) {
		stem, beside = ParseSubtitle(base)
	}
	id := identify(dirs, stem)
	id.addSubtitle(beside)
	id.finish()
	return id
}

func identify(dirs []string, stem string) Identity {
	dirs, stem = stripDiscFolders(dirs, stem)
	if id, ok := extra(dirs, stem); ok {
		return id
	}
	if id, ok := episode(dirs, stem); ok {
		return id
	}
	return movie(dirs, stem)
}

// addSubtitle notes what the name of a subtitle file says: it is an identity of the film, with the subtitles' language.
func (id *Identity) addSubtitle(s SubtitleName) {
	if s.Language != "" {
		id.Language, id.Evidence["language"] = s.Language, fromFile
	}
	for name, is := range map[string]bool{"forced": s.Forced, "sdh": s.SDH, "default": s.Default} {
		if is {
			id.Flags = append(id.Flags, name)
		}
	}
}

// finish gives the fields that follow from the others.
func (id *Identity) finish() {
	id.Flags = sorted(id.Flags)
	if len(id.Flags) > 0 {
		id.Evidence["flags"] = fromFile
	}
	switch {
	case len(id.IDs) > 0:
		id.Sure = SureID
	case id.Kind == Movie && id.Year == 0, id.Title == "":
		id.Sure = SureLittle
	default:
		id.Sure = SureName
	}
}

// setEvidence keeps where a field was read, unless the field is zero.
func setEvidence[T comparable](id *Identity, field string, value T, from string) {
	var zero T
	if value != zero {
		id.Evidence[field] = from
	}
}

// Related reports whether two names tell of the same work: one begins with the other, whole words compared.
func Related(a, b string) bool {
	a, b = Fold(a), Fold(b)
	if a == "" || b == "" {
		return false
	}
	return strings.HasPrefix(a+" ", b+" ") || strings.HasPrefix(b+" ", a+" ")
}

// isGenericFolder reports whether a folder's name only says what sort of things are in it.
func isGenericFolder(name string) bool { return genericFolders[Fold(name)] }

var genericFolders = map[string]bool{
	"movies": true, "movie": true, "films": true, "film": true, "filme": true, "videos": true, "video": true, "media": true,
	"tv": true, "tv shows": true, "tv series": true, "tvshows": true, "shows": true, "series": true, "serien": true, "serie": true,
	"anime": true, "cartoons": true, "kids": true, "documentaries": true, "downloads": true, "download": true, "complete": true,
	"incoming": true, "torrents": true, "new": true, "4k": true, "uhd": true, "3d": true, "hd": true, "peliculas": true,
}

// Number reads digits that a pattern has already limited to a few.
func Number(digits string) int {
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
		last = max(last, Number(digits))
	}
	return last
}

// orUntitled gives a name to what has none.
func orUntitled(title, stem string) string { return cmp.Or(title, tidy(stem), "Untitled") }
