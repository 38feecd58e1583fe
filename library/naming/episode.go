package naming

import (
	"regexp"
	"strings"
)

var (
	// S01E02, s1.e2, S01EP02, S01xE02, S01E01E02, S01E01-E03, S01E01-03, S01E01-S01E03. A bare number after a dash counts
	// only when nothing that makes it something else ("1080p") is glued to it.
	episodeCode = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])s(\d{1,4})[ ._x-]*ep?[ ._]?(\d{1,4})([a-d])?((?:[ ._]*[-+&]?[ ._]*(?:s\d{1,4})?ep?\d{1,4}|-\d{1,3})*)(?:$|[^a-z0-9])`)
	// Season 1 Episode 2, Saison 1 Épisode 2, Staffel 1 Folge 2.
	episodeWords = regexp.MustCompile(`(?i)(?:^|[^\p{L}0-9])(?:season|series|staffel|saison|temporada|stagione|seizoen|säsong|sæson|sesong|sezon|сезон)[ ._-]*(\d{1,4})[ ._,-]*(?:episode|épisode|episodio|episódio|folge|aflevering|avsnitt|afsnit|bölüm|odcinek|серия|ep|e)[ ._-]*(\d{1,4})(?:$|[^\p{L}0-9])`)
	// 1x02, 1x02-1x03, 1x02x03, 1x02-03; two digits of episode at least, so that 16x9 is a shape and not an episode.
	episodeCross = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(\d{1,2})x(\d{2,3})((?:[ ._]?[-+&]?[ ._]?(?:\d{1,2})?x\d{2,3}|-\d{2,3})*)(?:$|[^a-z0-9])`)
	// 2024-03-15 and 15.03.2024, with the same separator twice.
	dateFirst = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d{2})([ ._-])(\d{2})([ ._-])(\d{2})(?:$|[^0-9])`)
	dateLast  = regexp.MustCompile(`(?:^|[^0-9])(\d{2})([ ._-])(\d{2})([ ._-])((?:19|20)\d{2})(?:$|[^0-9])`)
	// Names of an episode in a season folder.
	episodeInSeason = regexp.MustCompile(`(?i)^(?:.*?[^\p{L}0-9])??(?:episode|épisode|episodio|folge|aflevering|avsnitt|afsnit|chapter|capitulo|ep|e)[ ._-]*(\d{1,4})(?:[ ._]?-[ ._]?(?:ep?)?(\d{1,4}))?(?:v\d)?(?:$|[^\p{L}0-9])|^(\d{1,4})(?:-(\d{1,4}))?(?:v\d)?(?:$|[ ._\])-])`)
	// The number after the name of the series, at the end or before brackets: "Bleach - 012", "Bleach 012 [720p]".
	numberAtEnd = regexp.MustCompile(`(?i)^(.*?)(?:[ ._]+-[ ._]+|[ ._]+#?|-)(?:ep?\.?[ ._]?)?(\d{1,4})(?:[-~](\d{1,4}))?(?:v\d)?(?:[ ._]*(?:end|fin))?[ ._]*((?:[ ._]*(?:\[[^\]]*\]|\([^)]*\)))*)$`)
	// An absolute number with a title behind it: "[Group] Bleach - 012 - The Letter [720p]".
	numberNamed = regexp.MustCompile(`(?i)^(.*?)[ ._]+-[ ._]+(?:ep?\.?[ ._]?)?(\d{2,4})(?:v\d)?[ ._]+-[ ._]+(.*)$`)
	// Episode 5, Ep05, E05, 第12話, #12 without a season.
	episodeAlone = regexp.MustCompile(`(?i)(?:^|[^\p{L}0-9])(?:episode|épisode|episodio|folge|ep|e)[ ._-]?(\d{1,4})(?:[ ._]?-[ ._]?(?:ep?)?(\d{1,4}))?(?:v\d)?(?:$|[^\p{L}0-9])|第\s?(\d{1,4})\s?[話话集回]|(?:^|[ ._])(\d{1,2})[ ._]?of[ ._]?\d{1,2}(?:$|[^a-z0-9])`)
	special      = regexp.MustCompile(
		`(?i)(?:^|[ ._\]-])(?:sp|special|ova|oad|ona)[ ._-]?(\d{1,3})(?:v\d)?(?:$|[ ._\[(-])`,
	)

	seasonFolder   = regexp.MustCompile(`(?i)^(?:(?:season|series|staffel|saison|temporada|stagione|seizoen|säsong|sæson|sesong|sezon|сезон|book|s)[ ._-]*(\d{1,4})|(\d{1,2})\.?[ ._-]?(?:staffel|season|sezon|сезон|évad|série)|(\d{1,2})(?:st|nd|rd|th)[ ._-]season|第(\d{1,2})[季期])(?:$|[ ._]*[(\[].*$|[ ._]+-[ ._]+.*$)`)
	specialsFolder = regexp.MustCompile(`(?i)^(?:specials?|extras? episodes|ovas?|season[ ._-]*0+|s0+)$`)
	seasonAtEnd    = regexp.MustCompile(`(?i)^(.*\S)[ ._-]+(?:season|staffel|saison|temporada|stagione|s)[ ._-]?(\d{1,4})(?:$|[ ._\[(-].*$)`)
	seasonMark     = regexp.MustCompile(`(?i)(?:^|[ ._(\[-])(?:s\d{1,4}(?:-?e\d.*|-s?\d{1,4})?|(?:season|staffel|saison|temporada|stagione)s?[ ._-]*\d{1,4}(?:-\d{1,4})?|\d(?:st|nd|rd|th)[ ._]season|complete)(?:$|[ ._)\]-])`)
	seasonInName   = regexp.MustCompile(`(?i)[ ._-]+(?:s|season[ ._])(\d{1,2})$|[ ._-]+(\d)(?:st|nd|rd|th)[ ._]season$`)
	yearFolder     = regexp.MustCompile(`^(?:19|20)\d{2}$`)

	numbers = regexp.MustCompile(`\d+`)
)

// episodeNumbers are the season and episode number in a name, with the text before and after them.
type episodeNumbers struct {
	season, first, last int
	part                int
	date                string
	absolute            bool
	seasonFrom          string
	prefix, rest        string
}

// episode parses dirs and stem as an episode; ok is false when nothing marks it as one.
func episode(dirs []string, stem string) (id Identity, ok bool) {
	stem, part := parts(stem)
	stem = fullwidthBrackets.Replace(stem)
	if bare := site.ReplaceAllString(stem, ""); tidy(bare) != "" {
		stem = bare
	}
	season, folder := SeasonFolder(dirs)
	if last := len(dirs) - 1; last >= 0 && !episodeCode.MatchString(stem) && episodeCode.MatchString(dirs[last]) &&
		parseRelease(dirs[last]).tagged {
		stem, dirs = dirs[last], dirs[:last] // a release's folder around a file of any name
	}
	var f episodeNumbers
	for _, read := range []func(dirs []string, stem string, season, folder int) (episodeNumbers, bool){
		byCode, byDate, bySeason, bySpecial, byAbsolute, byWord,
	} {
		if f, ok = read(dirs, stem, season, folder); ok {
			break
		}
	}
	if !ok {
		return Identity{}, false
	}
	id = Identity{
		Kind: Episode, Season: f.season, Episode: f.first, EpisodeLast: max(f.first, f.last), Date: f.date,
		Evidence: map[string]string{"episode": fromFile},
	}
	setEvidence(&id, "season", f.seasonFrom, f.seasonFrom)
	if f.absolute {
		id.Absolute, id.Evidence["absolute"] = f.first, fromFile
	}
	setEvidence(&id, "date", f.date, fromFile)
	if id.Part = max(part, f.part); id.Part > 0 {
		id.Evidence["part"] = fromFile
	}
	id.series(dirs, folder, f.prefix)
	name := parseReleaseFrom(f.rest, 0)
	id.EpisodeName = name.title
	setEvidence(&id, "episodeName", name.title, fromFile)
	id.take(release{language: name.language, ids: nil, flags: name.flags, edition: name.edition}, fromFile)
	return id, id.Title != ""
}

// byCode finds a season and an episode number in the file name.
func byCode(_ []string, stem string, _, _ int) (f episodeNumbers, ok bool) {
	f.seasonFrom = fromFile
	if m := episodeCode.FindStringSubmatchIndex(stem); m != nil {
		f.season, f.first = Number(stem[m[2]:m[3]]), Number(stem[m[4]:m[5]])
		if m[6] >= 0 {
			f.part = int(stem[m[6]]|0x20-'a') + 1
		}
		f.last = f.first
		for _, digits := range numbers.FindAllString(seasonsOut.ReplaceAllString(stem[m[8]:m[9]], ""), -1) {
			f.last = max(f.last, Number(digits))
		}
		f.prefix, f.rest = stem[:m[0]], stem[m[9]:]
		return f, true
	}
	if m := episodeWords.FindStringSubmatchIndex(stem); m != nil {
		f.season, f.first = Number(stem[m[2]:m[3]]), Number(stem[m[4]:m[5]])
		f.prefix, f.rest = stem[:m[0]], stem[m[5]:]
		return f, true
	}
	if m := episodeCross.FindStringSubmatchIndex(stem); m != nil {
		f.season, f.first = Number(stem[m[2]:m[3]]), Number(stem[m[4]:m[5]])
		f.last = lastNumber(crossOut.ReplaceAllString(stem[m[6]:m[7]], ""), f.first)
		f.prefix, f.rest = stem[:m[0]], stem[m[7]:]
		return f, true
	}
	return episodeNumbers{}, false
}

// The season repeated within a range: "-S01E03", "-1x03".
var (
	seasonsOut = regexp.MustCompile(`(?i)s\d{1,4}`)
	crossOut   = regexp.MustCompile(`(?i)\d{0,2}x`)
)

// byDate finds a date in the file name. A name that begins with a date is an episode only in a season folder, because
// home videos are named by date too.
func byDate(_ []string, stem string, season, folder int) (f episodeNumbers, ok bool) {
	var year, month, day string
	m := dateFirst.FindStringSubmatchIndex(stem)
	if m != nil && stem[m[4]:m[5]] == stem[m[8]:m[9]] {
		year, month, day = stem[m[2]:m[3]], stem[m[6]:m[7]], stem[m[10]:m[11]]
	} else if m = dateLast.FindStringSubmatchIndex(stem); m != nil && stem[m[4]:m[5]] == stem[m[8]:m[9]] {
		day, month, year = stem[m[2]:m[3]], stem[m[6]:m[7]], stem[m[10]:m[11]]
		if Number(month) > 12 {
			day, month = month, day
		}
	} else {
		return episodeNumbers{}, false
	}
	if Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31 {
		return episodeNumbers{}, false
	}
	f.prefix, f.rest = stem[:m[2]], stem[m[11]:]
	if parseRelease(f.prefix).title == "" && folder <= 0 {
		return episodeNumbers{}, false
	}
	f.date = year + "-" + month + "-" + day
	f.season, f.seasonFrom = Number(year), fromFile
	if folder >= 0 && season > 0 {
		f.season, f.seasonFrom = season, fromSeason
	}
	f.first = Number(month)*100 + Number(day)
	return f, true
}

// bySeason finds the number of an episode in a season folder. Three digits that begin with the season's number are
// both: "215" of season 2.
func bySeason(dirs []string, stem string, season, folder int) (f episodeNumbers, ok bool) {
	if folder < 0 || folder == 0 && !seasonAtEnd.MatchString(dirs[0]) {
		return episodeNumbers{}, false
	}
	f.season, f.seasonFrom = season, fromSeason
	bare := groupBox.ReplaceAllString(stem, "")
	if m := episodeInSeason.FindStringSubmatchIndex(bare); m != nil {
		group := 2
		if m[2] < 0 {
			group = 6
		}
		f.first = Number(bare[m[group]:m[group+1]])
		end := m[group+1]
		if m[group+2] >= 0 {
			f.last, end = Number(bare[m[group+2]:m[group+3]]), m[group+3]
		}
		f.rest = versionTag.ReplaceAllString(bare[end:], "")
		if group == 2 {
			f.prefix = bare[:m[2]]
			f.prefix = episodeNoun.ReplaceAllString(f.prefix, "")
		}
	} else if m := numberNamed.FindStringSubmatch(bare); m != nil {
		f.prefix, f.first, f.rest = m[1], Number(m[2]), m[3]
	} else if m := numberAtEnd.FindStringSubmatch(bare); m != nil && !plausibleYear(Number(m[2])) {
		f.prefix, f.first, f.last, f.rest = m[1], Number(m[2]), Number(m[3]), m[4]
	} else {
		return episodeNumbers{}, false
	}
	if season > 0 && f.first/100 == season && f.first%100 > 0 && f.first >= 101 {
		f.first %= 100
		if f.last/100 == season {
			f.last %= 100
		}
	}
	return f, true
}

var (
	halfEpisode = regexp.MustCompile(`[ _]\d{1,4}\.\d(?:$|[^0-9])`) // "05.5": one between two
	versionTag  = regexp.MustCompile(`^v\d`)
	episodeNoun = regexp.MustCompile(`(?i)(?:episode|épisode|episodio|folge|aflevering|avsnitt|afsnit|chapter|capitulo|ep|e)[ ._-]*$`)
)

// bySpecial finds the number of a special where a release group or folder marks episodes.
func bySpecial(dirs []string, stem string, _, _ int) (f episodeNumbers, ok bool) {
	m := special.FindStringSubmatchIndex(stem)
	if m == nil || !groupBox.MatchString(stem) && !beneath(dirs, stem[:m[0]]) {
		return episodeNumbers{}, false
	}
	return episodeNumbers{
		first: Number(stem[m[2]:m[3]]), seasonFrom: fromFile, prefix: stem[:m[0]], rest: stem[m[3]:],
	}, true
}

// byAbsolute finds a number counted from the beginning of a series, after the name of a release group or of the folder.
func byAbsolute(dirs []string, stem string, _, _ int) (f episodeNumbers, ok bool) {
	group := groupBox.MatchString(stem)
	bare := groupBox.ReplaceAllString(stem, "")
	digits := ""
	if m := numberNamed.FindStringSubmatch(bare); m != nil {
		f.prefix, digits, f.first, f.rest = m[1], m[2], Number(m[2]), m[3]
	} else if m := numberAtEnd.FindStringSubmatch(bare); m != nil {
		f.prefix, digits, f.first, f.last, f.rest = m[1], m[2], Number(m[2]), Number(m[3]), m[4]
	} else {
		return episodeNumbers{}, false
	}
	own := parseRelease(f.prefix)
	if own.title == "" || own.tagged || plausibleYear(f.first) && len(digits) == 4 || halfEpisode.MatchString(bare) {
		return episodeNumbers{}, false
	}
	if group && len(digits) == 1 && !strings.Contains(bare[len(f.prefix):], "-") {
		return episodeNumbers{}, false
	}
	if !group && episodeAlone.MatchString(bare) {
		return episodeNumbers{}, false // left to byWord
	}
	// Without a group, "Rocky 2" is a film: two digits are needed, and a folder of that name.
	if !group && (len(digits) < 2 || !beneath(dirs, f.prefix) || parseRelease(dirs[len(dirs)-1]).year > 0 &&
		len(digits) < 3) {
		return episodeNumbers{}, false
	}
	f.season, f.absolute = 1, true
	// "Title S2 - 05": counted from the season's beginning
	if m := seasonInName.FindStringSubmatchIndex(f.prefix); m != nil {
		g := 2
		if m[2] < 0 {
			g = 4
		}
		f.season, f.seasonFrom, f.absolute = Number(f.prefix[m[g]:m[g+1]]), fromFile, false
		f.prefix = f.prefix[:m[0]]
	}
	return f, true
}

// byWord finds an episode without a season, which is then the only one. A film may be named "Episode 4": then it has a
// year.
func byWord(dirs []string, stem string, _, _ int) (f episodeNumbers, ok bool) {
	m := episodeAlone.FindStringSubmatchIndex(stem)
	if m == nil || yearTag.MatchString(stem) {
		return episodeNumbers{}, false
	}
	f.season = 1
	f.prefix = stem[:m[0]]
	for _, g := range []int{2, 6, 8} {
		if m[g] >= 0 {
			f.first, f.rest = Number(stem[m[g]:m[g+1]]), stem[m[1]:]
		}
	}
	if m[4] >= 0 {
		f.last = Number(stem[m[4]:m[5]])
	}
	return f, parseRelease(f.prefix).title != "" || len(dirs) > 0 && !isGenericFolder(dirs[len(dirs)-1])
}

// beneath reports whether the folder around a file has the name that the file name begins with.
func beneath(dirs []string, prefix string) bool {
	if len(dirs) == 0 {
		return false
	}
	around := dirs[len(dirs)-1]
	return !isGenericFolder(around) && Related(parseRelease(prefix).title, parseRelease(around).title)
}

// series finds the name of the series: the folder above the season folder, or the folder around the file when it has
// the same name as the text before the number, or that text.
func (id *Identity) series(dirs []string, folder int, prefix string) {
	own := parseRelease(prefix)
	var around release
	from, home := fromSeries, 0
	switch {
	case folder >= 0 && seasonAtEnd.MatchString(dirs[folder]) && !seasonFolder.MatchString(dirs[folder]):
		around, home = parseRelease(seasonAtEnd.FindStringSubmatch(dirs[folder])[1]), folder+1
		if folder > 0 && Related(around.title, parseRelease(dirs[folder-1]).title) {
			around, home = parseRelease(dirs[folder-1]), folder
		}
	case folder > 0:
		around, home = parseRelease(dirs[folder-1]), folder
	case folder < 0 && len(dirs) > 0:
		from, home = fromFolder, len(dirs)
		if len(dirs) > 1 && yearFolder.MatchString(dirs[len(dirs)-1]) && (own.title == "" ||
			Related(own.title, parseRelease(dirs[len(dirs)-2]).title)) {
			home = len(dirs) - 1 // a series kept by years
		}
		name := dirs[home-1]
		if m := seasonMark.FindStringIndex(name); m != nil && m[0] > 0 {
			name = name[:m[0]]
		}
		around = parseRelease(name)
		if own.title != "" && !Related(own.title, around.title) {
			around = release{}
		}
	}
	if home > 0 && isGenericFolder(dirs[home-1]) {
		around = release{}
	}
	if around.title == "" {
		around, from, home = own, fromFile, 0
	}
	id.Title, id.Year, id.FolderDepth = around.title, around.year, home
	if id.Year == 0 && own.year > 0 && Related(own.title, around.title) {
		id.Year, id.Evidence["year"] = own.year, fromFile
	} else {
		setEvidence(id, "year", id.Year, from)
	}
	setEvidence(id, "title", id.Title, from)
	id.take(release{ids: around.ids}, from)
	id.take(release{ids: own.ids}, fromFile)
}

// HasEpisodeCode reports whether text holds a code such as S01E02.
func HasEpisodeCode(text string) bool { return episodeCode.MatchString(text) }

// SeasonFolder returns the number and the index in dirs of the season folder nearest to the file. The index is -1 when
// there is none.
func SeasonFolder(dirs []string) (season, place int) {
	for i := len(dirs) - 1; i >= 0 && i >= len(dirs)-2; i-- {
		if m := seasonFolder.FindStringSubmatch(dirs[i]); m != nil {
			return Number(m[1] + m[2] + m[3] + m[4]), i
		}
		if specialsFolder.MatchString(dirs[i]) {
			return 0, i
		}
		if m := seasonAtEnd.FindStringSubmatch(dirs[i]); m != nil && !strings.HasSuffix(m[1], "-") {
			return Number(m[2]), i
		}
	}
	return 0, -1
}
