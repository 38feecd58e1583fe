package artwork

import (
	"context"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// fileStore answers with the films of a root, and counts.
type fileStore struct {
	Store
	films []library.TitledFile
	asked int
}

func (f *fileStore) TitledFiles(_ context.Context, _ id.Root, path string) iter.Seq2[library.TitledFile, error] {
	f.asked++
	return func(yield func(library.TitledFile, error) bool) {
		for _, p := range f.films {
			if library.Within(path, p.Path) && !yield(p, nil) {
				return
			}
		}
	}
}

// Many places of one root are looked up in one read of it, and give what they give alone.
func TestManyPlacesAreReadOnce(t *testing.T) {
	t.Parallel()
	shelf := &fileStore{films: []library.TitledFile{{Path: "/m/a/1.mkv"}, {Path: "/m/a/2.mkv"}, {Path: "/m/ab/3.mkv"}}}
	s := New(Options{Store: shelf})
	root := library.Root{ID: "r", Path: "/m"}
	few, many := make([]library.WalkedFolder, 2), make([]library.WalkedFolder, 20)
	for i := range many {
		many[i] = library.WalkedFolder{Root: root, Path: "/m/a"}
	}
	copy(few, many)
	for path, want := range map[string]int{"/m/a": 2, "/m/a/1.mkv": 1, "/m": 3, "/m/c": 0} {
		one, err := s.fileLister(t.Context(), few)("r", path)
		if err != nil || len(one) != want {
			t.Errorf("%s: %v, %v", path, one, err)
		}
		other, err := s.fileLister(t.Context(), many)("r", path)
		if diff := cmp.Diff(one, other); err != nil || diff != "" {
			t.Errorf("%s among many: %v\n%s", path, err, diff)
		}
	}
	shelf.asked = 0
	films := s.fileLister(t.Context(), many)
	for range many {
		if _, err := films("r", "/m/a"); err != nil {
			t.Fatal(err)
		}
	}
	if shelf.asked != 1 {
		t.Errorf("the store was asked %d times", shelf.asked)
	}
}
