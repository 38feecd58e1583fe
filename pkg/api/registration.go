package api

import (
	"context"
	"net/http"
)

// Registrations is how people come to an account and back into one. What a stranger may ask is counted by address; too
// much of it is a Limited fault.
type Registrations interface {
	// Terms gives what a newcomer meets.
	Terms() Terms
	// Register makes an account and signs it in. A way in that is shut is a Forbidden fault, fields that do not do are one
	// Invalid fault that names each, an address with an account is a Conflict.
	Register(ctx context.Context, r Register, c Client) (Grant, error)
	// Invited tells what an invitation's code is good for.
	Invited(ctx context.Context, code string) (InviteCheck, error)
	// CheckPassword gives an Invalid fault with the reason when a password does not do. email may be empty.
	CheckPassword(ctx context.Context, password, email string, c Client) error
	// AskReset has a letter sent if the address has an account. Whether it has shows in nothing.
	AskReset(ctx context.Context, email string, c Client) error
	// Reset gives the account of a letter's code a new password and ends its sign-ins, or is a Forbidden fault.
	Reset(ctx context.Context, code, password string, c Client) error
	// ConfirmEmail gives the account of a letter's code its new address, or is a Forbidden fault.
	ConfirmEmail(ctx context.Context, code string, c Client) error
}

// Terms are what a newcomer meets.
type Terms struct {
	Registration string
	MinPassword  int
	Consent      string // version; empty = none is asked for
	Mail         bool   // whether letters can be sent
}

// Consent is what newcomers agree to.
type Consent struct {
	Version string `json:"version"`
}

// Register is what a newcomer says.
type Register struct {
	Email     string `json:"email" maxLength:"254"`
	FirstName string `json:"firstName" maxLength:"320"`
	LastName  string `json:"lastName" maxLength:"320"`
	Password  string `json:"password" maxLength:"512"`
	Invite    string `json:"invite,omitempty" maxLength:"64" doc:"Code of an invitation."`
	Consent   string `json:"consent,omitempty" maxLength:"64" doc:"Version of the terms that was agreed to."`
	Language  string `json:"language,omitempty" maxLength:"35" doc:"BCP 47."`
}

// InviteCheck tells whether an invitation is open.
type InviteCheck struct {
	Valid bool   `json:"valid" doc:"false alike for a code that is unknown, used or over."`
	Email string `json:"email,omitempty" doc:"Whom it is for."`
}

// PasswordRules are what a password must be.
type PasswordRules struct {
	MinLength int `json:"minLength" doc:"Characters."`
}

// PasswordCheck tells whether a password does.
type PasswordCheck struct {
	OK     bool   `json:"ok"`
	Reason string `json:"reason,omitempty" doc:"In plain words."`
}

// codeInput is the code of a letter or an invitation. It is a secret: the log keeps routes, not paths.
type codeInput struct {
	Code string `path:"code" maxLength:"64"`
}

func (a *API) registerRegistration() {
	register(a, operation{
		access: AccessPublic, route: "POST /auth/register", name: "register", summary: "Make an account and sign it in",
	}, func(ctx context.Context, c Caller, in *body[Register]) (*signedInOutput, error) {
		g, err := a.o.Registrations.Register(ctx, in.Body, c.Client)
		return a.signedIn(ctx, c, g, err)
	})
	answer(a, operation{
		access: AccessPublic, route: "GET /auth/invites/{code}", name: "checkInvite",
		summary: "Whether an invitation is open",
	}, func(ctx context.Context, _ Caller, in *codeInput) (InviteCheck, error) {
		return a.o.Registrations.Invited(ctx, in.Code)
	})
	answer(a, operation{
		access: AccessPublic, route: "GET /auth/password-rules", name: "getPasswordRules", summary: "What a password must be",
	}, func(context.Context, Caller, *struct{}) (PasswordRules, error) {
		return PasswordRules{MinLength: a.o.Registrations.Terms().MinPassword}, nil
	})

	type passwordCheckInput struct {
		Body struct {
			Password string `json:"password" maxLength:"512"`
			Email    string `json:"email,omitempty" maxLength:"254"`
		}
	}
	answer(a, operation{
		access: AccessPublic, route: "POST /auth/password-strength", name: "checkPassword",
		summary: "Whether a password would do",
	}, func(ctx context.Context, c Caller, in *passwordCheckInput) (PasswordCheck, error) {
		err := a.o.Registrations.CheckPassword(ctx, in.Body.Password, in.Body.Email, c.Client)
		if err == nil {
			return PasswordCheck{OK: true}, nil
		}
		if p := problemOf(err); p.Status == http.StatusUnprocessableEntity {
			return PasswordCheck{Reason: p.Detail}, nil
		}
		return PasswordCheck{}, err
	})

	type askResetInput struct {
		Body struct {
			Email string `json:"email" maxLength:"254"`
		}
	}
	command(a, operation{
		access: AccessPublic, route: "POST /auth/reset", name: "askReset",
		summary: "Have a letter sent with a link to choose a new password; the answer is the same for every address",
		status:  http.StatusAccepted,
	}, func(ctx context.Context, c Caller, in *askResetInput) error {
		return a.o.Registrations.AskReset(ctx, in.Body.Email, c.Client)
	})

	type newPasswordInput struct {
		Code string `path:"code" maxLength:"64"` // the router does not look into an embedded struct
		Body struct {
			Password string `json:"password" maxLength:"512"`
		}
	}
	command(a, operation{
		access: AccessPublic, route: "POST /auth/reset/{code}", name: "resetPassword", summary: "Choose a new password",
	}, func(ctx context.Context, c Caller, in *newPasswordInput) error {
		return a.o.Registrations.Reset(ctx, in.Code, in.Body.Password, c.Client)
	})
	command(a, operation{
		access: AccessPublic, route: "POST /account/email/{code}", name: "confirmEmail",
		summary: "Confirm a new e-mail address",
	}, func(ctx context.Context, c Caller, in *codeInput) error {
		return a.o.Registrations.ConfirmEmail(ctx, in.Code, c.Client)
	})
}
