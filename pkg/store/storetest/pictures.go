package storetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"movify/library"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// picturesOfTitles are the tests of PictureStore.
func picturesOfTitles() map[string]func(*testing.T, libraryStore) {
	return map[string]func(*testing.T, libraryStore){
		"pictures are kept by source, the strongest first":      pictures,
		"the films of a folder come with what they are part of": placed,
		"a title that was given a picture is not forgotten":     painted,
	}
}

func pictures(t *testing.T, s libraryStore) {
	heat, _ := s.movie("Heat", 1995, 1)
	up, _ := s.movie("Up", 2009, 2)
	all := func() map[id.Title][]library.Picture {
		t.Helper()
		got, err := s.Pictures(s.ctx(), []id.Title{heat.ID, up.ID, "none"})
		s.must(err)
		return got
	}
	if got := all(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	found := library.Picture{
		Title: heat.ID, Kind: library.Poster, Source: library.SidecarPicture, Key: "art/heat/poster-1.jpg",
		Revision: "1|2|/films/\xff|\\/poster.jpg", Width: 960, Height: 1440, Color: "#102030",
		Hash: "GvcJJRRwdnB3d3dnd3d3d6CQCfeH",
	}
	broken := library.Picture{
		Title: heat.ID, Kind: library.Logo, Source: library.SidecarPicture, Revision: "1|2|/films/logo.png",
	}
	fetched := library.Picture{
		Title: heat.ID, Kind: library.Poster, Source: library.ProviderPicture, Key: "art/heat/poster-2.jpg", Revision: "m",
	}
	given := library.Picture{
		Title: heat.ID, Kind: library.Poster, Source: library.UploadedPicture, Key: "art/heat/poster-3.jpg", Revision: "n",
	}
	for _, p := range []library.Picture{fetched, broken, found, given} {
		s.must(s.SavePicture(s.ctx(), p))
	}
	want := map[id.Title][]library.Picture{heat.ID: {given, broken, found, fetched}}
	if diff := cmp.Diff(want, all()); diff != "" {
		t.Errorf("the strongest comes first (-want +got):\n%s", diff)
	}
	found.Revision, found.Key, found.Width = "new", "art/heat/poster-4.jpg", 500
	s.must(s.SavePicture(s.ctx(), found))
	s.must(s.RemovePicture(s.ctx(), heat.ID, library.Poster, library.UploadedPicture))
	s.must(s.RemovePicture(s.ctx(), heat.ID, library.Poster, library.UploadedPicture)) // it is gone already
	want = map[id.Title][]library.Picture{heat.ID: {broken, found, fetched}}
	if diff := cmp.Diff(want, all()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	found.Title = "none"
	if err := s.SavePicture(s.ctx(), found); fault.Of(err).Code != library.ErrTitleNotFound.Code {
		t.Errorf("a picture of no title: %v", err)
	}
}

func painted(t *testing.T, s libraryStore) {
	s.must(s.SaveRoot(s.ctx(), library.Root{ID: "root", Path: "/films", State: library.Present}))
	found, foundFile := s.movie("Found", 1990, 1)
	given, givenFile := s.movie("Given", 1990, 1)
	for t, source := range map[id.Title]library.PictureSource{
		found.ID: library.SidecarPicture, given.ID: library.UploadedPicture,
	} {
		s.must(
			s.SavePicture(s.ctx(), library.Picture{Title: t, Kind: library.Poster, Source: source, Key: "k", Revision: "m"}),
		)
	}
	s.lose(library.Missing, "", 100, foundFile.ID, givenFile.ID)
	if n, err := s.Forget(s.ctx(), 200, 10); err != nil || n != 2 {
		t.Errorf("%d files were forgotten (%v), want 2", n, err)
	}
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{found.ID, given.ID})
	if err != nil || len(cards) != 1 || cards[0].ID != given.ID {
		t.Errorf("left are %v (%v)", cards, err)
	}
	kept, err := s.Pictures(s.ctx(), []id.Title{found.ID, given.ID})
	if err != nil || len(kept) != 1 || len(kept[given.ID]) != 1 {
		t.Errorf("pictures are left of %v (%v)", kept, err)
	}
}

func placed(t *testing.T, s libraryStore) {
	title := func(t library.Title) { s.apply(library.Change{Titles: []library.Title{t}}) }
	file := func(path string, title id.Title, state library.State) {
		s.apply(
			library.Change{Files: []library.File{{ID: id.New[id.File](), Root: "r", Title: title, Path: path, State: state}}},
		)
	}
	title(library.Title{ID: "m", Kind: library.Movie, Identity: "m"})
	title(library.Title{ID: "x", Kind: library.Extra, Identity: "x", Parent: "m"})
	title(library.Title{ID: "s", Kind: library.Series, Identity: "s"})
	title(library.Title{ID: "s2", Kind: library.Season, Identity: "s2", Parent: "s", Season: 2})
	title(library.Title{ID: "e", Kind: library.Episode, Identity: "e", Parent: "s2", Season: 2, Episode: 1})
	file("/r/a/m.mkv", "m", library.Present)
	file("/r/a/x.mkv", "x", library.Present)
	file("/r/a/gone.mkv", "m", library.Missing)
	file("/r/ab/\xfe.mkv", "e", library.Present)
	file("/r/a/nobody.mkv", "", library.Present)
	movie := library.TitledFile{Path: "/r/a/m.mkv", Title: "m", Kind: library.Movie}
	extra := library.TitledFile{Path: "/r/a/x.mkv", Title: "x", Kind: library.Extra, Parent: "m"}
	episode := library.TitledFile{
		Path: "/r/ab/\xfe.mkv", Title: "e", Kind: library.Episode, Season: 2, Parent: "s2", Grandparent: "s",
	}
	for path, want := range map[string][]library.TitledFile{
		"/r": {movie, extra, episode}, "/r/a": {movie, extra}, "/r/a/m.mkv": {movie}, "/r/nothing": {},
	} {
		got, err := library.SliceOf(s.TitledFiles(s.ctx(), "r", path))
		s.must(err)
		slices.SortFunc(got, func(a, b library.TitledFile) int { return strings.Compare(a.Path, b.Path) })
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if got, err := library.SliceOf(s.TitledFiles(s.ctx(), "other", "/r")); err != nil || len(got) != 0 {
		t.Errorf("another root: %v, %v", got, err)
	}
}
