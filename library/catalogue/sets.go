package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

const (
	leastFilms   = 2    // a set has a collection when as many of its films are there
	maxOverview  = 4000 // characters of the overview of a collection
	setBatch     = 100  // collections that are written in one transaction
	setsReadOnce = 50   // from as many sets on the titles of all collections are read at once
)

// filmSets is an in-memory copy of the sets that films name, so that a change of one film costs a look at its sets only.
type filmSets struct {
	loaded bool
	texts  map[string]string // overviews: the films of a set mostly have the same
	films  map[id.Title]library.FilmSet
	of     map[string]map[id.Title]string // folded name of a set → its films, with the name as each writes it
}

func newFilmSets() filmSets {
	return filmSets{
		loaded: true, texts: make(map[string]string), films: make(map[id.Title]library.FilmSet),
		of: make(map[string]map[id.Title]string),
	}
}

// put replaces the sets that are known of the asked films, and returns the folded names of the sets in which something changed.
func (f *filmSets) put(asked []id.Title, found []library.FilmSet) (affected []string) {
	now := make(map[id.Title]library.FilmSet, len(found))
	for _, film := range found {
		now[film.Film] = film
	}
	touched := make(map[string]bool)
	for _, t := range asked {
		old, known := f.films[t]
		next, there := now[t]
		if known == there && old.HasFiles == next.HasFiles && slices.Equal(old.Names, next.Names) &&
			maps.Equal(old.Overviews, next.Overviews) {
			continue
		}
		for _, name := range old.Names {
			key := naming.Fold(name)
			touched[key] = true
			if delete(f.of[key], t); len(f.of[key]) == 0 {
				delete(f.of, key)
			}
		}
		delete(f.films, t)
		if !there {
			continue
		}
		for name, text := range next.Overviews {
			text = shorten(text, maxOverview)
			if _, known := f.texts[text]; !known {
				f.texts[text] = text
			}
			next.Overviews[name] = f.texts[text]
		}
		f.films[t] = next
		for _, name := range next.Names {
			key := naming.Fold(name)
			if key == "" || collectionName(name) == "" {
				continue
			}
			touched[key] = true
			if f.of[key] == nil {
				f.of[key] = make(map[id.Title]string)
			}
			f.of[key][t] = name
		}
	}
	delete(touched, "")
	return slices.Sorted(maps.Keys(touched))
}

// filmSet is a set with its films.
type filmSet struct {
	name  string
	text  string            // its overview
	here  []id.Title        // films with files
	films map[id.Title]bool // all of them
}

// get returns a set. Its name is the spelling of most films and its overview the longest; without films both are "".
func (f *filmSets) get(key string) filmSet {
	out := filmSet{films: make(map[id.Title]bool)}
	spelt := make(map[string]int)
	for t, name := range f.of[key] {
		film := f.films[t]
		out.films[t] = true
		if film.HasFiles {
			out.here = append(out.here, t)
			spelt[name]++
		}
		o := film.Overviews[name]
		if cmp.Or(cmp.Compare(len(o), len(out.text)), strings.Compare(out.text, o)) > 0 {
			out.text = o
		}
	}
	slices.Sort(out.here)
	for name, n := range spelt {
		if best := spelt[out.name]; n > best || n == best && name < out.name {
			out.name = name
		}
	}
	return out
}

// collectionName makes the name of a set one that a collection may have.
func collectionName(set string) string {
	set = strings.TrimSpace(strings.Map(func(r rune) rune {
		if naming.Unprintable(r) {
			return -1
		}
		return r
	}, set))
	return shorten(set, maxNameLength)
}

// shorten cuts a text to a number of characters.
func shorten(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit-1])) + "…"
}

// setsState holds the stored collections of sets.
type setsState struct {
	known       map[string]library.CollectedSet // by folded name of the set
	collections []library.Collection
	members     map[id.Collection][]library.Member // of the automatic ones in question
}

// planSets returns what to change so that every set in keys has its collection: one with at least two films gets one
// unless a person deleted it or there is one already, and one that no person changed follows its films.
func planSets(keys []string, sets *filmSets, state setsState, nowMS int64) (out []library.SetChange) {
	for _, key := range keys {
		set := sets.get(key)
		row, known := state.known[key]
		switch {
		case !known && len(set.here) >= leastFilms:
			out = append(out, newSet(key, set, state.collections, nowMS))
		case !known || !row.Automatic:
		case len(set.here) < leastFilms:
			out = append(out, library.SetChange{
				Action: library.RemoveSet, Set: key, Collection: library.Collection{ID: row.Collection},
			})
		default:
			if change, differs := followSet(key, set, row.Collection, state, nowMS); differs {
				out = append(out, change)
			}
		}
	}
	return out
}

// newSet makes a collection for a set, or adopts one that a person made for it or called alike.
func newSet(key string, set filmSet, collections []library.Collection, nowMS int64) library.SetChange {
	c := setCollection(library.Collection{ID: id.New[id.Collection](), AddedMS: nowMS}, set)
	for _, other := range collections {
		sets := other.Rule.Sets
		if naming.Fold(other.Name) == naming.Fold(c.Name) || other.FilledBy == library.BySet && len(sets) == 1 &&
			naming.Fold(sets[0]) == key {
			return library.SetChange{Action: library.AdoptSet, Set: key, Collection: other}
		}
	}
	return library.SetChange{Action: library.MakeSet, Set: key, Collection: c, In: membersOf(c.ID, set.here, nowMS)}
}

// followSet compares an automatic collection with its set. A film whose files are missing stays in it, as with rules.
func followSet(
	key string, set filmSet, c id.Collection, state setsState, nowMS int64,
) (change library.SetChange, differs bool) {
	i := slices.IndexFunc(state.collections, func(x library.Collection) bool { return x.ID == c })
	if i < 0 {
		return change, false
	}
	old := state.collections[i]
	change = library.SetChange{Action: library.UpdateSet, Set: key, Collection: setCollection(old, set)}
	in := make(map[id.Title]bool)
	for _, m := range state.members[c] {
		in[m.Title] = true
		if !set.films[m.Title] {
			change.Out = append(change.Out, m.Title)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(set.here), func(t id.Title) bool { return in[t] })
	change.In = membersOf(c, missing, nowMS)
	return change, len(change.In)+len(change.Out) > 0 || old.Name != change.Collection.Name ||
		old.Overview != change.Collection.Overview
}

// setCollection gives a collection the name, the overview and the rule of a set.
func setCollection(c library.Collection, set filmSet) library.Collection {
	c.Kind, c.FilledBy, c.Name = library.CollectionPlain, library.BySet, collectionName(set.name)
	c.Overview = set.text
	c.Rule = library.Rule{Kind: library.Movie, Sets: []string{set.name}}
	return c
}

func membersOf(c id.Collection, films []id.Title, nowMS int64) (out []library.Member) {
	for _, t := range films {
		out = append(out, library.Member{Collection: c, Title: t, ByRule: true, AddedMS: nowMS})
	}
	return out
}

// followSets keeps the collections of the sets that queued films name, or named.
func (s *Service) followSets(ctx context.Context, todo ruleQueue) error {
	s.setsMu.Lock()
	defer s.setsMu.Unlock()
	keys, err := s.readFilmSets(ctx, todo)
	if err != nil {
		s.sets.loaded = false // the next pass reads all
		return err
	}
	if len(keys) == 0 {
		return nil
	}
	state, err := s.setsState(ctx, keys)
	if err != nil {
		return err
	}
	plan := planSets(keys, &s.sets, state, s.now())
	for part := range slices.Chunk(plan, setBatch) {
		if err := s.o.Store.ChangeSets(ctx, part); err != nil {
			return fmt.Errorf("keep the collections of sets: %w", err)
		}
	}
	if slices.ContainsFunc(plan, func(c library.SetChange) bool { return c.Action != library.AdoptSet }) {
		s.collectionChanged("")
	}
	return nil
}

// readFilmSets reads the sets of the queued films, or at first and when everything is queued of all, and returns the
// folded names of the sets to look at.
func (s *Service) readFilmSets(ctx context.Context, todo ruleQueue) ([]string, error) {
	if todo.all || !s.sets.loaded {
		var all []library.FilmSet
		if s.o.CollectSets {
			var err error
			if all, err = s.o.Store.FilmSets(ctx, nil); err != nil {
				return nil, fmt.Errorf("read the sets of films: %w", err)
			}
		}
		s.sets = newFilmSets()
		films := make([]id.Title, len(all))
		for i, f := range all {
			films[i] = f.Film
		}
		keys := s.sets.put(films, all)
		known, err := s.o.Store.CollectedSets(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the collections of sets: %w", err)
		}
		for _, c := range known {
			keys = append(keys, c.Set)
		}
		slices.Sort(keys)
		return slices.Compact(keys), nil
	}
	if !s.o.CollectSets {
		return nil, nil
	}
	var keys []string
	for part := range slices.Chunk(slices.Sorted(maps.Keys(todo.titles)), ruleBatch) {
		found, err := s.o.Store.FilmSets(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("read the sets of films: %w", err)
		}
		keys = append(keys, s.sets.put(part, found)...)
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// setsState reads the collections of sets, and the titles of the automatic ones among those in keys.
func (s *Service) setsState(ctx context.Context, keys []string) (setsState, error) {
	state := setsState{
		known: make(map[string]library.CollectedSet), members: make(map[id.Collection][]library.Member),
	}
	known, err := s.o.Store.CollectedSets(ctx)
	if err != nil {
		return state, fmt.Errorf("list the collections of sets: %w", err)
	}
	for _, c := range known {
		state.known[c.Set] = c
	}
	if state.collections, err = s.o.Store.Collections(ctx, library.CollectionPlain); err != nil {
		return state, fmt.Errorf("list the collections: %w", err)
	}
	var asked []id.Collection
	for _, key := range keys {
		if c := state.known[key]; c.Automatic {
			asked = append(asked, c.Collection)
		}
	}
	if len(asked) >= setsReadOnce {
		asked = []id.Collection{""} // of all
	}
	for _, c := range asked {
		members, err := s.o.Store.Members(ctx, c)
		if err != nil {
			return state, fmt.Errorf("list the titles of collections: %w", err)
		}
		for _, m := range members {
			state.members[m.Collection] = append(state.members[m.Collection], m)
		}
	}
	return state, nil
}
