package auth

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

// Kind is the kind of a security event.
type Kind string

// The kinds of security event.
const (
	SignedIn        Kind = "sign_in"
	SignInFailed    Kind = "sign_in_failed"
	SignedOut       Kind = "sign_out"
	RefreshReused   Kind = "refresh_reused"   // a used refresh token was presented again: its sign-in was ended
	PasswordChanged Kind = "password_changed" // or reset
	EmailChanged    Kind = "email_changed"
	PINFailed       Kind = "pin_failed"
	TokenElsewhere  Kind = "token_elsewhere" // a media token was used from another network: it was revoked
	MediaRefused    Kind = "media_refused"
	KeyMade         Kind = "api_key_made"
	KeyEnded        Kind = "api_key_ended"
	KeysRotated     Kind = "key_rotated"
	Paired          Kind = "device_paired"
	PairingDenied   Kind = "device_denied"
)

// Event is one line of the security log. It never holds a credential.
type Event struct {
	ID      id.Event
	At      time.Time
	Kind    Kind
	Account id.Account // empty when unknown
	Address string     // IP address
	Detail  string     // for people
}

const (
	keepEvents   = 90 * 24 * time.Hour
	mostEvents   = 100_000
	detailLength = 200 // bytes
)

// Note writes a line into the security log; ID and At are set here. A write error goes to the server's log, because it must
// not prevent a sign-out.
func (s *Service) Note(ctx context.Context, e Event) {
	e.ID, e.At = id.New[id.Event](), s.opts.Clock()
	e.Address, e.Detail = e.Address[:min(64, len(e.Address))], e.Detail[:min(detailLength, len(e.Detail))]
	if err := s.opts.Store.AddEvent(context.WithoutCancel(ctx), e); err != nil {
		s.log.Error("the security log cannot be written", "kind", e.Kind, "error", err)
	}
}

// Events gives up to limit lines of the log, newest first, of one account or, with "", of all; before is the ID of the
// last line of the page before, or "".
func (s *Service) Events(ctx context.Context, a id.Account, before id.Event, limit int) ([]Event, error) {
	out, err := s.opts.Store.Events(ctx, a, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read the security log: %w", err)
	}
	return out, nil
}
