package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/id"
)

// Scopes proves that a LibraryStore shows an account what its roots and channels hold. open gives it with the
// account.Store over the same data.
func Scopes(t *testing.T, open func(*testing.T) (LibraryStore, account.Store)) {
	for name, test := range map[string]func(*testing.T, scoped){
		"an account's reach comes back as it went in":          reachRoundTrip,
		"an account sees what lies in its roots":               rootScopes,
		"a series lies where its episodes lie":                 seriesScopes,
		"of two files the one within is played":                fileWithin,
		"an extra is for those who may see what it belongs to": extraScopes,
		"what is away stays in its roots":                      awayScopes,
		"a removed root lets nothing in":                       removedRootScopes,
		"a limit that names nobody lets nothing in":            nobodysScopes,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, a := open(t)
			o, op := owner("anna")
			s := scoped{libraryStore{t, l}, a}
			s.must(a.AddFirst(t.Context(), o, op, "hash"))
			b, bp := member("bob")
			s.must(a.Add(t.Context(), b, bp, "hash", ""))
			test(t, s)
		})
	}
}

// scoped is a libraryStore beside accounts: the owner anna and the member bob.
type scoped struct {
	libraryStore
	accounts account.Store
}

const bob = id.Account("account-bob")

// roots is bob with his roots.
func (s scoped) roots(roots ...id.Root) library.Audience {
	s.t.Helper()
	s.must(s.accounts.SetReach(s.ctx(), bob, account.Reach{Roots: append([]id.Root{}, roots...)}))
	p, err := s.accounts.Profile(s.ctx(), "profile-bob")
	s.must(err)
	return library.Unrestricted().Within(bob, p.LimitRoots, p.LimitChannels, p.Edition)
}

// movieIn keeps a film with a file in each of the roots.
func (s scoped) movieIn(name string, roots ...id.Root) (library.Title, []library.File) {
	s.t.Helper()
	title := library.Title{ID: id.New[id.Title](), Kind: library.Movie, Identity: name, Name: name, Year: 2000, AddedMS: 1}
	c := library.Change{Titles: []library.Title{title}}
	for _, r := range roots {
		f := present(title.ID, "/"+string(r)+"/"+name+".mkv")
		f.Root = r
		c.Files = append(c.Files, f)
	}
	s.apply(c)
	return title, c.Files
}

// sees gives which of the titles an audience sees.
func (s scoped) sees(a library.Audience, titles ...id.Title) []id.Title {
	s.t.Helper()
	cards, err := s.Cards(s.ctx(), a, titles)
	s.must(err)
	out := []id.Title{}
	for _, c := range cards {
		out = append(out, c.ID)
	}
	return out
}

func (s scoped) expect(why string, a library.Audience, of []id.Title, want ...id.Title) {
	s.t.Helper()
	if diff := cmp.Diff(append([]id.Title{}, want...), s.sees(a, of...)); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", why, diff)
	}
}

func reachRoundTrip(t *testing.T, s scoped) {
	for _, want := range []account.Reach{
		{Roots: []id.Root{"a", "b"}}, {Roots: []id.Root{}}, {Channels: []id.Collection{"c"}},
		{Roots: []id.Root{"a"}, Channels: []id.Collection{}},
	} {
		s.must(s.accounts.SetReach(t.Context(), bob, want))
		all, err := s.accounts.Reaches(t.Context())
		s.must(err)
		if diff := cmp.Diff(map[id.Account]account.Reach{bob: want}, all); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		rows, err := s.accounts.Rows(t.Context(), moment(0))
		s.must(err)
		for _, r := range rows {
			if diff := cmp.Diff(all[r.Account.ID], r.Reach); diff != "" {
				t.Errorf("row of %s (-want +got):\n%s", r.Account.ID, diff)
			}
		}
	}
	before, err := s.accounts.Profile(t.Context(), "profile-bob")
	s.must(err)
	if !before.LimitRoots || !before.LimitChannels {
		t.Errorf("the profile does not say that its account is limited: %+v", before)
	}
	s.must(s.accounts.SetReach(t.Context(), bob, account.Reach{}))
	after, err := s.accounts.Profile(t.Context(), "profile-bob")
	s.must(err)
	if after.LimitRoots || after.LimitChannels || after.Edition == before.Edition {
		t.Errorf("a limit lifted: %+v, before %+v", after, before)
	}
	if all, err := s.accounts.Reaches(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("limits that stay: %v, %v", all, err)
	}
	if err := s.accounts.SetReach(t.Context(), "nobody", account.Reach{}); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("got %v, want ErrNoAccount", err)
	}
}

func rootScopes(t *testing.T, s scoped) {
	films, _ := s.movieIn("Films", "films")
	kids, file := s.movieIn("Kids", "kids")
	both, _ := s.movieIn("Both", "films", "kids")
	all := []id.Title{films.ID, kids.ID, both.ID}
	s.expect("nobody is limited", library.Unrestricted(), all, all...)
	s.expect("one root", s.roots("kids"), all, kids.ID, both.ID)
	s.expect("the other", s.roots("films"), all, films.ID, both.ID)
	s.expect("both", s.roots("films", "kids"), all, all...)
	s.expect("none", s.roots(), all)
	only := s.roots("kids")
	if diff := cmp.Diff([]string{"Both", "Kids"}, s.names(only)); diff != "" {
		t.Errorf("the wall (-want +got):\n%s", diff)
	}
	if _, err := s.BestFile(t.Context(), only, films.ID); !errors.Is(err, library.ErrTitleNotFound) {
		t.Errorf("the file of a hidden title: %v", err)
	}
	moved := file[0]
	moved.Root, moved.Path = "films", "/films/Kids.mkv"
	s.apply(library.Change{Files: []library.File{moved}})
	s.expect("a film that was moved to another root", only, all, both.ID)
}

func seriesScopes(t *testing.T, s scoped) {
	first, file := s.episode("Lost", 1, 1)
	second, _ := s.episode("Lost", 2, 1)
	series := s.seriesOf(first.ID).ID
	all := []id.Title{series, first.Parent, first.ID, second.Parent, second.ID}
	file.Root = "kids"
	s.apply(library.Change{Files: []library.File{file}})
	s.expect("the first season", s.roots("kids"), all, series, first.Parent, first.ID)
	s.expect("the second", s.roots("root"), all, series, second.Parent, second.ID)
	next, found, err := s.NextEpisode(t.Context(), s.roots("root"), library.BeforeAll(series))
	s.must(err)
	if !found || next.ID != second.ID {
		t.Errorf("the first episode to see is %+v", next.Title)
	}
	seasons, err := s.Children(t.Context(), s.roots("kids"), series)
	s.must(err)
	if len(seasons) != 1 || seasons[0].ID != first.Parent {
		t.Errorf("the seasons are %+v", seasons)
	}
	third, _ := s.episode("Lost", 2, 2)
	s.expect("a new episode", s.roots("kids"), []id.Title{third.ID})
	s.expect("a new episode elsewhere", s.roots("root"), []id.Title{third.ID}, third.ID)
}

func fileWithin(t *testing.T, s scoped) {
	title, files := s.movieIn("Heat", "kids", "films")
	files[1].Height = 2160
	s.apply(library.Change{Files: files[1:]})
	for root, want := range map[id.Root]library.File{"kids": files[0], "films": files[1]} {
		got, err := s.BestFile(t.Context(), s.roots(root), title.ID)
		s.must(err)
		if got.ID != want.ID {
			t.Errorf("in %s: %s, want %s", root, got.ID, want.ID)
		}
		cards, err := s.Cards(t.Context(), s.roots(root), []id.Title{title.ID})
		s.must(err)
		if len(cards) != 1 || cards[0].File.ID != want.ID || cards[0].File.Height != want.Height ||
			cards[0].File.Root != root {
			t.Errorf("in %s: %+v", root, cards)
		}
	}
	first, low := s.episode("Lost", 1, 1)
	low.Root = "kids"
	s.apply(library.Change{Files: []library.File{low}})
	s.episode("Lost", 1, 2)
	series := s.seriesOf(first.ID).ID
	cards, err := s.Cards(t.Context(), s.roots("root"), []id.Title{series})
	s.must(err)
	if len(cards) != 1 || cards[0].File.ID == "" || cards[0].File.Path != "" || cards[0].File.Height != 0 {
		t.Errorf("a series tells of a file in another root: %+v", cards)
	}
}

func extraScopes(t *testing.T, s scoped) {
	film, files := s.movieIn("Heat", "films")
	extra := library.Title{
		ID: id.New[id.Title](), Kind: library.Extra, Parent: film.ID, Identity: "extra", Name: "Trailer", AddedMS: 1,
	}
	trailer := present(extra.ID, "/kids/trailer.mkv")
	trailer.Root = "kids"
	s.apply(library.Change{Titles: []library.Title{extra}, Files: []library.File{trailer}})
	both := []id.Title{film.ID, extra.ID}
	s.expect("an extra where its film is not", s.roots("kids"), both)
	files[0].Root = "kids"
	s.apply(library.Change{Files: files})
	s.expect("its film came to it", s.roots("kids"), both, both...)
	s.expect("none of them is there any more", s.roots("films"), both)
}

func awayScopes(t *testing.T, s scoped) {
	title, files := s.movieIn("Heat", "films")
	first, file := s.episode("Lost", 1, 1)
	series := s.seriesOf(first.ID).ID
	all := []id.Title{title.ID, series, first.Parent, first.ID}
	for _, state := range []library.State{library.Unreachable, library.Missing, library.Present} {
		s.apply(library.Change{Moves: []library.Move{{Files: []id.File{files[0].ID, file.ID}, State: state}}, AtMS: 3})
		s.expect(string(state), s.roots("films", "root"), all, all...)
	}
	second, gone := s.episode("Lost", 1, 2)
	gone.Root = "kids"
	s.apply(library.Change{Files: []library.File{gone}})
	s.expect("an episode", s.roots("kids"), []id.Title{series, second.ID}, series, second.ID)
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{gone.ID}, State: library.Missing}}, AtMS: 4})
	s.expect("the only one there is gone, the others are elsewhere", s.roots("kids"), []id.Title{series})
}

func removedRootScopes(t *testing.T, s scoped) {
	s.must(s.SaveRoot(t.Context(), library.Root{ID: "films", Path: "/films", State: library.Present, AddedMS: 1}))
	title, _ := s.movieIn("Heat", "films", "kids")
	both := s.roots("films")
	s.expect("before", both, []id.Title{title.ID}, title.ID)
	s.must(s.RemoveRoot(t.Context(), "films", "c", "r", 5))
	s.expect("afterwards", both, []id.Title{title.ID})
	s.expect("what is left of it", s.roots("kids"), []id.Title{title.ID}, title.ID)
}

func nobodysScopes(t *testing.T, s scoped) {
	title, _ := s.movieIn("Heat", "films")
	for _, a := range []library.Audience{
		{MaxAge: library.NoLimit, Unrated: true, LimitRoots: true},
		{MaxAge: library.NoLimit, Unrated: true, LimitChannels: true},
		{MaxAge: library.NoLimit, Unrated: true, LimitRoots: true, Account: "nobody"},
	} {
		s.expect("nobody", a, []id.Title{title.ID})
		if len(s.names(a)) != 0 {
			t.Errorf("%+v sees %v", a, s.names(a))
		}
	}
}
