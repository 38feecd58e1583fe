package naming

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// release is a parsed file or folder name.
type release struct {
	title    string
	year     int
	edition  string
	language string
	part     int
	ids      map[string]string
	flags    []string
	tagged   bool // release tags were found
	// boxedYear says that the year stands in brackets.
	boxedYear bool
}

// A number outside these is part of a title. The first film is of 1888.
const (
	firstYear = 1888
	lastYear  = 2039
)

var (
	idTag = regexp.MustCompile(
		`(?i)[\[{(](imdb|tmdb|tvdb|anidb|anilist|tvmaze|trakt)(?:id)?\d?[-=: ]+([a-z0-9]+)[\]})]`,
	)
	imdbWord   = regexp.MustCompile(`(?:^|[^a-z0-9])(tt\d{7,9})(?:$|[^a-z0-9])`)
	editionTag = regexp.MustCompile(`(?i)\{edition[- ]([^}]+)\}`)
	groupBox   = regexp.MustCompile(`^\s*(?:\[[^\]]*\]\s*)+`)
	boxed      = regexp.MustCompile(`\[([^\]]*)\]|\{([^}]*)\}`)
	rounded    = regexp.MustCompile(`\(([^()]*)\)`)
	yearTag    = regexp.MustCompile(`[(\[{](\d{4})(?:[-–]\d{0,4})?[)\]}]`)
	boxedSize  = regexp.MustCompile(`\[[^\]]*\d{3,4}x\d{3,4}`)
	yearWord   = regexp.MustCompile(`^\d{4}$`)
	releasedBy = regexp.MustCompile(`([\])])-[A-Za-z0-9]+$`)
	groupTag   = regexp.MustCompile(`(?i)^(.+)-[a-z0-9]+$`)
	spaces     = regexp.MustCompile(`\s+`)
	doctorDot  = regexp.MustCompile(`(?i)\b(mr|mrs|ms|dr|st|vs|vol|jr|sr|no)\. `)
	site       = regexp.MustCompile(`(?i)^\W*(?:www\.[a-z0-9-]+|[a-z0-9-]+\.(?:com|org|net|to|cc|info))(?:\.[a-z]{2,4})?\W*[-–_\s\])]\s*`)
	listNumber = regexp.MustCompile(`^(?:\d{1,3}(?:\s*[-–]\s+|\.\s+|\)\s+)|\(\d{1,2}\)\s*)(.*\D.*)$`)
	lastWord   = regexp.MustCompile(`(?i)^(.+), (the|a|an|der|die|das|le|la|les|el|los|las|il|lo|de|het|een)$`)
	alsoKnown  = regexp.MustCompile(`(?i)^(\S.*?) a\.?k\.?a\.? \S`)

	// Parts of a film. A word that titles have too ("Part 2") counts only with the number directly after it, or
	// after the year.
	partAtEnd  = regexp.MustCompile(`(?i)[ ._-]+[(\[]?(?:(?:cd|disc|disk)[ ._-]?(\d{1,2})|dvd[ ._-]?([1-4])|(?:part|pt)(\d{1,2})|(?:cd|part|pt)[ ._-]?([a-d]))[)\]]?$`)
	partInTail = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:(?:cd|disc|disk|part|pt)[ ._-]?(\d{1,2})|dvd[ ._-]?([1-4]))(?:of\d{1,2})?(?:$|[^a-z0-9])`)

	// Words that only release names have.
	releaseTags = regexp.MustCompile(`(?i)^(?:\d{3,4}[pi](?:\d{2})?|4k|8k|uhd|ultra-?hd|hdlight|f?hd-?rip|blu-?ray\d*|bd-?rip|br-?rip|bd-?remux|(?:bd|br|dvd)(?:rip)?-?mux|bdmv|bd25|bd50|remux|web-?dl(?:rip)?|web-?rip|web-?cap|hdtv(?:rip)?|pdtv|dsr|dvd-?rip|dvd[59]?|dvd-?r|dvdscr|screener|` +
		`tv-?rip|sat-?rip|dvb-?rip|vhs-?rip|vod-?rip|ppv-?rip|hdcam|hdts|telesync|telecine|r5|` +
		`[xh]\.?26[456]|hevc|avc|vvc|xvid|divx|av1|vp9|vc-?1|mpeg-?[24]|(?:8|10|12)-?bits?|hi10p?|hdr|hdr10(?:plus|\+|p)?|hlg|dovi|sdr|aac(?:[\d.].*)?|e?ac-?3d?|ddp?a?\+?\d.*|dts(?:-?(?:hd|x|es|ma).*)?|truehd(?:\d.*)?|atmos|flac(?:\d.*)?|opus|l?pcm|[268]ch|` +
		`repack\d?|rerip|nf|amzn|dsnp|hmax|atvp|pcok|pmtp|yify|yts|rarbg|(?:\d+(?:\.\d+)?)?fps|[hf]-?sbs|half-?sbs|sbs3d|[hf]-?ou|half-?ou|[hf]-?tab|half-?tab|tab3d|mvc|vostfr|truefrench|nfofix|readnfo)$`)
	// Words that titles have too: removed only at the end, next to a release tag.
	ambiguousTags = regexp.MustCompile(`(?i)^(?:web|cam|ts|tc|dv|proper|internal|limited|extended|unrated|uncut|uncensored|remastered|theatrical|directors?|director's|cut|edition|multi\d?|dual|audio|dubbed|subbed|subs?|complete|hybrid|imax|criterion|redux|german|french|italian|spanish|english|russian|polish|dutch|swedish|danish|norwegian|finnish|czech|hungarian|portuguese|turkish|hindi|japanese|korean|chinese|latino|castellano|ita|eng|ger|fre|fra|spa|rus|jpn|kor|dl|ml|ma|hd|retail|\d{3,4}[x*]\d{3,4}|3d|sbs|ou|tab|\d\.\d|\d{2,3}\.\d{2,3}|(?-i:PAL|STV|CONVERT|XXX|HQ|HFR|WS|FS|LD|DOKU)|ntsc|vhs|swissgerman|flemish|nordic|\d?cds?|(?:vo|vf|vff|vfq|vfi|vost)(?:\+(?:vo|vf|vff|vfq|vfi|vost))*)$`)

	meaninglessName = regexp.MustCompile(`(?i)^(?:movie|film|video|main|feature|main feature|index|title[ _]?t?\d*|vts[ _]\d+(?:[ _]\d+)?|video_ts|\d{1,5}|stream|playlist|full movie)?$`)
	sampleName      = regexp.MustCompile(`(?i)(?:^|[._-]|- )sample$|^sample(?:[ ._-]|$)`)
)

// unbracket separates the words of adjacent brackets.
var unbracket = strings.NewReplacer("[", " [", "]", "] ", "(", " [", ")", "] ", "{", " [", "}", "] ")

// fullwidthBrackets replaces brackets of other scripts.
var fullwidthBrackets = strings.NewReplacer(
	"（", " (", "）", ") ", "［", " [", "］", "] ", "【", " [", "】", "] ", "「", " ", "」", " ", "『", " ", "』", " ", "　", " ",
)

// withoutSite removes the address of a web site before a name.
func withoutSite(name string) string {
	if strings.IndexByte(name, '.') < 0 {
		return name
	}
	return site.ReplaceAllString(name, "")
}

// withoutGroup removes the names of groups in brackets before a name.
func withoutGroup(name string) string {
	if !strings.HasPrefix(strings.TrimLeft(name, " "), "[") {
		return name
	}
	return groupBox.ReplaceAllString(name, "")
}

// parseRelease parses a release name: tags in brackets, the year, and release tags, which are removed; the text before
// them is the title, the text after them holds edition, language and the like.
func parseRelease(name string) release { return parseReleaseFrom(name, 1) }

// IsReleaseName reports whether a name holds the technical words of a release ("1080p", "x264").
func IsReleaseName(name string) bool { return parseRelease(name).tagged }

// IsYear reports whether text is a year that a film may be of.
func IsYear(text string) bool { return yearWord.MatchString(text) && plausibleYear(Number(text)) }

// parseReleaseFrom is parseRelease for a name whose first safe words are always part of the title.
func parseReleaseFrom(name string, safe int) release {
	var c release
	name, lead, grouped := c.takeAround(name)
	head, tail, year := tagYear(name)
	if year == 0 {
		head, tail, year = yearAmongWords(name)
	}
	c.year, c.boxedYear = year, year > 0
	boxedHead := head
	head, tail = moveBrackets(head, tail)
	head, tail = cutRecording(latinName(head), tail)
	words, tail := c.cutTitle(split(head), tail, safe)
	c.title = stripTitleNoise(tidy(strings.Join(words, " ")))
	if grouped {
		c.title = tidy(versionEnd.ReplaceAllString(c.title, "")) // of the release: "v2"
	}
	if c.title == "" && safe > 0 { // "[REC]"
		c.title = tidy(boxedHead)
	}
	if safe > 0 && c.title != "" {
		c.title = lead + c.title
		c.editionAtEnd(tail)
	}
	if strings.TrimSpace(tail) == "" {
		return c
	}
	tail = unbracket.Replace(tail)
	c.tagged = c.tagged || boxedSize.MatchString(tail) ||
		hasReleaseTag(dotsToSpaces(strings.ReplaceAll(tail, "_", " ")))
	c.parseTail(tail)
	return c
}

// takeAround takes what stands around a title: IDs, an edition in braces, a web site, a group. It returns the rest, what the
// title begins with besides letters, and whether a group stood before it.
func (c *release) takeAround(name string) (rest, lead string, grouped bool) {
	name = latinName(fullwidth(name))
	if bare := withoutSite(name); bare != name && tidy(bare) != "" {
		name = bare
	}
	name = c.takeIDs(name)
	if m := editionTag.FindStringSubmatchIndex(name); m != nil && strings.Contains(name, "{") {
		c.edition = strings.TrimSpace(name[m[2]:m[3]])
		name = name[:m[0]] + " " + name[m[1]:]
	}
	if strings.Contains(name, "]-") || strings.Contains(name, ")-") {
		name = releasedBy.ReplaceAllString(name, "$1")
	}
	if strings.HasPrefix(strings.TrimLeft(name, " "), "...") {
		lead = "..."
	}
	if rest := withoutGroup(name); rest != name && tidy(yearTag.ReplaceAllString(rest, "")) != "" &&
		!yearTag.MatchString(name[:len(name)-len(rest)]) {
		if isPartOfTitle(rest) {
			lead = strings.TrimLeft(name[:len(name)-len(rest)], " ")
		}
		name, grouped = rest, true
	}
	if sampleName.MatchString(name) {
		c.flags = append(c.flags, flagSample)
	}
	return name, lead, grouped
}

// cutTitle separates the words of a title from what stands behind it: technical words and a bare year.
func (c *release) cutTitle(words []string, tail string, safe int) (title []string, rest string) {
	if cut := firstReleaseTag(words, safe); cut >= 0 {
		c.tagged = true
		for cut > safe && isAmbiguous(words[cut-1]) {
			cut--
		}
		tail = strings.Join(words[cut:], " ") + " " + tail
		words = words[:cut]
	}
	if last := len(words) - 1; !c.tagged && last > 0 && isSceneCase(words[last]) {
		words, tail = words[:last], words[last]+" "+tail
	}
	if safe == 0 {
		return words, tail
	}
	if c.year == 0 {
		var behind []string
		words, behind, c.year = wordYear(words)
		tail = strings.Join(behind, " ") + " " + tail
	}
	if c.year > 0 {
		var technical []string
		words, technical = c.beforeYear(words)
		tail = strings.Join(technical, " ") + " " + tail
	}
	if c.year == 0 && c.tagged { // "A Film 1080p 1999"
		_, _, c.year = wordYear(append([]string{""}, strings.Fields(dotsToSpaces(tail))...))
	}
	return words, tail
}

// isPartOfTitle reports whether the brackets before a text belong to its title: "[REC]² (2009)", "[REC] 2 (2009)".
func isPartOfTitle(rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsNumber(first) && !unicode.IsDigit(first) ||
		strings.IndexFunc(rest, unicode.IsLetter) < 0 && yearTag.MatchString(rest)
}

// editionAtEnd takes the edition from the end of a title. One word is an edition only behind a dash, and without a year.
func (c *release) editionAtEnd(tail string) {
	if c.edition != "" || !mayHaveEdition(c.title) && !mayHaveEdition(tail) {
		return
	}
	title := c.title
	if word, _, _ := strings.Cut(strings.TrimSpace(tail), " "); strings.EqualFold(word, "cut") ||
		strings.EqualFold(word, "edition") {
		title += " " + word
	}
	m := editionEnd.FindStringSubmatch(title)
	if m == nil || isArticle(m[1]) || c.year > 0 && m[3] == "" {
		return // one word before the year is the title's: "Apocalypse Now Redux (1979)"
	}
	if c.edition = editionIn(m[2] + m[3]); c.edition != "" {
		c.title = tidy(m[1])
	}
}

// takeIDs records external IDs in brackets, or a bare IMDb ID, and returns the name without them.
func (c *release) takeIDs(name string) string {
	note := func(source, id string) {
		if c.ids == nil {
			c.ids = make(map[string]string)
		}
		c.ids[source] = id
	}
	if strings.ContainsAny(name, "[{(") && idTag.MatchString(name) {
		for _, m := range idTag.FindAllStringSubmatch(name, -1) {
			note(strings.ToLower(m[1]), strings.ToLower(m[2]))
		}
		name = idTag.ReplaceAllString(name, " ")
	}
	if !strings.Contains(name, "tt") {
		return name
	}
	if m := imdbWord.FindStringSubmatchIndex(name); m != nil {
		note("imdb", name[m[2]:m[3]])
		name = name[:m[2]] + name[m[3]:]
	}
	return name
}

// moveBrackets moves bracketed text from the head to the tail; round brackets only with release tags inside.
func moveBrackets(head, tail string) (string, string) {
	if !strings.ContainsAny(head, "[{(") {
		return head, tail
	}
	for _, m := range boxed.FindAllStringSubmatch(head, -1) {
		tail += " [" + m[1] + m[2] + "]"
	}
	between := " "
	if bare := strings.TrimSpace(head); strings.Contains(bare, ".") && !strings.ContainsAny(bare, " _") {
		between = "." // "A.Film.2014.[1920x800].1080p" stays a name of dots
	}
	head = strings.TrimRight(boxed.ReplaceAllString(head, between), ".")
	head = rounded.ReplaceAllStringFunc(head, func(box string) string {
		inside := box[1 : len(box)-1]
		if !hasReleaseTag(dotsToSpaces(inside)) && firstLanguage(inside, 4) == "" && editionIn(inside) == "" &&
			!threeD.MatchString(inside) && !(isAmbiguous(inside) && inside == strings.ToUpper(inside)) {
			return box
		}
		tail += " [" + inside + "]"
		return " "
	})
	return head, tail
}

// tagYear finds the last year in brackets after a title, and returns the text before and after it.
func tagYear(name string) (before, behind string, year int) {
	if !strings.ContainsAny(name, "[{(") {
		return name, "", 0
	}
	all := yearTag.FindAllStringSubmatchIndex(name, -1)
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		y := Number(name[m[2]:m[3]])
		if before := name[:m[0]]; plausibleYear(y) && strings.Trim(tidy(before), "[]{}() ") != "" {
			return before, name[m[1]:], y
		}
	}
	return name, "", 0
}

// wordYear finds the last bare year that is not the first word, and returns the words before and after it.
func wordYear(words []string) (before, behind []string, year int) {
	for i := len(words) - 1; i > 0; i-- {
		if w := strings.Trim(words[i], "-,"); yearWord.MatchString(w) && plausibleYear(Number(w)) {
			return words[:i], words[i+1:], Number(w)
		}
	}
	return words, nil, 0
}

// dated reports whether a year or a release tag is among the words.
func dated(words string) bool {
	_, _, year := wordYear(strings.Fields(words))
	return year > 0 || hasReleaseTag(words)
}

func plausibleYear(year int) bool { return year >= firstYear && year <= lastYear }

// split returns the words of a name. Dots count as spaces in a name without spaces, and in the tail of a mixed one.
func split(name string) []string {
	name = strings.TrimSpace(strings.ReplaceAll(name, "_", " "))
	if hyphens := strings.ReplaceAll(name, "-", " "); !strings.ContainsAny(name, " .") &&
		strings.Count(name, "-") > 1 && dated(hyphens) {
		name = hyphens // "a-film-1999-1080p"
	}
	if !strings.Contains(name, " ") {
		words := strings.Fields(dotsToSpaces(name))
		if last := len(words) - 1; last >= 0 && strings.Contains(words[last], "-") {
			words = append(words[:last], splitHyphens(words[last])...)
		}
		return words
	}
	// "Mr. Robot" keeps its dot; "A Film.1080p.x264" has a tail of dots.
	kept := doctorDot.ReplaceAllString(name, "$1\x00 ")
	var words []string
	for _, w := range strings.Fields(kept) {
		w = strings.ReplaceAll(w, "\x00", ".")
		words = append(words, splitMixed(w)...)
	}
	return words
}

// dotsToSpaces turns dots to spaces, except in "5.1", "H.264" and abbreviations such as "S.H.I.E.L.D".
func dotsToSpaces(s string) string {
	parts := strings.Split(s, ".")
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p)
		if i == len(parts)-1 {
			break
		}
		next := parts[i+1]
		switch {
		case single(p) && letter(p) && (single(next) && letter(next) ||
			next == "" && i == len(parts)-2 && i > 0 && single(parts[i-1]) && letter(parts[i-1])):
			b.WriteByte('.')
		case (strings.EqualFold(p, "h") || strings.EqualFold(p, "x")) && (next == "264" || next == "265"),
			len(p) > 1 && len(p) < 4 && digitsAt(p, 0) == len(p) && frameRate.MatchString(next),
			len(p) > 0 && len(p) <= 5 && digit(p[len(p)-1]) && (next == "0" || next == "1") && (single(p) ||
				strings.ContainsAny(p, "dDaA")):
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

func hasReleaseTag(s string) bool { return firstReleaseTag(strings.Fields(s), 0) >= 0 }

// firstReleaseTag returns the index of the first release tag from the given index on, or -1. "x264-GROUP" counts as
// x264.
func firstReleaseTag(words []string, from int) int {
	for i := from; i < len(words); i++ {
		w := strings.Trim(words[i], "()[],-")
		if mayBeTag(w) && releaseTags.MatchString(w) {
			return i
		}
		if strings.IndexByte(w, '-') < 0 {
			continue
		}
		if m := groupTag.FindStringSubmatch(w); m != nil && releaseTags.MatchString(m[1]) {
			return i
		}
	}
	return -1
}

// mayBeTag is a quick look for releaseTags, none of which begins with one of the letters left out here, except with a number
// or hyphen in it.
func mayBeTag(w string) bool {
	if len(w) < 2 {
		return false
	}
	return strings.IndexByte("abdfhlmnoprstuvwxy", w[0]|0x20) >= 0 || strings.ContainsAny(w, "0123456789-")
}

// tidy trims separators and collapses spaces.
func tidy(s string) string {
	if strings.ContainsAny(s, "\t\n\v\f\r") || strings.Contains(s, "  ") {
		s = spaces.ReplaceAllString(s, " ")
	}
	s = strings.TrimRight(s, " -–—_,:([{")
	return strings.TrimLeft(s, " -–—_.,:)]}")
}

// stripTitleNoise returns the plain title: "Matrix, The" is "The Matrix", and of two names the first.
func stripTitleNoise(title string) string {
	if m := alsoKnown.FindStringSubmatch(title); m != nil {
		title = m[1]
	}
	if m := lastWord.FindStringSubmatch(title); m != nil {
		title = m[2] + " " + m[1]
	}
	return title
}

var partWords = []string{"cd", "dis", "dvd", "part", "pt"}

// parts removes "- cd2" or "-part2" from the end of a name. "Part 2" stays, because films have such names.
func parts(stem string) (rest string, part int) {
	if !containsAny(strings.ToLower(stem), partWords) {
		return stem, 0
	}
	m := partAtEnd.FindStringSubmatchIndex(stem)
	if m == nil || m[0] == 0 {
		return stem, 0
	}
	for group := 2; group <= 6; group += 2 {
		if m[group] >= 0 {
			return stem[:m[0]], Number(stem[m[group]:m[group+1]])
		}
	}
	return stem[:m[0]], int(stem[m[8]]|0x20-'a') + 1
}

// Meaningless reports whether a title is a default name of a program ("title_t00", "movie").
func Meaningless(title string) bool { return meaninglessName.MatchString(title) }
