package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// Ages is the rating of titles.
type Ages interface {
	// SetAge rates a title with an age in years; nil takes the rating away.
	SetAge(ctx context.Context, p Principal, t id.Title, age *int) (TitleDetail, error)
}

func (a *API) registerTitleAge() {
	type patchInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Age Optional[int] `json:"age" required:"false" minimum:"0" maximum:"21" doc:"From which age on, in years; null = no rating. That of a series is also that of its episodes without one."`
		}
	}
	type detailOutput struct{ Body TitleDetail }
	register(a, operation{
		access: AccessAdmin, method: http.MethodPatch, path: "/titles/{id}", name: "changeTitle", summary: "Rate a title",
	}, func(ctx context.Context, c Caller, in *patchInput) (*detailOutput, error) {
		if !in.Body.Age.Set {
			d, err := a.o.Catalogue.Title(ctx, c.Principal, id.Title(in.ID))
			return &detailOutput{Body: d}, err
		}
		d, err := a.o.Ages.SetAge(ctx, c.Principal, id.Title(in.ID), in.Body.Age.Value)
		return &detailOutput{Body: d}, err
	})
}
