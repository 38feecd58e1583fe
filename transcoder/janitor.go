package transcoder

import (
	"context"
	"errors"
	"time"

	"movify/pkg/id"
)

// indexIdle is how long the index of an asset that is not in use is kept in memory.
const indexIdle = 10 * time.Minute

// errStalled ends a run that makes no progress.
var errStalled = errors.New("the encoder made nothing for too long")

// janitor stops runs that no viewer wants or that are stuck, and forgets idle sessions and indexes.
func (s *Service) janitor(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.sweep(s.opts.Now())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Service) sweep(now time.Time) {
	s.stopUnwantedRuns(now)
	s.viewers.expire(now)
	busy := map[id.Asset]bool{}
	finishing, _ := s.finishQueue.pending()
	for _, a := range finishing {
		busy[a] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for r := range s.runs {
		busy[r.asset().ID] = true
		if r.stalled(now) {
			r.claim.Stop(errStalled)
		}
	}
	for a, x := range s.indexes {
		if !busy[a] && x.Idle(now) > indexIdle {
			delete(s.indexes, a)
			delete(s.publishedAt, a)
		}
	}
}
