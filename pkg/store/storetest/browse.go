package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// browsing fills a store with ten films and a series and returns a service over it.
func (s libraryStore) browsing() *library.Service {
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
	return library.New(library.Options{Store: s.LibraryStore})
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
		filter library.Filter
		sort   library.Sort
		want   []string
	}{
		"a genre":           {library.Filter{Genre: genres["Crime"]}, library.SortName, []string{"Film 0", "Film 2", "Film 4", "Film 6", "Film 8"}},
		"best first":        {library.Filter{Genre: genres["Crime"]}, library.SortRating, []string{"Film 8", "Film 6", "Film 4", "Film 2", "Film 0"}},
		"years":             {library.Filter{Years: library.Span{From: 1994, To: 1998}}, library.SortYear, []string{"Film 4", "Film 3", "Film 2"}},
		"years and a genre": {library.Filter{Years: library.Span{From: 1994, To: 1998}, Genre: genres["Crime"]}, library.SortReleased, []string{"Film 4", "Film 2"}},
		"a person":          {library.Filter{Person: pacino}, library.SortName, []string{"Film 3", "Lost"}},
		"a kind":            {library.Filter{Kind: library.Series}, library.SortName, []string{"Lost"}},
		"too short":         {library.Filter{Minutes: library.Span{To: 89}}, library.SortName, []string{}},
		"long enough":       {library.Filter{Minutes: library.Span{From: 90}, Genre: genres["Crime"], Years: library.Span{From: 2000}}, library.SortName, []string{"Film 6", "Film 8"}},
		"no such genre":     {library.Filter{Genre: "none"}, library.SortName, []string{}},
	} {
		page, err := svc.Titles(t.Context(), library.Unrestricted(), library.Query{Filter: c.filter, Sort: c.sort, Limit: 20})
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
		library.Filter{Genre: genres["Crime"], Years: library.Span{From: 1990, To: 1999}},
	)
	s.must(err)
	want := library.Facets{
		Total: 3, Kinds: []library.Facet{{ID: "movie", Name: "movie", Count: 3}},
		Genres: []library.Facet{
			{ID: string(genres["Drama"]), Name: "Drama", Count: 5}, {ID: string(genres["Crime"]), Name: "Crime", Count: 3},
		},
		Years:   []library.Facet{{ID: "2000-2009", Name: "2000s", Count: 2}, {ID: "1990-1999", Name: "1990s", Count: 3}},
		Ages:    []library.Facet{{ID: "none", Name: "none", Count: 3}},
		Minutes: []library.Facet{{ID: "90-119", Name: "90-119", Count: 3}},
	}
	if diff := cmp.Diff(want, facets); diff != "" {
		t.Errorf("facets (-want +got):\n%s", diff)
	}
}

func orders(t *testing.T, s libraryStore) {
	svc := s.browsing()
	walk := func(sort library.Sort) (out []id.Title) {
		t.Helper()
		for cursor := ""; ; {
			page, err := svc.Titles(t.Context(), library.Unrestricted(), library.Query{Sort: sort, Cursor: cursor, Limit: 2})
			s.must(err)
			for _, c := range page.Cards {
				out = append(out, c.ID)
			}
			if cursor = page.Next; cursor == "" {
				return out
			}
		}
	}
	first, others := walk(library.SortRandom), 0
	for range 5 {
		next := walk(library.SortRandom)
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
	if got := walk(library.SortName); got[0] != film.ID || len(got) != 12 {
		t.Errorf("a new film is not seen at once: %v", got)
	}
}
