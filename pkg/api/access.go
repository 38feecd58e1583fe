package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"movify/pkg/fault"
)

// Access is the access class of an operation. The OpenAPI document has it as x-access.
type Access string

// The access classes.
const (
	AccessPublic  Access = "public"  // no credential needed
	AccessAccount Access = "account" // a signed-in account
	AccessAdmin   Access = "admin"   // an owner or admin
	AccessMedia   Access = "media"   // the holder of a media token; the media plane checks it
	AccessWebhook Access = "webhook" // a signed body; the operation checks it
)

// Faults of the edge.
var (
	ErrSignInRequired = fault.New(fault.Unauthenticated, "sign_in_required", "Please sign in.")
	ErrAdminOnly      = fault.New(fault.Forbidden, "admin_only", "Only an administrator of this server may do that.")
	ErrKeyScope       = fault.New(fault.Forbidden, "api_key_scope", "This API key may not be used for that.")
	ErrNoSuchPage     = fault.New(fault.NotFound, "no_such_operation", "The server knows no such address.")
	ErrNoSuchMethod   = fault.New(fault.Invalid, "no_such_method", "That address does not take this method.")
	ErrForeignOrigin  = fault.New(fault.Forbidden, "foreign_origin", "That request came from another web site.")
)

// operation is one entry of the API.
type operation struct {
	access  Access
	kids    bool // every profile may call it
	limited bool // every profile that is not for kids may; without either only a profile without limits
	// choosing: it is part of choosing a profile, so it may be called before one with a PIN was chosen.
	choosing bool
	route    string // "GET /titles/{id}": the method and the path below Prefix
	name     string // operation ID
	summary  string
	status   int // of success; 0 = 200, or 204 without a body
	maxBody  int64
	before   huma.Middlewares
	produce  map[string]*huma.MediaType // of success, when it is not JSON
	bodies   map[int]reflect.Type       // of success by status, when there are several
	plays    bool                       // part of watching: an API key may call it with the scope play
	person   bool                       // no API key may call it, whatever its scopes
}

// scope is the scope of an API key that permits the operation; "" = no key may call it.
func (op operation) scope() string {
	switch {
	case op.person:
		return ""
	case op.access == AccessAdmin:
		return "admin"
	case op.plays:
		return "play"
	case strings.HasPrefix(op.route, http.MethodGet+" "):
		return "read"
	}
	return ""
}

// handler executes an operation for a caller.
type handler[I, O any] func(ctx context.Context, c Caller, in *I) (*O, error)

// maxBody is the largest request body, in bytes, of an operation that does not say otherwise.
const maxBody = 64 << 10

// register is the only way to add an operation: it requires an access class, writes it into the document and enforces it
// before the body is read.
func register[I, O any](a *API, op operation, h handler[I, O]) {
	method, path, _ := strings.Cut(op.route, " ")
	path = Prefix + path
	a.classify(op.access, method, path)
	if op.maxBody == 0 {
		op.maxBody = maxBody
	}
	responses := map[string]*huma.Response{"default": {
		Description: "A problem (RFC 9457)",
		Content:     map[string]*huma.MediaType{problemType: {Schema: a.problemSchema()}},
	}}
	if op.produce != nil {
		responses["200"] = &huma.Response{Description: "OK", Content: op.produce}
	}
	for status, body := range op.bodies {
		responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{"application/json": {Schema: a.schemaOf(body)}},
		}
	}
	huma.Register(a.huma, huma.Operation{
		OperationID:     op.name,
		Method:          method,
		Path:            path,
		Summary:         op.summary,
		DefaultStatus:   op.status,
		MaxBodyBytes:    op.maxBody,
		BodyReadTimeout: a.o.BodyWithin,
		Responses:       responses,
		Middlewares:     append(huma.Middlewares{a.admit(op)}, op.before...),
		Extensions:      op.extensions(),
	}, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, callerOf(ctx), in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// answer registers an operation whose response body is an X and that sets no header of its own.
func answer[I, X any](a *API, op operation, h func(ctx context.Context, c Caller, in *I) (X, error)) {
	register(a, op, func(ctx context.Context, c Caller, in *I) (*body[X], error) {
		x, err := h(ctx, c, in)
		return &body[X]{x}, err
	})
}

// items registers an operation whose response body is a whole list: {"items": […]}.
func items[I, X any](a *API, op operation, h func(ctx context.Context, c Caller, in *I) ([]X, error)) {
	answer(a, op, func(ctx context.Context, c Caller, in *I) (list[X], error) {
		all, err := h(ctx, c, in)
		return list[X]{all}, err
	})
}

// command registers an operation without a response body: 204 unless op says otherwise.
func command[I any](a *API, op operation, h func(ctx context.Context, c Caller, in *I) error) {
	register(a, op, func(ctx context.Context, c Caller, in *I) (*struct{}, error) { return nil, h(ctx, c, in) })
}

// withoutInput is the handler of a method that needs nothing of the request.
func withoutInput[X any](f func(context.Context) (X, error)) func(context.Context, Caller, *struct{}) (X, error) {
	return func(ctx context.Context, _ Caller, _ *struct{}) (X, error) { return f(ctx) }
}

// ofCaller is the handler of a method that needs the principal alone.
func ofCaller[X any](
	f func(context.Context, Principal) (X, error),
) func(context.Context, Caller, *struct{}) (X, error) {
	return func(ctx context.Context, c Caller, _ *struct{}) (X, error) { return f(ctx, c.Principal) }
}

// ofCallerByID is the handler of a method that needs the principal and the ID in the path.
func ofCallerByID[K ~string, X any](
	f func(context.Context, Principal, K) (X, error),
) func(context.Context, Caller, *byID) (X, error) {
	return func(ctx context.Context, c Caller, in *byID) (X, error) { return f(ctx, c.Principal, K(in.ID)) }
}

// commandOfCaller is the handler of a command that needs the principal and the ID in the path.
func commandOfCaller[K ~string](
	f func(context.Context, Principal, K) error,
) func(context.Context, Caller, *byID) error {
	return func(ctx context.Context, c Caller, in *byID) error { return f(ctx, c.Principal, K(in.ID)) }
}

// body is a request or response that is a JSON body alone. The name of T is that of its schema in the document.
type body[T any] struct{ Body T }

// list is the body of operations that answer with a whole list.
type list[T any] struct {
	Items []T `json:"items"`
}

// The parameters that many operations take. The router does not look into an embedded struct, so each is written out.
type (
	byID struct {
		ID string `path:"id" maxLength:"64"`
	}
	byFileID struct {
		FileID string `path:"fileId" maxLength:"64"`
	}
	byTitleID struct {
		TitleID string `path:"titleId" maxLength:"64"`
	}
	bodyByID[T any] struct {
		ID   string `path:"id" maxLength:"64"`
		Body T
	}
)

// plain adds a route outside Prefix and the OpenAPI document.
func (a *API) plain(access Access, path string, h http.HandlerFunc) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		a.classify(access, method, path)
		a.engine.Handle(method, path, gin.WrapF(h))
	}
}

// mount adds a handler outside gin, so that no middleware wraps its writer.
func (a *API) mount(access Access, path string, h http.Handler) {
	a.classify(access, "ANY", path)
	a.mux.Handle(path, h)
}

// classify records a route's access class. It panics without one: a programming error that must not reach production.
func (a *API) classify(access Access, method, path string) {
	switch access {
	case AccessPublic, AccessAccount, AccessAdmin, AccessMedia, AccessWebhook:
	default:
		panic(fmt.Sprintf("api: %s %s has access class %q", method, path, access))
	}
	a.classes[method+" "+path] = access
}

// extensions are the x- fields of the operation in the document.
func (op operation) extensions() map[string]any {
	out := map[string]any{"x-access": op.access}
	switch {
	case op.kids:
		out["x-profiles"] = "all"
	case op.limited:
		out["x-profiles"] = "not-kids"
	case op.access == AccessAccount || op.access == AccessAdmin:
		out["x-profiles"] = "without-limits"
	}
	return out
}

// admit is the middleware that checks a caller against the operation. A refused request is answered with a problem.
func (a *API) admit(op operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c, err := a.identify(ctx)
		switch {
		case op.access == AccessPublic || op.access == AccessWebhook:
			c.expired, err = err, nil
		case err == nil && !c.Signed:
			err = ErrSignInRequired
		case err == nil && c.Undecided && !op.choosing:
			err = ErrChooseProfile
		case err == nil && c.Kids && !op.kids:
			err = ErrKidsProfile
		case err == nil && c.Restricted && !op.kids && !op.limited:
			err = ErrLimitedProfile
		case err == nil && op.access == AccessAdmin && !c.Admin:
			err = ErrAdminOnly
		case err == nil && c.Scopes != nil && !slices.Contains(c.Scopes, op.scope()):
			err = ErrKeyScope
		}
		if err != nil {
			a.writeProblem(ctx, a.problem(ctx.Context(), err))
			return
		}
		next(huma.WithValue(ctx, callerKey{}, c))
	}
}
