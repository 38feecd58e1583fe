package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
	"movify/player"
)

// Handovers proves that what profiles left on a title follows its files: open gives both stores of one database.
func Handovers(t *testing.T, open func(*testing.T) (LibraryStore, player.Store)) {
	for name, test := range map[string]func(*testing.T, handoverStore){
		"files are listed by work":                           filesByWork,
		"what is of a file follows it":                       followFile,
		"the rest follows the first file":                    followRest,
		"of two positions and marks the later one stays":     laterStays,
		"titles that take over from each other do not mix":   chain,
		"list, ratings and collections of a film are a work": worksFollow,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, p := open(t)
			test(t, handoverStore{libraryStore{t, l}, p})
		})
	}
}

type handoverStore struct {
	libraryStore
	player player.Store
}

func filesByWork(t *testing.T, s handoverStore) {
	film, heat := s.movie("Heat", 1995, 1)
	episode, first := s.episode("Lost", 1, 1)
	_, second := s.episode("Lost", 1, 2)
	trailer := library.Title{
		ID: id.New[id.Title](), Kind: library.Extra, Parent: film.ID, Identity: "extra", Name: "Trailer",
		Extra: library.Trailer,
	}
	clip := present(trailer.ID, "/films/trailer.mkv")
	clip.State = library.Missing
	elsewhere := present(film.ID, "/other/heat.mkv")
	elsewhere.Root = "other"
	s.apply(library.Change{Titles: []library.Title{trailer}, Files: []library.File{clip, elsewhere}})
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{episode.ID})
	s.must(err)
	series := cards[0].SeriesID
	all, err := library.SliceOf(s.FilesByWork(s.ctx(), "root"))
	s.must(err)
	got := make(map[id.File]id.Title)
	for i, f := range all {
		got[f.ID] = f.Work
		if i > 1 && f.Work == all[0].Work && all[i-1].Work != f.Work {
			t.Error("the files of a work do not follow each other")
		}
	}
	want := map[id.File]id.Title{heat.ID: film.ID, clip.ID: film.ID, first.ID: series, second.ID: series}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by work (-want +got):\n%s", diff)
	}
	for work, want := range map[id.Title][]id.File{
		film.ID: {heat.ID, clip.ID, elsewhere.ID}, series: {first.ID, second.ID}, episode.ID: {first.ID}, "none": nil,
	} {
		files, err := s.FilesOfWork(s.ctx(), work)
		s.must(err)
		var got []id.File
		for _, f := range files {
			got = append(got, f.ID)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("of %s (-want +got):\n%s", work, diff)
		}
	}
}

// watch stores a position at a second.
func (s handoverStore) watch(p id.Profile, t id.Title, f id.File, at, positionMS, durationMS int64) {
	s.t.Helper()
	s.must(s.player.SaveProgress(s.ctx(), []player.Progress{{
		Profile: p, Title: t, File: f, PositionMS: positionMS, DurationMS: durationMS, At: moment(at * 1000),
	}}))
}

func (s handoverStore) setMark(p id.Profile, t id.Title, k player.MarkKind, value int, at int64) {
	s.t.Helper()
	s.must(s.player.SaveMarks(s.ctx(), []player.Mark{mark(p, t, k, value, at*1000)}))
}

// left gives what a profile left on titles, by the name that the test gives them.
func (s handoverStore) left(p id.Profile, names map[id.Title]string) map[string][]string {
	s.t.Helper()
	var ids []id.Title
	for t := range names {
		ids = append(ids, t)
	}
	at, marks, err := s.player.Standings(s.ctx(), p, ids)
	s.must(err)
	visits, err := s.player.Visits(s.ctx(), p, player.Cursor{}, 100)
	s.must(err)
	out := make(map[string][]string)
	for t, x := range at {
		out[names[t]] = append(out[names[t]], fmt.Sprint("at ", x.PositionMS))
	}
	for _, m := range marks {
		out[names[m.Title]] = append(out[names[m.Title]], fmt.Sprint(m.Kind, " ", m.Value))
	}
	for _, v := range visits {
		out[names[v.Title]] = append(out[names[v.Title]], fmt.Sprint("visit ", v.DurationMS))
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out
}

// split makes a second title of a second file of a film.
func (s handoverStore) split() (one, two library.Title, first, second library.File) {
	s.t.Helper()
	one, first = s.movie("Clips", 2001, 1)
	second = present(one.ID, "/films/second.mkv")
	second.DurationMS = first.DurationMS + 60_000
	s.apply(library.Change{Files: []library.File{second}})
	two = library.Title{ID: id.New[id.Title](), Kind: library.Movie, Identity: "second", Name: "Second", AddedMS: 1}
	return one, two, first, second
}

func (s handoverStore) wantLeft(p id.Profile, names map[id.Title]string, want map[string][]string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.left(p, names)); diff != "" {
		s.t.Errorf("what %s left (-want +got):\n%s", p, diff)
	}
}

const gap = 100_000 // seconds, more than lie between two positions of a visit

func followFile(t *testing.T, s handoverStore) {
	one, two, first, second := s.split()
	s.watch("p", one.ID, second.ID, 1, second.DurationMS, second.DurationMS)
	s.watch("p", one.ID, first.ID, gap, first.DurationMS/2, first.DurationMS)
	s.watch("q", one.ID, second.ID, 1, second.DurationMS/2, second.DurationMS)
	s.setMark("q", one.ID, player.MarkListed, 1, 5)
	s.watch("r", one.ID, "gone", 1, 70_000, 123_000_000)
	x := session("live", "in")
	x.Title, x.File = one.ID, second.ID
	s.must(s.player.AddSession(s.ctx(), x))
	second.Title = two.ID
	s.apply(library.Change{
		Titles: []library.Title{two}, Files: []library.File{second}, Handovers: []library.Handover{{
			From: one.ID, Kind: library.Movie, Files: map[id.File]id.Title{first.ID: one.ID, second.ID: two.ID},
		}},
	})
	names := map[id.Title]string{one.ID: "one", two.ID: "two"}
	length := func(f library.File) string { return fmt.Sprint("visit ", f.DurationMS) }
	s.wantLeft("p", names, map[string][]string{
		"one": {fmt.Sprint("at ", first.DurationMS/2), length(first)}, "two": {length(second), "watched 1"},
	})
	s.wantLeft("q", names, map[string][]string{
		"two": {fmt.Sprint("at ", second.DurationMS/2), "listed 1", length(second)},
	})
	s.wantLeft("r", names, map[string][]string{"one": {"at 70000", "visit 123000000"}})
	if got, err := s.player.Session(s.ctx(), "live"); err != nil || got.Title != two.ID {
		t.Errorf("the session is of %s (%v)", got.Title, err)
	}
}

func followRest(t *testing.T, s handoverStore) {
	one, two, first, second := s.split()
	s.setMark("p", one.ID, player.MarkWatched, 1, 5)
	s.setMark("p", one.ID, player.MarkRating, -1, 5)
	s.watch("q", one.ID, "gone", 1, 70_000, 123_000_000)
	first.Title, second.Title = two.ID, two.ID
	s.apply(library.Change{
		Titles: []library.Title{two}, Files: []library.File{first, second}, Handovers: []library.Handover{{
			From: one.ID, Kind: library.Movie, Rest: two.ID, Files: map[id.File]id.Title{first.ID: two.ID, second.ID: two.ID},
		}},
	})
	names := map[id.Title]string{one.ID: "one", two.ID: "two"}
	s.wantLeft("p", names, map[string][]string{"two": {"rating -1", "watched 1"}})
	s.wantLeft("q", names, map[string][]string{"two": {"at 70000", "visit 123000000"}})
	if known, err := s.TitlesByID(s.ctx(), []id.Title{one.ID}); err != nil || len(known) != 1 {
		t.Errorf("the empty title is gone (%v)", err)
	}
}

func laterStays(_ *testing.T, s handoverStore) {
	one, two, first, second := s.split()
	s.apply(library.Change{Titles: []library.Title{two}})
	for p, at := range map[id.Profile]int64{"p": 1, "q": 9} {
		s.watch(p, one.ID, second.ID, at, 70_000, second.DurationMS)
		s.watch(p, two.ID, "old", 5, 80_000, second.DurationMS)
		s.setMark(p, one.ID, player.MarkRating, 1, at)
		s.setMark(p, two.ID, player.MarkRating, -1, 5)
	}
	second.Title = two.ID
	s.apply(library.Change{Files: []library.File{second}, Handovers: []library.Handover{{
		From: one.ID, Kind: library.Movie, Files: map[id.File]id.Title{first.ID: one.ID, second.ID: two.ID},
	}}})
	names := map[id.Title]string{one.ID: "one", two.ID: "two"}
	visit := fmt.Sprint("visit ", second.DurationMS)
	s.wantLeft("p", names, map[string][]string{"two": {"at 80000", "rating -1", visit, visit}})
	s.wantLeft("q", names, map[string][]string{"two": {"at 70000", "rating 1", visit, visit}})
}

func chain(_ *testing.T, s handoverStore) {
	one, two, first, second := s.split()
	three := two
	three.ID, three.Identity, three.Name = id.New[id.Title](), "third", "Third"
	second.Title = two.ID
	s.apply(library.Change{Titles: []library.Title{two, three}, Files: []library.File{second}})
	s.watch("p", one.ID, first.ID, 9, 70_000, first.DurationMS)
	s.watch("p", two.ID, second.ID, 1, 80_000, second.DurationMS)
	first.Title, second.Title = two.ID, three.ID
	s.apply(library.Change{Files: []library.File{first, second}, Handovers: []library.Handover{
		{From: one.ID, Kind: library.Movie, Rest: two.ID, Files: map[id.File]id.Title{first.ID: two.ID}},
		{From: two.ID, Kind: library.Movie, Rest: three.ID, Files: map[id.File]id.Title{second.ID: three.ID}},
	}})
	s.wantLeft("p", map[id.Title]string{one.ID: "one", two.ID: "two", three.ID: "three"}, map[string][]string{
		"two":   {"at 70000", fmt.Sprint("visit ", first.DurationMS)},
		"three": {"at 80000", fmt.Sprint("visit ", second.DurationMS)},
	})
}

func worksFollow(t *testing.T, s handoverStore) {
	other, _ := s.episode("Show", 1, 7)
	film, file := s.movie("Show", 2018, 1)
	for _, k := range []player.MarkKind{player.MarkListed, player.MarkRating, player.MarkWatched} {
		s.setMark("p", film.ID, k, 1, 5)
	}
	c := library.Collection{ID: "c", Kind: library.Channel, Name: "Shows", FilledBy: library.ByHand}
	s.must(s.SaveCollection(s.ctx(), c))
	s.must(s.SaveMembers(s.ctx(), "c", []library.Member{{Title: film.ID, Position: 3}}, nil))
	film.Kind, film.Parent, film.Season, film.Episode, film.EpisodeLast = library.Episode, other.Parent, 1, 1, 1
	s.apply(library.Change{Titles: []library.Title{film}, Handovers: []library.Handover{{
		From: film.ID, Kind: library.Movie, Rest: film.ID, Files: map[id.File]id.Title{file.ID: film.ID},
	}}})
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{film.ID})
	s.must(err)
	series := cards[0].SeriesID
	s.wantLeft("p", map[id.Title]string{film.ID: "episode", series: "series"}, map[string][]string{
		"episode": {"watched 1"}, "series": {"listed 1", "rating 1"},
	})
	members, err := s.Members(s.ctx(), "c")
	s.must(err)
	if len(members) != 1 || members[0].Title != series || members[0].Position != 3 {
		t.Errorf("the channel holds %+v", members)
	}
}
