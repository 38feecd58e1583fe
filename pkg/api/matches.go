package api

import (
	"context"
	"net/http"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Matching is which work a title is.
type Matching interface {
	// Matches lists the works that a movie or series may be, by a name and a year; without a name by those of the title.
	Matches(ctx context.Context, t id.Title, name string, year int) (Matches, error)
	// SetMatch says that it is that work of a provider.
	SetMatch(ctx context.Context, p Principal, t id.Title, provider, work string) (TitleDetail, error)
	// CheckMatch says that a title is what it is taken for.
	CheckMatch(ctx context.Context, p Principal, t id.Title) (TitleDetail, error)
	// RefreshTitle has what describes a title read and asked again. It does not wait for it.
	RefreshTitle(ctx context.Context, p Principal, t id.Title) (TitleDetail, error)
}

// Matches are the works that a title may be.
type Matches struct {
	Items    []Match `json:"items"`
	Searched bool    `json:"searched" doc:"Whether a service was asked: none is unless it is set up."`
}

// Match is one of them.
type Match struct {
	Provider     string `json:"provider" doc:"Who knows it: tmdb."`
	ID           string `json:"id"`
	Name         string `json:"name"`
	OriginalName string `json:"originalName,omitempty"`
	Year         int    `json:"year,omitempty"`
	Overview     string `json:"overview,omitempty"`
	Certainty    string `json:"certainty" enum:"id,name,little" doc:"How sure it is: by a number, by name and year, or hardly."`
}

// errNoChoice answers a choice that chooses nothing.
var errNoChoice = fault.New(fault.Invalid, "no_choice", "Give the provider and the id of the work, or say that the title is right with checked.")

func (a *API) registerMatches() {
	type titleInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	type detailOutput struct{ Body TitleDetail }

	type matchesInput struct {
		ID   string `path:"id" maxLength:"64"`
		Name string `query:"q" maxLength:"200" doc:"What to look for; without it the title's own name and year."`
		Year int    `query:"year" minimum:"0" maximum:"2200"`
	}
	type matchesOutput struct{ Body Matches }
	register(a, operation{
		access: AccessAdmin, method: http.MethodGet, path: "/titles/{id}/matches", name: "listMatches",
		summary: "The works that a movie or series may be",
	}, func(ctx context.Context, _ Caller, in *matchesInput) (*matchesOutput, error) {
		m, err := a.o.Matching.Matches(ctx, id.Title(in.ID), in.Name, in.Year)
		return &matchesOutput{Body: m}, err
	})

	type chooseInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Provider string `json:"provider,omitempty" maxLength:"20"`
			ID       string `json:"id,omitempty" maxLength:"20"`
			Checked  bool   `json:"checked,omitempty" doc:"It is what it is taken for."`
		}
	}
	register(a, operation{
		access: AccessAdmin, method: http.MethodPut, path: "/titles/{id}/match", name: "setMatch",
		summary: "Say which work a title is",
	}, func(ctx context.Context, c Caller, in *chooseInput) (*detailOutput, error) {
		var d TitleDetail
		err := error(errNoChoice)
		switch chosen := in.Body.Provider != "" && in.Body.ID != ""; {
		case chosen && !in.Body.Checked:
			d, err = a.o.Matching.SetMatch(ctx, c.Principal, id.Title(in.ID), in.Body.Provider, in.Body.ID)
		case in.Body.Checked && in.Body.Provider == "" && in.Body.ID == "":
			d, err = a.o.Matching.CheckMatch(ctx, c.Principal, id.Title(in.ID))
		}
		return &detailOutput{Body: d}, err
	})

	register(a, operation{
		access: AccessAdmin, method: http.MethodPost, path: "/titles/{id}/refresh", name: "refreshTitle",
		summary: "Read what stands beside a title again, and ask the service again",
	}, func(ctx context.Context, c Caller, in *titleInput) (*detailOutput, error) {
		d, err := a.o.Matching.RefreshTitle(ctx, c.Principal, id.Title(in.ID))
		return &detailOutput{Body: d}, err
	})
}
