package metadata

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"movify/library"

	"movify/pkg/id"
)

// The revision of a provider's description is the ID of the work there: "tmdb:603". When the title could not be matched
// with certainty it is "tmdb:", with a note that gives the reason, so that the provider is not asked again.

// providerRevision returns the revision for a work of the provider.
func providerRevision(p library.Provider, work string) string { return p.Name() + ":" + work }

// providerWork returns the work in a revision, or "".
func providerWork(p library.Provider, mark string) string {
	work, _ := strings.CutPrefix(mark, p.Name()+":")
	if work == mark {
		return ""
	}
	return work
}

// matchWorker matches titles against the provider, newest first, until ctx is done. After an error of the provider it
// tries again after the next walk.
func (s *Service) matchWorker(ctx context.Context) error {
	for {
		if err := s.matchAll(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.Warn("titles could not be matched", "provider", s.o.Provider.Name(), "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.matchWake:
		}
	}
}

// matchAll matches all titles without a provider's description, and their seasons.
func (s *Service) matchAll(ctx context.Context) error {
	for {
		all, err := s.matchBatch(ctx)
		if all || err != nil {
			return err
		}
	}
}

// matchBatch matches a few titles and seasons, newest first; all reports that none is left. It holds providerLock: an
// answer on its way must not overwrite a match chosen by hand.
func (s *Service) matchBatch(ctx context.Context) (all bool, err error) {
	const few = 4 // a match chosen by hand waits for this many answers
	done, err := s.lockProvider(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	titles, err := s.o.Store.TitlesToMatch(ctx, few)
	if err != nil {
		return false, fmt.Errorf("list the titles to look up: %w", err)
	}
	for _, t := range titles {
		err := s.matchTitle(ctx, t)
		if errors.Is(err, library.ErrProviderUnclear) { // the others are asked about all the same
			err = s.noteUnmatched(ctx, t.ID, library.ErrProviderUnclear.Message)
		}
		if err != nil {
			return false, fmt.Errorf("look up title %s: %w", t.ID, err)
		}
	}
	seasons, err := s.o.Store.SeasonsToMatch(ctx, s.o.Provider.Name()+":", few)
	if err != nil {
		return false, fmt.Errorf("list the seasons to look up: %w", err)
	}
	for _, q := range seasons {
		if err := s.matchSeason(ctx, q); err != nil {
			return false, fmt.Errorf("look up season %s: %w", q.Season, err)
		}
	}
	return len(titles) == 0 && len(seasons) == 0, nil
}

// lockProvider acquires providerLock; unlock releases it.
func (s *Service) lockProvider(ctx context.Context) (done func(), err error) {
	select {
	case s.providerLock <- struct{}{}:
		return func() { <-s.providerLock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// matchTitle matches a movie or series: by an external ID, or when a single work has its name and year. Otherwise it
// stays unmatched until a work is chosen by hand.
func (s *Service) matchTitle(ctx context.Context, t library.Title) error {
	f, err := s.factsWithoutProvider(ctx, t.ID)
	if err != nil {
		return err
	}
	p := s.o.Provider
	work, certainty := f.IDs[p.Name()], library.SureID
	for _, other := range []string{"imdb", "tvdb"} {
		if work == "" && f.IDs[other] != "" {
			if work, err = p.Find(ctx, t.Kind, other, f.IDs[other]); err != nil {
				return err
			}
		}
	}
	var matches []library.Candidate
	if work == "" {
		if matches, err = s.searchProvider(ctx, t, f, cmp.Or(f.Name, t.Name), f.Year); err != nil {
			return err
		}
		if m, ok := sure(matches); ok {
			work, certainty = m.ID, m.Certainty
		}
	}
	if work != "" {
		err = s.applyWork(ctx, t, work, certainty)
		if !errors.Is(err, library.ErrMatchNotFound) {
			return err
		}
		matches = nil
	}
	if err := s.noteUnmatched(ctx, t.ID, unsureNote(p.Name(), matches)); err != nil {
		return err
	}
	return s.setCertainty(ctx, t.ID, func(have library.Certainty) library.Certainty {
		if have == library.SureName || have == "" {
			return library.SureLittle
		}
		return have
	})
}

// noteUnmatched stores the reason why a title has no description of the provider.
func (s *Service) noteUnmatched(ctx context.Context, t id.Title, note string) error {
	return s.updateMetadata(
		ctx,
		[]MetadataUpdate{
			{Title: t, Source: library.FromProvider, Revision: providerRevision(s.o.Provider, ""), Notes: []string{note}},
		},
	)
}

// factsWithoutProvider merges the descriptions of all sources but the provider.
func (s *Service) factsWithoutProvider(ctx context.Context, t id.Title) (library.Facts, error) {
	all, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	if err != nil {
		return library.Facts{}, fmt.Errorf("read what is updates of a title: %w", err)
	}
	by := make(map[library.Source]library.Facts)
	for _, d := range all[t] {
		if d.Source != library.FromProvider {
			by[d.Source] = d.Facts
		}
	}
	f, _ := library.Merge(by)
	return f, nil
}

// searchProvider lists the works that a title may be, rated.
func (s *Service) searchProvider(
	ctx context.Context, t library.Title, f library.Facts, name string, year int,
) ([]library.Candidate, error) {
	matches, err := s.o.Provider.Search(ctx, t.Kind, name, year)
	if err != nil {
		return nil, err
	}
	for i := range matches {
		matches[i].Certainty = rate(t.Kind, name, year, f.IDs, matches[i])
	}
	return matches, nil
}

// applyWork stores the metadata and pictures of a work of the provider for a title.
func (s *Service) applyWork(ctx context.Context, t library.Title, work string, certainty library.Certainty) error {
	known, err := s.o.Provider.Work(ctx, t.Kind, work)
	if err != nil {
		return err
	}
	mark := providerRevision(s.o.Provider, work)
	if err := s.updateMetadata(
		ctx, []MetadataUpdate{{Title: t.ID, Source: library.FromProvider, Revision: mark, Facts: &known.Facts}},
	); err != nil {
		return err
	}
	s.fetchPictures(ctx, t.ID, known.Pictures)
	return s.setCertainty(ctx, t.ID, func(have library.Certainty) library.Certainty {
		if have.Rank() < certainty.Rank() {
			return certainty
		}
		return have
	})
}

// matchSeason stores the provider's metadata of a season and of its present episodes.
func (s *Service) matchSeason(ctx context.Context, q library.SeasonToMatch) error {
	work := providerWork(s.o.Provider, q.Revision)
	known, err := s.o.Provider.Season(ctx, work, q.Number)
	if err != nil && !errors.Is(err, library.ErrProviderUnclear) { // the season is unknown there
		return err
	}
	mark := providerRevision(s.o.Provider, fmt.Sprintf("%s/%d", work, q.Number))
	updates := []MetadataUpdate{{Title: q.Season, Source: library.FromProvider, Revision: mark, Facts: &known.Facts}}
	pictures := map[id.Title]map[library.PictureKind]string{q.Season: known.Pictures}
	episodes, err := s.o.Store.Children(ctx, library.Unrestricted(), q.Season)
	if err != nil {
		return fmt.Errorf("list the episodes of a season: %w", err)
	}
	for _, e := range episodes {
		d := MetadataUpdate{Title: e.ID, Source: library.FromProvider, Revision: mark}
		for n := e.Episode; n <= max(e.Episode, e.EpisodeLast); n++ {
			x, ok := known.Episodes[n]
			switch {
			case !ok:
			case d.Facts == nil:
				d.Facts, pictures[e.ID] = &x.Facts, x.Pictures
			default:
				both := joinEpisodes(*d.Facts, x.Facts)
				d.Facts = &both
			}
		}
		if d.Facts == nil {
			d.Notes = []string{"The service " + s.o.Provider.Name() + " does not know this episode."}
		}
		updates = append(updates, d)
	}
	if err := s.updateMetadata(ctx, updates); err != nil {
		return err
	}
	for t, wanted := range pictures {
		s.fetchPictures(ctx, t, wanted)
	}
	return ctx.Err()
}

// fetchPictures stores the provider's pictures of a title. A picture that cannot be downloaded is skipped.
func (s *Service) fetchPictures(ctx context.Context, t id.Title, wanted map[library.PictureKind]string) {
	for _, kind := range library.PictureKinds() {
		address := wanted[kind]
		if address == "" {
			continue
		}
		err := s.o.Artwork.SaveProviderPicture(ctx, t, kind, address, s.o.Provider.Picture)
		if err != nil && ctx.Err() == nil {
			s.o.Logger.Info("a picture of the provider could not be stored", "title", t, "kind", kind, "error", err)
		}
	}
}

// setCertainty changes the certainty of a match. A match confirmed by hand stays.
func (s *Service) setCertainty(
	ctx context.Context, t id.Title, change func(library.Certainty) library.Certainty,
) error {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	known, err := s.o.Store.TitlesByID(ctx, []id.Title{t})
	if err != nil {
		return fmt.Errorf("read a title: %w", err)
	}
	title, ok := known[t]
	if !ok {
		return library.ErrTitleNotFound
	}
	to := change(title.Matched)
	if to == title.Matched || title.Matched == library.SureChecked {
		return nil
	}
	title.Matched = to
	if err := s.o.Store.Apply(ctx, library.Change{Titles: []library.Title{title}, AtMS: s.now()}); err != nil {
		return fmt.Errorf("note how sure a match is: %w", err)
	}
	s.publish(t, "")
	return nil
}

// resetStaleMatches deletes the provider's description of titles whose external ID changed, so that they are matched
// again.
func (s *Service) resetStaleMatches(ctx context.Context, updates []MetadataUpdate) error {
	if s.o.Provider == nil {
		return nil
	}
	numbers := make(map[id.Title]map[string]string)
	for _, d := range updates {
		if d.Facts != nil && len(d.Facts.IDs) > 0 {
			numbers[d.Title] = d.Facts.IDs
		}
	}
	titles := make([]id.Title, 0, len(numbers))
	for t := range numbers {
		titles = append(titles, t)
	}
	slices.Sort(titles)
	all, err := s.o.Store.Descriptions(ctx, titles)
	if err != nil {
		return fmt.Errorf("read what is updates of titles: %w", err)
	}
	var out []MetadataUpdate
	for _, t := range titles {
		for _, d := range all[t] {
			own := numbers[t][s.o.Provider.Name()]
			if work := providerWork(s.o.Provider, d.Revision); d.Source == library.FromProvider && (work == "" || own != "" &&
				work != own) {
				out = append(out, MetadataUpdate{Title: t, Source: library.FromProvider})
			}
		}
	}
	return s.updateMetadata(ctx, out)
}
