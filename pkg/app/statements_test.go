package app

import (
	"testing"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
)

// The titles, links, standings and pictures of a series page are each read once, however many seasons it has.
func TestSeriesPageReadsAllSeasonsAtOnce(t *testing.T) {
	t.Parallel()
	g := generate(t, 1)
	viewer := g.profilesOfAnna()[0]
	one, twenty := g.describedSeries(1), g.describedSeries(20)

	page := func(series id.Title) (out api.TitleDetail, took int64) {
		t.Helper()
		before := g.db.Statements()
		viewer.read("/api/v1/titles/"+string(series), &out)
		return out, g.db.Statements() - before
	}
	page(one) // fills the index of the catalogue
	_, few := page(one)
	out, many := page(twenty)
	if many != few || many > 8 {
		t.Errorf("the page takes %d statements for 20 seasons, %d for one; at most 8 are needed", many, few)
	}
	if len(out.Seasons) != 20 || len(out.Seasons[19].Episodes) != 2 || len(out.Extras) != 2 || len(out.More) == 0 ||
		len(out.People) != 1 || len(out.Genres) != 4 || len(out.Collections) != 1 || out.NextEpisodeID == "" {
		t.Errorf("the page lacks something: %d seasons, %d extras, %d like it, %d people, %d genres, %d collections",
			len(out.Seasons), len(out.Extras), len(out.More), len(out.People), len(out.Genres), len(out.Collections))
	}
}

// describedSeries makes a series of that many seasons with everything that its page can show.
func (g *generatedServer) describedSeries(seasons int) id.Title {
	g.t.Helper()
	series := g.title(library.Series, nil, 0, 0)
	for season := range seasons {
		s := g.title(library.Season, series, season+1, 0)
		g.title(library.Episode, s, season+1, 1)
		g.title(library.Episode, s, season+1, 2)
		if season == 0 {
			g.title(library.Extra, s, 1, 0)
		}
	}
	g.title(library.Extra, series, 0, 0)
	_, err := g.library.metadata.Edit(g.t.Context(), series.id, func(f *library.Facts) {
		f.Genres = []string{"Shared", "Drama", "Crime", "War"}
		f.Credits = []library.Credit{{Name: "Star of " + series.name, Kind: library.Actor, Role: "Hero"}}
	})
	g.must(err)
	c, err := g.library.catalogue.SaveCollection(g.t.Context(), library.Collection{
		Kind: library.Channel, Name: "Channel of " + series.name, FilledBy: library.ByHand,
	})
	g.must(err)
	g.must(g.library.catalogue.AddToCollection(g.t.Context(), c.ID, series.id))
	return series.id
}
