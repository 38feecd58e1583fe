package metadata

import (
	"path/filepath"
	"slices"
	"strings"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// chooseSubtitles assigns the subtitle files of a walked folder to films. They are beside the film and begin with its
// name, the longest match of several; or in a folder "Subs" beside it, which may have a folder of the film's name.
func chooseSubtitles(films []library.DescribedFile, walked library.WalkedFolder) map[id.File][]library.Subtitle {
	byStem := make(map[string]map[string]library.DescribedFile) // folder → name without extension, in lower case → film
	for _, f := range films {
		dir := filepath.Dir(f.Path)
		if byStem[dir] == nil {
			byStem[dir] = make(map[string]library.DescribedFile)
		}
		stem, _ := library.SplitName(strings.ToLower(filepath.Base(f.Path)))
		byStem[dir][stem] = f
	}
	out := make(map[id.File][]library.Subtitle)
	for dir, files := range walked.Sidecars {
		for _, f := range files {
			if !naming.IsSubtitle(f.Name) {
				continue
			}
			film, name, ok := subtitleFilm(byStem, dir, f.Name)
			if !ok || name.Format == "sub" && hasIndex(files, f.Name) {
				continue
			}
			out[film.File] = append(out[film.File], library.Subtitle{
				Path: filepath.Join(dir, f.Name), Revision: f.Revision, Format: name.Format,
				Language: name.Language, Title: name.Title, Forced: name.Forced, SDH: name.SDH, Default: name.Default,
			})
		}
	}
	for _, subtitles := range out {
		slices.SortFunc(subtitles, func(a, b library.Subtitle) int { return strings.Compare(a.Path, b.Path) })
	}
	return out
}

// subtitleFilm finds the film of a subtitle file in dir, and parses its name.
func subtitleFilm(
	byStem map[string]map[string]library.DescribedFile, dir, file string,
) (film library.DescribedFile, name naming.SubtitleName, ok bool) {
	if film, ok = filmByName(byStem[dir], file); ok {
		name, ok = naming.SubtitleOf(file, filepath.Base(film.Path))
		return film, name, ok
	}
	above := filepath.Dir(dir)
	around := byStem[above]
	switch {
	case !subtitleFolder(filepath.Base(dir)):
		if !subtitleFolder(filepath.Base(above)) {
			return library.DescribedFile{}, naming.SubtitleName{}, false
		}
		film, ok = byStem[filepath.Dir(above)][strings.ToLower(filepath.Base(dir))]
	case len(around) == 1:
		for _, film = range around {
			ok = true
		}
	default:
		if film, ok = filmByName(around, file); ok {
			name, ok = naming.SubtitleOf(file, filepath.Base(film.Path))
		}
		return film, name, ok
	}
	_, name = naming.ParseSubtitle(numberless(file))
	return film, name, ok
}

// filmByName finds the film with the longest name that a subtitle's name begins with, among films by their names.
func filmByName(films map[string]library.DescribedFile, file string) (film library.DescribedFile, ok bool) {
	stem, _ := library.SplitName(file)
	for cut := strings.ToLower(stem); len(films) > 0 && cut != ""; {
		if film, ok = films[cut]; ok {
			return film, true
		}
		i := strings.LastIndexAny(cut, "._- [(")
		if i < 0 {
			break
		}
		cut = cut[:i]
	}
	return library.DescribedFile{}, false
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
func hasIndex(files []library.Sidecar, sub string) bool {
	stem, _ := library.SplitName(sub)
	return slices.ContainsFunc(files, func(f library.Sidecar) bool { return strings.EqualFold(f.Name, stem+".idx") })
}
