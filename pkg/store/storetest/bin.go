package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// lose moves files into a state at a time.
func (s libraryStore) lose(to library.State, code string, atMS int64, files ...id.File) {
	s.t.Helper()
	s.apply(library.Change{Moves: []library.Move{{Files: files, State: to, Code: code}}, AtMS: atMS})
}

func losses(t *testing.T, s libraryStore) {
	s.must(s.SaveRoot(s.ctx(), library.Root{ID: "root", Path: "/films", State: library.Present}))
	var files []id.File
	for i := range 5 {
		_, f := s.movie(fmt.Sprint("Film ", i), 1990, 1)
		files = append(files, f.ID)
	}
	s.lose(library.Missing, "", 100, files[0])
	s.lose(library.Missing, "", 200, files[1])
	s.lose(library.Unreachable, "root_held", 300, files[2], files[3])
	for since, want := range map[int64]int{0: 2, 100: 2, 101: 1, 200: 1, 201: 0} {
		if n, err := s.LostSince(s.ctx(), "root", since); err != nil || n != want {
			t.Errorf("%d files went since %d (%v), want %d", n, since, err, want)
		}
	}
	for code, want := range map[string]int{"root_held": 2, "": 0} {
		if n, err := s.InRoot(s.ctx(), "root", library.Unreachable, code); err != nil || n != want {
			t.Errorf("%d files are unreachable by %q (%v), want %d", n, code, err, want)
		}
	}
	if n, err := s.LostSince(s.ctx(), "another", 0); err != nil || n != 0 {
		t.Errorf("%d files of no root went (%v)", n, err)
	}
}

func bin(t *testing.T, s libraryStore) {
	root := library.Root{ID: "root", Path: "/films", State: library.Present}
	s.must(s.SaveRoot(s.ctx(), root))
	film, old := s.movie("Old", 1990, 1)
	_, young := s.movie("Young", 1990, 1)
	_, there := s.movie("There", 1990, 1)
	rated, ratedFile := s.movie("Rated", 1990, 1)
	rated.Matched = library.SureChecked // matched by hand
	s.apply(library.Change{Titles: []library.Title{rated}})
	s.must(
		s.SavePicture(
			s.ctx(), library.Picture{Title: film.ID, Kind: library.Poster, Source: library.SidecarPicture, Revision: "m"},
		),
	)
	first, firstFile := s.episode("Lost", 1, 1)
	second, _ := s.episode("Lost", 1, 2)
	s.lose(library.Missing, "", 100, old.ID, ratedFile.ID, firstFile.ID)
	s.lose(library.Missing, "", 200, young.ID)

	files, total, err := s.Bin(s.ctx(), 2)
	s.must(err)
	if total != 4 || len(files) != 2 || files[0].ID != young.ID || files[0].SinceMS != 200 || files[0].Path != young.Path {
		t.Errorf("%d of %d in the bin: %+v", len(files), total, files)
	}
	// Nothing is forgotten of a root that is away or held.
	for _, r := range []library.Root{
		{ID: "root", Path: "/films", State: library.Unreachable},
		{ID: "root", Path: "/films", State: library.Present, Held: library.Held{Missing: 1, Of: 2}},
	} {
		s.must(s.SaveRoot(s.ctx(), r))
		if n, err := s.Forget(s.ctx(), 1000, 10); err != nil || n != 0 {
			t.Errorf("%d files were forgotten (%v) of a root that is %+v", n, err, r)
		}
	}
	s.must(s.SaveRoot(s.ctx(), root))
	if n, err := s.Forget(s.ctx(), 200, 2); err != nil || n != 2 {
		t.Errorf("%d files were forgotten (%v), want 2", n, err)
	}
	if n, err := s.Forget(s.ctx(), 200, 2); err != nil || n != 1 {
		t.Errorf("%d more files were forgotten (%v), want 1", n, err)
	}
	for f, want := range map[id.File]error{old.ID: library.ErrFileNotFound, young.ID: nil, there.ID: nil} {
		if _, err := s.File(s.ctx(), f); !errors.Is(err, want) {
			t.Errorf("file %s: got %v, want %v", f, err, want)
		}
	}
	// A title without files goes, unless a profile has a mark of it or it is part of a title that stays.
	cards, err := s.Cards(s.ctx(), library.Unrestricted(), []id.Title{film.ID, rated.ID, first.ID, second.ID})
	s.must(err)
	var left []id.Title
	for _, c := range cards {
		left = append(left, c.ID)
	}
	if diff := cmp.Diff([]id.Title{rated.ID, second.ID}, left); diff != "" {
		t.Errorf("titles that stay: %s", diff)
	}
	for f, want := range map[id.File]error{
		there.ID: library.ErrNotMissing, old.ID: library.ErrFileNotFound, young.ID: nil,
	} {
		if err := s.ForgetFile(s.ctx(), f); !errors.Is(err, want) {
			t.Errorf("forget %s: got %v, want %v", f, err, want)
		}
	}
	if _, total, err = s.Bin(s.ctx(), 10); err != nil || total != 0 {
		t.Errorf("%d files are left in the bin (%v)", total, err)
	}
}
