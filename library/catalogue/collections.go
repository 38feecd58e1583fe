package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"movify/library"

	"movify/library/naming"
	"movify/pkg/id"
)

// visibleCollections filters collections by audience: channels by its account's list, if that applies.
func (s *Service) visibleCollections(
	ctx context.Context, a library.Audience, all []library.Collection,
) ([]library.Collection, error) {
	if !a.LimitChannels {
		return all, nil
	}
	list, err := s.o.Store.ChannelsOf(ctx, a.Account)
	if err != nil {
		return nil, fmt.Errorf("read the channels of an account: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(c library.Collection) bool {
		return c.Kind == library.Channel && !slices.Contains(list, c.ID)
	}), nil
}

// CountedCollection is a collection with the number of its visible titles.
type CountedCollection struct {
	library.Collection
	Count int
}

// Collections returns the collections of a kind, "" = all, visible to a, in their order. Collections without visible
// titles are left out for a restricted audience.
func (s *Service) Collections(
	ctx context.Context, a library.Audience, kind library.CollectionKind,
) ([]CountedCollection, error) {
	o, err := s.currentIndex(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := o.visible(ctx, s.o.Store, a)
	if err != nil {
		return nil, err
	}
	all, err := s.visibleCollections(ctx, a, o.collections)
	if err != nil {
		return nil, err
	}
	var out []CountedCollection
	for _, c := range all {
		if kind != "" && c.Kind != kind {
			continue
		}
		x := CountedCollection{Collection: c}
		for _, i := range o.members[c.ID] {
			if shown == nil || shown[i] {
				x.Count++
			}
		}
		if x.Count > 0 || !a.Restricted() {
			out = append(out, x)
		}
	}
	return out, nil
}

// Collection returns a collection visible to a, or ErrCollectionNotFound.
func (s *Service) Collection(ctx context.Context, a library.Audience, c id.Collection) (CountedCollection, error) {
	all, err := s.Collections(ctx, a, "")
	if err != nil {
		return CountedCollection{}, err
	}
	for _, x := range all {
		if x.ID == c {
			return x, nil
		}
	}
	return CountedCollection{}, library.ErrCollectionNotFound
}

// maxNameLength is the largest number of characters in the name of a collection.
const maxNameLength = 80

// SaveCollection adds a collection and applies its rule.
func (s *Service) SaveCollection(ctx context.Context, c library.Collection) (library.Collection, error) {
	c.ID, c.AddedMS = id.New[id.Collection](), s.now()
	return c, s.saveCollection(ctx, &c)
}

// ChangeCollection applies a change to a collection, saves it and applies its rule.
func (s *Service) ChangeCollection(ctx context.Context, c id.Collection, change func(*library.Collection)) error {
	s.collectionMu.Lock()
	defer s.collectionMu.Unlock()
	x, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return err
	}
	change(&x)
	return s.saveCollection(ctx, &x)
}

func (s *Service) saveCollection(ctx context.Context, c *library.Collection) error {
	c.Name = strings.TrimSpace(c.Name)
	if n := utf8.RuneCountInString(c.Name); n == 0 || n > maxNameLength || naming.Fold(c.Name) == "" ||
		strings.ContainsFunc(c.Name, naming.Unprintable) {
		return library.ErrCollectionName
	}
	if err := c.CheckRule(); err != nil {
		return err
	}
	if err := s.o.Store.SaveCollection(ctx, *c); err != nil {
		return err
	}
	s.collectionChanged(c.ID)
	s.queueAllRules()
	return nil
}

// RemoveCollection deletes a collection, its members and its logo. An account that is limited to it sees nothing from
// then on.
func (s *Service) RemoveCollection(ctx context.Context, c id.Collection) error {
	old, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return err
	}
	if err := s.o.Store.RemoveCollection(ctx, c); err != nil {
		return err
	}
	s.collectionChanged(c)
	return s.dropLogo(ctx, old.Logo)
}

// OrderCollections moves these to the front, in that order.
func (s *Service) OrderCollections(ctx context.Context, order []id.Collection) error {
	if err := s.o.Store.OrderCollections(ctx, order); err != nil {
		return err
	}
	s.collectionChanged("")
	return nil
}

// AddToCollection appends titles to a collection by hand.
func (s *Service) AddToCollection(ctx context.Context, c id.Collection, titles ...id.Title) error {
	return s.changeMembers(ctx, c, func(now []library.Member) ([]library.Member, []id.Title, error) {
		place := 0
		for _, m := range now {
			place = max(place, m.Position+1)
		}
		var in []library.Member
		for _, t := range titles {
			in = append(in, library.Member{Collection: c, Title: t, Position: place, AddedMS: s.now()})
			place++
		}
		return in, nil, nil
	})
}

// RemoveFromCollection removes a title from a collection. One that a rule added gives ErrByRule.
func (s *Service) RemoveFromCollection(ctx context.Context, c id.Collection, t id.Title) error {
	return s.changeMembers(ctx, c, func(now []library.Member) ([]library.Member, []id.Title, error) {
		for _, m := range now {
			if m.Title == t && m.ByRule {
				return nil, nil, library.ErrByRule
			}
		}
		return nil, []id.Title{t}, nil
	})
}

// SetMembers replaces the titles added to a collection by hand, in that order.
func (s *Service) SetMembers(ctx context.Context, c id.Collection, titles []id.Title) error {
	return s.changeMembers(ctx, c, func(now []library.Member) (in []library.Member, out []id.Title, err error) {
		for place, t := range titles {
			in = append(in, library.Member{Collection: c, Title: t, Position: place, AddedMS: s.now()})
		}
		for _, m := range now {
			if !m.ByRule && !slices.Contains(titles, m.Title) {
				out = append(out, m.Title)
			}
		}
		return in, out, nil
	})
}

// OrderMembers reorders titles that were added by hand, within the positions that these have now: other titles, which
// the caller may not see, keep their positions. Titles that are not in it by hand are skipped.
func (s *Service) OrderMembers(ctx context.Context, c id.Collection, titles []id.Title) error {
	return s.changeMembers(ctx, c, func(now []library.Member) ([]library.Member, []id.Title, error) {
		return reorderMembers(now, titles), nil, nil
	})
}

// reorderMembers returns the members whose positions change when the named ones exchange theirs to get into that order.
func reorderMembers(now []library.Member, titles []id.Title) (changed []library.Member) {
	byHand := slices.DeleteFunc(slices.Clone(now), func(m library.Member) bool { return m.ByRule })
	member := make(map[id.Title]library.Member, len(byHand))
	for _, m := range byHand {
		member[m.Title] = m
	}
	var order []library.Member
	named := make(map[id.Title]bool, len(titles))
	for _, t := range titles {
		if m, in := member[t]; in && !named[t] {
			named[t] = true
			order = append(order, m)
		}
	}
	for place, m := range byHand {
		if named[m.Title] {
			m, order = order[0], order[1:]
		}
		if m.Position != place {
			m.Position = place
			changed = append(changed, m)
		}
	}
	return changed
}

// changeMembers changes the members of a collection under collectionMu.
func (s *Service) changeMembers(
	ctx context.Context, c id.Collection, f func(now []library.Member) (in []library.Member, out []id.Title, err error),
) error {
	s.collectionMu.Lock()
	defer s.collectionMu.Unlock()
	how, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return err
	}
	now, err := s.o.Store.Members(ctx, c)
	if err != nil {
		return err
	}
	in, out, err := f(now)
	if err != nil {
		return err
	}
	if err := s.o.Store.SaveMembers(ctx, c, in, out); err != nil {
		return err
	}
	s.collectionChanged(c)
	if how.FilledBy != library.ByHand {
		s.queueAllRules() // a rule may add a removed title again
	}
	return nil
}

// collectionChanged invalidates the catalogue index and publishes a notice.
func (s *Service) collectionChanged(c id.Collection) {
	s.titleIndex.invalidate()
	s.publish(c)
}
