package catalogue_test

import (
	"context"
	"testing"

	"movify/library"
	"movify/library/catalogue"
)

// countingStore counts how often the library is counted.
type countingStore struct {
	catalogue.Store // the others are not called
	files, counted  int
	edition         int64
}

func (s *countingStore) Edition() int64 { return s.edition }

func (s *countingStore) Counts(context.Context, library.Audience) (library.Counts, error) {
	s.counted++
	return library.Counts{Files: s.files}, nil
}

// Open dashboards ask each second: the library is counted once for all of them, and again when it was written.
func TestTheLibraryIsCountedOncePerWrite(t *testing.T) {
	t.Parallel()
	store := &countingStore{files: 3}
	s := catalogue.New(catalogue.Options{Store: store})
	ask := func(a library.Audience, wantFiles, wantCounted int) {
		t.Helper()
		counts, err := s.Counts(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if counts.Files != wantFiles || store.counted != wantCounted {
			t.Errorf("%d files after counting %d times, want %d after %d", counts.Files, store.counted, wantFiles, wantCounted)
		}
	}
	all, children := library.Unrestricted(), library.Audience{MaxAge: 6}
	ask(all, 3, 1)
	ask(all, 3, 1)
	store.files, store.edition = 4, 1
	ask(all, 4, 2)
	ask(children, 4, 3) // another audience never gets what was counted for one
	ask(all, 4, 4)
}
