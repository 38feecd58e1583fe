package storetest

import (
	"errors"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/catalogue"
	"movify/pkg/account"
	"movify/pkg/id"
)

// Collections proves that a LibraryStore keeps collections and channels as its port says, and that an account limited
// to channels sees only their titles. open returns it with the account.Store over the same data.
func Collections(t *testing.T, open func(*testing.T) (LibraryStore, account.Store)) {
	all := map[string]func(*testing.T, scoped){
		"a collection comes back as it went in":              collectionRoundTrip,
		"collections stand in their order":                   collectionOrder,
		"what a person put there no rule takes over":         collectionMembers,
		"an account sees what its channels hold":             channelScopes,
		"a new episode stands in the channels of its series": channelParts,
		"a removed channel lets nothing in":                  removedChannel,
		"what is gone stays in its channels":                 channelOfMissing,
		"rules fill a channel, and what is away stays in it": channelByFolder,
		"rules are asked of what titles are":                 subjects,
	}
	maps.Copy(all, collectedSets())
	for name, test := range all {
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

// channels is bob with his channels.
func (s scoped) channels(list ...id.Collection) library.Audience {
	s.t.Helper()
	s.must(s.accounts.SetReach(s.ctx(), bob, account.Reach{Channels: append([]id.Collection{}, list...)}))
	return library.Unrestricted().Within(bob, false, true, 1)
}

// channel keeps a channel with titles in it.
func (s scoped) channel(name string, titles ...id.Title) id.Collection {
	s.t.Helper()
	c := library.Collection{
		ID: id.Collection(name), Kind: library.Channel, Name: name, FilledBy: library.ByHand, AddedMS: 1,
	}
	s.must(s.SaveCollection(s.ctx(), c))
	s.put(c.ID, titles...)
	return c.ID
}

// put puts titles into a collection by hand.
func (s scoped) put(c id.Collection, titles ...id.Title) {
	s.t.Helper()
	var in []library.Member
	for place, t := range titles {
		in = append(in, library.Member{Collection: c, Title: t, Position: place, AddedMS: 1})
	}
	s.must(s.SaveMembers(s.ctx(), c, in, nil))
}

func collectionRoundTrip(t *testing.T, s scoped) {
	age := 12
	want := library.Collection{
		ID: "c", Kind: library.Channel, Name: "Animé", Overview: "Drawn.", Logo: "logos/c/1.png", FilledBy: library.ByRule,
		AddedMS: 7,
		Rule: library.Rule{
			Kind: library.Series, Genres: []string{"Anime"}, Years: "1990-", Age: &age, Roots: []id.Root{"r"},
			Folders: []string{"A"},
		},
	}
	s.must(s.SaveCollection(t.Context(), want))
	got, err := s.Collection(t.Context(), "c")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, alike := range []library.Collection{{ID: "d", Kind: library.Channel, Name: "anime", FilledBy: library.ByHand}} {
		if err := s.SaveCollection(t.Context(), alike); !errors.Is(err, library.ErrCollectionExists) {
			t.Errorf("a name that is taken: %v", err)
		}
		alike.Kind = library.CollectionPlain
		s.must(s.SaveCollection(t.Context(), alike))
	}
	want.Name, want.FilledBy, want.Rule = "Drawings", library.ByHand, library.Rule{}
	s.must(s.SaveCollection(t.Context(), want))
	if got, err = s.Collection(t.Context(), "c"); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, got))
	}
	if _, err := s.Collection(t.Context(), "none"); !errors.Is(err, library.ErrCollectionNotFound) {
		t.Errorf("got %v, want ErrCollectionNotFound", err)
	}
}

func collectionOrder(t *testing.T, s scoped) {
	names := func() (out []string) {
		all, err := s.LibraryStore.Collections(t.Context(), library.Channel)
		s.must(err)
		for _, c := range all {
			out = append(out, c.Name)
		}
		return out
	}
	for _, name := range []string{"one", "two", "three"} {
		s.channel(name)
	}
	if diff := cmp.Diff([]string{"one", "two", "three"}, names()); diff != "" {
		t.Errorf("as they were made (-want +got):\n%s", diff)
	}
	s.must(s.OrderCollections(t.Context(), []id.Collection{"three", "one"}))
	if diff := cmp.Diff([]string{"three", "one", "two"}, names()); diff != "" {
		t.Errorf("in order (-want +got):\n%s", diff)
	}
	s.channel("four")
	if diff := cmp.Diff([]string{"three", "one", "two", "four"}, names()); diff != "" {
		t.Errorf("a new one (-want +got):\n%s", diff)
	}
}

func collectionMembers(t *testing.T, s scoped) {
	first, _ := s.movie("First", 2000, 1)
	second, _ := s.movie("Second", 2001, 2)
	episode, _ := s.episode("Lost", 1, 1)
	c := s.channel("c", second.ID, first.ID)
	byRule := []library.Member{{Collection: c, Title: first.ID, ByRule: true, AddedMS: 9}}
	s.must(s.SaveMembers(t.Context(), c, byRule, nil))
	want := []library.Member{
		{Collection: c, Title: second.ID, Position: 0, AddedMS: 1}, {Collection: c, Title: first.ID, Position: 1, AddedMS: 1},
	}
	got, err := s.Members(t.Context(), c)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	s.must(s.SaveMembers(t.Context(), c, byRule, []id.Title{second.ID}))
	if got, err = s.Members(t.Context(), ""); err != nil || cmp.Diff(want[1:], got) != "" {
		t.Errorf("one is taken out: %v (-want +got):\n%s", err, cmp.Diff(want[1:], got))
	}
	for _, other := range []id.Title{episode.ID, episode.Parent, "none"} {
		in := []library.Member{{Collection: c, Title: second.ID}, {Collection: c, Title: other}}
		if err := s.SaveMembers(t.Context(), c, in, nil); !errors.Is(err, library.ErrNotCollectable) {
			t.Errorf("%s is put there: %v", other, err)
		}
	}
	if got, err := s.Members(t.Context(), c); err != nil || len(got) != 1 {
		t.Errorf("half of a change was kept: %v (%v)", got, err)
	}
	links, err := s.TitleLinks(t.Context(), episode.ID, first.ID)
	s.must(err)
	in := links.Collections
	if len(in) != 1 || in[0].ID != c || in[0].Kind != library.Channel || in[0].Name == "" {
		t.Errorf("the title is in %v", in)
	}
}

func channelScopes(t *testing.T, s scoped) {
	film, _ := s.movie("Heat", 1995, 1)
	other, _ := s.movie("Alien", 1979, 2)
	episode, _ := s.episode("Lost", 1, 1)
	series := s.seriesOf(episode.ID).ID
	all := []id.Title{film.ID, other.ID, series, episode.Parent, episode.ID}
	crime, drama := s.channel("Crime", film.ID), s.channel("Drama", film.ID, series)
	s.expect("one channel", s.channels(crime), all, film.ID)
	s.expect("another", s.channels(drama), all, film.ID, series, episode.Parent, episode.ID)
	s.expect("none", s.channels(), all)
	s.must(s.SaveMembers(t.Context(), drama, nil, []id.Title{series}))
	s.expect("the series left it", s.channels(drama), all, film.ID)
	list, err := s.ChannelsOf(t.Context(), bob)
	if diff := cmp.Diff([]id.Collection{drama}, list); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	c, err := s.Collection(t.Context(), drama)
	s.must(err)
	c.Kind = library.CollectionPlain
	s.must(s.SaveCollection(t.Context(), c))
	s.expect("what is no channel any more", s.channels(drama), all)
}

func channelParts(t *testing.T, s scoped) {
	first, _ := s.episode("Lost", 1, 1)
	c := s.channel("Drama", s.seriesOf(first.ID).ID)
	second, _ := s.episode("Lost", 2, 1)
	stranger, _ := s.episode("Found", 1, 1)
	all := []id.Title{first.ID, second.Parent, second.ID, stranger.ID}
	s.expect("a new season", s.channels(c), all, first.ID, second.Parent, second.ID)
	known, err := s.TitlesByIdentity(t.Context(), []string{"Lost:1"})
	s.must(err)
	moved := known["Lost:1"]
	moved.Parent, moved.Identity = s.seriesOf(stranger.ID).ID, "Found:9"
	s.apply(library.Change{Titles: []library.Title{moved}})
	s.expect("a season that belongs to another series", s.channels(c), all, second.Parent, second.ID)
}

func removedChannel(t *testing.T, s scoped) {
	film, _ := s.movie("Heat", 1995, 1)
	c := s.channel("Crime", film.ID)
	only := s.channels(c)
	s.must(s.RemoveCollection(t.Context(), c))
	s.expect("afterwards", only, []id.Title{film.ID})
	if left, err := s.Members(t.Context(), ""); err != nil || len(left) != 0 {
		t.Errorf("titles of it stay: %v (%v)", left, err)
	}
	s.channel("Crime", film.ID)
	s.expect("one of the same ID", only, []id.Title{film.ID})
}

func channelOfMissing(t *testing.T, s scoped) {
	film, file := s.movie("Heat", 1995, 1)
	c := s.channel("Crime", film.ID)
	before, err := s.Members(t.Context(), c)
	s.must(err)
	for _, state := range []library.State{library.Unreachable, library.Missing, library.Present} {
		s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: state}}, AtMS: 3})
		after, err := s.Members(t.Context(), c)
		if diff := cmp.Diff(before, after); err != nil || diff != "" {
			t.Errorf("%s: %v (-before +after):\n%s", state, err, diff)
		}
		s.expect(string(state), s.channels(c), []id.Title{film.ID}, film.ID)
	}
}

func subjects(t *testing.T, s scoped) {
	s.must(s.SaveRoot(t.Context(), library.Root{ID: "root", Path: "/shows", State: library.Present, AddedMS: 1}))
	film, file := s.movie("Heat", 1995, 1)
	episode, _ := s.episode("Lost", 1, 1)
	series := s.seriesOf(episode.ID).ID
	age := 16
	s.apply(library.Change{
		Descriptions: []library.Description{
			{Title: film.ID, Source: library.FromNFO, Facts: library.Facts{Sets: []string{"Mann"}}},
		},
		Resolved: []library.Resolved{
			{
				Title: film.ID,
				Facts: library.Facts{Name: "Heat", Year: 1995, Age: &age, Genres: []string{"Crime"}, Studios: []string{"Regency"}},
			},
		},
		Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Missing}}, AtMS: 3})
	want := library.RuleInput{
		ID: film.ID, Kind: library.Movie, Name: "Heat", Year: 1995, Age: &age, Sets: []string{"Mann"},
		Labels: map[library.LabelKind][]string{library.Genre: {"Crime"}, library.Studio: {"Regency"}},
		Files:  []library.FileLocation{{Root: "root", RootPath: "/shows", Path: "/films/Heat.mkv"}},
	}
	whole := library.RuleInput{
		ID: series, Kind: library.Series, Name: "Lost", Labels: map[library.LabelKind][]string{}, HasFiles: true,
		Files: []library.FileLocation{{Root: "root", RootPath: "/shows", Path: "/shows/Lost/1/1.mkv"}},
	}
	got, err := s.RuleInputs(t.Context(), []id.Title{film.ID, episode.ID}, "", 0)
	if diff := cmp.Diff([]library.RuleInput{want, whole}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for after, want := range map[id.Title]int{"": 2, film.ID: 1, series: 0} {
		if got, err := s.RuleInputs(t.Context(), nil, after, 10); err != nil || len(got) != want {
			t.Errorf("after %q: %v (%v), want %d", after, got, err, want)
		}
	}
}

// channelByFolder fills a channel with a folder, and only a title of another folder leaves it.
func channelByFolder(t *testing.T, s scoped) {
	s.must(s.SaveRoot(t.Context(), library.Root{ID: "root", Path: "/films", State: library.Present, AddedMS: 1}))
	svc := catalogue.New(catalogue.Options{Store: s.LibraryStore})
	film, file := s.movie("Heat", 1995, 1)
	byHand, _ := s.movie("Alien", 1979, 2)
	file.Path = "/films/Crime/Heat.mkv"
	s.apply(library.Change{Files: []library.File{file}})
	c, err := svc.SaveCollection(t.Context(), library.Collection{
		Kind: library.Channel, Name: "Crime", FilledBy: library.ByFolder, Rule: library.Rule{Folders: []string{"Crime"}}})
	s.must(err)
	s.must(svc.AddToCollection(t.Context(), c.ID, byHand.ID))
	holds := func(why string, want ...id.Title) {
		t.Helper()
		s.must(svc.ApplyRules(t.Context()))
		members, err := s.Members(t.Context(), c.ID)
		s.must(err)
		got := []id.Title{}
		for _, m := range members {
			got = append(got, m.Title)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
	}
	holds("what lies there, and what was put there", film.ID, byHand.ID)
	if err := svc.RemoveFromCollection(t.Context(), c.ID, film.ID); !errors.Is(err, library.ErrByRule) {
		t.Errorf("taking out what the rule put there: %v", err)
	}
	s.must(svc.ChangeCollection(t.Context(), c.ID, func(c *library.Collection) { c.Overview = "Robbers." }))
	s.apply(library.Change{Moves: []library.Move{{Files: []id.File{file.ID}, State: library.Missing}}, AtMS: 3})
	holds("its file is missing", film.ID, byHand.ID)
	file.Path, file.State = "/films/Heat.mkv", library.Present
	s.apply(library.Change{Files: []library.File{file}})
	s.must(svc.ChangeCollection(t.Context(), c.ID, func(c *library.Collection) { c.Overview = "" }))
	holds("it lies elsewhere", byHand.ID)
	s.must(svc.RemoveCollection(t.Context(), c.ID))
}
