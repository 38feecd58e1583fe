package naming

import (
	"regexp"
	"strings"
)

var (
	// A code that is glued to the title: "grp-zoos01e11", "stvs7ep9".
	episodeGlued = regexp.MustCompile(`(?i)[a-z]s(?:(\d{2})e(\d{2,3})|(\d{1,2})ep(\d{1,3}))`)
	// "S06.01" with two digits each.
	episodeDots = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])s(\d{2})\.(\d{2})\.(?:[^b]|b[^i])`)
	// "69. Bölüm", "01 BLM": the episode of a Turkish series, counted from the beginning.
	episodeTurkish = regexp.MustCompile(`(?i)[ ._-](\d{1,4})[ ._]*(?:b[öo]l[üu]m|blm)([^\p{L}0-9].*|)$`)
	// "x264-103": season and episode at the end of a release's name.
	episodeLast = regexp.MustCompile(`(?i)[ ._-](?:[xh]26[45]|xvid|divx|hevc)-([1-9]\d?)(\d{2})$`)
	boxedDay    = regexp.MustCompile(`^[ ._-]*\(\d{1,2}\.\d{1,2}\.\d{4}\)`)
	wordEp      = regexp.MustCompile(`(?i)[ ._-]+ep[ ._-]*$`)
	joining     = regexp.MustCompile(`(?i)^(?:and|und|en|et|y)[ ._]+`)
)

// rareCode finds a code that is written as few do, where the usual ones are not.
func (p *episodePath) rareCode() (f episodeNumbers, ok bool) {
	f.seasonFrom = fromFile
	if !hasSeasonCode(p.stem) && !p.contains("blm", "bol", "böl", "x26", "h26", "xvid", "divx", "hevc") {
		return f, false
	}
	if m := episodeGlued.FindStringSubmatchIndex(p.stem); m != nil {
		if m[2] < 0 {
			m = append(m[:2], m[6:]...)
		}
		f.season, f.first = Number(p.stem[m[2]:m[3]]), Number(p.stem[m[4]:m[5]])
		end, clean := f.readTail(p.stem, m[5], p.stem[m[0]+1:m[5]])
		f.prefix, f.rest = p.stem[:m[0]+1], p.stem[end:]
		return f, clean
	}
	if m := episodeDots.FindStringSubmatchIndex(p.stem); m != nil {
		f.season, f.first = Number(p.stem[m[2]:m[3]]), Number(p.stem[m[4]:m[5]])
		f.prefix, f.rest = p.stem[:m[0]], p.stem[m[5]:]
		return f, true
	}
	if m := episodeTurkish.FindStringSubmatchIndex(p.stem); m != nil && m[0] > 0 {
		f = episodeNumbers{season: 1, first: Number(p.stem[m[2]:m[3]]), absolute: true}
		f.prefix, f.rest = p.stem[:m[0]], boxedDay.ReplaceAllString(p.stem[m[4]:], "")
		f.inSeason()
		return f, true
	}
	if m := episodeLast.FindStringSubmatchIndex(p.stem); m != nil {
		f.season, f.first, f.prefix = Number(p.stem[m[2]:m[3]]), Number(p.stem[m[4]:m[5]]), p.stem[:m[0]]
		return f, true
	}
	return episodeNumbers{}, false
}

// takeNextCode joins the next episode when its code stands further behind: "S02E01 Name S02E02 Name".
func (f *episodeNumbers) takeNextCode(pattern *regexp.Regexp) {
	if f.unnumbered != "" || f.last > f.first || !hasSeasonCode(f.rest) {
		return
	}
	next, ok := findCode(pattern, f.rest, nil)
	if ok && next.season == f.season && next.first == f.last+1 && next.unnumbered == "" {
		f.last = next.last
		f.rest = strings.TrimRight(next.prefix, " ._-") + " " + strings.TrimLeft(next.rest, " ._-")
	}
}

// nextJoined reads the next number behind a word that joins: "E00.and.E01", "3 en 4". A number without a letter ends the
// name.
func nextJoined(s string, at, season, last int) (n, next int) {
	if at < len(s) && digit(s[at]) {
		count := digitsAt(s, at)
		if behind := tidy(s[at+count:]); behind == "" || behind[0] == '[' {
			if n = Number(s[at : at+count]); n == last+1 {
				return n, at + count
			}
		}
		return 0, 0
	}
	if n, next = nextInRange(s, at, season, last); n != last+1 {
		return 0, 0
	}
	return n, next
}
