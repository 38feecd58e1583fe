package app

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
)

// rowLength is how many titles a row of the home page holds.
const rowLength = 24

// Home gives what was begun, what is new, and the two walls' beginnings.
func (c *catalogue) Home(ctx context.Context, p api.Principal) (api.Home, error) {
	var home api.Home
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return home, err
	}
	rows, err := c.rows(ctx, who)
	if err != nil {
		return home, err
	}
	// The rows are read at once, each into its own place: a page waits for the slowest.
	read := make([]api.Row, 1+len(rows))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	group.Go(func() (err error) {
		read[0].ID = "continue"
		read[0].Items, err = c.begun(within, p, who)
		return err
	})
	for i, row := range rows {
		group.Go(func() error {
			page, err := c.library.Titles(within, who, row.query)
			if err != nil {
				return err
			}
			items, err := c.cards(within, p, page.Cards)
			read[i+1] = api.Row{ID: row.id, Name: row.name, Items: items}
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

// homeRow is a row of the home page and the titles in it.
type homeRow struct {
	id, name string
	query    library.Query
}

const (
	channelRows = 8 // on the home page at most; the others are a page away
	genreRows   = 3
	genreFilled = 6 // titles that make a genre a row
)

// rows lists what the home page shows besides what was begun: what is new, the walls, the channels and the largest genres.
func (c *catalogue) rows(ctx context.Context, who library.Audience) ([]homeRow, error) {
	rows := []homeRow{
		{"new", "", library.Query{Sort: library.SortAdded, Limit: rowLength}},
		{"movies", "", library.Query{Filter: library.Filter{Kind: library.Movie}, Sort: library.SortName, Limit: rowLength}},
		{"series", "", library.Query{Filter: library.Filter{Kind: library.Series}, Sort: library.SortName, Limit: rowLength}},
	}
	channels, err := c.library.Collections(ctx, who, library.Channel)
	if err != nil {
		return nil, err
	}
	for _, x := range channels[:min(channelRows, len(channels))] {
		rows = append(rows, homeRow{"channel:" + string(x.ID), x.Name, library.Query{
			Filter: library.Filter{Collection: x.ID}, Sort: orderOf(x.Collection), Limit: rowLength}})
	}
	facets, err := c.library.Facets(ctx, who, library.Filter{})
	if err != nil {
		return nil, err
	}
	for _, g := range facets.Genres[:min(genreRows, len(facets.Genres))] {
		if g.Count >= genreFilled {
			rows = append(rows, homeRow{"genre:" + g.ID, g.Name, library.Query{
				Filter: library.Filter{Genre: id.Label(g.ID)}, Sort: library.SortAdded, Limit: rowLength}})
		}
	}
	return rows, nil
}

// begun lists the titles a viewer began and did not finish, as far as they are still there.
func (c *catalogue) begun(ctx context.Context, p api.Principal, who library.Audience) ([]api.TitleCard, error) {
	progress, err := c.player.ContinueWatching(ctx, p.Profile, rowLength)
	if err != nil {
		return nil, err
	}
	ids := make([]id.Title, 0, len(progress))
	for _, at := range progress {
		ids = append(ids, at.Title)
	}
	cards, err := c.library.Cards(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	present := cards[:0]
	for _, card := range cards {
		if card.File.ID != "" && card.Kind != library.Extra { // nobody goes on with a trailer
			present = append(present, card)
		}
	}
	return c.cards(ctx, p, present)
}

// Titles gives one page of movies and series.
func (c *catalogue) Titles(ctx context.Context, p api.Principal, q api.TitleQuery) (api.TitlePage, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.TitlePage{}, err
	}
	filter, err := filterOf(p, api.FacetQuery{
		Kind: q.Kind, Genre: q.Genre, Studio: q.Studio, Person: q.Person, Collection: q.Collection, Year: q.Year, Minutes: q.Minutes,
		Watched: q.Watched, Q: q.Q,
	})
	if err != nil {
		return api.TitlePage{}, err
	}
	page, err := c.library.Titles(ctx, who, library.Query{Filter: filter, Sort: library.Sort(q.Sort), Cursor: q.Cursor, Limit: q.Limit})
	if err != nil {
		return api.TitlePage{}, err
	}
	items, err := c.cards(ctx, p, page.Cards)
	return api.TitlePage{Items: items, Next: page.Next, Total: page.Total}, err
}

// Title gives a title's own page.
func (c *catalogue) Title(ctx context.Context, p api.Principal, t id.Title) (api.TitleDetail, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.TitleDetail{}, err
	}
	d, err := c.library.Detail(ctx, who, t)
	if err != nil {
		return api.TitleDetail{}, err
	}
	card := d.Card
	out, err := c.detail(ctx, p, d)
	if err != nil {
		return api.TitleDetail{}, err
	}
	if card.Kind == library.Series {
		return out, c.addEpisodes(ctx, p, who, &out, t)
	}
	if next, found, err := c.library.NextEpisode(ctx, who, t); err != nil {
		return out, err
	} else if found {
		out.NextEpisodeID = string(next.ID)
	}
	if card.File.ID == "" || card.Kind == library.Season { // a season has the files of its episodes
		return out, nil
	}
	return out, c.addFile(ctx, who, &out, t)
}

// addEpisodes fills in the seasons of a series, and the episode its play button means: the one last begun, the one after
// the one last finished, or the first.
func (c *catalogue) addEpisodes(ctx context.Context, p api.Principal, who library.Audience, out *api.TitleDetail, series id.Title) error {
	seasons, err := c.library.Seasons(ctx, who, series)
	if err != nil {
		return err
	}
	whole := make([]library.Card, 0, len(seasons))
	for _, s := range seasons {
		s.Title.Parent = "" // only a poster of its own tells one from the others
		whole = append(whole, library.Card{Title: s.Title})
	}
	covers, err := c.cards(ctx, p, whole)
	if err != nil {
		return err
	}
	var all []id.Title
	for n, s := range seasons {
		cover := covers[n].Poster
		if covers[n].PosterIsFrame {
			cover = ""
		}
		episodes, err := c.cards(ctx, p, s.Episodes)
		if err != nil {
			return err
		}
		for i, e := range s.Episodes {
			all = append(all, e.ID)
			episodes[i].Overview = e.Overview
		}
		out.Seasons = append(out.Seasons, api.Season{
			ID: string(s.Title.ID), Number: s.Title.Season, Name: s.Title.Name, Poster: cover, Episodes: episodes,
		})
	}
	at, err := c.player.Standings(ctx, p.Profile, all)
	if err != nil {
		return err
	}
	var last id.Title
	out.Watched = len(all) > 0
	for _, e := range all {
		if standing := at[e]; standing.Last().After(at[last].Last()) {
			last = e
		}
		out.Watched = out.Watched && at[e].Watched
	}
	if last != "" && !at[last].Finished() { // begun, however little
		out.NextEpisodeID = string(last)
		return nil
	}
	from := series
	if last != "" {
		from = last
	}
	next, found, err := c.library.NextEpisode(ctx, who, from)
	if err != nil {
		return err
	}
	if !found && from != series { // all of it is watched: from the beginning
		next, found, err = c.library.NextEpisode(ctx, who, series)
	}
	if found {
		out.NextEpisodeID = string(next.ID)
	}
	return err
}

// addFile fills in the file of a movie or episode and how far its ladder is.
func (c *catalogue) addFile(ctx context.Context, who library.Audience, out *api.TitleDetail, t id.Title) error {
	f, err := c.library.FileOf(ctx, who, t)
	if err != nil {
		return err
	}
	a, _, err := c.transcoder.Planned(ctx, sourceOf(f))
	if err != nil {
		return err
	}
	out.File = fileOf(f, a.Ladder)
	out.Encode = c.encodeState(a, f.Fingerprint)
	return nil
}
