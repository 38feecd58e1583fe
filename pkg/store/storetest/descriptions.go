package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"movify/library/catalogue"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

func describedTitles() map[string]func(*testing.T, libraryStore) {
	return map[string]func(*testing.T, libraryStore){
		"a description comes back as it went in":         descriptionRoundTrip,
		"what is told of a title replaces what was told": toldAnew,
		"a scan leaves what is told of a title as it is": toldSurvivesAScan,
		"what is told of no title is refused":            toldOfNothing,
		"an age that is told decides who may see":        toldAge,
		"titles are read by ID, whoever may see them":    titlesByID,
		"edition, part and flags of a file are kept":     versionRoundTrip,
		"a title's own page is read":                     detailReads,
		"versions are those that may be seen":            versionReads,
		"what little is known of is listed":              unmatchedReads,
		"works are found by what others call them":       worksByNumber,
		"works are found by their folders":               worksOfFolders,
		"extras of nothing are found by name and folder": orphans,
		"of many files of one content a few are given":   twins,
		"files are found by their paths":                 filesAt,
		"extras stand beside what they belong to":        extrasApart,
		"a film in parts begins with the first":          partsOfAFilm,
	}
}

func (s libraryStore) descriptions(t id.Title) []library.Description {
	s.t.Helper()
	all, err := s.Descriptions(s.ctx(), []id.Title{t, "none"})
	s.must(err)
	return all[t]
}

func (s libraryStore) titleOf(t id.Title) library.Title {
	s.t.Helper()
	known, err := s.TitlesByID(s.ctx(), []id.Title{t})
	s.must(err)
	return known[t]
}

// SetAge rates a title with an age in years, and tells its name and nothing else of it.
func (s libraryStore) SetAge(_ context.Context, t id.Title, age *int) error {
	s.t.Helper()
	return s.Apply(
		s.ctx(),
		library.Change{Resolved: []library.Resolved{{Title: t, Facts: library.Facts{Name: s.titleOf(t).Name, Age: age}}}},
	)
}

func descriptionRoundTrip(t *testing.T, s libraryStore) {
	title, _ := s.movie("Heat", 1995, 1)
	age := 16
	byName := library.Description{
		Title: title.ID, Source: library.FromName, Facts: library.Facts{Name: "Heat", Year: 1995},
		Evidence: map[string]string{"name": "folder name"}, AtMS: 7,
	}
	nfo := library.Description{
		Title: title.ID, Source: library.FromNFO, Revision: "12|34|/films/\xff.nfo", Notes: []string{"It breaks off."},
		AtMS: 7,
		Facts: library.Facts{
			Name: "Heat", Genres: []string{"Crime"}, Age: &age, IDs: map[string]string{"imdb": "tt0113277"},
			Credits: []library.Credit{{Name: "Al Pacino", Kind: library.Actor, Role: "Vincent"}},
			Ratings: []library.Rating{{By: "imdb", Value: 8.3, Votes: 700000}},
		},
	}
	s.apply(library.Change{Descriptions: []library.Description{nfo, byName}, AtMS: 7})
	if diff := cmp.Diff([]library.Description{byName, nfo}, s.descriptions(title.ID)); diff != "" {
		t.Error(diff)
	}
	nfo.Facts, nfo.Revision, nfo.AtMS = library.Facts{}, "13|35|/films/\xff.nfo", 8
	s.apply(library.Change{Descriptions: []library.Description{nfo}, AtMS: 8})
	if diff := cmp.Diff([]library.Description{byName, nfo}, s.descriptions(title.ID)); diff != "" {
		t.Error(diff)
	}
	s.apply(library.Change{Descriptions: []library.Description{{Title: title.ID, Source: library.FromNFO}}, AtMS: 9})
	if diff := cmp.Diff([]library.Description{byName}, s.descriptions(title.ID)); diff != "" {
		t.Errorf("an empty description is kept: %s", diff)
	}
}

func toldAnew(t *testing.T, s libraryStore) {
	title, _ := s.movie("Heat", 1995, 1)
	age := 16
	facts := library.Facts{
		Name: "Heat: the film", OriginalName: "Heat", SortName: "Zzz", Year: 1996, Released: "1996-02-29", Overview: "Cops.",
		Tagline:       "Saga.",
		Certification: "FSK 16", Age: &age, Genres: []string{"Crime", "crime", "Drama", "Thriller", "Heist"},
		Studios:   []string{"Warner"},
		Countries: []string{"US"}, Tags: []string{"LA"},
		Credits: []library.Credit{
			{Name: "Al Pacino", Kind: library.Actor, Role: "Vincent"}, {Name: "Michael Mann", Kind: library.Director},
			{Name: "Michael Mann", Kind: library.Writer}, {Name: "", Kind: library.Actor},
		},
		Ratings: []library.Rating{{By: "imdb", Value: 8.3, Votes: 7}}, IDs: map[string]string{"imdb": "tt1"},
		OtherNames: []library.OtherName{{Name: "Hitze", Language: "de"}},
	}
	shown := library.Resolved{Title: title.ID, Facts: facts, Evidence: map[string]string{"name": "nfo"}, Edited: true}
	for range 2 { // a description saved twice is there once
		s.apply(library.Change{Resolved: []library.Resolved{shown}})
	}
	want := title
	want.Name, want.OriginalName, want.Year, want.Released = "Heat: the film", "Heat", 1996, "1996-02-29"
	want.Overview, want.Tagline = "Cops.", "Saga."
	want.Certification, want.Age, want.Genres, want.Rating, want.Votes = "FSK 16", &age, []string{
		"Crime", "crime", "Drama",
	}, 83, 7
	want.Evidence, want.Edited, want.DurationMS = map[string]string{"name": "nfo"}, true, 5_400_000
	if diff := cmp.Diff(want, s.titleOf(title.ID)); diff != "" {
		t.Error(diff)
	}
	s.apply(
		library.Change{Resolved: []library.Resolved{{Title: title.ID, Facts: library.Facts{Name: "Heat", Year: 1995}}}},
	)
	title.DurationMS = 5_400_000
	if diff := cmp.Diff(title, s.titleOf(title.ID)); diff != "" {
		t.Errorf("of what was told before there is left: %s", diff)
	}
}

func toldSurvivesAScan(t *testing.T, s libraryStore) {
	title, _ := s.movie("Heat", 1995, 1)
	s.apply(
		library.Change{
			Resolved: []library.Resolved{
				{Title: title.ID, Facts: library.Facts{Name: "Edited", Year: 1, Overview: "Mine."}, Edited: true},
			},
		},
	)
	title.AddedMS = 99
	s.apply(library.Change{Titles: []library.Title{title}})
	if got := s.titleOf(title.ID); got.Name != "Edited" || got.Year != 1 || got.Overview != "Mine." || !got.Edited ||
		got.AddedMS != 99 {
		t.Errorf("got %+v", got)
	}
}

func toldOfNothing(t *testing.T, s libraryStore) {
	err := s.Apply(s.ctx(), library.Change{Resolved: []library.Resolved{{Title: "none", Facts: library.Facts{Name: "x"}}}})
	if !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("got %v, want ErrTitleNotFound", err)
	}
}

func toldAge(t *testing.T, s libraryStore) {
	s.episode("Lost", 1, 1)
	known, err := s.TitlesByIdentity(s.ctx(), []string{"Lost", "Lost:1:1"})
	s.must(err)
	twelve := 12
	s.apply(
		library.Change{
			Resolved: []library.Resolved{{Title: known["Lost"].ID, Facts: library.Facts{Name: "Lost", Age: &twelve}}},
		},
	)
	for age, want := range map[int]int{11: 0, 12: 1} {
		cards, err := s.Cards(s.ctx(), library.Audience{MaxAge: age}, []id.Title{known["Lost:1:1"].ID})
		s.must(err)
		if len(cards) != want {
			t.Errorf("at %d there are %d cards, want %d", age, len(cards), want)
		}
	}
}

func titlesByID(t *testing.T, s libraryStore) {
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

func versionRoundTrip(t *testing.T, s libraryStore) {
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

func worksByNumber(t *testing.T, s libraryStore) {
	heat, _ := s.movie("Heat", 1995, 1)
	ronin, _ := s.movie("Ronin", 1998, 2)
	told := func(title library.Title, ids map[string]string) library.Resolved {
		return library.Resolved{Title: title.ID, Facts: library.Facts{Name: title.Name, IDs: ids}}
	}
	s.apply(library.Change{Resolved: []library.Resolved{
		told(heat, map[string]string{"imdb": "tt1", "tmdb": "7"}),
		told(ronin, map[string]string{"imdb": "7", "tvdb": "tt1"}),
	}})
	numbers := func(provider string, values ...string) map[string][]id.Title {
		t.Helper()
		found, err := s.TitlesByExternalID(s.ctx(), provider, values)
		s.must(err)
		out := make(map[string][]id.Title)
		for value, titles := range found {
			for _, x := range titles {
				out[value] = append(out[value], x.ID)
			}
		}
		return out
	}
	byNumber := map[string][]id.Title{"tt1": {heat.ID}, "7": {ronin.ID}}
	if diff := cmp.Diff(byNumber, numbers("imdb", "tt1", "7", "8")); diff != "" {
		t.Error(diff)
	}
	s.apply(library.Change{Resolved: []library.Resolved{told(heat, nil), told(ronin, map[string]string{"imdb": "tt1"})}})
	if diff := cmp.Diff(map[string][]id.Title{"tt1": {ronin.ID}}, numbers("imdb", "tt1", "7")); diff != "" {
		t.Error(diff)
	}
	if got := numbers("imdb"); len(got) != 0 {
		t.Errorf("no number is that of %v", got)
	}
}

func worksOfFolders(t *testing.T, s libraryStore) {
	heat, film := s.movie("Heat", 1995, 1)
	film.WorkFolder = "h1"
	again := present(heat.ID, "/films/Heat 4k.mkv")
	again.WorkFolder = "h1"
	episode, first := s.episode("Lost", 1, 1)
	first.WorkFolder = "h2"
	extra := library.Title{ID: "x", Kind: library.Extra, Identity: "extra:x", Name: "x"}
	scrap := present("x", "/films/x.mkv")
	scrap.WorkFolder = "h1"
	s.apply(library.Change{Titles: []library.Title{extra}, Files: []library.File{film, again, first, scrap}})
	series, err := s.TitlesByIdentity(s.ctx(), []string{"Lost"})
	s.must(err)
	got, err := s.WorksByFolder(s.ctx(), []string{"h1", "h2", "h3"})
	s.must(err)
	if diff := cmp.Diff(map[string][]id.Title{"h1": {heat.ID}, "h2": {series["Lost"].ID}}, got); diff != "" {
		t.Errorf("%s is in %s: %s", episode.Name, "h2", diff)
	}
}

func orphans(t *testing.T, s libraryStore) {
	extra := func(name, identity, home string, parent id.Title) {
		x := library.Title{
			ID: id.Title(name), Kind: library.Extra, Extra: library.Trailer, Identity: identity, Name: name, Parent: parent,
			Matched: library.SureLittle,
		}
		f := present(x.ID, "/films/"+name+".mkv")
		f.WorkFolder = home
		s.apply(library.Change{Titles: []library.Title{x}, Files: []library.File{f}})
	}
	find := func(begin, homes []string) (out []id.Title) {
		t.Helper()
		found, err := s.Orphans(s.ctx(), begin, homes)
		s.must(err)
		for _, o := range found {
			out = append(out, o.ID)
		}
		slices.Sort(out)
		return out
	}
	if got := find([]string{"extra:heat:1995:"}, []string{"h1"}); got != nil {
		t.Errorf("without extras there are %v", got)
	}
	heat, _ := s.movie("Heat", 1995, 1)
	extra("by name", "extra:heat:1995:trailer", "", "")
	extra("by folder", "extra:what:0:trailer", "h1", "")
	extra("both", "extra:heat:1995:scene", "h1", "")
	extra("longer name", "extra:heat:19955:trailer", "h2", "")
	extra("has one", "extra:heat:1995:short", "h1", heat.ID)
	found := find([]string{"extra:heat:1995:"}, []string{"h1"})
	if diff := cmp.Diff([]id.Title{"both", "by folder", "by name"}, found); diff != "" {
		t.Error(diff)
	}
	if got := find([]string{"extra:%:"}, []string{"h%"}); got != nil {
		t.Errorf("a pattern finds %v", got)
	}
}

func twins(t *testing.T, s libraryStore) {
	var want []id.File
	for i, state := range []library.State{library.Attention, library.Present, library.Missing} {
		var c library.Change
		for n := range 40 {
			f := present("", fmt.Sprintf("/films/%d/%02d.mkv", i, n))
			f.Fingerprint, f.State = "print", state
			c.Files = append(c.Files, f)
		}
		s.apply(c)
		want = append([]id.File{c.Files[39].ID, c.Files[38].ID}, want...)
	}
	got, err := s.FilesByFingerprint(s.ctx(), "print")
	s.must(err)
	if len(got) > 20 {
		t.Errorf("all %d are given", len(got))
	}
	states := []library.State{}
	for _, f := range got {
		states = append(states, f.State)
	}
	order := []library.State{library.Missing, library.Present, library.Attention}
	if states = slices.Compact(states); !slices.Equal(states, order) {
		t.Errorf("they come as %v", states)
	}
	if got[0].ID != want[0] || got[1].ID != want[1] {
		t.Error("the newest of those that are gone do not come first")
	}
}

func filesAt(t *testing.T, s libraryStore) {
	_, heat := s.movie("Heat", 1995, 1)
	_, odd := s.movie("O\xff", 1995, 1)
	got, err := s.FilesByPath(s.ctx(), []string{heat.Path, odd.Path, "/none"})
	s.must(err)
	if diff := cmp.Diff(map[string]library.File{heat.Path: heat, odd.Path: odd}, got); diff != "" {
		t.Error(diff)
	}
}

func extrasApart(t *testing.T, s libraryStore) {
	heat, _ := s.movie("Heat", 1995, 1)
	s.episode("Lost", 1, 2)
	known, err := s.TitlesByIdentity(s.ctx(), []string{"Lost", "Lost:1"})
	s.must(err)
	for parent, kind := range map[id.Title]library.Kind{
		heat.ID: library.Movie, known["Lost"].ID: library.Series, known["Lost:1"].ID: library.Season,
	} {
		before, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{parent})
		s.must(err)
		x := library.Title{
			ID: "x" + parent, Kind: library.Extra, Extra: library.Trailer, Identity: "extra:" + string(parent), Name: "Trailer",
			Parent: parent,
		}
		s.apply(
			library.Change{
				Titles: []library.Title{x}, Files: []library.File{present(x.ID, "/films/trailer of "+string(parent))},
			},
		)
		after, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{parent})
		s.must(err)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("a trailer changes its %s: %s", kind, diff)
		}
		children, err := s.Children(s.ctx(), library.Unrestricted(), parent)
		s.must(err)
		for _, c := range children {
			if c.Kind == library.Extra {
				t.Errorf("a trailer is among the parts of its %s", kind)
			}
		}
		tree, err := s.TitleTree(s.ctx(), library.Unrestricted(), parent)
		s.must(err)
		if !slices.ContainsFunc(tree, func(c library.Card) bool { return c.ID == x.ID }) {
			t.Errorf("a %s does not know its trailer", kind)
		}
	}
	if best, err := s.BestFile(s.ctx(), library.Unrestricted(), "x"+heat.ID); err != nil || best.Title != "x"+heat.ID {
		t.Errorf("a trailer is played by %s (%v)", best.Path, err)
	}
	if _, err := s.BestFile(s.ctx(), library.Unrestricted(), known["Lost:1"].ID); !errors.Is(err, library.ErrNoFile) {
		t.Errorf("a season has a file: %v", err)
	}
	all, err := s.TitleTree(s.ctx(), library.Unrestricted(), known["Lost"].ID)
	s.must(err)
	all = slices.DeleteFunc(all, func(c library.Card) bool { return c.Kind != library.Extra })
	if len(all) != 2 {
		t.Errorf("a series has %d extras, want its own and that of its season", len(all))
	}
	page, err := s.Page(s.ctx(), library.Unrestricted(), catalogue.Query{Sort: catalogue.SortName, Limit: 10})
	s.must(err)
	if page.Total != 2 {
		t.Errorf("%d titles are on the wall, want 2", page.Total)
	}
}

func partsOfAFilm(t *testing.T, s libraryStore) {
	heat, whole := s.movie("Heat", 1995, 1)
	part := func(n int, edition string, height int) library.File {
		f := present(heat.ID, fmt.Sprintf("/films/Heat %s %d %d.mkv", edition, height, n))
		f.Part, f.Edition, f.Height, f.DurationMS = n, edition, height, int64(n)*1000
		return f
	}
	expect := func(lead id.File, durationMS int64) {
		t.Helper()
		best, err := s.BestFile(s.ctx(), library.Unrestricted(), heat.ID)
		s.must(err)
		if got := s.titleOf(heat.ID).DurationMS; best.ID != lead || got != durationMS {
			t.Errorf("%s stands for it, and it takes %d ms, want %d", best.Path, got, durationMS)
		}
	}
	expect(whole.ID, 5_400_000)
	one, two, other := part(1, "", 720), part(2, "", 2160), part(3, "Long", 720)
	s.apply(library.Change{Files: []library.File{two, one, other}})
	expect(whole.ID, 5_400_000)
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{whole.ID}, State: library.Missing}}})
	expect(one.ID, 3000)
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{two.ID}, State: library.Missing}}})
	expect(one.ID, 1000)
}

func detailReads(t *testing.T, s libraryStore) {
	heat, _ := s.movie("Heat", 1995, 1)
	ronin, _ := s.movie("Ronin", 1998, 2)
	gone, lost := s.movie("Gone", 1998, 3)
	sleuth, _ := s.movie("Sleuth", 1998, 4)
	adult, _ := s.movie("Adult", 1998, 5)
	age := 18
	tell := func(title library.Title, f library.Facts) {
		f.Name = title.Name
		s.apply(library.Change{Resolved: []library.Resolved{{Title: title.ID, Facts: f}}})
	}
	tell(heat, library.Facts{Genres: []string{"Crime", "Drama"}, Studios: []string{"Warner"}, Countries: []string{"US"},
		Credits: []library.Credit{
			{Name: "B", Kind: library.Actor, Role: "Neil"}, {Name: "A", Kind: library.Director, Picture: "a.jpg"},
		}})
	tell(ronin, library.Facts{Genres: []string{"CRIME"}})
	tell(gone, library.Facts{Genres: []string{"Crime"}})
	tell(sleuth, library.Facts{Genres: []string{"Crime", "Drama"}})
	tell(adult, library.Facts{Genres: []string{"Crime"}, Age: &age})
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{lost.ID}, State: library.Missing}}})

	links, err := s.TitleLinks(s.ctx(), heat.ID, heat.ID)
	s.must(err)
	genres, studios, cast := links.Genres, links.Studios, links.Cast
	if len(genres) != 2 || genres[0].Name != "Crime" || genres[1].Name != "Drama" || len(studios) != 1 ||
		studios[0].Name != "Warner" {
		t.Errorf("got %v and %v", genres, studios)
	}
	for i := range cast {
		if cast[i].ID == "" {
			t.Error("somebody has no ID")
		}
		cast[i].ID = ""
	}
	want := []library.CastMember{
		{Name: "B", Kind: library.Actor, Role: "Neil"}, {Name: "A", Picture: "a.jpg", Kind: library.Director},
	}
	if diff := cmp.Diff(want, cast); diff != "" {
		t.Error(diff)
	}
	query := library.SimilarQuery{
		Title: heat.ID, Kind: library.Movie, Labels: []id.Label{genres[0].ID, genres[1].ID}, Each: 10, Limit: 10,
	}
	for name, c := range map[string]struct {
		a      library.Audience
		change func(*library.SimilarQuery)
		want   []id.Title
	}{
		"the most labels first":    {library.Unrestricted(), nil, []id.Title{sleuth.ID, adult.ID, ronin.ID}},
		"of no others":             {library.Audience{MaxAge: 12, Unrated: true}, nil, []id.Title{sleuth.ID, ronin.ID}},
		"so many":                  {library.Unrestricted(), func(q *library.SimilarQuery) { q.Limit = 2 }, []id.Title{sleuth.ID, adult.ID}},
		"the latest of each label": {library.Unrestricted(), func(q *library.SimilarQuery) { q.Each = 1 }, []id.Title{adult.ID, sleuth.ID}},
		"of no title":              {library.Unrestricted(), func(q *library.SimilarQuery) { q.Title = "" }, []id.Title{sleuth.ID, heat.ID, adult.ID, ronin.ID}},
		"without labels":           {library.Unrestricted(), func(q *library.SimilarQuery) { q.Labels = nil }, nil},
		"of another kind":          {library.Unrestricted(), func(q *library.SimilarQuery) { q.Kind = library.Series }, nil},
	} {
		q := query
		if c.change != nil {
			c.change(&q)
		}
		similar, err := s.Similar(s.ctx(), c.a, q)
		s.must(err)
		var got []id.Title
		for _, card := range similar {
			got = append(got, card.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func versionReads(t *testing.T, s libraryStore) {
	heat, low := s.movie("Heat", 1995, 1)
	high, lost := present(heat.ID, "/films/h.mkv"), present(heat.ID, "/films/l.mkv")
	away := present(heat.ID, "/films/a.mkv")
	high.Height, away.Height, away.State, lost.State = 2160, 4320, library.Unreachable, library.Missing
	s.apply(library.Change{Files: []library.File{high, away, lost}})
	got, err := s.Versions(s.ctx(), library.Unrestricted(), heat.ID)
	s.must(err)
	if diff := cmp.Diff([]library.File{high, low, away}, got); diff != "" {
		t.Error(diff)
	}
	limited := library.Unrestricted()
	limited.Account, limited.LimitRoots = "somebody", true
	if got, err := s.Versions(s.ctx(), limited, heat.ID); err != nil || len(got) != 0 {
		t.Errorf("whoever may see no root sees %d files (%v)", len(got), err)
	}
}

func unmatchedReads(t *testing.T, s libraryStore) {
	var all []library.Title
	for i, name := range []string{"known", "little", "told", "noted", "gone", "checked"} {
		title, file := s.movie(name, 2000, int64(i))
		title.Matched = library.SureLittle
		switch name {
		case "known":
			title.Matched = library.SureName
		case "checked":
			title.Matched = library.SureChecked
		case "gone":
			file.State = library.Missing
		}
		s.apply(library.Change{Titles: []library.Title{title}, Files: []library.File{file}})
		all = append(all, title)
	}
	s.apply(library.Change{Descriptions: []library.Description{
		{Title: all[1].ID, Source: library.FromName, Facts: library.Facts{Name: "little"}},
		{Title: all[2].ID, Source: library.FromNFO, Facts: library.Facts{Name: "told"}},
		{Title: all[3].ID, Source: library.FromNFO, Revision: "1", Notes: []string{"It is empty."}},
	}})
	got, total, err := s.Unmatched(s.ctx(), 1)
	s.must(err)
	if diff := cmp.Diff([]id.Title{all[3].ID}, got); diff != "" || total != 2 {
		t.Errorf("%d: %s", total, diff)
	}
}
