package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

func besides(t *testing.T, s libraryStore) {
	film, file := s.movie("Heat", 1995, 1)
	episode, part := s.episode("Lost", 2, 3)
	away := present(film.ID, "/films/Heat away.mkv")
	away.State = library.Missing
	s.apply(library.Change{Files: []library.File{away}, Descriptions: []library.Description{
		{Title: film.ID, Source: library.FromNFO, Revision: "1|2|/films/Heat\xff.nfo", Facts: library.Facts{Name: "Heat!"}},
		{Title: episode.Parent, Source: library.FromNFO, Revision: "season mark"},
		{Title: film.ID, Source: library.FromProvider, Revision: "another source"},
	}})
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{episode.ID})
	s.must(err)
	series := cards[0].SeriesID
	want := map[id.File][]library.DescribedWork{
		file.ID: {{ID: film.ID, Kind: library.Movie, Revision: "1|2|/films/Heat\xff.nfo"}},
		part.ID: {
			{ID: episode.ID, Kind: library.Episode, Season: 2, Episode: 3, EpisodeLast: episode.EpisodeLast},
			{ID: episode.Parent, Kind: library.Season, Season: 2, Revision: "season mark"},
			{ID: series, Kind: library.Series},
		},
	}
	for path, files := range map[string][]library.File{"/": {file, part}, file.Path: {file}, "/films/nowhere": nil} {
		got, err := library.SliceOf(s.DescribedFiles(s.ctx(), "root", path))
		s.must(err)
		have := make(map[id.File][]library.DescribedWork)
		for _, b := range got {
			have[b.File] = b.Works
		}
		expect := make(map[id.File][]library.DescribedWork)
		for _, f := range files {
			expect[f.ID] = want[f.ID]
		}
		if diff := cmp.Diff(expect, have); diff != "" {
			t.Errorf("%s: -want +got\n%s", path, diff)
		}
	}
	if got, err := library.SliceOf(s.DescribedFiles(s.ctx(), "another root", "/")); err != nil || len(got) != 0 {
		t.Errorf("another root has %v (%v)", got, err)
	}
}

func subtitles(t *testing.T, s libraryStore) {
	_, heat := s.movie("Heat", 1995, 1)
	_, up := s.movie("Up", 2009, 2)
	english := library.Subtitle{
		Path: "/films/Heat\xff.en.srt", Revision: "1|2|/films/Heat\xff.en.srt", Format: "srt", Language: "en",
		Title: "Commentary", Forced: true, SDH: true, Default: true,
	}
	other := library.Subtitle{Path: "/films/Up.srt", Revision: "m", Format: "srt"}
	expect := func(want map[id.File][]library.Subtitle) {
		t.Helper()
		got, err := s.SubtitlesOf(s.ctx(), []id.File{heat.ID, up.ID, "none"})
		s.must(err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if got, err = s.SubtitlesBelow(s.ctx(), "root", "/films"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("below: -want +got\n%s", diff)
		}
	}
	expect(map[id.File][]library.Subtitle{})
	s.must(
		s.SaveSubtitles(s.ctx(), map[id.File][]library.Subtitle{heat.ID: {english, other}, up.ID: {other}, "none": {other}}),
	)
	expect(map[id.File][]library.Subtitle{heat.ID: {english, other}, up.ID: {other}})
	s.must(s.SaveSubtitles(s.ctx(), map[id.File][]library.Subtitle{heat.ID: {other}, up.ID: nil}))
	expect(map[id.File][]library.Subtitle{heat.ID: {other}})
	if got, err := s.SubtitlesBelow(s.ctx(), "another root", "/"); err != nil || len(got) != 0 {
		t.Errorf("another root has %v (%v)", got, err)
	}
}

func unasked(t *testing.T, s libraryStore) {
	old, _ := s.movie("Heat", 1995, 1)
	film, _ := s.movie("Up", 2009, 9)
	asked, _ := s.movie("Big", 1988, 5)
	episode, _ := s.episode("Lost", 2, 3)
	done, _ := s.episode("Found", 1, 1)
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{episode.ID, done.ID})
	s.must(err)
	lost, found := cards[0].SeriesID, cards[1].SeriesID
	say := func(title id.Title, mark string) {
		t.Helper()
		s.apply(
			library.Change{Descriptions: []library.Description{{Title: title, Source: library.FromProvider, Revision: mark}}},
		)
	}
	titles := func(limit int, want ...id.Title) {
		t.Helper()
		got, err := s.TitlesToMatch(s.ctx(), limit)
		s.must(err)
		var ids []id.Title
		for _, x := range got {
			ids = append(ids, x.ID)
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
	say(asked.ID, "tmdb:")
	say(lost, "tmdb:12")
	say(found, "tmdb:")
	titles(10, film.ID, old.ID)
	titles(1, film.ID)
	seasons := func(want ...library.SeasonToMatch) {
		t.Helper()
		got, err := s.SeasonsToMatch(s.ctx(), "tmdb:", 10)
		s.must(err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
	seasons(library.SeasonToMatch{Season: episode.Parent, Number: 2, Revision: "tmdb:12"})
	say(episode.ID, "tmdb:12/2")
	seasons()
	if got, err := s.SeasonsToMatch(s.ctx(), "other:", 10); err != nil || len(got) != 0 {
		t.Errorf("another provider: %v, %v", got, err)
	}
}
