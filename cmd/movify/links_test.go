package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"movify/pkg/testkit"
)

// TestLinkedFoldersDoNotStopTheServer: two folders that link to each other, and 25 of which each links three times to the
// next. The library answers, new films appear, the server ends when it is told to, and starts again.
func TestLinkedFoldersDoNotStopTheServer(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), t.TempDir()
	link := func(folder, to string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(films, folder), 0o755); err != nil {
			t.Fatal(err)
		}
		for n := range 3 {
			if err := os.Symlink(to, filepath.Join(films, folder, fmt.Sprint("l", n))); err != nil {
				t.Fatal(err)
			}
		}
	}
	link("a", "../b")
	link("b", "../a")
	for n := range 25 {
		link(fmt.Sprint("fan", n), fmt.Sprint("../fan", n+1))
	}
	clip := testkit.Film(t, 426, 240, 20)
	drop(t, clip, filepath.Join(films, "a", "Meadow (1942).mkv"))
	s := serve(t, data, films)
	s.setUp()
	s.title("Meadow")
	var library struct {
		Roots []struct{ ID, Watch string }
	}
	for _, watch := range []string{"inotify", "poll"} {
		s.call("GET", "/api/v1/library", nil, &library, 200)
		s.call("PATCH", "/api/v1/library/roots/"+library.Roots[0].ID, map[string]any{"watch": watch}, nil, 200)
		name := "Ronin " + watch
		drop(t, clip, filepath.Join(films, "fan24", name+" (1998).mkv"))
		if watch == "poll" {
			s.call("POST", "/api/v1/library/scan", map[string]any{}, nil, 202)
		}
		s.until(name+" is known", func() bool {
			s.call("GET", "/api/v1/library", nil, &library, 200)
			var page struct{ Items []card }
			s.call("GET", "/api/v1/titles", nil, &page, 200)
			return len(page.Items) == map[string]int{"inotify": 2, "poll": 3}[watch]
		})
	}
	s.stop()
	again := serve(t, data, films)
	again.signIn()
	again.title("Meadow")
}
