package storetest

import (
	"errors"
	"fmt"
	"testing"

	"movify/library/catalogue"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

func leads(t *testing.T, s libraryStore) {
	title, low := s.movie("Heat", 1995, 1)
	high := present(title.ID, "/films/Heat 4k.mkv")
	high.Height = 2160
	s.apply(library.Change{Files: []library.File{high}})
	expect := func(want id.File) {
		t.Helper()
		got, err := s.BestFile(s.ctx(), library.Unrestricted(), title.ID)
		s.must(err)
		if got.ID != want {
			t.Errorf("%s stands for the title, want %s", got.ID, want)
		}
	}
	expect(high.ID)
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{high.ID}, State: library.Unreachable}}, AtMS: 3})
	expect(low.ID)
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{low.ID}, State: library.Missing}}, AtMS: 4})
	expect(high.ID)
	s.apply(library.Change{
		Moves: []library.Move{{Files: []id.File{high.ID}, State: library.Attention, Code: "c", Reason: "r"}},
		AtMS:  5,
	})
	if _, err := s.BestFile(s.ctx(), library.Unrestricted(), title.ID); !errors.Is(err, library.ErrNoFile) {
		t.Errorf("got %v, want ErrNoFile", err)
	}
	if _, err := s.BestFile(s.ctx(), library.Unrestricted(), "none"); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
	files, err := s.FilesOfTitle(s.ctx(), title.ID)
	if err != nil || len(files) != 2 || files[0].ID != low.ID || files[1].ID != high.ID {
		t.Errorf("got %+v (%v), want the low and the high one", files, err)
	}
	page, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{Sort: catalogue.SortAdded, Limit: 10})
	s.must(err)
	if page.Total != 0 || len(page.Cards) != 0 {
		t.Errorf("a title without a file is shown: %+v", page)
	}
}

func seriesLead(t *testing.T, s libraryStore) {
	s.episode("Lost", 0, 1)
	s.episode("Lost", 2, 1)
	_, first := s.episode("Lost", 1, 2)
	episode, file := s.episode("Lost", 1, 1)
	series := func() library.Card {
		t.Helper()
		page, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{
			Filter: catalogue.Filter{Kind: library.Series}, Sort: catalogue.SortName, Limit: 10,
		})
		s.must(err)
		if len(page.Cards) != 1 {
			t.Fatalf("%d series, want 1", len(page.Cards))
		}
		return page.Cards[0]
	}
	if got := series(); got.File.ID != file.ID {
		t.Errorf("the series shows %s", got.File.Path)
	}
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Missing}}})
	got := series()
	if got.File.ID != first.ID {
		t.Errorf("the series shows %s", got.File.Path)
	}
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{episode.ID})
	s.must(err)
	if cards[0].SeriesID != got.ID || cards[0].SeriesName != "Lost" || cards[0].File.ID != "" {
		t.Errorf("the episode says %+v", cards[0])
	}
	seasons, err := s.Children(s.ctx(), library.Unrestricted(), got.ID)
	s.must(err)
	var numbers []int
	for _, c := range seasons {
		numbers = append(numbers, c.Season)
		if c.SeriesID != got.ID {
			t.Errorf("season %d does not know its series", c.Season)
		}
	}
	if diff := cmp.Diff([]int{0, 1, 2}, numbers); diff != "" {
		t.Error(diff)
	}
}

func regroup(t *testing.T, s libraryStore) {
	episode, _ := s.episode("Wrong", 1, 1)
	s.episode("Right", 1, 2)
	known, err := s.TitlesByIdentity(s.ctx(), []string{"Right:1"})
	s.must(err)
	episode.Parent, episode.Identity = known["Right:1"].ID, "Right:1:1"
	file, err := s.BestFile(s.ctx(), library.Unrestricted(), episode.ID)
	s.must(err)
	s.apply(library.Change{Titles: []library.Title{episode}, Files: []library.File{file}})
	page, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{Sort: catalogue.SortName, Limit: 10})
	s.must(err)
	if len(page.Cards) != 1 || page.Cards[0].Name != "Right" || page.Cards[0].File.ID != file.ID {
		t.Errorf("got %+v", page.Cards)
	}
}

func pages(t *testing.T, s libraryStore) {
	// Equal keys are the hard part: twenty films of two names, two years and two dates.
	for i := range 20 {
		title := library.Title{ID: id.New[id.Title](), Kind: library.Movie, Identity: fmt.Sprint("film ", i),
			Name: []string{"The Same", "Other"}[i%2], Year: 1990 + i/10, AddedMS: int64(i % 3 / 2)}
		file := present(title.ID, fmt.Sprint("/films/", i))
		s.apply(library.Change{Titles: []library.Title{title}, Files: []library.File{file}})
	}
	for _, sort := range []catalogue.Sort{catalogue.SortAdded, catalogue.SortName, catalogue.SortYear} {
		whole, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{Sort: sort, Limit: 100})
		s.must(err)
		if whole.Next != "" || whole.Total != len(whole.Cards) {
			t.Errorf("by %s: %d of %d, then %q", sort, len(whole.Cards), whole.Total, whole.Next)
		}
		var walked []library.Card
		q := catalogue.Query{Sort: sort, Limit: 3}
		for {
			page, err := s.Page(s.ctx(), library.Unrestricted(), q)
			s.must(err)
			walked = append(walked, page.Cards...)
			if page.Next == "" {
				break
			}
			if len(page.Cards) != 3 || page.Total != whole.Total {
				t.Fatalf("by %s: a page of %d, total %d", sort, len(page.Cards), page.Total)
			}
			q.Cursor = page.Next
		}
		if diff := cmp.Diff(whole.Cards, walked); diff != "" {
			t.Errorf("by %s: %s", sort, diff)
		}
	}
	first, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{Sort: catalogue.SortName, Limit: 1})
	s.must(err)
	for name, q := range map[string]catalogue.Query{
		"rubbish":       {Sort: catalogue.SortName, Cursor: "%%%", Limit: 1},
		"another order": {Sort: catalogue.SortAdded, Cursor: first.Next, Limit: 1},
	} {
		if _, err := s.Page(s.ctx(), library.Unrestricted(), q); !errors.Is(err, library.ErrBadCursor) {
			t.Errorf("%s: got %v, want ErrBadCursor", name, err)
		}
	}
}

func search(t *testing.T, s libraryStore) {
	for _, name := range []string{"Amélie", "100% Wolf", "Under_score", "Wow!", "Heat"} {
		s.movie(name, 2000, 1)
	}
	s.episode("Heated Rivalry", 1, 1)
	for text, want := range map[string]int{"": 6, "ame": 1, "heat": 2, "100": 1, "%": 0, "_": 0, "!": 0, "nothing": 0} {
		page, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{
			Filter: catalogue.Filter{Text: text}, Sort: catalogue.SortName, Limit: 10,
		})
		s.must(err)
		if page.Total != want || len(page.Cards) != want {
			t.Errorf("%q finds %d of %d, want %d", text, len(page.Cards), page.Total, want)
		}
	}
	page, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{
		Filter: catalogue.Filter{Kind: library.Movie, Text: "heat"}, Sort: catalogue.SortName, Limit: 10,
	})
	s.must(err)
	if page.Total != 1 || page.Cards[0].Name != "Heat" {
		t.Errorf("got %+v", page)
	}
}

func nextEpisode(t *testing.T, s libraryStore) {
	e1, _ := s.episode("Lost", 1, 1)
	s.episode("Lost", 1, 3)
	_, gone := s.episode("Lost", 1, 2)
	s.episode("Lost", 3, 1)
	s.episode("Else", 2, 1)
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{gone.ID}, State: library.Missing}}})
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{e1.ID})
	s.must(err)
	at := [2]int{0, 1 << 30}
	var got [][2]int
	for {
		c, found, err := s.NextEpisode(s.ctx(), library.Unrestricted(), cards[0].SeriesID, at[0], at[1])
		s.must(err)
		if !found {
			break
		}
		at = [2]int{c.Season, c.Episode}
		got = append(got, at)
	}
	if diff := cmp.Diff([][2]int{{1, 1}, {1, 3}, {3, 1}}, got); diff != "" {
		t.Error(diff)
	}
}

func episodes(t *testing.T, s libraryStore) {
	s.episode("Lost", 2, 1)
	s.episode("Lost", 1, 2)
	e, _ := s.episode("Lost", 1, 1)
	s.episode("Lost", 0, 1)
	s.episode("Else", 1, 1)
	_, gone := s.episode("Lost", 1, 3)
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{gone.ID}, State: library.Missing}}})
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{e.ID})
	s.must(err)
	all, err := s.TitleTree(s.ctx(), library.Unrestricted(), cards[0].SeriesID)
	s.must(err)
	numbers, err := s.EpisodeNumbers(s.ctx(), library.Unrestricted(), []id.Title{cards[0].SeriesID, "no such series"})
	s.must(err)
	var places [][2]int
	for _, n := range numbers {
		places = append(places, [2]int{n.Season, n.Episode})
		if n.Series != cards[0].SeriesID || n.ID == "" || n.EpisodeLast != n.Episode {
			t.Errorf("an episode of the series is %+v", n)
		}
	}
	if diff := cmp.Diff([][2]int{{0, 1}, {1, 1}, {1, 2}, {2, 1}}, places); diff != "" {
		t.Error(diff)
	}
	got := make(map[library.Kind][][2]int)
	for _, c := range all {
		got[c.Kind] = append(got[c.Kind], [2]int{c.Season, c.Episode})
	}
	if diff := cmp.Diff(map[library.Kind][][2]int{
		library.Series: {{0, 0}}, library.Season: {{0, 0}, {1, 0}, {2, 0}}, library.Episode: {{0, 1}, {1, 1}, {1, 2}, {2, 1}},
	}, got); diff != "" {
		t.Error(diff)
	}
}

func atomic(t *testing.T, s libraryStore) {
	title, file := s.movie("Heat", 1995, 1)
	other := title
	other.ID = "other" // of the same identity, which the store does not take
	if err := s.Apply(s.ctx(), library.Change{
		Files: []library.File{present("", "/new.mkv")}, Titles: []library.Title{other},
	}); err == nil {
		t.Fatal("two titles of one identity were kept")
	}
	twin := present("", file.Path)
	if err := s.Apply(s.ctx(), library.Change{
		Titles: []library.Title{{ID: "x", Kind: library.Movie, Identity: "x"}}, Files: []library.File{twin},
	}); err == nil {
		t.Fatal("two files of one path were kept")
	}
	if cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{"x"}); err != nil || len(cards) != 0 {
		t.Errorf("half of a change was kept: %v %v", cards, err)
	}
	if _, err := s.fileAt("/new.mkv"); !errors.Is(err, library.ErrFileNotFound) {
		t.Errorf("half of a change was kept: %v", err)
	}
}
