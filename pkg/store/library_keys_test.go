package store

import (
	"testing"

	"movify/library"
)

// Titles that were sorted and searched by other rules are sorted anew, except those that a source files under another name.
func TestKeysAreRefreshed(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	l := db.Library()
	c := library.Change{
		Titles: []library.Title{
			{ID: "ai", Kind: library.Movie, Identity: "ai", Name: "A.I."}, {ID: "up", Kind: library.Movie, Identity: "up", Name: "Up"},
			{ID: "heat", Kind: library.Movie, Identity: "heat", Name: "Heat"},
		},
		Descriptions: []library.Description{{Title: "heat", Source: library.FromNFO, Facts: library.Facts{SortName: "Crime 1"}}},
		Resolved:     []library.Resolved{{Title: "heat", Facts: library.Facts{Name: "Heat", SortName: "Crime 1"}}},
	}
	if err := l.Apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, err := db.writer.ExecContext(t.Context(), `UPDATE titles SET sort_key = 'i' WHERE id = 'ai'`); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} {
		if n, err := l.RefreshKeys(t.Context()); n != want || err != nil {
			t.Errorf("%d titles had other keys (%v), want %d", n, err, want)
		}
	}
	for title, want := range map[string]string{"ai": "a i", "up": "up", "heat": "crime 00000001"} {
		var got string
		if err := db.read.GetContext(t.Context(), &got, `SELECT sort_key FROM titles WHERE id = ?`, title); err != nil || got != want {
			t.Errorf("%s is sorted by %q (%v), want %q", title, got, err, want)
		}
	}
}
