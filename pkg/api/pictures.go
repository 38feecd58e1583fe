package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// Pictures are the pictures that people give titles.
type Pictures interface {
	// SetPicture gives a title a picture that goes before what is found or fetched. What is no JPEG, PNG or WebP, or too
	// large, is an Invalid fault.
	SetPicture(ctx context.Context, p Principal, t id.Title, kind PictureKind, data []byte) (TitleDetail, error)
	// DropPicture takes such a picture away: a NotFound fault when there is none.
	DropPicture(ctx context.Context, p Principal, t id.Title, kind PictureKind) (TitleDetail, error)
}

// maxTitlePicture is the largest picture of a title that may be uploaded, in bytes.
const maxTitlePicture = 20 << 20

func (a *API) registerPictures() {
	type detailOutput struct{ Body TitleDetail }
	type uploadInput struct {
		ID      string `path:"id" maxLength:"64"`
		Kind    string `path:"kind" enum:"poster,backdrop,landscape,logo,banner,thumb"`
		RawBody []byte `contentType:"image/*"`
	}
	register(a, operation{
		access: AccessAdmin, method: http.MethodPut, path: "/titles/{id}/pictures/{kind}", name: "setTitlePicture",
		summary: "Give a title a JPEG, PNG or WebP picture", maxBody: maxTitlePicture,
	}, func(ctx context.Context, c Caller, in *uploadInput) (*detailOutput, error) {
		d, err := a.o.Pictures.SetPicture(ctx, c.Principal, id.Title(in.ID), PictureKind(in.Kind), in.RawBody)
		return &detailOutput{Body: d}, err
	})

	type dropInput struct {
		ID   string `path:"id" maxLength:"64"`
		Kind string `path:"kind" enum:"poster,backdrop,landscape,logo,banner,thumb"`
	}
	register(a, operation{
		access: AccessAdmin, method: http.MethodDelete, path: "/titles/{id}/pictures/{kind}", name: "dropTitlePicture",
		summary: "Take an uploaded picture of a title away: the one found beside its film is shown again",
	}, func(ctx context.Context, c Caller, in *dropInput) (*detailOutput, error) {
		d, err := a.o.Pictures.DropPicture(ctx, c.Principal, id.Title(in.ID), PictureKind(in.Kind))
		return &detailOutput{Body: d}, err
	})
}
