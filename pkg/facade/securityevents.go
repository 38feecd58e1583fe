package facade

import (
	"context"

	"movify/pkg/auth"
	"movify/pkg/event"
	"movify/player"
)

// SecurityEvents writes the player's refusals into the security log and notifies the account.
type SecurityEvents struct {
	Log *auth.Service
	Bus *event.Bus
}

var _ player.IncidentReporter = (*SecurityEvents)(nil)

// Raise logs an incident with the address of the device that asked.
func (s *SecurityEvents) Report(ctx context.Context, i player.Incident) {
	kind := auth.MediaRefused
	if i.Kind == player.TokenElsewhere {
		kind = auth.TokenElsewhere
	}
	account := i.Session.Viewer.Account
	s.Log.Note(ctx, auth.Event{
		Kind: kind, Account: account, Address: i.Device.Address, Detail: deviceName(i.Device.Agent),
	})
	s.Bus.Publish(event.Notice{Topic: event.Viewer, Kind: "security", For: event.Addressee{Account: account}})
}
