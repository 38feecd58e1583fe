package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// uploadByID is the upload of an image.
type uploadByID struct {
	ID      string `path:"id" maxLength:"64"`
	RawBody []byte `contentType:"image/*"`
}

// imageByID registers an operation that answers with an image, or with 304 when the browser has it. The browser keeps it
// for an hour; then it asks with the ETag, as the image under one ID may change.
func imageByID[K ~string](a *API, op operation, load func(ctx context.Context, p Principal, x K) (Picture, error)) {
	type input struct {
		ID          string `path:"id" maxLength:"64"`
		IfNoneMatch string `header:"If-None-Match"`
	}
	type output struct {
		Status       int
		ContentType  string `header:"Content-Type"`
		ETag         string `header:"ETag"`
		CacheControl string `header:"Cache-Control"`
		Body         []byte
	}
	op.produce = map[string]*huma.MediaType{"image/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	register(a, op, func(ctx context.Context, c Caller, in *input) (*output, error) {
		p, err := load(ctx, c.Principal, K(in.ID))
		if err != nil {
			return nil, err
		}
		out := &output{http.StatusOK, p.Type, p.ETag, "private, max-age=3600", p.Data}
		if p.ETag != "" && strings.Contains(in.IfNoneMatch, p.ETag) {
			out.Status, out.Body = http.StatusNotModified, nil
		}
		return out, nil
	})
}
