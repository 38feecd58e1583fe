package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"movify/pkg/fault"
)

// Access is who may call an operation. It stands in the OpenAPI document as x-access.
type Access string

// The access classes.
const (
	AccessPublic  Access = "public"  // anybody
	AccessAccount Access = "account" // a signed-in account
	AccessAdmin   Access = "admin"   // an owner or admin
	AccessMedia   Access = "media"   // whoever holds a media token; the media plane checks it
	AccessWebhook Access = "webhook" // whoever signed the body; the operation checks it
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
	kids    bool // every profile may do it
	limited bool // every profile but one for kids may; without either only one without limits
	method  string
	path    string // below Prefix
	name    string // operation ID
	summary string
	status  int // of success; 0 = 200, or 204 without a body
	maxBody int64
	before  huma.Middlewares
	produce map[string]*huma.MediaType // of success, when it is not JSON
	plays   bool                       // part of watching: an API key may call it with the scope play
	person  bool                       // no API key may call it, whatever its scopes
}

// scope is what an API key must have to call the operation; "" is what no key has.
func (op operation) scope() string {
	switch {
	case op.person:
		return ""
	case op.access == AccessAdmin:
		return "admin"
	case op.plays:
		return "play"
	case op.method == http.MethodGet:
		return "read"
	}
	return ""
}

// handler does an operation for a caller.
type handler[I, O any] func(ctx context.Context, c Caller, in *I) (*O, error)

// maxBody is the largest request body, in bytes, of an operation that does not say otherwise.
const maxBody = 64 << 10

// register is the only way to add an operation: it demands an access class, writes it into the document and enforces it
// before the body is read.
func register[I, O any](a *API, op operation, h handler[I, O]) {
	path := Prefix + op.path
	a.classify(op.access, op.method, path)
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
	huma.Register(a.huma, huma.Operation{
		OperationID:     op.name,
		Method:          op.method,
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

// plain adds a route that speaks no JSON, outside Prefix.
func (a *API) plain(access Access, path string, h http.HandlerFunc) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		a.classify(access, method, path)
		a.engine.Handle(method, path, gin.WrapF(h))
	}
}

// mount puts a handler beside gin, where no middleware wraps its writer.
func (a *API) mount(access Access, path string, h http.Handler) {
	a.classify(access, "ANY", path)
	a.mux.Handle(path, h)
}

// classify records a route's class. A route without one is a mistake of the programmer that must not start.
func (a *API) classify(access Access, method, path string) {
	switch access {
	case AccessPublic, AccessAccount, AccessAdmin, AccessMedia, AccessWebhook:
	default:
		panic(fmt.Sprintf("api: %s %s has access class %q", method, path, access))
	}
	a.classes[method+" "+path] = access
}

// extensions is what the document says of the operation beyond the standard.
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

// admit lets a request of an operation pass, or ends it with a problem.
func (a *API) admit(op operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c, err := a.identify(ctx)
		switch {
		case op.access == AccessPublic || op.access == AccessWebhook:
			c.expired, err = err, nil
		case err == nil && !c.Signed:
			err = ErrSignInRequired
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
