package metadata

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"

	"movify/library"

	"movify/pkg/id"
)

// Matches lists the works that a movie or series may be, as the provider finds them by name and year; by default those
// of the title. searched is false without a provider.
func (s *Service) Matches(
	ctx context.Context, t id.Title, name string, year int,
) (found []library.Candidate, searched bool, err error) {
	title, err := s.matchableTitle(ctx, t)
	if err != nil || s.o.Provider == nil {
		return nil, false, err
	}
	f, err := s.factsWithoutProvider(ctx, t)
	if err != nil {
		return nil, false, err
	}
	if name == "" {
		name, year = cmp.Or(f.Name, title.Name), cmp.Or(year, f.Year)
	}
	found, err = s.searchProvider(ctx, title, f, name, year)
	return found, err == nil, err
}

// SetMatch matches a movie or series to a work of the provider by hand. Its seasons and episodes are matched again.
func (s *Service) SetMatch(ctx context.Context, t id.Title, provider, work string) error {
	title, err := s.matchableTitle(ctx, t)
	switch {
	case err != nil:
		return err
	case s.o.Provider == nil:
		return library.ErrNoProvider
	case s.o.Provider.Name() != provider:
		return library.ErrMatchNotFound
	}
	done, err := s.lockProvider(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.applyWork(ctx, title, work, library.SureChecked); err != nil {
		return err
	}
	return s.rematchChildren(ctx, title)
}

// Refresh reads the sidecars of a title and its provider's metadata again. It does not wait for either.
func (s *Service) Refresh(ctx context.Context, t id.Title) error {
	card, err := s.title(ctx, t)
	if err != nil {
		return err
	}
	done, err := s.lockProvider(ctx)
	if err != nil {
		return err
	}
	defer done()
	all, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	if err != nil {
		return fmt.Errorf("read what is updates of a title: %w", err)
	}
	var updates []MetadataUpdate
	for _, d := range all[t] {
		switch d.Source {
		case library.FromNFO: // an empty revision: it is read again, and shown until then
			updates = append(updates, MetadataUpdate{Title: t, Source: library.FromNFO, Facts: &d.Facts, Notes: d.Notes})
		case library.FromProvider:
			// The matched work is kept, it may have been chosen by hand.
			if s.o.Provider != nil && providerWork(s.o.Provider, d.Revision) != "" && (card.Kind == library.Movie ||
				card.Kind == library.Series) {
				if err := s.applyWork(ctx, card.Title, providerWork(s.o.Provider, d.Revision), library.SureName); err != nil {
					return err
				}
				continue
			}
			updates = append(updates, MetadataUpdate{Title: t, Source: library.FromProvider})
		}
	}
	if err := s.updateMetadata(ctx, updates); err != nil {
		return err
	}
	if err := s.rematchChildren(ctx, card.Title); err != nil {
		return err
	}
	if card.File.Path != "" {
		place := filepath.Dir(card.File.Path)
		if card.Kind == library.Series || card.Kind == library.Season {
			place = filepath.Dir(place)
		}
		s.refreshes.Add(1) // the files of the folder are unchanged, so force a read
		s.o.Rescan(place)
	}
	return nil
}

// rematchChildren has the seasons and episodes of a series matched again.
func (s *Service) rematchChildren(ctx context.Context, title library.Title) error {
	if s.o.Provider == nil {
		return nil
	}
	var updates []MetadataUpdate
	below := []id.Title{title.ID}
	for range 2 {
		var next []id.Title
		for _, parent := range below {
			cards, err := s.o.Store.Children(ctx, library.Unrestricted(), parent)
			if err != nil {
				return fmt.Errorf("list what a title is made of: %w", err)
			}
			for _, c := range cards {
				updates = append(updates, MetadataUpdate{Title: c.ID, Source: library.FromProvider})
				next = append(next, c.ID)
			}
		}
		below = next
	}
	if err := s.updateMetadata(ctx, updates); err != nil {
		return err
	}
	s.matchWake.Set()
	return nil
}

// matchableTitle returns a movie or series.
func (s *Service) matchableTitle(ctx context.Context, t id.Title) (library.Title, error) {
	card, err := s.title(ctx, t)
	if err != nil {
		return library.Title{}, err
	}
	if card.Kind != library.Movie && card.Kind != library.Series {
		return library.Title{}, library.ErrNotMatchable
	}
	return card.Title, nil
}

// title returns the card of a title of any kind, or ErrTitleNotFound.
func (s *Service) title(ctx context.Context, t id.Title) (library.Card, error) {
	cards, err := s.o.Store.Cards(ctx, library.Unrestricted(), []id.Title{t})
	if err != nil {
		return library.Card{}, err
	}
	if len(cards) == 0 {
		return library.Card{}, library.ErrTitleNotFound
	}
	return cards[0], nil
}
