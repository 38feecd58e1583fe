package s3

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// The budget of tries again, for all calls of a Store together: a storage that is away gets every call once and not ten
// times, and one that fails now and then, even four times in ten, gets all of them.
const (
	budgetSize = 100         // tries again in store
	budgetTick = time.Second // one more comes with time, so that a single patient call gets through
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

// take asks for one try again.
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

// earn gives one back for a call that was answered.
func (b *budget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(budgetSize, b.left+1)
}

// again waits before try number n (the second is 2) and says whether it may be made after err.
func (s *Store) again(ctx context.Context, op, key string, n int, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	if !passing(err) {
		s.budget.earn() // no is an answer too: the storage is well
		return false
	}
	if n > s.retry.Attempts || !s.budget.take() {
		return false
	}
	pause := rand.N(min(s.retry.MaxWait, s.retry.Wait<<min(n-2, maxDoubled))) // all of it random: callers that failed together come back apart
	s.log.LogAttrs(ctx, slog.LevelDebug, logMessage, slog.String("op", op), slog.String("key", key), slog.Int("try", n), slog.Duration("pause", pause), slog.Any("error", err))
	wait := time.NewTimer(pause)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wait.C:
		return true
	}
}

// call runs one request until it goes well, fails for good or is out of tries. tries says how many were made: after more
// than one, an earlier one may have had its effect.
func (s *Store) call(ctx context.Context, d doing, op, key string, one func(*watch) error) (tries int, err error) {
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

// meaning explains err, unless the caller itself has gone.
func meaning(ctx context.Context, d doing, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return explain(d, err)
}
