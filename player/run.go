package player

import (
	"context"
	"time"
)

const (
	flushEvery = 10 * time.Second
	lookEvery  = 5 * time.Second
	dropEvery  = time.Hour
	lastFlush  = 5 * time.Second // how long storing may take at shutdown
)

// Run stores positions, lets go of playbacks that fell silent and forgets old sessions until ctx is done. Before it
// returns it stores what is left and says that nobody watches any more.
func (s *Service) Run(ctx context.Context) error {
	flush, look, drop := time.NewTicker(flushEvery), time.NewTicker(lookEvery), time.NewTicker(dropEvery)
	defer flush.Stop()
	defer look.Stop()
	defer drop.Stop()
	for {
		select {
		case <-flush.C:
			if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("positions are not stored yet", "error", err)
			}
		case <-look.C:
			s.lapse(s.opts.Clock())
			s.expire(s.opts.Clock())
		case <-drop.C:
			if err := s.opts.Store.DropSessions(ctx, s.opts.Clock()); err != nil && ctx.Err() == nil {
				s.log.Warn("old sessions are not forgotten yet", "error", err)
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

// expire lets go of what has been silent for too long: first of its encoding, much later of its memory.
func (s *Service) expire(now time.Time) {
	for _, l := range s.all() {
		if s.rest(l, now) {
			s.mu.Lock()
			delete(s.lives, l.session.ID)
			s.mu.Unlock()
		}
	}
}

// rest ends the encoding for a silent session and reports whether it may leave memory. Leave is called under the
// session's lock: a request that comes in meanwhile enters after it and so is not forgotten.
func (s *Service) rest(l *live, now time.Time) (drop bool) {
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

// Active counts the playbacks that gave a sign of life within the last half minute.
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
