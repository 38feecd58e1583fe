package api

import (
	"context"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Matching assigns titles to works of metadata providers.
type Matching interface {
	// Matches searches the candidates for a movie or series by name and year; without a name by those of the title.
	Matches(ctx context.Context, t id.Title, name string, year int) (Matches, error)
	// SetMatch assigns a title to a work of a provider.
	SetMatch(ctx context.Context, p Principal, t id.Title, provider, work string) (TitleDetail, error)
	// CheckMatch confirms the match of a title.
	CheckMatch(ctx context.Context, p Principal, t id.Title) (TitleDetail, error)
	// RefreshTitle queues a refresh of a title's metadata and does not wait for it.
	RefreshTitle(ctx context.Context, p Principal, t id.Title) (TitleDetail, error)
}

// Matches are the candidates for a title.
type Matches struct {
	Items    []Match `json:"items"`
	Searched bool    `json:"searched" doc:"Whether a service was asked: none is unless it is set up."`
}

// Match is a candidate.
type Match struct {
	Provider     string `json:"provider" doc:"Who knows it: tmdb."`
	ID           string `json:"id"`
	Name         string `json:"name"`
	OriginalName string `json:"originalName,omitempty"`
	Year         int    `json:"year,omitempty"`
	Overview     string `json:"overview,omitempty"`
	Certainty    string `json:"certainty" enum:"id,name,little" doc:"How sure it is: by a number, by name and year, or hardly."`
}

// errNoChoice is returned for a choice without a work.
var errNoChoice = fault.New(fault.Invalid, "no_choice",
	"Give the provider and the id of the work, or say that the title is right with checked.")

func (a *API) registerMatches() {
	answer(a, operation{
		access: AccessAdmin, route: "GET /titles/{id}/matches", name: "listMatches",
		summary: "The works that a movie or series may be",
	}, func(ctx context.Context, _ Caller, in *struct {
		ID   string `path:"id" maxLength:"64"`
		Name string `query:"q" maxLength:"200" doc:"What to look for; without it the title's own name and year."`
		Year int    `query:"year" minimum:"0" maximum:"2200"`
	}) (Matches, error) {
		return a.o.Matching.Matches(ctx, id.Title(in.ID), in.Name, in.Year)
	})

	type chooseInputBody struct {
		Provider string `json:"provider,omitempty" maxLength:"20"`
		ID       string `json:"id,omitempty" maxLength:"20"`
		Checked  bool   `json:"checked,omitempty" doc:"It is what it is taken for."`
	}
	answer(a, operation{
		access: AccessAdmin, route: "PUT /titles/{id}/match", name: "setMatch", summary: "Say which work a title is",
	}, func(ctx context.Context, c Caller, in *bodyByID[chooseInputBody]) (TitleDetail, error) {
		var d TitleDetail
		err := error(errNoChoice)
		switch chosen := in.Body.Provider != "" && in.Body.ID != ""; {
		case chosen && !in.Body.Checked:
			d, err = a.o.Matching.SetMatch(ctx, c.Principal, id.Title(in.ID), in.Body.Provider, in.Body.ID)
		case in.Body.Checked && in.Body.Provider == "" && in.Body.ID == "":
			d, err = a.o.Matching.CheckMatch(ctx, c.Principal, id.Title(in.ID))
		}
		return d, err
	})
	answer(a, operation{
		access: AccessAdmin, route: "POST /titles/{id}/refresh", name: "refreshTitle",
		summary: "Read what stands beside a title again, and ask the service again",
	}, ofCallerByID(a.o.Matching.RefreshTitle))
}
