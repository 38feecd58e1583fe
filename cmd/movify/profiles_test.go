package main_test

import (
	"bytes"

	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// TestAKidsProfileFindsNothingForbidden changes from an adult's profile to a kids profile in the same browser.
func TestAKidsProfileFindsNothingForbidden(t *testing.T) {
	t.Parallel()
	films := t.TempDir()
	drop(t, testkit.Film(t, 640, 360, 20), filepath.Join(films, "Meadow (1942).mkv"))
	drop(t, testkit.Film(t, 640, 360, 40), filepath.Join(films, "Cellar (2004).mkv"))
	s := serve(t, t.TempDir(), films)
	s.setUp()
	meadow, cellar := s.title("Meadow"), s.title("Cellar")
	for title, age := range map[string]int{meadow.ID: 0, cellar.ID: 18} {
		s.call("PATCH", "/api/v1/titles/"+title, map[string]any{"age": age}, nil, 200)
	}
	var mia struct{ ID string }
	s.call("POST", "/api/v1/profiles", map[string]any{"name": "Mia", "kids": true}, &mia, 201)
	begun := s.play(cellar.ID)
	videos, _ := s.variants(begun.Manifest)
	_, segments := s.playlist(videos[0])
	s.must(segments[0])

	s.call("POST", "/api/v1/profiles/"+mia.ID+"/choose", map[string]any{}, nil, 200)
	for what, path := range map[string]string{"manifest": begun.Manifest, "playlist": videos[0], "segment": segments[0]} {
		if status, body := s.fetch(path); status < 400 || bytes.Contains(body, []byte("#EXTM3U")) {
			t.Errorf("the grown-up's %s is still handed out: %d, %d bytes", what, status, len(body))
		}
	}
	const nobody = "0190aaaa-0000-7000-8000-000000000000"
	for _, path := range []string{"/home", "/titles", "/titles?q=cellar", "/titles?kind=movie&sort=year", "/titles/" + meadow.ID} {
		if body := s.must("/api/v1" + path); bytes.Contains(body, []byte(cellar.ID)) || bytes.Contains(body, []byte("Cellar")) {
			t.Errorf("%s tells of it: %s", path, body)
		}
	}
	for _, path := range []string{"/titles/%", "/titles/%/still", "/titles/%/poster", "/titles/%/still?w=1280"} {
		hidden, body := s.fetch("/api/v1" + strings.ReplaceAll(path, "%", cellar.ID))
		absent, none := s.fetch("/api/v1" + strings.ReplaceAll(path, "%", nobody))
		if hidden != http.StatusNotFound || absent != hidden || !bytes.Equal(body, none) {
			t.Errorf("%s: %d %s, and of no title %d %s", path, hidden, body, absent, none)
		}
	}
	s.call("POST", "/api/v1/sessions", map[string]any{"titleId": cellar.ID}, nil, 404)
	s.call("GET", "/api/v1/sessions/"+begun.ID, nil, nil, 404)
	s.call("PATCH", "/api/v1/titles/"+cellar.ID, map[string]any{"age": 0}, nil, 403)
	s.call("PATCH", "/api/v1/profiles/"+mia.ID, map[string]any{"maturity": 18, "password": password}, nil, 403)

	own := s.play(meadow.ID)
	if _, body := s.fetch(own.Manifest); !bytes.HasPrefix(body, []byte("#EXTM3U")) {
		t.Errorf("a film for children does not play: %.200s", body)
	}
}
