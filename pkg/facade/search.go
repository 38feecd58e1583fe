package facade

import (
	"context"

	"movify/library"
	"movify/pkg/api"
)

// searchFacade implements api.Searching with the catalogue.
type searchFacade struct{ catalogue *catalogueFacade }

var _ api.Searching = searchFacade{}

// suggested is the number of suggestions below the search field.
const suggested = 8

// Search gives the matches that this viewer may see.
func (f searchFacade) Search(ctx context.Context, p api.Principal, q api.SearchQuery) (api.SearchResult, error) {
	out := api.SearchResult{People: []api.FoundPerson{}, Collections: []api.FoundCollection{}, Genres: []api.FoundGenre{}}
	audience, err := f.catalogue.audiences.of(ctx, p.Profile)
	if err != nil {
		return out, err
	}
	found, err := f.catalogue.titles.Search(ctx, audience, q.Q, q.Limit)
	if err != nil {
		return out, err
	}
	if out.Items, err = f.catalogue.cards(ctx, p, found.Titles); err != nil {
		return out, err
	}
	out.Total, out.DidYouMean = found.Total, found.DidYouMean
	for _, x := range found.People {
		out.People = append(out.People, api.FoundPerson{ID: string(x.ID), Name: x.Name, Count: x.Titles})
	}
	for _, x := range found.Groups {
		if x.Kind == library.FindGenre {
			out.Genres = append(out.Genres, api.FoundGenre{ID: x.ID, Name: x.Name})
			continue
		}
		out.Collections = append(out.Collections, api.FoundCollection{ID: x.ID, Kind: string(x.Kind), Name: x.Name})
	}
	return out, nil
}

// Suggest completes text while it is typed.
func (f searchFacade) Suggest(ctx context.Context, p api.Principal, text string) ([]api.SearchSuggestion, error) {
	out := []api.SearchSuggestion{}
	audience, err := f.catalogue.audiences.of(ctx, p.Profile)
	if err != nil {
		return out, err
	}
	all, err := f.catalogue.titles.Suggest(ctx, audience, text, suggested)
	for _, x := range all {
		out = append(out, api.SearchSuggestion{Text: x.Text, Kind: string(x.Kind), ID: x.ID})
	}
	return out, err
}
