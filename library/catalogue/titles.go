package catalogue

import (
	"context"

	"movify/library"

	"movify/pkg/id"
)

const (
	defaultPage = 50
	largestPage = 200
)

// Title returns a title of any kind, with or without files. A title hidden from a is ErrTitleNotFound, like a missing
// one.
func (s *Service) Title(ctx context.Context, a library.Audience, t id.Title) (library.Card, error) {
	cards, err := s.o.Store.Cards(ctx, a, []id.Title{t})
	if err != nil {
		return library.Card{}, err
	}
	if len(cards) == 0 {
		return library.Card{}, library.ErrTitleNotFound
	}
	return cards[0], nil
}

// Cards returns those titles that are known and visible to a, in the order asked for.
func (s *Service) Cards(ctx context.Context, a library.Audience, titles []id.Title) ([]library.Card, error) {
	return s.o.Store.Cards(ctx, a, titles)
}

// SeasonOf is a season with its episodes in order.
type SeasonOf struct {
	Title    library.Title
	Episodes []library.Card
}

// Seasons returns the seasons of a series in order, specials last, with their visible episodes that have a present
// file.
func (s *Service) Seasons(ctx context.Context, a library.Audience, series id.Title) ([]SeasonOf, error) {
	tree, err := s.titleTree(ctx, a, series)
	return tree.seasons, err
}

// titleTree is a title with those below it.
type titleTree struct {
	top     library.Card
	seasons []SeasonOf // in order, specials last
	extras  []library.Card
}

// titleTree reads a title with those below it that are visible and have a present file.
func (s *Service) titleTree(ctx context.Context, a library.Audience, t id.Title) (titleTree, error) {
	cards, err := s.o.Store.TitleTree(ctx, a, t)
	if err != nil {
		return titleTree{}, err
	}
	var out titleTree
	var seasons []library.Card
	episodes := make(map[id.Title][]library.Card)
	for _, c := range cards {
		switch {
		case c.ID == t:
			out.top = c
		case c.Kind == library.Extra:
			out.extras = append(out.extras, c)
		case c.Kind == library.Episode:
			episodes[c.Parent] = append(episodes[c.Parent], c)
		default:
			seasons = append(seasons, c)
		}
	}
	if out.top.ID == "" {
		return titleTree{}, library.ErrTitleNotFound
	}
	var specials []SeasonOf
	for _, c := range seasons {
		if c.Season == 0 {
			specials = append(specials, SeasonOf{c.Title, episodes[c.ID]})
			continue
		}
		out.seasons = append(out.seasons, SeasonOf{c.Title, episodes[c.ID]})
	}
	out.seasons = append(out.seasons, specials...)
	return out, nil
}

// NextEpisode returns the visible episode that follows the given one by number or place, whatever was watched (see
// player.NextUp for that); found is false after the last, and for other kinds of title. Of a series it returns the first.
func (s *Service) NextEpisode(
	ctx context.Context, a library.Audience, t id.Title,
) (next library.Card, found bool, err error) {
	c, err := s.Title(ctx, a, t)
	if err != nil {
		return library.Card{}, false, err
	}
	switch c.Kind {
	case library.Series:
		return s.o.Store.NextEpisode(ctx, a, library.BeforeAll(c.ID))
	case library.Episode:
		return s.o.Store.NextEpisode(ctx, a, c.Number(c.SeriesID))
	}
	return library.Card{}, false, nil
}

// FileOf returns the file to play for a movie, episode or extra visible to a, with its probe.
func (s *Service) FileOf(ctx context.Context, a library.Audience, t id.Title) (library.File, error) {
	return s.o.Store.BestFile(ctx, a, t)
}

// File returns a file with its probe.
func (s *Service) File(ctx context.Context, f id.File) (library.File, error) {
	return s.o.Store.File(ctx, f)
}

// Contents lists up to limit of the present files, newest first, for the encoder: those behind after, or the newest ones
// after the zero Content.
func (s *Service) Contents(ctx context.Context, after library.Content, limit int) ([]library.Content, error) {
	return s.o.Store.Contents(ctx, after, limit)
}
