package naming

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// 2024-03-15 and 15.03.2024, with the same separator twice, and 20240315.
	dateFirst = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d{2})([ ._-])(\d{2})([ ._-])(\d{2})(?:$|[^0-9])`)
	dateLast  = regexp.MustCompile(`(?:^|[^\p{L}0-9])(\d{2})([ ._-])(\d{2})([ ._-])((?:19|20)\d{2})(?:$|[^0-9])`)
	dateWord  = regexp.MustCompile(`(?:^|[^\p{L}0-9])((?:19|20)\d{2})(\d{2})(\d{2})(?:$|[^\p{L}0-9])`)
	// 5th Mar 2025, and 240315 (year, month, day) between separators.
	dateNamed       = regexp.MustCompile(`(?i)(?:^|[^\p{L}0-9])(\d{1,2})(?:st|nd|rd|th)[ ._](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ._]((?:19|20)\d{2})(?:$|[^0-9])`)
	dateShort       = regexp.MustCompile(`[ ._-](\d{2})(\d{2})(\d{2})(?:$|[ ._-])`)
	dayBefore       = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2})[ ._]+`)
	dayPart         = regexp.MustCompile(`(?i)^[ ._-]+part[ ._]?(\d)(?:$|[ ._-])`)
	numberBeforeDay = regexp.MustCompile(`[ ._]-[ ._]([1-9])(\d{2})(?:[ ._]\(\d{1,3}\))?[ ._-]*$`)
	dayHeight       = regexp.MustCompile(`^[ ._](?:480|720|1080|2160)(?:$|[ ._])`)
	// The number of an episode that is known by its date: "Show E76 2024 08 08".
	codeBefore = regexp.MustCompile(`(?i)[ ._-]+ep?\d{1,5}[ ._-]*$`)
	codeBehind = regexp.MustCompile(`(?i)^[ ._-]+ep?\d{1,5}(?:$|[ ._\[(-])`)
	// A telephone or a computer says when it recorded: "Screen Recording 2024-03-15 at 10.11.12".
	clipTime  = regexp.MustCompile(`(?i)[ _-](?:19|20)\d{2}-\d{2}-\d{2} (?:at|um) \d{1,2}[.:]\d{2}[.:]\d{2}`)
	clockTime = regexp.MustCompile(`^[ ._-]\d{2}[ ._-]\d{2}(?:[ ._-]\d{2})?(?:$|[ ._-])`)
)

// day is a date in a name: its text, and where it stands.
type day struct {
	year, month, day string
	from, to         int
	word             bool // without separators
	short            bool // six digits
}

// findDay finds a date that can be one.
func findDay(s string) (d day, ok bool) {
	if m := dateFirst.FindStringSubmatchIndex(s); m != nil && s[m[4]:m[5]] == s[m[8]:m[9]] {
		d = day{year: s[m[2]:m[3]], month: s[m[6]:m[7]], day: s[m[10]:m[11]], from: m[2], to: m[11]}
	} else if m := dateLast.FindStringSubmatchIndex(s); m != nil && s[m[4]:m[5]] == s[m[8]:m[9]] {
		d = day{year: s[m[10]:m[11]], month: s[m[6]:m[7]], day: s[m[2]:m[3]], from: m[2], to: m[11]}
	} else if m := dateWord.FindStringSubmatchIndex(s); m != nil {
		d = day{year: s[m[2]:m[3]], month: s[m[4]:m[5]], day: s[m[6]:m[7]], from: m[2], to: m[7], word: true}
	} else if m := dateNamed.FindStringSubmatchIndex(s); m != nil {
		month := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(s[m[4]:m[5]]))/3 + 1
		d = day{year: s[m[6]:m[7]], month: twoDigits(month), day: twoDigits(Number(s[m[2]:m[3]])), from: m[2], to: m[7]}
	} else if !hasDigits(s, 6) {
		return day{}, false
	} else if m := dateShort.FindStringSubmatchIndex(s); m != nil {
		d = day{year: century(s[m[2]:m[3]]), month: s[m[4]:m[5]], day: s[m[6]:m[7]], from: m[2], to: m[7]}
		d.word, d.short = true, true
	} else {
		return day{}, false
	}
	if Number(d.month) > 12 && !d.word {
		d.day, d.month = d.month, d.day
	}
	month, number := Number(d.month), Number(d.day)
	return d, month >= 1 && month <= 12 && number >= 1 && number <= 31
}

// isReleaseOnTV reports whether a text has technical words besides the height of the picture, which cameras write too.
func isReleaseOnTV(rest string) bool {
	return slices.ContainsFunc(strings.Fields(dotsToSpaces(strings.ReplaceAll(rest, "_", " "))), func(w string) bool {
		return firstReleaseTag([]string{w}, 0) == 0 && digitsAt(w, 0) < 3
	})
}

// hasDigits reports whether a number of that many digits stands in a text.
func hasDigits(s string, count int) bool {
	for from, to := range digitRuns(s) {
		if to-from == count {
			return true
		}
	}
	return false
}

// century completes the year of a date of six digits.
func century(year string) string {
	if Number("20"+year) > lastYear {
		return "19" + year
	}
	return "20" + year
}

// withoutDay removes a date of six digits before a title that has a code behind it: "240315 Show ep11".
func withoutDay(prefix string) string {
	m := dayBefore.FindStringSubmatch(prefix)
	if m == nil || Number(m[2]) < 1 || Number(m[2]) > 12 || Number(m[3]) < 1 || Number(m[3]) > 31 ||
		tidy(prefix[len(m[0]):]) == "" {
		return prefix
	}
	return prefix[len(m[0]):]
}

// byDate finds a date in the file name. A name that begins with a date is an episode only in a season folder, or with a
// dash and a name behind the date: home videos are named by date too. Cameras write dates as one word, so such a date
// counts only where a series is named: in its folders, or between dashes.
func byDate(p *episodePath) (f episodeNumbers, ok bool) {
	if p.digits < 5 {
		return episodeNumbers{}, false
	}
	d, ok := findDay(p.stem)
	if !ok {
		return episodeNumbers{}, false
	}
	f.prefix, f.rest = codeBefore.ReplaceAllString(p.stem[:d.from], ""), p.stem[d.to:]
	first := parseRelease(f.prefix).title == ""
	dash := strings.HasPrefix(f.rest, " - ") || strings.HasPrefix(f.rest, "- ")
	if m := codeBehind.FindStringIndex(f.rest); m != nil && d.word && !d.short {
		f.rest, dash = f.rest[m[1]:], true
		f.prefix += " - "
	}
	technical := parseReleaseFrom(f.rest, 0).tagged || dayHeight.MatchString(f.rest)
	switch {
	case d.short && (first || f.prefix != p.stem[:d.from]):
		return episodeNumbers{}, false // the number of an episode goes before a date of six digits
	case p.folder > 0, p.folder == 0 && !first:
	case first:
		if !dash && !technical || p.around.title == "" || p.around.year > 0 {
			return episodeNumbers{}, false
		}
	case d.short && isReleaseOnTV(f.rest):
	case d.word && p.agreed == 0 && !(dash && strings.HasSuffix(f.prefix, "- ")):
		return episodeNumbers{}, false
	}
	if m := clockTime.FindStringIndex(f.rest); m != nil {
		f.rest = f.rest[m[1]:]
	}
	if m := dayPart.FindStringSubmatchIndex(f.rest); m != nil {
		f.part, f.rest = Number(f.rest[m[2]:m[3]]), f.rest[m[3]:]
	}
	if m := numberBeforeDay.FindStringSubmatchIndex(f.prefix); m != nil && p.agreed > 0 && p.agreed <= m[0] {
		f.season, f.first, f.seasonFrom = Number(f.prefix[m[2]:m[3]]), Number(f.prefix[m[4]:m[5]]), fromFile
		f.prefix = f.prefix[:m[0]] // "Show - 101 - 20021107 - Name" has a number besides
		return f, true
	}
	f.date = d.year + "-" + d.month + "-" + d.day
	f.season, f.seasonFrom = Number(d.year), fromFile
	if p.folder >= 0 && p.season > 0 {
		f.season, f.seasonFrom = p.season, fromSeason
	}
	f.first = Number(d.month)*100 + Number(d.day)
	return f, true
}
