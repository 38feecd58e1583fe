package naming

import (
	"path"
	"strings"
)

// subtitleFormats are the file extensions of subtitles.
const subtitleFormats = " srt ass ssa vtt sub idx sup "

// SubtitleName is the parsed name of a subtitle file.
type SubtitleName struct {
	Format   string // its extension: "srt"
	Language string // BCP 47; "" = not in the name
	Title    string // other words of the name: "Commentary"
	Forced   bool   // only dialogue in a foreign language
	SDH      bool   // with descriptions of sounds
	Default  bool   // shown by default
}

// IsSubtitle reports whether a file of that name holds subtitles.
func IsSubtitle(name string) bool { return subtitleFormat(name) != "" }

func subtitleFormat(name string) string {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if ext == "" || !strings.Contains(subtitleFormats, " "+ext+" ") {
		return ""
	}
	return ext
}

// SubtitleOf parses the name of a subtitle file beside a film with the file name film. ok is false when it does not
// belong to that film: it must begin with the film's whole name, and further words follow a separator.
func SubtitleOf(name, film string) (s SubtitleName, ok bool) {
	if s.Format = subtitleFormat(name); s.Format == "" {
		return s, false
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	film = strings.TrimSuffix(film, path.Ext(film))
	if len(stem) < len(film) || !strings.EqualFold(stem[:len(film)], film) {
		return SubtitleName{}, false
	}
	rest := stem[len(film):]
	if rest == "" {
		return s, true
	}
	if !strings.ContainsAny(rest[:1], "._- [(") {
		return SubtitleName{}, false
	}
	var title []string
	for _, w := range subtitleWords(rest) {
		if !s.take(w) {
			title = append(title, w)
		}
	}
	s.Title = strings.Join(title, " ")
	return s, true
}

// ParseSubtitle parses the name of a subtitle file without knowing the film: it returns the words about subtitles at
// its end, and the stem before them.
func ParseSubtitle(name string) (stem string, s SubtitleName) {
	s.Format = subtitleFormat(name)
	stem = strings.TrimSuffix(name, path.Ext(name))
	for {
		i := strings.LastIndexAny(stem, ".[(")
		if i <= 0 || !s.take(strings.Trim(stem[i:], ".[]() ")) {
			return stem, s
		}
		stem = strings.TrimRight(stem[:i], " ")
	}
}

// take applies one word; ok is false when the word is not about subtitles, or is known already.
func (s *SubtitleName) take(word string) (ok bool) {
	switch strings.ToLower(word) {
	case "forced", "foreign":
		ok, s.Forced = !s.Forced, true
		return ok
	case "sdh", "cc", "hoh", "hearingimpaired":
		ok, s.SDH = !s.SDH, true
		return ok
	case "default":
		ok, s.Default = !s.Default, true
		return ok
	}
	if strings.EqualFold(word, "hi") && s.Language != "" { // Hindi when nothing else is, else hearing impaired
		ok, s.SDH = !s.SDH, true
		return ok
	}
	tag, known := languageOf(word)
	if !known {
		return false
	}
	if s.Language == "hi" && strings.EqualFold(word, "hi") {
		return false
	}
	if s.Language == "hi" { // "en.hi": read from the end, so the word before decides what "hi" means
		s.Language, s.SDH = tag, true
		return true
	}
	if s.Language != "" {
		return false
	}
	s.Language = tag
	return true
}

// subtitleWords splits the text after the film's name. An underscore separates words too, but not in "pt_BR".
func subtitleWords(rest string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(".[]() ", r) }) {
		w = strings.Trim(w, "_-")
		if _, ok := languageOf(w); ok {
			words = append(words, w)
			continue
		}
		words = append(words, strings.FieldsFunc(w, func(r rune) bool { return r == '_' })...)
	}
	return words
}
