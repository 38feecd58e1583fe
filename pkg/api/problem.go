package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"movify/pkg/fault"
)

// problemType is the media type of RFC 9457.
const problemType = "application/problem+json"

// Problem is the body of every error response (RFC 9457). Code is stable and is logged as well.
type Problem struct {
	Type   string          `json:"type" doc:"Always about:blank; code tells problems apart."`
	Title  string          `json:"title" doc:"The status in words."`
	Status int             `json:"status"`
	Detail string          `json:"detail" doc:"What went wrong, in words for a viewer."`
	Code   string          `json:"code" doc:"Stable name of the problem."`
	OAuth  string          `json:"error,omitempty" doc:"The word of RFC 6749 section 5.2, in the answers that RFC 8628 describes."`
	Errors []ProblemDetail `json:"errors,omitempty" doc:"The parts of the request that are not valid."`

	Streams   []Stream    `json:"streams,omitempty" doc:"Of stream_limit: who holds the places."`
	Limit     int         `json:"limit,omitempty" doc:"Of stream_limit: how many places there are."`
	Items     []CheckItem `json:"items,omitempty" doc:"What the check of an S3 storage found."`
	TriesLeft *int        `json:"triesLeft,omitempty" doc:"How many more tries there are before a pause."`

	retryAfter time.Duration
	cookies    []http.Cookie
}

// ProblemDetail is one part of a request that is not valid.
type ProblemDetail struct {
	Location string `json:"location" doc:"Where it is: body.email, query.sort, path.id."`
	Message  string `json:"message"`
}

// Error makes a Problem an error that huma writes unchanged.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status huma writes.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers huma adds.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retryAfter.Seconds()))))
	}
	for _, c := range p.cookies {
		h.Add("Set-Cookie", c.String())
	}
	return h
}

// ContentType is the media type huma writes.
func (p *Problem) ContentType(string) string { return problemType }

// statusOf maps the kinds of fault to HTTP. The media plane has a table of its own (player/mediahandler.go): HLS players
// repeat a request after a 503 and give up after most other errors, so a Limited fault is 503 there and not 429; they cannot
// sign in, so Unauthenticated is 403 and not 401; and they do not tell 409 from 422, so a Conflict is 422.
func statusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid, fault.Unsupported:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Limited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// problemOf converts an error to a body; no other function does. The text of an error that is no fault is not shown.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	f := fault.Of(err)
	status := statusOf(f.Kind)
	p = &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: f.Message, Code: f.Code}
	if f.Kind == fault.Internal {
		p.Detail, p.Code = "Something went wrong on the server.", "internal"
	}
	var form interface{ Fields() map[string]string }
	if errors.As(err, &form) {
		for _, name := range slices.Sorted(maps.Keys(form.Fields())) {
			p.Errors = append(p.Errors, ProblemDetail{Location: "body." + name, Message: form.Fields()[name]})
		}
	}
	var full *TooManyStreams
	if errors.As(err, &full) {
		p.Streams, p.Limit = full.Items, full.Limit
	}
	var tries interface{ TriesLeft() int }
	if errors.As(err, &tries) {
		left := tries.TriesLeft()
		p.TriesLeft = &left
	}
	var refused *StorageRefusal
	if errors.As(err, &refused) {
		p.Items = refused.Items
	}
	var waits interface{ RetryAfter() time.Duration }
	switch {
	case errors.As(err, &waits):
		p.retryAfter = waits.RetryAfter()
	case f.Kind == fault.Limited:
		p.retryAfter = 30 * time.Second
	case f.Kind == fault.Unavailable:
		p.retryAfter = 2 * time.Second
	}
	return p
}

// problem is problemOf with a log line for errors of the server itself. A 503 is a warning: the
// hashing places refuse a flood of sign-ins that way.
func (a *API) problem(ctx context.Context, err error) *Problem {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError && ctx.Err() == nil {
		level := slog.LevelError
		if p.Status == http.StatusServiceUnavailable {
			level = slog.LevelWarn
		}
		a.o.Logger.Log(ctx, level, "request failed", "code", p.Code, "error", err)
	}
	return p
}

// problemOfHuma converts the router's own errors (bad JSON, a failed validation) to problems. The offending value is left out:
// it may be a password.
func problemOfHuma(m *huma.ErrorModel) *Problem {
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(m.Status), Status: m.Status,
		Detail: "The request is not valid.", Code: "invalid_request",
	}
	switch m.Status {
	case http.StatusRequestEntityTooLarge:
		p.Detail, p.Code = "The request is too large.", "request_too_large"
	case http.StatusRequestTimeout:
		p.Detail, p.Code = "The request took too long to arrive.", "request_too_slow"
	case http.StatusInternalServerError:
		p.Detail, p.Code = "Something went wrong on the server.", "internal"
	}
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, ProblemDetail{Location: e.Location, Message: e.Message})
	}
	return p
}

// writeProblem ends a request from a huma middleware.
func (a *API) writeProblem(ctx huma.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		for _, v := range values {
			ctx.AppendHeader(name, v)
		}
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.Status)
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p) // the client may have disconnected
}

// sendProblem ends a request outside huma.
func sendProblem(w http.ResponseWriter, p *Problem) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // as above
}

func (a *API) problemSchema() *huma.Schema { return a.schemaOf(reflect.TypeFor[Problem]()) }

// schemaOf gives a reference to the schema of a named type.
func (a *API) schemaOf(t reflect.Type) *huma.Schema {
	return a.huma.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

// recovered converts a panic to an error for the log.
func recovered(value any) error { return fmt.Errorf("panic: %v", value) }
