package naming

import (
	"regexp"
	"strings"
)

var (
	// Several episodes in one file: "Show 01 - 12 [BD]", "Show (01-25) [BD]", "Show 1-13 (Dub) [720p]".
	batchAtEnd = regexp.MustCompile(`^(.*?\pL.*?)(?:[ ._]+(-)[ ._]+|[ ._]+|[ ._]*(\())(\d{1,4})([ ._]*[-~][ ._]*)(\d{2,4})\)?(?:v\d)?[ ._]*((?:[\[(].*)?)$`)
	// A number in front of the title in the name of a group: "[Group] 01 - Show [720p]".
	groupFirst = regexp.MustCompile(`^(\d{2})( - |[ ._]+)(\pL.*)$`)
	// A number behind the title in the name of a group, with a name behind a dash: "[Group] Show 34 - Name".
	groupNamed = regexp.MustCompile(`^(.*\pL.*?[^\d.][ ._]|.*\pL[ ._])(\d{2,4})[ ._]+-[ ._]+(\pL.*)$`)
	// A number of two digits behind the title, with something behind it.
	pairBehind = regexp.MustCompile(`^(.*?\pL.*?)([ ._]+)(\d{2})(?:v\d)?[ ._]+(\S.*)$`)
	// Words of recordings from television, and of subtitles for series.
	sourceOnTV = regexp.MustCompile(`(?i)^(?:hdtv|pdtv|dsr|dvb|satrip|tvrip|hdtvrip|dvbrip|vostfr)$`)
	// Three digits before a word for subtitles: "Show 445 VOSTFR".
	// Three digits in front with a zero, a title and a name: "003. Show - Name", "003-004. Show - Name".
	listedFirst = regexp.MustCompile(`^(0\d{2})(?:-(0\d{2}))?\. (\pL.*?) - (.+)$`)
	// Three digits at the end of a name, which count when those of the files beside it differ.
	hundredsAtEnd = regexp.MustCompile(`^(.*\pL.*?)(?:[ ._]+)([1-9])(\d{2})$`)
	// A word that cameras, scanners and people count their clips by: "Tape 203", "IMG 203".
	clipWord = regexp.MustCompile(`(?i)^(?:img|image|dsc[fn]?|mvi|mov|vid|video|clip|scan|tape|cassette|kassette|vhs|hi-?8|(?:mini ?)?dv|super ?8|reel|track|title|scene|szene|file|cam|camera|capture|recording|aufnahme|home ?(?:video|movie))$`)
	// A word that says what the number behind it counts.
	countedWord  = regexp.MustCompile(`(?i)[ ._-](?:part|pt|episode|ep|season|series|staffel|saison|s|extras?|folge|chapter|vol|cd|dis[ck])\.?$`)
	subbedBehind = regexp.MustCompile(`(?i)^(.*?\pL.*?)[ ._]+(\d{3,4})[ ._]+(vostfr(?:$|[^\pL]).*)$`)
)

// batch finds the first and last number of a file that holds several episodes. Numbers that spaces part are a batch when
// the first one is padded, has a dash before it, or "~" stands between them.
func (p *episodePath) batch() (f episodeNumbers, ok bool) {
	if !hasRange(p.bare) {
		return f, false
	}
	m := batchAtEnd.FindStringSubmatch(p.bare)
	if m == nil {
		return f, false
	}
	prefix, dash, box, first, between, last, rest := m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	f = episodeNumbers{season: 1, first: Number(first), last: Number(last), absolute: true, prefix: prefix, rest: rest}
	spaced := strings.Trim(between, " ._") != between
	switch {
	case f.last <= f.first, parseRelease(prefix).title == "", len(first) == 4 && plausibleYear(f.first),
		!p.group && !parseReleaseFrom(rest, 0).tagged,
		spaced && (first[0] != '0' || len(first) < 2) && dash == "" && !strings.Contains(between, "~"),
		box != "" && len(first) < 2:
		return episodeNumbers{}, false
	}
	f.inSeason()
	return f, true
}

// hasRange is a quick look for two numbers with "-" or "~" between them.
func hasRange(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] != '-' && s[i] != '~' {
			continue
		}
		before, behind := strings.TrimRight(s[:i], " ._"), strings.TrimLeft(s[i+1:], " ._")
		if before != "" && digit(before[len(before)-1]) && digitsAt(behind, 0) > 0 {
			return true
		}
	}
	return false
}

// withoutBatch removes the range of numbers from the name of a folder: "[Group] Show 01 - 12 [BD]".
func withoutBatch(dir string) string {
	if !hasRange(dir) {
		return dir
	}
	m := batchAtEnd.FindStringSubmatch(dir)
	if m == nil || Number(m[6]) <= Number(m[4]) || len(m[4]) == 4 && plausibleYear(Number(m[4])) {
		return dir
	}
	return m[1] + " " + m[7]
}

// inBatch reports whether a number is in the range that the name of the folder has.
func (p *episodePath) inBatch(n int) bool {
	m := batchAtEnd.FindStringSubmatch(p.dirs[len(p.dirs)-1])
	return m != nil && n >= Number(m[4]) && n <= Number(m[6])
}

// when is FindStringSubmatch of the name under a condition that is quicker to look at.
func (p *episodePath) when(may bool, pattern *regexp.Regexp) []string {
	if !may {
		return nil
	}
	return pattern.FindStringSubmatch(p.bare)
}

// markedNumber finds a number that only a group, zeros in front, technical words behind or the files beside it make an
// episode.
func (p *episodePath) markedNumber() (f episodeNumbers, ok bool) {
	if m := p.when(p.group, groupFirst); m != nil && (m[1][0] == '0' || m[2] == " - ") && !hasYear(m[3]) &&
		!numberAtEnd.MatchString(m[3]) {
		return absoluteNumber(m[3], m[1], "")
	}
	if m := p.when(p.group, groupNamed); m != nil && !(len(m[2]) == 4 && isTitleNumber(Number(m[2]), "")) &&
		!numberAtEnd.MatchString(m[3]) {
		return absoluteNumber(m[1], m[2], m[3])
	}
	if m := p.when(p.contains("vostfr"), subbedBehind); m != nil && mayCount(m[2]) {
		return absoluteNumber(m[1], m[2], m[3])
	}
	if m := p.when(strings.HasPrefix(p.bare, "0"), listedFirst); m != nil && m[1] != "007" && !hasYear(m[3]+m[4]) &&
		editionIn(m[4]) == "" {
		f, ok = absoluteNumber(m[3], m[1], m[4])
		f.last = Number(m[2])
		return f, ok && (f.last == 0 || f.last > f.first)
	}
	if m := p.when(!p.group && p.agreed == 0 && !p.siblings.alone(), hundredsAtEnd); m != nil && mayCount(m[2]+m[3]) &&
		p.after(p.bare[:len(p.bare)-3]).distinct > 1 && m[3] != "00" {
		f = episodeNumbers{season: Number(m[2]), seasonFrom: fromFile, first: Number(m[3]), prefix: m[1]}
		title := parseRelease(m[1]).title
		return f, title != "" && !countedWord.MatchString(m[1]) && !clipWord.MatchString(title)
	}
	return p.pairNumber()
}

// pairNumber finds a number of two digits with technical words behind it.
func (p *episodePath) pairNumber() (f episodeNumbers, ok bool) {
	m := p.when(p.contains(" 0", ".0", "_0") || !p.siblings.alone(), pairBehind)
	if m == nil || m[3] == "00" {
		return f, false
	}
	word, _, _ := strings.Cut(dotsToSpaces(strings.ReplaceAll(m[4], "_", " ")), " ")
	word, _, _ = strings.Cut(word, "-")
	padded := m[3][0] == '0'
	if p.group && padded && strings.HasSuffix(m[4], "]") || p.isCountedBehind(m[1]+m[2], word, m[4], padded) {
		return absoluteNumber(m[1], m[3], m[4])
	}
	return f, false
}

// absoluteNumber makes the numbers of an episode of a title, unless a word before the number says what it counts.
func absoluteNumber(prefix, digits, rest string) (f episodeNumbers, ok bool) {
	if countedWord.MatchString(strings.TrimRight(prefix, " ._")) || seasonMark.MatchString(prefix) {
		return f, false // left to other readers
	}
	f = episodeNumbers{season: 1, first: Number(digits), absolute: true, prefix: prefix, rest: " " + rest}
	f.inSeason()
	return f, parseRelease(f.prefix).title != ""
}

// mayCount reports whether digits are neither a year nor the height of a picture.
func mayCount(digits string) bool {
	return !(len(digits) == 4 && plausibleYear(Number(digits))) && !isResolution(Number(digits))
}

// isCountedBehind reports whether technical words behind a number of two digits make it an episode: those of television when
// it has a zero in front or the files beside it differ in the number. "Saw 06 1080p" is a film.
func (p *episodePath) isCountedBehind(before, word, rest string, padded bool) bool {
	technical := releaseTags.MatchString(word) || isAmbiguous(word) || languageWord(word)
	if !technical || !parseReleaseFrom(rest, 0).tagged {
		return false
	}
	ofSeries := sourceOnTV.MatchString(word) || languageWord(word) || hasYear(" "+before)
	return padded && ofSeries || p.after(before).distinct > 1
}
