package s3

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// The retry budget of all calls of a Store together: with an unreachable storage every call is tried once and not ten
// times; with one that fails four times in ten, every call gets all its attempts.
const (
	budgetSize = 100         // retries
	budgetTick = time.Second // one retry is added per tick, so that a single call with patience succeeds
	maxDoubled = 16          // the pause does not double more often
	logMessage = "storage call is tried again"
)

type budget struct {
	now func() time.Time

	mu   sync.Mutex
	left float64
	at   time.Time
}

func newBudget(now func() time.Time) *budget {
	return &budget{now: now, left: budgetSize, at: now()}
}

// take takes one retry.
func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.left = min(budgetSize, b.left+float64(now.Sub(b.at))/float64(budgetTick))
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// earn returns one retry for a call that got a response.
func (b *budget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(budgetSize, b.left+1)
}

// again waits before attempt number n (the second is 2) and reports whether it may be made after err.
func (s *Store) again(ctx context.Context, op, key string, n int, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	if !retryable(err) {
		s.budget.earn() // a refusal is a response too: the storage works
		return false
	}
	if n > s.retry.Attempts || !s.budget.take() {
		return false
	}
	// All of it is random: calls that failed together are retried apart.
	pause := rand.N(min(s.retry.MaxWait, s.retry.Wait<<min(n-2, maxDoubled)))
	s.log.LogAttrs(
		ctx, slog.LevelDebug, logMessage, slog.String("op", op), slog.String("key", key), slog.Int("try", n),
		slog.Duration("pause", pause), slog.Any("error", err),
	)
	wait := time.NewTimer(pause)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wait.C:
		return true
	}
}

// call repeats one request until it succeeds, fails permanently or is out of attempts. tries is how many were made:
// after more than one, an earlier one may have taken effect.
func (s *Store) call(ctx context.Context, d access, op, key string, one func(*watch) error) (tries int, err error) {
	for tries = 1; ; tries++ {
		w := newWatch(ctx, s.times.Answer, s.times.Stall)
		err = w.verdict(ctx, one(w))
		w.end()
		if err == nil {
			s.budget.earn()
			return tries, nil
		}
		if !s.again(ctx, op, key, tries+1, err) {
			return tries, meaning(ctx, d, err)
		}
	}
}

// meaning explains err, unless the caller's context has ended.
func meaning(ctx context.Context, d access, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return explain(d, err)
}
