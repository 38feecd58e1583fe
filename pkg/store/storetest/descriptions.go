package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

func describedTitles() map[string]func(*testing.T, shelf) {
	return map[string]func(*testing.T, shelf){
		"a description comes back as it went in":         descriptionRoundTrip,
		"what is told of a title replaces what was told": toldAnew,
		"a scan leaves what is told of a title as it is": toldSurvivesAScan,
		"what is told of no title is refused":            toldOfNothing,
		"an age that is told decides who may see":        toldAge,
		"titles are read by ID, whoever may see them":    titlesByID,
		"edition, part and flags of a file are kept":     versionRoundTrip,
	}
}

func (s shelf) descriptions(t id.Title) []library.Description {
	s.t.Helper()
	all, err := s.Descriptions(s.ctx(), []id.Title{t, "none"})
	s.must(err)
	return all[t]
}

func (s shelf) titleOf(t id.Title) library.Title {
	s.t.Helper()
	known, err := s.TitlesByID(s.ctx(), []id.Title{t})
	s.must(err)
	return known[t]
}

func descriptionRoundTrip(t *testing.T, s shelf) {
	title, _ := s.movie("Heat", 1995, 1)
	age := 16
	byName := library.Description{Title: title.ID, Source: library.FromName, Facts: library.Facts{Name: "Heat", Year: 1995},
		Evidence: map[string]string{"name": "folder name"}, AtMS: 7}
	nfo := library.Description{Title: title.ID, Source: library.FromNFO, Mark: "12|34|/films/\xff.nfo", Notes: []string{"It breaks off."}, AtMS: 7,
		Facts: library.Facts{
			Name: "Heat", Genres: []string{"Crime"}, Age: &age, IDs: map[string]string{"imdb": "tt0113277"},
			Credits: []library.Credit{{Name: "Al Pacino", Kind: library.Actor, Role: "Vincent"}}, Ratings: []library.Rating{{By: "imdb", Value: 8.3, Votes: 700000}},
		}}
	s.apply(library.Change{Descriptions: []library.Description{nfo, byName}, AtMS: 7})
	if diff := cmp.Diff([]library.Description{byName, nfo}, s.descriptions(title.ID)); diff != "" {
		t.Error(diff)
	}
	nfo.Facts, nfo.Mark, nfo.AtMS = library.Facts{}, "13|35|/films/\xff.nfo", 8
	s.apply(library.Change{Descriptions: []library.Description{nfo}, AtMS: 8})
	if diff := cmp.Diff([]library.Description{byName, nfo}, s.descriptions(title.ID)); diff != "" {
		t.Error(diff)
	}
	s.apply(library.Change{Descriptions: []library.Description{{Title: title.ID, Source: library.FromNFO}}, AtMS: 9})
	if diff := cmp.Diff([]library.Description{byName}, s.descriptions(title.ID)); diff != "" {
		t.Errorf("an empty description is kept: %s", diff)
	}
}

func toldAnew(t *testing.T, s shelf) {
	title, _ := s.movie("Heat", 1995, 1)
	age := 16
	facts := library.Facts{
		Name: "Heat: the film", OriginalName: "Heat", SortName: "Zzz", Year: 1996, Released: "1996-02-29", Overview: "Cops.", Tagline: "Saga.",
		Certification: "FSK 16", Age: &age, Genres: []string{"Crime", "crime", "Drama", "Thriller", "Heist"}, Studios: []string{"Warner"},
		Countries: []string{"US"}, Tags: []string{"LA"},
		Credits: []library.Credit{{Name: "Al Pacino", Kind: library.Actor, Role: "Vincent"}, {Name: "Michael Mann", Kind: library.Director},
			{Name: "Michael Mann", Kind: library.Writer}, {Name: "", Kind: library.Actor}},
		Ratings: []library.Rating{{By: "imdb", Value: 8.3, Votes: 7}}, IDs: map[string]string{"imdb": "tt1"},
		OtherNames: []library.OtherName{{Name: "Hitze", Language: "de"}},
	}
	shown := library.Shown{Title: title.ID, Facts: facts, Evidence: map[string]string{"name": "nfo"}, Edited: true}
	for range 2 { // what is told twice is there once
		s.apply(library.Change{Shown: []library.Shown{shown}})
	}
	want := title
	want.Name, want.OriginalName, want.Year, want.Released, want.Overview, want.Tagline = "Heat: the film", "Heat", 1996, "1996-02-29", "Cops.", "Saga."
	want.Certification, want.Age, want.Genres, want.Rating, want.Votes = "FSK 16", &age, []string{"Crime", "crime", "Drama"}, 83, 7
	want.Evidence, want.Edited, want.DurationMS = map[string]string{"name": "nfo"}, true, 5_400_000
	if diff := cmp.Diff(want, s.titleOf(title.ID)); diff != "" {
		t.Error(diff)
	}
	s.apply(library.Change{Shown: []library.Shown{{Title: title.ID, Facts: library.Facts{Name: "Heat", Year: 1995}}}})
	title.DurationMS = 5_400_000
	if diff := cmp.Diff(title, s.titleOf(title.ID)); diff != "" {
		t.Errorf("of what was told before there is left: %s", diff)
	}
}

func toldSurvivesAScan(t *testing.T, s shelf) {
	title, _ := s.movie("Heat", 1995, 1)
	s.apply(library.Change{Shown: []library.Shown{{Title: title.ID, Facts: library.Facts{Name: "Edited", Year: 1, Overview: "Mine."}, Edited: true}}})
	title.AddedMS = 99
	s.apply(library.Change{Titles: []library.Title{title}})
	if got := s.titleOf(title.ID); got.Name != "Edited" || got.Year != 1 || got.Overview != "Mine." || !got.Edited || got.AddedMS != 99 {
		t.Errorf("got %+v", got)
	}
}

func toldOfNothing(t *testing.T, s shelf) {
	err := s.Apply(s.ctx(), library.Change{Shown: []library.Shown{{Title: "none", Facts: library.Facts{Name: "x"}}}})
	if !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
}

func toldAge(t *testing.T, s shelf) {
	s.episode("Lost", 1, 1)
	known, err := s.TitlesByIdentity(s.ctx(), []string{"Lost", "Lost:1:1"})
	s.must(err)
	twelve := 12
	s.apply(library.Change{Shown: []library.Shown{{Title: known["Lost"].ID, Facts: library.Facts{Name: "Lost", Age: &twelve}}}})
	for age, want := range map[int]int{11: 0, 12: 1} {
		cards, err := s.Cards(s.ctx(), library.Audience{MaxAge: age}, []id.Title{known["Lost:1:1"].ID})
		s.must(err)
		if len(cards) != want {
			t.Errorf("at %d there are %d cards, want %d", age, len(cards), want)
		}
	}
}

func titlesByID(t *testing.T, s shelf) {
	heat, _ := s.movie("Heat", 1995, 1)
	ronin, _ := s.movie("Ronin", 1998, 1)
	known, err := s.TitlesByID(s.ctx(), []id.Title{heat.ID, "none", ronin.ID})
	s.must(err)
	if len(known) != 2 || known[heat.ID].Name != "Heat" || known[ronin.ID].Name != "Ronin" {
		t.Errorf("got %v", known)
	}
	if none, err := s.TitlesByID(s.ctx(), nil); err != nil || len(none) != 0 {
		t.Errorf("got %v, %v", none, err)
	}
}

func versionRoundTrip(t *testing.T, s shelf) {
	title, _ := s.movie("Heat", 1995, 1)
	want := present(title.ID, "/films/Heat cd2.mkv")
	want.Edition, want.Part, want.Flags, want.Pinned = "Director's Cut", 2, []string{"3d-sbs", "hdr"}, true
	s.apply(library.Change{Files: []library.File{want}})
	got, err := s.File(s.ctx(), want.ID)
	s.must(err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
