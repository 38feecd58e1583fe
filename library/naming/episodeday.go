package naming

import (
	"regexp"
	"strings"
)

var (
	// 2024-03-15 and 15.03.2024, with the same separator twice, and 20240315.
	dateFirst = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d{2})([ ._-])(\d{2})([ ._-])(\d{2})(?:$|[^0-9])`)
	dateLast  = regexp.MustCompile(`(?:^|[^\p{L}0-9])(\d{2})([ ._-])(\d{2})([ ._-])((?:19|20)\d{2})(?:$|[^0-9])`)
	dateWord  = regexp.MustCompile(`(?:^|[^\p{L}0-9])((?:19|20)\d{2})(\d{2})(\d{2})(?:$|[^\p{L}0-9])`)
	// The number of an episode that is known by its date: "Show E76 2024 08 08".
	codeBefore = regexp.MustCompile(`(?i)[ ._-]+ep?\d{1,5}[ ._-]*$`)
	clockTime  = regexp.MustCompile(`^[ ._-]\d{2}[ ._-]\d{2}(?:[ ._-]\d{2})?(?:$|[ ._-])`)
)

// day is a date in a name: its text, and where it stands.
type day struct {
	year, month, day string
	from, to         int
	word             bool // without separators
}

// findDay finds a date that can be one.
func findDay(s string) (d day, ok bool) {
	if m := dateFirst.FindStringSubmatchIndex(s); m != nil && s[m[4]:m[5]] == s[m[8]:m[9]] {
		d = day{year: s[m[2]:m[3]], month: s[m[6]:m[7]], day: s[m[10]:m[11]], from: m[2], to: m[11]}
	} else if m := dateLast.FindStringSubmatchIndex(s); m != nil && s[m[4]:m[5]] == s[m[8]:m[9]] {
		d = day{year: s[m[10]:m[11]], month: s[m[6]:m[7]], day: s[m[2]:m[3]], from: m[2], to: m[11]}
	} else if m := dateWord.FindStringSubmatchIndex(s); m != nil {
		d = day{year: s[m[2]:m[3]], month: s[m[4]:m[5]], day: s[m[6]:m[7]], from: m[2], to: m[7], word: true}
	} else {
		return day{}, false
	}
	if Number(d.month) > 12 && !d.word {
		d.day, d.month = d.month, d.day
	}
	month, number := Number(d.month), Number(d.day)
	return d, month >= 1 && month <= 12 && number >= 1 && number <= 31
}

// byDate finds a date in the file name. A name that begins with a date is an episode only in a season folder, or with a
// dash and a name behind the date: home videos are named by date too. Cameras write dates as one word, so such a date
// counts only where a series is named: in its folders, or between dashes.
func byDate(p *episodePath) (f episodeNumbers, ok bool) {
	if p.digits < 8 {
		return episodeNumbers{}, false
	}
	d, ok := findDay(p.stem)
	if !ok {
		return episodeNumbers{}, false
	}
	f.prefix, f.rest = codeBefore.ReplaceAllString(p.stem[:d.from], ""), p.stem[d.to:]
	first := parseRelease(f.prefix).title == ""
	dash := strings.HasPrefix(f.rest, " - ") || strings.HasPrefix(f.rest, "- ")
	switch {
	case p.folder > 0, p.folder == 0 && !first:
	case first:
		if !dash && !parseReleaseFrom(f.rest, 0).tagged || p.around.title == "" || p.around.year > 0 {
			return episodeNumbers{}, false
		}
	case d.word && p.agreed == 0 && !(dash && strings.HasSuffix(f.prefix, "- ")):
		return episodeNumbers{}, false
	}
	if m := clockTime.FindStringIndex(f.rest); m != nil {
		f.rest = f.rest[m[1]:]
	}
	f.date = d.year + "-" + d.month + "-" + d.day
	f.season, f.seasonFrom = Number(d.year), fromFile
	if p.folder >= 0 && p.season > 0 {
		f.season, f.seasonFrom = p.season, fromSeason
	}
	f.first = Number(d.month)*100 + Number(d.day)
	return f, true
}
