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
	specialAlone = regexp.MustCompile(`(?i)(?:^|[ ._-])(?:special|ova|oad|ona)(?: v\d)?(?:$| - )`)
	// A special among the episodes of a season: "S03 Special".
	seasonSpecial = regexp.MustCompile(`(?i)[ ._-]+s\d{1,2}[ ._-]+(special[ ._-].*)$`)
	// Two episodes of a recording in five digits: "Show.10708.HDTV".
	pairOnTV = regexp.MustCompile(`(?i)^(.+?)[ ._-]+([1-9])(\d{2})(\d{2})[ ._-]+((?:hdtv|pdtv|dsr)(?:$|[ ._\[-].*))$`)
	// "4-12 - Name" in the folder of a series: a season and an episode, because as a range it would be wide or backwards.
	seasonDash = regexp.MustCompile(`^([1-9]\d?)-(\d{2})( - .*)$`)
	// "Part 3 - Name" of a series without seasons.
	chapterMark = regexp.MustCompile(`(?i)^(?:part|pt|chapter|teil|partie|parte|capitulo|chapitre|kapitel)[ ._-]*(\d{1,2}|[ivx]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)[ ._]*[-–:][ ._]*([^ ._-].*)$`)
	chapterOnTV = regexp.MustCompile(`(?i)^(.+?)[ ._-]+(?:part|pt)[ ._-]?(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[ ._-](.*[ ._-]|)(?:hdtv|pdtv|dsr|hdtvrip|dvb-?rip)(?:$|[ ._-].*$)`)
	// A number of three digits in a recording from television is a season and an episode: "Show.117.HDTV".
	numberOnTV = regexp.MustCompile(`(?i)^(.+?)[ ._-]+(?:0?([1-9])|(1[0-7]))(\d{2})(?:[ ._-]+(\d{1,2})(\d{2}))?[ ._-]+((?:\d{3,4}[ip][ ._-]+)?(?:hdtv|pdtv|dsr)(?:$|[ ._\[-].*))$`)
	// A whole season in one file: "Show.S01.1080p", "Show (Season 1) [BD]", "Show Saison VII FRENCH".
	seasonWhole = regexp.MustCompile(`(?i)^(.+?)[ ._-]+([(\[])?(?:(s)|s[ ._]|(?:season|staffel|saison|temporada|stagione|seizoen|säsong|sæson|sesong|sezon|сезон)[ ._]*)(\d{1,2}|(?:19|20)\d{2}|[ivx]{1,4})(?:extras?|[ +]+extras?)?[)\]]?($|[ ._\[(-].*$)`)
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
	if m := numberOnTV.FindStringSubmatch(p.bare); m != nil && !p.isTitle(m[1]+" "+m[2]+m[3]+m[4]) {
		f = episodeNumbers{season: Number(m[2] + m[3]), first: Number(m[4]), prefix: m[1], rest: m[7]}
		switch last := Number(m[6]); {
		case m[6] == "":
		case Number(m[5]) == f.season && last == f.first+1:
			f.last = last
		default: // "the.100.109.hdtv"
			f.season, f.first, f.prefix = Number(m[5]), last, m[1]+" "+m[2]+m[3]+m[4]
		}
		return f, true
	}
	if m := pairOnTV.FindStringSubmatch(p.bare); m != nil && Number(m[4]) == Number(m[3])+1 {
		return episodeNumbers{season: Number(m[2]), first: Number(m[3]), last: Number(m[4]), prefix: m[1], rest: m[5]}, true
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
	if count == 0 || count > 3 || p.folder >= 0 || p.around.title == "" ||
		p.around.tagged && !p.inBatch(Number(p.bare[:count])) || isCollection(p.dirs[len(p.dirs)-1]) {
		return episodeNumbers{}, false
	}
	f = episodeNumbers{season: 1, first: Number(p.bare[:count])}
	end, clean := f.readTail(p.bare, count, p.bare[:count])
	if f.rest = p.bare[end:]; !clean || hasYear(f.rest) {
		return episodeNumbers{}, false
	}
	if m := seasonDash.FindStringSubmatch(p.bare); m != nil && p.around.year == 0 &&
		(len(m[1]) == 1 || Number(m[2]) < Number(m[1])) {
		return episodeNumbers{season: Number(m[1]), seasonFrom: fromFile, first: Number(m[2]), rest: m[3]}, true
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
	if m := seasonWhole.FindStringSubmatch(p.bare); m != nil && isWholeSeason(m) {
		season := countWord(m[4])
		f = episodeNumbers{
			season: season, seasonFrom: fromFile, prefix: m[1], unnumbered: "Season " + strconv.Itoa(season),
		}
		if parseReleaseFrom(m[5], 0).title == "" {
			f.rest = m[5]
		}
		return f, true
	}
	return episodeNumbers{}, false
}

// isWholeSeason reports whether a match of seasonWhole is one: "Open Season 2" is a film, so a season is written "S02", stands
// in brackets or behind a year, or has technical words behind it. "S01-S04" are several.
func isWholeSeason(m []string) bool {
	prefix, box, letter, number, rest := m[1], m[2], m[3], m[4], strings.TrimLeft(m[5], " ._-")
	if !hasDigit(number) && (letter != "" || countWord(number) == 0) || parseRelease(prefix).title == "" {
		return false // the "i" of "Show Si"
	}
	word, _, _ := strings.Cut(dotsToSpaces(strings.ReplaceAll(rest, "_", " ")), " ")
	boxes := rest == "" || rest[0] == '[' || rest[0] == '('
	tagged := parseReleaseFrom(rest, 0).tagged
	if letter == "" && IsYear(strings.Trim(word, "()[]")) {
		return false // "Open Season 2 (2008)"
	}
	switch {
	case letter != "" && len(number) == 4:
		return tagged
	case letter != "":
		return boxes || !hasSeasonCode(word) && parseRelease(prefix+" "+rest).tagged
	case box != "", strings.HasPrefix(strings.ToLower(word), "complet"):
		return true
	case yearTag.MatchString(prefix):
		return boxes || tagged
	}
	return tagged && (boxes || firstReleaseTag([]string{word}, 0) == 0 || isAmbiguous(word) || languageWord(word))
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
