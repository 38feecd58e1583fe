package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/catalogue"
	"movify/pkg/id"
)

// collectedSets are the tests of collections that are made for sets.
func collectedSets() map[string]func(*testing.T, scoped) {
	return map[string]func(*testing.T, scoped){
		"a set of two films has a collection":            setOfTwo,
		"a collection follows its set":                   setFollowed,
		"a collection that a person changed stays":       setEdited,
		"a collection that a person deleted stays away":  setDeleted,
		"a collection that is there is not made again":   setAdopted,
		"a collection of a set is seen as its films are": setVisibility,
		"the strongest source names the sets":            setSources,
		"automatic collections stand behind one another": setOrder,
		"a thousand sets cost little":                    setsOfThousands,
		"changes that came too late are left out":        setsTooLate,
	}
}

// collecting makes collections for sets.
type collecting struct {
	scoped
	*catalogue.Service
}

func newCollecting(s scoped) collecting {
	return collecting{s, catalogue.New(catalogue.Options{Store: s.LibraryStore, CollectSets: true})}
}

// film keeps a film, and says which sets its NFO file names.
func (c collecting) film(name string, sets ...string) library.Title {
	c.t.Helper()
	film, _ := c.movie(name, 2000, 1)
	c.say(film, sets...)
	return film
}

// say describes a film, and applies the rules that this concerns.
func (c collecting) say(film library.Title, sets ...string) {
	c.t.Helper()
	c.apply(library.Change{Descriptions: []library.Description{{
		Title: film.ID, Source: library.FromNFO, Revision: "1", Facts: library.Facts{Sets: sets},
	}}})
	c.Changed(film.ID)
	c.must(c.ApplyRules(c.ctx()))
}

// shown gives the collections with their titles: "Alien: Alien, Aliens".
func (c collecting) shown(a library.Audience) []string {
	c.t.Helper()
	all, err := c.Service.Collections(c.ctx(), a, "")
	c.must(err)
	out := []string{}
	for _, x := range all {
		page, err := c.Titles(c.ctx(), a, catalogue.Query{
			Filter: catalogue.Filter{Collection: x.ID}, Sort: catalogue.SortName, Limit: 20,
		})
		c.must(err)
		var names []string
		for _, card := range page.Cards {
			names = append(names, card.Name)
		}
		if x.Count != len(names) {
			c.t.Errorf("%s counts %d titles and has %v", x.Name, x.Count, names)
		}
		out = append(out, x.Name+": "+strings.Join(names, ", "))
	}
	return out
}

func (c collecting) expectShown(why string, want ...string) {
	c.t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), c.shown(library.Unrestricted())); diff != "" {
		c.t.Errorf("%s (-want +got):\n%s", why, diff)
	}
}

// only gives the one collection there is.
func (c collecting) only() library.Collection {
	c.t.Helper()
	all, err := c.LibraryStore.Collections(c.ctx(), "")
	c.must(err)
	if len(all) != 1 {
		c.t.Fatalf("there are %d collections: %+v", len(all), all)
	}
	return all[0]
}

func setOfTwo(t *testing.T, s scoped) {
	c := newCollecting(s)
	c.film("Alien", "Alien Saga")
	c.expectShown("one film")
	c.film("Aliens", "Alien Saga")
	c.expectShown("two films", "Alien Saga: Alien, Aliens")
	got := c.only()
	if got.Kind != library.CollectionPlain || got.FilledBy != library.BySet ||
		!slices.Equal(got.Rule.Sets, []string{"Alien Saga"}) {
		t.Errorf("the collection is %+v", got)
	}
	episode, _ := s.episode("Lost", 1, 1)
	series := s.seriesOf(episode.ID)
	c.say(series.Title, "Alien Saga")
	c.expectShown("a series names the set", "Alien Saga: Alien, Aliens")
	restarted := newCollecting(s)
	restarted.must(restarted.ApplyRules(t.Context()))
	restarted.expectShown("after a restart", "Alien Saga: Alien, Aliens")
	if again := c.only(); again.ID != got.ID {
		t.Error("it is another collection")
	}
	off := catalogue.New(catalogue.Options{Store: s.LibraryStore})
	off.Changed(episode.ID)
	s.must(off.ApplyRules(t.Context()))
	c.expectShown("it was switched off")
	restarted = newCollecting(s)
	restarted.must(restarted.ApplyRules(t.Context()))
	restarted.expectShown("it was switched on again", "Alien Saga: Alien, Aliens")
}

func setFollowed(t *testing.T, s scoped) {
	c := newCollecting(s)
	alien, aliens := c.film("Alien", "Alien Saga"), c.film("Aliens", "Alien Saga")
	third, file := s.movie("Alien 3", 1992, 1)
	c.say(third, "Alien Saga")
	c.expectShown("three films", "Alien Saga: Alien, Alien 3, Aliens")
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Unreachable}}})
	c.say(third, "Alien Saga")
	c.expectShown("a disk is away", "Alien Saga: Alien, Alien 3, Aliens")
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Missing}}})
	c.say(third, "Alien Saga")
	c.say(aliens)
	c.expectShown("one film is left, and one that is missing")
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Present}}})
	c.say(third, "Alien Saga")
	c.expectShown("it comes back", "Alien Saga: Alien, Alien 3")
	c.say(third, "Alien Saga", "Fincher")
	c.say(aliens, "ALIEN saga")
	c.say(alien, "ALIEN saga")
	c.expectShown("most write it otherwise", "ALIEN saga: Alien, Alien 3, Aliens")
	c.say(aliens, "Fincher")
	c.expectShown("one moves", "ALIEN saga: Alien, Alien 3", "Fincher: Alien 3, Aliens")
	c.say(third)
	c.expectShown("all lose their second film")
	left, err := s.Members(t.Context(), "")
	if rows, err := s.CollectedSets(t.Context()); err != nil || len(rows) != 0 {
		t.Errorf("of removed collections stays %+v (%v)", rows, err)
	}
	if err != nil || len(left) != 0 {
		t.Errorf("titles of removed collections stay: %+v (%v)", left, err)
	}
}

func setEdited(t *testing.T, s scoped) {
	other, _ := s.movie("Prometheus", 2012, 1)
	for name, edit := range map[string]func(collecting, id.Collection) error{
		"its name": func(c collecting, x id.Collection) error {
			return c.ChangeCollection(t.Context(), x, func(c *library.Collection) { c.Name = "Mine" })
		},
		"its overview": func(c collecting, x id.Collection) error {
			return c.ChangeCollection(t.Context(), x, func(c *library.Collection) { c.Overview = "Mine." })
		},
		"its titles": func(c collecting, x id.Collection) error { return c.AddToCollection(t.Context(), x, other.ID) },
	} {
		c := newCollecting(s)
		alien, aliens := c.film(name+" 1", name), c.film(name+" 2", name)
		made := c.only()
		c.must(edit(c, made.ID))
		before, err := s.Collection(t.Context(), made.ID)
		s.must(err)
		third := c.film(name+" 3", strings.ToUpper(name))
		got, err := s.Members(t.Context(), made.ID)
		if err != nil || !slices.ContainsFunc(got, func(m library.Member) bool { return m.Title == third.ID }) {
			t.Errorf("%s: its rule does not fill it any more: %+v (%v)", name, got, err)
		}
		for _, film := range []library.Title{alien, aliens, third} {
			c.say(film)
		}
		if diff := cmp.Diff(before, c.only()); diff != "" {
			t.Errorf("%s was changed, and then (-before +after):\n%s", name, diff)
		}
		c.must(c.RemoveCollection(t.Context(), made.ID))
	}
}

func setDeleted(t *testing.T, s scoped) {
	c := newCollecting(s)
	c.film("Alien", "Alien Saga")
	c.film("Aliens", "Alien Saga")
	c.must(c.RemoveCollection(t.Context(), c.only().ID))
	c.film("Alien 3", "Alien Saga")
	c.expectShown("another film comes")
	restarted := newCollecting(s)
	restarted.must(restarted.ApplyRules(t.Context()))
	restarted.expectShown("after a restart")
	c.film("Ripley 1", "Ripley")
	c.film("Ripley 2", "ripley")
	c.must(c.ChangeCollection(t.Context(), c.only().ID, func(x *library.Collection) { x.Name = "Ellen" }))
	c.must(c.RemoveCollection(t.Context(), c.only().ID))
	c.film("Ripley 3", "Ripley")
	c.expectShown("one that had another name")
}

func setAdopted(t *testing.T, s scoped) {
	c := newCollecting(s)
	c.must(s.SaveCollection(t.Context(), library.Collection{
		ID: "hand", Kind: library.CollectionPlain, Name: "Alien Saga", FilledBy: library.ByHand,
	}))
	channel := s.channel("Ripley")
	c.film("Alien", "Alien Saga", "Ripley")
	c.film("Aliens", "ALIEN SAGA", "Ripley")
	c.expectShown("one of the same name", "Ripley: ", "Alien Saga: ", "Ripley: Alien, Aliens")
	c.must(c.RemoveCollection(t.Context(), "hand"))
	c.must(c.RemoveCollection(t.Context(), channel))
	c.film("Alien 3", "Alien Saga", "Ripley")
	c.expectShown("the first was deleted", "Ripley: Alien, Alien 3, Aliens")
}

func setVisibility(t *testing.T, s scoped) {
	c := newCollecting(s)
	ages := map[string]int{"Alien": 16, "Aliens": 16, "Up": 6, "Down": 6, "Sideways": 16}
	for name, set := range map[string]string{
		"Alien": "Alien Saga", "Aliens": "Alien Saga", "Up": "Ways", "Down": "Ways", "Sideways": "Ways",
	} {
		film := c.film(name, set)
		age := ages[name]
		s.must(s.SetAge(t.Context(), film.ID, &age))
	}
	c.VisibilityChanged()
	c.expectShown("all", "Alien Saga: Alien, Aliens", "Ways: Down, Sideways, Up")
	for a, want := range map[library.Audience][]string{
		{MaxAge: 6}: {"Ways: Down, Up"}, {MaxAge: 5}: {},
		{MaxAge: 16}: {"Alien Saga: Alien, Aliens", "Ways: Down, Sideways, Up"},
	} {
		if diff := cmp.Diff(want, c.shown(a)); diff != "" {
			t.Errorf("up to %d (-want +got):\n%s", a.MaxAge, diff)
		}
	}
	saga, six := s.named("Alien Saga"), library.Audience{MaxAge: 6}
	if _, err := c.Service.Collection(t.Context(), six, saga); !errors.Is(err, library.ErrCollectionNotFound) {
		t.Errorf("a collection of hidden films: %v", err)
	}
	found, err := s.FilterVisibleGroups(t.Context(), six, []string{string(saga), string(s.named("Ways"))})
	if err != nil || len(found) != 1 || found[0].Name != "Ways" {
		t.Errorf("a search finds %+v (%v)", found, err)
	}
}

// named gives the collection of a name.
func (s scoped) named(name string) id.Collection {
	s.t.Helper()
	all, err := s.LibraryStore.Collections(s.ctx(), "")
	s.must(err)
	for _, c := range all {
		if c.Name == name {
			return c.ID
		}
	}
	s.t.Fatalf("there is no %s in %+v", name, all)
	return ""
}

func setSources(t *testing.T, s scoped) {
	c := newCollecting(s)
	for _, name := range []string{"Alien", "Aliens"} {
		film, _ := s.movie(name, 2000, 1)
		s.apply(library.Change{Descriptions: []library.Description{
			{Title: film.ID, Source: library.FromProvider, Revision: "1", Facts: library.Facts{
				Sets: []string{"Alien Collection"}, SetOverviews: map[string]string{"Alien Collection": "Weaker."},
			}},
			{Title: film.ID, Source: library.FromName, Revision: "1", Facts: library.Facts{Sets: []string{"Weakest"}}},
		}})
		c.Changed(film.ID)
		c.must(c.ApplyRules(t.Context()))
	}
	c.expectShown("a provider names it", "Alien Collection: Alien, Aliens")
	if got := c.only().Overview; got != "Weaker." {
		t.Errorf("its overview is %q", got)
	}
	known, err := s.TitlesByIdentity(t.Context(), []string{"movie:Alien2000", "movie:Aliens2000"})
	s.must(err)
	for _, film := range known {
		c.say(film, "Saga")
	}
	c.expectShown("the owner names it otherwise", "Saga: Alien, Aliens")
	inputs, err := s.RuleInputs(t.Context(), []id.Title{known["movie:Alien2000"].ID}, "", 0)
	if err != nil || len(inputs) != 1 || !slices.Equal(inputs[0].Sets, []string{"Saga"}) {
		t.Errorf("rules read %+v (%v)", inputs, err)
	}
}

func setOrder(t *testing.T, s scoped) {
	c := newCollecting(s)
	hand := func(name string) {
		_, err := c.SaveCollection(t.Context(), library.Collection{
			Kind: library.CollectionPlain, Name: name, FilledBy: library.ByHand,
		})
		s.must(err)
	}
	hand("Zebra")
	for _, set := range []string{"C", "A", "B"} {
		c.film(set+" 1", set)
		c.film(set+" 2", set)
	}
	c.expectShown("by name, behind the first", "Zebra: ", "A: A 1, A 2", "B: B 1, B 2", "C: C 1, C 2")
	s.must(s.OrderCollections(t.Context(), []id.Collection{s.named("C")}))
	c.VisibilityChanged()
	c.expectShown("one was put first", "C: C 1, C 2", "Zebra: ", "A: A 1, A 2", "B: B 1, B 2")
}

func setsTooLate(t *testing.T, s scoped) {
	film, _ := s.movie("Alien", 1979, 1)
	made := library.Collection{
		ID: "c", Kind: library.CollectionPlain, Name: "Alien Saga", FilledBy: library.BySet,
		Rule: library.Rule{Sets: []string{"Alien Saga"}},
	}
	change := func(action library.SetAction, c library.Collection) {
		s.must(s.ChangeSets(t.Context(), []library.SetChange{{
			Action: action, Set: "alien saga", Collection: c,
			In: []library.Member{{Collection: c.ID, Title: film.ID, ByRule: true}},
		}}))
	}
	rows := func(want ...library.CollectedSet) {
		t.Helper()
		got, err := s.CollectedSets(t.Context())
		if diff := cmp.Diff(append([]library.CollectedSet{}, want...), got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	change(library.UpdateSet, made)
	change(library.RemoveSet, made)
	rows()
	change(library.MakeSet, made)
	rows(library.CollectedSet{Set: "alien saga", Collection: "c", Automatic: true})
	second := made
	second.ID, second.Name = "d", "Other"
	change(library.MakeSet, second)
	change(library.AdoptSet, second)
	change(library.UpdateSet, second)
	rows(library.CollectedSet{Set: "alien saga", Collection: "c", Automatic: true})
	edited := made
	edited.Name = "Mine"
	s.must(s.SaveCollection(t.Context(), edited))
	change(library.UpdateSet, made)
	change(library.RemoveSet, made)
	if got, err := s.Collection(t.Context(), "c"); err != nil || got.Name != "Mine" {
		t.Errorf("what a person named is %+v (%v)", got, err)
	}
	s.must(s.RemoveCollection(t.Context(), "c"))
	change(library.MakeSet, second)
	rows(library.CollectedSet{Set: "alien saga"})
	if all, err := s.LibraryStore.Collections(t.Context(), ""); err != nil || len(all) != 0 {
		t.Errorf("there are %+v (%v)", all, err)
	}
	// A name that is taken is left alone, and so is a film that is gone.
	other := library.Collection{ID: "h", Kind: library.CollectionPlain, Name: "Other", FilledBy: library.ByHand}
	s.must(s.SaveCollection(t.Context(), other))
	third := library.Collection{ID: "e", Kind: library.CollectionPlain, Name: "Third", FilledBy: library.BySet}
	s.must(s.ChangeSets(t.Context(), []library.SetChange{
		{Action: library.MakeSet, Set: "other", Collection: second},
		{
			Action: library.MakeSet, Set: "third", Collection: third,
			In: []library.Member{{Collection: "e", Title: "none", ByRule: true}},
		},
	}))
	rows(library.CollectedSet{Set: "alien saga"}, library.CollectedSet{Set: "third", Collection: "e", Automatic: true})
	if members, err := s.Members(t.Context(), ""); err != nil || len(members) != 0 {
		t.Errorf("titles are %+v (%v)", members, err)
	}
}

// countingStore counts what collections of sets read and write.
type countingStore struct {
	LibraryStore
	sets, members, changes, inputs int // films, calls, collections, calls
}

func (s *countingStore) FilmSets(ctx context.Context, titles []id.Title) ([]library.FilmSet, error) {
	found, err := s.LibraryStore.FilmSets(ctx, titles)
	s.sets += len(found)
	return found, err
}

func (s *countingStore) Members(ctx context.Context, c id.Collection) ([]library.Member, error) {
	s.members++
	return s.LibraryStore.Members(ctx, c)
}

func (s *countingStore) ChangeSets(ctx context.Context, changes []library.SetChange) error {
	s.changes += len(changes)
	return s.LibraryStore.ChangeSets(ctx, changes)
}

func (s *countingStore) RuleInputs(
	ctx context.Context, titles []id.Title, after id.Title, limit int,
) ([]library.RuleInput, error) {
	s.inputs++
	return s.LibraryStore.RuleInputs(ctx, titles, after, limit)
}

// setsOfThousands makes a thousand collections at once, and then a change of one film reads and writes its sets only.
func setsOfThousands(t *testing.T, s scoped) {
	const sets = 1000
	var c library.Change
	for i := range 2 * sets {
		title := library.Title{
			ID: id.Title(fmt.Sprintf("film%04d", i)), Kind: library.Movie, Identity: fmt.Sprint("film", i),
			Name: fmt.Sprintf("Film %04d", i), AddedMS: 1,
		}
		c.Titles = append(c.Titles, title)
		c.Files = append(c.Files, present(title.ID, fmt.Sprintf("/films/%d.mkv", i)))
		c.Descriptions = append(c.Descriptions, library.Description{
			Title: title.ID, Source: library.FromNFO, Revision: "1",
			Facts: library.Facts{Sets: []string{fmt.Sprintf("Set %04d", i/2)}},
		})
	}
	s.apply(c)
	counting := &countingStore{LibraryStore: s.LibraryStore}
	svc := catalogue.New(catalogue.Options{Store: counting, CollectSets: true})
	svc.Changed("film0000")
	s.must(svc.ApplyRules(t.Context()))
	all, err := svc.Collections(t.Context(), library.Unrestricted(), "")
	s.must(err)
	if len(all) != sets || slices.ContainsFunc(all, func(c catalogue.CountedCollection) bool { return c.Count != 2 }) ||
		!slices.IsSortedFunc(all, func(a, b catalogue.CountedCollection) int { return strings.Compare(a.Name, b.Name) }) {
		t.Fatalf("there are %d collections", len(all))
	}
	if got := counting.changes; got != sets {
		t.Errorf("%d changes", got)
	}
	s.apply(library.Change{Descriptions: []library.Description{{
		Title: "film0000", Source: library.FromNFO, Revision: "2", Facts: library.Facts{Sets: []string{"Set 0001"}},
	}}})
	counting.sets, counting.members, counting.changes, counting.inputs = 0, 0, 0, 0
	svc.Changed("film0000")
	s.must(svc.ApplyRules(t.Context()))
	got := [4]int{counting.sets, counting.members, counting.changes, counting.inputs}
	if diff := cmp.Diff([4]int{1, 2, 2, 0}, got); diff != "" {
		t.Errorf("films and lists read, collections written, inputs of rules read (-want +got):\n%s", diff)
	}
	counting.members, counting.changes = 0, 0
	svc.Changed("film0000")
	svc.Changed("film0500")
	s.must(svc.ApplyRules(t.Context()))
	if m, c := counting.members, counting.changes; m != 0 || c != 0 {
		t.Errorf("films whose sets stay read %d lists and wrote %d collections", m, c)
	}
}
