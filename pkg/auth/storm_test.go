package auth_test

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"movify/pkg/auth"
)

// TestAStormFromOneAddress sends many sign-ins from one address at once: few passwords are verified, memory stays small, and a
// sign-in from another address succeeds meanwhile.
func TestAStormFromOneAddress(t *testing.T) {
	s := newHarness(t) // not parallel: it measures memory
	const tries, workers = 1000, 64
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	watched, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			if now.HeapInuse > peak.Load() {
				peak.Store(now.HeapInuse)
			}
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond): // the sampling interval, no bound
			}
		}
	}()

	var looked, throttled, busy, other atomic.Int32
	var wg sync.WaitGroup
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for n := range next {
				_, err := s.SignIn(t.Context(), fmt.Sprintf("guess%d@example.org", n%200), "wrong", laptop, false)
				switch {
				case errors.Is(err, auth.ErrTooMany):
					throttled.Add(1)
				case errors.Is(err, auth.ErrSignIn):
					looked.Add(1)
				case errors.Is(err, auth.ErrBusy):
					busy.Add(1)
				default:
					t.Errorf("a try of the storm: %v", err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 3 {
			if _, err := s.SignIn(t.Context(), email, password, auth.Device{Address: "10.9.9.9"}, false); err != nil {
				t.Errorf("somebody else in the storm: %v", err)
				return
			}
			other.Add(1)
		}
	})
	for n := range tries {
		next <- n
	}
	close(next)
	wg.Wait()
	close(done)
	<-watched

	// 50 are free; those that were let in before the fiftieth had been counted are looked at as well. Fewer are when the
	// machine is so slow that the rest was turned away at once.
	if got := looked.Load(); got == 0 || got > 50+workers {
		t.Errorf("%d of %d tries were looked at, want at most 50 and those under way then", got, tries)
	}
	if got := looked.Load() + throttled.Load() + busy.Load(); got != tries || other.Load() != 3 {
		t.Errorf("%d of %d tries were answered, and %d of 3 of somebody else", got, tries, other.Load())
	}
	// Each check takes 19 MiB and only as many run at once as there are cores; the collector may keep as much again twice.
	limit := uint64(19<<20) * uint64(runtime.NumCPU()) * 4
	if grown := peak.Load() - min(peak.Load(), before.HeapInuse); grown > limit+64<<20 {
		t.Errorf("the heap grew by %d MiB, want at most %d", grown>>20, (limit+64<<20)>>20)
	}
}

// TestKnownAndUnknownTakeTheSameTime is a sign test: of pairs of a wrong password for an account that exists and one for
// an account that does not, each takes longer about as often. Were there no difference, fewer than 9 or more than 39 of 48
// would come up once in 200,000 runs.
func TestKnownAndUnknownTakeTheSameTime(t *testing.T) {
	s := newHarness(t) // not parallel: it measures time
	const pairs = 48
	try := func(who string, n int) time.Duration {
		began := time.Now()
		_, err := s.SignIn(t.Context(), who, "wrong", auth.Device{Address: fmt.Sprintf("10.1.%d.%d", n/200, n%200)}, false)
		took := time.Since(began)
		if !errors.Is(err, auth.ErrSignIn) {
			t.Fatal(err)
		}
		return took
	}
	longer := 0
	for n := range pairs {
		var known, unknown time.Duration
		s.now = s.now.Add(2 * time.Hour) // the ceiling of wrong passwords on one account is not the subject here
		if n%2 == 0 {
			known = try(email, 2*n)
			unknown = try("nobody@example.org", 2*n+1)
		} else {
			unknown = try("nobody@example.org", 2*n)
			known = try(email, 2*n+1)
		}
		if known > unknown {
			longer++
		}
	}
	if longer < 9 || longer > 39 {
		t.Errorf("an account that exists took longer in %d of %d pairs: its existence shows", longer, pairs)
	}
}
