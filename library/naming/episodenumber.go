package naming

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// Names of an episode in a season folder. What follows the number is read by readTail.
	episodeInSeason = regexp.MustCompile(`(?i)^(?:.*?[^\p{L}0-9])??(?:episode|épisode|episodio|folge|aflevering|avsnitt|afsnit|chapter|capitulo|ep|e)[ ._-]*(\d{1,4})|^(\d{1,4})`)
	// The number after the name of the series, at the end or before brackets: "Bleach - 012", "Bleach 012 [720p]".
	numberAtEnd = regexp.MustCompile(`(?i)^(.*?)(?:[ ._]+-[ ._]+|:?[ ._]+#?|-)(?:ep?\.?[ ._]?)?(\d{1,4})(?:[-~](\d{1,4}))?(?:v\d)?(?:[ ._]*(?:end|fin))?[ ._]*((?:[ ._]*(?:\[[^\]]*\]|\([^)]*\)))*)$`)
	// An absolute number with a title behind it: "[Group] Bleach - 012 - The Letter [720p]".
	numberNamed = regexp.MustCompile(`(?i)^(.*?)[ ._]+-[ ._]+(?:ep?\.?[ ._]?)?(\d{2,4})(?:v\d)?[ ._]+-[ ._]+(.*)$`)
	// A number behind a dash in the name of a group, with anything behind it.
	numberDashed = regexp.MustCompile(`(?i)^(.*?)[ ._]+-[ ._]+(?:ep?\.?[ ._]?)?(\d{2,4})(?:v\d)?([ ._\[(~].*)$`)
	// A number in brackets of its own: "[Group] Bleach [012][720p]".
	numberBoxed = regexp.MustCompile(`(?i)^(.*?)[ ._-]*[\[{](\d{1,4})(?:[-~](\d{1,4}))?(?:v\d)?(?:[ ._]*(?:end|fin))?[\]}](.*)$`)
	// Episode 5, Ep05, E05, 第12話, 1of11 without a season.
	episodeAlone = regexp.MustCompile(`(?i)(?:^|[^\p{L}0-9])(?:(episode|épisode|episodio|folge|ep)[ ._-]{0,3}|e)(\d{1,4})|第\s?(\d{1,4})\s?[话話集回]|(?:^|[ ._])(\d{1,2})[ ._]?of[ ._]?\d{1,2}(?:$|[^a-z0-9])`)
	// An episode between two others: "05.5".
	halfNumber  = regexp.MustCompile(`(?:^|[ _-])(\d{1,4}\.5)(?:$|[^0-9A-Za-z])`)
	halfEpisode = regexp.MustCompile(`[ _]\d{1,4}\.\d(?:$|[^0-9A-Za-z])`)
	episodeNoun = regexp.MustCompile(`(?i)(?:episode|épisode|episodio|folge|aflevering|avsnitt|afsnit|chapter|capitulo|ep|e)[ ._-]*$`)
	wordOfPart  = regexp.MustCompile(`(?i)(?:^|[ ._-]+)part[ ._-]*$`)
	// A number in front that only a folder of a season explains: "[02] Name", "#02", "No. 02".
	numberMarked  = regexp.MustCompile(`(?i)^(?:[\[(#]|n[or]\.? ?)(\d{1,3})[\])]?(?:$|[ ._-]+)`)
	wordOfEpisode = regexp.MustCompile(`(?i)[ ._-](?:episode|épisode|episodio|folge)$`)
	numbers       = regexp.MustCompile(`\d+`)
)

// bySeason finds the number of an episode in a season folder. Three digits that begin with the season's number are
// both: "215" of season 2.
func bySeason(p *episodePath) (f episodeNumbers, ok bool) {
	if p.folder < 0 || p.folder == 0 && !isSeasonAtEnd(p.dirs[0]) || p.digits == 0 {
		return episodeNumbers{}, false
	}
	name := p.bare
	if _, rest := p.afterTitle(); rest != "" {
		name = rest // "24 - 01": the first number is the title
	}
	if strings.Contains(name, ".5") {
		if m := halfNumber.FindStringSubmatchIndex(name); m != nil {
			f.unnumbered = "S" + twoDigits(p.season) + "E" + name[m[2]:m[3]]
			f.prefix, f.rest = p.prefixOf(name, m[2]), name[m[3]:]
			return f, true
		}
	}
	f.season, f.seasonFrom = p.season, fromSeason
	if m := discCount.FindStringSubmatch(name); m != nil {
		f.unnumbered = "Disc " + strconv.Itoa(Number(m[1]))
		return f, true
	}
	at := -1 // where the number stands
	if m := episodeInSeason.FindStringSubmatchIndex(name); m != nil {
		group := 2
		if m[2] < 0 {
			group = 4
		}
		f.first = Number(name[m[group]:m[group+1]])
		end, clean := f.readTail(name, m[group+1], "")
		if group == 4 && m[5]-m[4] == 4 && plausibleYear(f.first) && p.season == 0 {
			clean = false // a special of a year
		}
		if clean && f.unnumbered == "" && (group == 2 || end == len(name) || strings.IndexByte(" ._])-[(", name[end]) >= 0) {
			at, f.rest = m[group], name[end:]
			if group == 2 {
				f.prefix = episodeNoun.ReplaceAllString(p.prefixOf(name, m[2]), "")
			} else {
				f.prefix = p.prefixOf(name, m[4])
			}
		}
	}
	if at < 0 {
		if m := numberMarked.FindStringSubmatchIndex(p.stem); m != nil {
			f.first, f.last, f.rest = Number(p.stem[m[2]:m[3]]), 0, p.stem[m[1]:]
			return f, true
		}
		if m := numberNamed.FindStringSubmatchIndex(name); m != nil {
			f.prefix, f.first, f.rest = p.prefixOf(name, m[3]), Number(name[m[4]:m[5]]), name[m[6]:m[7]]
			at = m[4]
		} else if m := numberAtEnd.FindStringSubmatchIndex(name); m != nil && !plausibleYear(Number(name[m[4]:m[5]])) {
			f.prefix, f.first, f.rest = p.prefixOf(name, m[3]), Number(name[m[4]:m[5]]), name[m[8]:m[9]]
			if at = m[4]; m[6] >= 0 {
				f.last = Number(name[m[6]:m[7]])
			}
		} else if m := numberBoxed.FindStringSubmatchIndex(name); m != nil && !plausibleYear(Number(name[m[4]:m[5]])) {
			f.prefix, f.first, f.rest = p.prefixOf(name, m[3]), Number(name[m[4]:m[5]]), name[m[8]:m[9]]
			at = m[4]
		} else {
			return episodeNumbers{}, false
		}
	}
	if p.volume != "" && p.lowest(p.prefixOf(name, at), f.first) == 1 {
		f.unnumbered = p.volume + " - " + twoDigits(f.first) // its number in the season is unknown
		f.first, f.last = 0, 0
		return f, true
	}
	if p.season > 0 && f.first/100 == p.season && f.first%100 > 0 && f.first >= 101 {
		f.first %= 100
		if f.last/100 == p.season {
			f.last %= 100
		}
	}
	return f, true
}

// prefixOf returns the text of bare before a position in name, which is the end of bare.
func (p *episodePath) prefixOf(name string, at int) string { return p.bare[:len(p.bare)-len(name)+at] }

// lowest returns the lowest number among the names that begin with the same text.
func (p *episodePath) lowest(prefix string, own int) int {
	if r := p.after(prefix); r.names > 0 {
		return r.low
	}
	return own
}

// after returns the names beside the file that begin with the same text of bare and go on with a number.
func (p *episodePath) after(prefix string) run {
	return p.siblings.after(p.stem[:len(p.stem)-len(p.bare)] + prefix)
}

// byAbsolute finds a number counted from the beginning of a series, after the name of a release group or of the folder.
// A number that the folder's title has too belongs to the title.
func byAbsolute(p *episodePath) (f episodeNumbers, ok bool) {
	if p.digits == 0 || !p.group && len(p.dirs) > 0 && isCollection(p.dirs[len(p.dirs)-1]) {
		return episodeNumbers{}, false
	}
	if f, ok := p.boxedNumber(); ok {
		return f, true
	}
	if p.agreed > 0 {
		lead, rest := p.afterTitle()
		if f, ok := p.numberAfterTitle(lead, rest); ok || rest == "" || digit(rest[0]) || rest[0] == '[' || rest[0] == '(' {
			return f, ok
		}
	}
	if strings.Contains(p.bare, ".5") && (p.group || p.agreed > 0) {
		if m := halfNumber.FindStringSubmatchIndex(p.bare); m != nil && parseRelease(p.bare[:m[2]]).title != "" {
			return episodeNumbers{unnumbered: p.bare[m[2]:m[3]], prefix: p.bare[:m[2]], rest: p.bare[m[3]:]}, true
		}
	}
	if f, ok := p.batch(); ok {
		return f, true
	}
	if f, ok := p.markedNumber(); ok {
		return f, true
	}
	digits := ""
	if m := numberNamed.FindStringSubmatch(p.bare); m != nil {
		f.prefix, digits, f.first, f.rest = m[1], m[2], Number(m[2]), m[3]
	} else if m := numberAtEnd.FindStringSubmatch(p.bare); m != nil {
		f.prefix, digits, f.first, f.last, f.rest = m[1], m[2], Number(m[2]), Number(m[3]), m[4]
	} else if m := numberDashed.FindStringSubmatch(p.bare); m != nil {
		f.prefix, digits, f.first, f.rest = m[1], m[2], Number(m[2]), m[3]
	} else if tagged := parseRelease(p.bare); p.group && tagged.tagged && tagged.year == 0 {
		m := numberAtEnd.FindStringSubmatch(tagged.title) // "[Group] Bleach 012 720p"
		if m == nil || episodeAlone.MatchString(p.bare) {
			return episodeNumbers{}, false
		}
		f.prefix, digits, f.first, f.last = m[1], m[2], Number(m[2]), Number(m[3])
	} else {
		return episodeNumbers{}, false
	}
	own := parseRelease(f.prefix)
	if own.title == "" || own.tagged || len(digits) == 4 && isTitleNumber(f.first, p.bare[len(f.prefix):]) ||
		halfEpisode.MatchString(boxed.ReplaceAllString(p.bare, "")) {
		return episodeNumbers{}, false
	}
	if p.group && wordOfEpisode.MatchString(f.prefix) {
		return episodeNumbers{}, false // left to byWord
	}
	if p.group && len(digits) == 1 && !strings.Contains(p.bare[len(f.prefix):], "-") {
		return episodeNumbers{}, false
	}
	dashed := strings.Contains(p.bare[len(f.prefix):], "-") && len(digits) > 1 && parseReleaseFrom(f.rest, 0).tagged
	if !p.group && (episodeAlone.MatchString(p.bare) || yearTag.MatchString(f.rest) && !dashed ||
		agreedLen(p.around.title, own.title+" "+digits) > 0) {
		return episodeNumbers{}, false // left to byWord; a film; the folder's title has the number too
	}
	if !p.group && p.isCounted(f.prefix, digits, f.rest) {
		f.season, f.absolute = 1, true
		f.inSeason()
		return f, true
	}
	// Without a group, "Rocky 2" is a film: two digits are needed, and a folder of that name.
	if !p.group && (len(digits) < 2 || !p.beneath(f.prefix) || p.around.year > 0 && len(digits) < 3) {
		return episodeNumbers{}, false
	}
	f.season, f.absolute = 1, true
	f.inSeason()
	return f, true
}

// isCounted reports whether a number behind a dash is an episode in any folder: behind a season ("Show S3 - 01"), with
// three digits and a name behind it, or with technical words behind it.
func (p *episodePath) isCounted(prefix, digits, rest string) bool {
	before, behind, _ := strings.Cut(p.bare[len(prefix):], digits)
	if seasonInName.MatchString(prefix) && len(digits) > 2 {
		return true // "Show S21 999"
	}
	if !strings.Contains(before, "-") || isResolution(Number(digits)) {
		return false
	}
	named := strings.HasPrefix(strings.TrimLeft(behind, " ._"), "-")
	return seasonInName.MatchString(prefix) || len(digits) > 2 && named ||
		len(digits) > 1 && parseReleaseFrom(rest, 0).tagged
}

// inSeason takes the season from the end of the prefix: "Title S2 - 05" is counted from the season's beginning.
func (f *episodeNumbers) inSeason() {
	behind := ""
	f.prefix = strings.TrimRight(f.prefix, " ._-([")
	if own := parseRelease(f.prefix); own.tagged && own.year > 0 && seasonInName.MatchString(own.title) {
		f.prefix, behind = own.title, " ("+strconv.Itoa(own.year)+")" // "Show - Season 6 (2016) 720p ep13"
	}
	if m := seasonInName.FindStringSubmatchIndex(f.prefix); m != nil {
		g := 2
		if m[2] < 0 {
			g = 4
		}
		f.season, f.seasonFrom, f.absolute = Number(f.prefix[m[g]:m[g+1]]), fromFile, false
		f.prefix = f.prefix[:m[0]] + behind
	}
}

// isTitleNumber reports whether a number of four digits belongs to a title: a year, or a later one such as 2049 without
// a dash before it.
func isTitleNumber(n int, text string) bool {
	return plausibleYear(n) || n > lastYear && n < 3000 && !strings.HasPrefix(strings.TrimLeft(text, " ._"), "-")
}

// numberAfterTitle reads the number that follows the title on which folder and file agree.
func (p *episodePath) numberAfterTitle(lead, rest string) (f episodeNumbers, ok bool) {
	count := digitsAt(rest, 0)
	if count == 0 || count > 4 || count == 4 && plausibleYear(Number(rest[:4])) ||
		count > 2 && p.around.year > 0 && isResolution(Number(rest[:count])) {
		return episodeNumbers{}, false
	}
	f = episodeNumbers{season: 1, first: Number(rest[:count]), prefix: p.bare[:p.agreed]}
	end, clean := f.readTail(rest, count, rest[:count])
	if !clean {
		return episodeNumbers{}, false
	}
	f.rest, f.absolute = rest[end:], f.unnumbered == ""
	if p.group {
		return f, count > 1 || strings.Contains(lead, "-")
	}
	if hasYear(f.rest) {
		return episodeNumbers{}, false // a film
	}
	dash := strings.ContainsAny(lead, "-–#")
	behind := strings.TrimLeft(f.rest, " ._")
	word, _, _ := strings.Cut(behind, " ")
	ends := behind == "" || behind[0] == '[' || behind[0] == '(' || hasReleaseTag(dotsToSpaces(word))
	padded := rest[0] == '0' && count > 1
	run := p.after(p.bare[:len(p.bare)-len(rest)]).distinct > 1
	switch {
	case dash && count > 1, dash && run && ends && p.around.year > 0 && strings.Contains(lead, " "):
		return f, true
	case !ends:
		return f, strings.HasPrefix(behind, "-") && (padded || count > 2) || padded && p.around.year == 0
	case p.around.year > 0:
		return f, padded || count > 2 || run && count > 1
	}
	return f, count > 1
}

// hasYear reports whether a year stands in a text, in brackets or as a word.
func hasYear(text string) bool {
	if !hasDigit(text) {
		return false
	}
	_, _, year := wordYear(append([]string{""}, strings.Fields(strings.ReplaceAll(text, ".", " "))...))
	return year > 0 || yearTag.MatchString(text)
}

// boxedNumber reads a number in brackets of its own behind the name, or a name and a number in brackets each.
func (p *episodePath) boxedNumber() (f episodeNumbers, ok bool) {
	if !strings.ContainsAny(p.stem, "[{") {
		return episodeNumbers{}, false
	}
	if tidy(boxed.ReplaceAllString(p.bare, "")) == "" || hasWideCharacter(p.stem) {
		if f, ok := numberInBoxes(p.stem); ok {
			return f, true
		}
	}
	name := p.bare
	m := numberBoxed.FindStringSubmatch(name)
	if m == nil || len(m[2]) == 4 && plausibleYear(Number(m[2])) || parseRelease(m[1]).title == "" {
		return episodeNumbers{}, false
	}
	if !p.group { // two digits, and a folder of that name or technical words behind
		named := len(tidy(m[1])) <= len(tidy(p.bare[:p.agreed]))
		if len(m[2]) < 2 || !named && !parseReleaseFrom(strings.ReplaceAll(m[4], "_", " "), 0).tagged {
			return episodeNumbers{}, false
		}
	}
	f = episodeNumbers{season: 1, first: Number(m[2]), last: Number(m[3]), absolute: true, prefix: m[1], rest: m[4]}
	f.inSeason()
	return f, true
}

// byWord finds an episode without a season, which is then the only one. A film may be named "Episode 4": then it has a
// year behind the number.
func byWord(p *episodePath) (f episodeNumbers, ok bool) {
	if p.digits == 0 || !p.contains("ep", "isod", "folge", "of", "第") && !hasMark(p.lower) {
		return episodeNumbers{}, false
	}
	name := p.stem
	if _, rest := p.afterTitle(); rest != "" {
		name = rest // the "E" of "WALL-E 2008" is the title's
	}
	m := episodeAlone.FindStringSubmatchIndex(name)
	if m == nil {
		return episodeNumbers{}, false
	}
	f.season = 1
	f.prefix = p.stem[:len(p.stem)-len(name)+m[0]]
	switch {
	case m[4] >= 0:
		digits := name[m[4]:m[5]]
		f.first = Number(digits)
		end, clean := f.readTail(name, m[5], strings.TrimLeft(name[m[0]:m[5]], " ._-([#"))
		word := m[2] >= 0 && m[3]-m[2] > 2 // "Episode 4" may be the title of a film, "E04" is none
		if !clean || len(digits) == 4 && plausibleYear(f.first) && m[2] < 0 ||
			word && (hasYear(name[end:]) || yearTag.MatchString(f.prefix) && p.agreed == 0 && len(digits) < 2) {
			return episodeNumbers{}, false
		}
		f.rest = name[end:]
	case yearTag.MatchString(p.stem):
		return episodeNumbers{}, false
	case m[6] >= 0:
		f.first, f.rest = Number(name[m[6]:m[7]]), name[m[1]:]
	default:
		f.first, f.rest = Number(name[m[8]:m[9]]), name[m[1]:]
		f.prefix = wordOfPart.ReplaceAllString(f.prefix, "")
	}
	f.inSeason()
	return f, parseRelease(f.prefix).title != "" || p.around.title != ""
}

// hasMark reports whether an "e" with a number stands in a name in lower case.
func hasMark(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == 'e' && digit(s[i+1]) {
			return true
		}
	}
	return false
}

func twoDigits(n int) string {
	s := ""
	if n < 10 {
		s = "0"
	}
	return s + strconv.Itoa(n)
}
