package naming

import (
	"regexp"
	"strings"
)

// seasonWords are the words for a season.
const seasonWords = `season|series|staffel|saison|temporada|stagione|seizoen|säsong|sæson|sesong|sezon|сезон`

// volumeWords are the words for a part of a season.
const volumeWords = `part|pt|vol(?:ume)?|cour|disc|disk|dvd|cd|d`

var (
	seasonFolder   = regexp.MustCompile(`(?i)^(?:(?:` + seasonWords + `|book|s)[ ._-]*(\d{1,4})|(\d{1,2})\.?[ ._-]?(?:staffel|season|sezon|сезон|évad|série)|(\d{1,2})(?:st|nd|rd|th)[ ._-]season|第(\d{1,2})[季期])(?:[ ._-]*[(\[]?(` + volumeWords + `)[ ._-]?(\d{1,2})[)\]]?)?(?:$|[ ._]*[(\[].*$|[ ._]+-[ ._]+.*$)`)
	specialsFolder = regexp.MustCompile(`(?i)^(?:specials?|extras? episodes|ovas?|oads?|onas?|sp|season[ ._-]*0+|s0+)$`)
	seasonAtEnd    = regexp.MustCompile(`(?i)^(.*[^ (\[])[ ._-]+[(\[]?(?:season|staffel|saison|temporada|stagione|seizoen|säsong|sæson|sesong|sezon|сезон|s)[ ._-]?(\d{1,4})[)\]]?(?:[ ._-]*[(\[]?(` + volumeWords + `)[ ._-]?(\d{1,2})[)\]]?)?(?:$|[ ._\[(-].*$)`)
	seasonInWords  = regexp.MustCompile(`(?i)^(?:season|series|book)[ ._-]+([a-z]+)$`)
	seasonMark     = regexp.MustCompile(`(?i)(?:^|[ ._(\[-])(?:s\d{1,4}(?:-?e\d.*|-s?\d{1,4})?|(?:season|staffel|saison|temporada|stagione)s?[ ._-]*\d{1,4}(?:[ ._]*-[ ._]*\d{1,4})?|\d(?:st|nd|rd|th)[ ._]season|complete)(?:$|[ ._)\]-])`)
	seasonInName   = regexp.MustCompile(`(?i)[ ._-]+[(\[]?(?:s|(?:season|staffel|saison|temporada|stagione|seizoen)[ ._])(\d{1,2})[)\]]?$|[ ._-]+(\d)(?:st|nd|rd|th)[ ._]season$`)
)

// SeasonFolder returns the number and the index in dirs of the season folder nearest to the file. The index is -1 when
// there is none.
func SeasonFolder(dirs []string) (season, place int) {
	season, place, _ = seasonOf(dirs)
	return season, place
}

// seasonOf is SeasonFolder with the part of the season that the folder holds, "" for all of it or the first: its numbers
// may begin again.
func seasonOf(dirs []string) (season, place int, volume string) {
	for i := len(dirs) - 1; i >= 0 && i >= len(dirs)-2; i-- {
		if specialsFolder.MatchString(dirs[i]) {
			return 0, i, ""
		}
		if !hasDigit(dirs[i]) {
			if m := seasonInWords.FindStringSubmatch(dirs[i]); m != nil && countWord(m[1]) > 0 {
				return countWord(m[1]), i, ""
			}
			continue
		}
		if m := seasonFolder.FindStringSubmatch(dirs[i]); m != nil {
			season, place, volume = Number(m[1]+m[2]+m[3]+m[4]), i, volumeName(m[5], m[6])
		} else if _, season, volume = cutSeason(dirs[i]); season >= 0 {
			place = i
		} else {
			continue
		}
		if m := discCount.FindStringSubmatch(dirs[len(dirs)-1]); m != nil && i < len(dirs)-1 {
			volume = volumeName("disc", m[1])
		}
		return season, place, volume
	}
	return 0, -1, ""
}

// volumeName returns the name of a part of a season behind the first.
func volumeName(word, number string) string {
	n := Number(number)
	if n < 2 {
		return ""
	}
	if word = strings.ToLower(word); word != "part" && word != "pt" && word != "cour" && !strings.HasPrefix(word, "vol") {
		return "Disc " + number
	}
	return "Part " + number
}

// cutSeason separates a folder's name from the season at its end; season is -1 when there is none.
func cutSeason(dir string) (title string, season int, volume string) {
	m := seasonAtEnd.FindStringSubmatch(dir)
	if m == nil {
		return dir, -1, ""
	}
	return strings.TrimRight(m[1], " ._-–"), Number(m[2]), volumeName(m[3], m[4])
}

// isSeasonAtEnd reports whether a folder's name is that of a series with a season behind it.
func isSeasonAtEnd(dir string) bool {
	if !hasDigit(dir) || seasonFolder.MatchString(dir) {
		return false
	}
	title, season, _ := cutSeason(dir)
	return season >= 0 && title != ""
}

// isYear reports whether a folder's name is a year.
func isYear(dir string) bool {
	return len(dir) == 4 && digitsAt(dir, 0) == 4 && (dir[:2] == "19" || dir[:2] == "20")
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }
