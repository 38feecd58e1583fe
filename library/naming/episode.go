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
	coded               bool // season and episode stand in one code
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
	p.stem = fullwidth(p.stem)
	if bare := withoutSite(p.stem); bare != p.stem && tidy(bare) != "" {
		p.stem = bare
	}
	p.season, p.folder, p.volume = seasonOf(dirs)
	if last := len(dirs) - 1; last >= 0 && !HasEpisodeCode(p.stem) && (HasEpisodeCode(dirs[last]) &&
		parseRelease(dirs[last]).tagged || siblings.alone() && namesEpisode(dirs[last]) && !hasCross(p.stem)) {
		p.stem, p.dirs = dirs[last], dirs[:last] // a release's folder around a file of any name
		p.season, p.folder, p.volume = seasonOf(p.dirs)
	}
	if strings.HasPrefix(p.stem, "[") {
		p.stem = boxVersion.ReplaceAllString(p.stem, "]")
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

// namesEpisode reports whether a folder's name is that of one episode, so that it names the only file in it.
func namesEpisode(dir string) bool {
	if !mayHaveCode(dir) {
		return false
	}
	if f, ok := findCode(episodeCode, dir, nil); ok {
		return parseRelease(f.prefix).title != ""
	}
	if f, ok := findCode(episodeCross, dir, isWideCross); ok {
		return parseRelease(f.prefix).title != ""
	}
	if m := episodeCap.FindStringIndex(dir); m != nil {
		return m[0] > 0
	}
	pairs := 0 // of digits: a month and a day
	for from, to := range digitRuns(dir) {
		if to-from == 2 {
			pairs++
		}
	}
	if pairs < 2 {
		return false
	}
	d, ok := findDay(dir)
	return ok && !d.word && d.from > 0 && parseRelease(dir).tagged
}

// mayHaveCode is a quick look for a code or a date: a number with a letter of a code, a dot or a hyphen before it, or an "x"
// behind it.
func mayHaveCode(s string) bool {
	for from, to := range digitRuns(s) {
		if from > 0 && strings.IndexByte("esx.-", s[from-1]|0x20) >= 0 || to < len(s) && s[to]|0x20 == 'x' {
			return true
		}
	}
	return false
}

// hasCross reports whether a code such as 1x02 stands in a text.
func hasCross(s string) bool {
	_, ok := findCode(episodeCross, s, isWideCross)
	return ok
}

func isWideCross(_ string, m []int, _ int) bool { return m[5]-m[4] == 2 && m[3]-m[2] < 4 }

// findSeries finds the folder that names the series: the one above the season folder, the one with the season at its
// end, or the one around the file.
func (p *episodePath) findSeries() {
	p.from = fromSeries
	switch last := len(p.dirs) - 1; {
	case p.folder >= 0 && isSeasonAtEnd(p.dirs[p.folder]):
		title, _, _ := cutSeason(p.dirs[p.folder])
		p.around, p.home = seriesFolder(title), p.folder+1
		if p.folder > 0 && Related(p.around.title, seriesFolder(p.dirs[p.folder-1]).title) {
			p.around, p.home = seriesFolder(p.dirs[p.folder-1]), p.folder
		}
	case p.folder > 0:
		p.home = p.folder
		p.around = seriesFolder(p.dirs[p.folder-1])
	case p.folder < 0 && last >= 0:
		p.from, p.home = fromFolder, len(p.dirs)
		if last > 0 && isYear(p.dirs[last]) && !isGenericFolder(p.dirs[last-1]) && (agreedLen(p.bare, p.dirs[last]) == 0 ||
			dateFirst.MatchString(p.bare)) {
			p.home = last // a series kept by years
		}
		if last > 0 && len(p.dirs[last]) < 3 && digitsAt(p.dirs[last], 0) == len(p.dirs[last]) {
			p.findNumberedSeason(last)
		}
		p.around = seriesFolder(p.dirs[p.home-1])
	}
	if p.home > 0 && isGenericFolder(p.dirs[p.home-1]) {
		p.around = release{}
	}
}

// findNumberedSeason takes a folder that is called by a number alone for that of a season, when a code in the file's name
// has that season, or an episode's number stands before a name.
func (p *episodePath) findNumberedSeason(last int) {
	series, season := p.dirs[last-1], Number(p.dirs[last])
	if isGenericFolder(series) {
		return
	}
	switch f, ok := findCode(episodeCode, p.stem, nil); {
	case ok && f.season == season:
		p.home = last
	case !ok && numberDashFirst.MatchString(p.bare) && !isCollection(series) && seriesFolder(series).year == 0:
		p.season, p.folder, p.home, p.from = season, last, last, fromSeries
	}
}

// seriesFolder reads the name of a folder as that of a series, without the seasons and episodes that it holds.
func seriesFolder(name string) release {
	if bare := withoutSite(name); tidy(bare) != "" {
		name = bare
	}
	if m := seasonMark.FindStringIndex(name); m != nil && m[0] > 0 {
		name = name[:m[0]]
	}
	return parseRelease(withoutBatch(name))
}

// readers find the numbers of an episode, the surest first.
var readers = []func(*episodePath) (episodeNumbers, bool){
	byCode, byDate, bySeason, bySpecial, byAbsolute, byWord, byChapter, byFirstNumber, byDisc, byFolderOfSpecials,
}

// episode parses dirs and stem as an episode; ok is false when nothing marks it as one.
func episode(dirs []string, stem string, siblings *Siblings) (id Identity, ok bool) {
	p := newEpisodePath(dirs, stem, siblings)
	if p.digits >= 8 && clipTime.MatchString(stem) {
		return Identity{}, false
	}
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
	if !f.absolute && f.date == "" && f.unnumbered == "" {
		id.Absolute = f.takeAbsolute(p.group)
		setEvidence(&id, "absolute", id.Absolute, fromFile)
	}
	if m := leadingYear.FindStringIndex(f.rest); m != nil && f.absolute && !hasYear(f.prefix) {
		f.prefix, f.rest = f.prefix+f.rest[:m[1]], f.rest[m[1]:] // "Show - 10 (2016) [720p]"
	}
	id.series(&p, withoutDay(f.prefix))
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

var (
	// Another number before or behind the code of an episode, or a range of them.
	countBefore = regexp.MustCompile(`([ ._]+-)?[ ._]+(\d{2,4})(-\d{2,4})?(\.5)?(?:v\d)?[ ._([-]*$`)
	countBehind = regexp.MustCompile(`^[ ._]+(\d{3,4})(?:$|[ ._]*[\[(])`)
)

// takeAbsolute takes the number counted from the beginning of the series that stands beside the code in a group's name:
// "[Group] Bleach - 12 (S01E12)", "[Group] Bleach S10E14 214". A range of them is only removed.
func (f *episodeNumbers) takeAbsolute(group bool) int {
	if m := countBefore.FindStringSubmatchIndex(f.prefix); m != nil && parseRelease(f.prefix[:m[0]]).title != "" {
		dash, ranged, half := m[2] >= 0, m[6] >= 0, m[8] >= 0
		digits := f.prefix[m[4]:m[5]]
		if ranged && f.last > f.first || group && (dash || f.coded && !ranged && !half && len(digits) == 3) {
			f.prefix = f.prefix[:m[0]]
			if ranged && !group {
				return 0
			}
			return Number(digits)
		}
	}
	if m := countBehind.FindStringSubmatchIndex(f.rest); m != nil && group && f.coded {
		if n := Number(f.rest[m[2]:m[3]]); !plausibleYear(n) && !isResolution(n) {
			f.rest = f.rest[m[3]:]
			return n
		}
	}
	return 0
}

// leadingVersion is the version of a release behind the number: "E07.V2".
var leadingVersion = regexp.MustCompile(`(?i)^[ ._]+v\d(?:$|[ ._\[(])|^[ ._]+(?:end|fin)(?:$|[ ._\[(])`)

// numberDashFirst is the number of an episode in front of its name, as few films have it: "05 - Name".
var numberDashFirst = regexp.MustCompile(`^\d{2} - \pL`)

// boxVersion is the version of a group's release at the end of its name: "[Group] Show 05 [720p]_V2".
var boxVersion = regexp.MustCompile(`(?i)\][ ._-]v\d$`)

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
