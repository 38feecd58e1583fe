package facade

import (
	"context"
	"errors"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/pkg/queue"
	"movify/transcoder"
)

// playbacks implements api.Playbacks with the player.
type playbacks struct {
	streams    *streams
	transcoder *transcoder.Service
}

var _ api.Playbacks = (*playbacks)(nil)

// Playbacks lists the running playbacks of all accounts.
func (p *playbacks) Playbacks(ctx context.Context, who api.Principal) ([]api.Playback, error) {
	all := p.streams.player.Playbacks()
	ids := make([]id.Title, 0, len(all))
	for _, x := range all {
		ids = append(ids, x.Title)
	}
	asker, err := p.streams.accounts.Profile(ctx, who.Profile)
	if err != nil {
		return nil, err
	}
	cards, err := p.streams.catalogue.titles.Cards(ctx, audienceOf(asker), ids)
	if err != nil {
		return nil, err
	}
	seen := make(map[id.Title]library.Card, len(cards))
	for _, card := range cards {
		seen[card.ID] = card
	}
	encoding := map[id.Asset]bool{}
	for _, r := range p.transcoder.Running() {
		if r.Class == queue.JIT {
			encoding[r.Asset] = true
		}
	}
	out := make([]api.Playback, 0, len(all))
	for _, x := range all {
		owner, profile, err := p.names(ctx, x.Viewer)
		if err != nil {
			return nil, err
		}
		entry := api.Playback{
			ID: string(x.Session), Account: owner, Profile: profile, Device: deviceName(x.Agent),
			SinceMs: x.Since.UnixMilli(), Way: wayOf(x.Why), Height: x.Lines, Encoding: encoding[x.Asset],
		}
		if card, ok := seen[x.Title]; ok {
			entry.TitleID, entry.Title = string(card.ID), fullName(card)
		}
		out = append(out, entry)
	}
	return out, nil
}

// StopPlayback ends a playback of any account.
func (p *playbacks) StopPlayback(ctx context.Context, x id.Session) error {
	return p.streams.player.StopPlayback(ctx, x)
}

// names are those of a viewer's account and profile; "" of one that was deleted, whose playbacks end in a moment.
func (p *playbacks) names(ctx context.Context, v id.Viewer) (owner, profile string, err error) {
	a, err := p.streams.accounts.Account(ctx, v.Account)
	if err != nil && !errors.Is(err, account.ErrNoAccount) {
		return "", "", err
	}
	x, err := p.streams.accounts.Profile(ctx, v.Profile)
	if err != nil && !errors.Is(err, account.ErrNoProfile) {
		return "", "", err
	}
	return a.Name(), x.Name, nil
}
