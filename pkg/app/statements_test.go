package app

import (
	"net/http"
	"testing"

	"movify/library"
	"movify/pkg/id"
)

// The seasons, episodes, standings and pictures of a series are each read once, however many seasons it has.
func TestSeriesPageReadsAllSeasonsAtOnce(t *testing.T) {
	t.Parallel()
	g := generate(t, 1)
	viewer := g.profilesOfAnna()[0]
	one, twenty := g.seriesOf(1), g.seriesOf(20)

	page := func(series id.Title) int64 {
		t.Helper()
		before := g.db.Statements()
		if status, body := viewer.ask(http.MethodGet, "/api/v1/titles/"+string(series), ""); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return g.db.Statements() - before
	}
	page(one) // fills the index of the catalogue
	if few, many := page(one), page(twenty); many != few || many > 17 {
		t.Errorf("the page takes %d statements for 20 seasons, %d for one; at most 17 are needed", many, few)
	}
}

// seriesOf makes a series of that many seasons.
func (g *generatedServer) seriesOf(seasons int) id.Title {
	g.t.Helper()
	series := g.title(library.Series, nil, 0, 0)
	for season := range seasons {
		s := g.title(library.Season, series, season+1, 0)
		g.title(library.Episode, s, season+1, 1)
		g.title(library.Episode, s, season+1, 2)
	}
	return series.id
}
