package metadata

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"movify/library"

	"movify/pkg/id"
)

// Edit changes the owner's description of a title: change receives the facts set by hand so far. A field that is zero
// afterwards shows the value of the other sources again. Scans never change these facts. It returns the resolved facts.
func (s *Service) Edit(ctx context.Context, t id.Title, change func(*library.Facts)) (library.Facts, error) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	known, err := s.o.Store.TitlesByID(ctx, []id.Title{t})
	if err != nil {
		return library.Facts{}, fmt.Errorf("read a title: %w", err)
	}
	if _, ok := known[t]; !ok {
		return library.Facts{}, library.ErrTitleNotFound
	}
	descriptions, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	if err != nil {
		return library.Facts{}, fmt.Errorf("read what is descriptions of a title: %w", err)
	}
	owner := library.Description{Title: t, Source: library.FromOwner}
	others := slices.DeleteFunc(descriptions[t], func(d library.Description) bool {
		if d.Source == library.FromOwner {
			owner.Facts = d.Facts
		}
		return d.Source == library.FromOwner
	})
	change(&owner.Facts)
	if err := checkFacts(owner.Facts); err != nil {
		return library.Facts{}, err
	}
	owner.Facts = owner.Facts.Tidy()
	if err := s.saveDescriptions(ctx, []library.Description{owner}); err != nil {
		return library.Facts{}, err
	}
	s.o.Changes.VisibilityChanged() // its age rating may have changed
	s.queueNFO(t)
	return library.MergeDescriptions(append(others, owner)), nil
}

// checkFacts rejects impossible values.
func checkFacts(f library.Facts) error {
	if f.Age != nil && (*f.Age < 0 || *f.Age > library.MaxAge) {
		return library.ErrBadAge
	}
	if f.Year != 0 && (f.Year < minYear || f.Year > maxYear) {
		return library.ErrBadYear
	}
	if _, err := time.Parse(time.DateOnly, f.Released); f.Released != "" && err != nil {
		return library.ErrBadDay
	}
	for _, c := range f.Credits {
		if strings.TrimSpace(c.Name) == "" {
			return library.ErrNoName
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
func (s *Service) Descriptions(ctx context.Context, t id.Title) ([]library.Description, error) {
	descriptions, err := s.o.Store.Descriptions(ctx, []id.Title{t})
	return descriptions[t], err
}

// MergedFacts returns the facts of all sources of a title, merged.
func (s *Service) MergedFacts(ctx context.Context, t id.Title) (library.Facts, error) {
	descriptions, err := s.Descriptions(ctx, t)
	if err != nil {
		return library.Facts{}, err
	}
	return library.MergeDescriptions(descriptions), nil
}

// SetAge rates a title with an age in years; nil removes the rating set by hand. The rating of a series applies to its
// seasons and episodes without one, and an episode is visible only to profiles that see its series.
func (s *Service) SetAge(ctx context.Context, t id.Title, age *int) error {
	_, err := s.Edit(ctx, t, func(f *library.Facts) { f.Age = age })
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
		return library.ErrTitleNotFound
	}
	x.Matched = library.SureChecked
	if err := s.o.Store.Apply(ctx, library.Change{Titles: []library.Title{x}, AtMS: s.now()}); err != nil {
		return err
	}
	s.publish(t, "")
	return nil
}
