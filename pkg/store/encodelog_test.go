package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/queue"
	"movify/pkg/store"
	"movify/transcoder"
)

func TestEncodeLogKeepsEveryLineInOrder(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	log := store.NewEncodeLog(db)
	line := func(segment int, duplicate bool) transcoder.Entry {
		return transcoder.Entry{
			Run: "run", Asset: "asset", Class: queue.JIT, Rendition: "v480p-abc123", Segment: segment,
			Bytes: 10, SHA256: "ab", AtMS: 5, Duplicate: duplicate,
		}
	}
	want := []transcoder.Entry{line(0, false), line(1, false), line(1, true)}
	for _, n := range []int{1, 0, 2} {
		if err := log.Committed(t.Context(), want[n]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := log.Entries(t.Context(), "asset")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if other, err := log.Entries(t.Context(), "other"); err != nil || len(other) != 0 {
		t.Errorf("another asset has %v, %v", other, err)
	}
}
