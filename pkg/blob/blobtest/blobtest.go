// Package blobtest holds the one conformance suite of the blob port, which every engine runs, and the fake that others
// use in their tests. It states the port's contract as tests and knows no engine.
package blobtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
)

// Run runs the suite. fresh makes an empty store and registers its own clean-up on t; it is called once for each test.
func Run(t *testing.T, fresh func(t *testing.T) blob.Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, blob.Store){
		"stores and gives back":            storesAndGivesBack,
		"keeps its own copy":               keepsItsOwnCopy,
		"absent key":                       absentKey,
		"writes a key once":                writesOnce,
		"one of many racing writers wins":  racingWriters,
		"a reader sees all or nothing":     allOrNothing,
		"seeks in a blob":                  seeks,
		"opens ranges":                     opensRanges,
		"puts from a reader":               putsFrom,
		"lists in key order":               listsInOrder,
		"lists by prefix":                  listsByPrefix,
		"stops listing when told":          listStops,
		"deletes":                          deletes,
		"deletes beside writers":           deletesBesideWriters,
		"an open blob outlives its delete": openOutlivesDelete,
		"refuses bad keys":                 badKeys,
		"ends when cancelled":              cancelled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

func storesAndGivesBack(t *testing.T, s blob.Store) {
	for key, data := range map[string]string{
		"plan.json":               "{}",
		"v1/a1b2/720p/00000.m4s":  strings.Repeat("segment ", 9000),
		"v1/a1b2/720p/empty":      "",
		"names/mit Leerzeichen é": "utf-8",
		"names/.hidden":           "dot",
		"names/100%d":             "percent",
	} {
		before := time.Now().Add(-time.Minute)
		put(t, s, key, data)
		o, err := s.Open(t.Context(), key)
		if err != nil {
			t.Fatalf("Open(%q): %v", key, err)
		}
		got, err := io.ReadAll(o.Body)
		if err := errors.Join(err, o.Body.Close()); err != nil {
			t.Fatalf("read %q: %v", key, err)
		}
		if string(got) != data {
			t.Errorf("%q holds %d bytes, want the %d that were put", key, len(got), len(data))
		}
		st, err := s.Stat(t.Context(), key)
		if err != nil {
			t.Fatalf("Stat(%q): %v", key, err)
		}
		if diff := cmp.Diff(st, o.Info); diff != "" {
			t.Errorf("Stat and Open disagree (-stat +open):\n%s", diff)
		}
		if st.Key != key || st.Size != int64(len(data)) {
			t.Errorf("Stat(%q) = key %q, size %d; want size %d", key, st.Key, st.Size, len(data))
		}
		if st.ModTime.Before(before) || st.ModTime.After(time.Now().Add(time.Minute)) {
			t.Errorf("Stat(%q).ModTime = %v, want about now", key, st.ModTime)
		}
	}
}

func keepsItsOwnCopy(t *testing.T, s blob.Store) {
	data := []byte("before")
	if err := s.Put(t.Context(), "k", data); err != nil {
		t.Fatal(err)
	}
	copy(data, "after!")
	want(t, s, "k", "before")
}

func absentKey(t *testing.T, s blob.Store) {
	put(t, s, "a/b/c", "x")
	for _, key := range []string{"nothing", "a/nothing", "a/b/c/nothing", "a/b", "a"} {
		if _, err := s.Open(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Open(%q) = %v, want ErrNotFound", key, err)
		}
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Stat(%q) = %v, want ErrNotFound", key, err)
		}
	}
}

func writesOnce(t *testing.T, s blob.Store) {
	put(t, s, "a/k", "first")
	for _, data := range []string{"second", "first", ""} {
		if err := s.Put(t.Context(), "a/k", []byte(data)); !errors.Is(err, blob.ErrExists) {
			t.Errorf("Put again of %q = %v, want ErrExists", data, err)
		}
	}
	want(t, s, "a/k", "first")
	if diff := cmp.Diff([]string{"a/k"}, list(t, s, "")); diff != "" {
		t.Errorf("keys after a refused Put (-want +got):\n%s", diff)
	}
}

func racingWriters(t *testing.T, s blob.Store) {
	const writers = 32
	for round := range 8 {
		key := fmt.Sprintf("race/%d/segment", round)
		errs := make([]error, writers)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				<-start
				errs[w] = s.Put(t.Context(), key, bytes.Repeat([]byte{byte('A' + w)}, 4096+w))
			})
		}
		close(start)
		wg.Wait()
		winner := -1
		for w, err := range errs {
			switch {
			case err == nil && winner >= 0:
				t.Fatalf("writers %d and %d both won %q", winner, w, key)
			case err == nil:
				winner = w
			case !errors.Is(err, blob.ErrExists):
				t.Fatalf("loser %d got %v, want ErrExists", w, err)
			}
		}
		if winner < 0 {
			t.Fatalf("nobody won %q", key)
		}
		want(t, s, key, strings.Repeat(string(rune('A'+winner)), 4096+winner))
	}
	if got := len(list(t, s, "")); got != 8 {
		t.Errorf("%d keys after the races, want 8", got)
	}
}

func allOrNothing(t *testing.T, s blob.Store) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<17) // 2 MiB
	for i := range 4 {
		key := fmt.Sprintf("whole/%d", i)
		done := make(chan error, 1)
		go func() { done <- s.Put(t.Context(), key, data) }()
		for writing := true; writing; {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				writing = false
			default:
			}
			got, err := blob.ReadAll(t.Context(), s, key)
			switch {
			case errors.Is(err, blob.ErrNotFound) && writing:
			case err != nil:
				t.Fatalf("read beside the writer: %v", err)
			case !bytes.Equal(got, data):
				t.Fatalf("read %d bytes of an unfinished blob", len(got))
			}
		}
	}
}

func seeks(t *testing.T, s blob.Store) {
	put(t, s, "k", "0123456789")
	o, err := s.Open(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Body.Close()
	for _, c := range []struct {
		offset int64
		whence int
		n      int
		want   string
	}{
		{3, io.SeekStart, 4, "3456"},
		{1, io.SeekCurrent, 1, "8"},
		{-2, io.SeekEnd, 5, "89"},
		{0, io.SeekEnd, 5, ""},
		{0, io.SeekStart, 10, "0123456789"},
	} {
		if _, err := o.Body.Seek(c.offset, c.whence); err != nil {
			t.Fatalf("Seek(%d, %d): %v", c.offset, c.whence, err)
		}
		got, err := io.ReadAll(io.LimitReader(o.Body, int64(c.n)))
		if err != nil || string(got) != c.want {
			t.Errorf("after Seek(%d, %d) read %q, %v; want %q", c.offset, c.whence, got, err, c.want)
		}
	}
	if end, err := o.Body.Seek(0, io.SeekEnd); err != nil || end != 10 {
		t.Errorf("Seek to the end = %d, %v; want 10", end, err)
	}
}
