package library

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"movify/pkg/id"
)

// Detail is a title with all that is known of it, as its own page shows it.
type Detail struct {
	Card
	Facts        Facts // what its sources say, merged
	Descriptions []Description
	Genres       []Label
	Studios      []Label
	Cast         []CastMember
	Versions     []File // that are there or away, with probes: those of one edition together, its parts in order
	Extras       []Card
	More         []Card // other movies or series of the same genres
}

// Label is something that several titles are found by.
type Label struct {
	ID   id.Label
	Name string
}

// CastMember is somebody who had a part in a title.
type CastMember struct {
	ID      id.Person
	Name    string
	Picture string // where a source says that a portrait is, "" = nowhere
	Kind    CreditKind
	Role    string
}

const (
	moreTitles = 12
	moreOfEach = 60 // titles that are looked at for each genre, the latest
)

// Detail gives a title's own page to somebody who may see it.
func (s *Service) Detail(ctx context.Context, a Audience, t id.Title) (Detail, error) {
	card, err := s.Title(ctx, a, t)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Card: card}
	if d.Descriptions, err = s.Descriptions(ctx, t); err != nil {
		return d, err
	}
	d.Facts = mergedFacts(d.Descriptions)
	if d.Genres, d.Studios, err = s.o.Store.LabelsOf(ctx, t); err != nil {
		return d, fmt.Errorf("read the words of a title: %w", err)
	}
	if d.Cast, err = s.o.Store.Cast(ctx, t); err != nil {
		return d, fmt.Errorf("read the cast of a title: %w", err)
	}
	if d.Versions, err = s.Versions(ctx, a, t); err != nil {
		return d, err
	}
	if card.Kind == Movie || card.Kind == Series {
		if d.Extras, err = s.Extras(ctx, a, t); err != nil {
			return d, err
		}
		d.More, err = s.moreLikeThis(ctx, a, d)
	}
	return d, err
}

// Versions gives the files of a movie, episode or extra that a may see: those of one edition and size together, parts in
// order, the one that stands for the title first.
func (s *Service) Versions(ctx context.Context, a Audience, t id.Title) ([]File, error) {
	files, err := s.o.Store.Versions(ctx, a, t)
	if err != nil {
		return nil, fmt.Errorf("read the files of a title: %w", err)
	}
	return groupParts(files), nil
}

// groupParts orders files, the best first, so that those that are played one after the other follow each other.
func groupParts(files []File) []File {
	first := make(map[string]int)
	for i, f := range files {
		if _, ok := first[f.partSet()]; !ok {
			first[f.partSet()] = i
		}
	}
	out := slices.Clone(files)
	slices.SortStableFunc(out, func(x, y File) int {
		return cmp.Or(cmp.Compare(first[x.partSet()], first[y.partSet()]), cmp.Compare(x.Part, y.Part))
	})
	return out
}

// partSet names what f is part of: files of one set are played one after the other. A whole film is a set of its own.
func (f File) partSet() string {
	if f.Part == 0 {
		return string(f.ID)
	}
	return fmt.Sprintf("parts %q in %v", f.Edition, f.Flags)
}

// PartsWith gives the files that are played one after the other with f, which is among files; of a whole film it is f alone.
// Of two files of one part the better is taken, f itself before all.
func (f File) PartsWith(files []File) []File {
	var out []File
	for _, x := range groupParts(files) {
		switch last := len(out) - 1; {
		case x.partSet() != f.partSet():
		case last >= 0 && out[last].Part == x.Part:
			if x.ID == f.ID {
				out[last] = x
			}
		default:
			out = append(out, x)
		}
	}
	return out
}

// moreLikeThis gives what else there is of the genres of a title: what shares most of them comes first.
func (s *Service) moreLikeThis(ctx context.Context, a Audience, d Detail) ([]Card, error) {
	shared := make(map[id.Title]int)
	for _, g := range d.Genres[:min(CardGenres, len(d.Genres))] {
		titles, err := s.o.Store.LatestOf(ctx, a, g.ID, d.Kind, moreOfEach)
		if err != nil {
			return nil, fmt.Errorf("look for titles of a genre: %w", err)
		}
		for _, t := range titles {
			shared[t]++
		}
	}
	delete(shared, d.ID)
	titles := slices.SortedFunc(maps.Keys(shared), func(x, y id.Title) int {
		return cmp.Or(cmp.Compare(shared[y], shared[x]), cmp.Compare(y, x))
	})
	return s.Cards(ctx, a, titles[:min(moreTitles, len(titles))])
}
