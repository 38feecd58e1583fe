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

// Rules is the version of the rules by which names are read. It is raised by every change that reads a name differently: the
// next scan of a library folder then reads the names of all known files once more.
const Rules = 2

// Identity is the work that a path names. Fields that are not in the path are zero.
type Identity struct {
	Kind        Kind   // Movie, Episode or Extra
	Title       string // of the film or series; of an extra, of its owner
	Year        int
	Season      int // 0 is the season of specials
	Episode     int // the first one in the file
	EpisodeLast int // the last one in the file
	EpisodeName string
	Date        string // YYYY-MM-DD of an episode known by its date; its number is then MMDD
	Absolute    int    // number of an episode counted through all seasons
	Part        int    // of a film or episode in several files
	Edition     string
	Extra       ExtraKind         // of an Extra
	ExtraName   string            // of an Extra: "Making of"
	Language    string            // BCP 47
	IDs         map[string]string // "imdb", "tmdb", "tvdb", "anidb" … → ID; of an episode, the IDs of its series
	// "sample", "3d", "3d-sbs", "3d-tab", "3d-mvc", "hdr", "dv", "forced", "sdh", "default"
	Flags    []string
	Evidence map[string]string // field → part of the path it was read from
	// FolderDepth is how many leading folders of the path make up the folder of the film or series; 0 = it has none of
	// its own.
	FolderDepth int
	// Sure is how much the path tells: SureID, SureName, or SureLittle, which needs review.
	Sure Certainty
}

// Unnumbered reports whether an episode has a name and no number: a special of a folder of specials, an episode between
// two others, a whole disc of a season.
func (id Identity) Unnumbered() bool {
	return id.Kind == Episode && id.Episode == 0 && id.Date == "" && id.EpisodeName != "" &&
		id.Evidence["episode"] == "" && id.Evidence["episodeName"] == fromFile
}

// Certainty is how certain it is which work a path or title is.
type Certainty string

// The degrees of certainty.
const (
	SureID     Certainty = "id"     // by an external ID
	SureName   Certainty = "name"   // a title with a year, or an episode of a named series
	SureLittle Certainty = "little" // words only: needs review
	// SureChecked is a match confirmed by hand.
	SureChecked Certainty = "checked"
)

// Rank orders the degrees of certainty, lowest first.
func (c Certainty) Rank() int {
	return slices.Index([]Certainty{"", SureLittle, SureName, SureID, SureChecked}, c)
}

// The parts of a path, as evidence.
const (
	fromFile   = "file name"
	fromFolder = "folder name"
	fromSeason = "season folder"
	fromSeries = "series folder"
	fromExtras = "extras folder"
)

// Identify parses a slash-separated path below a library folder. It is an extra by its name or folder, an episode by a
// code in the file name or by a season folder, and otherwise a film. Only the text counts. The rules are those of
// docs/naming.md. Siblings.Identify knows the other files of the folder too.
func Identify(relPath string) Identity { return identifyBeside(relPath, nil) }

func identifyBeside(relPath string, siblings *Siblings) Identity {
	dirs, stem, subtitle := splitPath(relPath)
	id := identify(dirs, stem, siblings)
	id.addSubtitle(subtitle)
	id.finish()
	return id
}

// IdentifyFilm is Identify for a file that is known to be a film, whatever the numbers in its name are.
func (s *Siblings) IdentifyFilm(relPath string) Identity {
	dirs, stem, _ := splitPath(relPath)
	id := movie(dirs, stem, s)
	id.finish()
	return id
}

// splitPath returns the folders of a path, the file's name without extension, and what a name of subtitles says at its
// end.
func splitPath(relPath string) (dirs []string, stem string, subtitle SubtitleName) {
	dir, base := path.Split(Display(relPath))
	for _, d := range strings.Split(dir, "/") {
		if d != "" {
			dirs = append(dirs, d)
		}
	}
	if IsSubtitle(base) {
		stem, subtitle = ParseSubtitle(base)
		return dirs, stem, subtitle
	}
	return dirs, strings.TrimSuffix(base, path.Ext(base)), subtitle
}

func identify(dirs []string, stem string, siblings *Siblings) Identity {
	if outside, name, ok := stripDiscFolders(dirs, stem); ok {
		dirs, stem, siblings = outside, name, nil // the files of a disc have no names of their own
	}
	if id, ok := extra(dirs, stem); ok {
		return id
	}
	if id, ok := episode(dirs, stem, siblings); ok {
		return id
	}
	return movie(dirs, stem, siblings)
}

// addSubtitle adds the language and flags in the name of a subtitle file.
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

// finish sets the fields that follow from others.
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

// setEvidence records where a field was read, unless the field is zero.
func setEvidence[T comparable](id *Identity, field string, value T, from string) {
	var zero T
	if value != zero {
		id.Evidence[field] = from
	}
}

// Related reports whether two names may mean the same work: one begins with the other, compared by whole words.
func Related(a, b string) bool {
	a, b = Fold(a), Fold(b)
	if a == "" || b == "" {
		return false
	}
	return strings.HasPrefix(a+" ", b+" ") || strings.HasPrefix(b+" ", a+" ")
}

// isGenericFolder reports whether a folder name is a category ("Movies", "4K") instead of a work.
func isGenericFolder(name string) bool { return genericFolders[Fold(name)] }

var genericFolders = map[string]bool{
	"movies": true, "movie": true, "films": true, "film": true, "filme": true, "videos": true, "video": true,
	"media": true,
	"tv":    true, "tv shows": true, "tv series": true, "tvshows": true, "shows": true, "series": true, "serien": true,
	"serie": true,
	"anime": true, "cartoons": true, "kids": true, "documentaries": true, "downloads": true, "download": true,
	"complete": true,
	"incoming": true, "torrents": true, "new": true, "4k": true, "uhd": true, "3d": true, "hd": true, "peliculas": true,
}

// Number parses digits that a pattern has limited to a few.
func Number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// orUntitled returns the title, or a substitute for an empty one.
func orUntitled(title, stem string) string { return cmp.Or(title, tidy(stem), "Untitled") }
