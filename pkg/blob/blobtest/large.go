package blobtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
)

func opensRanges(t *testing.T, s blob.Store) {
	put(t, s, "a/k", "0123456789")
	put(t, s, "a/empty", "")
	for _, c := range []struct {
		key            string
		offset, length int64
		want           string
	}{{"a/k", 0, 10, "0123456789"}, {"a/k", 3, 4, "3456"}, {"a/k", 9, 1, "9"}, {"a/k", 10, 0, ""}, {"a/empty", 0, 0, ""}} {
		o, err := s.OpenRange(t.Context(), c.key, c.offset, c.length)
		if err != nil {
			t.Fatalf("OpenRange(%q, %d, %d): %v", c.key, c.offset, c.length, err)
		}
		got, err := io.ReadAll(o.Body)
		if err != nil || string(got) != c.want {
			t.Errorf("range %d+%d of %q = %q, %v; want %q", c.offset, c.length, c.key, got, err, c.want)
		}
		if o.Key != c.key || o.Size != c.length {
			t.Errorf("range %d+%d of %q is described as %q, %d bytes", c.offset, c.length, c.key, o.Key, o.Size)
		}
		if at, err := o.Body.Seek(-min(c.length, 2), io.SeekEnd); err != nil || at != max(0, c.length-2) {
			t.Errorf("Seek from the end of range %d+%d = %d, %v", c.offset, c.length, at, err)
		}
		if got, err := io.ReadAll(o.Body); err != nil || string(got) != c.want[max(0, len(c.want)-2):] {
			t.Errorf("after Seek in range %d+%d read %q, %v", c.offset, c.length, got, err)
		}
		if o.File != nil {
			there := make([]byte, c.length)
			if _, err := o.File.ReadAt(there, o.Offset); err != nil || string(there) != c.want {
				t.Errorf("File of range %d+%d of %q holds %q, %v at Offset", c.offset, c.length, c.key, there, err)
			}
		}
		if err := o.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, c := range [][2]int64{{0, 11}, {9, 2}, {11, 0}, {-1, 2}, {0, -1}} {
		if _, err := s.OpenRange(t.Context(), "a/k", c[0], c[1]); !errors.Is(err, blob.ErrRange) {
			t.Errorf("OpenRange(%d, %d) of 10 bytes = %v, want ErrRange", c[0], c[1], err)
		}
	}
	if _, err := s.OpenRange(t.Context(), "a/nothing", 0, 1); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("OpenRange of nothing = %v, want ErrNotFound", err)
	}
	if _, err := s.OpenRange(t.Context(), "../k", 0, 1); !errors.Is(err, blob.ErrBadKey) {
		t.Errorf("OpenRange of a bad key = %v, want ErrBadKey", err)
	}
}

func putsFrom(t *testing.T, s blob.Store) {
	data := bytes.Repeat([]byte("0123456789abcdef"), 20<<16) // 20 MiB: several parts where an engine has parts
	if err := s.PutFrom(t.Context(), "a/large", bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	got, err := blob.ReadAll(t.Context(), s, "a/large")
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("a large blob came back as %d bytes, %v", len(got), err)
	}
	if err := s.PutFrom(t.Context(), "a/start", bytes.NewReader(data), 5); err != nil {
		t.Fatal(err)
	}
	want(t, s, "a/start", "01234")
	for _, key := range []string{"a/large", "a/start"} {
		if err := s.PutFrom(t.Context(), key, strings.NewReader("second"), 6); !errors.Is(err, blob.ErrExists) {
			t.Errorf("PutFrom again = %v, want ErrExists", err)
		}
	}
	want(t, s, "a/start", "01234")

	if err := s.PutFrom(t.Context(), "a/short", strings.NewReader("abc"), 4); err == nil {
		t.Error("PutFrom of a reader that is too short gives no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.PutFrom(ctx, "a/late", strings.NewReader("abc"), 3); !errors.Is(err, context.Canceled) {
		t.Errorf("PutFrom after cancel = %v, want context.Canceled", err)
	}
	if diff := cmp.Diff([]string{"a/large", "a/start"}, list(t, s, "")); diff != "" {
		t.Errorf("keys after refused and broken puts (-want +got):\n%s", diff)
	}
}
