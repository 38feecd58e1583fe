package library

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"movify/library/naming"
	"movify/pkg/id"
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

// SubtitlesOf returns all subtitles of files, external ones first. The files have their probes.
func (s *Service) SubtitlesOf(ctx context.Context, files []File) (map[id.File][]Subtitle, error) {
	ids := make([]id.File, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	out, err := s.o.Store.SubtitlesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		out[f.ID] = append(out[f.ID], embedded(f.Probe)...)
	}
	return out, nil
}

// embedded returns the subtitle tracks of a film.
func embedded(p media.Probe) []Subtitle {
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

// chooseSubtitles assigns the subtitle files of a walked folder to films. They are beside the film and begin with its
// name, the longest match of several; or in a folder "Subs" beside it, which may have a folder of the film's name.
func chooseSubtitles(films []DescribedFile, sc WalkedFolder) map[id.File][]Subtitle {
	byStem := make(map[string]map[string]DescribedFile) // folder → name without extension, in lower case → film
	for _, f := range films {
		dir := filepath.Dir(f.Path)
		if byStem[dir] == nil {
			byStem[dir] = make(map[string]DescribedFile)
		}
		stem, _ := SplitName(strings.ToLower(filepath.Base(f.Path)))
		byStem[dir][stem] = f
	}
	out := make(map[id.File][]Subtitle)
	for dir, files := range sc.Sidecars {
		for _, f := range files {
			if !naming.IsSubtitle(f.Name) {
				continue
			}
			film, name, ok := subtitleFilm(byStem, dir, f.Name)
			if !ok || name.Format == "sub" && hasIndex(files, f.Name) {
				continue
			}
			out[film.File] = append(out[film.File], Subtitle{
				Path: filepath.Join(dir, f.Name), Revision: f.Revision, Format: name.Format,
				Language: name.Language, Title: name.Title, Forced: name.Forced, SDH: name.SDH, Default: name.Default,
			})
		}
	}
	for _, subtitles := range out {
		slices.SortFunc(subtitles, func(a, b Subtitle) int { return strings.Compare(a.Path, b.Path) })
	}
	return out
}

// subtitleFilm finds the film of a subtitle file in dir, and parses its name.
func subtitleFilm(
	byStem map[string]map[string]DescribedFile, dir, file string,
) (film DescribedFile, name naming.SubtitleName, ok bool) {
	stem, _ := SplitName(file)
	if here := byStem[dir]; here != nil {
		for cut := strings.ToLower(stem); cut != ""; {
			if film, ok = here[cut]; ok {
				name, ok = naming.SubtitleOf(file, filepath.Base(film.Path))
				return film, name, ok
			}
			i := strings.LastIndexAny(cut, "._- [(")
			if i < 0 {
				break
			}
			cut = cut[:i]
		}
	}
	above, around := filepath.Dir(dir), byStem[filepath.Dir(dir)]
	if !subtitleFolder(filepath.Base(dir)) {
		if !subtitleFolder(filepath.Base(above)) {
			return DescribedFile{}, naming.SubtitleName{}, false
		}
		film, ok = byStem[filepath.Dir(above)][strings.ToLower(filepath.Base(dir))]
		_, name = naming.ParseSubtitle(numberless(file))
		return film, name, ok
	}
	if len(around) == 1 {
		for _, film = range around {
			_, name = naming.ParseSubtitle(numberless(file))
			return film, name, true
		}
	}
	return subtitleFilm(map[string]map[string]DescribedFile{dir: around}, dir, file)
}

// subtitleFolder reports whether a folder of that name holds subtitles.
func subtitleFolder(name string) bool {
	switch strings.ToLower(name) {
	case "subs", "sub", "subtitles", "subtitle":
		return true
	}
	return false
}

// numberless replaces the number that programs put before the language, "2_English.srt", by a stem.
func numberless(name string) string {
	if rest := strings.TrimLeft(name, "0123456789"); rest != name &&
		strings.ContainsAny(rest[:min(1, len(rest))], "_- ") {
		name = strings.TrimLeft(rest, "_- ")
	}
	return "film." + name
}

// hasIndex reports whether a .sub file has an .idx file beside it, which stands for both.
func hasIndex(files []Sidecar, sub string) bool {
	stem, _ := SplitName(sub)
	return slices.ContainsFunc(files, func(f Sidecar) bool { return strings.EqualFold(f.Name, stem+".idx") })
}
