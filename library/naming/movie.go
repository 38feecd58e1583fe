package naming

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

var (
	// The folders and files of a copied DVD or Blu-ray.
	discFolder = regexp.MustCompile(`(?i)^(?:video_ts|audio_ts|bdmv|stream|playlist|certificate|hvdvd_ts)$`)
	discFile   = regexp.MustCompile(`(?i)^(?:video_ts|vts_\d+_(\d+)|\d{5})$`)
	partAlone  = regexp.MustCompile(`(?i)^(?:cd|disc|disk|dvd|part|pt)[ ._-]?(\d{1,2})$`)
	partLetter = regexp.MustCompile(`[)\]][ ._-]*-[ ._]*([A-Da-d])$`) // "Heat (1995)-a"
	discCount  = regexp.MustCompile(`(?i)^(?:cd|disc|disk|dvd)[ ._-]?(\d{1,2})$`)
)

// stripDiscFolders removes the folders of a copied disc from a path: the folder around them has the name of the work.
// ok is false for a path that is none of a disc.
func stripDiscFolders(dirs []string, stem string) (outside []string, name string, ok bool) {
	inside := len(dirs)
	for inside > 0 && discFolder.MatchString(dirs[inside-1]) {
		inside--
	}
	m := discFile.FindStringSubmatch(stem)
	if inside == 0 || m == nil || inside == len(dirs) && digitsAt(stem, 0) > 0 {
		return dirs, stem, false // a number is the name of a clip in the folders of a disc only
	}
	stem = dirs[inside-1]
	if discCount.MatchString(stem) && inside > 1 {
		if _, season := SeasonFolder(dirs[:inside-1]); season == inside-2 {
			inside-- // a disc of a season
		} else {
			stem = dirs[inside-2] // movie reads the number of the disc
		}
	}
	if m[1] != "" && m[1] != "0" {
		stem += " cd" + m[1]
	}
	return dirs[:inside], stem, true
}

// movie parses dirs and stem as a film. The folder name wins over the file name when the file name has no year and is a
// name of the same work, a meaningless name, or the short form of a release folder.
func movie(dirs []string, stem string, siblings *Siblings) Identity {
	id := Identity{Kind: Movie, Evidence: make(map[string]string)}
	place := len(dirs) // of the folder around the film, counted from one
	if place > 0 && discCount.MatchString(dirs[place-1]) {
		id.Part = Number(discCount.FindStringSubmatch(dirs[place-1])[1])
		setEvidence(&id, "part", id.Part, fromFolder)
		place--
	}
	rest, part := parts(stem)
	if m := partAlone.FindStringSubmatch(stem); m != nil && place > 0 && !isGenericFolder(dirs[place-1]) {
		rest, part = "", Number(m[1])
	}
	file, around := parseRelease(stripListNumber(rest)), release{}
	if place > 0 && !isGenericFolder(dirs[place-1]) {
		around = parseRelease(stripListNumber(dirs[place-1]))
		if around.title == "" && len(around.ids) > 0 {
			around.title = dirs[place-1]
		}
	}
	if m := listNumber.FindStringSubmatch(rest); m != nil && file.year == 0 && around.title != "" &&
		Fold(parseRelease(m[1]).title) == Fold(around.title) {
		rest, file = m[1], parseRelease(m[1]) // "01 - Heat" in the folder of Heat
	}
	if at := agreedLen(rest, around.title); at > 0 && around.year > 0 && file.year > 0 && !file.boxedYear &&
		hasNumber(around.title, strconv.Itoa(file.year)) && !hasYear(rest[at:]) {
		file.title, file.year = around.title, 0 // "Death Race 2000" in the folder "Death Race 2000 (1975)"
	}
	best, from := file, fromFile
	switch {
	case around.title == "":
	case file.year > 0 && file.year == around.year && isPrefixed(file.title, around),
		file.year == 0 && around.tagged && around.year == 0 && siblings.alone() &&
			isReleaseFolder(dirs[place-1], around.title):
		best, from = around, fromFolder // "grp-heat.1995", or any name that a release's only file has
	case file.year > 0: // it goes before that of the folder
	case Meaningless(file.title),
		(around.year > 0 || len(around.ids) > 0) && (around.tagged || Related(file.title, around.title)) &&
			!isNumbered(rest, around.title):
		best, from = around, fromFolder
	}
	id.Title, id.Year = orUntitled(best.title, stem), best.year
	id.Evidence["title"] = from
	setEvidence(&id, "year", id.Year, from)
	if part == 0 && file.part == 0 {
		if m := partLetter.FindStringSubmatch(rest); m != nil {
			part = int(m[1][0]|0x20-'a') + 1
		}
	}
	if part = cmp.Or(part, file.part); part > 0 {
		id.Part, id.Evidence["part"] = part, fromFile
	}
	if from == fromFolder || file.year == around.year && Related(file.title, around.title) &&
		(around.year > 0 || !isYear(around.title)) {
		id.FolderDepth = place
	}
	id.take(file, fromFile)
	if id.FolderDepth > 0 || from == fromFolder {
		id.take(around, fromFolder)
	}
	id.separate(siblings, stem, file)
	return id
}

// isReleaseFolder reports whether a folder is that of a release, with two technical words at least: "Action 1080p" is a
// category.
func isReleaseFolder(dir, title string) bool {
	technical := 0
	for _, w := range split(boxed.ReplaceAllString(dir, " $1$2 ")) {
		if firstReleaseTag([]string{w}, 0) == 0 {
			technical++
		}
	}
	return technical > 1 && !Meaningless(title) && !isGenericFolder(title) && !hasReleaseTag(title)
}

// isPrefixed reports whether a file's title is that of its folder with the name of a group or a date before it:
// "grp-heat" in a release's folder, "09.03.08.Heat".
func isPrefixed(title string, around release) bool {
	before, found := strings.CutSuffix(Fold(title), " "+Fold(around.title))
	return found && (around.tagged && !strings.Contains(before, " ") && strings.Contains(title, "-") ||
		strings.Contains(before, " ") && strings.IndexFunc(before, unicode.IsLetter) < 0)
}

// isNumbered reports whether a number follows the title of the folder: "Rocky 2" is not the film of "Rocky (1976)".
func isNumbered(stem, title string) bool {
	at := agreedLen(stem, title)
	if at == 0 {
		return false
	}
	tail := strings.TrimLeft(stem[at:], " ._-–#")
	count := digitsAt(tail, 0)
	return count > 0 && count < 4 && endsWord(tail, count) && !isDecimal(tail, count) &&
		!isResolution(Number(tail[:count]))
}

// take fills in the fields of a name besides title and year that are not set yet.
func (id *Identity) take(c release, from string) {
	if id.Edition == "" && c.edition != "" {
		id.Edition, id.Evidence["edition"] = c.edition, from
	}
	if id.Language == "" && c.language != "" {
		id.Language, id.Evidence["language"] = c.language, from
	}
	for source, value := range c.ids {
		if id.IDs == nil {
			id.IDs = make(map[string]string)
		}
		if id.IDs[source] == "" {
			id.IDs[source], id.Evidence["ids"] = value, from
		}
	}
	for _, f := range c.flags {
		if !slices.Contains(id.Flags, f) && (from == fromFile || f != flagSample) {
			id.Flags = append(id.Flags, f)
		}
	}
}

// stripListNumber removes the number of a list from a name with a year: "03. Alien (1979)".
func stripListNumber(name string) string {
	m := listNumber.FindStringSubmatch(name)
	if m == nil || !yearTag.MatchString(m[1]) ||
		strings.IndexFunc(yearTag.ReplaceAllString(m[1], ""), unicode.IsLetter) < 0 {
		return name
	}
	return m[1]
}

func sorted(flags []string) []string {
	slices.Sort(flags)
	return slices.Compact(flags)
}

// partEnd matches the part number at the end of a name.
var partEnd = regexp.MustCompile(`(?i)[ ._-]+[(\[]?(?:cd|dvd|disc|disk|part|pt)[ ._-]?[0-9a-d][)\]]?$`)

// WithoutPart returns a name without the number of a part at its end: a sidecar of a film in several files may have either.
func WithoutPart(stem string) string { return partEnd.ReplaceAllString(stem, "") }
