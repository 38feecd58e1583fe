package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// OwnAccount is the settings of the caller's own account. Operations that a borrowed browser must not do require the
// password; a wrong one is a Forbidden fault, too many of them a Limited one.
type OwnAccount interface {
	// ChangeDetails changes names and language.
	ChangeDetails(ctx context.Context, p Principal, d Details) (Account, error)
	// ChangeEmail changes the address at once, and done is true, or sends a letter to the new one.
	ChangeEmail(ctx context.Context, p Principal, email, password string, c Client) (a Account, done bool, err error)
	// ChangePassword changes the password and ends the account's other sign-ins.
	ChangePassword(ctx context.Context, p Principal, current, next string, c Client) error
	// Export gives all data of the account.
	Export(ctx context.Context, p Principal) (Export, error)
	// Delete deletes the account and all its data. email must be its address. The owner's is a Conflict.
	Delete(ctx context.Context, p Principal, email, password string, c Client) error
}

// Details are the fields of an account that its person may change.
type Details struct {
	FirstName *string `json:"firstName,omitempty" maxLength:"320"`
	LastName  *string `json:"lastName,omitempty" maxLength:"320"`
	Language  *string `json:"language,omitempty" maxLength:"35" doc:"BCP 47."`
}

// Export is all data of an account, in named lists.
type Export struct {
	Brand    string                      `json:"brand"`
	MadeMs   int64                       `json:"madeMs"`
	Account  id.Account                  `json:"accountId"`
	Holdings map[string][]map[string]any `json:"holdings" doc:"Lists of what is kept, by its name: account, profiles, signIns, …"`
}

func (a *API) registerAccounts() {
	answer(a, operation{
		access: AccessAccount, person: true, route: "PATCH /account", name: "changeAccount",
		summary: "Change names and language",
	}, func(ctx context.Context, c Caller, in *body[Details]) (Account, error) {
		return a.o.OwnAccount.ChangeDetails(ctx, c.Principal, in.Body)
	})

	type newEmailInputBody struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"512"`
	}
	type emailOutput struct {
		Status int
		Body   Account
	}
	register(a, operation{
		access: AccessAccount, person: true, route: "POST /account/email", name: "changeEmail",
		summary: "Change the e-mail address: 200 when it is changed, 202 when a letter went to the new one",
	}, func(ctx context.Context, c Caller, in *body[newEmailInputBody]) (*emailOutput, error) {
		x, done, err := a.o.OwnAccount.ChangeEmail(ctx, c.Principal, in.Body.Email, in.Body.Password, c.Client)
		if done {
			return &emailOutput{Status: http.StatusOK, Body: x}, err
		}
		return &emailOutput{Status: http.StatusAccepted, Body: x}, err
	})

	type changePasswordInputBody struct {
		Current string `json:"current" maxLength:"512"`
		Next    string `json:"next" maxLength:"512"`
	}
	command(a, operation{
		access: AccessAccount, person: true, route: "POST /account/password", name: "changePassword",
		summary: "Change the password and end all other sign-ins",
	}, func(ctx context.Context, c Caller, in *body[changePasswordInputBody]) error {
		return a.o.OwnAccount.ChangePassword(ctx, c.Principal, in.Body.Current, in.Body.Next, c.Client)
	})

	type exportOutput struct {
		Disposition string `header:"Content-Disposition"`
		Body        Export
	}
	register(a, operation{
		access: AccessAccount, person: true, route: "GET /account/export", name: "exportAccount",
		summary: "Everything that is kept about the account",
	}, func(ctx context.Context, c Caller, _ *struct{}) (*exportOutput, error) {
		e, err := a.o.OwnAccount.Export(ctx, c.Principal)
		e.Brand = a.o.Brand
		return &exportOutput{Disposition: `attachment; filename="account.json"`, Body: e}, err
	})

	type deleteAccountInputBody struct {
		Password string `json:"password" maxLength:"512"`
		Email    string `json:"email" maxLength:"254" doc:"The account's address, as a check that this is meant."`
	}
	register(a, operation{
		access: AccessAccount, person: true, route: "DELETE /account", name: "deleteAccount",
		summary: "Delete the account and everything that is kept about it", status: http.StatusNoContent,
	}, func(ctx context.Context, c Caller, in *body[deleteAccountInputBody]) (*cookieOutput, error) {
		if err := a.o.OwnAccount.Delete(ctx, c.Principal, in.Body.Email, in.Body.Password, c.Client); err != nil {
			return nil, err
		}
		return &cookieOutput{SetCookie: noCookies(c.HTTPS)}, nil
	})
}
