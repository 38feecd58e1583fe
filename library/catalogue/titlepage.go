package catalogue

import (
	"cmp"
	"context"
	"fmt"

	"movify/library"

	"movify/pkg/id"
)

// Detail is a title with everything its page shows.
type Detail struct {
	library.Card
	Facts        library.Facts // merged
	Descriptions []library.Description
	Genres       []library.Label
	Studios      []library.Label
	Cast         []library.CastMember
	Versions     []library.File       // present or unreachable, with probes: parts of one version in order
	Collections  []library.Collection // of its movie or series: ID, kind and name only
	Seasons      []SeasonOf           // of a series
	Extras       []library.Card
	More         []library.Card // other movies or series of the same genres
}

const (
	moreTitles = 12
	moreOfEach = 60 // candidates per genre, latest first
)

// Detail returns the page of a title visible to a.
func (s *Service) Detail(ctx context.Context, a library.Audience, t id.Title) (Detail, error) {
	tree, err := s.titleTree(ctx, a, t)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Card: tree.top}
	descriptions, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	if err != nil {
		return d, fmt.Errorf("read the descriptions of a title: %w", err)
	}
	d.Descriptions = descriptions[t]
	d.Facts = library.MergeDescriptions(d.Descriptions)
	links, err := s.o.Store.TitleLinks(ctx, t, cmp.Or(d.SeriesID, t))
	if err != nil {
		return d, fmt.Errorf("read the labels, people and collections of a title: %w", err)
	}
	d.Genres, d.Studios, d.Cast = links.Genres, links.Studios, links.Cast
	if d.Collections, err = s.visibleCollections(ctx, a, links.Collections); err != nil {
		return d, err
	}
	if d.Kind != library.Series && d.Kind != library.Season { // their files belong to episodes
		if d.Versions, err = s.Versions(ctx, a, t); err != nil {
			return d, err
		}
	}
	if d.Kind == library.Series {
		d.Seasons = tree.seasons
	}
	if d.Kind == library.Movie || d.Kind == library.Series {
		d.Extras = tree.extras
		d.More, err = s.moreLikeThis(ctx, a, d)
	}
	return d, err
}

// Versions returns the visible files of a movie, episode or extra: the parts of one version in order, the best file
// first.
func (s *Service) Versions(ctx context.Context, a library.Audience, t id.Title) ([]library.File, error) {
	files, err := s.o.Store.Versions(ctx, a, t)
	if err != nil {
		return nil, fmt.Errorf("read the files of a title: %w", err)
	}
	return library.GroupParts(files), nil
}

// moreLikeThis returns titles with the same genres, those that share most of them first.
func (s *Service) moreLikeThis(ctx context.Context, a library.Audience, d Detail) ([]library.Card, error) {
	if len(d.Genres) == 0 {
		return nil, nil
	}
	q := library.SimilarQuery{Title: d.ID, Kind: d.Kind, Each: moreOfEach, Limit: moreTitles}
	for _, g := range d.Genres[:min(library.CardGenres, len(d.Genres))] {
		q.Labels = append(q.Labels, g.ID)
	}
	more, err := s.o.Store.Similar(ctx, a, q)
	if err != nil {
		return nil, fmt.Errorf("look for titles of the same genres: %w", err)
	}
	return more, nil
}
