package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
	"movify/pkg/testkit"
)

// TestLadderOfAnEarlierVersionIsPacked begins with a data folder in which the finished ladder is single segments under
// blobs/ and there is no stage: its segments are packed as they are, and nothing is encoded again.
func TestLadderOfAnEarlierVersionIsPacked(t *testing.T) {
	t.Parallel()
	films, data := t.TempDir(), t.TempDir()
	drop(t, testkit.Film(t, 320, 180, 8), filepath.Join(films, "Old Song (1950).mkv"))
	s := serve(t, data, films)
	s.setUp()
	title := s.title("Old Song")
	s.ready(title.ID)
	var log struct{ Items []logEntry }
	s.call("GET", "/api/v1/titles/"+title.ID+"/encode-log", nil, &log, 200)
	s.stop()
	want := segments(t, data)

	folder := assetFolder(t, data)
	for _, r := range renditions(t, folder) {
		scatter(t, filepath.Join(folder, r))
	}
	for _, gone := range []string{filepath.Join(folder, "whole.json"), filepath.Join(data, "stage")} {
		if err := os.RemoveAll(gone); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, segments(t, data)); diff != "" {
		t.Fatalf("scattered, the segments differ:\n%s", diff)
	}

	s = serve(t, data, films)
	s.signIn()
	s.ready(title.ID)
	if diff := cmp.Diff(want, segments(t, data)); diff != "" {
		t.Errorf("packed again, the segments differ:\n%s", diff)
	}
	allPacked(t, data, nil)
	made := len(log.Items)
	s.call("GET", "/api/v1/titles/"+title.ID+"/encode-log", nil, &log, 200)
	if len(log.Items) != made {
		t.Errorf("%d segments were made again", len(log.Items)-made)
	}
}

// scatter turns a packed rendition back into an Init Section and single segments.
func scatter(t testing.TB, dir string) {
	t.Helper()
	packed := filepath.Join(dir, media.PackedName)
	content, err := os.ReadFile(packed)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{media.InitName: content[:initLength(t, content)]}
	for n, segment := range unpack(t, content) {
		parts[segmentName(n)] = segment
	}
	for name, part := range parts {
		if err := os.WriteFile(filepath.Join(dir, name), part, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(packed); err != nil {
		t.Fatal(err)
	}
}
