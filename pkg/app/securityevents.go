package app

import (
	"context"

	"movify/pkg/auth"
	"movify/pkg/event"
	"movify/player"
)

// securityEvents writes the player's refusals into the security log and notifies the account.
type securityEvents struct {
	log *auth.Service
	bus *event.Bus
}

var _ player.Alarm = (*securityEvents)(nil)

// Raise logs an incident with the address of the device that asked.
func (s *securityEvents) Raise(ctx context.Context, i player.Incident) {
	kind := auth.MediaRefused
	if i.Kind == player.TokenElsewhere {
		kind = auth.TokenElsewhere
	}
	account := i.Session.Viewer.Account
	s.log.Note(ctx, auth.Event{
		Kind: kind, Account: account, Address: i.Device.Address, Detail: deviceName(i.Device.Agent),
	})
	s.bus.Publish(event.Notice{Topic: event.Viewer, Kind: "security", For: event.Addressee{Account: account}})
}
