package transcoder

import (
	"context"
	"time"

	"movify/pkg/id"
)

// shelfIdle is how long the index of an asset that nobody looks at, and the memory of a silent session, are kept.
const shelfIdle = 10 * time.Minute

// janitor stops runs that nobody wants or that are stuck, and lets go of what has been idle.
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
	busy := map[id.Asset]bool{}
	finishing, _ := s.finishing.pending()
	for _, a := range finishing {
		busy[a] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopUnwanted(now)
	for r := range s.runs {
		busy[r.shelf.asset.ID] = true
		if r.stalled(now) {
			r.cancel(errStalled)
		}
	}
	for viewer, in := range s.viewers {
		if last := max(in.video.at.UnixNano(), in.audio.at.UnixNano()); now.UnixNano()-last > int64(shelfIdle) {
			delete(s.viewers, viewer)
		}
	}
	for a, sh := range s.shelves {
		if !busy[a] && sh.idleSince(now) > shelfIdle {
			delete(s.shelves, a)
			delete(s.noticed, a)
		}
	}
}

func (s *shelf) idleSince(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Sub(s.used)
}
