package metadata

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/media"
)

// tagFacts returns the facts in the tags of a file about the work that its path names. Programs write unrelated text
// into tags, so a title counts only when the path has it in other words, or has next to nothing. It is nil when there
// are none.
func tagFacts(p media.Probe, path naming.Identity) *library.Facts {
	if len(p.Tags) == 0 || path.Kind != library.Movie && path.Kind != library.Episode {
		return nil
	}
	f := library.Facts{
		Overview: tagText(cmp.Or(p.Tags["synopsis"], p.Tags["description"], p.Tags["summary"])),
		Genres:   tagList(p.Tags["genre"]),
	}
	title := tagTitle(p.Tags["title"])
	if path.Kind == library.Episode {
		if title != "" && !naming.Related(title, path.Title) && !naming.HasEpisodeCode(title) &&
			(path.EpisodeName == "" || naming.Related(title, path.EpisodeName)) {
			f.Name = title
		}
		f.Released = tagDay(p.Tags["date"])
	} else {
		if title != "" && path.Part == 0 && (naming.Related(title, path.Title) && !longer(title, path.Title) ||
			path.Sure == library.SureLittle && path.Year == 0) {
			f.Name = title
		}
		if day := tagDay(cmp.Or(p.Tags["date_released"], p.Tags["date"])); day != "" && (path.Year == 0 ||
			path.Year == naming.Number(day[:4])) {
			f.Year = naming.Number(day[:4])
			if len(day) > 4 {
				f.Released = day
			}
		}
		f.IDs = tagIDs(p.Tags)
		for kind, names := range map[library.CreditKind]string{
			library.Actor: p.Tags["actor"], library.Director: p.Tags["director"],
		} {
			for _, name := range tagList(names) {
				f.Credits = append(f.Credits, library.Credit{Name: name, Kind: kind})
			}
		}
		slices.SortStableFunc(f.Credits, func(a, b library.Credit) int {
			return strings.Compare(string(a.Kind), string(b.Kind))
		})
	}
	if len(f.Released) == 4 {
		f.Released = ""
	}
	// Films of the iTunes Store: "us-tv|TV-14|500|".
	if parts := strings.Split(p.Tags["itunextc"], "|"); len(parts) > 1 {
		if age, ok := library.AgeOf(parts[1]); ok {
			f.Certification, f.Age = parts[1], &age
		}
	}
	if f.Empty() {
		return nil
	}
	return &f
}

// notTitle matches words that programs write into title tags.
var notTitle = regexp.MustCompile(`(?i)\b(?:ripped|rip|encoded|encode|uploaded|handbrake|makemkv|untitled|video ?\d*|title ?\d+|track ?\d+|chapter ?\d+|disc ?\d+|dvd ?\w*)\b|://|\bwww\.|\.(?:com|net|org|info|to|mkv|mp4|avi|m4v|mov)\b`)

// tagTitle returns a tag that may be a title, or "".
func tagTitle(text string) string {
	title := naming.Display(strings.Join(strings.Fields(text), " "))
	if title == "" || len(title) > 200 || notTitle.MatchString(title) || naming.Meaningless(title) {
		return ""
	}
	if naming.IsReleaseName(title) || !strings.Contains(title, " ") && strings.ContainsAny(title, "._") {
		return "" // the name of a release
	}
	return title
}

// longer reports whether a tag has more words than the title: "Heat" is not a worse name than "Heat for my friends".
func longer(tag, title string) bool { return len(naming.Fold(tag)) > len(naming.Fold(title)) }

// tagText returns a tag that is worth showing, or "".
func tagText(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < 20 || len(text) > 10_000 || strings.Contains(text, "://") || !strings.Contains(text, " ") {
		return ""
	}
	return text
}

var tagParts = regexp.MustCompile(`\s*[,;|]\s*|\s+/\s+`)

// tagList splits a tag that holds several words.
func tagList(text string) []string {
	var out []string
	for _, word := range tagParts.Split(strings.TrimSpace(text), 50) {
		switch strings.ToLower(word) {
		case "", "other", "unknown", "none", "movie", "movies", "film", "video":
			continue
		}
		if len(word) <= 80 && strings.ContainsFunc(word, func(r rune) bool { return r > '9' }) &&
			!slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

// tagDay returns YYYY-MM-DD, or YYYY when there is no more, or "".
func tagDay(text string) string {
	if len(text) < 4 {
		return ""
	}
	if !naming.IsYear(text[:4]) {
		return ""
	}
	if len(text) >= 10 {
		if _, err := time.Parse(time.DateOnly, text[:10]); err == nil {
			return text[:10]
		}
	}
	return text[:4]
}

var (
	tagIMDB = regexp.MustCompile(`^tt\d{5,10}$`)
	tagTMDB = regexp.MustCompile(`^(?:movie/)?(\d{1,10})$`)
)

// tagIDs returns the external IDs of a film.
func tagIDs(tags map[string]string) map[string]string {
	out := make(map[string]string)
	if v := strings.ToLower(strings.TrimSpace(tags["imdb"])); tagIMDB.MatchString(v) {
		out["imdb"] = v
	}
	if m := tagTMDB.FindStringSubmatch(strings.TrimSpace(tags["tmdb"])); m != nil {
		out["tmdb"] = m[1]
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// addTags records the description in the tags of a file. A file without tags withdraws an earlier one.
func (b *importBatch) addTags(f library.File, r examinedFile, isNew bool) {
	facts := tagFacts(r.Probe, r.Identity)
	if f.Title == "" || facts == nil && (isNew || b.created[f.Title]) {
		return
	}
	d := library.Description{Title: f.Title, Source: library.FromTags}
	if facts != nil {
		d.Facts, d.Revision = *facts, r.Fingerprint
	}
	b.descriptions[f.Title] = slices.DeleteFunc(b.descriptions[f.Title], func(d library.Description) bool {
		return d.Source == library.FromTags
	})
	b.descriptions[f.Title] = append(b.descriptions[f.Title], d)
}
