package keeper_test

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
	"movify/pkg/blob/twin"
	"movify/pkg/keeper"
)

var (
	errKilled = errors.New("killed")
	errAway   = errors.New("the store is away")
)

// life is one life of a process that is killed after so many steps. In some steps what was asked for still happens, and
// only the answer is lost; in others the store is away for once.
type life struct {
	mu     sync.Mutex
	random *rand.Rand
	left   int // steps; -1 = no end
	faults bool
	kill   context.CancelFunc
}

// step gives the error of a step that does not go well, and whether it happens nevertheless.
func (l *life) step() (happens bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.left == 0:
		return false, errKilled
	case l.left == 1:
		l.left = 0
		l.kill()
		return l.random.IntN(2) == 0, errKilled
	case l.left > 1:
		l.left--
	}
	if l.faults && l.random.IntN(10) == 0 {
		return l.random.IntN(2) == 0, errAway
	}
	return true, nil
}

// mortal is a store as a process sees it that may be killed.
type mortal struct {
	blob.Store
	life *life
}

func (m mortal) do(op func() error) error {
	happens, err := m.life.step()
	if !happens {
		return err
	}
	return errors.Join(op(), err)
}

func (m mortal) Put(ctx context.Context, key string, data []byte) error {
	return m.do(func() error { return m.Store.Put(ctx, key, data) })
}

func (m mortal) PutFrom(ctx context.Context, key string, src io.ReaderAt, size int64) error {
	return m.do(func() error { return m.Store.PutFrom(ctx, key, src, size) })
}

func (m mortal) Delete(ctx context.Context, key string) error {
	return m.do(func() error { return m.Store.Delete(ctx, key) })
}

func (m mortal) Open(ctx context.Context, key string) (o blob.Object, err error) {
	err = m.do(func() error { o, err = m.Store.Open(ctx, key); return err })
	return o, err
}

func (m mortal) Stat(ctx context.Context, key string) (i blob.Info, err error) {
	err = m.do(func() error { i, err = m.Store.Stat(ctx, key); return err })
	return i, err
}

// List is away as often as one request is; it may be the last thing the process does at any entry.
func (m mortal) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		first := true
		for info, err := range m.Store.List(ctx, prefix) {
			if _, broken := m.life.step(); broken != nil && (first || errors.Is(broken, errKilled)) {
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

// mortalRecords is the database as such a process sees it.
type mortalRecords struct {
	*records
	life *life
}

func (m mortalRecords) Save(ctx context.Context, t keeper.Task, p *keeper.Place) error {
	happens, err := m.life.step()
	if !happens {
		return err
	}
	return errors.Join(m.records.Save(ctx, t, p), err)
}

// world is what outlives the processes, and what ought to be readable.
type world struct {
	t       *testing.T
	random  *rand.Rand // of the test's own goroutine
	stores  map[keeper.Home]blob.Store
	records *records

	mu   sync.Mutex
	now  *house            // of the present process
	want map[string]string // key → bytes
	next int
	// leftovers are keys under which the bucket had something before.
	leftovers map[string]bool
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		t: t, random: rand.New(rand.NewPCG(seed, 4)), records: newRecords(), want: map[string]string{},
		leftovers: map[string]bool{"x/foreign": true},
		stores:    map[keeper.Home]blob.Store{keeper.Disk: blobtest.NewMemory(), keeper.S3: blobtest.NewMemory()},
	}
	for range 5 + w.random.IntN(20) {
		key, data := w.invent(w.random)
		put(t, w.stores[keeper.Disk], key, data)
		w.want[key] = data
		if w.random.IntN(4) == 0 { // the bucket was a home before
			put(t, w.stores[keeper.S3], key, text(w.random))
			w.leftovers[key] = true
		}
	}
	put(t, w.stores[keeper.S3], "x/foreign", "theirs")
	w.want["x/foreign"] = "theirs"
	w.enter(&life{left: -1})
	return w
}

// invent gives a key that was never used and bytes for it.
func (w *world) invent(random *rand.Rand) (key, data string) {
	w.next++
	return fmt.Sprintf("v1/%03d/%d", random.IntN(1000), w.next), text(random)
}

func text(random *rand.Rand) string {
	return strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(40)) + fmt.Sprint(random.Uint64())
}

// enter is the start of a process: it arranges the house as it was recorded.
func (w *world) enter(l *life) *keeper.Service {
	w.t.Helper()
	h := &house{stores: w.stores, front: twin.NewFront(nil), bare: func(s blob.Store) blob.Store { return mortal{s, l} }}
	p, err := w.records.Place(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := h.Arrange(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.now = h
	w.mu.Unlock()
	return keeper.New(keeper.Options{
		Store: mortalRecords{w.records, l}, Homes: h, Grace: 50 * time.Millisecond, Poll: 10 * time.Millisecond, Backoff: time.Millisecond,
	})
}

// watch is people: they read what there is, and some of it comes and goes, until ctx ends. Nothing may fail.
func (w *world) watch(ctx context.Context, random *rand.Rand) {
	gone := map[string]bool{}
	for ctx.Err() == nil {
		w.mu.Lock()
		front := w.now.front
		switch random.IntN(6) {
		case 0:
			key, data := w.invent(random)
			if err := front.Put(w.t.Context(), key, []byte(data)); err != nil {
				w.t.Errorf("put %q: %v", key, err)
			}
			w.want[key] = data
		case 1:
			for key := range w.want {
				if !w.leftovers[key] { // whatever the bucket held before may be adopted
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
					break // seen from one home only
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

func (w *world) read(front blob.Store, key, data string) {
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

// live runs processes one after the other, each killed somewhere, until the task has ended.
func (w *world) live(deaths int) keeper.Task {
	w.t.Helper()
	for n := 0; ; n++ {
		ctx, kill := context.WithCancel(w.t.Context())
		l := &life{random: rand.New(rand.NewPCG(w.random.Uint64(), 0)), left: -1, faults: true, kill: kill}
		if n < deaths {
			l.left = 1 + w.random.IntN(150)
		}
		err := w.enter(l).Finish(ctx)
		kill()
		task, lastErr := w.records.Last(w.t.Context())
		if lastErr != nil {
			w.t.Fatal(lastErr)
		}
		if task.State.Ended() {
			return task
		}
		if err == nil {
			w.t.Fatalf("Finish gave no error, yet the task is %+v", task)
		}
	}
}

func (w *world) wish(to keeper.Home) {
	w.t.Helper()
	if _, err := w.enter(&life{left: -1}).Wish(w.t.Context(), to); err != nil {
		w.t.Fatal(err)
	}
}

// holds checks that a store has exactly these blobs.
func (w *world) holds(h keeper.Home, want map[string]string) {
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

// inWorld runs a test in a world with people in it, in time of its own.
func inWorld(t *testing.T, seed uint64, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, seed)
		ctx, leave := context.WithCancel(t.Context())
		var people sync.WaitGroup
		people.Go(func() { w.watch(ctx, rand.New(rand.NewPCG(seed, 5))) })
		test(w)
		leave()
		people.Wait()
	})
}

// Disk → S3 → disk is identity, whenever and however often the mover is killed, and nobody who watches notices.
func TestMoveThereAndBack(t *testing.T) {
	t.Parallel()
	for seed := range uint64(250) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			inWorld(t, seed, func(w *world) {
				for _, to := range []keeper.Home{keeper.S3, keeper.Disk} {
					w.wish(to)
					task := w.live(int(seed % 11))
					if task.State != keeper.Done || task.Error != "" {
						w.t.Errorf("to %s: %+v", to, task)
					}
					w.mu.Lock()
					from := keeper.S3
					if to == keeper.S3 {
						from = keeper.Disk
					}
					w.holds(to, w.want)
					w.holds(from, map[string]string{})
					w.mu.Unlock()
				}
			})
		})
	}
}

// A move that is cancelled leaves everything where it was, with what was written meanwhile.
func TestCancelledMove(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			inWorld(t, seed, func(w *world) {
				w.wish(keeper.S3)
				var somebody sync.WaitGroup
				somebody.Go(func() {
					time.Sleep(time.Duration(seed) * 3 * time.Millisecond)
					err := keeper.New(keeper.Options{Store: w.records}).Cancel(w.t.Context())
					if err != nil && !errors.Is(err, keeper.ErrNoTask) {
						w.t.Error(err)
					}
				})
				task := w.live(int(seed % 7))
				somebody.Wait()
				w.mu.Lock()
				defer w.mu.Unlock()
				if task.State == keeper.Done {
					w.holds(keeper.S3, w.want)
					return
				}
				if task.State != keeper.Cancelled || task.From != keeper.Disk {
					w.t.Errorf("%+v", task)
				}
				for key, data := range w.want {
					if got, err := blob.ReadAll(w.t.Context(), w.stores[keeper.Disk], key); key != "x/foreign" && (err != nil || string(got) != data) {
						w.t.Errorf("%q on the disk: %q, %v", key, got, err)
					}
				}
				for info, err := range w.stores[keeper.S3].List(w.t.Context(), "") {
					if err != nil || !w.leftovers[info.Key] {
						w.t.Errorf("left in the bucket: %q, %v", info.Key, err)
					}
				}
				if p, _ := w.records.Place(w.t.Context()); p != (keeper.Place{Home: keeper.Disk}) {
					w.t.Errorf("place %+v", p)
				}
			})
		})
	}
}
