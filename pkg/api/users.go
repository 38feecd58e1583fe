package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// Users is all accounts and the invitations, for administrators. An operation for the owner alone is a Forbidden fault.
type Users interface {
	Users(ctx context.Context) ([]UserRow, error)
	// Change changes the rights of an account. One that is disabled or loses rights is signed out everywhere.
	Change(ctx context.Context, p Principal, a id.Account, r Rights) (UserRow, error)
	// RemoveUser deletes an account and all its data. The owner's and the caller's own are Conflicts.
	RemoveUser(ctx context.Context, p Principal, a id.Account) error
	// ResetLink makes a link that permits to choose a new password for the account.
	ResetLink(ctx context.Context, p Principal, a id.Account, c Client) (Link, error)
	Invites(ctx context.Context) ([]Invite, error)
	// Invite makes an invitation; its code is in this answer only.
	Invite(ctx context.Context, p Principal, w InviteWish, c Client) (Invite, error)
	DropInvite(ctx context.Context, i id.Invite) error
}

// UserRow is an account as the users page shows it.
type UserRow struct {
	Account    Account `json:"account"`
	Profiles   int     `json:"profiles"`
	LastSeenMs int64   `json:"lastSeenMs,omitempty"`
	SignIns    int     `json:"signIns" doc:"Open ones."`
	Disabled   bool    `json:"disabled"`

	Libraries *[]string `json:"libraries,omitempty" doc:"IDs of the library folders it sees; absent = all."`
	Channels  *[]string `json:"channels,omitempty" doc:"IDs of the channels it sees; absent = everything."`
}

// Rights are the fields of an account that an administrator may change.
type Rights struct {
	Role         *string `json:"role,omitempty" enum:"owner,admin,member" doc:"owner hands the server over."`
	Disabled     *bool   `json:"disabled,omitempty"`
	Streams      *int    `json:"streams,omitempty" minimum:"1" maximum:"50" doc:"Playbacks at once."`
	ProfileLimit *int    `json:"profileLimit,omitempty" minimum:"1" maximum:"50"`

	Libraries Optional[[]string] `json:"libraries,omitempty" maxItems:"200" doc:"IDs of the library folders it may see and no others; null = all of them. Only a member is limited."`
	Channels  Optional[[]string] `json:"channels,omitempty" maxItems:"200" doc:"IDs of the channels it may see and nothing else; null = everything."`
}

// Link is a URL with a secret code.
type Link struct {
	URL       string `json:"url"`
	ExpiresMs int64  `json:"expiresMs"`
}

// InviteWish describes an invitation to make.
type InviteWish struct {
	Email string `json:"email,omitempty" maxLength:"254" doc:"Whom it is for; it is sent there when the server sends letters."`
	Role  string `json:"role,omitempty" enum:"admin,member"`
	Days  int    `json:"days,omitempty" minimum:"1" maximum:"90" doc:"How long it is open; a week unless said."`
}

// Invite is an invitation.
type Invite struct {
	ID        string `json:"id"`
	Code      string `json:"code,omitempty" doc:"Only when it was made just now."`
	URL       string `json:"url,omitempty" doc:"Likewise."`
	Email     string `json:"email,omitempty"`
	Role      string `json:"role" enum:"admin,member"`
	CreatedMs int64  `json:"createdMs"`
	ExpiresMs int64  `json:"expiresMs"`
	UsedMs    int64  `json:"usedMs,omitempty"`
}

func (a *API) registerUsers() {
	items(a, operation{access: AccessAdmin, route: "GET /users", name: "listUsers", summary: "Every account"},
		withoutInput(a.o.Users.Users))
	answer(a, operation{
		access: AccessAdmin, person: true, route: "PATCH /users/{id}", name: "changeUser",
		summary: "Change what an account may do",
	}, func(ctx context.Context, c Caller, in *bodyByID[Rights]) (UserRow, error) {
		return a.o.Users.Change(ctx, c.Principal, id.Account(in.ID), in.Body)
	})
	command(a, operation{
		access: AccessAdmin, person: true, route: "DELETE /users/{id}", name: "deleteUser",
		summary: "Delete an account and everything that is kept about it",
	}, commandOfCaller(a.o.Users.RemoveUser))
	answer(a, operation{
		access: AccessAdmin, person: true, route: "POST /users/{id}/reset-link", name: "makeResetLink",
		summary: "Make a link to choose a new password",
	}, func(ctx context.Context, c Caller, in *byID) (Link, error) {
		return a.o.Users.ResetLink(ctx, c.Principal, id.Account(in.ID), c.Client)
	})
	items(a, operation{access: AccessAdmin, route: "GET /invites", name: "listInvites", summary: "Invitations"},
		withoutInput(a.o.Users.Invites))
	answer(a, operation{
		access: AccessAdmin, route: "POST /invites", name: "makeInvite", summary: "Invite somebody",
		status: http.StatusCreated,
	}, func(ctx context.Context, c Caller, in *body[InviteWish]) (Invite, error) {
		return a.o.Users.Invite(ctx, c.Principal, in.Body, c.Client)
	})
	command(a, operation{
		access: AccessAdmin, route: "DELETE /invites/{id}", name: "dropInvite", summary: "Take an invitation back",
	}, func(ctx context.Context, _ Caller, in *byID) error {
		return a.o.Users.DropInvite(ctx, id.Invite(in.ID))
	})
}
