package facade

import (
	"context"
	"runtime"
	"slices"

	"movify/library/catalogue"

	"golang.org/x/sync/errgroup"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/player"
)

// Home gives the rows of the home page: Continue watching, then catalogue.HomeRows. Empty rows are left out.
func (c *catalogueFacade) Home(ctx context.Context, p api.Principal) (api.Home, error) {
	var home api.Home
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return home, err
	}
	rows, err := c.homeRows(ctx, who)
	if err != nil {
		return home, err
	}
	// The rows are read concurrently, each into its own element: a page waits for the slowest only.
	read := make([]api.Row, 1+len(rows))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	group.Go(func() (err error) {
		read[0].ID = "continue"
		read[0].Items, err = c.inProgress(within, p, who)
		return err
	})
	for i, row := range rows {
		group.Go(func() error {
			page, err := c.titles.Titles(within, who, row.Query)
			if err != nil {
				return err
			}
			items, err := c.cards(within, p, page.Cards)
			read[i+1] = api.Row{ID: row.ID, Name: row.Name, Items: items}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return home, err
	}
	for _, row := range read {
		if len(row.Items) == 0 {
			continue
		}
		home.Rows = append(home.Rows, row)
		if home.Hero == nil {
			home.Hero = &row.Items[0]
		}
	}
	return home, nil
}

// homeRows lists the rows below Continue watching.
func (c *catalogueFacade) homeRows(ctx context.Context, who library.Audience) ([]catalogue.HomeRow, error) {
	shown, err := c.titles.Collections(ctx, who, library.Channel)
	if err != nil {
		return nil, err
	}
	channels := make([]library.Collection, 0, len(shown))
	for _, x := range shown {
		channels = append(channels, x.Collection)
	}
	facets, err := c.titles.Facets(ctx, who, catalogue.Filter{})
	return catalogue.HomeRows(channels, facets.Genres), err
}

// Titles gives one page of movies and series.
func (c *catalogueFacade) Titles(ctx context.Context, p api.Principal, q api.TitleQuery) (api.TitlePage, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.TitlePage{}, err
	}
	filter, err := filterOf(p, api.FacetQuery{
		Kind: q.Kind, Genre: q.Genre, Studio: q.Studio, Person: q.Person, Collection: q.Collection, Year: q.Year,
		Minutes: q.Minutes,
		Watched: q.Watched, Q: q.Q,
	})
	if err != nil {
		return api.TitlePage{}, err
	}
	page, err := c.titles.Titles(ctx, who, catalogue.Query{Filter: filter, Sort: catalogue.Sort(q.Sort), Cursor: q.Cursor,
		Limit: q.Limit})
	if err != nil {
		return api.TitlePage{}, err
	}
	items, err := c.cards(ctx, p, page.Cards)
	return api.TitlePage{Items: items, Next: page.Next, Total: page.Total}, err
}

// Title gives a title's own page.
func (c *catalogueFacade) Title(ctx context.Context, p api.Principal, t id.Title) (api.TitleDetail, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.TitleDetail{}, err
	}
	d, err := c.titles.Detail(ctx, who, t)
	if err != nil {
		return api.TitleDetail{}, err
	}
	out, err := c.detail(ctx, p, d)
	if err != nil || d.Kind == library.Series {
		return out, err
	}
	if next, found, err := c.titles.NextEpisode(ctx, who, t); err != nil {
		return out, err
	} else if found {
		out.NextEpisodeID = string(next.ID)
	}
	if d.File.ID == "" || d.Kind == library.Season { // a season has only the files of its episodes
		return out, nil
	}
	return out, c.addFile(ctx, who, &out, t)
}

// addSeasons fills in the seasons of a series, from the cards of the seasons followed by those of all their episodes, and
// the episode that its play button starts.
func addSeasons(
	out *api.TitleDetail, seasons []catalogue.SeasonOf, cards []api.TitleCard, standings map[id.Title]player.Standing,
) {
	covers, cards := cards[:len(seasons)], cards[len(seasons):]
	var episodes []player.Episode
	for i, s := range seasons {
		season := api.Season{
			ID: string(s.Title.ID), Number: s.Title.Season, Name: s.Title.Name, Poster: covers[i].Poster,
			Episodes: cards[:len(s.Episodes)],
		}
		if covers[i].PosterIsFrame {
			season.Poster = ""
		}
		for n, e := range s.Episodes {
			season.Episodes[n].Overview = e.Overview
			episodes = append(episodes, episodeOf(e.Number(e.SeriesID)))
		}
		out.Seasons, cards = append(out.Seasons, season), cards[len(s.Episodes):]
	}
	out.Watched = len(episodes) > 0 && !slices.ContainsFunc(episodes,
		func(e player.Episode) bool { return !standings[e.Title].Watched })
	out.NextEpisodeID = string(player.NextUp(episodes, standings))
}

// addFile fills in the file of a movie or episode and the encoding progress of its ladder.
func (c *catalogueFacade) addFile(ctx context.Context, who library.Audience, out *api.TitleDetail, t id.Title) error {
	f, err := c.titles.FileOf(ctx, who, t)
	if err != nil {
		return err
	}
	a, _, err := c.transcoder.Planned(ctx, sourceOf(f))
	if err != nil {
		return err
	}
	out.File = fileOf(f, a)
	out.Encode = c.encodeState(a, f.Fingerprint)
	return nil
}
