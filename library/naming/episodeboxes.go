package naming

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	// The number of an episode in a box of its own: "012", "01-12", "12END", "第05话", "13完".
	boxNumber = regexp.MustCompile(`(?i)^第?(\d{1,4})(?:[-~](\d{1,4}))?(?:v\d)?\s?[话話集回]?\s?(?:end|fin|完|终|終)?$`)
	// A box that says of what kind or season of the year a series is.
	boxCategory = regexp.MustCompile(`^(?:★?\d*月?新番|国漫|國漫|连载|連載)★?$`)
	// The name in another script behind a Latin one of several words.
	wideTail  = regexp.MustCompile(`(?: [\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+)+$`)
	newSeries = regexp.MustCompile(`★[^★\[]*新番[ ]?★?`)
)

// numberInBoxes reads a name that is made of boxes: "[Group][Show][012][720p]". Of several names the Latin one counts.
func numberInBoxes(stem string) (f episodeNumbers, ok bool) {
	stem = newSeries.ReplaceAllString(stem, "")
	boxes := boxed.FindAllStringSubmatchIndex(stem, -1)
	title := ""
	for i, m := range boxes {
		if m[2] < 0 || i == 0 && strings.TrimSpace(stem[:m[0]]) == "" {
			continue // braces, or the group
		}
		text := strings.TrimSpace(stem[m[2]:m[3]])
		n := boxNumber.FindStringSubmatch(text)
		better := !isLatin(title) && isLatin(text) && firstReleaseTag([]string{text}, 0) < 0
		switch {
		case IsYear(text), boxCategory.MatchString(text):
		case n == nil && (title == "" || better):
			title = strings.TrimSpace(wideTail.ReplaceAllString(latinName(text), ""))
		case n != nil && title != "":
			f = episodeNumbers{season: 1, first: Number(n[1]), last: Number(n[2]), absolute: true}
			f.prefix, f.rest = strings.TrimRight(title, "- "), stem[m[1]:]
			f.inSeason()
			return f, true
		}
	}
	return f, false
}

// isLatin reports whether a text is written in Latin letters alone.
func isLatin(s string) bool {
	return !hasWideCharacter(s) && strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) >= 0
}
