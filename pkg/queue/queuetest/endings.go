package queuetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/queue"
)

func retriesAtOnce(t *testing.T, e Engine) {
	publish(t, e, queue.Job{ID: "x", Class: queue.JIT, Key: "k", Payload: []byte("p")})
	for attempt := 1; attempt <= 3; attempt++ {
		l := lease(t, e, queue.JIT)
		want := queue.Job{ID: "x", Class: queue.JIT, Key: "k", Payload: []byte("p"), Attempt: attempt}
		if diff := cmp.Diff(want, l.Job()); diff != "" {
			t.Errorf("attempt %d (-want +got):\n%s", attempt, diff)
		}
		if err := l.Retry(t.Context(), 0); err != nil {
			t.Fatalf("Retry: %v", err)
		}
	}
	done(t, lease(t, e, queue.JIT))
}

func retriesLater(t *testing.T, e Engine) {
	const delay = 400 * time.Millisecond
	publish(t, e, queue.Job{Class: queue.JIT, Key: "k"})
	l := lease(t, e, queue.JIT)
	before := time.Now()
	if err := l.Retry(t.Context(), delay); err != nil {
		t.Fatalf("Retry: %v", err)
	}
	if again := lease(t, e, queue.JIT); again.Job().Attempt != 2 {
		t.Errorf("attempt = %d, want 2", again.Job().Attempt)
	}
	// Never too early; how late depends on the machine.
	if waited := time.Since(before); waited < delay-10*time.Millisecond {
		t.Errorf("the job came back after %v, want %v", waited, delay)
	}
}

func dead(t *testing.T, e Engine) {
	if got := deadJobs(t, e); len(got) != 0 {
		t.Fatalf("a new queue has dead jobs: %v", got)
	}
	reason := "ffmpeg: \"no\" such\ncodec"
	for _, key := range []string{"b", "a"} {
		publish(t, e, queue.Job{Class: queue.New, Key: key})
		if err := lease(t, e, queue.New).Dead(t.Context(), reason+key); err != nil {
			t.Fatalf("Dead: %v", err)
		}
	}
	none(t, e, queue.New)
	want := []DeadJob{{queue.New, "b", reason + "b"}, {queue.New, "a", reason + "a"}}
	if diff := cmp.Diff(want, deadJobs(t, e)); diff != "" {
		t.Errorf("dead jobs (-want +got):\n%s", diff)
	}
	publish(t, e, queue.Job{Class: queue.New, Key: "b"}) // a dead job does not prevent a new one
	if got := lease(t, e, queue.New).Job().Attempt; got != 1 {
		t.Errorf("attempt after death = %d, want 1", got)
	}
}

func endsOnce(t *testing.T, e Engine) {
	ends := map[string]func(queue.Lease) error{
		"Done":  func(l queue.Lease) error { return l.Done(t.Context()) },
		"Retry": func(l queue.Lease) error { return l.Retry(t.Context(), time.Hour) },
		"Dead":  func(l queue.Lease) error { return l.Dead(t.Context(), "first") },
	}
	for first, end := range ends {
		publish(t, e, queue.Job{Class: queue.JIT, Key: first})
		l := lease(t, e, queue.JIT)
		if err := end(l); err != nil {
			t.Fatalf("%s: %v", first, err)
		}
		for second, again := range ends {
			if again(l) == nil {
				t.Errorf("%s after %s succeeds", second, first)
			}
		}
		if l.Extend(t.Context()) == nil {
			t.Errorf("Extend after %s succeeds", first)
		}
	}
	if diff := cmp.Diff([]DeadJob{{queue.JIT, "Dead", "first"}}, deadJobs(t, e)); diff != "" {
		t.Errorf("dead jobs (-want +got):\n%s", diff)
	}
}

func counts(t *testing.T, e Engine) {
	waiting := func(want int) {
		t.Helper()
		if got, err := e.Waiting(t.Context(), queue.New); err != nil || got != want {
			t.Errorf("Waiting = %d, %v; want %d", got, err, want)
		}
	}
	waiting(0)
	for i := range 5 {
		publish(t, e, queue.Job{Class: queue.New, Key: fmt.Sprint(i)}, queue.Job{Class: queue.JIT, Key: fmt.Sprint(i)})
	}
	waiting(5)
	a, b, c := lease(t, e, queue.New), lease(t, e, queue.New), lease(t, e, queue.New)
	waiting(5) // leased jobs count
	done(t, a)
	waiting(4)
	if err := errors.Join(b.Dead(t.Context(), "x"), c.Retry(t.Context(), time.Hour)); err != nil {
		t.Fatal(err)
	}
	waiting(3)
}

func badJobs(t *testing.T, e Engine) {
	for _, key := range []string{"", ".", "a.b", "a b", "*", ">", "a/b", "é", "a\nb", strings.Repeat("k", 1000)} {
		if ok, err := e.Publish(t.Context(), queue.Job{Class: queue.JIT, Key: key}); err == nil || ok {
			t.Errorf("Publish with key %q = %v, %v; want an error", key, ok, err)
		}
	}
	if ok, err := e.Publish(t.Context(), queue.Job{Class: "urgent", Key: "k"}); err == nil || ok {
		t.Errorf("Publish with an unknown class = %v, %v; want an error", ok, err)
	}
	large := queue.Job{Class: queue.JIT, Key: "k", Payload: make([]byte, 64<<10+1)}
	if ok, err := e.Publish(t.Context(), large); err == nil || ok {
		t.Errorf("Publish of %d bytes = %v, %v; want an error", len(large.Payload), ok, err)
	}
	large.Payload = large.Payload[1:]
	publish(t, e, large)
	if got := len(lease(t, e, queue.JIT).Job().Payload); got != 64<<10 {
		t.Errorf("a payload of 64 KiB came back with %d bytes", got)
	}
	if l, err := e.Lease(t.Context()); err == nil {
		t.Errorf("Lease of no class = %v, want an error", l)
	}
}

func cancelled(t *testing.T, e Engine) {
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() {
		_, err := e.Lease(ctx, queue.JIT)
		waiting <- err
	}()
	publish(t, e, queue.Job{Class: queue.New, Key: "k"})
	l := lease(t, e, queue.New)
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled Lease = %v, want context.Canceled", err)
	}
	if _, err := e.Lease(ctx, queue.JIT); !errors.Is(err, context.Canceled) {
		t.Errorf("Lease with a cancelled context = %v, want context.Canceled", err)
	}
	_, publishErr := e.Publish(ctx, queue.Job{Class: queue.JIT, Key: "k"})
	_, waitingErr := e.Waiting(ctx, queue.JIT)
	for call, err := range map[string]error{
		"Publish": publishErr,
		"Waiting": waitingErr,
		"Extend":  l.Extend(ctx),
		"Done":    l.Done(ctx),
		"Retry":   l.Retry(ctx, 0),
		"Dead":    l.Dead(ctx, "x"),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a cancelled context = %v, want context.Canceled", call, err)
		}
	}
	done(t, l) // none of them ended it
}

func cancelLosesNothing(t *testing.T, e Engine) {
	// A wait that ends just when a job arrives either gets the job or leaves it.
	for i := range 30 {
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan queue.Lease, 1)
		go func() {
			l, _ := e.Lease(ctx, queue.Classes[:]...)
			got <- l
		}()
		go cancel()
		publish(t, e, queue.Job{Class: queue.JIT, Key: fmt.Sprint(i)})
		l := <-got
		if l == nil {
			l = lease(t, e, queue.JIT)
		}
		if j := l.Job(); j.Key != fmt.Sprint(i) || j.Attempt != 1 {
			t.Fatalf("round %d leased %+v", i, j)
		}
		done(t, l)
	}
}

func closed(t *testing.T, e Engine) {
	waiting := make(chan error, 1)
	go func() {
		_, err := e.Lease(t.Context(), queue.JIT)
		waiting <- err
	}()
	publish(t, e, queue.Job{Class: queue.New, Key: "k"})
	for range 2 {
		if err := e.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	if err := <-waiting; !errors.Is(err, queue.ErrClosed) {
		t.Errorf("waiting Lease after Close = %v, want ErrClosed", err)
	}
	if _, err := e.Publish(t.Context(), queue.Job{Class: queue.JIT, Key: "k"}); !errors.Is(err, queue.ErrClosed) {
		t.Errorf("Publish after Close = %v, want ErrClosed", err)
	}
	if _, err := e.Lease(t.Context(), queue.New); !errors.Is(err, queue.ErrClosed) {
		t.Errorf("Lease after Close = %v, want ErrClosed", err)
	}
	if _, err := e.Waiting(t.Context(), queue.New); !errors.Is(err, queue.ErrClosed) {
		t.Errorf("Waiting after Close = %v, want ErrClosed", err)
	}
}
