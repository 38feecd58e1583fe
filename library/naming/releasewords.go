package naming

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// A year among other words in brackets: "[2012, 1080p]", "(A Director, 1967)", "(A Director - 1983)".
	yearListed = regexp.MustCompile(`[\[(](\d{4}), [^\])]*[\])]|\([^()\d]*(?:,|[ ._][-–])[ ._](\d{4})\)`)
	yearFirst  = regexp.MustCompile(`^\((\d{4})\)[ ._-]*(\pL.*)$`)
	versionEnd = regexp.MustCompile(`(?i)[ ._-]v\d$`)
	frameRate  = regexp.MustCompile(`(?i)^\d{2,3}fps$`)
	// Words that say nothing of a title when they stand before its year in capitals: "A.Film.EXTENDED.2013".
	capitalWords = regexp.MustCompile(`^(?:DC|SE|OM|\dCDS?|PAL|NTSC|STV|MULTI|COMPLETE|DUBBED|LIMITED|INTERNAL|PROPER|EXTENDED|UNRATED|UNCUT|UNCENSORED|THEATRICAL|REMASTERED|RESTORED|RECUT|IMAX)$`)
	sceneWords   = regexp.MustCompile(`^(?:FESTIVAL|CRITERION|ANIME|HYBRID|RETAIL|OFFICIAL|SWISSGERMAN|READNFO|SUBFRENCH|ALTERNATIVE|DIRFIX|AUDIOFIX|DVDRIP|BDRIP|WEBRIP)$`)
	// Editions of one word before a bare year: "A Film Extended 2012".
	editionWord = regexp.MustCompile(`(?i)^(?:extended|unrated|uncut|uncensored|theatrical|remastered|restored|imax|directors)$`)
	// An edition with a name of its own directly behind the year: "1987 Ultimate Hunter Edition".
	editionNamed = regexp.MustCompile(`(?i)^[ ._(\[-]*(?:the[ ._-]+)?((?:[\pL'’]{3,}[ ._-]+){1,2})edition(?:$|[^\pL])`)
	editionDC    = regexp.MustCompile(`^[ ._(\[-]*DC(?:$|[ ._)\]-])`)
	// Words of three dimensions that no title has.
	words3D = regexp.MustCompile(`(?i)^(?:3d|[hf]?sbs|sbs3d|[hf]?tab|tab3d|[hf]ou|mvc)$`)
	// Day and hour at which a television recorder began: "Show_12.05.02_01-27_station".
	recordedAt = regexp.MustCompile(`[ ._]\d{2}\.\d{2}\.\d{2}[ ._]\d{2}-\d{2}(?:[ ._].*|)$`)
	tail3D     = regexp.MustCompile(`(?i)(?: - |[._-])(?:3d|[hf]?sbs|[hf]?tab|[hf]ou|mvc|sbs3d|tab3d)(?:[ ._-](?:[hf]?sbs|[hf]?tab|[hf]ou|mvc))*$`)
	// A season or an episode at the beginning of a text.
	codeFirst = regexp.MustCompile(`(?i)^(?:s|ep?)\d`)
)

// editionLetters are editions by their initials before the year.
var editionLetters = map[string]string{"DC": "Director's Cut", "SE": "Special Edition", "OM": "Open Matte"}

// yearAmongWords finds a year in brackets with other words, or before the title.
func yearAmongWords(name string) (before, behind string, year int) {
	if !strings.ContainsAny(name, "[(") || !hasDigits(name, 4) {
		return name, "", 0
	}
	if m := yearFirst.FindStringSubmatch(name); m != nil && IsYear(m[1]) {
		return m[2], "", Number(m[1])
	}
	if m := yearListed.FindStringSubmatchIndex(name); m != nil && m[0] > 0 {
		group := 2
		if m[2] < 0 {
			group = 4
		}
		if text := name[m[group]:m[group+1]]; IsYear(text) {
			return name[:m[0]], name[m[0]:], Number(text)
		}
	}
	return name, "", 0
}

// beforeYear removes words of the release from the end of a title: before any year words in capitals when the title has
// small letters, before a bare year also the edition in one word.
func (c *release) beforeYear(words []string) (title, technical []string) {
	keep := len(words)
	for keep > 1 && c.isTechnical(words[keep-1], words[:keep-1]) {
		keep--
		if edition := editionLetters[words[keep]]; edition != "" && c.edition == "" {
			c.edition = edition
		}
	}
	return words[:keep], words[keep:]
}

func (c *release) isTechnical(word string, before []string) bool {
	word = strings.Trim(word, "()[],-")
	if isArticle(strings.Join(before, " ")) {
		return false
	}
	if !c.boxedYear && editionWord.MatchString(word) {
		return true
	}
	if !slices.ContainsFunc(before, hasSmallLetter) {
		return false
	}
	if languageWord(word) {
		return word == strings.ToUpper(word) || capitalWords.MatchString(before[len(before)-1])
	}
	if word == "DC" && strings.EqualFold(before[len(before)-1], "washington") {
		return false
	}
	return isSceneCase(word) || capitalWords.MatchString(word)
}

// languageWord reports whether a word is that for a language.
func languageWord(word string) bool {
	_, is := languageOf(word)
	return is && len(word) > 3
}

// hasSmallLetter reports whether a word has small letters besides the "i" of groups ("MiSSiON").
func hasSmallLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r != 'i' && unicode.IsLower(r) })
}

// isSceneCase reports whether a word for a kind of release is written as groups write "iNTERNAL" and "LiMiTED".
func isSceneCase(word string) bool {
	if len(word) < 5 || !strings.Contains(word, "i") ||
		strings.ContainsFunc(strings.ReplaceAll(word, "i", ""), func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return false
	}
	word = strings.ToUpper(word)
	return capitalWords.MatchString(word) || sceneWords.MatchString(word) || languageWord(word)
}

// isAmbiguous reports whether a word may be technical as well as part of a title.
func isAmbiguous(word string) bool {
	word = strings.Trim(word, "()[],-")
	return ambiguousTags.MatchString(word) || isSceneCase(word)
}

// namedEdition returns an edition directly behind the year that has a name of its own, or its initials "DC".
func namedEdition(tail string) string {
	if editionDC.MatchString(tail) {
		return "Director's Cut"
	}
	m := editionNamed.FindStringSubmatch(tail)
	if m == nil || slices.ContainsFunc(strings.FieldsFunc(m[1], isSeparator), isAmbiguousButLimited) {
		return ""
	}
	words := strings.FieldsFunc(m[1], isSeparator)
	for i, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(first)) + strings.ToLower(w[size:])
	}
	return strings.Join(words, " ") + " Edition"
}

func isAmbiguousButLimited(word string) bool {
	return !strings.EqualFold(word, "limited") && (isAmbiguous(word) || releaseTags.MatchString(word))
}

// splitMixed splits a word of a name with spaces: a tail of dots ("Film.1080p.x264", "Film.3d.sbs"), and technical words
// behind hyphens ("Man-720p").
func splitMixed(w string) []string {
	if strings.Count(strings.Trim(w, "."), ".") > 0 {
		parts := strings.Fields(dotsToSpaces(w))
		if hasReleaseTag(strings.Join(parts, " ")) || slices.ContainsFunc(parts[min(1, len(parts)):], func(part string) bool {
			return IsYear(part) || words3D.MatchString(part)
		}) {
			return append(splitHyphens(parts[0]), parts[1:]...)
		}
	}
	return splitHyphens(w)
}

// splitHyphens splits a word that has only technical words behind its hyphens, or a year and technical words.
func splitHyphens(w string) []string {
	if parts := strings.Split(w, "-"); len(parts) > 2 && IsYear(parts[1]) {
		if behind := dotsToSpaces(strings.Join(parts[2:], " ")); hasReleaseTag(behind) {
			return append(parts[:2:2], strings.Fields(behind)...)
		}
	}
	first, rest, found := strings.Cut(w, "-")
	if !found || first == "" {
		return []string{w}
	}
	for part := range strings.SplitSeq(rest, "-") {
		if !words3D.MatchString(part) && (len(part) < 4 || !releaseTags.MatchString(part)) {
			return []string{w}
		}
	}
	return append([]string{first}, strings.Split(rest, "-")...)
}

// cutRecording moves to the tail when a television recorder began, and words of three dimensions at the end of a name.
func cutRecording(head, tail string) (string, string) {
	if strings.Contains(head, "-") && hasDigit(head) {
		if m := recordedAt.FindStringIndex(head); m != nil {
			head, tail = head[:m[0]], head[m[0]:]+" "+tail
		}
	}
	if !strings.Contains(head, " ") || !containsAny(strings.ToLower(head[max(0, len(head)-6):]), endings3D) {
		return head, tail
	}
	if m := tail3D.FindStringIndex(head); m != nil && strings.Contains(tidy(head), " ") {
		return head[:m[0]], " 3d " + head[m[0]:] + " " + tail
	}
	return head, tail
}

var endings3D = []string{"3d", "sbs", "tab", "ou", "mvc"}

// fullwidth replaces the brackets and digits of other scripts by those of ASCII.
func fullwidth(name string) string {
	if !hasWideCharacter(name) {
		return name
	}
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' || r == '＃' {
			return r - '０' + '0'
		}
		return r
	}, fullwidthBrackets.Replace(name))
}

// hasWideCharacter is a quick look for the scripts of East Asia.
func hasWideCharacter(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x3000 }) >= 0
}

// latinName returns the Latin name of two that a release has: "流浪地球.The.Wandering.Earth", "鬼灭_Demon Slayer". Providers
// know it, and names in both scripts at once they do not.
func latinName(name string) string {
	rest := name
	for hasWideCharacter(rest) {
		at := strings.IndexAny(rest, "._/|·")
		if at < 0 || !hasWideCharacter(rest[:at]) || strings.ContainsAny(rest[:at], "[]") {
			return name
		}
		_, size := utf8.DecodeRuneInString(rest[at:])
		rest = rest[at+size:]
	}
	if rest == name {
		return name
	}
	rest = strings.TrimLeft(rest, " ._")
	word, _, _ := strings.Cut(strings.ReplaceAll(dotsToSpaces(rest), "_", " "), " ")
	if word == "" || !unicode.IsLetter(rune(word[0])) || codeFirst.MatchString(word) || hasReleaseTag(word) ||
		isAmbiguous(word) {
		return name
	}
	return rest
}
