package natsqueue

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats-server/v2/server"

	"movify/pkg/id"
	"movify/pkg/queue"
	"movify/pkg/queue/queuetest"
)

func start(t *testing.T, o Options) *Queue {
	t.Helper()
	q, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	return q
}

func engine(q *Queue) queuetest.Engine {
	return queuetest.Engine{Queue: q, Close: q.Close, Dead: func(ctx context.Context) ([]queuetest.DeadJob, error) {
		jobs, err := q.Dead(ctx)
		var out []queuetest.DeadJob
		for _, d := range jobs {
			out = append(out, queuetest.DeadJob{Class: d.Job.Class, Key: d.Job.Key, Reason: d.Reason})
		}
		return out, err
	}}
}

func TestInMemory(t *testing.T) {
	t.Parallel()
	queuetest.Run(t, func(t *testing.T, ttl time.Duration) queuetest.Engine {
		return engine(start(t, Options{LeaseTTL: ttl}))
	})
}

func TestOnDisk(t *testing.T) {
	t.Parallel()
	queuetest.Run(t, func(t *testing.T, ttl time.Duration) queuetest.Engine {
		return engine(start(t, Options{Dir: t.TempDir(), LeaseTTL: ttl}))
	})
}

func TestOutsideServer(t *testing.T) {
	t.Parallel()
	queuetest.Run(t, func(t *testing.T, ttl time.Duration) queuetest.Engine {
		return engine(start(t, Options{URL: outside(t), LeaseTTL: ttl}))
	})
}

// outside starts a server on a free port of the loopback interface and gives its URL.
func outside(t *testing.T) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not come up")
	}
	return s.ClientURL()
}

func TestTwoProcessesShareAServer(t *testing.T) {
	t.Parallel()
	url := outside(t)
	publisher, worker := start(t, Options{URL: url}), start(t, Options{URL: url})
	worker.poll = time.Hour // only the bell can wake it
	got := make(chan queue.Lease, 1)
	go func() {
		l, err := worker.Lease(t.Context(), queue.Classes[:]...)
		if err != nil {
			t.Error(err)
		}
		got <- l
	}()
	for i := range 20 {
		publish(t, publisher, queue.JIT, fmt.Sprint(i))
	}
	if l := <-got; l == nil || l.Job().Class != queue.JIT {
		t.Errorf("the other process got %v", l)
	}
}

func TestBellAloneWakes(t *testing.T) {
	t.Parallel()
	q := start(t, Options{})
	q.poll = time.Hour
	for i := range 100 {
		got := make(chan queue.Lease, 1)
		go func() {
			l, err := q.Lease(t.Context(), queue.Classes[:]...)
			if err != nil {
				t.Error(err)
			}
			got <- l
		}()
		publish(t, q, queue.Classes[i%len(queue.Classes)], fmt.Sprint(i))
		l := <-got
		if i%10 == 0 {
			if err := l.Retry(t.Context(), 5*time.Millisecond); err != nil {
				t.Fatal(err)
			}
			l = next(t, q)
		}
		if err := l.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGivesUpAfterMaxAttempts(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	q := start(t, Options{MaxAttempts: 2, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	before := time.Now()
	publish(t, q, queue.New, "poison")
	publish(t, q, queue.New, "good")
	for range 2 {
		l := next(t, q)
		if l.Job().Key != "poison" {
			t.Fatalf("leased %q", l.Job().Key)
		}
		if err := l.Retry(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	if l := next(t, q); l.Job().Key != "good" {
		t.Errorf("after two attempts leased %q, want the next job", l.Job().Key)
	}
	want := []DeadJob{{
		Job:    queue.Job{ID: "id-poison", Class: queue.New, Key: "poison", Payload: []byte("poison"), Attempt: 3},
		Reason: "given up after 2 attempts",
		At:     before,
	}}
	got, err := q.Dead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(time.Minute)); diff != "" {
		t.Errorf("dead jobs (-want +got):\n%s", diff)
	}
	if !strings.Contains(log.String(), "key=poison") {
		t.Errorf("the log does not name the job:\n%s", log.String())
	}
	for range 2 {
		if err := q.Forget(t.Context(), queue.New, "poison"); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := q.Dead(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("after Forget the dead are %v, %v", got, err)
	}
	if err := q.Forget(t.Context(), queue.New, ">"); err == nil {
		t.Error("Forget takes a wildcard for a key")
	}
}

func TestDeadKeepsTheLatest(t *testing.T) {
	t.Parallel()
	q := start(t, Options{})
	for _, reason := range []string{"first", "second"} {
		publish(t, q, queue.New, "k")
		if err := next(t, q).Dead(t.Context(), reason); err != nil {
			t.Fatal(err)
		}
	}
	got, err := q.Dead(t.Context())
	if err != nil || len(got) != 1 || got[0].Reason != "second" {
		t.Errorf("dead = %v, %v; want the second death only", got, err)
	}
}

func TestDiskOutlivesRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := Start(t.Context(), Options{Dir: dir, LeaseTTL: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, first, queue.New, "leased")
	next(t, first)
	publish(t, first, queue.New, "waiting")
	publish(t, first, queue.JIT, "dead")
	if err := next(t, first).Dead(t.Context(), "why"); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	second := start(t, Options{Dir: dir, LeaseTTL: time.Second})
	if dead, err := second.Dead(t.Context()); err != nil || len(dead) != 1 {
		t.Errorf("dead after restart = %v, %v", dead, err)
	}
	attempts := make(map[string]int)
	for range 2 {
		j := next(t, second).Job()
		attempts[j.Key] = j.Attempt
	}
	if diff := cmp.Diff(map[string]int{"leased": 2, "waiting": 1}, attempts); diff != "" {
		t.Errorf("attempts after restart (-want +got):\n%s", diff)
	}
}

func TestBadFolderAndURL(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Dir: file}, {URL: "nats://127.0.0.1:1"}, {URL: "://"}} {
		if q, err := Start(t.Context(), o); err == nil {
			t.Errorf("Start(%+v) = %v, want an error", o, q.Close())
		}
	}
}

// TestLeavesNothing is not parallel: it counts all goroutines of the process.
func TestLeavesNothing(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	before := runtime.NumGoroutine()
	for range 3 {
		q, err := Start(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		waiting := make(chan error)
		go func() {
			_, err := q.Lease(t.Context(), queue.JIT)
			waiting <- err
		}()
		publish(t, q, queue.New, "k")
		next(t, q)
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
		<-waiting
	}
	// A goroutine that ends needs a moment; one that is stuck never ends.
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(2 * time.Minute); runtime.NumGoroutine() > before; <-tick.C {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf(
				"%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)],
			)
		}
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) != 0 {
		t.Errorf("files left: %v, %v", left, err)
	}
}

func publish(t *testing.T, q *Queue, c queue.Class, key string) {
	t.Helper()
	j := queue.Job{ID: id.Job("id-" + key), Class: c, Key: key, Payload: []byte(key)}
	if ok, err := q.Publish(t.Context(), j); err != nil || !ok {
		t.Fatalf("Publish(%s/%s) = %v, %v", c, key, ok, err)
	}
}

func next(t *testing.T, q *Queue) queue.Lease {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	l, err := q.Lease(ctx, queue.Classes[:]...)
	if err != nil {
		t.Fatalf("Lease: %v", err)
	}
	return l
}
