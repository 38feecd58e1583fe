package facade

import (
	"context"

	"movify/pkg/api"
	"movify/pkg/id"
)

// matching implements api.Matching with metadata.
type matching struct{ catalogue *catalogueFacade }

var _ api.Matching = matching{}

// Matches lists the candidates for a title.
func (m matching) Matches(ctx context.Context, t id.Title, name string, year int) (api.Matches, error) {
	found, searched, err := m.catalogue.metadata.Matches(ctx, t, name, year)
	out := api.Matches{Items: make([]api.Match, 0, len(found)), Searched: searched}
	for _, f := range found {
		out.Items = append(out.Items, api.Match{
			Provider: f.Provider, ID: f.ID, Name: f.Name, OriginalName: f.OriginalName, Year: f.Year, Overview: f.Overview,
			Certainty: string(f.Certainty),
		})
	}
	return out, err
}

// SetMatch assigns a title to a work.
func (m matching) SetMatch(
	ctx context.Context, p api.Principal, t id.Title, provider, work string,
) (api.TitleDetail, error) {
	return m.reread(ctx, p, t, m.catalogue.metadata.SetMatch(ctx, t, provider, work))
}

// CheckMatch confirms the match of a title.
func (m matching) CheckMatch(ctx context.Context, p api.Principal, t id.Title) (api.TitleDetail, error) {
	return m.reread(ctx, p, t, m.catalogue.metadata.Confirm(ctx, t))
}

// RefreshTitle queues a refresh of a title's metadata.
func (m matching) RefreshTitle(ctx context.Context, p api.Principal, t id.Title) (api.TitleDetail, error) {
	return m.reread(ctx, p, t, m.catalogue.metadata.Refresh(ctx, t))
}

// reread gives the title after a change. Another work may have another age rating, so playbacks of viewers who may no longer
// see it are ended first.
func (m matching) reread(ctx context.Context, p api.Principal, t id.Title, err error) (api.TitleDetail, error) {
	if err != nil {
		return api.TitleDetail{}, err
	}
	if err := m.catalogue.player.EndHidden(ctx); err != nil {
		return api.TitleDetail{}, err
	}
	return m.catalogue.Title(ctx, p, t)
}
