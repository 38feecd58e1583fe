package library

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"movify/pkg/id"
)

// Edit has the owner of the library say something of a title, or no longer say it: change gets what is said by hand so far.
// A field that is zero afterwards is one that nothing is said of by hand: it shows again what the other sources say. No scan
// changes what is said here. It gives the facts that are shown then.
func (s *Service) Edit(ctx context.Context, t id.Title, change func(*Facts)) (Facts, error) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	known, err := s.o.Store.TitlesByID(ctx, []id.Title{t})
	if err != nil {
		return Facts{}, fmt.Errorf("read a title: %w", err)
	}
	if _, ok := known[t]; !ok {
		return Facts{}, ErrTitleNotFound
	}
	said, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	if err != nil {
		return Facts{}, fmt.Errorf("read what is said of a title: %w", err)
	}
	owner := Description{Title: t, Source: FromOwner}
	others := slices.DeleteFunc(said[t], func(d Description) bool {
		if d.Source == FromOwner {
			owner.Facts = d.Facts
		}
		return d.Source == FromOwner
	})
	change(&owner.Facts)
	if err := owner.Facts.check(); err != nil {
		return Facts{}, err
	}
	owner.Facts = owner.Facts.tidy()
	if err := s.saveDescriptions(ctx, []Description{owner}); err != nil {
		return Facts{}, err
	}
	s.catalogue.invalidate() // it may be rated anew
	s.queueNFO(t)
	return mergedFacts(append(others, owner)), nil
}

// check refuses what a person cannot have meant.
func (f Facts) check() error {
	if f.Age != nil && (*f.Age < 0 || *f.Age > maxAge) {
		return ErrBadAge
	}
	if f.Year != 0 && (f.Year < minYear || f.Year > maxYear) {
		return ErrBadYear
	}
	if _, err := time.Parse(time.DateOnly, f.Released); f.Released != "" && err != nil {
		return ErrBadDay
	}
	for _, c := range f.Credits {
		if strings.TrimSpace(c.Name) == "" {
			return ErrNoName
		}
	}
	return nil
}

// The years that a work may be of. Photographs moved first in the 1870s.
const (
	minYear = 1870
	maxYear = 2200
)

// Descriptions gives what every source says of a title, the weakest first.
func (s *Service) Descriptions(ctx context.Context, t id.Title) ([]Description, error) {
	said, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	return said[t], err
}

// MergedFacts gives all that is known of a title: what its sources say, merged.
func (s *Service) MergedFacts(ctx context.Context, t id.Title) (Facts, error) {
	said, err := s.Descriptions(ctx, t)
	if err != nil {
		return Facts{}, err
	}
	return mergedFacts(said), nil
}

func mergedFacts(said []Description) Facts {
	by := make(map[Source]Facts, len(said))
	for _, d := range said {
		by[d.Source] = d.Facts
	}
	facts, _ := Merge(by)
	return facts
}

// SetAge rates a title with an age in years; nil takes what was set by hand away. The rating of a series is also that of its
// seasons and episodes without one. Nobody sees an episode who may not see its series.
func (s *Service) SetAge(ctx context.Context, t id.Title, age *int) error {
	_, err := s.Edit(ctx, t, func(f *Facts) { f.Age = age })
	return err
}

// Confirm notes that a person found a title to be what it is taken for.
func (s *Service) Confirm(ctx context.Context, t id.Title) error {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	known, err := s.o.Store.TitlesByID(ctx, []id.Title{t})
	if err != nil {
		return fmt.Errorf("read a title: %w", err)
	}
	x, ok := known[t]
	if !ok {
		return ErrTitleNotFound
	}
	x.Matched = SureChecked
	if err := s.o.Store.Apply(ctx, Change{Titles: []Title{x}, AtMS: s.now()}); err != nil {
		return err
	}
	s.publish("title", map[string]string{"title": string(t)})
	return nil
}
