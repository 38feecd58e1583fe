package library

import (
	"regexp"
	"strconv"
	"strings"
)

// AgeOf returns the age in years that a certification stands for: "PG-13" → 13, "FSK 16" → 16, "DE:12" → 12, "12A" →
// 12. A country may precede it, and Kodi writes several side by side ("US:R / DE:16"): the strictest counts. ok is
// false without an age ("Not Rated") and for an unknown board.
func AgeOf(certification string) (age int, ok bool) {
	for _, part := range certificationParts.Split(certification, -1) {
		if a, known := ageOf(part); known {
			age, ok = max(age, a), true
		}
	}
	return age, ok
}

// certificationParts separates the certifications of several countries. A bare slash may belong to one: "0/Y".
var certificationParts = regexp.MustCompile(`\s+/\s+|[|;]`)

var (
	ratedFor = regexp.MustCompile(`(?i)^(?:rated|certificate|certification)\s+(\S+)(?:\s+for\b.*)?$`)
	years    = regexp.MustCompile(`^(?:age|ages|ab|from|over|under|vm|fsk|pegi|kijkwijzer|bbfc|a|r|k|-)?\s*[-–]?\s*(\d{1,2})\s*(?:\+|a|and over|years|jahre|ans|år|jaar)?$`)
)

// ageOf is AgeOf for one certification.
func ageOf(text string) (age int, ok bool) {
	text = strings.TrimSpace(text)
	country := ""
	if before, after, found := strings.Cut(text, ":"); found {
		country, text = boardCountry(before), strings.TrimSpace(after)
	}
	if m := ratedFor.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if age, ok = boards[country][text]; ok {
		return age, true
	}
	if age, ok = anywhere[text]; ok {
		return age, true
	}
	if m := years.FindStringSubmatch(text); m != nil {
		if age, err := strconv.Atoi(m[1]); err == nil && age <= MaxAge {
			return age, true
		}
	}
	return 0, false
}

// boardCountry returns the ISO 3166 code for the text before the colon: "USA", "de", "Germany", "UK".
func boardCountry(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if code, ok := countryNames[name]; ok {
		return code
	}
	return name
}

var countryNames = map[string]string{
	"usa": "us", "united states": "us", "united states of america": "us",
	"uk": "gb", "united kingdom": "gb", "great britain": "gb", "england": "gb",
	"germany": "de", "deutschland": "de", "france": "fr", "netherlands": "nl", "nederland": "nl",
	"spain": "es", "españa": "es", "italy": "it", "italia": "it", "australia": "au", "canada": "ca", "brazil": "br",
	"brasil": "br",
	"sweden": "se", "sverige": "se", "japan": "jp", "ireland": "ie", "portugal": "pt", "denmark": "dk", "norway": "no",
	"finland":     "fi",
	"new zealand": "nz", "india": "in",
}

// anywhere holds certifications with (nearly) the same meaning in every country, and those of the United States, which
// are mostly written without a country. A board that addresses parents instead of giving an age is taken at the age its
// own words name: PG of the BBFC is "should not unsettle a child aged around eight or older".
var anywhere = map[string]int{
	"g": 0, "pg": 8, "pg-13": 13, "pg13": 13, "r": 17, "nc-17": 18, "nc17": 18, "x": 18, "xxx": 18,
	"tv-y": 0, "tv-y7": 7, "tv-y7-fv": 7, "tv-g": 0, "tv-pg": 8, "tv-14": 14, "tv-ma": 17,
	"u": 0, "uc": 0, "all": 0, "al": 0, "tp": 0, "t": 0, "l": 0, "e": 0, "apta": 0, "general": 0, "btl": 0,
	"12a": 12, "14a": 14, "18a": 18, "r18": 18, "m": 15, "ma15+": 15, "ma 15+": 15, "ma": 15, "r18+": 18, "r 18+": 18,
	"x18+":  18,
	"fsk 0": 0, "o.al.": 0, "ohne altersbeschränkung": 0, "keine jugendfreigabe": 18,
	"vm14": 14, "vm18": 18, "pg12": 12, "pg-12": 12, "r15+": 15, "tous publics": 0, "alle leeftijden": 0,
}

// boards holds certifications with another meaning in their own country.
var boards = map[string]map[string]int{
	"us": {"m": 13, "gp": 8, "approved": 0, "passed": 0},
	"gb": {"a": 8, "aa": 14, "x": 18, "uc": 0},
	"de": {"o": 0, "bpjm": 18},
	"fr": {"u": 0, "x": 18},
	"es": {"a": 0, "ai": 0, "x": 18},
	"it": {"t": 0, "bia": 6},
	"au": {"p": 0, "c": 5, "g": 0, "pg": 8, "m": 15},
	"ca": {"c": 0, "c8": 8, "g": 0, "pg": 8, "r": 18, "a": 18, "e": 0},
	"br": {"l": 0},
	"jp": {"g": 0},
	"nz": {"m": 16, "r13": 13, "r15": 15, "r16": 16, "r18": 18, "rp13": 13, "rp16": 16, "rp18": 18},
	"ie": {"g": 0, "pg": 8},
	"dk": {"a": 0},
	"no": {"a": 0},
	"fi": {"s": 0},
	"in": {"u": 0, "ua": 12, "u/a": 12, "u/a 7+": 7, "u/a 13+": 13, "u/a 16+": 16, "a": 18},
	"pt": {"m/3": 3, "m/6": 6, "m/12": 12, "m/14": 14, "m/16": 16, "m/18": 18},
}
