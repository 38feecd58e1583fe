package twin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/blob/disk"
	"movify/pkg/blob/twin"
)

func onDisk(t *testing.T) blob.Store {
	t.Helper()
	s, err := disk.Open(disk.Options{Dir: filepath.Join(t.TempDir(), "blobs"), Sync: disk.SyncNone})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func inMemory(*testing.T) blob.Store { return blobtest.NewMemory() }

func TestPairIsAStore(t *testing.T) {
	t.Parallel()
	for name, homes := range map[string][2]func(*testing.T) blob.Store{
		"to disk": {onDisk, inMemory}, "from disk": {inMemory, onDisk},
	} {
		for prefer, words := range map[twin.Preference]string{twin.PreferOld: "moving", twin.PreferNew: "turning back"} {
			t.Run(name+" "+words, func(t *testing.T) {
				t.Parallel()
				blobtest.Run(t, func(t *testing.T) blob.Store {
					return twin.New(twin.Options{New: homes[0](t), Old: homes[1](t), Prefer: prefer})
				})
			})
		}
	}
}

// Whatever is written by the suite stands in the old store at once, as if it had always been there, and a mover copies it
// again and again while the suite goes on.
func TestPairIsAStoreWhileAMoverRuns(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store {
		o, n := blobtest.NewMemory(), onDisk(t)
		s := twin.New(twin.Options{New: n, Old: o})
		written := make(chan struct{}, 1)
		ctx, stop := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() {
			for {
				select {
				case <-written:
				case <-ctx.Done():
					return
				}
				for info, err := range o.List(ctx, "") {
					if err != nil {
						break
					}
					_, _ = s.Copy(ctx, info.Key) // what fails now is tried again
				}
			}
		})
		t.Cleanup(func() { stop(); wg.Wait() })
		return settled{s, o, time.Now(), written}
	})
}

// settled writes to the old store of a pair: the suite's blobs are then such that were there before the move. A copy has
// another time than its blob, which the suite must not see.
type settled struct {
	*twin.Store
	old blob.Store
	at  time.Time
	// written wakes the mover.
	written chan struct{}
}

func (s settled) Open(ctx context.Context, key string) (blob.Object, error) {
	o, err := s.Store.Open(ctx, key)
	o.ModTime = s.at
	return o, err
}

func (s settled) Stat(ctx context.Context, key string) (blob.Info, error) {
	info, err := s.Store.Stat(ctx, key)
	info.ModTime = s.at
	return info, err
}

func (s settled) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for info, err := range s.Store.List(ctx, prefix) {
			info.ModTime = s.at
			if !yield(info, err) {
				return
			}
		}
	}
}

func (s settled) Put(ctx context.Context, key string, data []byte) error {
	return s.old.Put(ctx, key, data)
}

func (s settled) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.old.PutFrom(ctx, key, src, size)
}

func TestFrontIsAStore(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store { return twin.NewFront(onDisk(t)) })
}

func put(t *testing.T, s blob.Store, key, data string) {
	t.Helper()
	if err := s.Put(t.Context(), key, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, s blob.Store, key, data string) {
	t.Helper()
	got, err := blob.ReadAll(t.Context(), s, key)
	if err != nil || string(got) != data {
		t.Errorf("%q holds %q, %v; want %q", key, got, err, data)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("0123456789abcdef", 1<<16)
	for name, homes := range map[string][2]func(*testing.T) blob.Store{
		"to disk": {onDisk, inMemory}, "from disk": {inMemory, onDisk},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, o := homes[0](t), homes[1](t)
			s := twin.New(twin.Options{New: n, Old: o})
			for key, data := range map[string]string{"a/large": large, "empty": ""} {
				put(t, o, key, data)
				for range 2 {
					size, err := s.Copy(t.Context(), key)
					if err != nil || size != int64(len(data)) {
						t.Fatalf("Copy(%q) = %d, %v", key, size, err)
					}
					want(t, n, key, data)
				}
			}
			if _, err := s.Copy(t.Context(), "nothing"); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("Copy of nothing: %v", err)
			}
		})
	}
}

// A bucket that was a home before may hold something else under a key. It must be neither read nor kept.
func TestLeftoversInTheNewStore(t *testing.T) {
	t.Parallel()
	for _, leftover := range []string{"other", "another length"} {
		n, o := blobtest.NewMemory(), blobtest.NewMemory()
		put(t, o, "k", "right")
		put(t, n, "k", leftover)
		s := twin.New(twin.Options{New: n, Old: o})
		want(t, s, "k", "right")
		if _, err := s.Copy(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		want(t, n, "k", "right")

		back := twin.New(twin.Options{New: o, Old: n, Prefer: twin.PreferNew})
		if err := errors.Join(n.Delete(t.Context(), "k"), n.Put(t.Context(), "k", []byte(leftover))); err != nil {
			t.Fatal(err)
		}
		want(t, back, "k", "right")
		if _, err := back.Copy(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		want(t, o, "k", "right")
	}
}

// broken fails, or loses bytes, as told.
type broken struct {
	blob.Store
	err   error
	short bool
}

func (b broken) Open(ctx context.Context, key string) (blob.Object, error) {
	if b.err != nil {
		return blob.Object{}, b.err
	}
	return b.Store.Open(ctx, key)
}

func (b broken) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	if b.short {
		return b.Store.PutFrom(ctx, key, bytes.NewReader(make([]byte, size)), size)
	}
	return b.Store.PutFrom(ctx, key, src, size)
}

func TestACopyThatWentWrongIsNotLeft(t *testing.T) {
	t.Parallel()
	n, o := blobtest.NewMemory(), blobtest.NewMemory()
	put(t, o, "k", "right")
	s := twin.New(twin.Options{New: n, Old: o, NewBare: broken{Store: n, short: true}})
	if _, err := s.Copy(t.Context(), "k"); !errors.Is(err, twin.ErrDamaged) {
		t.Errorf("Copy by a store that writes zeros: %v", err)
	}
	if _, err := n.Stat(t.Context(), "k"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("the damaged copy: %v", err)
	}
	want(t, s, "k", "right")
}

func TestOneStoreInTroubleDoesNotHideTheOther(t *testing.T) {
	t.Parallel()
	n, o := blobtest.NewMemory(), blobtest.NewMemory()
	away := errors.New("away")
	put(t, o, "old", "1")
	put(t, n, "new", "2")
	left := twin.New(twin.Options{New: n, Old: broken{Store: o, err: away}})
	want(t, left, "new", "2")
	right := twin.New(twin.Options{New: broken{Store: n, err: away}, Old: o, Prefer: twin.PreferNew})
	want(t, right, "old", "1")
	// Not found would be a lie: the store that is away may have it.
	for _, s := range []*twin.Store{left, right} {
		if _, err := s.Open(t.Context(), "nowhere"); !errors.Is(err, away) {
			t.Errorf("Open of what only the store that is away may have: %v", err)
		}
	}
}

func TestListIsMerged(t *testing.T) {
	t.Parallel()
	n, o := blobtest.NewMemory(), blobtest.NewMemory()
	for i := range 30 {
		if i%2 == 0 {
			put(t, o, fmt.Sprintf("k/%02d", i), "old")
		}
		if i%3 == 0 {
			put(t, n, fmt.Sprintf("k/%02d", i), "newer")
		}
	}
	s := twin.New(twin.Options{New: n, Old: o})
	s.Verified("k/11")
	var got, expected []string
	for info, err := range s.List(t.Context(), "k/") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %d", info.Key, info.Size))
	}
	for i := range 30 {
		switch {
		case i%3 == 0 && (i%2 != 0 || i <= 11):
			expected = append(expected, fmt.Sprintf("k/%02d 5", i))
		case i%2 == 0:
			expected = append(expected, fmt.Sprintf("k/%02d 3", i))
		}
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// slow is a store whose Put waits to be let go.
type slow struct {
	blob.Store
	began, proceed chan struct{}
}

func (s slow) Put(ctx context.Context, key string, data []byte) error {
	close(s.began)
	<-s.proceed
	return s.Store.Put(ctx, key, data)
}

func TestSetWaitsForWritersUnderWay(t *testing.T) {
	t.Parallel()
	o, n := blobtest.NewMemory(), blobtest.NewMemory()
	s := slow{o, make(chan struct{}), make(chan struct{})}
	front := twin.NewFront(s)
	written := make(chan error, 1)
	go func() { written <- front.Put(context.Background(), "k", []byte("x")) }()
	<-s.began

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := front.Set(ctx, n); !errors.Is(err, context.Canceled) {
		t.Fatalf("Set while a writer is at work: %v", err)
	}
	put(t, front, "later", "y") // goes to the new store and waits for nobody
	want(t, n, "later", "y")
	set := make(chan error, 1)
	back := twin.NewFront(front)
	go func() { set <- back.Set(context.Background(), n) }()
	if err := <-set; err != nil { // a front that nobody writes through changes at once
		t.Error(err)
	}
	close(s.proceed)
	if err := <-written; err != nil {
		t.Error(err)
	}
	want(t, o, "k", "x")
}

func TestDeleteWaitsForACopy(t *testing.T) {
	t.Parallel()
	n, o := blobtest.NewMemory(), blobtest.NewMemory()
	put(t, o, "k", "x")
	g := gate{Store: n, began: make(chan struct{}), proceed: make(chan struct{})}
	s := twin.New(twin.Options{New: n, Old: o, NewBare: g})
	copied, deleted := make(chan error, 1), make(chan error, 1)
	go func() { _, err := s.Copy(context.Background(), "k"); copied <- err }()
	<-g.began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Delete(ctx, "k"); !errors.Is(err, context.Canceled) {
		t.Errorf("Delete beside a copy, cancelled: %v", err)
	}
	go func() { deleted <- s.Delete(context.Background(), "k") }()
	close(g.proceed)
	if err := errors.Join(<-copied, <-deleted); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stat(t.Context(), "k"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("after Delete: %v", err)
	}
}

type gate struct {
	blob.Store
	began, proceed chan struct{}
}

func (g gate) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	close(g.began)
	<-g.proceed
	return g.Store.PutFrom(ctx, key, src, size)
}
