package naming

import (
	"regexp"
	"strings"
)

var (
	// S01E02, s1.e2, S01EP02, S01xE02, S01x02, s2024.e082201. What follows is read by readTail.
	episodeCode = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])s(\d{1,4})(?:[ ._x-]*ep?[ ._-]?|-?x)(\d{1,6})`)
	// Season 1 Episode 2, Saison 1 Épisode 2, Staffel 1 Folge 2.
	episodeWords = regexp.MustCompile(`(?i)(?:^|[^\p{L}0-9])(?:` + seasonWords + `|se)[ ._-]*(\d{1,4})[ ._,-]*(?:episodes?|afl|épisode|episodio|episódio|folge|aflevering|avsnitt|afsnit|bölüm|odcinek|серия|ep|e)[ ._-]*(\d{1,4})`)
	// [Cap.201] of Spanish releases: the second season's first.
	episodeCap = regexp.MustCompile(`(?i)(?:[ ._-]+tem(?:p|porada)?[ ._-]*\d{1,2}.*?)?[\[( ._]cap\.?[ ._]?(\d{1,2})(\d{2})(?:_\d{1,2}(\d{2}))?(?:$|[^0-9a-z])`)
	codecEnd   = regexp.MustCompile(`(?i)x26[45]$`) // "S01-x264"
	// 1x02, 2016x03; two digits of episode at least, so that 16x9 is a shape and not an episode.
	episodeCross = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(\d{1,2}|(?:19|20)\d{2})x(\d{1,4})`)
)

// wordsOfSeasons are a quick look for episodeWords.
var wordsOfSeasons = []string{
	"season", "series", "staffel", "saison", "temporada", "stagione", "seizoen", "son", "sezon", "сезон", "afl",
}

// byCode finds a season and an episode number in the file name.
func byCode(p *episodePath) (f episodeNumbers, ok bool) {
	f.seasonFrom = fromFile
	if p.digits < 2 {
		return f, false
	}
	if hasSeasonCode(p.stem) {
		if f, ok = findCode(episodeCode, p.stem, nil); ok {
			f.takeNextCode(episodeCode)
			return f, true
		}
	}
	if p.contains(wordsOfSeasons...) {
		if f, ok = findCode(episodeWords, p.stem, nil); ok {
			return f, true
		}
	}
	if strings.Contains(p.lower, "cap") {
		if m := episodeCap.FindStringSubmatchIndex(p.stem); m != nil && m[0] > 0 {
			f.season, f.first = Number(p.stem[m[2]:m[3]]), Number(p.stem[m[4]:m[5]])
			if m[6] >= 0 {
				f.last = Number(p.stem[m[6]:m[7]])
			}
			f.prefix, f.rest = p.stem[:m[0]], p.stem[m[1]:]
			return f, true
		}
	}
	if strings.Contains(p.lower, "x") {
		if f, ok = findCode(episodeCross, p.stem, p.isCross); ok {
			f.prefix = wordEp.ReplaceAllString(f.prefix, "")
			return f, true
		}
	}
	return p.rareCode()
}

// findCode finds the first match of a pattern of season and episode that nothing is glued to.
func findCode(
	pattern *regexp.Regexp, stem string, is func(stem string, m []int, end int) bool,
) (f episodeNumbers, ok bool) {
	for from := 0; from < len(stem); {
		m := pattern.FindStringSubmatchIndex(stem[from:])
		if m == nil {
			break
		}
		for i := range m {
			m[i] += from
		}
		f = episodeNumbers{season: Number(stem[m[2]:m[3]]), first: Number(stem[m[4]:m[5]]), seasonFrom: fromFile, coded: true}
		code := strings.TrimLeft(stem[m[0]:m[5]], " ._-([")
		end, clean := f.readTail(stem, m[5], code)
		if clean && !codecEnd.MatchString(code) && (is == nil || is(stem, m, end)) {
			f.prefix, f.rest = stem[:m[0]], stem[end:]
			return f, true
		}
		from = m[5]
	}
	return episodeNumbers{}, false
}

// isCross reports whether a match of episodeCross is an episode and not the shape of a picture: the episode has two
// digits or is a range, or stands where a series is named: in its folders, or between dashes. A season that is a year
// has no more episodes than a year has days.
func (p *episodePath) isCross(stem string, m []int, end int) bool {
	digits, code := m[5]-m[4], stem[m[2]:m[5]]
	known := p.folder >= 0 && Number(stem[m[2]:m[3]]) == p.season
	switch {
	case m[3]-m[2] == 4:
		return (digits > 1 || known) && digits < 4 && Number(stem[m[4]:m[5]]) <= 366
	case digits > 1 || end > m[5]:
		return digits < 4
	case strings.EqualFold(code, "16x9"), strings.EqualFold(code, "4x3"):
		return false
	}
	before, behind := stem[:m[2]], stem[end:]
	if tidy(behind) == "" || tidy(behind)[0] == '[' {
		return parseRelease(before).title != "" || tidy(before) == "" && p.around.title != ""
	}
	return known || p.agreed > 0 || strings.HasSuffix(before, "- ") && strings.HasPrefix(behind, " -") ||
		strings.HasSuffix(before, "-_") && strings.HasPrefix(behind, "_-")
}

// hasSeasonCode is a quick look for the beginning of an episodeCode.
func hasSeasonCode(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i]|0x20 == 's' && digit(s[i+1]) {
			return true
		}
	}
	return false
}

// HasEpisodeCode reports whether text holds a code such as S01E02.
func HasEpisodeCode(text string) bool {
	if !hasSeasonCode(text) {
		return false
	}
	_, ok := findCode(episodeCode, text, nil)
	return ok
}

// readTail reads the suffix of an episode's number: the letter of a part, the half of an episode between two others,
// the further numbers of a range, the version of a release. clean is false when it is something else, such as "1080p".
func (f *episodeNumbers) readTail(s string, at int, code string) (end int, clean bool) {
	f.last = f.first
	if at < len(s) && s[at]|0x20 >= 'a' && s[at]|0x20 <= 'd' && endsWord(s, at+1) {
		f.part = int(s[at]|0x20-'a') + 1
		at++
	}
	if isHalf(s, at) {
		f.unnumbered = strings.ToUpper(code) + s[at:at+2]
		f.season, f.first, f.last, f.seasonFrom = 0, 0, 0, ""
		return at + 2, true
	}
	for {
		n, next := nextInRange(s, at, f.season, f.last)
		if next == 0 {
			break
		}
		f.last, at = n, next
	}
	at = skipVersion(s, at)
	if number := digitsAt(s, at+1); number > 2 && at > 0 && (s[at] == '-' || s[at] == '_') &&
		(at+1+number == len(s) || strings.IndexByte(" .[(", s[at+1+number]) >= 0) {
		at += 1 + number // a number of another count: "S02xE09-791"
	}
	return at, endsWord(s, at)
}

// isHalf reports whether ".5" follows: an episode between two others. In a name with dots it may begin the title.
func isHalf(s string, at int) bool {
	if at+1 >= len(s) || s[at] != '.' || s[at+1] != '5' || !endsWord(s, at+2) {
		return false
	}
	if at+2 == len(s) || s[at+2] != '.' {
		return true
	}
	word, _, _ := strings.Cut(s[at+3:], ".")
	return hasReleaseTag(word)
}

// nextInRange reads the next number of a range: "-E03", "E03", " S01E03", "x03", "-1x03", "-03", "+03". A number
// without a letter must be glued, and not too far away, or the next one: "01 & 02". next is 0 when there is none.
func nextInRange(s string, at, season, last int) (n, next int) {
	i := skipSeparators(s, at)
	if and := joining.FindString(s[i:]); and != "" && i > at {
		return nextJoined(s, i+len(and), season, last)
	}
	glue := byte(0)
	if i < len(s) && strings.IndexByte("-+&~,", s[i]) >= 0 {
		glue = s[i]
		i++
	}
	spaced := false
	if j := skipSeparators(s, i); j > i || i > at+1 {
		i, spaced = j, true
	}
	if i >= len(s) {
		return 0, 0
	}
	start := i
	if s[i]|0x20 == 's' || digit(s[i]) { // the season again
		if !digit(s[i]) {
			i++
		}
		if count := digitsAt(s, i); count > 0 && i+count < len(s) && (s[i+count]|0x20 == 'e' || s[i+count]|0x20 == 'x') {
			if Number(s[i:i+count]) != season {
				return 0, 0
			}
			i += count
		} else {
			i = start
		}
	}
	mark := s[i] | 0x20
	if mark == 'e' || mark == 'x' {
		i++
		if mark == 'e' && i < len(s) && s[i]|0x20 == 'p' {
			i++
		}
	}
	count := digitsAt(s, i)
	if count == 0 || count > 4 && mark != 'e' || count > 6 {
		return 0, 0
	}
	n, next = Number(s[i:i+count]), i+count
	switch {
	case mark == 'e':
		if n >= last && (endsWord(s, next) || strings.IndexByte("esv", s[next]|0x20) >= 0) {
			return n, next
		}
	case mark == 'x':
		if n >= last && n-last <= maxGap && (endsWord(s, next) || s[next]|0x20 == 'x' || s[next]|0x20 == 'v') {
			return n, next
		}
	case n <= last || n-last > maxGap || !endsWord(s, next) || isDecimal(s, next):
	case glue != 0 && !spaced, (glue == '&' || glue == '+') && n == last+1,
		s[at] == '_' && i == at+1 && count == 2 && n == last+1:
		return n, next
	}
	return 0, 0
}

// maxGap is how many episodes a range without letters may have: a larger number counts something else.
const maxGap = 30

// skipVersion returns the position behind the version of a release: "v2".
func skipVersion(s string, at int) int {
	if at+1 < len(s) && s[at]|0x20 == 'v' && digit(s[at+1]) {
		return at + 2
	}
	return at
}

func skipSeparators(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '.' || s[at] == '_') {
		at++
	}
	return at
}

// digitsAt counts the digits from a position on.
func digitsAt(s string, at int) int {
	i := at
	for i < len(s) && digit(s[i]) {
		i++
	}
	return max(0, i-at)
}

// isDecimal reports whether a number goes on behind a dot: "5.1".
func isDecimal(s string, at int) bool {
	return at+1 < len(s) && s[at] == '.' && digit(s[at+1]) && endsWord(s, at+2)
}

// endsWord reports whether no letter or digit stands at a position.
func endsWord(s string, at int) bool {
	return at >= len(s) || !digit(s[at]) && (s[at]|0x20 < 'a' || s[at]|0x20 > 'z')
}
