package s3_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/blob/s3"
	"movify/pkg/blob/s3/s3test"
)

// behind gives an engine behind a proxy. It tries a call up to forty times: where 40 % of all requests fail, ten tries in a row
// fail once in ten thousand calls, which the suites make within a few runs. Its timeouts end what hangs and nothing else, for
// the server may be slow on a busy machine.
func behind(t *testing.T, server *s3test.Server, change func(*s3.Options)) (*s3.Store, *s3test.Proxy) {
	t.Helper()
	proxy := server.Proxy(t)
	o := options(t, server)
	o.Endpoint = proxy.Endpoint
	o.Timeouts = s3.Timeouts{Answer: time.Minute, Stall: time.Minute}
	o.Retry = s3.Retry{Attempts: 40, Wait: time.Millisecond, MaxWait: 20 * time.Millisecond}
	if change != nil {
		change(&o)
	}
	return open(t, o), proxy
}

// bytesOf gives the same bytes for the same seed.
func bytesOf(seed uint64, size int) []byte {
	source := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	data := make([]byte, size)
	_, _ = source.Read(data) // never fails
	return data
}

// The suite itself does not notice a storage that fails all the time.
func TestStoreThroughFaults(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	blobtest.Run(t, func(t *testing.T) blob.Store {
		s, proxy := behind(t, server, nil)
		proxy.Inject(s3test.Everything(2, 0.1))
		return s
	})
}

func TestThroughEveryFault(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	s, proxy := behind(t, server, nil)
	proxy.Inject(s3test.Everything(1, 0.1))
	const blobs = 60
	sums := make([][32]byte, blobs)
	name := func(i int) string { return fmt.Sprintf("v1/asset/%05d.m4s", i) }
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := w; i < blobs; i += 4 {
				size := 1 + i*i*300
				if i%20 == 7 {
					size = 12 << 20 // in parts
				}
				data := bytesOf(uint64(i), size)
				sums[i] = sha256.Sum256(data)
				if err := s.PutFrom(t.Context(), name(i), bytes.NewReader(data), int64(size)); err != nil {
					t.Errorf("Put %d: %v", i, err)
				}
				if err := s.Put(t.Context(), name(i), []byte("second")); !errors.Is(err, blob.ErrExists) {
					t.Errorf("Put %d again = %v, want ErrExists", i, err)
				}
				got, err := blob.ReadAll(t.Context(), s, name(i))
				if err != nil || sha256.Sum256(got) != sums[i] {
					t.Errorf("blob %d came back as %d bytes of %d, %v", i, len(got), size, err)
				}
				from, length := int64(size/3), int64(size/2)
				o, err := s.OpenRange(t.Context(), name(i), from, length)
				if err != nil {
					t.Errorf("OpenRange %d: %v", i, err)
					continue
				}
				part, err := io.ReadAll(o.Body)
				if err := errors.Join(err, o.Body.Close()); err != nil || !bytes.Equal(part, data[from:from+length]) {
					t.Errorf("range of blob %d came back as %d bytes, %v", i, len(part), err)
				}
			}
		})
	}
	wg.Wait()
	var keys []string
	for b, err := range s.List(t.Context(), "v1/") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, path.Base(b.Key))
	}
	if len(keys) != blobs || !slices.IsSorted(keys) {
		t.Errorf("List gives %d keys, sorted %v; want %d", len(keys), slices.IsSorted(keys), blobs)
	}
	met := map[s3test.Fault]int{}
	for _, r := range proxy.Requests() {
		met[r.Fault]++
	}
	for _, f := range []s3test.Fault{s3test.Error500, s3test.Error503, s3test.Delayed, s3test.Cut, s3test.CutAfter, s3test.Short} {
		if met[f] == 0 {
			t.Errorf("fault %d never happened: the test shows nothing of it", f)
		}
	}
}

// first injects a fault into the first n requests of a kind, or into all when n is negative; not into those that probe
// for conditional writes.
func first(n int, kind s3test.Kind, f s3test.Fault) func(s3test.Request) s3test.Fault {
	return func(r s3test.Request) s3test.Fault {
		if r.Kind != kind || n == 0 || strings.Contains(r.Key, ".movify") {
			return s3test.None
		}
		n--
		return f
	}
}

func TestAPutWithoutAnswer(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	large := bytesOf(1, 6<<20)
	for name, c := range map[string]struct {
		kind s3test.Kind
		data []byte
	}{"whole": {s3test.Put, []byte("small")}, "in parts": {s3test.Multipart, large}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, proxy := behind(t, server, nil)
			seen := 0
			proxy.Inject(func(r s3test.Request) s3test.Fault {
				if r.Kind != c.kind || strings.Contains(r.Key, ".movify") {
					return s3test.None
				}
				// One whole put; or begin, two parts and the end, which is the fourth.
				if seen++; seen == 1 && c.kind == s3test.Put || seen == 4 && c.kind == s3test.Multipart {
					return s3test.CutAfter
				}
				return s3test.None
			})
			if err := s.PutFrom(t.Context(), "k", bytes.NewReader(c.data), int64(len(c.data))); err != nil {
				t.Errorf("a put whose first try had its effect = %v, want success", err)
			}
			got, err := blob.ReadAll(t.Context(), s, "k")
			if err != nil || !bytes.Equal(got, c.data) {
				t.Errorf("it holds %d bytes, %v", len(got), err)
			}
		})
	}
}

func TestNothingHalfWritten(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	proxy := server.Proxy(t)
	o := options(t, server)
	o.Endpoint = proxy.Endpoint
	o.Retry = s3.Retry{Attempts: 2, Wait: time.Millisecond}
	s := open(t, o)
	proxy.Inject(func(r s3test.Request) s3test.Fault {
		if r.Kind == s3test.Put && !strings.Contains(r.Key, ".movify") {
			return s3test.Cut
		}
		return s3test.None
	})
	if err := s.Put(t.Context(), "k", bytesOf(1, 1<<20)); !errors.Is(err, s3.ErrUnreachable) {
		t.Errorf("a put that is always cut = %v, want ErrUnreachable", err)
	}
	parts := 0
	proxy.Inject(func(r s3test.Request) s3test.Fault {
		if r.Kind != s3test.Multipart {
			return s3test.None
		}
		if parts++; parts == 3 { // begin, a part, a part

			return s3test.Full
		}
		return s3test.None
	})
	data := bytesOf(1, 11<<20)
	if err := s.PutFrom(t.Context(), "l", bytes.NewReader(data), int64(len(data))); !errors.Is(err, s3.ErrFull) {
		t.Errorf("a put into a full storage = %v, want ErrFull", err)
	}
	for b, err := range s.List(t.Context(), "") {
		t.Errorf("List shows %q, %v", b.Key, err)
	}
	if diff := cmp.Diff([]string(nil), server.Files(t, o.Bucket)); diff != "" {
		t.Errorf("left in the bucket (-want +got):\n%s", diff)
	}
	if left, err := s.Unfinished(t.Context(), time.Now().Add(time.Hour)); err != nil || len(left) != 0 {
		t.Errorf("unfinished uploads: %v, %v", left, err)
	}
}

// TestPartsEndBeforeTheUploadIsAborted has one of two parts fail while the other is on its way. A server that has it
// whole would keep it for ever, if it came after the upload was aborted.
func TestPartsEndBeforeTheUploadIsAborted(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	var bucket string
	s, proxy := behind(t, server, func(o *s3.Options) { bucket = o.Bucket })
	seen := 0
	var atAbort []string
	proxy.Inject(func(r s3test.Request) s3test.Fault {
		if r.Kind != s3test.Multipart {
			return s3test.None
		}
		switch seen++; seen { // begin, the two parts, and the end
		case 2:
			return s3test.Delayed
		case 3:
			return s3test.Full
		case 4:
			atAbort = server.Files(t, bucket)
		}
		return s3test.None
	})
	data := bytesOf(1, 6<<20)
	if err := s.PutFrom(t.Context(), "k", bytes.NewReader(data), int64(len(data))); !errors.Is(err, s3.ErrFull) {
		t.Errorf("a put into a full storage = %v, want ErrFull", err)
	}
	if seen != 4 || len(atAbort) != 1 {
		t.Errorf("after %d requests the upload was aborted with the parts %q, want one after 4", seen, atAbort)
	}
}

func TestAReplacedBlobIsNeverMixed(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	s, proxy := behind(t, server, nil)
	data := bytesOf(1, 4<<20)
	if err := s.Put(t.Context(), "k", data); err != nil {
		t.Fatal(err)
	}
	proxy.Inject(first(1, s3test.Get, s3test.Cut))
	o, err := s.Open(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Body.Close()
	if err := errors.Join(s.Delete(t.Context(), "k"), s.Put(t.Context(), "k", bytesOf(2, 4<<20))); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(o.Body)
	if !errors.Is(err, s3.ErrChanged) || !bytes.HasPrefix(data, got) {
		t.Errorf("read on beyond a replacement = %d bytes, %v; want ErrChanged", len(got), err)
	}
}

func TestWordsForFailures(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	put := func(t *testing.T, s *s3.Store) error { return s.Put(t.Context(), "new", []byte("x")) }
	get := func(t *testing.T, s *s3.Store) error { _, err := blob.ReadAll(t.Context(), s, "k"); return err }
	stat := func(t *testing.T, s *s3.Store) error { _, err := s.Stat(t.Context(), "k"); return err }
	list := func(t *testing.T, s *s3.Store) error {
		for _, err := range s.List(t.Context(), "") {
			return err
		}
		return nil
	}
	all := func(f s3test.Fault) func(s3test.Request) s3test.Fault {
		return func(s3test.Request) s3test.Fault { return f }
	}
	patient := s3.Timeouts{Answer: 300 * time.Millisecond, Stall: 300 * time.Millisecond}
	for name, c := range map[string]struct {
		change func(*s3.Options)
		inject func(s3test.Request) s3test.Fault
		do     func(*testing.T, *s3.Store) error
		want   error
	}{
		"wrong key":          {func(o *s3.Options) { o.AccessKey = "nobody" }, nil, put, s3.ErrKeyUnknown},
		"wrong secret":       {func(o *s3.Options) { o.Secret = "wrong" }, nil, put, s3.ErrSecretWrong},
		"wrong bucket, put":  {func(o *s3.Options) { o.Bucket = "not-there" }, nil, put, s3.ErrBucket},
		"wrong bucket, get":  {func(o *s3.Options) { o.Bucket = "not-there" }, nil, get, s3.ErrBucket},
		"wrong bucket, stat": {func(o *s3.Options) { o.Bucket = "not-there" }, nil, stat, s3.ErrBucket},
		"wrong bucket, list": {func(o *s3.Options) { o.Bucket = "not-there" }, nil, list, s3.ErrBucket},
		"wrong region":       {func(o *s3.Options) { o.Region = "eu-else-1" }, nil, put, s3.ErrRegion},
		"nobody listens":     {func(o *s3.Options) { o.Endpoint = "http://127.0.0.1:1" }, nil, put, s3.ErrUnreachable},
		"not TLS":            {func(o *s3.Options) { o.Endpoint = strings.Replace(o.Endpoint, "http:", "https:", 1) }, nil, put, s3.ErrScheme},
		"clock":              {nil, all(s3test.Skewed), put, s3.ErrClock},
		"read only":          {nil, all(s3test.Denied), put, s3.ErrReadOnly},
		"may not read":       {nil, all(s3test.Denied), get, s3.ErrForbidden},
		"full":               {nil, all(s3test.Full), put, s3.ErrFull},
		"errors of its own":  {nil, all(s3test.Error500), put, s3.ErrFailing},
		"too busy":           {nil, all(s3test.Error503), list, s3.ErrFailing},
		"hangs on put":       {func(o *s3.Options) { o.Timeouts = patient; o.Retry.Attempts = 2 }, first(-1, s3test.Put, s3test.Hangs), put, s3.ErrSlow},
		"hangs on get":       {func(o *s3.Options) { o.Timeouts = patient; o.Retry.Attempts = 2 }, first(-1, s3test.Get, s3test.Hangs), get, s3.ErrSlow},
		"cuts every get":     {func(o *s3.Options) { o.Retry.Attempts = 3 }, first(-1, s3test.Get, s3test.CutAfter), get, s3.ErrUnreachable},
		"drips":              {func(o *s3.Options) { o.Timeouts = patient; o.Retry.Attempts = 2 }, first(-1, s3test.Get, s3test.Drips), get, s3.ErrSlow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, proxy := behind(t, server, c.change)
			proxy.Inject(c.inject)
			err := c.do(t, s)
			if !errors.Is(err, c.want) || errors.Is(err, blob.ErrNotFound) {
				t.Errorf("it is %v, want %v", err, c.want)
			}
		})
	}
}
