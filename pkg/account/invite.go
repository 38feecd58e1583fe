package account

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

const (
	inviteDays    = 7  // the default
	maxInviteDays = 90 // the longest lifetime
	keepInvites   = 30 * 24 * time.Hour
)

// Invite is the right of one person to make an account.
type Invite struct {
	ID      id.Invite
	Email   string // the invited address, normalised; empty = any
	Role    Role
	By      id.Account // empty = the operator
	Created time.Time
	Expires time.Time
	Used    time.Time // zero while it is open
	UsedBy  id.Account
}

// InviteRequest describes an invitation to make. Role "" = Member, Days 0 = a week.
type InviteRequest struct {
	Email string
	Role  Role
	Days  int
}

// Invite makes an invitation and gives its code, of which only the hash is stored; with an address and a mail server a letter
// with the code is sent. Only the owner invites admins.
func (s *Service) Invite(ctx context.Context, by id.Account, w InviteRequest) (Invite, string, error) {
	actor, err := s.administrator(ctx, by)
	if err != nil {
		return Invite{}, "", err
	}
	now := s.opts.Clock()
	i, err := w.invite(now)
	if err != nil {
		return Invite{}, "", err
	}
	switch {
	case s.opts.Registration == Closed:
		return Invite{}, "", ErrClosed.Saying("Registration is closed. Set accounts.registration to invite first.")
	case i.Role == Admin && actor.Role != Owner:
		return Invite{}, "", ErrOwnerOnly.Saying("Only the owner of this server may invite administrators.")
	}
	i.By = by
	code := newCode()
	if err := s.opts.Store.AddInvite(ctx, i, hashCode(code), now.Add(-keepInvites)); err != nil {
		return Invite{}, "", fmt.Errorf("keep an invitation: %w", err)
	}
	if i.Email != "" {
		s.write(ctx, aboutInvite, actor.Language, facts{to: i.Email, who: actor.Name(), link: s.opts.Public + JoinPath(code),
			until: i.Expires})
	}
	return i, code, nil
}

// invite applies the rules of an invitation.
func (w InviteRequest) invite(now time.Time) (Invite, error) {
	i := Invite{ID: id.New[id.Invite](), Role: w.Role, Created: now}
	if w.Role == "" {
		i.Role = Member
	}
	if i.Role != Member && i.Role != Admin {
		return Invite{}, invalidField("role", ErrRole)
	}
	if w.Days == 0 {
		w.Days = inviteDays
	}
	if w.Days < 1 || w.Days > maxInviteDays {
		return Invite{}, invalidField("days",
			ErrLimits.Saying(fmt.Sprintf("An invitation is open for 1 to %d days.", maxInviteDays)))
	}
	i.Expires = now.AddDate(0, 0, w.Days)
	var err error
	if w.Email != "" {
		i.Email, err = checkEmail(w.Email)
	}
	return i, invalidField("email", err)
}

// Invites lists the invitations, the newest first.
func (s *Service) Invites(ctx context.Context) ([]Invite, error) { return s.opts.Store.Invites(ctx) }

// DropInvite revokes an invitation, or gives ErrNoInvite.
func (s *Service) DropInvite(ctx context.Context, i id.Invite) error {
	return s.opts.Store.DropInvite(ctx, i)
}

// InviteOf gives the open invitation of a code, or ErrInvite.
func (s *Service) InviteOf(ctx context.Context, code string) (Invite, error) {
	if s.opts.Registration == Closed {
		return Invite{}, ErrInvite
	}
	return s.opts.Store.InviteOf(ctx, hashCode(code), s.opts.Clock())
}
