package facade

import (
	"context"

	"movify/library/catalogue"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/fault"
	"movify/pkg/id"
)

var _ api.Browsing = (*catalogueFacade)(nil)

// errRange is returned for a range that ends before it begins.
var errRange = fault.New(fault.Invalid, "bad_range", "Please give a number, or a range as 1990-1999.")

// filterOf converts the filters of a request. Watched titles are only looked up when the request filters by them.
func filterOf(p api.Principal, q api.FacetQuery) (catalogue.Filter, error) {
	f := catalogue.Filter{
		Kind: library.Kind(q.Kind), Genre: id.Label(q.Genre), Studio: id.Label(q.Studio), Person: id.Person(q.Person),
		Collection: id.Collection(q.Collection), Seen: catalogue.Seen(q.Watched), Text: q.Q,
	}
	if f.Seen != "" {
		f.Profile = p.Profile
	}
	var ok bool
	if f.Years, ok = library.ParseSpan(q.Year); !ok {
		return f, errRange
	}
	if f.Minutes, ok = library.ParseSpan(q.Minutes); !ok {
		return f, errRange
	}
	return f, nil
}

// Facets counts the titles for each value of each filter.
func (c *catalogueFacade) Facets(ctx context.Context, p api.Principal, q api.FacetQuery) (api.Facets, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.Facets{}, err
	}
	filter, err := filterOf(p, q)
	if err != nil {
		return api.Facets{}, err
	}
	filter.Profile = p.Profile
	f, err := c.titles.Facets(ctx, who, filter)
	if err != nil {
		return api.Facets{}, err
	}
	return api.Facets{
		Total: f.Total, Kinds: facets(f.Kinds), Genres: facets(f.Genres), Years: facets(f.Years),
		Collections: facets(f.Collections),
		Ages:        facets(f.Ages), Watched: facets(f.Seen), Minutes: facets(f.Minutes),
	}, nil
}

// Genres gives the genres of a kind, the largest first.
func (c *catalogueFacade) Genres(ctx context.Context, p api.Principal, kind string) ([]api.Facet, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return nil, err
	}
	f, err := c.titles.Facets(ctx, who, catalogue.Filter{Kind: library.Kind(kind)})
	return facets(f.Genres), err
}

func facets(in []catalogue.Facet) []api.Facet {
	out := make([]api.Facet, 0, len(in))
	for _, f := range in {
		out = append(out, api.Facet(f))
	}
	return out
}

// Person gives a person with their credits in titles that the viewer may see.
func (c *catalogueFacade) Person(ctx context.Context, p api.Principal, x id.Person) (api.PersonPage, error) {
	who, err := c.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.PersonPage{}, err
	}
	found, err := c.titles.Person(ctx, who, x)
	if err != nil {
		return api.PersonPage{}, err
	}
	cards := make([]library.Card, 0, len(found.Credits))
	for _, part := range found.Credits {
		cards = append(cards, part.Card)
	}
	shown, err := c.cards(ctx, p, cards)
	if err != nil {
		return api.PersonPage{}, err
	}
	out := api.PersonPage{ID: string(found.ID), Name: found.Name}
	for i, part := range found.Credits {
		out.Credits = append(out.Credits, api.Credit{Title: shown[i], Kind: string(part.Kind), Role: part.Role})
	}
	return out, nil
}
