package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// The posters that titles had stay, without a mark, so that the next scan makes them anew.
func TestAnOlderDatabaseKeepsItsPosters(t *testing.T) {
	t.Parallel()
	old, path := olderDatabase(t, "00090")
	const title = `INSERT INTO titles (id, kind, wall, identity, name, sort_key, search_key, overview, evidence, poster, poster_mark, added_ms)
		VALUES (?, 'movie', 1, ?, 'Heat', 'heat', 'heat', '', '{}', ?, ?, 1)`
	for _, row := range [][]any{
		{"t", "i", "art/t/poster-500-1.jpg", "1|2|/films/poster.jpg"}, {"broken", "j", "", "1|2|/films/x/poster.jpg"},
		{"bare", "k", "", ""},
	} {
		if _, err := old.writer.ExecContext(t.Context(), title, row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.writer.Close(); err != nil {
		t.Fatal(err)
	}
	db := openAt(t, path)
	got, err := db.Library().Pictures(t.Context(), []id.Title{"t", "broken", "bare"})
	want := map[id.Title][]library.Picture{
		"t": {{Title: "t", Kind: library.Poster, Source: library.SidecarPicture, Key: "art/t/poster-500-1.jpg"}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	keys, err := db.Storage().Pictures(t.Context())
	if diff := cmp.Diff([]string{"art/t/poster-500-1.jpg"}, keys); err != nil || diff != "" {
		t.Errorf("what the collector keeps: %v (-want +got):\n%s", err, diff)
	}
}
