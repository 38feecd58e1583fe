package storetest

import (
	"errors"
	"slices"
	"testing"

	"movify/library/catalogue"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

func years(n int) *int { return &n }

// upTo is an audience of that age that sees no title without a rating.
func upTo(age int) library.Audience { return library.Audience{MaxAge: age} }

// names gives the names of what the walls show to an audience, sorted, after checking the total.
func (s libraryStore) names(a library.Audience) []string {
	s.t.Helper()
	page, err := s.Page(s.ctx(), a, catalogue.Query{Sort: catalogue.SortName, Limit: 100})
	s.must(err)
	names := []string{}
	for _, c := range page.Cards {
		names = append(names, c.Name)
	}
	if page.Total != len(names) {
		s.t.Errorf("%+v: a total of %d for %v", a, page.Total, names)
	}
	counts, err := s.Counts(s.ctx(), a)
	s.must(err)
	if counts.Titles != len(names) {
		s.t.Errorf("%+v: %d counted, %v shown", a, counts.Titles, names)
	}
	slices.Sort(names)
	return names
}

// series gives the series of an episode.
func (s libraryStore) seriesOf(episode id.Title) library.Card {
	s.t.Helper()
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{episode})
	s.must(err)
	whole, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{cards[0].SeriesID})
	s.must(err)
	return whole[0]
}

func audiences(t *testing.T, s libraryStore) {
	all, _ := s.movie("All", 2000, 1)
	twelve, _ := s.movie("Twelve", 2000, 2)
	s.movie("Unknown", 2000, 3)
	s.must(s.SetAge(s.ctx(), all.ID, years(0)))
	s.must(s.SetAge(s.ctx(), twelve.ID, years(12)))
	for _, c := range []struct {
		who  library.Audience
		want []string
	}{
		{library.Audience{}, []string{"All"}},
		{upTo(11), []string{"All"}},
		{upTo(12), []string{"All", "Twelve"}},
		{library.Audience{MaxAge: 6, Unrated: true}, []string{"All", "Unknown"}},
		{upTo(library.NoLimit), []string{"All", "Twelve"}},
		{library.Unrestricted(), []string{"All", "Twelve", "Unknown"}},
	} {
		if diff := cmp.Diff(c.want, s.names(c.who)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.who, diff)
		}
	}
	cards, err := s.Cards(s.ctx(), upTo(11), []id.Title{twelve.ID, all.ID})
	s.must(err)
	if len(cards) != 1 || cards[0].ID != all.ID || *cards[0].AgeRating != 0 || *cards[0].Age != 0 {
		t.Errorf("got %+v", cards)
	}
	if _, err := s.BestFile(s.ctx(), upTo(11), twelve.ID); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("the file of a hidden title: %v", err)
	}
	s.must(s.SetAge(s.ctx(), twelve.ID, nil))
	if diff := cmp.Diff([]string{"All"}, s.names(upTo(18))); diff != "" {
		t.Errorf("a rating taken away (-want +got):\n%s", diff)
	}
	if err := s.SetAge(s.ctx(), "none", years(6)); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
}

func seriesAges(t *testing.T, s libraryStore) {
	first, _ := s.episode("Lost", 1, 1)
	second, _ := s.episode("Lost", 1, 2)
	third, _ := s.episode("Lost", 2, 1)
	series := s.seriesOf(first.ID)
	sees := func(a library.Audience) []id.Title {
		t.Helper()
		cards, err := s.Cards(s.ctx(), a, []id.Title{series.ID, first.ID, second.ID, third.ID})
		s.must(err)
		var out []id.Title
		for _, c := range cards {
			out = append(out, c.ID)
		}
		return out
	}
	expect := func(why string, a library.Audience, want ...id.Title) {
		t.Helper()
		if diff := cmp.Diff(want, sees(a)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
	}
	s.must(s.SetAge(s.ctx(), second.ID, years(6)))
	expect("an episode rated in a series that is not", upTo(18))
	s.must(s.SetAge(s.ctx(), series.ID, years(12)))
	expect("the series is for older ones", upTo(6))
	expect("all of them have the age of the series", upTo(12), series.ID, first.ID, second.ID, third.ID)
	s.must(s.SetAge(s.ctx(), first.ID, years(16)))
	expect("one episode is for older ones", upTo(12), series.ID, second.ID, third.ID)

	next, found, err := s.NextEpisode(s.ctx(), upTo(12), library.BeforeAll(series.ID))
	s.must(err)
	if !found || next.ID != second.ID {
		t.Errorf("the first episode to see is %+v", next.Title)
	}
	if _, found, err := s.NextEpisode(s.ctx(), upTo(6), library.BeforeAll(series.ID)); err != nil || found {
		t.Errorf("an episode of a hidden series comes next (%v)", err)
	}
	seasons, err := s.Children(s.ctx(), upTo(12), series.ID)
	s.must(err)
	episodes, err := s.Children(s.ctx(), upTo(12), seasons[0].ID)
	s.must(err)
	if len(seasons) != 2 || len(episodes) != 1 || episodes[0].ID != second.ID || *episodes[0].AgeRating != 6 {
		t.Errorf("%d seasons, episodes %+v", len(seasons), episodes)
	}
	s.must(s.SetAge(s.ctx(), seasons[1].ID, years(18)))
	expect("a season for grown-ups", upTo(16), series.ID, first.ID, second.ID)
}

func hiddenLead(t *testing.T, s libraryStore) {
	first, file := s.episode("Lost", 1, 1)
	series := s.seriesOf(first.ID)
	s.must(s.SetAge(s.ctx(), series.ID, years(6)))
	s.must(s.SetAge(s.ctx(), first.ID, years(16)))
	s.must(s.SaveArt(s.ctx(), file.ID, file.Fingerprint, library.ArtStill, "#101010"))
	for age, want := range map[int]library.Art{16: library.ArtStill, 6: ""} {
		page, err := s.Page(s.ctx(), upTo(age), catalogue.Query{Sort: catalogue.SortName, Limit: 10})
		s.must(err)
		if len(page.Cards) != 1 || page.Cards[0].File.Art != want || page.Cards[0].File.ID != file.ID {
			t.Errorf("at %d: %+v", age, page.Cards)
		}
	}
}

func agesSurviveAScan(t *testing.T, s libraryStore) {
	series := func(name string) id.Title {
		known, err := s.TitlesByIdentity(s.ctx(), []string{name})
		s.must(err)
		return known[name].ID
	}
	episode, _ := s.episode("Wrong", 1, 1)
	s.episode("Right", 1, 2)
	s.must(s.SetAge(s.ctx(), series("Wrong"), years(6)))
	s.must(s.SetAge(s.ctx(), series("Right"), years(16)))

	// The same title, saved again as a scan does, keeps its place; in another series it gets that one's.
	s.apply(library.Change{Titles: []library.Title{episode}})
	if cards, err := s.Cards(s.ctx(), upTo(6), []id.Title{episode.ID}); err != nil || len(cards) != 1 {
		t.Errorf("after a scan: %v %v", cards, err)
	}
	known, err := s.TitlesByIdentity(s.ctx(), []string{"Right:1"})
	s.must(err)
	episode.Parent, episode.Identity = known["Right:1"].ID, "Right:1:1"
	s.apply(library.Change{Titles: []library.Title{episode}})
	if cards, err := s.Cards(s.ctx(), upTo(6), []id.Title{episode.ID}); err != nil || len(cards) != 0 {
		t.Errorf("in a series for older ones: %v %v", cards, err)
	}
	added, _ := s.episode("Right", 1, 3)
	if cards, err := s.Cards(s.ctx(), upTo(16), []id.Title{episode.ID, added.ID}); err != nil || len(cards) != 2 ||
		*cards[0].AgeRating != 16 {
		t.Errorf("for the older ones: %v %v", cards, err)
	}
}
