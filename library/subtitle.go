package library

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"movify/pkg/media"
)

// Subtitle is one set of subtitles of a file.
type Subtitle struct {
	Path     string // of the subtitle file; "" = an embedded track
	Revision string // of the subtitle file
	Track    int    // index of the embedded stream
	Format   string // "srt", or the codec name of ffmpeg
	Language string // BCP 47; "" = unknown
	Title    string // other words of its name: "Commentary"
	Forced   bool   // only dialogue in a foreign language
	SDH      bool   // with descriptions of sounds, for people who are deaf or hard of hearing
	Default  bool
}

// Embedded reports whether it is a track of the film.
func (s Subtitle) Embedded() bool { return s.Path == "" }

// Name is its label in a list: "English (SDH)", "German (forced) – Commentary".
func (s Subtitle) Name() string {
	name := LanguageName(s.Language)
	if name == "" {
		name = "Unknown language"
	}
	switch {
	case s.Forced && s.SDH:
		name += " (forced, SDH)"
	case s.Forced:
		name += " (forced)"
	case s.SDH:
		name += " (SDH)"
	}
	if s.Title != "" {
		name += " – " + s.Title
	}
	return name
}

// LanguageName returns the English name of a language, by its BCP 47 tag or the code in a file: "pt-BR" → "Brazilian
// Portuguese", "ger" → "German". It is "" for an unknown code.
func LanguageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil || tag == language.Und {
		return ""
	}
	return display.English.Tags().Name(tag)
}

// EmbeddedSubtitles returns the subtitle tracks of a film.
func EmbeddedSubtitles(p media.Probe) []Subtitle {
	var out []Subtitle
	for _, t := range p.Subtitles {
		out = append(out, Subtitle{
			Track: t.Index, Format: t.Codec, Language: tagOf(t.Language), Title: t.Title, Forced: t.Forced,
			SDH: t.HearingImpaired, Default: t.Default,
		})
	}
	return out
}

// tagOf returns the BCP 47 tag of a language code in a file, or "".
func tagOf(code string) string {
	tag, err := language.Parse(strings.TrimSpace(code))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}
