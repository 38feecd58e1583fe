package player

import (
	"context"
	"time"
)

const (
	flushEvery = 10 * time.Second
	sweepEvery = 5 * time.Second
	dropEvery  = time.Hour
	lastFlush  = 5 * time.Second // how long storing may take at shutdown
)

// Run stores positions, ends the encoding for silent playbacks and forgets old sessions until ctx is done. Before it
// returns it stores the positions in memory and ends the encoding for every session.
func (s *Service) Run(ctx context.Context) error {
	planned := make(chan struct{})
	go func() {
		defer close(planned)
		s.planWaiting(ctx)
	}()
	defer func() { <-planned }()
	flush, sweep, drop := time.NewTicker(flushEvery), time.NewTicker(sweepEvery), time.NewTicker(dropEvery)
	defer flush.Stop()
	defer sweep.Stop()
	defer drop.Stop()
	for {
		select {
		case <-flush.C:
			if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("store positions", "error", err)
			}
		case <-sweep.C:
			s.expireSlots(s.opts.Clock())
			s.expire(s.opts.Clock())
		case <-drop.C:
			if err := s.opts.Store.DropSessions(ctx, s.opts.Clock()); err != nil && ctx.Err() == nil {
				s.log.Warn("forget old sessions", "error", err)
			}
		case <-ctx.Done():
			return s.shutdown(ctx)
		}
	}
}

func (s *Service) shutdown(ctx context.Context) error {
	for _, l := range s.all() {
		s.opts.Segments.Leave(l.snapshot().ID)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
	defer cancel()
	return s.Flush(last)
}

// expire ends the encoding for silent sessions, and much later forgets them.
func (s *Service) expire(now time.Time) {
	for _, l := range s.all() {
		if s.releaseIdle(l, now) {
			s.mu.Lock()
			delete(s.sessions, l.session.ID)
			s.mu.Unlock()
		}
	}
}

// releaseIdle ends the encoding for a silent session and reports whether it may leave memory. Leave is called under the
// session's lock: a request that comes in meanwhile enters after it and so is not forgotten.
func (s *Service) releaseIdle(l *activeSession, now time.Time) (drop bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inflight > 0 {
		return false
	}
	silent := now.Sub(l.seen)
	if l.active && silent >= idleActive {
		l.active = false
		s.opts.Segments.Leave(l.session.ID)
		s.publish("idle", l.session)
	}
	return silent >= idleMemory
}

// Active counts the playbacks that made a request within the last half minute.
func (s *Service) Active() int {
	n := 0
	for _, l := range s.all() {
		l.mu.Lock()
		if l.active {
			n++
		}
		l.mu.Unlock()
	}
	return n
}
