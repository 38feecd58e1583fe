package facade

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/player"
)

// streams implements api.Streams with the player.
type streams struct {
	catalogue *catalogueFacade
	player    *player.Service
	accounts  *account.Service
	logger    *slog.Logger
}

var _ api.Streams = (*streams)(nil)

// Streams lists the running playbacks of an account.
func (s *streams) Streams(ctx context.Context, who api.Principal) (api.StreamList, error) {
	all, limit, err := s.player.Streams(ctx, who.Account)
	if err != nil {
		return api.StreamList{}, err
	}
	items, err := s.describe(ctx, who.Viewer(), all)
	return api.StreamList{Items: items, Limit: limit}, err
}

// StopStream ends a playback of the account.
func (s *streams) StopStream(ctx context.Context, who api.Principal, x id.Session) error {
	return s.player.StopStream(ctx, who.Account, x)
}

// refused adds the running playbacks to the player's refusal for the stream limit; every other error stays as it is.
func (s *streams) refused(ctx context.Context, err error) error {
	var full player.StreamLimit
	if !errors.As(err, &full) {
		return err
	}
	items, failed := s.describe(ctx, full.Viewer, full.Streams)
	if failed != nil {
		return failed
	}
	return &api.TooManyStreams{StreamList: api.StreamList{Items: items, Limit: full.Limit}, Cause: full}
}

// streamsFull answers a media request beyond the stream limit.
func (s *streams) streamsFull(w http.ResponseWriter, r *http.Request, l player.StreamLimit) {
	err := s.refused(r.Context(), l)
	var named *api.TooManyStreams
	if !errors.As(err, &named) && r.Context().Err() == nil {
		s.logger.Error("those who play cannot be named", "error", err)
	}
	api.SendProblem(w, err)
}

// describe converts streams for a viewer. Titles that the viewer may not see are left out, and a kids profile may stop only
// its own streams.
func (s *streams) describe(ctx context.Context, v id.Viewer, all []player.Stream) ([]api.Stream, error) {
	ids := make([]id.Title, 0, len(all))
	for _, x := range all {
		ids = append(ids, x.Title)
	}
	asker, err := s.accounts.Profile(ctx, v.Profile)
	if err != nil {
		return nil, err
	}
	cards, err := s.catalogue.titles.Cards(ctx, audienceOf(asker), ids)
	if err != nil {
		return nil, err
	}
	names := make(map[id.Title]string, len(cards))
	for _, card := range cards {
		names[card.ID] = fullName(card)
	}
	out := make([]api.Stream, 0, len(all))
	for _, x := range all {
		profile, err := s.accounts.Profile(ctx, x.Viewer.Profile)
		if err != nil && !errors.Is(err, account.ErrNoProfile) { // a deleted profile plays until its sign-ins have ended
			return nil, err
		}
		out = append(out, api.Stream{ID: string(x.Session), Title: names[x.Title], Profile: profile.Name,
			Device:  deviceName(x.Agent),
			SinceMs: x.Since.UnixMilli(), Own: !asker.Kids, Way: string(x.Way), Height: x.Lines})
	}
	return out, nil
}
