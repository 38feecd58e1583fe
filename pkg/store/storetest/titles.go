package storetest

import (
	"errors"
	"fmt"
	"strings"
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
	if diff := cmp.Diff([]string{"1x1", "1x3", "3x1"}, s.following(library.BeforeAll(cards[0].SeriesID))); diff != "" {
		t.Error(diff)
	}
}

// following gives the episodes that follow one of a series, one after the other: "1x3".
func (s libraryStore) following(at library.EpisodeNumber) (out []string) {
	s.t.Helper()
	for {
		c, found, err := s.NextEpisode(s.ctx(), library.Unrestricted(), at)
		s.must(err)
		if !found {
			return out
		}
		if out = append(out, fmt.Sprintf("%dx%d", c.Season, c.Episode)); len(out) > 30 {
			s.t.Fatalf("the episodes have no end: %v", out)
		}
		at = c.Number(at.Series)
	}
}

// nextSpecial follows the places of specials, which come, change and go with what is told of them.
func nextSpecial(t *testing.T, s libraryStore) {
	first, _ := s.episode("Lost", 1, 1)
	series := s.seriesOf(first.ID).ID
	double, _ := s.episode("Lost", 1, 2)
	double.EpisodeLast = 3
	s.apply(library.Change{Titles: []library.Title{double}})
	s.episode("Lost", 1, 4)
	s.episode("Lost", 2, 1)
	s.episode("Lost", 2, 2)
	specials := make(map[int]library.Title)
	for n := 1; n <= 5; n++ {
		specials[n], _ = s.episode("Lost", 0, n)
	}
	airs := func(t library.Title, at *library.Airing) {
		s.apply(library.Change{Resolved: []library.Resolved{{Title: t.ID, Facts: library.Facts{Name: "Special", Airs: at}}}})
	}
	before := func(season, episode int) *library.Airing { return &library.Airing{Season: season, Episode: episode} }
	for name, c := range map[string]struct {
		airs map[int]*library.Airing
		want string
	}{
		"none has a place":             {nil, "1x1 1x2 1x4 2x1 2x2"},
		"before an episode":            {map[int]*library.Airing{2: before(2, 2)}, "1x1 1x2 1x4 2x1 0x2 2x2"},
		"before a season":              {map[int]*library.Airing{2: before(2, 0)}, "1x1 1x2 1x4 0x2 2x1 2x2"},
		"before the series":            {map[int]*library.Airing{2: before(1, 1)}, "0x2 1x1 1x2 1x4 2x1 2x2"},
		"after a season":               {map[int]*library.Airing{2: {Season: 1, After: true}}, "1x1 1x2 1x4 0x2 2x1 2x2"},
		"after the last season":        {map[int]*library.Airing{2: {Season: 2, After: true}}, "1x1 1x2 1x4 2x1 2x2 0x2"},
		"before an episode not there":  {map[int]*library.Airing{2: before(1, 9), 3: before(7, 1)}, "1x1 1x2 1x4 0x2 2x1 2x2 0x3"},
		"between two of one file":      {map[int]*library.Airing{2: before(1, 3)}, "1x1 1x2 0x2 1x4 2x1 2x2"},
		"several at one place":         {map[int]*library.Airing{5: before(2, 1), 2: before(2, 1), 3: before(2, 1)}, "1x1 1x2 1x4 0x2 0x3 0x5 2x1 2x2"},
		"one before and one after all": {map[int]*library.Airing{1: before(1, 0), 4: {Season: 9, After: true}}, "0x1 1x1 1x2 1x4 2x1 2x2 0x4"},
	} {
		for n, special := range specials {
			airs(special, c.airs[n])
		}
		if got := strings.Join(s.following(library.BeforeAll(series)), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		// The page of the series and Continue watching read the same places.
		numbers, err := s.EpisodeNumbers(s.ctx(), library.Unrestricted(), []id.Title{series})
		s.must(err)
		for _, n := range numbers {
			card, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{n.ID})
			s.must(err)
			if diff := cmp.Diff(n, card[0].Number(series)); diff != "" {
				t.Errorf("%s (-number +card):\n%s", name, diff)
			}
			if n.Season == 0 && !cmp.Equal(card[0].Airs, c.airs[n.Episode]) {
				t.Errorf("%s: special %d airs %+v, want %+v", name, n.Episode, card[0].Airs, c.airs[n.Episode])
			}
		}
	}
	for _, special := range specials {
		airs(special, nil)
	}
	airs(specials[4], &library.Airing{Season: 9, After: true})
	if got := strings.Join(s.following(specials[1].Number(series)), " "); got != "0x2 0x3 0x5 1x1 1x2 1x4 2x1 2x2 0x4" {
		t.Errorf("after a special without a place: %s", got)
	}
	// An episode that is no special has no place but its number, whatever its description says.
	airs(first, before(2, 2))
	if got := s.following(library.BeforeAll(series)); got[0] != "1x1" {
		t.Errorf("an episode went elsewhere: %v", got)
	}
}

// unnumberedSpecials have the same number: those of one place follow each other all the same.
func unnumberedSpecials(t *testing.T, s libraryStore) {
	first, _ := s.episode("Lost", 1, 1)
	series := s.seriesOf(first.ID).ID
	s.episode("Lost", 1, 2)
	for n := 1; n <= 3; n++ {
		special, _ := s.episode("Lost", 0, n)
		special.Episode, special.EpisodeLast = 0, 0
		s.apply(library.Change{Titles: []library.Title{special}, Resolved: []library.Resolved{
			{Title: special.ID, Facts: library.Facts{Name: "Special", Airs: &library.Airing{Season: 1, Episode: 2}}},
		}})
	}
	if got := strings.Join(s.following(library.BeforeAll(series)), " "); got != "1x1 0x0 0x0 0x0 1x2" {
		t.Errorf("got %s", got)
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
