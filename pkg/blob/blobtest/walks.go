package blobtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"movify/pkg/blob"
)

// uploadTime is longer than the upload of a few bytes takes on a busy machine.
const uploadTime = time.Minute

func listsInOrder(t *testing.T, s blob.Store) {
	// '-' and '.' sort before '/', '0' after it: an engine that walks folders by name gets this wrong.
	sorted := []string{"a-b", "a.b", "a/b", "a/b-c", "a/c/d", "a/c0", "a0", "b/00009.m4s", "b/00010.m4s", "é"}
	for i := range sorted {
		put(t, s, sorted[(i*7)%len(sorted)], strings.Repeat("x", (i*7)%len(sorted)))
	}
	if diff := cmp.Diff(sorted, list(t, s, "")); diff != "" {
		t.Errorf("List in key order (-want +got):\n%s", diff)
	}
	i := 0
	for got, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if got.Size != int64(i) {
			t.Errorf("List gives %q the size %d, want %d", got.Key, got.Size, i)
		}
		st, err := s.Stat(t.Context(), got.Key)
		if err != nil {
			t.Fatal(err)
		}
		// An S3 server may take the time of a header at the beginning of the upload and that of a list at its end.
		if diff := cmp.Diff(st, got, cmpopts.EquateApproxTime(uploadTime)); diff != "" {
			t.Errorf("Stat and List disagree (-stat +list):\n%s", diff)
		}
		i++
	}
}

func listsByPrefix(t *testing.T, s blob.Store) {
	if got := list(t, s, ""); len(got) != 0 {
		t.Fatalf("an empty store lists %q", got)
	}
	for _, key := range []string{"v1/aa/init", "v1/aa/00000", "v1/aa/00001", "v1/ab/00000", "v1/a", "v2"} {
		put(t, s, key, key)
	}
	for prefix, want := range map[string][]string{
		"":               {"v1/a", "v1/aa/00000", "v1/aa/00001", "v1/aa/init", "v1/ab/00000", "v2"},
		"v":              {"v1/a", "v1/aa/00000", "v1/aa/00001", "v1/aa/init", "v1/ab/00000", "v2"},
		"v1/":            {"v1/a", "v1/aa/00000", "v1/aa/00001", "v1/aa/init", "v1/ab/00000"},
		"v1/a":           {"v1/a", "v1/aa/00000", "v1/aa/00001", "v1/aa/init", "v1/ab/00000"},
		"v1/aa":          {"v1/aa/00000", "v1/aa/00001", "v1/aa/init"},
		"v1/aa/":         {"v1/aa/00000", "v1/aa/00001", "v1/aa/init"},
		"v1/aa/0":        {"v1/aa/00000", "v1/aa/00001"},
		"v1/aa/00001":    {"v1/aa/00001"},
		"v1/aa/00001/":   nil,
		"v1/aa/00001/no": nil,
		"v1/nothing/":    nil,
		"w":              nil,
	} {
		if diff := cmp.Diff(want, list(t, s, prefix)); diff != "" {
			t.Errorf("List(%q) (-want +got):\n%s", prefix, diff)
		}
	}
	for _, prefix := range []string{"/", "../", "v1//", "./"} {
		if err := listError(t.Context(), s, prefix); !errors.Is(err, blob.ErrBadKey) {
			t.Errorf("List(%q) = %v, want ErrBadKey", prefix, err)
		}
	}
}

func listStops(t *testing.T, s blob.Store) {
	for i := range 10 {
		put(t, s, fmt.Sprintf("k/%d/x", i), "x")
	}
	var seen []string
	for got, err := range s.List(t.Context(), "k/") {
		if err != nil {
			t.Fatal(err)
		}
		if seen = append(seen, got.Key); len(seen) == 3 {
			break
		}
	}
	if diff := cmp.Diff([]string{"k/0/x", "k/1/x", "k/2/x"}, seen); diff != "" {
		t.Errorf("List that was left early (-want +got):\n%s", diff)
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range s.List(ctx, "k/") {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("List after cancel = %v, want context.Canceled", err)
			}
			return
		}
		if n++; n == 3 {
			cancel()
		}
		if n > 4 {
			t.Fatal("List goes on after cancel")
		}
	}
	t.Error("List ends without an error after cancel")
}

func deletes(t *testing.T, s blob.Store) {
	put(t, s, "a/b/k", "one")
	put(t, s, "a/b/l", "two")
	for range 2 {
		if err := s.Delete(t.Context(), "a/b/k"); err != nil {
			t.Fatalf("Delete: %v", err)
		}
		if _, err := s.Stat(t.Context(), "a/b/k"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Stat after Delete = %v, want ErrNotFound", err)
		}
	}
	for _, key := range []string{"nothing", "a", "a/b", "a/b/l/nothing"} {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("Delete(%q) of an absent blob = %v, want nil", key, err)
		}
	}
	if diff := cmp.Diff([]string{"a/b/l"}, list(t, s, "")); diff != "" {
		t.Errorf("keys left (-want +got):\n%s", diff)
	}
	put(t, s, "a/b/k", "again")
	want(t, s, "a/b/k", "again")
}

func deletesBesideWriters(t *testing.T, s blob.Store) {
	// Neighbours in one deep folder come and go: an engine that tidies up empty folders must not fail the others' Put.
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			key := fmt.Sprintf("deep/er/folder/%d", w)
			for range 50 {
				if errs[w] = errors.Join(s.Put(t.Context(), key, []byte("x")), s.Delete(t.Context(), key)); errs[w] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func openOutlivesDelete(t *testing.T, s blob.Store) {
	put(t, s, "a/k", "still here")
	o, err := s.Open(t.Context(), "a/k")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Body.Close()
	if err := s.Delete(t.Context(), "a/k"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(o.Body); err != nil || string(got) != "still here" {
		t.Errorf("read of a deleted open blob = %q, %v", got, err)
	}
}

func badKeys(t *testing.T, s blob.Store) {
	for _, key := range []string{
		"", ".", "..", "/", "/etc/passwd", "../x", "a/../b", "a/..", "a//b", "a/", "./a", "a/./b",
		"a\x00b", "a\nb", `a\b`, `..\x`, "a\xffb", strings.Repeat("k/", 600) + "k",
	} {
		if err := s.Put(t.Context(), key, []byte("x")); !errors.Is(err, blob.ErrBadKey) {
			t.Errorf("Put(%q) = %v, want ErrBadKey", key, err)
		}
		if o, err := s.Open(t.Context(), key); !errors.Is(err, blob.ErrBadKey) {
			t.Errorf("Open(%q) = %v, %v, want ErrBadKey", key, o, err)
		}
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrBadKey) {
			t.Errorf("Stat(%q) = %v, want ErrBadKey", key, err)
		}
		if err := s.Delete(t.Context(), key); !errors.Is(err, blob.ErrBadKey) {
			t.Errorf("Delete(%q) = %v, want ErrBadKey", key, err)
		}
	}
}

func cancelled(t *testing.T, s blob.Store) {
	put(t, s, "k", "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, openErr := s.Open(ctx, "k")
	_, statErr := s.Stat(ctx, "k")
	for call, err := range map[string]error{
		"Put":    s.Put(ctx, "new", []byte("x")),
		"Open":   openErr,
		"Stat":   statErr,
		"Delete": s.Delete(ctx, "k"),
		"List":   listError(ctx, s, ""),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a cancelled context = %v, want context.Canceled", call, err)
		}
	}
	if diff := cmp.Diff([]string{"k"}, list(t, s, "")); diff != "" {
		t.Errorf("keys after cancelled calls (-want +got):\n%s", diff)
	}
}

func put(t *testing.T, s blob.Store, key, data string) {
	t.Helper()
	if err := s.Put(t.Context(), key, []byte(data)); err != nil {
		t.Fatalf("Put(%q): %v", key, err)
	}
}

func want(t *testing.T, s blob.Store, key, data string) {
	t.Helper()
	got, err := blob.ReadAll(t.Context(), s, key)
	if err != nil {
		t.Fatalf("read %q: %v", key, err)
	}
	if string(got) != data {
		t.Errorf("%q holds %.40q (%d bytes), want %.40q (%d bytes)", key, got, len(got), data, len(data))
	}
}

func list(t *testing.T, s blob.Store, prefix string) []string {
	t.Helper()
	var keys []string
	for got, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("List(%q): %v", prefix, err)
		}
		keys = append(keys, got.Key)
	}
	return keys
}

func listError(ctx context.Context, s blob.Store, prefix string) error {
	for _, err := range s.List(ctx, prefix) {
		if err != nil {
			return err
		}
	}
	return nil
}
