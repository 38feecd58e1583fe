package facade

import (
	"context"
	"errors"

	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// ErrOwnerOnly is returned to an administrator who is not the owner.
var ErrOwnerOnly = fault.New(fault.Forbidden, "owner_only", "Only the owner of this server may do that.")

// signIns implements api.SignIns and api.Security with auth.
type signIns struct {
	auth     *auth.Service
	accounts *account.Service
	keyrings map[string]*auth.Keyring // by purpose
}

var (
	_ api.SignIns  = (*signIns)(nil)
	_ api.Security = (*signIns)(nil)
)

// SignIns lists the sign-ins of an account.
func (s *signIns) SignIns(ctx context.Context, p api.Principal) ([]api.Device, error) {
	all, err := s.auth.SignIns(ctx, p.Account)
	out := make([]api.Device, 0, len(all))
	for _, x := range all {
		out = append(out, api.Device{
			ID: string(x.ID), Device: x.Device.Agent, Address: x.Device.Address, CreatedMs: x.Created.UnixMilli(),
			SeenMs:  x.Seen.UnixMilli(),
			Current: x.ID == p.SignIn, Kind: string(x.Client),
		})
	}
	return out, err
}

// EndSignIn ends one of an account's sign-ins.
func (s *signIns) EndSignIn(ctx context.Context, p api.Principal, x id.SignIn) error {
	return s.auth.EndOwnSignIn(ctx, p.Account, x)
}

// EndSignIns ends all of them.
func (s *signIns) EndSignIns(ctx context.Context, p api.Principal, keep bool) error {
	spared := id.SignIn("")
	if keep {
		spared = p.SignIn
	}
	return s.auth.SignOutEverywhere(ctx, p.Account, spared)
}

// Pair begins the pairing of a device.
func (s *signIns) Pair(ctx context.Context, client string, c api.Client) (api.Pairing, error) {
	p, err := s.auth.Pair(ctx, client, device(c))
	return api.Pairing(p), err
}

// Paired gives the tokens of an approved device.
func (s *signIns) Paired(ctx context.Context, deviceCode string, c api.Client) (api.Grant, error) {
	g, err := s.auth.Fetch(ctx, deviceCode, device(c))
	return grant(g), err
}

// Waiting gives the device that shows a code.
func (s *signIns) Waiting(ctx context.Context, p api.Principal, code string, c api.Client) (api.WaitingDevice, error) {
	d, err := s.auth.Waiting(ctx, code, auth.Principal{Account: p.Account}, c.Address)
	return api.WaitingDevice{Client: d.Client, Address: d.Device.Address, ExpiresMs: d.Expires.UnixMilli()}, err
}

// Answer approves or denies it.
func (s *signIns) Answer(ctx context.Context, p api.Principal, code string, approve bool, c api.Client) error {
	return s.auth.Answer(ctx, code, auth.Principal{Account: p.Account}, c.Address, approve)
}

// Log gives lines of the security log.
func (s *signIns) Log(
	ctx context.Context, p api.Principal, all bool, before id.Event, limit int,
) ([]api.SecurityEvent, error) {
	whose := p.Account
	if all {
		whose = ""
	}
	lines, err := s.auth.Events(ctx, whose, before, limit)
	if err != nil {
		return nil, err
	}
	out := make([]api.SecurityEvent, 0, len(lines))
	emails := map[id.Account]string{}
	for _, e := range lines {
		line := api.SecurityEvent{ID: string(e.ID), AtMs: e.At.UnixMilli(), Kind: string(e.Kind), Address: e.Address,
			Detail: e.Detail}
		if e.Account != "" {
			email, err := s.email(ctx, emails, e.Account)
			if err != nil {
				return nil, err
			}
			line.Account = &api.SecurityAccount{ID: string(e.Account), Email: email}
		}
		out = append(out, line)
	}
	return out, nil
}

// email is the address of an account, "" when it was deleted.
func (s *signIns) email(ctx context.Context, known map[id.Account]string, x id.Account) (string, error) {
	if email, ok := known[x]; ok {
		return email, nil
	}
	a, err := s.accounts.Account(ctx, x)
	if err != nil && !errors.Is(err, account.ErrNoAccount) {
		return "", err
	}
	known[x] = a.Email
	return a.Email, nil
}

// APIKeys lists an account's keys.
func (s *signIns) APIKeys(ctx context.Context, p api.Principal) ([]api.APIKey, error) {
	keys, err := s.auth.Keys(ctx, p.Account)
	out := make([]api.APIKey, 0, len(keys))
	for _, k := range keys {
		out = append(out, apiKey(k, ""))
	}
	return out, err
}

// MakeAPIKey gives a new key.
func (s *signIns) MakeAPIKey(ctx context.Context, p api.Principal, name string, scopes []string) (api.APIKey, error) {
	wanted := make([]auth.Scope, 0, len(scopes))
	for _, x := range scopes {
		wanted = append(wanted, auth.Scope(x))
	}
	secret, k, err := s.auth.MakeKey(ctx, auth.Principal{Account: p.Account}, p.Admin, name, wanted)
	return apiKey(k, secret), err
}

// EndAPIKey ends one of an account's keys.
func (s *signIns) EndAPIKey(ctx context.Context, p api.Principal, k id.SignIn) error {
	return s.auth.EndKey(ctx, p.Account, k)
}

// RotateKeys makes a new signing key.
func (s *signIns) RotateKeys(ctx context.Context, p api.Principal, purpose string) error {
	a, err := s.accounts.Account(ctx, p.Account)
	if err != nil {
		return err
	}
	if a.Role != account.Owner {
		return ErrOwnerOnly
	}
	if err := s.keyrings[purpose].Rotate(ctx); err != nil {
		return err
	}
	s.auth.Note(ctx, auth.Event{Kind: auth.KeysRotated, Account: p.Account, Detail: purpose})
	return nil
}

func apiKey(k auth.APIKey, secret string) api.APIKey {
	out := api.APIKey{ID: string(k.ID), Name: k.Name, Hint: k.Hint, Scopes: []string{}, CreatedMs: k.Created.UnixMilli(),
		Key: secret}
	for _, x := range k.Scopes {
		out.Scopes = append(out.Scopes, string(x))
	}
	if !k.Used.IsZero() {
		used := k.Used.UnixMilli()
		out.UsedMs = &used
	}
	return out
}
