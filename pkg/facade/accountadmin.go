package facade

import (
	"context"

	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/id"
)

var (
	_ api.OwnAccount = (*accountFacade)(nil)
	_ api.Users      = (*accountFacade)(nil)
)

// ChangeDetails changes names and language of an account.
func (p *accountFacade) ChangeDetails(ctx context.Context, who api.Principal, d api.Details) (api.Account, error) {
	a, err := p.accounts.ChangeDetails(ctx, who.Account, account.Details{FirstName: d.FirstName, LastName: d.LastName,
		Language: d.Language})
	return shownAccount(a), err
}

// ChangeEmail changes the address of an account, or sends a confirmation link.
func (p *accountFacade) ChangeEmail(
	ctx context.Context, who api.Principal, email, password string, c api.Client,
) (api.Account, bool, error) {
	if err := p.auth.Confirm(ctx, who.Account, password, c.Address); err != nil {
		return api.Account{}, false, err
	}
	a, done, err := p.accounts.ChangeEmail(ctx, who.Account, email)
	if done {
		p.auth.Note(ctx, auth.Event{Kind: auth.EmailChanged, Account: who.Account, Address: c.Address})
	}
	return shownAccount(a), done, err
}

// ChangePassword changes the password of an account and ends its other sign-ins.
func (p *accountFacade) ChangePassword(
	ctx context.Context, who api.Principal, current, next string, c api.Client,
) error {
	if err := p.auth.Confirm(ctx, who.Account, current, c.Address); err != nil {
		return err
	}
	if err := p.accounts.SetPassword(ctx, who.Account, next, who.SignIn); err != nil {
		return err
	}
	p.auth.Note(ctx, auth.Event{Kind: auth.PasswordChanged, Account: who.Account, Address: c.Address})
	return nil
}

// Export gives all data of an account.
func (p *accountFacade) Export(ctx context.Context, who api.Principal) (api.Export, error) {
	e, err := p.accounts.Export(ctx, who.Account)
	out := api.Export{MadeMs: e.Made.UnixMilli(), Account: who.Account, Holdings: make(map[string][]map[string]any,
		len(e.Tables))}
	for _, h := range e.Tables {
		out.Holdings[h.Name] = h.Rows
	}
	return out, err
}

// Delete deletes an account.
func (p *accountFacade) Delete(ctx context.Context, who api.Principal, email, password string, c api.Client) error {
	if err := p.auth.Confirm(ctx, who.Account, password, c.Address); err != nil {
		return err
	}
	return p.accounts.Delete(ctx, who.Account, email)
}

// Users lists every account.
func (p *accountFacade) Users(ctx context.Context) ([]api.UserRow, error) {
	rows, err := p.accounts.Users(ctx)
	out := make([]api.UserRow, 0, len(rows))
	for _, r := range rows {
		shown := api.UserRow{
			Account: shownAccount(r.Account), Profiles: r.Profiles, SignIns: r.SignIns, Disabled: !r.Account.Disabled.IsZero(),
			Libraries: optionalList(r.Reach.Roots), Channels: optionalList(r.Reach.Channels),
		}
		if !r.Seen.IsZero() {
			shown.LastSeenMs = r.Seen.UnixMilli()
		}
		out = append(out, shown)
	}
	return out, err
}

// Change changes the rights of an account.
func (p *accountFacade) Change(
	ctx context.Context, who api.Principal, a id.Account, r api.Rights,
) (api.UserRow, error) {
	if _, err := p.accounts.SetRights(ctx, who.Account, a, account.Rights{
		Role: (*account.Role)(r.Role), Disabled: r.Disabled, Streams: r.Streams, ProfileLimit: r.ProfileLimit,
		Reach: account.ReachChange{Roots: listChange[id.Root](r.Libraries),
			Channels: listChange[id.Collection](r.Channels)}}); err != nil {
		return api.UserRow{}, err
	}
	if r.Libraries.Set || r.Channels.Set {
		if err := p.review(ctx); err != nil {
			return api.UserRow{}, err
		}
	}
	rows, err := p.Users(ctx)
	if err != nil {
		return api.UserRow{}, err
	}
	for _, row := range rows {
		if row.Account.ID == string(a) {
			return row, nil
		}
	}
	return api.UserRow{}, account.ErrNoAccount // it was deleted by another request
}

// listChange converts a change of a list: unchanged, no limit, or these values.
func listChange[T ~string](in api.Optional[[]string]) account.FieldChange[[]T] {
	if !in.Set || in.Value == nil {
		return account.FieldChange[[]T]{Set: in.Set}
	}
	list := make([]T, 0, len(*in.Value))
	for _, x := range *in.Value {
		list = append(list, T(x))
	}
	return account.To(list)
}

// optionalList converts a list; nil is no limit.
func optionalList[T ~string](in []T) *[]string {
	if in == nil {
		return nil
	}
	list := make([]string, 0, len(in))
	for _, x := range in {
		list = append(list, string(x))
	}
	return &list
}

// RemoveUser deletes another account.
func (p *accountFacade) RemoveUser(ctx context.Context, who api.Principal, a id.Account) error {
	return p.accounts.RemoveUser(ctx, who.Account, a)
}

// ResetLink makes a link to choose a new password.
func (p *accountFacade) ResetLink(
	ctx context.Context, who api.Principal, a id.Account, c api.Client,
) (api.Link, error) {
	code, expires, err := p.accounts.ResetCode(ctx, who.Account, a)
	if err != nil {
		return api.Link{}, err
	}
	return api.Link{URL: c.Base + account.ResetPath(code), ExpiresMs: expires.UnixMilli()}, nil
}

// Invites lists the invitations.
func (p *accountFacade) Invites(ctx context.Context) ([]api.Invite, error) {
	all, err := p.accounts.Invites(ctx)
	out := make([]api.Invite, 0, len(all))
	for _, i := range all {
		out = append(out, shownInvite(i))
	}
	return out, err
}

// Invite makes an invitation.
func (p *accountFacade) Invite(
	ctx context.Context, who api.Principal, w api.InviteWish, c api.Client,
) (api.Invite, error) {
	i, code, err := p.accounts.Invite(ctx, who.Account, account.InviteRequest{Email: w.Email, Role: account.Role(w.Role),
		Days: w.Days})
	if err != nil {
		return api.Invite{}, err
	}
	out := shownInvite(i)
	out.Code, out.URL = code, c.Base+account.JoinPath(code)
	return out, nil
}

// DropInvite revokes an invitation.
func (p *accountFacade) DropInvite(ctx context.Context, i id.Invite) error {
	return p.accounts.DropInvite(ctx, i)
}

func shownInvite(i account.Invite) api.Invite {
	out := api.Invite{
		ID: string(i.ID), Email: i.Email, Role: string(i.Role), CreatedMs: i.Created.UnixMilli(),
		ExpiresMs: i.Expires.UnixMilli()}
	if !i.Used.IsZero() {
		out.UsedMs = i.Used.UnixMilli()
	}
	return out
}

func shownAccount(a account.Account) api.Account {
	return api.Account{
		ID: string(a.ID), Email: a.Email, FirstName: a.FirstName, LastName: a.LastName, Name: a.Name(), Role: string(a.Role),
		Language: a.Language, CreatedMs: a.Created.UnixMilli(), ConsentVersion: a.Consent.Version, Streams: a.Streams,
		ProfileLimit: a.ProfileLimit, HasPassword: a.HasPassword, EmailConfirmed: !a.EmailProven.IsZero(),
	}
}
