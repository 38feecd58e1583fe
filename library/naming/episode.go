package naming

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// episodeNumbers are the season and episode number in a name, with the text before and after them.
type episodeNumbers struct {
	season, first, last int
	part                int
	date                string
	absolute            bool
	seasonFrom          string
	prefix, rest        string
	// unnumbered names an episode that has no number of its own: a special, an episode between two others ("S01E11.5"),
	// a whole disc of a season.
	unnumbered string
}

// episodePath is a path as the readers of episodes see it.
type episodePath struct {
	dirs   []string
	raw    string // the file's name without extension
	stem   string // raw, without the number of a part and without addresses
	bare   string // stem without the names of groups before it
	group  bool   // a group stands before the name
	lower  string // bare in lower case, where readers look for words
	part   int
	digits int // in stem

	season, folder int    // number and index of the season folder; -1 = there is none
	volume         string // part of the season that the folder holds, as seasonOf has it

	around release // what the folder of the series says; empty when it says nothing
	from   string  // evidence of around
	home   int     // how many folders make up that folder
	agreed int     // bytes of bare that repeat the title of that folder

	siblings *Siblings // the files around it
}

// newEpisodePath looks at a path before its numbers are read.
func newEpisodePath(dirs []string, stem string, siblings *Siblings) episodePath {
	p := episodePath{dirs: dirs, raw: stem, siblings: siblings}
	p.stem, p.part = parts(stem)
	p.stem = fullwidthBrackets.Replace(p.stem)
	if bare := withoutSite(p.stem); bare != p.stem && tidy(bare) != "" {
		p.stem = bare
	}
	p.season, p.folder, p.volume = seasonOf(dirs)
	if last := len(dirs) - 1; last >= 0 && !HasEpisodeCode(p.stem) && HasEpisodeCode(dirs[last]) &&
		parseRelease(dirs[last]).tagged {
		p.stem, p.dirs = dirs[last], dirs[:last] // a release's folder around a file of any name
		p.season, p.folder, p.volume = seasonOf(p.dirs)
	}
	p.bare = withoutGroup(p.stem)
	p.group = p.bare != p.stem
	p.lower = strings.ToLower(p.bare)
	for i := range len(p.stem) {
		if digit(p.stem[i]) {
			p.digits++
		}
	}
	p.findSeries()
	p.agreed = agreedLen(p.bare, p.around.title)
	return p
}

// findSeries finds the folder that names the series: the one above the season folder, the one with the season at its
// end, or the one around the file.
func (p *episodePath) findSeries() {
	p.from = fromSeries
	switch last := len(p.dirs) - 1; {
	case p.folder >= 0 && isSeasonAtEnd(p.dirs[p.folder]):
		title, _, _ := cutSeason(p.dirs[p.folder])
		p.around, p.home = parseRelease(title), p.folder+1
		if p.folder > 0 && Related(p.around.title, parseRelease(p.dirs[p.folder-1]).title) {
			p.around, p.home = parseRelease(p.dirs[p.folder-1]), p.folder
		}
	case p.folder > 0:
		p.home = p.folder
		p.around = parseRelease(p.dirs[p.folder-1])
	case p.folder < 0 && last >= 0:
		p.from, p.home = fromFolder, len(p.dirs)
		if last > 0 && isYear(p.dirs[last]) && !isGenericFolder(p.dirs[last-1]) && (agreedLen(p.bare, p.dirs[last]) == 0 ||
			dateFirst.MatchString(p.bare)) {
			p.home = last // a series kept by years
		}
		if last > 0 && digitsAt(p.dirs[last], 0) == len(p.dirs[last]) && len(p.dirs[last]) < 3 &&
			!isGenericFolder(p.dirs[last-1]) && hasSeasonCode(p.stem) {
			if f, ok := findCode(episodeCode, p.stem, nil); ok && f.season == Number(p.dirs[last]) {
				p.home = last // a season's folder with only its number
			}
		}
		name := p.dirs[p.home-1]
		if m := seasonMark.FindStringIndex(name); m != nil && m[0] > 0 {
			name = name[:m[0]]
		}
		p.around = parseRelease(name)
	}
	if p.home > 0 && isGenericFolder(p.dirs[p.home-1]) {
		p.around = release{}
	}
}

// readers find the numbers of an episode, the surest first.
var readers = []func(*episodePath) (episodeNumbers, bool){
	byCode, byDate, bySeason, bySpecial, byAbsolute, byWord, byChapter, byFirstNumber, byDisc, byFolderOfSpecials,
}

// episode parses dirs and stem as an episode; ok is false when nothing marks it as one.
func episode(dirs []string, stem string, siblings *Siblings) (id Identity, ok bool) {
	p := newEpisodePath(dirs, stem, siblings)
	var f episodeNumbers
	for _, read := range readers {
		if f, ok = read(&p); ok {
			break
		}
	}
	if !ok {
		return Identity{}, false
	}
	id = Identity{
		Kind: Episode, Season: f.season, Episode: f.first, EpisodeLast: max(f.first, f.last), Date: f.date,
		Evidence: make(map[string]string),
	}
	if f.unnumbered == "" {
		id.Evidence["episode"] = fromFile
	}
	setEvidence(&id, "season", f.seasonFrom, f.seasonFrom)
	if f.absolute {
		id.Absolute, id.Evidence["absolute"] = f.first, fromFile
	}
	setEvidence(&id, "date", f.date, fromFile)
	if id.Part = max(p.part, f.part); id.Part > 0 {
		id.Evidence["part"] = fromFile
	}
	if m := countBefore.FindStringSubmatchIndex(f.prefix); m != nil && p.group && !f.absolute && f.date == "" {
		id.Absolute, f.prefix = Number(f.prefix[m[2]:m[3]]), f.prefix[:m[0]] // "[Group] Bleach - 12 (S01E12)"
		setEvidence(&id, "absolute", id.Absolute, fromFile)
	}
	id.series(&p, f.prefix)
	name := parseReleaseFrom(leadingVersion.ReplaceAllString(f.rest, " "), 0)
	id.EpisodeName = name.title
	if f.unnumbered != "" && !strings.EqualFold(f.unnumbered, name.title) {
		id.EpisodeName = strings.TrimSpace(f.unnumbered + " " + name.title)
	}
	if n := Number(id.EpisodeName); id.Part == 0 && n > 0 && n < 10 && len(id.EpisodeName) == 1 &&
		strings.HasSuffix(stem, id.EpisodeName) && siblings.differOnly(stem, len(stem)-1, len(stem)) {
		id.Part, id.EpisodeName, id.Evidence["part"] = n, "", fromFile // "S01E05 1" beside "S01E05 2"
	}
	setEvidence(&id, "episodeName", id.EpisodeName, fromFile)
	id.take(release{language: name.language, flags: name.flags, edition: name.edition}, fromFile)
	return id, id.Title != ""
}

// series names the series: by its folder, when the text before the number is the same name or none, else by that text.
// A year in brackets in the file's name goes before that of the folder.
func (id *Identity) series(p *episodePath, prefix string) {
	own := parseRelease(prefix)
	around, from, home := p.around, p.from, p.home
	if p.folder < 0 && own.title != "" && !Related(own.title, around.title) {
		around = release{}
	}
	if around.title == "" {
		around, from, home = own, fromFile, 0
	}
	id.Title, id.Year, id.FolderDepth = around.title, around.year, home
	if own.year > 0 && (id.Year == 0 || own.boxedYear) && Related(own.title, around.title) {
		id.Year, id.Evidence["year"] = own.year, fromFile
	} else {
		setEvidence(id, "year", id.Year, from)
	}
	setEvidence(id, "title", id.Title, from)
	id.take(release{ids: around.ids}, from)
	id.take(release{ids: own.ids}, fromFile)
}

// afterTitle returns the text behind the title that folder and file agree on, and a year in brackets, with the
// separators between them. It is empty when they agree on nothing.
func (p *episodePath) afterTitle() (lead, rest string) {
	if p.agreed == 0 {
		return "", ""
	}
	rest = p.bare[p.agreed:]
	if m := leadingYear.FindStringIndex(rest); m != nil {
		rest = rest[m[1]:]
	}
	const separators = " ._-–—#!?:,'’"
	tail := strings.TrimLeft(rest, separators)
	if year := digitsAt(tail, 0); year == 4 && p.around.year > 0 && Number(tail[:4]) == p.around.year {
		rest = tail[4:] // "Space 1999": the folder's year
		tail = strings.TrimLeft(rest, separators)
	}
	return rest[:len(rest)-len(tail)], tail
}

// countBefore is another number before the code of an episode.
var countBefore = regexp.MustCompile(`[ ._]+-[ ._]+(\d{2,4})(?:\.5)?(?:v\d)?[ ._([-]*$`)

// leadingVersion is the version of a release behind the number: "E07.V2".
var leadingVersion = regexp.MustCompile(`(?i)^[ ._]+v\d(?:$|[ ._\[(])|^[ ._]+(?:end|fin)(?:$|[ ._\[(])`)

var leadingYear = regexp.MustCompile(`^[ ._-]*[(\[{](?:18|19|20)\d{2}[)\]}]`)

// contains reports whether one of the words is in the name.
func (p *episodePath) contains(words ...string) bool { return containsAny(p.lower, words) }

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// beneath reports whether the folder around a file has the name that the file name begins with.
func (p *episodePath) beneath(prefix string) bool {
	if len(p.dirs) == 0 {
		return false
	}
	around := p.dirs[len(p.dirs)-1]
	return !isGenericFolder(around) && Related(parseRelease(prefix).title, parseRelease(around).title)
}

// agreedLen returns how many bytes at the beginning of a name are the title, compared by letters and numbers; 0 when
// it begins otherwise, or with a longer word.
func agreedLen(name, title string) int {
	at := 0
	for _, want := range title {
		if !isWordRune(want) {
			continue
		}
		for {
			r, size := utf8.DecodeRuneInString(name[at:])
			if size == 0 {
				return 0
			}
			at += size
			if isWordRune(r) {
				if unicode.ToLower(r) != unicode.ToLower(want) {
					return 0
				}
				break
			}
		}
	}
	if next, size := utf8.DecodeRuneInString(name[at:]); size > 0 && isWordRune(next) {
		return 0
	}
	return at
}

// isWordRune reports whether a character is part of a word.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
