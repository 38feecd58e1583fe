package facade

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"movify/library/catalogue"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/api"
)

// detail converts a title for its own page, without the ladder of its file.
func (c *catalogueFacade) detail(ctx context.Context, p api.Principal, d catalogue.Detail) (api.TitleDetail, error) {
	// Standings and pictures are read once for all cards of the page.
	shown := slices.Concat([]library.Card{d.Card}, d.Extras, d.More)
	others := len(shown)
	for _, s := range d.Seasons {
		s.Title.Parent = "" // so that the poster of the series does not stand for a season without one
		shown = append(shown, library.Card{Title: s.Title})
	}
	for _, s := range d.Seasons {
		shown = append(shown, s.Episodes...)
	}
	standings, cards, err := c.standingsAndCards(ctx, p, shown)
	if err != nil {
		return api.TitleDetail{}, err
	}
	out := api.TitleDetail{
		TitleCard: cards[0], OriginalName: d.OriginalName, Tagline: d.Tagline, Overview: d.Overview, Status: d.Facts.Status,
		AddedMs: d.AddedMS,
		Genres:  named(d.Genres), Studios: named(d.Studios), Countries: d.Facts.Countries, IDs: d.Facts.IDs,
		Extras: cards[1 : 1+len(d.Extras)], More: cards[1+len(d.Extras) : others],
	}
	for _, m := range d.Cast {
		out.People = append(out.People, api.TitlePerson{ID: string(m.ID), Name: m.Name, Kind: string(m.Kind), Role: m.Role,
			Picture: portrait(m.Picture)})
	}
	for _, r := range d.Facts.Ratings {
		out.Ratings = append(out.Ratings, api.TitleRating{By: r.By, Value: r.Value, Votes: r.Votes})
	}
	for _, x := range d.Collections {
		out.Collections = append(out.Collections, api.TitleCollection{ID: string(x.ID), Kind: string(x.Kind), Name: x.Name})
	}
	if d.Kind == library.Series {
		addSeasons(&out, d.Seasons, cards[others:], standings)
	}
	if p.Admin {
		out.Admin = adminOf(d)
	}
	return out, c.addVersions(ctx, &out, d)
}

// addVersions fills in the files of a title, and subtitles and chapters of its default file.
func (c *catalogueFacade) addVersions(ctx context.Context, out *api.TitleDetail, d catalogue.Detail) error {
	if len(d.Versions) == 0 {
		return nil
	}
	subtitles, err := c.titles.SubtitlesOf(ctx, d.Versions)
	if err != nil {
		return err
	}
	for _, f := range d.Versions {
		v := api.TitleVersion{
			FileID: string(f.ID), Name: versionName(f), Edition: f.Edition, Height: f.Height, Part: f.Part,
			DurationMs: f.DurationMS, Size: f.Size,
			Flags: f.Flags, Damage: string(f.Probe.Damage), State: string(f.State),
			Pinned: f.Pinned, Path: naming.Display(f.Path),
		}
		if v.Flags == nil {
			v.Flags = []string{}
		}
		if f.Part > 0 {
			v.Parts = len(f.PartsWith(d.Versions))
		}
		for _, s := range subtitles[f.ID] {
			v.Subtitles = append(v.Subtitles, api.TitleSubtitles{Language: s.Language, Name: s.Name(), Forced: s.Forced,
				SDH: s.SDH, Embedded: s.Embedded()})
		}
		out.Versions = append(out.Versions, v)
		if f.ID == d.File.ID {
			out.Subtitles = v.Subtitles
			for _, ch := range f.Probe.Chapters {
				out.Chapters = append(out.Chapters, api.TitleChapter{StartMs: ch.StartUS / 1000, Title: ch.Title})
			}
		}
	}
	return nil
}

// versionName names a file among the versions of its title: "Director's Cut, 2160p, HDR, part 2".
func versionName(f library.File) string {
	var words []string
	if f.Edition != "" {
		words = append(words, f.Edition)
	}
	if f.Height > 0 {
		words = append(words, fmt.Sprintf("%dp", f.Height))
	}
	for _, flag := range f.Flags {
		words = append(words, flagWord(flag))
	}
	if f.Part > 0 {
		words = append(words, fmt.Sprintf("part %d", f.Part))
	}
	if len(words) == 0 {
		return f.Name()
	}
	return strings.Join(words, ", ")
}

// flagWord gives the common name for a flag of a version.
func flagWord(flag string) string {
	known := map[string]string{"3d-sbs": "3D side by side", "3d-tab": "3D top and bottom", "3d-mvc": "3D",
		"dv": "Dolby Vision"}
	if word, ok := known[flag]; ok {
		return word
	}
	return strings.ToUpper(flag)
}

// adminOf gives the sources of a title's metadata.
func adminOf(d catalogue.Detail) *api.TitleAdmin {
	out := &api.TitleAdmin{
		Evidence: d.Evidence, Edited: []string{}, Notes: []string{}, Matched: string(d.Matched), SortName: d.Facts.SortName,
		Tags: d.Facts.Tags,
	}
	if out.Evidence == nil {
		out.Evidence = map[string]string{}
	}
	for _, s := range d.Descriptions {
		out.Notes = append(out.Notes, s.Notes...)
		if s.Source == library.FromOwner {
			out.Edited, out.SetAge = fieldsOf(s.Facts), s.Facts.Age
		}
	}
	return out
}

// fieldsOf gives the JSON names of the fields that are set.
func fieldsOf(f library.Facts) []string {
	out := []string{}
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			out = append(out, name)
		}
	}
	return out
}

func named(words []library.Label) []api.Named {
	var out []api.Named
	for _, w := range words {
		out = append(out, api.Named{ID: string(w.ID), Name: w.Name})
	}
	return out
}

// portrait is the address of a portrait as clients may get it: whoever shows it asks a server that a description file named,
// so at least nobody in between may see or change the answer.
func portrait(address string) string {
	if !strings.HasPrefix(address, "https://") {
		return ""
	}
	return address
}
