package api

import (
	"context"
)

// Searching finds titles, people and collections that a viewer may see by name. It does not store the queries.
type Searching interface {
	// Search gives the matches, the best first. Text without matches gives empty lists.
	Search(ctx context.Context, p Principal, q SearchQuery) (SearchResult, error)
	// Suggest completes text while it is typed, the likeliest first.
	Suggest(ctx context.Context, p Principal, text string) ([]SearchSuggestion, error)
}

// SearchQuery is the query of a search.
type SearchQuery struct {
	Q     string `query:"q" minLength:"1" maxLength:"200" required:"true" doc:"Words of a name, in any order; the last may be a beginning. Accents, dashes and a typing error do not matter."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"40" doc:"Titles at most."`
}

// SearchResult is the matches of each kind, the best first.
type SearchResult struct {
	Items       []TitleCard       `json:"items" doc:"Movies, series and episodes."`
	Total       int               `json:"total" doc:"Titles found, those beyond limit too; counted up to 3,200."`
	People      []FoundPerson     `json:"people"`
	Collections []FoundCollection `json:"collections" doc:"Collections and channels."`
	Genres      []FoundGenre      `json:"genres"`
	DidYouMean  string            `json:"didYouMean,omitempty" doc:"A name that comes near, when nothing is called as it was typed."`
}

// FoundPerson is a person with credits.
type FoundPerson struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Picture string `json:"picture,omitempty" doc:"URL of a portrait."`
	Count   int    `json:"count" doc:"Movies and series that this viewer may see."`
}

// FoundCollection is a collection or a channel.
type FoundCollection struct {
	ID   string `json:"id"`
	Kind string `json:"kind" enum:"collection,channel"`
	Name string `json:"name"`
}

// FoundGenre is a genre.
type FoundGenre struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// SearchSuggestion is a completion of the typed text.
type SearchSuggestion struct {
	Text string `json:"text"`
	Kind string `json:"kind" enum:"movie,series,person"`
	ID   string `json:"id" doc:"Of the title or person."`
}

func (a *API) registerSearch() {
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /search", name: "search",
		summary: "Titles, people, collections and genres by name",
	}, func(ctx context.Context, c Caller, in *SearchQuery) (SearchResult, error) {
		return a.o.Searching.Search(ctx, c.Principal, *in)
	})
	items(a, operation{
		access: AccessAccount, kids: true, route: "GET /search/suggest", name: "suggest",
		summary: "What the words that are being typed may become",
	}, func(ctx context.Context, c Caller, in *struct {
		Q string `query:"q" minLength:"1" maxLength:"200" required:"true" doc:"What is typed so far."`
	}) ([]SearchSuggestion, error) {
		return a.o.Searching.Suggest(ctx, c.Principal, in.Q)
	})
}
