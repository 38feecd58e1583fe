package s3_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/s3/s3test"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	s, proxy := behind(t, s3test.Start(t), nil)
	if err := s.Put(t.Context(), "first", nil); err != nil {
		t.Fatal(err)
	}
	want := map[s3test.Kind]int{s3test.Put: 3, s3test.Delete: 1}
	if diff := cmp.Diff(want, proxy.Counts()); diff != "" {
		t.Errorf("the first put, which asks how conditions are treated (-want +got):\n%s", diff)
	}
	large := bytesOf(1, 11<<20)
	for _, c := range []struct {
		name string
		do   func() error
		want map[s3test.Kind]int
	}{
		{"put", func() error { return s.Put(t.Context(), "a/k", large[:1<<20]) }, map[s3test.Kind]int{s3test.Put: 1}},
		{"put again", func() error { return refused(s.Put(t.Context(), "a/k", nil)) }, map[s3test.Kind]int{s3test.Put: 1}},
		{"put of a part's size", func() error { return s.PutFrom(t.Context(), "a/p", bytes.NewReader(large), 5<<20) }, map[s3test.Kind]int{s3test.Put: 1}},
		{"put in three parts", func() error { return s.PutFrom(t.Context(), "a/l", bytes.NewReader(large), 11<<20) }, map[s3test.Kind]int{s3test.Head: 1, s3test.Get: 1, s3test.Multipart: 5}},
		{"put in parts again", func() error { return refused(s.PutFrom(t.Context(), "a/l", bytes.NewReader(large), 11<<20)) }, map[s3test.Kind]int{s3test.Head: 1}},
		{"range", func() error { return drain(s.OpenRange(t.Context(), "a/l", 1<<20, 1<<20)) }, map[s3test.Kind]int{s3test.Get: 1}},
		{"open", func() error { return drain(s.Open(t.Context(), "a/k")) }, map[s3test.Kind]int{s3test.Get: 1}},
		{"open, as a server does", func() error {
			o, err := s.Open(t.Context(), "a/k")
			if err != nil {
				return err
			}
			_, end := o.Body.Seek(0, io.SeekEnd)
			_, start := o.Body.Seek(0, io.SeekStart)
			return errors.Join(end, start, drain(o, nil))
		}, map[s3test.Kind]int{s3test.Get: 1}},
		{"stat", func() error { _, err := s.Stat(t.Context(), "a/k"); return err }, map[s3test.Kind]int{s3test.Head: 1}},
		{"delete", func() error { return s.Delete(t.Context(), "a/k") }, map[s3test.Kind]int{s3test.Delete: 1}},
		{"list", func() error {
			for _, err := range s.List(t.Context(), "") {
				return err
			}
			return nil
		}, map[s3test.Kind]int{s3test.List: 1}},
		{"link", func() error { _, err := s.Link(t.Context(), "a/l", 1e9); return err }, map[s3test.Kind]int{}},
	} {
		proxy.Reset()
		if err := c.do(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, proxy.Counts()); diff != "" {
			t.Errorf("requests of a %s (-want +got):\n%s", c.name, diff)
		}
	}
}

// refused turns ErrExists into success and everything else into an error.
func refused(err error) error {
	if errors.Is(err, blob.ErrExists) {
		return nil
	}
	return errors.Join(errors.New("not refused"), err)
}

func drain(o blob.Object, err error) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, o.Body)
	return errors.Join(err, o.Body.Close())
}

// zeros is a source without end.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}

// It is not parallel: it looks at the memory of the process.
func TestMemoryStaysFlat(t *testing.T) {
	server := s3test.Start(t)
	o := options(t, server)
	o.PartSize = 16 << 20
	s := open(t, o)
	const size = 256 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := s.PutFrom(t.Context(), "k", zeros{}, size); err != nil {
		t.Fatal(err)
	}
	if err := drain(s.Open(t.Context(), "k")); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > size/16 {
		t.Errorf("writing and reading %d MiB allocated %d MiB", size>>20, grown>>20)
	}
}
