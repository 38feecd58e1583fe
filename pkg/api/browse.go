package api

import (
	"context"

	"movify/pkg/id"
)

// Browsing is the filters and people of the catalogue, as one viewer may see them.
type Browsing interface {
	// Facets counts the titles for each value of each filter.
	Facets(ctx context.Context, p Principal, q FacetQuery) (Facets, error)
	// Genres gives the genres of movies, series or ("") both, the largest first.
	Genres(ctx context.Context, p Principal, kind string) ([]Facet, error)
	// Person gives a NotFound fault for a person without credits in titles that the viewer may see.
	Person(ctx context.Context, p Principal, x id.Person) (PersonPage, error)
}

// FacetQuery has the filters of TitleQuery. (The router does not look into an embedded struct.)
type FacetQuery struct {
	Kind       string `query:"kind" enum:"movie,series" doc:"Only this kind."`
	Genre      string `query:"genre" maxLength:"64" doc:"ID of a genre."`
	Studio     string `query:"studio" maxLength:"64" doc:"ID of a studio."`
	Person     string `query:"person" maxLength:"64" doc:"ID of somebody who had a part in it."`
	Collection string `query:"collection" maxLength:"64" doc:"ID of a collection or channel."`
	Year       string `query:"year" pattern:"^([0-9]{1,4})?(-[0-9]{0,4})?$" doc:"1999 or 1990-1999."`
	Minutes    string `query:"minutes" pattern:"^([0-9]{1,4})?(-[0-9]{0,4})?$" doc:"How long a movie takes: -45, 90-120 or 120-."`
	Watched    string `query:"watched" enum:"yes,no,begun" doc:"What this viewer saw of it; of a series, of its episodes."`
	Q          string `query:"q" maxLength:"100" doc:"Part of a name; accents and case do not matter."`
}

// Facet is a value of a filter with the number of its titles.
type Facet struct {
	ID    string `json:"id" doc:"What the filter takes."`
	Name  string `json:"name" doc:"A word of the library, or the ID again where the app has a word for it."`
	Count int    `json:"count" doc:"Titles there are then."`
}

// Facets are the values of all filters. Each counts with all filters except its own; values without titles are left out.
type Facets struct {
	Total       int     `json:"total" doc:"Titles that pass all filters."`
	Kinds       []Facet `json:"kinds"`
	Genres      []Facet `json:"genres" doc:"Most titles first."`
	Years       []Facet `json:"years" doc:"Decades, the latest first."`
	Collections []Facet `json:"collections" doc:"Channels, in their order."`
	Ages        []Facet `json:"ages" doc:"By years; none without a rating."`
	Watched     []Facet `json:"watched"`
	Minutes     []Facet `json:"minutes"`
}

// PersonPage is a person with their credits.
type PersonPage struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Picture string   `json:"picture,omitempty" doc:"URL of a portrait."`
	Credits []Credit `json:"credits" doc:"The latest first."`
}

// Credit is the part of a person in a title.
type Credit struct {
	Title TitleCard `json:"title"`
	Kind  string    `json:"kind" enum:"actor,director,writer,creator,composer,producer"`
	Role  string    `json:"role,omitempty" doc:"Who was played, or what was done."`
}

func (a *API) registerBrowsing() {
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /titles/facets", name: "countTitles",
		summary: "How many movies and series each choice leaves",
	}, func(ctx context.Context, c Caller, in *FacetQuery) (Facets, error) {
		return a.o.Browsing.Facets(ctx, c.Principal, *in)
	})
	items(a, operation{
		access: AccessAccount, kids: true, route: "GET /genres", name: "listGenres",
		summary: "The genres, those of most titles first",
	}, func(ctx context.Context, c Caller, in *struct {
		Kind string `query:"kind" enum:"movie,series" doc:"Only this kind."`
	}) ([]Facet, error) {
		return a.o.Browsing.Genres(ctx, c.Principal, in.Kind)
	})
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /people/{id}", name: "getPerson",
		summary: "Somebody, and what they did",
	}, ofCallerByID(a.o.Browsing.Person))
}
