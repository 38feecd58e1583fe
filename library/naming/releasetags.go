package naming

import (
	"regexp"
	"slices"
	"strings"
)

// Flags of an Identity.
const (
	flagSample = "sample"
	flag3D     = "3d"
	flagSBS    = "3d-sbs" // both eyes side by side
	flagTAB    = "3d-tab" // both eyes one above the other
	flagMVC    = "3d-mvc" // the second eye in a stream of its own
	flagHDR    = "hdr"
	flagDV     = "dv" // Dolby Vision
)

var (
	threeD = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:3d|[hf]-?sbs|half-?sbs|sbs3d|[hf]-?ou|half-?ou|[hf]-?tab|half-?tab|tab3d)(?:$|[^a-z0-9])`)
	sbs    = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:f|full-?|h|h-|half-?)?sbs(?:3d)?(?:$|[^a-z0-9])`)
	tab    = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:f|full-?|h|h-|half-?)?(?:tab|ou)(?:3d)?(?:$|[^a-z0-9])`)
	mvc    = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])mvc(?:$|[^a-z0-9])`)
	hdr    = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:hdr|hdr10(?:plus|\+|p)?|hlg)(?:$|[^a-z0-9])`)
	dovi   = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:dv|dovi|dolby[ ._-]?vision)(?:$|[^a-z0-9])`)
	subbed = regexp.MustCompile(`(?i)^(?:sub|subs|subbed|subtitles?)$`)

	// editions maps names of editions to their display name. The first match counts.
	editions = []struct {
		pattern *regexp.Regexp
		name    string
	}{
		{edition(`director'?s?'?[ ._-]+(?:cut|edition)|dc[ ._-]cut|directors[ ._-]*$`), "Director's Cut"},
		{edition(`final[ ._-]+cut`), "Final Cut"},
		{edition(`assembly[ ._-]+cut`), "Assembly Cut"},
		{edition(`ultimate[ ._-]+(?:cut|edition)`), "Ultimate Edition"},
		{edition(`rogue[ ._-]+cut`), "Rogue Cut"},
		{edition(`(?:unrated|uncensored)(?:[ ._-]+(?:cut|edition|version))?`), "Unrated"},
		{edition(`uncut(?:[ ._-]+(?:edition|version))?`), "Uncut"},
		{edition(`extended(?:[ ._-]+(?:cut|edition|version))?`), "Extended"},
		{edition(`theatrical(?:[ ._-]+(?:cut|edition|version|release))?`), "Theatrical"},
		{edition(`special[ ._-]+edition`), "Special Edition"},
		{edition(`collector'?s?'?[ ._-]+edition|edition[ ._-]+collector`), "Collector's Edition"},
		{edition(`alternat(?:e|ive)[ ._-]+(?:cut|version)`), "Alternate Cut"},
		{edition(`criterion(?:[ ._-]+(?:collection|edition))?`), "Criterion"},
		{edition(`(?:\d+th[ ._-]+)?anniversary(?:[ ._-]+edition)?`), "Anniversary Edition"},
		{edition(`remastered|(?:4k[ ._-]+)?remaster`), "Remastered"},
		{edition(`restored`), "Restored"},
		{edition(`redux`), "Redux"},
		{edition(`despecialized(?:[ ._-]+edition)?`), "Despecialized"},
		{edition(`fan[ ._-]?edit`), "Fan Edit"},
		{edition(`work[ ._-]?print`), "Workprint"},
		{edition(`imax(?:[ ._-]+(?:edition|enhanced))?`), "IMAX"},
		{edition(`open[ ._-]?matte`), "Open Matte"},
	}
)

func edition(words string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^a-z0-9'])(?:` + words + `)(?:$|[^a-z0-9'])`)
}

// editionEnd is an edition at the end of a title: several words, or one behind a dash.
var editionEnd = regexp.MustCompile(`(?i)^(.+?)(?:[ ._]+[-–][ ._]+(?:the )?(` + editionPhrase +
	`|extended|unrated|uncut|uncensored|theatrical|remastered|imax|criterion|redux|despecialized|workprint)|[ ._]+(?:the )?(` +
	editionPhrase + `))$`)

const editionPhrase = `director'?s?'? (?:cut|edition)|(?:final|assembly|rogue) cut|(?:extended|unrated|ultimate) (?:cut|edition|version)|` +
	`(?:uncut|uncensored) (?:edition|version)|alternat(?:e|ive) cut|edition collector|theatrical (?:cut|edition|version|release)|(?:special|collector'?s?'?|despecialized|remastered|imax) edition|` +
	`criterion (?:collection|edition)|(?:\d+th )?anniversary edition|fan ?edit|work ?print|open matte`

// mayHaveEdition is a quick look for words of editions.
func mayHaveEdition(text string) bool {
	return containsAny(strings.ToLower(text), editionSyllables)
}

var editionSyllables = []string{
	"cut", "edit", "unrated", "uncens", "extended", "theatr", "criter", "annivers", "remaster", "redux", "despec", "work",
	"imax", "matte", "alternat", "restored", "director",
}

// editionIn returns the edition in a text, or "".
func editionIn(text string) string {
	if !mayHaveEdition(text) {
		return ""
	}
	for _, e := range editions {
		if e.pattern.MatchString(text) {
			return e.name
		}
	}
	return ""
}

// parseTail reads the text after the title: edition, part, language, 3D, dynamic range.
func (c *release) parseTail(tail string) {
	if c.edition == "" {
		c.edition = editionIn(tail)
	}
	if c.edition == "" && c.year > 0 {
		c.edition = namedEdition(tail)
	}
	if m := partInTail.FindStringSubmatch(tail); m != nil {
		c.part = Number(m[1] + m[2])
	}
	c.language = firstLanguage(tail, 3)
	if threeD.MatchString(tail) {
		kind := flag3D
		switch {
		case sbs.MatchString(tail):
			kind = flagSBS
		case tab.MatchString(tail):
			kind = flagTAB
		case mvc.MatchString(tail):
			kind = flagMVC
		}
		c.flags = append(c.flags, kind)
	}
	if hdr.MatchString(tail) {
		c.flags = append(c.flags, flagHDR)
	}
	if dovi.MatchString(tail) && c.tagged {
		c.flags = append(c.flags, flagDV)
	}
	slices.Sort(c.flags)
}

// firstLanguage finds the first word for a language that is not that of subtitles. Words of fewer letters than the
// limit count only in brackets, because they are ambiguous.
func firstLanguage(text string, shortest int) string {
	inBox := false
	words := strings.FieldsFunc(brackets.Replace(text), func(r rune) bool { return strings.ContainsRune(" ._,+&", r) })
	for i, w := range words {
		if w == "[" || w == "]" {
			inBox = w == "["
			continue
		}
		w = strings.Trim(w, "-")
		ofSubtitles := i > 0 && subbed.MatchString(words[i-1]) || i+1 < len(words) && subbed.MatchString(words[i+1])
		if tag, known := languageOf(w); known && tag != "und" && (len(w) >= shortest || inBox) && !ofSubtitles {
			return tag
		}
	}
	return ""
}

// brackets turns square brackets into separate words, and other brackets into square ones.
var brackets = strings.NewReplacer("[", " [ ", "]", " ] ", "(", " [ ", ")", " ] ", "{", " [ ", "}", " ] ")
