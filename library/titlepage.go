package library

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"movify/pkg/id"
)

// Detail is a title with everything its page shows.
type Detail struct {
	Card
	Facts        Facts // merged
	Descriptions []Description
	Genres       []Label
	Studios      []Label
	Cast         []CastMember
	Versions     []File       // present or unreachable, with probes: parts of one version in order
	Collections  []Collection // of its movie or series: ID, kind and name only
	Seasons      []SeasonOf   // of a series
	Extras       []Card
	More         []Card // other movies or series of the same genres
}

// Label is a genre or studio that titles share.
type Label struct {
	ID   id.Label
	Name string
}

// CastMember is a credit of a title with the person.
type CastMember struct {
	ID      id.Person
	Name    string
	Picture string // address of a portrait at the source, "" = none
	Kind    CreditKind
	Role    string
}

const (
	moreTitles = 12
	moreOfEach = 60 // candidates per genre, latest first
)

// Detail returns the page of a title visible to a.
func (s *Service) Detail(ctx context.Context, a Audience, t id.Title) (Detail, error) {
	tree, err := s.titleTree(ctx, a, t)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Card: tree.top}
	if d.Descriptions, err = s.Descriptions(ctx, t); err != nil {
		return d, err
	}
	d.Facts = mergedFacts(d.Descriptions)
	links, err := s.o.Store.TitleLinks(ctx, t, cmp.Or(d.SeriesID, t))
	if err != nil {
		return d, fmt.Errorf("read the labels, people and collections of a title: %w", err)
	}
	d.Genres, d.Studios, d.Cast = links.Genres, links.Studios, links.Cast
	if d.Collections, err = s.visibleCollections(ctx, a, links.Collections); err != nil {
		return d, err
	}
	if d.Kind != Series && d.Kind != Season { // their files belong to episodes
		if d.Versions, err = s.Versions(ctx, a, t); err != nil {
			return d, err
		}
	}
	if d.Kind == Series {
		d.Seasons = tree.seasons
	}
	if d.Kind == Movie || d.Kind == Series {
		d.Extras = tree.extras
		d.More, err = s.moreLikeThis(ctx, a, d)
	}
	return d, err
}

// Versions returns the visible files of a movie, episode or extra: the parts of one version in order, the best file
// first.
func (s *Service) Versions(ctx context.Context, a Audience, t id.Title) ([]File, error) {
	files, err := s.o.Store.Versions(ctx, a, t)
	if err != nil {
		return nil, fmt.Errorf("read the files of a title: %w", err)
	}
	return groupParts(files), nil
}

// groupParts orders files, best first, so that the parts of one version follow each other.
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

// partSet is the key of the version f is a part of. A file that is not split is a version of its own.
func (f File) partSet() string {
	if f.Part == 0 {
		return string(f.ID)
	}
	return fmt.Sprintf("parts %q in %v", f.Edition, f.Flags)
}

// PartsWith returns the files that play in sequence with f, which is among files; for a file that is not split f alone.
// Of two files of one part the better is taken, but f before any.
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

// moreLikeThis returns titles with the same genres, those that share most of them first.
func (s *Service) moreLikeThis(ctx context.Context, a Audience, d Detail) ([]Card, error) {
	if len(d.Genres) == 0 {
		return nil, nil
	}
	q := SimilarQuery{Title: d.ID, Kind: d.Kind, Each: moreOfEach, Limit: moreTitles}
	for _, g := range d.Genres[:min(CardGenres, len(d.Genres))] {
		q.Labels = append(q.Labels, g.ID)
	}
	more, err := s.o.Store.Similar(ctx, a, q)
	if err != nil {
		return nil, fmt.Errorf("look for titles of the same genres: %w", err)
	}
	return more, nil
}
