package storetest

import (
	"fmt"
	"slices"
	"testing"

	"movify/library/catalogue"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// browsing fills a store with ten films and a series and returns a service over it.
func (s libraryStore) browsing() *catalogue.Service {
	s.t.Helper()
	for i := range 10 {
		film, _ := s.movie(fmt.Sprint("Film ", i), 1990+2*i, int64(i))
		facts := library.Facts{
			Name: film.Name, Year: film.Year, Genres: []string{"Drama"},
			Ratings: []library.Rating{{By: "imdb", Value: float64(i), Votes: 1}},
		}
		if i%2 == 0 {
			facts.Genres = []string{"Crime", "Drama"}
		}
		if i == 3 {
			facts.Credits = []library.Credit{{Name: "Al Pacino", Kind: library.Actor}}
		}
		s.apply(library.Change{Resolved: []library.Resolved{{Title: film.ID, Facts: facts}}})
	}
	first, _ := s.episode("Lost", 1, 1)
	s.apply(
		library.Change{
			Resolved: []library.Resolved{{Title: first.ID, Facts: library.Facts{Name: "Pilot", Credits: []library.Credit{
				{Name: "Al Pacino", Kind: library.Director}}}}},
		},
	)
	return catalogue.New(catalogue.Options{Store: s.LibraryStore})
}

func filters(t *testing.T, s libraryStore) {
	svc := s.browsing()
	genres := make(map[string]id.Label)
	words, err := s.Labels(t.Context(), library.Genre)
	s.must(err)
	for l, name := range words {
		genres[name] = l
	}
	docs, _, err := s.PersonDocs(t.Context(), "", 10)
	s.must(err)
	pacino := id.Person(docs[0].ID)
	for name, c := range map[string]struct {
		filter catalogue.Filter
		sort   catalogue.Sort
		want   []string
	}{
		"a genre":           {catalogue.Filter{Genre: genres["Crime"]}, catalogue.SortName, []string{"Film 0", "Film 2", "Film 4", "Film 6", "Film 8"}},
		"best first":        {catalogue.Filter{Genre: genres["Crime"]}, catalogue.SortRating, []string{"Film 8", "Film 6", "Film 4", "Film 2", "Film 0"}},
		"years":             {catalogue.Filter{Years: library.Span{From: 1994, To: 1998}}, catalogue.SortYear, []string{"Film 4", "Film 3", "Film 2"}},
		"years and a genre": {catalogue.Filter{Years: library.Span{From: 1994, To: 1998}, Genre: genres["Crime"]}, catalogue.SortReleased, []string{"Film 4", "Film 2"}},
		"a person":          {catalogue.Filter{Person: pacino}, catalogue.SortName, []string{"Film 3", "Lost"}},
		"a kind":            {catalogue.Filter{Kind: library.Series}, catalogue.SortName, []string{"Lost"}},
		"too short":         {catalogue.Filter{Minutes: library.Span{To: 89}}, catalogue.SortName, []string{}},
		"long enough":       {catalogue.Filter{Minutes: library.Span{From: 90}, Genre: genres["Crime"], Years: library.Span{From: 2000}}, catalogue.SortName, []string{"Film 6", "Film 8"}},
		"no such genre":     {catalogue.Filter{Genre: "none"}, catalogue.SortName, []string{}},
	} {
		q := catalogue.Query{Filter: c.filter, Sort: c.sort, Limit: 20}
		page, err := svc.Titles(t.Context(), library.Unrestricted(), q)
		s.must(err)
		got := []string{}
		for _, card := range page.Cards {
			got = append(got, card.Name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || page.Total != len(c.want) {
			t.Errorf("%s: a total of %d (-want +got):\n%s", name, page.Total, diff)
		}
	}
	facets, err := svc.Facets(
		t.Context(), library.Unrestricted(),
		catalogue.Filter{Genre: genres["Crime"], Years: library.Span{From: 1990, To: 1999}},
	)
	s.must(err)
	want := catalogue.Facets{
		Total: 3, Kinds: []catalogue.Facet{{ID: "movie", Name: "movie", Count: 3}},
		Genres: []catalogue.Facet{
			{ID: string(genres["Drama"]), Name: "Drama", Count: 5}, {ID: string(genres["Crime"]), Name: "Crime", Count: 3},
		},
		Years:   []catalogue.Facet{{ID: "2000-2009", Name: "2000s", Count: 2}, {ID: "1990-1999", Name: "1990s", Count: 3}},
		Ages:    []catalogue.Facet{{ID: "none", Name: "none", Count: 3}},
		Minutes: []catalogue.Facet{{ID: "90-119", Name: "90-119", Count: 3}},
	}
	if diff := cmp.Diff(want, facets); diff != "" {
		t.Errorf("facets (-want +got):\n%s", diff)
	}
}

func orders(t *testing.T, s libraryStore) {
	svc := s.browsing()
	walk := func(sort catalogue.Sort) (out []id.Title) {
		t.Helper()
		for cursor := ""; ; {
			page, err := svc.Titles(t.Context(), library.Unrestricted(), catalogue.Query{Sort: sort, Cursor: cursor, Limit: 2})
			s.must(err)
			for _, c := range page.Cards {
				out = append(out, c.ID)
			}
			if cursor = page.Next; cursor == "" {
				return out
			}
		}
	}
	first, others := walk(catalogue.SortRandom), 0
	for range 5 {
		next := walk(catalogue.SortRandom)
		if !slices.Equal(first, next) {
			others++
		}
		slices.Sort(next)
		if len(slices.Compact(next)) != 11 {
			t.Errorf("pages by chance repeat or leave out: %d titles", len(next))
		}
	}
	if others == 0 {
		t.Error("chance always gives the same order")
	}
	film, _ := s.movie("Aaa", 2020, 99)
	if got := walk(catalogue.SortName); got[0] != film.ID || len(got) != 12 {
		t.Errorf("a new film is not seen at once: %v", got)
	}
}
