package library

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"movify/library/naming"
)

// Merge combines the facts of several sources. For each field the strongest source that has it wins, lists as a whole;
// IDs, ratings and names in other languages are united. evidence maps the JSON name of every resulting field to its
// source, the strongest of several.
func Merge(by map[Source]Facts) (merged Facts, evidence map[string]Source) {
	evidence = make(map[string]Source)
	m := merger{evidence: evidence}
	for _, m.source = range Sources() {
		f, ok := by[m.source]
		if !ok {
			continue
		}
		value(m, "name", &merged.Name, f.Name)
		value(m, "originalName", &merged.OriginalName, f.OriginalName)
		value(m, "sortName", &merged.SortName, f.SortName)
		value(m, "seriesName", &merged.SeriesName, f.SeriesName)
		value(m, "year", &merged.Year, f.Year)
		value(m, "released", &merged.Released, f.Released)
		value(m, "overview", &merged.Overview, f.Overview)
		value(m, "tagline", &merged.Tagline, f.Tagline)
		value(m, "status", &merged.Status, f.Status)
		value(m, "season", &merged.Season, f.Season)
		value(m, "episode", &merged.Episode, f.Episode)
		value(m, "airs", &merged.Airs, f.Airs)
		value(m, "runtimeMs", &merged.RuntimeMS, f.RuntimeMS)
		list(m, "genres", &merged.Genres, f.Genres)
		list(m, "studios", &merged.Studios, f.Studios)
		list(m, "countries", &merged.Countries, f.Countries)
		list(m, "tags", &merged.Tags, f.Tags)
		list(m, "sets", &merged.Sets, f.Sets)
		if len(f.Sets) > 0 { // the overviews of one source are not combined with the sets of another
			delete(evidence, "setOverviews")
			merged.SetOverviews = f.SetOverviews
			if len(f.SetOverviews) > 0 {
				evidence["setOverviews"] = m.source
			}
		}
		list(m, "credits", &merged.Credits, f.Credits)
		list(m, "trailers", &merged.Trailers, f.Trailers)
		united(m, "otherNames", &merged.OtherNames, f.OtherNames, func(n OtherName) string {
			return n.Language + " " + naming.Fold(n.Name)
		})
		united(m, "ratings", &merged.Ratings, f.Ratings, func(r Rating) string { return r.By })
		if len(f.IDs) > 0 {
			all := maps.Clone(f.IDs)
			for by, id := range merged.IDs {
				if all[by] == "" {
					all[by] = id
				}
			}
			merged.IDs, evidence["ids"] = all, m.source
		}
		// The certification of one source is not combined with the age of another.
		if f.Certification != "" || f.Age != nil && (merged.Age == nil || *merged.Age != *f.Age) {
			delete(evidence, "certification")
			merged.Certification = ""
			value(m, "certification", &merged.Certification, f.Certification)
		}
		value(m, "age", &merged.Age, f.Age)
	}
	return merged, evidence
}

// merger carries the source being merged.
type merger struct {
	source   Source
	evidence map[string]Source
}

func value[T comparable](m merger, field string, to *T, from T) {
	var none T
	if from != none {
		*to, m.evidence[field] = from, m.source
	}
}

func list[T any](m merger, field string, to *[]T, from []T) {
	if len(from) > 0 {
		*to, m.evidence[field] = from, m.source
	}
}

// united puts the values of a stronger source before the earlier ones and drops duplicates.
func united[T any](m merger, field string, to *[]T, from []T, key func(T) string) {
	if len(from) == 0 {
		return
	}
	all := slices.Concat(from, *to)
	seen := make(map[string]bool, len(all))
	*to = slices.DeleteFunc(all, func(x T) bool {
		k := key(x)
		again := seen[k]
		seen[k] = true
		return again
	})
	m.evidence[field] = m.source
}

// BestRating returns the rating with the most votes, or the first when no votes are known; its value is in tenths. Both
// are zero when there is none.
func BestRating(all []Rating) (tenths, votes int) {
	if len(all) == 0 {
		return 0, 0
	}
	best := slices.MaxFunc(all, func(a, b Rating) int { return cmp.Compare(a.Votes, b.Votes) })
	return int(math.Round(min(max(best.Value, 0), 10) * 10)), best.Votes
}

// MergeDescriptions returns the facts of all descriptions of one title, merged.
func MergeDescriptions(descriptions []Description) Facts {
	by := make(map[Source]Facts, len(descriptions))
	for _, d := range descriptions {
		by[d.Source] = d.Facts
	}
	facts, _ := Merge(by)
	return facts
}
