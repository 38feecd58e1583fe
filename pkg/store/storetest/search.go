package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"movify/library"
	"movify/pkg/id"
)

func searchedTitles() map[string]func(*testing.T, libraryStore) {
	return map[string]func(*testing.T, libraryStore){
		"titles are found by their names and people":        titleDocs,
		"documents come page by page":                       docPages,
		"what changes is told to the search once":           searchChanges,
		"what changes again while it is indexed stays told": changedMeanwhile,
		"a series that is renamed renames its episodes":     renamedSeries,
		"a genre is found and seen with its titles":         seenGroups,
		"people are seen through their titles":              seenPeople,
	}
}

// told is what sources say of a title now.
func told(t id.Title, f library.Facts) library.Change {
	return library.Change{Resolved: []library.Resolved{{Title: t, Facts: f}}}
}

func docsByID(docs []library.SearchDoc) map[string]library.SearchDoc {
	out := make(map[string]library.SearchDoc, len(docs))
	for _, d := range docs {
		out[d.ID] = d
	}
	return out
}

func titleDocs(t *testing.T, s libraryStore) {
	movie, _ := s.movie("Chihiro", 2001, 1)
	episode, _ := s.episode("Lost", 1, 2)
	s.apply(told(movie.ID, library.Facts{
		Name: "Le Voyage de Chihiro", OriginalName: "千と千尋の神隠し", Year: 2001,
		OtherNames: []library.OtherName{
			{Name: "Spirited Away", Language: "en"}, {Name: "Le Voyage de Chihiro", Language: "fr"},
		},
		Credits: []library.Credit{
			{Name: "Hayao Miyazaki", Kind: library.Director}, {Name: "Hayao Miyazaki", Kind: library.Writer},
			{Name: "Rumi Hiiragi", Kind: library.Actor},
		},
		Ratings: []library.Rating{{By: "imdb", Value: 8.6, Votes: 999_999}},
	}))
	docs, next, err := s.TitleDocs(s.ctx(), "", 100)
	s.must(err)
	if next != "" {
		t.Errorf("there is a page after the last: %q", next)
	}
	by := docsByID(docs)
	want := library.SearchDoc{
		ID: string(movie.ID), Kind: library.FindMovie, Year: 2001, Weight: 840,
		Names:  []string{"Le Voyage de Chihiro", "千と千尋の神隠し", "Spirited Away"},
		People: []string{"Hayao Miyazaki", "Rumi Hiiragi"},
	}
	if diff := cmp.Diff(want, by[want.ID]); diff != "" {
		t.Error(diff)
	}
	want = library.SearchDoc{
		ID: string(episode.ID), Kind: library.FindEpisode, Names: []string{episode.Name}, Series: []string{"Lost"}, Season: 1,
		Episode: 2,
	}
	if diff := cmp.Diff(want, by[want.ID], cmpopts.IgnoreFields(want, "Year")); diff != "" {
		t.Error(diff)
	}
	if len(docs) != 3 { // the season is found by nothing
		t.Errorf("%d documents of a movie, a series and an episode", len(docs))
	}
}

func docPages(t *testing.T, s libraryStore) {
	want := make(map[string]bool)
	for _, name := range []string{"A", "B", "C", "D", "E"} {
		m, _ := s.movie(name, 2000, 1)
		want[string(m.ID)] = true
		s.apply(
			told(m.ID, library.Facts{Name: name, Credits: []library.Credit{{Name: "Person " + name, Kind: library.Actor}}}),
		)
	}
	got, pages := make(map[string]bool), 0
	for after := id.Title(""); pages == 0 || after != ""; pages++ {
		docs, next, err := s.TitleDocs(s.ctx(), after, 2)
		s.must(err)
		for _, d := range docs {
			got[d.ID] = true
		}
		after = next
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages of five titles by two: %s", pages, diff)
	}
	var names []string
	for after, first := id.Person(""), true; first || after != ""; first = false {
		docs, next, err := s.PersonDocs(s.ctx(), after, 2)
		s.must(err)
		for _, d := range docs {
			names = append(names, d.Names...)
		}
		after = next
	}
	sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff([]string{"Person A", "Person B", "Person C", "Person D", "Person E"}, names, sorted); diff != "" {
		t.Error(diff)
	}
}

func searchChanges(t *testing.T, s libraryStore) {
	movie, file := s.movie("Heat", 1995, 1)
	changes, docs, err := s.SearchChanges(s.ctx(), 10)
	s.must(err)
	if len(changes) != 1 || len(docs) != 1 || docs[0].ID != string(movie.ID) {
		t.Fatalf("a new film is told as %v, %v", changes, docs)
	}
	s.must(s.AckSearchChanges(s.ctx(), changes, "mark 1"))
	mark, err := s.SearchCheckpoint(s.ctx())
	s.must(err)
	if mark != "mark 1" {
		t.Errorf("the mark is %q", mark)
	}
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Unreachable}}, AtMS: 2})
	if changes, _, err = s.SearchChanges(s.ctx(), 10); err != nil || len(changes) != 0 {
		t.Errorf("a film whose disk is away is found by other words: %v, %v", changes, err)
	}
	s.apply(
		told(movie.ID, library.Facts{Name: "Heat", Credits: []library.Credit{{Name: "Al Pacino", Kind: library.Actor}}}),
	)
	_, docs, err = s.SearchChanges(s.ctx(), 10)
	s.must(err)
	var kinds []library.FindKind
	for _, d := range docs {
		kinds = append(kinds, d.Kind)
	}
	if diff := cmp.Diff([]library.FindKind{library.FindMovie, library.FindPerson}, kinds); diff != "" {
		t.Error(diff)
	}
}

func changedMeanwhile(t *testing.T, s libraryStore) {
	movie, _ := s.movie("Heat", 1995, 1)
	changes, _, err := s.SearchChanges(s.ctx(), 10)
	s.must(err)
	s.apply(told(movie.ID, library.Facts{Name: "Heat, the film"}))
	s.must(s.AckSearchChanges(s.ctx(), changes, "m"))
	again, docs, err := s.SearchChanges(s.ctx(), 10)
	s.must(err)
	if len(again) != 1 || len(docs) != 1 || docs[0].Names[0] != "Heat, the film" {
		t.Errorf("the change is lost: %v, %v", again, docs)
	}
}

func renamedSeries(t *testing.T, s libraryStore) {
	episode, _ := s.episode("Lost", 1, 2)
	changes, _, err := s.SearchChanges(s.ctx(), 10)
	s.must(err)
	s.must(s.AckSearchChanges(s.ctx(), changes, "m"))
	series := s.seriesOf(episode.ID)
	s.apply(told(series.ID, library.Facts{Name: "Les Disparus", OriginalName: "Lost"}))
	_, docs, err := s.SearchChanges(s.ctx(), 10)
	s.must(err)
	if diff := cmp.Diff([]string{"Les Disparus", "Lost"}, docsByID(docs)[string(episode.ID)].Series); diff != "" {
		t.Error(diff)
	}
}

func seenGroups(t *testing.T, s libraryStore) {
	movie, _ := s.movie("Heat", 1995, 1)
	s.apply(told(movie.ID, library.Facts{Name: "Heat", Genres: []string{"Crime"}, Tags: []string{"Los Angeles"}}))
	docs, err := s.GroupDocs(s.ctx())
	s.must(err)
	if len(docs) != 1 || docs[0].Kind != library.FindGenre || docs[0].Names[0] != "Crime" {
		t.Fatalf("the groups are %v", docs)
	}
	groups, err := s.FilterVisibleGroups(s.ctx(), library.Unrestricted(), []string{"none", docs[0].ID})
	s.must(err)
	want := []library.GroupResult{{ID: docs[0].ID, Kind: library.FindGenre, Name: "Crime"}}
	if diff := cmp.Diff(want, groups); diff != "" {
		t.Error(diff)
	}
	if groups, err = s.FilterVisibleGroups(s.ctx(), library.Audience{MaxAge: 6}, []string{docs[0].ID}); err != nil ||
		len(groups) != 0 {
		t.Errorf("a child sees the genre of a film it may not see: %v, %v", groups, err)
	}
}

func seenPeople(t *testing.T, s libraryStore) {
	movie, _ := s.movie("Heat", 1995, 1)
	hidden, file := s.movie("Ronin", 1998, 1)
	episode, _ := s.episode("Lost", 1, 1)
	robert := []library.Credit{{Name: "Robert De Niro", Kind: library.Actor, Picture: "https://pictures.example/r.jpg"}}
	for _, x := range []id.Title{movie.ID, hidden.ID, episode.ID} {
		s.apply(told(x, library.Facts{Name: string(x), Credits: robert}))
	}
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Missing}}, AtMS: 2})
	docs, _, err := s.PersonDocs(s.ctx(), "", 10)
	s.must(err)
	if len(docs) != 1 {
		t.Fatalf("the people are %v", docs)
	}
	who := id.Person(docs[0].ID)
	people, err := s.FilterVisiblePeople(s.ctx(), library.Unrestricted(), []id.Person{who, "nobody"})
	s.must(err)
	want := []library.PersonResult{{ID: who, Name: "Robert De Niro", Picture: "https://pictures.example/r.jpg", Titles: 2}}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Error(diff)
	}
	if people, err = s.FilterVisiblePeople(s.ctx(), library.Audience{MaxAge: 6}, []id.Person{who}); err != nil ||
		len(people) != 0 {
		t.Errorf("a child finds who is only in films it may not see: %v, %v", people, err)
	}
	seen, err := s.FilterVisible(s.ctx(), library.Unrestricted(), []id.Title{hidden.ID, episode.ID, "none", movie.ID})
	s.must(err)
	if diff := cmp.Diff([]id.Title{episode.ID, movie.ID}, seen); diff != "" {
		t.Error(diff)
	}
}
