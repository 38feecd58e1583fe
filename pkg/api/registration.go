package api

import (
	"context"
	"net/http"
)

// Registrations is registration, password reset and confirmation of addresses. These operations need no sign-in and are
// rate-limited by address; too many are a Limited fault.
type Registrations interface {
	// Terms gives the conditions for a new account.
	Terms() Terms
	// Register makes an account and signs it in. A closed registration is a Forbidden fault, invalid fields are one Invalid
	// fault that names each, an address with an account is a Conflict.
	Register(ctx context.Context, r Register, c Client) (Grant, error)
	// Invited checks the code of an invitation.
	Invited(ctx context.Context, code string) (InviteCheck, error)
	// CheckPassword gives an Invalid fault with the reason when a password does not satisfy the policy. email may be empty.
	CheckPassword(ctx context.Context, password, email string, c Client) error
	// AskReset sends a letter if the address has an account. Neither result nor time reveals whether it has.
	AskReset(ctx context.Context, email string, c Client) error
	// Reset gives the account of a letter's code a new password and ends its sign-ins, or is a Forbidden fault.
	Reset(ctx context.Context, code, password string, c Client) error
	// ConfirmEmail gives the account of a letter's code its new address, or is a Forbidden fault.
	ConfirmEmail(ctx context.Context, code string, c Client) error
}

// Terms are the conditions for a new account.
type Terms struct {
	Registration string
	MinPassword  int
	Consent      string // version of the terms to accept; empty = none
	Mail         bool   // whether letters can be sent
}

// Consent is the terms to accept at registration.
type Consent struct {
	Version string `json:"version"`
}

// Register is the body of a registration.
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

// PasswordRules are the password policy.
type PasswordRules struct {
	MinLength int `json:"minLength" doc:"Characters."`
}

// PasswordCheck is the result of checking a password against the policy.
type PasswordCheck struct {
	OK     bool   `json:"ok"`
	Reason string `json:"reason,omitempty" doc:"In plain words."`
}

// codeInput is the code of a letter or an invitation. It is a secret: the log has routes, not paths.
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

	type passwordCheckInputBody struct {
		Password string `json:"password" maxLength:"512"`
		Email    string `json:"email,omitempty" maxLength:"254"`
	}
	answer(a, operation{
		access: AccessPublic, route: "POST /auth/password-strength", name: "checkPassword",
		summary: "Whether a password would do",
	}, func(ctx context.Context, c Caller, in *body[passwordCheckInputBody]) (PasswordCheck, error) {
		err := a.o.Registrations.CheckPassword(ctx, in.Body.Password, in.Body.Email, c.Client)
		if err == nil {
			return PasswordCheck{OK: true}, nil
		}
		if p := problemOf(err); p.Status == http.StatusUnprocessableEntity {
			return PasswordCheck{Reason: p.Detail}, nil
		}
		return PasswordCheck{}, err
	})

	type askResetInputBody struct {
		Email string `json:"email" maxLength:"254"`
	}
	command(a, operation{
		access: AccessPublic, route: "POST /auth/reset", name: "askReset",
		summary: "Have a letter sent with a link to choose a new password; the answer is the same for every address",
		status:  http.StatusAccepted,
	}, func(ctx context.Context, c Caller, in *body[askResetInputBody]) error {
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
