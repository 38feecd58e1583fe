package migrate_test

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
	"movify/pkg/blob/migrate"
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
	for name, stores := range map[string][2]func(*testing.T) blob.Store{
		"to disk": {onDisk, inMemory}, "from disk": {inMemory, onDisk},
	} {
		for prefer, mode := range map[migrate.Preference]string{migrate.PreferOld: "moving", migrate.PreferNew: "rolling back"} {
			t.Run(name+" "+mode, func(t *testing.T) {
				t.Parallel()
				blobtest.Run(t, func(t *testing.T) blob.Store {
					return migrate.New(migrate.Options{New: stores[0](t), Old: stores[1](t), Prefer: prefer})
				})
			})
		}
	}
}

// The suite's blobs are written to the old store at once, as if they had been there before the move, and a mover copies
// them again and again while the suite runs.
func TestPairIsAStoreWhileAMoverRuns(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store {
		o, n := blobtest.NewMemory(), onDisk(t)
		s := migrate.New(migrate.Options{New: n, Old: o})
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
					_, _ = s.Copy(ctx, info.Key) // a failed copy is tried again
				}
			}
		})
		t.Cleanup(func() { stop(); wg.Wait() })
		return writesToOld{s, o, time.Now(), written}
	})
}

// writesToOld writes to the old store of a pair: the suite's blobs are then older than the move. A copy has another
// time than its blob, which the suite must not see.
type writesToOld struct {
	*migrate.Store
	old blob.Store
	at  time.Time
	// written wakes the mover.
	written chan struct{}
}

func (s writesToOld) Open(ctx context.Context, key string) (blob.Object, error) {
	o, err := s.Store.Open(ctx, key)
	o.ModTime = s.at
	return o, err
}

func (s writesToOld) Stat(ctx context.Context, key string) (blob.Info, error) {
	info, err := s.Store.Stat(ctx, key)
	info.ModTime = s.at
	return info, err
}

func (s writesToOld) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for info, err := range s.Store.List(ctx, prefix) {
			info.ModTime = s.at
			if !yield(info, err) {
				return
			}
		}
	}
}

func (s writesToOld) Put(ctx context.Context, key string, data []byte) error {
	return s.old.Put(ctx, key, data)
}

func (s writesToOld) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return s.old.PutFrom(ctx, key, src, size)
}

func TestSwitchableIsAStore(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store { return migrate.NewSwitchable(onDisk(t)) })
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
	for name, stores := range map[string][2]func(*testing.T) blob.Store{
		"to disk": {onDisk, inMemory}, "from disk": {inMemory, onDisk},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, o := stores[0](t), stores[1](t)
			s := migrate.New(migrate.Options{New: n, Old: o})
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

// A bucket that was in use before may hold other bytes under a key. They must be neither read nor kept.
func TestLeftoversInTheNewStore(t *testing.T) {
	t.Parallel()
	for _, leftover := range []string{"other", "another length"} {
		n, o := blobtest.NewMemory(), blobtest.NewMemory()
		put(t, o, "k", "right")
		put(t, n, "k", leftover)
		s := migrate.New(migrate.Options{New: n, Old: o})
		want(t, s, "k", "right")
		if _, err := s.Copy(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		want(t, n, "k", "right")

		back := migrate.New(migrate.Options{New: o, Old: n, Prefer: migrate.PreferNew})
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

// faultyStore fails, or stores zeros.
type faultyStore struct {
	blob.Store
	err   error
	short bool
}

func (b faultyStore) Open(ctx context.Context, key string) (blob.Object, error) {
	if b.err != nil {
		return blob.Object{}, b.err
	}
	return b.Store.Open(ctx, key)
}

func (b faultyStore) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	if b.short {
		return b.Store.PutFrom(ctx, key, bytes.NewReader(make([]byte, size)), size)
	}
	return b.Store.PutFrom(ctx, key, src, size)
}

func TestACopyThatWentWrongIsNotLeft(t *testing.T) {
	t.Parallel()
	n, o := blobtest.NewMemory(), blobtest.NewMemory()
	put(t, o, "k", "right")
	s := migrate.New(migrate.Options{New: n, Old: o, NewUncached: faultyStore{Store: n, short: true}})
	if _, err := s.Copy(t.Context(), "k"); !errors.Is(err, migrate.ErrDamaged) {
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
	left := migrate.New(migrate.Options{New: n, Old: faultyStore{Store: o, err: away}})
	want(t, left, "new", "2")
	right := migrate.New(migrate.Options{New: faultyStore{Store: n, err: away}, Old: o, Prefer: migrate.PreferNew})
	want(t, right, "old", "1")
	// Not found would be wrong: the failing store may have the blob.
	for _, s := range []*migrate.Store{left, right} {
		if _, err := s.Open(t.Context(), "nowhere"); !errors.Is(err, away) {
			t.Errorf("Open of a blob that the failing store may have: %v", err)
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
	s := migrate.New(migrate.Options{New: n, Old: o})
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

// slow is a store whose Put waits until proceed is closed.
type slow struct {
	blob.Store
	began, proceed chan struct{}
}

func (s slow) Put(ctx context.Context, key string, data []byte) error {
	close(s.began)
	<-s.proceed
	return s.Store.Put(ctx, key, data)
}

func TestReplaceWaitsForRunningWrites(t *testing.T) {
	t.Parallel()
	o, n := blobtest.NewMemory(), blobtest.NewMemory()
	s := slow{o, make(chan struct{}), make(chan struct{})}
	switchable := migrate.NewSwitchable(s)
	written := make(chan error, 1)
	go func() { written <- switchable.Put(context.Background(), "k", []byte("x")) }()
	<-s.began

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := switchable.Replace(ctx, n); !errors.Is(err, context.Canceled) {
		t.Fatalf("Replace while a writer is at work: %v", err)
	}
	put(t, switchable, "later", "y") // goes to the new store without waiting
	want(t, n, "later", "y")
	set := make(chan error, 1)
	back := migrate.NewSwitchable(switchable)
	go func() { set <- back.Replace(context.Background(), n) }()
	if err := <-set; err != nil { // without a running write Replace returns at once
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
	s := migrate.New(migrate.Options{New: n, Old: o, NewUncached: g})
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
