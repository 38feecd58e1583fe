package library

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"movify/library/naming"
	"movify/pkg/id"
)

// CollectionKind tells what is only gathered from what has a page and may be all that an account sees.
type CollectionKind string

// The kinds of collection.
const (
	CollectionPlain CollectionKind = "collection" // a trilogy, a list somebody made
	Channel         CollectionKind = "channel"    // has a page, a logo and a place among the others
)

// FillMethod says who puts titles into a collection.
type FillMethod string

// The ways. Whatever the way, titles may be added by hand as well, and those stay.
const (
	ByHand   FillMethod = "hand"
	ByFolder FillMethod = "folder" // what lies in folders
	ByRule   FillMethod = "rule"
	BySet    FillMethod = "set" // what says of itself that it belongs to a set of that name
)

// Collection is a named list of movies and series.
type Collection struct {
	ID       id.Collection
	Kind     CollectionKind
	Name     string
	Overview string
	Logo     string // blob key of a PNG, "" = none
	FilledBy FillMethod
	Rule     Rule
	Position int // among those of its kind
	AddedMS  int64
}

// Member is a title in a collection.
type Member struct {
	Collection id.Collection
	Title      id.Title
	Position   int
	ByRule     bool // no person put it there
	AddedMS    int64
}

// CollectionStore keeps collections and channels. What is part of a title in a channel is in it too.
type CollectionStore interface {
	// Collections gives those of a kind, "" of all, in their order.
	Collections(ctx context.Context, kind CollectionKind) ([]Collection, error)
	// Collection gives one, or ErrCollectionNotFound.
	Collection(ctx context.Context, c id.Collection) (Collection, error)
	// SaveCollection adds it or replaces the one with its ID, but for its place; a new one is the last. A name that another
	// one of its kind has gives ErrCollectionExists.
	SaveCollection(ctx context.Context, c Collection) error
	// RemoveCollection forgets one and what is in it. Nobody's list of channels grows by that.
	RemoveCollection(ctx context.Context, c id.Collection) error
	// OrderCollections puts these first, in that order.
	OrderCollections(ctx context.Context, order []id.Collection) error
	// Members gives the titles of a collection, of "" of all, by collection and place.
	Members(ctx context.Context, c id.Collection) ([]Member, error)
	// SaveMembers adds titles to a collection, or changes their places, and takes others out. One that is not a movie or
	// series gives ErrNotCollectable.
	SaveMembers(ctx context.Context, c id.Collection, in []Member, out []id.Title) error
	// CollectionsOf gives the collections that a title is in, in their order.
	CollectionsOf(ctx context.Context, t id.Title) ([]Collection, error)
	// ChannelsOf gives the list of channels of an account.
	ChannelsOf(ctx context.Context, a id.Account) ([]id.Collection, error)
	// RuleInputs gives what rules ask of movies and series: of those titles or of what these are part of, or, without any,
	// of up to limit whose ID comes after the given one, by ID.
	RuleInputs(ctx context.Context, titles []id.Title, after id.Title, limit int) ([]RuleInput, error)
}

// visibleCollections keeps the collections that an audience may enter: of channels those of its account's list, when it holds.
func (s *Service) visibleCollections(ctx context.Context, a Audience, all []Collection) ([]Collection, error) {
	if !a.LimitChannels {
		return all, nil
	}
	list, err := s.o.Store.ChannelsOf(ctx, a.Account)
	if err != nil {
		return nil, fmt.Errorf("read the channels of an account: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(c Collection) bool {
		return c.Kind == Channel && !slices.Contains(list, c.ID)
	}), nil
}

// CountedCollection is a collection with how many of its titles an audience sees.
type CountedCollection struct {
	Collection
	Count int
}

// Collections gives the collections of a kind, "" of all, that a may enter, in their order. Without empty ones: those of
// which a sees no title are left out.
func (s *Service) Collections(ctx context.Context, a Audience, kind CollectionKind) ([]CountedCollection, error) {
	o, err := s.currentCatalogue(ctx)
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

// Collection gives one that a may enter, or ErrCollectionNotFound.
func (s *Service) Collection(ctx context.Context, a Audience, c id.Collection) (CountedCollection, error) {
	all, err := s.Collections(ctx, a, "")
	if err != nil {
		return CountedCollection{}, err
	}
	for _, x := range all {
		if x.ID == c {
			return x, nil
		}
	}
	return CountedCollection{}, ErrCollectionNotFound
}

// CollectionsOf gives the collections of a title that a may enter.
func (s *Service) CollectionsOf(ctx context.Context, a Audience, t id.Title) ([]Collection, error) {
	all, err := s.o.Store.CollectionsOf(ctx, t)
	if err != nil {
		return nil, err
	}
	return s.visibleCollections(ctx, a, all)
}

// maxNameLength is how many characters the name of a collection has at most.
const maxNameLength = 80

// SaveCollection adds a collection and has its rule followed.
func (s *Service) SaveCollection(ctx context.Context, c Collection) (Collection, error) {
	c.ID, c.AddedMS = id.New[id.Collection](), s.now()
	return c, s.saveCollection(ctx, &c)
}

// ChangeCollection has change look at a collection, keeps what it made of it, and has its rule followed.
func (s *Service) ChangeCollection(ctx context.Context, c id.Collection, change func(*Collection)) error {
	s.collectionMu.Lock()
	defer s.collectionMu.Unlock()
	x, err := s.o.Store.Collection(ctx, c)
	if err != nil {
		return err
	}
	change(&x)
	return s.saveCollection(ctx, &x)
}

func (s *Service) saveCollection(ctx context.Context, c *Collection) error {
	c.Name = strings.TrimSpace(c.Name)
	if n := utf8.RuneCountInString(c.Name); n == 0 || n > maxNameLength || naming.Fold(c.Name) == "" || strings.ContainsFunc(c.Name, unicode.IsControl) {
		return ErrCollectionName
	}
	if err := c.check(); err != nil {
		return err
	}
	if err := s.o.Store.SaveCollection(ctx, *c); err != nil {
		return err
	}
	s.collectionChanged(c.ID)
	s.queueAllRules()
	return nil
}

// RemoveCollection forgets a collection, its list and its logo. An account that could see nothing else sees nothing then.
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

// OrderCollections puts these first, in that order.
func (s *Service) OrderCollections(ctx context.Context, order []id.Collection) error {
	if err := s.o.Store.OrderCollections(ctx, order); err != nil {
		return err
	}
	s.collectionChanged("")
	return nil
}

// AddToCollection puts titles into a collection by hand, after those that are there.
func (s *Service) AddToCollection(ctx context.Context, c id.Collection, titles ...id.Title) error {
	return s.changeMembers(ctx, c, func(now []Member) ([]Member, []id.Title, error) {
		place := 0
		for _, m := range now {
			place = max(place, m.Position+1)
		}
		var in []Member
		for _, t := range titles {
			in = append(in, Member{Collection: c, Title: t, Position: place, AddedMS: s.now()})
			place++
		}
		return in, nil, nil
	})
}

// RemoveFromCollection takes a title out of a collection. One that a rule put there gives ErrByRule.
func (s *Service) RemoveFromCollection(ctx context.Context, c id.Collection, t id.Title) error {
	return s.changeMembers(ctx, c, func(now []Member) ([]Member, []id.Title, error) {
		for _, m := range now {
			if m.Title == t && m.ByRule {
				return nil, nil, ErrByRule
			}
		}
		return nil, []id.Title{t}, nil
	})
}

// SetMembers makes these the titles that were put into a collection by hand, in that order.
func (s *Service) SetMembers(ctx context.Context, c id.Collection, titles []id.Title) error {
	return s.changeMembers(ctx, c, func(now []Member) (in []Member, out []id.Title, err error) {
		for place, t := range titles {
			in = append(in, Member{Collection: c, Title: t, Position: place, AddedMS: s.now()})
		}
		for _, m := range now {
			if !m.ByRule && !slices.Contains(titles, m.Title) {
				out = append(out, m.Title)
			}
		}
		return in, out, nil
	})
}

// OrderMembers puts titles that are in a collection by hand in that order, in the places that they have among all: what is not
// named, as it cannot be seen for now or by whoever asks, stays where it is. A title that is not in it by hand is passed over.
func (s *Service) OrderMembers(ctx context.Context, c id.Collection, titles []id.Title) error {
	return s.changeMembers(ctx, c, func(now []Member) ([]Member, []id.Title, error) {
		return reorderMembers(now, titles), nil, nil
	})
}

// reorderMembers gives the members whose places change when those that are named take each other's places in that order.
func reorderMembers(now []Member, titles []id.Title) (changed []Member) {
	byHand := slices.DeleteFunc(slices.Clone(now), func(m Member) bool { return m.ByRule })
	member := make(map[id.Title]Member, len(byHand))
	for _, m := range byHand {
		member[m.Title] = m
	}
	var order []Member
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

// changeMembers changes what is in a collection; nothing else changes it meanwhile.
func (s *Service) changeMembers(ctx context.Context, c id.Collection, f func(now []Member) (in []Member, out []id.Title, err error)) error {
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
	if how.FilledBy != ByHand {
		s.queueAllRules() // what was taken out may belong there by the rule
	}
	return nil
}

// collectionChanged has the walls look anew and tells of it.
func (s *Service) collectionChanged(c id.Collection) {
	s.catalogue.invalidate()
	s.publish("collection", map[string]string{"collection": string(c)})
}
