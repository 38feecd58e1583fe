package library

import (
	"regexp"
	"strings"
)

// cleaned is a file or folder name taken apart.
type cleaned struct {
	title   string
	year    int
	edition string
	ids     map[string]string
	flags   []string
	junk    bool // a release's technical words were found
}

// A year outside these is a number in a title. The first film is of 1888.
const (
	firstYear = 1888
	lastYear  = 2039
)

var (
	idTag      = regexp.MustCompile(`(?i)[\[{(](imdb|tmdb|tvdb)(?:id)?[-=: ]([a-z0-9]+)[\]})]`)
	editionTag = regexp.MustCompile(`(?i)\{edition[- ]([^}]+)\}`)
	boxed      = regexp.MustCompile(`\[[^\]]*\]|\{[^}]*\}`)
	yearTag    = regexp.MustCompile(`[(\[](\d{4})[)\]]`)
	yearWord   = regexp.MustCompile(`^\d{4}$`)
	discTag    = regexp.MustCompile(`(?i)[ ._-]+[(\[]?(?:cd|disc|disk|dvd)[ ._-]?(\d)[)\]]?$`)
	groupTag   = regexp.MustCompile(`(?i)^(.+)-[a-z0-9]+$`)
	spaces     = regexp.MustCompile(`\s+`)
	doctorDot  = regexp.MustCompile(`(?i)\b(mr|mrs|ms|dr|st|vs|vol|jr|sr)\. `)

	// Words that only a release's name has.
	hardJunk = regexp.MustCompile(`(?i)^(?:\d{3,4}[pi]|4k|8k|uhd|blu-?ray|bd-?rip|br-?rip|bd-?remux|remux|web-?dl|web-?rip|hdtv|pdtv|dsr|dvd-?rip|dvd[59]?|dvdscr|hd-?rip|hdcam|telesync|` +
		`[xh]\.?26[45]|hevc|avc|xvid|divx|av1|vp9|(?:8|10|12)-?bit|hdr|hdr10(?:plus|\+)?|dovi|sdr|aac(?:\d.*)?|e?ac-?3|ddp?\+?\d.*|dts(?:-?(?:hd|x|es|ma).*)?|truehd(?:\d.*)?|atmos|flac|opus|` +
		`repack\d?|rerip|nf|amzn|dsnp|hmax|yify|yts|rarbg|\d+fps)$`)
	// Words that a title may have too: they go only when they stand at the end, beside hard ones.
	softJunk = regexp.MustCompile(`(?i)^(?:web|cam|ts|tc|dv|proper|internal|limited|extended|unrated|uncut|remastered|theatrical|directors?|director's|cut|multi|dual|audio|dubbed|subbed|subs|complete|hybrid|imax|german|french|italian|spanish|english|ita|eng|ger|fre|vostfr|dl|ma|hd|\d\.\d)$`)

	blank = regexp.MustCompile(`(?i)^(?:movie|film|video|main|feature|index|title[ _]?t?\d*|vts[ _]\d+(?:[ _]\d+)?|\d{1,5}|stream|playlist)?$`)
	flag  = regexp.MustCompile(`(?i)(?:^|[ ._-])(sample|trailer)$`)
)

// clean takes a name apart: tags in brackets, the year, and the technical words of a release, which all go; what stands
// before them is the title.
func clean(name string) cleaned { return dissect(name, 1) }

// dissect is clean for a name whose first words, so many, are part of the title whatever they are.
func dissect(name string, safe int) cleaned {
	var c cleaned
	for _, m := range idTag.FindAllStringSubmatch(name, -1) {
		if c.ids == nil {
			c.ids = make(map[string]string)
		}
		c.ids[strings.ToLower(m[1])] = m[2]
	}
	if m := editionTag.FindStringSubmatch(name); m != nil {
		c.edition = strings.TrimSpace(m[1])
	}
	if m := flag.FindStringSubmatch(name); m != nil {
		c.flags = []string{strings.ToLower(m[1])}
	}
	name, c.year = tagYear(name)
	name = boxed.ReplaceAllString(name, " ")
	words := split(name)
	if cut := firstJunk(words, safe); cut >= 0 {
		c.junk = true
		words = words[:cut]
		for len(words) > 1 && softJunk.MatchString(words[len(words)-1]) {
			words = words[:len(words)-1]
		}
	}
	if c.year == 0 {
		words, c.year = wordYear(words)
	}
	c.title = tidy(strings.Join(words, " "))
	return c
}

// tagYear finds the last year in brackets that has a title before it, and gives what stands before it.
func tagYear(name string) (before string, year int) {
	all := yearTag.FindAllStringSubmatchIndex(name, -1)
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		y := number(name[m[2]:m[3]])
		if before := name[:m[0]]; plausible(y) && tidy(boxed.ReplaceAllString(before, " ")) != "" {
			return before, y
		}
	}
	return name, 0
}

// wordYear finds the last bare year that is not the first word, and gives the words before it.
func wordYear(words []string) (before []string, year int) {
	for i := len(words) - 1; i > 0; i-- {
		if w := strings.Trim(words[i], "-,"); yearWord.MatchString(w) && plausible(number(w)) {
			return words[:i], number(w)
		}
	}
	return words, 0
}

func plausible(year int) bool { return year >= firstYear && year <= lastYear }

// split gives the words of a name. Dots are spaces in a name that has no others, and in the tail of one that mixes them.
func split(name string) []string {
	name = strings.ReplaceAll(name, "_", " ")
	if !strings.Contains(strings.TrimSpace(name), " ") {
		return strings.Fields(undot(name))
	}
	// "Mr. Robot" keeps its dot; "A Film.1080p.x264" has a tail of dots.
	kept := doctorDot.ReplaceAllString(name, "$1\x00 ")
	var words []string
	for _, w := range strings.Fields(kept) {
		w = strings.ReplaceAll(w, "\x00", ".")
		if strings.Count(strings.Trim(w, "."), ".") > 0 && anyJunk(undot(w)) {
			words = append(words, strings.Fields(undot(w))...)
			continue
		}
		words = append(words, w)
	}
	return words
}

// undot turns dots to spaces, but not the one of "5.1" or "H.264" nor those of an abbreviation like "S.H.I.E.L.D".
func undot(s string) string {
	parts := strings.Split(s, ".")
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p)
		if i == len(parts)-1 {
			break
		}
		next := parts[i+1]
		switch {
		case single(p) && single(next) && letter(p) && letter(next):
			b.WriteByte('.')
		case strings.EqualFold(p, "h") && (next == "264" || next == "265"),
			len(p) > 0 && len(p) <= 5 && digit(p[len(p)-1]) && (next == "0" || next == "1") && (single(p) || strings.ContainsAny(p, "dDaA")):
			b.WriteByte('.')
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func single(s string) bool { return len(s) == 1 }
func digit(c byte) bool    { return '0' <= c && c <= '9' }
func letter(s string) bool { return s >= "A" && s <= "Z" || s >= "a" && s <= "z" }

func anyJunk(s string) bool { return firstJunk(strings.Fields(s), 0) >= 0 }

// firstJunk is the place of the first technical word from the given place on, or -1. "x264-GROUP" counts as x264.
func firstJunk(words []string, from int) int {
	for i := from; i < len(words); i++ {
		w := strings.Trim(words[i], "()[],-")
		if hardJunk.MatchString(w) {
			return i
		}
		if m := groupTag.FindStringSubmatch(w); m != nil && hardJunk.MatchString(m[1]) {
			return i
		}
	}
	return -1
}

// tidy takes the separators off both ends and makes runs of spaces one.
func tidy(s string) string {
	s = spaces.ReplaceAllString(s, " ")
	s = strings.TrimRight(s, " -–—_,:([{")
	return strings.TrimLeft(s, " -–—_.,:)]}")
}

// disc takes "- cd2" off the end of a name. "Part 2" stays: films are called so.
func disc(stem string) (rest string, part int) {
	m := discTag.FindStringSubmatchIndex(stem)
	if m == nil || m[0] == 0 {
		return stem, 0
	}
	return stem[:m[0]], number(stem[m[2]:m[3]])
}

// meaningless reports whether a title is one that a program or a hurry gave.
func meaningless(title string) bool { return blank.MatchString(title) }
