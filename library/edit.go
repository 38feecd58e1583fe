package library

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"movify/pkg/id"
)

// Edit changes the owner's description of a title: change receives the facts set by hand so far. A field that is zero
// afterwards shows the value of the other sources again. Scans never change these facts. It returns the resolved facts.
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
	descriptions, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	if err != nil {
		return Facts{}, fmt.Errorf("read what is descriptions of a title: %w", err)
	}
	owner := Description{Title: t, Source: FromOwner}
	others := slices.DeleteFunc(descriptions[t], func(d Description) bool {
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
	s.o.Changes.VisibilityChanged() // its age rating may have changed
	s.queueNFO(t)
	return MergeDescriptions(append(others, owner)), nil
}

// check rejects impossible values.
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

// Bounds of the year of a work; the first moving photographs are of the 1870s.
const (
	minYear = 1870
	maxYear = 2200
)

// Descriptions returns the descriptions of a title, the weakest source first.
func (s *Service) Descriptions(ctx context.Context, t id.Title) ([]Description, error) {
	descriptions, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	return descriptions[t], err
}

// MergedFacts returns the facts of all sources of a title, merged.
func (s *Service) MergedFacts(ctx context.Context, t id.Title) (Facts, error) {
	descriptions, err := s.Descriptions(ctx, t)
	if err != nil {
		return Facts{}, err
	}
	return MergeDescriptions(descriptions), nil
}

// SetAge rates a title with an age in years; nil removes the rating set by hand. The rating of a series applies to its
// seasons and episodes without one, and an episode is visible only to profiles that see its series.
func (s *Service) SetAge(ctx context.Context, t id.Title, age *int) error {
	_, err := s.Edit(ctx, t, func(f *Facts) { f.Age = age })
	return err
}

// Confirm records that a person checked which work a title is.
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
