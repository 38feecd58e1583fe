package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/blob/migrate"
	"movify/pkg/storage"
)

var (
	errKilled = errors.New("killed")
	errAway   = errors.New("the store is away")
)

// process fails like a process that is killed after so many steps. Some failing steps still take effect and only lose
// their answer; in others the store is away once.
type process struct {
	mu     sync.Mutex
	random *rand.Rand
	left   int // steps; -1 = no end
	faults bool
	kill   context.CancelFunc
}

// step gives the error of a failing step, and whether it takes effect nevertheless.
func (p *process) step() (takesEffect bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.left == 0:
		return false, errKilled
	case p.left == 1:
		p.left = 0
		p.kill()
		return p.random.IntN(2) == 0, errKilled
	case p.left > 1:
		p.left--
	}
	if p.faults && p.random.IntN(10) == 0 {
		return p.random.IntN(2) == 0, errAway
	}
	return true, nil
}

// killable is a store as it is seen by a process that may be killed.
type killable struct {
	blob.Store
	process *process
}

func (k killable) do(op func() error) error {
	takesEffect, err := k.process.step()
	if !takesEffect {
		return err
	}
	return errors.Join(op(), err)
}

func (k killable) Put(ctx context.Context, key string, data []byte) error {
	return k.do(func() error { return k.Store.Put(ctx, key, data) })
}

func (k killable) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return k.do(func() error { return k.Store.PutFrom(ctx, key, src, size) })
}

func (k killable) Delete(ctx context.Context, key string) error {
	return k.do(func() error { return k.Store.Delete(ctx, key) })
}

func (k killable) Open(ctx context.Context, key string) (o blob.Object, err error) {
	err = k.do(func() error { o, err = k.Store.Open(ctx, key); return err })
	return o, err
}

func (k killable) Stat(ctx context.Context, key string) (i blob.Info, err error) {
	err = k.do(func() error { i, err = k.Store.Stat(ctx, key); return err })
	return i, err
}

// List is away as often as one request is; it may be the last thing the process does at any entry.
func (k killable) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		first := true
		for info, err := range k.Store.List(ctx, prefix) {
			if _, broken := k.process.step(); broken != nil && (first || errors.Is(broken, errKilled)) {
				yield(blob.Info{}, broken)
				return
			}
			first = false
			if !yield(info, err) {
				return
			}
		}
	}
}

// killableStore is the database as such a process sees it.
type killableStore struct {
	*memoryStore
	process *process
}

func (k killableStore) Save(ctx context.Context, t storage.Task, p *storage.Layout) error {
	takesEffect, err := k.process.step()
	if !takesEffect {
		return err
	}
	return errors.Join(k.memoryStore.Save(ctx, t, p), err)
}

// scenario holds the stores, which outlive the processes, and the blobs that must be readable.
type scenario struct {
	t       *testing.T
	random  *rand.Rand // of the test's own goroutine
	stores  map[storage.Backend]blob.Store
	records *memoryStore

	mu      sync.Mutex
	current *fakeBackends     // of the running process
	want    map[string]string // key → bytes
	next    int
	// leftovers are keys that the bucket had before the move.
	leftovers map[string]bool
}

func newScenario(t *testing.T, seed uint64) *scenario {
	w := &scenario{
		t: t, random: rand.New(rand.NewPCG(seed, 4)), records: newMemoryStore(), want: map[string]string{},
		leftovers: map[string]bool{"x/foreign": true},
		stores:    map[storage.Backend]blob.Store{storage.Disk: blobtest.NewMemory(), storage.S3: blobtest.NewMemory()},
	}
	for range 5 + w.random.IntN(20) {
		key, data := w.newBlob(w.random)
		put(t, w.stores[storage.Disk], key, data)
		w.want[key] = data
		if w.random.IntN(4) == 0 { // the bucket was in use before
			put(t, w.stores[storage.S3], key, text(w.random))
			w.leftovers[key] = true
		}
	}
	put(t, w.stores[storage.S3], "x/foreign", "theirs")
	w.want["x/foreign"] = "theirs"
	w.start(&process{left: -1})
	return w
}

// newBlob gives a key that was never used and bytes for it.
func (w *scenario) newBlob(random *rand.Rand) (key, data string) {
	w.next++
	return fmt.Sprintf("v1/%03d/%d", random.IntN(1000), w.next), text(random)
}

func text(random *rand.Rand) string {
	return strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(40)) + fmt.Sprint(random.Uint64())
}

// start starts a process: it restores the recorded layout.
func (w *scenario) start(p *process) *storage.Service {
	w.t.Helper()
	f := &fakeBackends{
		stores: w.stores, switchable: migrate.NewSwitchable(nil),
		uncached: func(s blob.Store) blob.Store { return killable{s, p} },
	}
	layout, err := w.records.Layout(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := f.Switch(w.t.Context(), layout); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.current = f
	w.mu.Unlock()
	return storage.New(storage.Options{
		Store: killableStore{w.records, p}, Backends: f, RetiredLife: 50 * time.Millisecond, Poll: 10 * time.Millisecond,
		Backoff: time.Millisecond,
	})
}

// use reads, writes and deletes blobs as the product does, until ctx ends. No call may fail.
func (w *scenario) use(ctx context.Context, random *rand.Rand) {
	gone := map[string]bool{}
	for ctx.Err() == nil {
		w.mu.Lock()
		front := w.current.switchable
		switch random.IntN(6) {
		case 0:
			key, data := w.newBlob(random)
			if err := front.Put(w.t.Context(), key, []byte(data)); err != nil {
				w.t.Errorf("put %q: %v", key, err)
			}
			w.want[key] = data
		case 1:
			for key := range w.want {
				if !w.leftovers[key] { // the move keeps what the bucket had before
					delete(w.want, key)
					gone[key] = true
					if err := front.Delete(w.t.Context(), key); err != nil {
						w.t.Errorf("delete %q: %v", key, err)
					}
				}
				break
			}
		default:
			for key, data := range w.want {
				if key == "x/foreign" {
					break // only in the bucket
				}
				w.read(front, key, data)
				break
			}
			for key := range gone {
				if _, err := front.Open(w.t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
					w.t.Errorf("%q came back: %v", key, err)
				}
				break
			}
		}
		w.mu.Unlock()
		time.Sleep(time.Duration(random.IntN(4000)) * time.Microsecond)
	}
}

func (w *scenario) read(front blob.Store, key, data string) {
	got, err := blob.ReadAll(w.t.Context(), front, key)
	if err != nil || string(got) != data {
		w.t.Errorf("read %q: %q, %v; want %q", key, got, err, data)
	}
	half := int64(len(data) / 2)
	o, err := front.OpenRange(w.t.Context(), key, half, int64(len(data))-half)
	if err != nil {
		w.t.Errorf("range of %q: %v", key, err)
		return
	}
	if part, err := io.ReadAll(o.Body); err != nil || string(part) != data[half:] {
		w.t.Errorf("range of %q: %q, %v", key, part, err)
	}
	if err := front.Put(w.t.Context(), key, []byte("other")); !errors.Is(err, blob.ErrExists) {
		w.t.Errorf("put of %q again: %v", key, err)
	}
}

// runToEnd runs processes one after the other, each killed at some step, until the task has ended.
func (w *scenario) runToEnd(kills int) storage.Task {
	w.t.Helper()
	for n := 0; ; n++ {
		ctx, kill := context.WithCancel(w.t.Context())
		p := &process{random: rand.New(rand.NewPCG(w.random.Uint64(), 0)), left: -1, faults: true, kill: kill}
		if n < kills {
			p.left = 1 + w.random.IntN(150)
		}
		err := w.start(p).RunPending(ctx)
		kill()
		task, lastErr := w.records.Last(w.t.Context())
		if lastErr != nil {
			w.t.Fatal(lastErr)
		}
		if task.State.Ended() {
			return task
		}
		if err == nil {
			w.t.Fatalf("RunPending gave no error, yet the task is %+v", task)
		}
	}
}

func (w *scenario) requestMove(to storage.Backend) {
	w.t.Helper()
	if _, err := w.start(&process{left: -1}).RequestMove(w.t.Context(), to); err != nil {
		w.t.Fatal(err)
	}
}

// mustHold checks that a store has exactly these blobs.
func (w *scenario) mustHold(h storage.Backend, want map[string]string) {
	w.t.Helper()
	got := map[string]string{}
	for info, err := range w.stores[h].List(w.t.Context(), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		data, err := blob.ReadAll(w.t.Context(), w.stores[h], info.Key)
		if err != nil {
			w.t.Fatal(err)
		}
		got[info.Key] = string(data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", h, diff)
	}
}

func put(t *testing.T, s blob.Store, key, data string) {
	t.Helper()
	if err := s.Put(t.Context(), key, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

// inUse runs a test while the blobs are used, in time of its own.
func inUse(t *testing.T, seed uint64, test func(w *scenario)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newScenario(t, seed)
		ctx, stop := context.WithCancel(t.Context())
		var users sync.WaitGroup
		users.Go(func() { w.use(ctx, rand.New(rand.NewPCG(seed, 5))) })
		test(w)
		stop()
		users.Wait()
	})
}

// Disk → S3 → disk is identity, at whatever steps and however often the process is killed, and reads and writes never
// fail.
func TestMoveThereAndBack(t *testing.T) {
	t.Parallel()
	for seed := range uint64(250) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			inUse(t, seed, func(w *scenario) {
				for _, to := range []storage.Backend{storage.S3, storage.Disk} {
					w.requestMove(to)
					task := w.runToEnd(int(seed % 11))
					if task.State != storage.Done || task.Error != "" {
						w.t.Errorf("to %s: %+v", to, task)
					}
					w.mu.Lock()
					from := storage.S3
					if to == storage.S3 {
						from = storage.Disk
					}
					w.mustHold(to, w.want)
					w.mustHold(from, map[string]string{})
					w.mu.Unlock()
				}
			})
		})
	}
}

// A cancelled move leaves everything where it was, with the blobs that were written meanwhile.
func TestCancelledMove(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			inUse(t, seed, func(w *scenario) {
				w.requestMove(storage.S3)
				var operator sync.WaitGroup
				operator.Go(func() {
					time.Sleep(time.Duration(seed) * 3 * time.Millisecond)
					err := storage.New(storage.Options{Store: w.records}).Cancel(w.t.Context())
					if err != nil && !errors.Is(err, storage.ErrNoTask) {
						w.t.Error(err)
					}
				})
				task := w.runToEnd(int(seed % 7))
				operator.Wait()
				w.mu.Lock()
				defer w.mu.Unlock()
				if task.State == storage.Done {
					w.mustHold(storage.S3, w.want)
					return
				}
				if task.State != storage.Cancelled || task.From != storage.Disk {
					w.t.Errorf("%+v", task)
				}
				for key, data := range w.want {
					got, err := blob.ReadAll(w.t.Context(), w.stores[storage.Disk], key)
					if key != "x/foreign" && (err != nil || string(got) != data) {
						w.t.Errorf("%q on the disk: %q, %v", key, got, err)
					}
				}
				for info, err := range w.stores[storage.S3].List(w.t.Context(), "") {
					if err != nil || !w.leftovers[info.Key] {
						w.t.Errorf("left in the bucket: %q, %v", info.Key, err)
					}
				}
				if p, _ := w.records.Layout(w.t.Context()); p != (storage.Layout{Backend: storage.Disk}) {
					w.t.Errorf("layout %+v", p)
				}
			})
		})
	}
}
