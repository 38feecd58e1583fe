package api

import (
	"context"
	"net/http"
	"reflect"
)

// Registrations is registration, password reset and confirmation of addresses. These operations need no sign-in and are
// rate-limited by address; too many are a Limited fault.
type Registrations interface {
	// Terms gives the conditions for a new account.
	Terms() Terms
	// Register makes an account and signs it in, and done is true; or a letter goes to its address. A closed registration is
	// a Forbidden fault, invalid fields are one Invalid fault that names each. Where a letter is sent, neither result nor time
	// reveals whether the address has an account; elsewhere that is a Conflict.
	Register(ctx context.Context, r Register, c Client) (g Grant, done bool, err error)
	// FinishRegistration makes the account of a letter's code and signs it in. A code that is not valid and a password that
	// is not the registration's are a Forbidden fault, an address that was given an account meanwhile is a Conflict.
	FinishRegistration(ctx context.Context, code, password string, c Client) (Grant, error)
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

// LetterSent is the answer to a registration that its letter will finish.
type LetterSent struct {
	Letter bool `json:"letter" doc:"true alike for an address with an account and one without."`
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
	type registerOutput struct {
		Status    int
		SetCookie []http.Cookie `header:"Set-Cookie"`
		Body      any
	}
	register(a, operation{
		access: AccessPublic, route: "POST /auth/register", name: "register",
		summary: "Make an account: 200 when it is made and signed in, 202 when the letter to its address is to finish it",
		bodies: map[int]reflect.Type{
			http.StatusOK: reflect.TypeFor[Bootstrap](), http.StatusAccepted: reflect.TypeFor[LetterSent](),
		},
	}, func(ctx context.Context, c Caller, in *body[Register]) (*registerOutput, error) {
		g, done, err := a.o.Registrations.Register(ctx, in.Body, c.Client)
		if err == nil && !done {
			return &registerOutput{Status: http.StatusAccepted, Body: LetterSent{Letter: true}}, nil
		}
		out, err := a.signedIn(ctx, c, g, err)
		if err != nil {
			return nil, err
		}
		return &registerOutput{Status: http.StatusOK, SetCookie: out.SetCookie, Body: out.Body}, nil
	})
	type finishRegistrationInput struct {
		Code string `path:"code" maxLength:"64"` // the router does not look into an embedded struct
		Body struct {
			Password string `json:"password" maxLength:"512" doc:"The one of the registration."`
		}
	}
	register(a, operation{
		access: AccessPublic, route: "POST /auth/register/{code}", name: "finishRegistration",
		summary: "Make the account of a registration by the code in its letter, and sign it in",
	}, func(ctx context.Context, c Caller, in *finishRegistrationInput) (*signedInOutput, error) {
		g, err := a.o.Registrations.FinishRegistration(ctx, in.Code, in.Body.Password, c.Client)
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
