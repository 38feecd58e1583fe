// Package queuetest holds the one conformance suite of the queue port, which every engine runs, and the fake that
// others use in their tests. It states the port's contract as tests and knows no engine.
package queuetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/queue"
)

// Engine is a queue.Queue with the methods that the suite needs beside the port.
type Engine struct {
	queue.Queue
	// Dead lists the dead jobs, longest dead first.
	Dead func(context.Context) ([]DeadJob, error)
	// Close stops the queue.
	Close func() error
}

// DeadJob is a dead job as the suite compares it.
type DeadJob struct {
	Class  queue.Class
	Key    string
	Reason string
}

// long is a lease's life in tests that nothing should expire in, short in those that wait for it.
const (
	long  = time.Minute
	short = 300 * time.Millisecond
)

// Run runs the suite. fresh makes an empty queue whose leases live for ttl and registers its own clean-up on t; it is
// called once for each test.
func Run(t *testing.T, fresh func(t *testing.T, ttl time.Duration) Engine) {
	t.Helper()
	for _, c := range []struct {
		name string
		ttl  time.Duration
		test func(*testing.T, Engine)
	}{
		{"delivers published jobs", long, handsOut},
		{"takes the most urgent class first", long, classOrder},
		{"takes jobs of a class in order", long, fifo},
		{"leaves other classes alone", long, otherClasses},
		{"wakes who waits", long, wakes},
		{"refuses a double while waiting and leased", long, dedupe},
		{"accepts once from many publishers", long, racingPublishers},
		{"never shares a job", long, neverShares},
		{"gives a job back when its lease is over", short, redelivers},
		{"keeps an extended lease", time.Second, extendKeeps},
		{"retries at once", long, retriesAtOnce},
		{"retries after a delay", long, retriesLater},
		{"keeps a record of the dead", long, dead},
		{"ends a lease once", long, endsOnce},
		{"counts what waits", long, counts},
		{"refuses bad jobs", long, badJobs},
		{"ends when cancelled", long, cancelled},
		{"loses nothing to a cancelled wait", long, cancelLosesNothing},
		{"ends when closed", long, closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, fresh(t, c.ttl))
		})
	}
}

func handsOut(t *testing.T, e Engine) {
	j := queue.Job{ID: "01", Class: queue.New, Key: "Az09-_", Payload: []byte("\x00 any bytes \xff")}
	publish(t, e, j)
	l := lease(t, e, queue.New)
	j.Attempt = 1
	if diff := cmp.Diff(j, l.Job()); diff != "" {
		t.Errorf("leased job (-want +got):\n%s", diff)
	}
	if l.TTL() != long {
		t.Errorf("TTL = %v, want %v", l.TTL(), long)
	}
	done(t, l)
	none(t, e, queue.New)
}

func classOrder(t *testing.T, e Engine) {
	for _, c := range []queue.Class{queue.Backlog, queue.New, queue.JIT} {
		publish(t, e, queue.Job{Class: c, Key: "a"}, queue.Job{Class: c, Key: "b"})
	}
	var got []string
	for range 6 {
		j := lease(t, e, queue.Classes[:]...).Job()
		got = append(got, string(j.Class)+"/"+j.Key)
	}
	if diff := cmp.Diff([]string{"jit/a", "jit/b", "new/a", "new/b", "backlog/a", "backlog/b"}, got); diff != "" {
		t.Errorf("order of leases (-want +got):\n%s", diff)
	}
}

func fifo(t *testing.T, e Engine) {
	var want, got []string
	for i := range 20 {
		want = append(want, fmt.Sprintf("k%02d", (i*7)%20))
		publish(t, e, queue.Job{Class: queue.Backlog, Key: want[i]})
	}
	for range want {
		got = append(got, lease(t, e, queue.Backlog).Job().Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order of leases (-want +got):\n%s", diff)
	}
}

func otherClasses(t *testing.T, e Engine) {
	publish(t, e, queue.Job{Class: queue.Backlog, Key: "same"})
	none(t, e, queue.JIT, queue.New)
	publish(t, e, queue.Job{Class: queue.New, Key: "same"})
	if j := lease(t, e, queue.JIT, queue.New).Job(); j.Class != queue.New {
		t.Errorf("leased a job of %q", j.Class)
	}
	if j := lease(t, e, queue.Backlog, queue.JIT).Job(); j.Class != queue.Backlog {
		t.Errorf("leased a job of %q", j.Class)
	}
}

func wakes(t *testing.T, e Engine) {
	for i, c := range []queue.Class{queue.JIT, queue.Backlog, queue.New, queue.JIT} {
		got := make(chan queue.Lease, 1)
		go func() {
			l, err := e.Lease(t.Context(), queue.Classes[:]...)
			if err != nil {
				t.Errorf("Lease: %v", err)
			}
			got <- l
		}()
		publish(t, e, queue.Job{Class: c, Key: fmt.Sprint(i)})
		if l := <-got; l != nil {
			done(t, l)
		}
	}
}

func dedupe(t *testing.T, e Engine) {
	j := queue.Job{ID: "first", Class: queue.JIT, Key: "k"}
	double := queue.Job{ID: "second", Class: queue.JIT, Key: "k", Payload: []byte("other")}
	publish(t, e, j)
	refuse(t, e, double)
	publish(t, e, queue.Job{Class: queue.New, Key: "k"}) // another class is another job
	l := lease(t, e, queue.JIT)
	refuse(t, e, double)
	if l.Job().ID != "first" {
		t.Errorf("the job is %q, want the first", l.Job().ID)
	}
	if err := l.Retry(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	refuse(t, e, double)
	l = lease(t, e, queue.New)
	done(t, l)
	publish(t, e, queue.Job{Class: queue.New, Key: "k"})
}

func racingPublishers(t *testing.T, e Engine) {
	accepted := make([]bool, 32)
	var wg sync.WaitGroup
	for p := range accepted {
		wg.Go(func() {
			ok, err := e.Publish(t.Context(), queue.Job{Class: queue.JIT, Key: "k"})
			if err != nil {
				t.Errorf("Publish: %v", err)
			}
			accepted[p] = ok
		})
	}
	wg.Wait()
	n := 0
	for _, ok := range accepted {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d publishers were accepted, want 1", n)
	}
	done(t, lease(t, e, queue.JIT))
	none(t, e, queue.JIT)
}

func neverShares(t *testing.T, e Engine) {
	const jobs, workers = 60, 6
	seen := make(chan string, 2*jobs)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				l, err := e.Lease(ctx, queue.Classes[:]...)
				if err != nil {
					if !errors.Is(err, context.Canceled) {
						t.Errorf("Lease: %v", err)
					}
					return
				}
				seen <- l.Job().Key
				if err := l.Done(t.Context()); err != nil {
					t.Errorf("Done: %v", err)
				}
			}
		})
	}
	for i := range jobs {
		publish(t, e, queue.Job{Class: queue.Classes[i%len(queue.Classes)], Key: fmt.Sprint(i)})
	}
	times := make(map[string]int)
	for range jobs {
		times[<-seen]++
	}
	none(t, e, queue.Classes[:]...)
	cancel()
	wg.Wait()
	close(seen)
	for key := range seen {
		times[key]++
	}
	for i := range jobs {
		if n := times[fmt.Sprint(i)]; n != 1 {
			t.Errorf("job %d was leased %d times", i, n)
		}
	}
}

func redelivers(t *testing.T, e Engine) {
	publish(t, e, queue.Job{ID: "x", Class: queue.New, Key: "k", Payload: []byte("p")})
	lost := lease(t, e, queue.New)
	again := lease(t, e, queue.New)
	if j := again.Job(); j.ID != "x" || string(j.Payload) != "p" || j.Attempt != 2 {
		t.Errorf("the job came back as %+v, want the same with attempt 2", j)
	}
	for end, f := range map[string]func() error{
		"Extend": func() error { return lost.Extend(t.Context()) },
		"Done":   func() error { return lost.Done(t.Context()) },
		"Retry":  func() error { return lost.Retry(t.Context(), 0) },
		"Dead":   func() error { return lost.Dead(t.Context(), "late") },
	} {
		if f() == nil {
			t.Errorf("%s of a lease that is over succeeds", end)
		}
	}
	if left := deadJobs(t, e); len(left) != 0 {
		t.Errorf("a lease that is over left %v", left)
	}
}

func extendKeeps(t *testing.T, e Engine) {
	publish(t, e, queue.Job{Class: queue.New, Key: "k"})
	l := lease(t, e, queue.New)
	ctx, cancel := context.WithTimeout(t.Context(), l.TTL()*5/2)
	defer cancel()
	stolen := make(chan error, 1)
	go func() {
		_, err := e.Lease(ctx, queue.New)
		stolen <- err
	}()
	tick := time.NewTicker(l.TTL() / 10)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := l.Extend(t.Context()); err != nil {
				t.Fatalf("Extend: %v", err)
			}
		case err := <-stolen:
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("another worker got the extended job (%v)", err)
			}
			done(t, l)
			return
		}
	}
}

func deadJobs(t *testing.T, e Engine) []DeadJob {
	t.Helper()
	out, err := e.Dead(t.Context())
	if err != nil {
		t.Fatalf("Dead: %v", err)
	}
	return out
}

func publish(t *testing.T, e Engine, jobs ...queue.Job) {
	t.Helper()
	for _, j := range jobs {
		ok, err := e.Publish(t.Context(), j)
		if err != nil || !ok {
			t.Fatalf("Publish(%s/%s) = %v, %v; want it accepted", j.Class, j.Key, ok, err)
		}
	}
}

func refuse(t *testing.T, e Engine, j queue.Job) {
	t.Helper()
	ok, err := e.Publish(t.Context(), j)
	if err != nil || ok {
		t.Fatalf("Publish(%s/%s) = %v, %v; want it refused without error", j.Class, j.Key, ok, err)
	}
}

// lease waits generously for a job that must come.
func lease(t *testing.T, e Engine, classes ...queue.Class) queue.Lease {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	l, err := e.Lease(ctx, classes...)
	if err != nil {
		t.Fatalf("Lease(%v): %v", classes, err)
	}
	return l
}

// none fails when a job can be had.
func none(t *testing.T, e Engine, classes ...queue.Class) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	l, err := e.Lease(ctx, classes...)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Lease(%v) = %v, %v; want nothing to be there", classes, l, err)
	}
}

func done(t *testing.T, l queue.Lease) {
	t.Helper()
	if err := l.Done(t.Context()); err != nil {
		t.Fatalf("Done: %v", err)
	}
}
