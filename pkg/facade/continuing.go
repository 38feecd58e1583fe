package facade

import (
	"context"

	"movify/library"
	"movify/library/catalogue"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/player"
)

// inProgress gives Continue watching: the titles that a viewer began and did not finish, without removed ones, and of
// each series that was watched lately the episode that follows.
func (c *catalogueFacade) inProgress(
	ctx context.Context, p api.Principal, who library.Audience,
) ([]api.TitleCard, error) {
	begun, err := c.player.ContinueWatching(ctx, p.Profile, catalogue.HomeRowLength)
	if err != nil {
		return nil, err
	}
	recent, err := c.titles.RecentSeries(ctx, who, p.Profile)
	if err != nil {
		return nil, err
	}
	next, err := c.nextEpisodes(ctx, p.Profile, recent)
	if err != nil {
		return nil, err
	}
	cards, err := c.titles.Cards(ctx, who, catalogue.ContinueRow(resumeEntries(begun), next))
	if err != nil {
		return nil, err
	}
	shown := catalogue.Resumable(cards)
	return c.cards(ctx, p, shown[:min(catalogue.HomeRowLength, len(shown))])
}

func resumeEntries(begun []player.Progress) []catalogue.ContinueEntry {
	out := make([]catalogue.ContinueEntry, 0, len(begun))
	for _, at := range begun {
		out = append(out, catalogue.ContinueEntry{Title: at.Title, AtMS: at.At.UnixMilli()})
	}
	return out
}

// nextEpisodes gives the episode that a profile continues each of the series with; a series without one is left out.
func (c *catalogueFacade) nextEpisodes(
	ctx context.Context, p id.Profile, recent []catalogue.RecentSeries,
) ([]catalogue.ContinueEntry, error) {
	var ids []id.Title
	for _, series := range recent {
		for _, e := range series.Episodes {
			ids = append(ids, e.ID)
		}
	}
	standings, err := c.player.Standings(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	var out []catalogue.ContinueEntry
	for _, series := range recent {
		var episodes []player.Episode
		for _, e := range series.Episodes {
			episodes = append(episodes, episodeOf(e))
		}
		if next := player.Continued(episodes, standings); series.Offers(next) {
			out = append(out, catalogue.ContinueEntry{Title: next, AtMS: series.AtMS})
		}
	}
	return out, nil
}

// episodeOf converts the place of an episode.
func episodeOf(n library.EpisodeNumber) player.Episode {
	return player.Episode{
		Title: n.ID, Season: n.Season, Episode: n.Episode, Last: n.EpisodeLast, AirsSeason: n.AirsSeason,
		AirsBefore: n.AirsBefore,
	}
}
