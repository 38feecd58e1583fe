package storetest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// wanted reads which of some files' ladders are wanted, by LadderWanted and by Contents.
func (s libraryStore) wanted(files ...library.File) []bool {
	s.t.Helper()
	contents, err := s.Contents(s.ctx(), library.Content{}, 100)
	s.must(err)
	out := make([]bool, 0, len(files))
	for _, f := range files {
		is, err := s.LadderWanted(s.ctx(), f.Fingerprint)
		s.must(err)
		for _, c := range contents {
			if c.File == f.ID && c.Wanted != is {
				s.t.Errorf("%s: wanted is %v, and %v among the contents", f.Path, is, c.Wanted)
			}
		}
		out = append(out, is)
	}
	return out
}

func (s libraryStore) checkWanted(want []bool, files ...library.File) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.wanted(files...)); diff != "" {
		s.t.Errorf("wanted ladders (-want +got):\n%s", diff)
	}
}

func wantedLadders(_ *testing.T, s libraryStore) {
	_, one := s.movie("One", 1990, 1)
	_, two := s.movie("Two", 1990, 2)
	s.checkWanted([]bool{false, false}, one, two)
	s.must(s.WantLadders(s.ctx(), nil, 1))
	s.must(s.WantLadders(s.ctx(), []string{one.Fingerprint, one.Fingerprint}, 1))
	s.must(s.WantLadders(s.ctx(), []string{one.Fingerprint}, 2))
	s.checkWanted([]bool{true, false}, one, two)
	s.must(s.WantLadders(s.ctx(), []string{"a content that no file has"}, 3))
	s.checkWanted([]bool{true, false}, one, two)
}

func wantedTogether(t *testing.T, s libraryStore) {
	film, here := s.movie("Here", 1990, 1)
	_, there := s.movie("There", 1990, 2)
	there.Root = "another"
	gone := present("", "/films/gone.mkv")
	gone.State = library.Missing
	same := present("", "/films/same content.mkv")
	same.Fingerprint = here.Fingerprint
	trailer := library.Title{ID: "x", Kind: library.Extra, Identity: "extra:x", Name: "Trailer", Parent: film.ID}
	clip := present(trailer.ID, "/films/trailer.mkv")
	s.apply(library.Change{Titles: []library.Title{trailer}, Files: []library.File{there, gone, same, clip}})

	files := func(title id.Title) []id.File {
		t.Helper()
		contents, err := s.LadderFiles(s.ctx(), title)
		s.must(err)
		out := []id.File{}
		for _, c := range contents {
			out = append(out, c.File)
		}
		slices.Sort(out)
		return out
	}
	first, e1 := s.episode("Show", 1, 1)
	_, e2 := s.episode("Show", 2, 1)
	tree, err := s.TitlesByIdentity(s.ctx(), []string{"Show", "Show:1"})
	s.must(err)
	both := []id.File{e1.ID, e2.ID}
	slices.Sort(both)
	for _, test := range []struct {
		name  string
		title id.Title
		want  []id.File
	}{
		{"a film, without its trailer", film.ID, []id.File{here.ID}},
		{"a trailer", trailer.ID, []id.File{clip.ID}},
		{"an episode", first.ID, []id.File{e1.ID}},
		{"a season", tree["Show:1"].ID, []id.File{e1.ID}},
		{"a series", tree["Show"].ID, both},
		{"no title", "none", []id.File{}},
	} {
		if diff := cmp.Diff(test.want, files(test.title)); diff != "" {
			t.Errorf("files of %s (-want +got):\n%s", test.name, diff)
		}
	}

	n, err := s.WantLaddersOfRoot(s.ctx(), "another", 1)
	s.must(err)
	if n != 1 {
		t.Errorf("%d files of the root, want 1", n)
	}
	s.checkWanted([]bool{false, true, false, false}, here, there, gone, e1)
	n, err = s.WantLaddersOfRoot(s.ctx(), "root", 2)
	s.must(err)
	if n != 5 {
		t.Errorf("%d files of the root, want 5: two of one content, a trailer and two episodes", n)
	}
	s.checkWanted([]bool{true, true, false, true}, here, there, gone, e1)
	if n, err = s.WantLaddersOfRoot(s.ctx(), "none", 3); n != 0 || err != nil {
		t.Errorf("%d files of no root, %v", n, err)
	}
}

func footage(t *testing.T, s libraryStore) {
	of := func(root id.Root, path string, height int, state library.State) library.File {
		f := present("", path)
		f.Root, f.Height, f.State, f.DurationMS = root, height, state, 1000
		return f
	}
	s.apply(library.Change{Files: []library.File{
		of("a", "/a/1.mkv", 1080, library.Present), of("a", "/a/2.mkv", 1080, library.Present),
		of("a", "/a/3.mkv", 480, library.Present), of("a", "/a/4.mkv", 480, library.Missing),
		of("a", "/a/5.mkv", 0, library.Attention), of("b", "/b/1.mkv", 2160, library.Present),
	}})
	got, err := s.Footage(s.ctx())
	s.must(err)
	want := []library.Footage{
		{Root: "a", Height: 480, Files: 1, DurationMS: 1000}, {Root: "a", Height: 1080, Files: 2, DurationMS: 2000},
		{Root: "b", Height: 2160, Files: 1, DurationMS: 1000},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("footage (-want +got):\n%s", diff)
	}
}
