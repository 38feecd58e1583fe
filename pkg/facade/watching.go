package facade

import (
	"context"
	"time"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/player"
)

// pageLength is the number of entries on a page of the history or of the list.
const pageLength = 60

// watching implements api.Watching with the player.
type watching struct {
	catalogue *catalogueFacade
	player    *player.Service
}

var _ api.Watching = (*watching)(nil)

// History gives one page of the history, without removed titles.
func (w *watching) History(ctx context.Context, who api.Principal, cursor string) (api.HistoryPage, error) {
	visits, next, err := w.player.History(ctx, who.Profile, cursor, pageLength)
	if err != nil {
		return api.HistoryPage{}, err
	}
	ids := make([]id.Title, 0, len(visits))
	for _, v := range visits {
		ids = append(ids, v.Title)
	}
	cards, err := w.cards(ctx, who, ids)
	if err != nil {
		return api.HistoryPage{}, err
	}
	byID := make(map[id.Title]api.TitleCard, len(cards))
	for _, card := range cards {
		byID[id.Title(card.ID)] = card
	}
	page := api.HistoryPage{Next: next}
	for _, v := range visits {
		if card, ok := byID[v.Title]; ok {
			page.Items = append(page.Items, api.Visit{
				ID: v.ID, Title: card, AtMs: v.At.UnixMilli(), PositionMs: v.PositionMS, Watched: v.Watched})
		}
	}
	return page, nil
}

// ForgetHistory removes a title from the history, or everything.
func (w *watching) ForgetHistory(ctx context.Context, who api.Principal, t id.Title) error {
	return w.player.ForgetHistory(ctx, who.Viewer(), t)
}

// MarkWatched marks a movie or an episode, or all episodes of a series.
func (w *watching) MarkWatched(ctx context.Context, who api.Principal, t id.Title, watched bool, at time.Time) error {
	audience, err := w.catalogue.audiences.of(ctx, who.Profile)
	if err != nil {
		return err
	}
	card, err := w.catalogue.titles.Title(ctx, audience, t)
	if err != nil {
		return err
	}
	titles := []id.Title{t}
	if card.Kind == library.Series {
		titles = nil
		seasons, err := w.catalogue.titles.Seasons(ctx, audience, t)
		if err != nil {
			return err
		}
		for _, s := range seasons {
			for _, e := range s.Episodes {
				titles = append(titles, e.ID)
			}
		}
	}
	return w.player.MarkWatched(ctx, who.Viewer(), titles, watched, at)
}

// List gives one page of a profile's list, without removed titles.
func (w *watching) List(ctx context.Context, who api.Principal, cursor string) (api.ListPage, error) {
	titles, next, err := w.player.Listed(ctx, who.Profile, cursor, pageLength)
	if err != nil {
		return api.ListPage{}, err
	}
	cards, err := w.cards(ctx, who, titles)
	return api.ListPage{Items: cards, Next: next}, err
}

// SetListed puts a title on the list or takes it off.
func (w *watching) SetListed(ctx context.Context, who api.Principal, t id.Title, listed bool) error {
	if listed { // a removed title can be taken off the list
		if err := w.sees(ctx, who, t); err != nil {
			return err
		}
	}
	return w.player.List(ctx, who.Viewer(), t, listed)
}

// Rate stores a profile's rating of a title.
func (w *watching) Rate(ctx context.Context, who api.Principal, t id.Title, value int) error {
	if err := w.sees(ctx, who, t); err != nil {
		return err
	}
	return w.player.Rate(ctx, who.Viewer(), t, value)
}

// Searches lists the queries of a profile.
func (w *watching) Searches(ctx context.Context, who api.Principal) ([]api.Search, error) {
	all, err := w.player.Searches(ctx, who.Profile)
	out := make([]api.Search, 0, len(all))
	for _, x := range all {
		out = append(out, api.Search{ID: x.ID, Text: x.Words, AtMs: x.At.UnixMilli()})
	}
	return out, err
}

// NoteSearch stores a query.
func (w *watching) NoteSearch(ctx context.Context, who api.Principal, words string) error {
	return w.player.AddSearch(ctx, who.Viewer(), words)
}

// ForgetSearch deletes one query, or all.
func (w *watching) ForgetSearch(ctx context.Context, who api.Principal, x string) error {
	return w.player.ForgetSearch(ctx, who.Viewer(), x)
}

// ReportOffline stores positions of devices that were offline; those of removed titles are ignored.
func (w *watching) ReportOffline(ctx context.Context, who api.Principal, beats []api.Beat) error {
	ids := make([]id.Title, 0, len(beats))
	for _, b := range beats {
		ids = append(ids, id.Title(b.TitleID))
	}
	cards, err := w.known(ctx, who, ids)
	if err != nil {
		return err
	}
	files := make(map[id.Title]library.File, len(cards))
	for _, card := range cards {
		if card.Kind != library.Series {
			files[card.ID] = card.File
		}
	}
	var kept []player.OfflineReport
	for _, b := range beats {
		if f, ok := files[id.Title(b.TitleID)]; ok && f.DurationMS > 0 {
			kept = append(kept, player.OfflineReport{Title: id.Title(b.TitleID), File: f.ID, PositionMS: b.PositionMs,
				DurationMS: f.DurationMS, At: time.UnixMilli(b.AtMs).UTC()})
		}
	}
	return w.player.AddOfflineReports(ctx, who.Viewer(), kept)
}

// cards gives the cards of those titles that this viewer may see, in that order.
func (w *watching) cards(ctx context.Context, who api.Principal, titles []id.Title) ([]api.TitleCard, error) {
	cards, err := w.known(ctx, who, titles)
	if err != nil {
		return nil, err
	}
	return w.catalogue.cards(ctx, who, cards)
}

// known gives the library's cards of those titles that this viewer may see.
func (w *watching) known(ctx context.Context, who api.Principal, titles []id.Title) ([]library.Card, error) {
	audience, err := w.catalogue.audiences.of(ctx, who.Profile)
	if err != nil {
		return nil, err
	}
	return w.catalogue.titles.Cards(ctx, audience, titles)
}

// sees gives the library's error for a title that this viewer may not see.
func (w *watching) sees(ctx context.Context, who api.Principal, t id.Title) error {
	audience, err := w.catalogue.audiences.of(ctx, who.Profile)
	if err != nil {
		return err
	}
	_, err = w.catalogue.titles.Title(ctx, audience, t)
	return err
}
