package naming

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	special = regexp.MustCompile(
		`(?i)(?:^|[ ._\]-])(?:sp|special|ova|oad|ona)[ ._-]?(\d{1,3})(?:v\d)?(?:$|[ ._\[(-])`,
	)
	specialWord = regexp.MustCompile(`(?i)(?:^|[ ._\]-])(?:special|ova|oad|ona)(?:$|[ ._\[(-])`)
	// The word ends the name, or a dash follows it: "Special Naming" is none.
	specialAlone = regexp.MustCompile(`(?i)(?:^|[ ._-])(?:special|ova|oad|ona)(?:$| - )`)
	// A special among the episodes of a season: "S03 Special".
	seasonSpecial = regexp.MustCompile(`(?i)[ ._-]+s\d{1,2}[ ._-]+(special[ ._-].*)$`)
	// "Part 3 - Name" of a series without seasons.
	chapterMark = regexp.MustCompile(`(?i)^(?:part|pt|chapter|teil|partie|parte|capitulo|chapitre|kapitel)[ ._-]*(\d{1,2}|[ivx]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)[ ._]*[-–:][ ._]*([^ ._-].*)$`)
	chapterOnTV = regexp.MustCompile(`(?i)^(.+?)[ ._-]+(?:part|pt)[ ._-]?(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[ ._-](.*[ ._-]|)(?:hdtv|pdtv|dsr|hdtvrip|dvb-?rip)(?:$|[ ._-].*$)`)
	// A number of three digits in a recording from television is a season and an episode: "Show.117.HDTV".
	numberOnTV = regexp.MustCompile(`(?i)^(.+?)[ ._-]+([1-9])(\d{2})[ ._-]+((?:\d{3,4}[ip][ ._-]+)?(?:hdtv|pdtv|dsr)(?:$|[ ._\[-].*))$`)
	// A whole season in one file: "Show.S01.1080p".
	seasonWhole = regexp.MustCompile(`(?i)^(.+?)[ ._-]+(?:s|season[ ._]|staffel[ ._]|saison[ ._]|temporada[ ._])(\d{1,2})(?:$|[ ._-]+([^ ._-]+(?:-?dl|-?rip|-?ray)?).*$)`)
	// A disc or part of a season in one file: "S01D02", "Season 1 Disc 2".
	seasonDisc = regexp.MustCompile(`(?i)(?:^|[ ._(\[-])(?:s|season[ ._-]?)(\d{1,2})[ ._-]*(?:(d|disc|disk|dvd|cd)|(part|pt|vol(?:ume)?))[ ._-]?(\d{1,2})(?:$|[^a-z0-9])`)
)

// bySpecial finds a special where a release group or folder marks episodes: one with a number, or only the word.
func bySpecial(p *episodePath) (f episodeNumbers, ok bool) {
	if !p.contains("sp", "ova", "oad", "ona") {
		return episodeNumbers{}, false
	}
	if m := special.FindStringSubmatchIndex(p.stem); m != nil && (p.group || p.beneath(p.stem[:m[0]])) {
		return episodeNumbers{
			first: Number(p.stem[m[2]:m[3]]), seasonFrom: fromFile, prefix: p.stem[:m[0]], rest: p.stem[m[3]:],
		}, true
	}
	if m := seasonSpecial.FindStringSubmatchIndex(p.bare); m != nil && m[0] > 0 {
		f.prefix, f.rest = p.bare[:m[0]], p.bare[m[2]:]
		f.unnumbered = parseReleaseFrom(f.rest, 0).title
		return f, f.unnumbered != ""
	}
	m := specialWord.FindStringIndex(p.bare)
	if m == nil || !p.group && p.agreed == 0 || numberDashed.MatchString(p.bare) {
		return episodeNumbers{}, false
	}
	dated := p.around.year > 0 && p.folder < 0 // perhaps a film: "Christmas Special" is none of its versions
	prefix := p.bare[:m[0]]
	if p.agreed > 0 && p.agreed <= m[0] {
		prefix = p.bare[:p.agreed]
	}
	if _, rest := p.afterTitle(); rest != "" {
		prefix = p.bare[:len(p.bare)-len(rest)]
	}
	name := parseReleaseFrom(p.bare[len(prefix):], 0)
	counted := hasSeparateNumber(p.bare[len(prefix):max(m[0], len(prefix))])
	if name.title == "" || name.edition != "" || counted || dated && !strings.Contains(name.title, " ") ||
		parseRelease(prefix).title == "" || !specialAlone.MatchString(name.title) {
		return episodeNumbers{}, false
	}
	return episodeNumbers{unnumbered: name.title, prefix: prefix, rest: p.bare[len(prefix):]}, true
}

// hasSeparateNumber reports whether a number stands among the words: "Bleach - 05 - Special" is the fifth episode.
func hasSeparateNumber(text string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(text, isSeparator), func(w string) bool {
		return digitsAt(w, 0) == len(w)
	})
}

func isSeparator(r rune) bool { return strings.ContainsRune(" ._-–#", r) }

// byChapter finds "Part 3 - Name" in the folder of a series. A film of several parts has a year.
func byChapter(p *episodePath) (f episodeNumbers, ok bool) {
	if !p.contains("part", "pt", "chap", "teil", "capitulo", "kapitel", "hdtv", "pdtv", "dsr") {
		return episodeNumbers{}, false
	}
	name := p.bare
	if _, rest := p.afterTitle(); rest != "" {
		name = rest
	}
	f.season = 1
	if m := chapterMark.FindStringSubmatch(name); m != nil && p.around.title != "" && !hasYear(m[2]) &&
		(len(p.dirs) == 0 || !isCollection(p.dirs[len(p.dirs)-1])) {
		if p.folder >= 0 {
			f.season, f.seasonFrom = p.season, fromSeason
		}
		f.first, f.rest = countWord(m[1]), m[2]
		f.prefix = p.bare[:len(p.bare)-len(name)]
		return f, f.first > 0
	}
	if m := numberOnTV.FindStringSubmatch(p.bare); m != nil && !p.isTitle(m[1]+" "+m[2]+m[3]) {
		return episodeNumbers{season: Number(m[2]), first: Number(m[3]), prefix: m[1], rest: m[4]}, true
	}
	if m := chapterOnTV.FindStringSubmatch(p.bare); m != nil {
		f.prefix, f.first, f.rest = m[1], countWord(m[2]), m[3]
		return f, f.first > 0
	}
	return episodeNumbers{}, false
}

// isTitle reports whether a name is the title of the folder around the file.
func (p *episodePath) isTitle(name string) bool { return agreedLen(p.around.title, name) > 0 }

// countWord returns the number that a word or a Roman numeral is.
func countWord(word string) int {
	word = strings.ToLower(word)
	const words = "one/i two/ii three/iii four/iv five/v six/vi seven/vii eight/viii nine/ix ten/x"
	for n, names := range strings.Fields(words) {
		if name, roman, _ := strings.Cut(names, "/"); word == name || word == roman {
			return n + 1
		}
	}
	return Number(word)
}

// byFirstNumber finds a number that the name begins with, in the folder of a series: "02 - Name", or only "02". What
// may be a title ("12 Monkeys") counts only when the files beside it are numbered too.
func byFirstNumber(p *episodePath) (f episodeNumbers, ok bool) {
	count := digitsAt(p.bare, 0)
	if count == 0 || count > 3 || p.folder >= 0 || p.around.title == "" || p.around.tagged ||
		isCollection(p.dirs[len(p.dirs)-1]) {
		return episodeNumbers{}, false
	}
	f = episodeNumbers{season: 1, first: Number(p.bare[:count])}
	end, clean := f.readTail(p.bare, count, p.bare[:count])
	if f.rest = p.bare[end:]; !clean || hasYear(f.rest) {
		return episodeNumbers{}, false
	}
	f.absolute = f.unnumbered == ""
	text := parseReleaseFrom(f.rest, 0).title
	counts := p.siblings.count()
	padded := p.bare[0] == '0' && count > 1
	switch {
	case agreedLen(p.bare, p.around.title) > 0, text != "" && Related(text, p.around.title) && !counts:
		return episodeNumbers{}, false // "300" in the folder "300", "01 - Heat" in "Heat (1995)"
	case text == "":
		// Clips are counted too: "1", "2", "3". An episode has two digits, or an episode with two digits beside it.
		return f, counts && (count > 1 || p.siblings.after("").high > 9) || p.around.year == 0 && count > 1
	case counts:
		return f, true
	}
	mark := strings.TrimLeft(f.rest, " _")
	return f, count > 1 && (strings.HasPrefix(mark, "-") || padded && strings.HasPrefix(f.rest, "."))
}

// byDisc finds a disc or a part of a season in one file. Which episodes it holds is unknown, so it has a name and no
// number.
func byDisc(p *episodePath) (f episodeNumbers, ok bool) {
	stem, part := p.raw, p.part
	p.part = 0
	if m := seasonDisc.FindStringSubmatchIndex(stem); m != nil {
		f.season, f.seasonFrom, f.prefix = Number(stem[m[2]:m[3]]), fromFile, stem[:m[0]]
		f.unnumbered, f.rest = "Disc "+strconv.Itoa(Number(stem[m[8]:m[9]])), stem[m[9]:]
		if m[6] >= 0 {
			f.unnumbered = "Part " + strconv.Itoa(Number(stem[m[8]:m[9]]))
		}
		return f, true
	}
	if part > 0 && p.folder >= 0 {
		return episodeNumbers{
			season: p.season, seasonFrom: fromSeason, prefix: p.bare[:p.agreed], unnumbered: "Disc " + strconv.Itoa(part),
		}, true
	}
	p.part = part
	if m := seasonWhole.FindStringSubmatchIndex(p.bare); m != nil && p.isWholeSeason(m) {
		season := Number(p.bare[m[4]:m[5]])
		return episodeNumbers{
			season: season, seasonFrom: fromFile, prefix: p.bare[:m[3]], unnumbered: "Season " + strconv.Itoa(season),
		}, true
	}
	return episodeNumbers{}, false
}

// isWholeSeason reports whether a match of seasonWhole is one: "Open Season 2" is a film, so a season is written "S02" or
// has technical words behind it. "S01-S04" are several.
func (p *episodePath) isWholeSeason(m []int) bool {
	word := ""
	if m[6] >= 0 {
		word = strings.ToLower(p.bare[m[6]:m[7]])
	}
	letter := p.bare[m[4]-1] | 0x20
	if letter == 's' && (word == "" || word[0] == '[' || word[0] == '(' ||
		!hasSeasonCode(word) && parseRelease(p.bare).tagged) {
		return true
	}
	return strings.HasPrefix(word, "complet") || hasReleaseTag(word)
}

// byFolderOfSpecials takes any file in a folder of specials for one of the series around it.
func byFolderOfSpecials(p *episodePath) (f episodeNumbers, ok bool) {
	if p.folder < 1 || p.season != 0 || p.around.title == "" {
		return episodeNumbers{}, false
	}
	f.seasonFrom, f.rest = fromSeason, p.bare
	if _, rest := p.afterTitle(); rest != "" {
		f.rest = rest
	}
	f.unnumbered = parseReleaseFrom(f.rest, 0).title
	return f, f.unnumbered != ""
}

// isCollection reports whether a folder's name says that it holds several films.
func isCollection(dir string) bool { return collectionWord.MatchString(dir) }

var collectionWord = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:collection|trilogy|quadrilogy|tetralogy|saga|anthology|filmography|box ?set|reihe|sammlung|trilogie|filme|movies|films)(?:$|[^a-z])`)
