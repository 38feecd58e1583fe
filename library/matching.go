package library

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"movify/pkg/id"
)

// A provider's description is marked with which of its works it is of: "tmdb:603". Of a title that it could not be asked
// about with certainty it is marked without one, "tmdb:", and says in a note why: so nobody is asked twice.

// mark gives the mark of a work of the provider.
func providerMark(p Provider, work string) string { return p.Name() + ":" + work }

// providerWork gives the work of a mark, or "".
func providerWork(p Provider, mark string) string {
	work, _ := strings.CutPrefix(mark, p.Name()+":")
	if work == mark {
		return ""
	}
	return work
}

// lookUp asks the provider about what it was not asked yet, newest first, until ctx is done. When it does not answer, the
// next walk that finds something tries again.
func (s *Service) lookUp(ctx context.Context) error {
	for {
		if err := s.askAll(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.Warn("titles could not be looked up", "provider", s.o.Provider.Name(), "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.looking:
		}
	}
}

// askAll asks about all titles that were not asked about, and then about their seasons.
func (s *Service) askAll(ctx context.Context) error {
	for {
		all, err := s.askFew(ctx)
		if all || err != nil {
			return err
		}
	}
}

// askFew asks about a few titles and seasons, the newest first; all says that there is nothing left to ask about. Nobody
// chooses a work meanwhile: an answer that was on its way would be written over what a person said.
func (s *Service) askFew(ctx context.Context) (all bool, err error) {
	const few = 4 // whoever chooses waits for so many answers
	done, err := s.answering(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	titles, err := s.o.Store.Unasked(ctx, few)
	if err != nil {
		return false, fmt.Errorf("list the titles to look up: %w", err)
	}
	for _, t := range titles {
		err := s.ask(ctx, t)
		if errors.Is(err, ErrProviderUnclear) { // the others are asked about all the same
			err = s.leave(ctx, t.ID, ErrProviderUnclear.Message)
		}
		if err != nil {
			return false, fmt.Errorf("look up title %s: %w", t.ID, err)
		}
	}
	seasons, err := s.o.Store.UnaskedSeasons(ctx, s.o.Provider.Name()+":", few)
	if err != nil {
		return false, fmt.Errorf("list the seasons to look up: %w", err)
	}
	for _, q := range seasons {
		if err := s.askSeason(ctx, q); err != nil {
			return false, fmt.Errorf("look up season %s: %w", q.Season, err)
		}
	}
	return len(titles) == 0 && len(seasons) == 0, nil
}

// answering waits until nobody else writes what a provider says, and keeps others waiting until done is called.
func (s *Service) answering(ctx context.Context) (done func(), err error) {
	select {
	case s.answers <- struct{}{}:
		return func() { <-s.answers }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask looks a movie or series up. It is described when the number of the work is known, or when one work alone has its name
// and year; otherwise it waits for somebody to choose.
func (s *Service) ask(ctx context.Context, t Title) error {
	f, err := s.otherwise(ctx, t.ID)
	if err != nil {
		return err
	}
	p := s.o.Provider
	work, certainty := f.IDs[p.Name()], SureID
	for _, other := range []string{"imdb", "tvdb"} {
		if work == "" && f.IDs[other] != "" {
			if work, err = p.Find(ctx, t.Kind, other, f.IDs[other]); err != nil {
				return err
			}
		}
	}
	var matches []Candidate
	if work == "" {
		if matches, err = s.search(ctx, t, f, cmp.Or(f.Name, t.Name), f.Year); err != nil {
			return err
		}
		if m, ok := sure(matches); ok {
			work, certainty = m.ID, m.Certainty
		}
	}
	if work != "" {
		err = s.adoptWork(ctx, t, work, certainty)
		if !errors.Is(err, ErrMatchNotFound) {
			return err
		}
		matches = nil
	}
	if err := s.leave(ctx, t.ID, unsureNote(p.Name(), matches)); err != nil {
		return err
	}
	return s.certify(ctx, t.ID, func(have Certainty) Certainty {
		if have == SureName || have == "" {
			return SureLittle
		}
		return have
	})
}

// leave notes why a title is not described by the provider.
func (s *Service) leave(ctx context.Context, t id.Title, note string) error {
	return s.describe(ctx, []Described{{Title: t, Source: FromProvider, Mark: providerMark(s.o.Provider, ""), Notes: []string{note}}})
}

// otherwise gives what all sources but the provider say of a title.
func (s *Service) otherwise(ctx context.Context, t id.Title) (Facts, error) {
	all, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	if err != nil {
		return Facts{}, fmt.Errorf("read what is said of a title: %w", err)
	}
	by := make(map[Source]Facts)
	for _, d := range all[t] {
		if d.Source != FromProvider {
			by[d.Source] = d.Facts
		}
	}
	f, _ := Merge(by)
	return f, nil
}

// search lists the works that a title may be, rated.
func (s *Service) search(ctx context.Context, t Title, f Facts, name string, year int) ([]Candidate, error) {
	matches, err := s.o.Provider.Search(ctx, t.Kind, name, year)
	if err != nil {
		return nil, err
	}
	for i := range matches {
		matches[i].Certainty = rate(t.Kind, name, year, f.IDs, matches[i])
	}
	return matches, nil
}

// adoptWork describes a title by a work of the provider.
func (s *Service) adoptWork(ctx context.Context, t Title, work string, certainty Certainty) error {
	known, err := s.o.Provider.Work(ctx, t.Kind, work)
	if err != nil {
		return err
	}
	mark := providerMark(s.o.Provider, work)
	if err := s.describe(ctx, []Described{{Title: t.ID, Source: FromProvider, Mark: mark, Facts: &known.Facts}}); err != nil {
		return err
	}
	s.fetch(ctx, t.ID, known.Pictures)
	return s.certify(ctx, t.ID, func(have Certainty) Certainty {
		if have.Rank() < certainty.Rank() {
			return certainty
		}
		return have
	})
}

// askSeason describes a season and those of its episodes that are there.
func (s *Service) askSeason(ctx context.Context, q SeasonToAsk) error {
	work := providerWork(s.o.Provider, q.Mark)
	known, err := s.o.Provider.Season(ctx, work, q.Number)
	if err != nil && !errors.Is(err, ErrProviderUnclear) { // then it knows none of the episodes
		return err
	}
	mark := providerMark(s.o.Provider, fmt.Sprintf("%s/%d", work, q.Number))
	said := []Described{{Title: q.Season, Source: FromProvider, Mark: mark, Facts: &known.Facts}}
	pictures := map[id.Title]map[PictureKind]string{q.Season: known.Pictures}
	episodes, err := s.o.Store.Children(ctx, Unrestricted(), q.Season)
	if err != nil {
		return fmt.Errorf("list the episodes of a season: %w", err)
	}
	for _, e := range episodes {
		d := Described{Title: e.ID, Source: FromProvider, Mark: mark}
		for n := e.Episode; n <= max(e.Episode, e.EpisodeLast); n++ {
			x, ok := known.Episodes[n]
			switch {
			case !ok:
			case d.Facts == nil:
				d.Facts, pictures[e.ID] = &x.Facts, x.Pictures
			default:
				both := joined(*d.Facts, x.Facts)
				d.Facts = &both
			}
		}
		if d.Facts == nil {
			d.Notes = []string{"The service " + s.o.Provider.Name() + " does not know this episode."}
		}
		said = append(said, d)
	}
	if err := s.describe(ctx, said); err != nil {
		return err
	}
	for t, wanted := range pictures {
		s.fetch(ctx, t, wanted)
	}
	return ctx.Err()
}

// fetch keeps the pictures that the provider has of a title. One that cannot be had is none: there are others.
func (s *Service) fetch(ctx context.Context, t id.Title, wanted map[PictureKind]string) {
	if s.o.Blobs == nil {
		return
	}
	for _, kind := range PictureKinds() {
		address := wanted[kind]
		if address == "" {
			continue
		}
		old, err := s.kept(ctx, t, kind, FromSupplier)
		if err == nil && old != nil && old.Mark == address {
			continue
		}
		var data []byte
		if err == nil {
			data, err = s.o.Provider.Picture(ctx, address)
		}
		if err == nil {
			err = s.keepPicture(ctx, Picture{Title: t, Kind: kind, Source: FromSupplier, Mark: address}, data)
		}
		if err != nil && ctx.Err() == nil {
			s.o.Logger.Info("a picture of the provider could not be kept", "title", t, "kind", kind, "err", err)
		}
	}
}

// certify changes how sure it is which work a title is. What a person found right stays.
func (s *Service) certify(ctx context.Context, t id.Title, change func(Certainty) Certainty) error {
	s.commit.Lock()
	defer s.commit.Unlock()
	known, err := s.o.Store.TitlesByID(ctx, []id.Title{t})
	if err != nil {
		return fmt.Errorf("read a title: %w", err)
	}
	title, ok := known[t]
	if !ok {
		return ErrTitleNotFound
	}
	to := change(title.Matched)
	if to == title.Matched || title.Matched == SureChecked {
		return nil
	}
	title.Matched = to
	if err := s.o.Store.Apply(ctx, Change{Titles: []Title{title}, AtMS: s.now()}); err != nil {
		return fmt.Errorf("note how sure a match is: %w", err)
	}
	s.tell("title", map[string]string{"title": string(t)})
	return nil
}

// reconsider forgets what the provider said of titles that are known by another number now, so that it is asked anew.
func (s *Service) reconsider(ctx context.Context, said []Described) error {
	if s.o.Provider == nil {
		return nil
	}
	numbers := make(map[id.Title]map[string]string)
	for _, d := range said {
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
		return fmt.Errorf("read what is said of titles: %w", err)
	}
	var out []Described
	for _, t := range titles {
		for _, d := range all[t] {
			own := numbers[t][s.o.Provider.Name()]
			if work := providerWork(s.o.Provider, d.Mark); d.Source == FromProvider && (work == "" || own != "" && work != own) {
				out = append(out, Described{Title: t, Source: FromProvider})
			}
		}
	}
	return s.describe(ctx, out)
}
