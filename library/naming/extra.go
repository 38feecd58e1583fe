package naming

import (
	"regexp"
	"strings"
)

// extraFolders maps folded folder names to the kind of extra in them.
var extraFolders = map[string]ExtraKind{
	"trailers": Trailer, "trailer": Trailer, "teasers": Trailer,
	"behind the scenes": BehindTheScenes, "behindthescenes": BehindTheScenes, "making of": BehindTheScenes,
	"deleted scenes": DeletedScene, "deletedscenes": DeletedScene, "deleted": DeletedScene, "outtakes": DeletedScene,
	"featurettes": Featurette, "featurette": Featurette, "interviews": Interview, "interview": Interview,
	"scenes": Scene, "clips": Scene, "shorts": Short,
	"extras": OtherExtra, "extra": OtherExtra, "bonus": OtherExtra, "bonus features": OtherExtra,
	"special features": OtherExtra, "other": OtherExtra, "others": OtherExtra,
	"theme music": OtherExtra, "backdrops": OtherExtra,
}

var (
	extraSuffix = regexp.MustCompile(`(?i)^(.*?)(?:-|[._ ]+-?[ ]?)(trailer|teaser|behindthescenes|deletedscene|deleted|featurette|interview|scene|short|clip|other|extra|bonus)[ ._-]?(\d{0,2})$`)
	extraAlone  = regexp.MustCompile(`(?i)^(trailer|teaser)[ ._-]?\d{0,2}$`)
	// Openings and endings without credits, menus and the like of anime.
	extraAnime = regexp.MustCompile(`(?i)(?:^|[ ._\]-])(nc[ ._-]?(?:op|ed)|creditless[ ._-](?:opening|ending)|menu|pv|cm)[ ._-]?(\d{0,2}[a-z]?)(?:v\d)?(?:[ ._\[(-]|$)`)
)

var extraSuffixes = map[string]ExtraKind{
	"trailer": Trailer, "teaser": Trailer, "behindthescenes": BehindTheScenes, "deleted": DeletedScene,
	"deletedscene": DeletedScene,
	"featurette":   Featurette, "interview": Interview, "scene": Scene, "clip": Scene, "short": Short,
	"other": OtherExtra, "extra": OtherExtra, "bonus": OtherExtra,
}

// extra parses dirs and stem as an extra of the film or series around it; ok is false when neither marks it as one. A
// folder of extras at the top of the library has no owner, and counts as an ordinary folder.
func extra(dirs []string, stem string) (id Identity, ok bool) {
	id = Identity{Kind: Extra, Evidence: make(map[string]string)}
	for i := len(dirs) - 1; i > 0 && i >= len(dirs)-2; i-- {
		kind, known := extraFolders[Fold(dirs[i])]
		if !known || isGenericFolder(dirs[i-1]) {
			continue
		}
		id.Extra, id.Evidence["extra"] = kind, fromExtras
		if m := extraSuffix.FindStringSubmatch(stem); m != nil && kind == OtherExtra &&
			strings.HasSuffix(stem[:len(stem)-len(m[3])], "-"+m[2]) {
			id.Extra, id.Evidence["extra"] = extraSuffixes[strings.ToLower(m[2])], fromFile
			stem = m[1]
		}
		id.ExtraName = orUntitled(parseRelease(stem).title, stem)
		id.Evidence["extraName"] = fromFile
		for i > 1 && extraFolders[Fold(dirs[i-1])] != "" {
			i--
		}
		id.setSeries(dirs[:i], "")
		return id, true
	}
	if m := extraAlone.FindStringSubmatch(stem); m != nil && len(dirs) > 0 && !isGenericFolder(dirs[len(dirs)-1]) {
		id.Extra, id.Evidence["extra"] = Trailer, fromFile
		id.setSeries(dirs, "")
		return id, true
	}
	if m := extraSuffix.FindStringSubmatch(stem); m != nil && suffixCounts(stem, m) {
		id.Extra, id.Evidence["extra"] = extraSuffixes[strings.ToLower(m[2])], fromFile
		id.setSeries(dirs, m[1])
		return id, true
	}
	if m := extraAnime.FindStringSubmatch(stem); m != nil && groupBox.MatchString(stem) {
		id.Extra, id.Evidence["extra"] = OtherExtra, fromFile
		id.ExtraName, id.Evidence["extraName"] = strings.ToUpper(strings.TrimSpace(m[1]+" "+m[2])), fromFile
		i := extraAnime.FindStringIndex(stem)
		id.setSeries(dirs, stem[:i[0]])
		return id, true
	}
	return Identity{}, false
}

// suffixCounts reports whether the word at the end marks an extra. After a hyphen without spaces it does; a trailer also
// after a dash, after a dot or underline in small letters, and after a space when a year precedes it, because films are
// named "The Trailer".
func suffixCounts(stem string, m []string) bool {
	if m[1] == "" {
		return false
	}
	if strings.HasSuffix(strings.TrimRight(stem, "0123456789"), "-"+m[2]) && !strings.HasSuffix(m[1], " ") {
		return m[2] != strings.ToUpper(m[2]) || !endsTechnically(m[1])
	}
	word := strings.ToLower(m[2])
	if word != "trailer" && word != "teaser" || isArticle(m[1]) {
		return false
	}
	between := strings.TrimSuffix(strings.TrimPrefix(stem, m[1]), m[2]+m[3])
	glued := m[2] == word && strings.Trim(between, "._") == ""
	return glued || strings.Contains(between, "-") || parseRelease(m[1]).year > 0
}

// endsTechnically reports whether a text ends with a technical word: what follows is the name of a group, "x264-SCENE".
func endsTechnically(text string) bool {
	words := split(text)
	return len(words) > 0 && releaseTags.MatchString(words[len(words)-1])
}

// setSeries sets the owner of the extra: the film or series whose folder is the last of dirs, or the film or episode
// whose name prefix is.
func (id *Identity) setSeries(dirs []string, prefix string) {
	if season, place := SeasonFolder(dirs); place >= 0 && place == len(dirs)-1 {
		id.Season, id.Evidence["season"] = season, fromSeason
		if place > 0 {
			id.setOwner(parseRelease(dirs[place-1]), fromSeries, place)
			return
		}
	}
	own := parseRelease(stripListNumber(prefix))
	if len(dirs) > 0 {
		around := parseRelease(stripListNumber(dirs[len(dirs)-1]))
		ofAnother := own.year > 0 && around.year > 0 && own.year != around.year
		if !isGenericFolder(dirs[len(dirs)-1]) && !ofAnother && (prefix == "" || Related(own.title, around.title) ||
			around.year > 0 && own.year == 0) {
			id.setOwner(around, fromFolder, len(dirs))
			if prefix != "" && !Related(own.title, around.title) {
				id.ExtraName, id.Evidence["extraName"] = own.title, fromFile
			}
			return
		}
	}
	id.setOwner(own, fromFile, 0)
}

func (id *Identity) setOwner(c release, from string, home int) {
	id.Title, id.Year, id.FolderDepth = c.title, c.year, home
	setEvidence(id, "title", id.Title, from)
	setEvidence(id, "year", id.Year, from)
	id.take(release{ids: c.ids}, from)
}
