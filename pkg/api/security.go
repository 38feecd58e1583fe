package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// Security is the security log, the API keys and the signing keys.
type Security interface {
	// Log gives up to limit lines of the security log, newest first: those of the principal's account or, when all is
	// set, of all accounts. before is the ID of the last line of the page before, or "".
	Log(ctx context.Context, p Principal, all bool, before id.Event, limit int) ([]SecurityEvent, error)
	// APIKeys lists the account's keys that work, oldest first.
	APIKeys(ctx context.Context, p Principal) ([]APIKey, error)
	// MakeAPIKey gives a new key with its secret.
	MakeAPIKey(ctx context.Context, p Principal, name string, scopes []string) (APIKey, error)
	// EndAPIKey ends one of the account's keys, or gives a NotFound fault, also for one of another account.
	EndAPIKey(ctx context.Context, p Principal, k id.SignIn) error
	// RotateKeys makes a new signing key of a purpose; tokens signed by older keys stay valid until they expire. Only the
	// owner may call it.
	RotateKeys(ctx context.Context, p Principal, purpose string) error
}

// SecurityEvent is one line of the security log.
type SecurityEvent struct {
	ID      string           `json:"id"`
	AtMs    int64            `json:"atMs"`
	Kind    string           `json:"kind" doc:"sign_in, sign_in_failed, sign_out, refresh_reused, password_changed, token_elsewhere, media_refused, …"`
	Account *SecurityAccount `json:"account,omitempty"`
	Address string           `json:"address"`
	Detail  string           `json:"detail"`
}

// SecurityAccount is the account of a line.
type SecurityAccount struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

// APIKey is a credential of a program.
type APIKey struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Hint      string   `json:"hint" doc:"Its first characters."`
	Scopes    []string `json:"scopes"`
	CreatedMs int64    `json:"createdMs"`
	UsedMs    *int64   `json:"usedMs,omitempty"`
	Key       string   `json:"key,omitempty" doc:"The key itself, told only when it is made."`
}

// logPage is how many lines of the security log a page has.
const logPage = 50

type logInput struct {
	Cursor id.Event `query:"cursor" maxLength:"64"`
}

type logOutputBody struct {
	Items []SecurityEvent `json:"items"`
	Next  string          `json:"next,omitempty"`
}

func (a *API) registerSecurity() {
	// page is a handler for the log of the account, or that of all accounts.
	page := func(all bool) func(context.Context, Caller, *logInput) (logOutputBody, error) {
		return func(ctx context.Context, c Caller, in *logInput) (out logOutputBody, err error) {
			out.Items, err = a.o.Security.Log(ctx, c.Principal, all, in.Cursor, logPage+1)
			if len(out.Items) > logPage {
				out.Items = out.Items[:logPage]
				out.Next = out.Items[logPage-1].ID
			}
			return out, err
		}
	}
	answer(a, operation{
		access: AccessAdmin, route: "GET /security-log", name: "securityLog",
		summary: "What happened to everybody's sign-ins, newest first",
	}, page(true))
	answer(a, operation{
		access: AccessAccount, person: true, route: "GET /account/security", name: "ownSecurityLog",
		summary: "What happened to this account's sign-ins, newest first",
	}, page(false))
	items(a, operation{
		access: AccessAccount, person: true, route: "GET /api-keys", name: "apiKeys", summary: "Keys of programs",
	}, ofCaller(a.o.Security.APIKeys))
	answer(a, operation{
		access: AccessAccount, person: true, route: "POST /api-keys", name: "makeApiKey", summary: "Make a key for a program",
		status: http.StatusCreated,
	}, func(ctx context.Context, c Caller, in *struct {
		Body struct {
			Name   string   `json:"name" minLength:"1" maxLength:"80"`
			Scopes []string `json:"scopes" minItems:"1" maxItems:"3" enum:"read,play,admin"`
		}
	}) (APIKey, error) {
		return a.o.Security.MakeAPIKey(ctx, c.Principal, in.Body.Name, in.Body.Scopes)
	})
	command(a, operation{
		access: AccessAccount, person: true, route: "DELETE /api-keys/{id}", name: "endApiKey", summary: "End a key",
	}, commandOfCaller(a.o.Security.EndAPIKey))
	command(a, operation{
		access: AccessAdmin, person: true, route: "POST /keys/rotate", name: "rotateKeys", summary: "Make a new signing key",
	}, func(ctx context.Context, c Caller, in *struct {
		Body struct {
			Purpose string `json:"purpose" enum:"access,media"`
		}
	}) error {
		return a.o.Security.RotateKeys(ctx, c.Principal, in.Body.Purpose)
	})
}
