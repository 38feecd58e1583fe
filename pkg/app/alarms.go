package app

import (
	"context"

	"movify/pkg/auth"
	"movify/pkg/event"
	"movify/player"
)

// alarms writes what the player refuses into the security log and tells the account that there is something to read.
type alarms struct {
	log *auth.Service
	bus *event.Bus
}

var _ player.Alarm = (*alarms)(nil)

// Raise notes an incident. The address is that of the device that asked.
func (a *alarms) Raise(ctx context.Context, i player.Incident) {
	kind := auth.MediaRefused
	if i.Kind == player.TokenElsewhere {
		kind = auth.TokenElsewhere
	}
	account := i.Session.Viewer.Account
	a.log.Note(ctx, auth.Event{Kind: kind, Account: account, Address: i.Device.Address, Detail: deviceName(i.Device.Agent)})
	a.bus.Publish(event.Notice{Topic: event.Viewer, Kind: "security", For: event.Addressee{Account: account}})
}
