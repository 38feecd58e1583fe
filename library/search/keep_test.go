package search_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"movify/library"
	"movify/library/search"
)

// once runs an index in dir while f uses it.
func once(t *testing.T, dir string, f func(x *search.Index)) {
	t.Helper()
	x := search.New(search.Options{Dir: dir})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.Run(ctx) }()
	f(x)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := x.Checkpoint(t.Context()); !errors.Is(err, search.ErrClosed) {
		t.Errorf("an index that has stopped answers with %v", err)
	}
}

func fill(t *testing.T, x *search.Index) {
	t.Helper()
	if err := x.Index(t.Context(), corpus(t)); err != nil {
		t.Fatal(err)
	}
	if err := x.SetCheckpoint(t.Context(), "all of it"); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, x *search.Index, want bool, mark string) {
	t.Helper()
	hits, err := x.Search(t.Context(), library.SearchQuery{Text: "matrix", Limit: 3})
	if err != nil {
		t.Error(err)
	}
	if got, err := x.Checkpoint(t.Context()); got != mark || err != nil {
		t.Errorf("the mark is %q, %v; want %q", got, err, mark)
	}
	if found := len(hits) > 0; found != want {
		t.Errorf("the film is found: %v, want %v", found, want)
	}
}

func TestAnIndexStaysWhatItWas(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "index")
	once(t, dir, func(x *search.Index) { fill(t, x) })
	once(t, dir, func(x *search.Index) { holds(t, x, true, "all of it") })
	once(t, dir, func(x *search.Index) {
		if err := x.Clear(t.Context()); err != nil {
			t.Error(err)
		}
		holds(t, x, false, "")
		fill(t, x)
	})
	once(t, dir, func(x *search.Index) { holds(t, x, true, "all of it") })
}

// Whatever a crash or a disk made of the files: the index opens, empty when need be.
func TestABrokenIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	for name, hurt := range map[string]func(path string) error{
		"cut off":   func(path string) error { return os.Truncate(path, 100) },
		"emptied":   func(path string) error { return os.Truncate(path, 0) },
		"gone":      os.Remove,
		"scribbled": func(path string) error { return os.WriteFile(path, []byte("no index at all"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, victim := range []string{"index_meta.json", "store/root.bolt", "store/*.zap"} {
				dir := filepath.Join(t.TempDir(), "index")
				once(t, dir, func(x *search.Index) { fill(t, x) })
				files, err := filepath.Glob(filepath.Join(dir, victim))
				if err != nil || len(files) == 0 {
					t.Fatalf("no %s to hurt: %v", victim, err)
				}
				for _, f := range files {
					if err := hurt(f); err != nil {
						t.Fatal(err)
					}
				}
				once(t, dir, func(x *search.Index) {
					holds(t, x, false, "")
					fill(t, x)
					holds(t, x, true, "all of it")
				})
			}
		})
	}
}

func TestADocumentReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	x := running(t, search.Options{})
	for _, name := range []string{"Heat", "Ronin"} {
		if err := x.Index(
			t.Context(), []library.SearchDoc{{ID: "1", Kind: library.FindMovie, Names: []string{name}}},
		); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]int{"heat": 0, "ronin": 1, "": 0, "!?": 0, "…": 0} {
		hits, err := x.Search(t.Context(), library.SearchQuery{Text: text, Limit: 5})
		if err != nil || len(hits) != want {
			t.Errorf("%q finds %v, %v", text, hits, err)
		}
	}
}
