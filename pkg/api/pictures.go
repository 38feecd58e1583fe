package api

import (
	"context"

	"movify/pkg/id"
)

// Pictures are the pictures that people give titles.
type Pictures interface {
	// SetPicture gives a title a picture that takes precedence over found and fetched ones. One that is no JPEG, PNG or WebP, or too
	// large, is an Invalid fault.
	SetPicture(ctx context.Context, p Principal, t id.Title, kind PictureKind, data []byte) (TitleDetail, error)
	// DropPicture takes such a picture away: a NotFound fault when there is none.
	DropPicture(ctx context.Context, p Principal, t id.Title, kind PictureKind) (TitleDetail, error)
}

// maxTitlePicture is the largest picture of a title that may be uploaded, in bytes.
const maxTitlePicture = 20 << 20

func (a *API) registerPictures() {
	answer(a, operation{
		access: AccessAdmin, route: "PUT /titles/{id}/pictures/{kind}", name: "setTitlePicture",
		summary: "Give a title a JPEG, PNG or WebP picture", maxBody: maxTitlePicture,
	}, func(ctx context.Context, c Caller, in *struct {
		ID      string `path:"id" maxLength:"64"`
		Kind    string `path:"kind" enum:"poster,backdrop,landscape,logo,banner,thumb"`
		RawBody []byte `contentType:"image/*"`
	}) (TitleDetail, error) {
		return a.o.Pictures.SetPicture(ctx, c.Principal, id.Title(in.ID), PictureKind(in.Kind), in.RawBody)
	})
	answer(a, operation{
		access: AccessAdmin, route: "DELETE /titles/{id}/pictures/{kind}", name: "dropTitlePicture",
		summary: "Take an uploaded picture of a title away: the one found beside its film is shown again",
	}, func(ctx context.Context, c Caller, in *struct {
		ID   string `path:"id" maxLength:"64"`
		Kind string `path:"kind" enum:"poster,backdrop,landscape,logo,banner,thumb"`
	}) (TitleDetail, error) {
		return a.o.Pictures.DropPicture(ctx, c.Principal, id.Title(in.ID), PictureKind(in.Kind))
	})
}
