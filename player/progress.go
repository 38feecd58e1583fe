package player

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
)

// State is what a player says it does.
type State string

// The states of a player.
const (
	Playing   State = "playing"
	Paused    State = "paused"
	Buffering State = "buffering"
)

// Progress is where a profile is in a title.
type Progress struct {
	Profile    id.Profile
	Title      id.Title
	File       id.File
	PositionMS int64
	DurationMS int64
	At         time.Time // when the player was there
}

// watched names the Progress of a profile in a title.
type watched struct {
	profile id.Profile
	title   id.Title
}

// beginning is what does not count as having begun: half a minute, or a tenth of what is shorter than five.
func beginning(durationMS int64) int64 { return min(30_000, durationMS/10) }

// Watched reports whether the title was seen to the end: beyond 95 % there are only names.
func (p Progress) Watched() bool { return p.DurationMS > 0 && p.PositionMS*100 > p.DurationMS*95 }

// ResumeMS is where to go on, in milliseconds; 0 when the title was hardly begun or was watched to the end.
func (p Progress) ResumeMS() int64 {
	if p.PositionMS < beginning(p.DurationMS) || p.Watched() {
		return 0
	}
	return p.PositionMS
}

// Report notes where a playback of v is, in milliseconds. It is stored within ten seconds, at a pause at once.
func (s *Service) Report(ctx context.Context, v id.Viewer, x id.Session, positionMS int64, state State) error {
	l, err := s.own(ctx, v, x)
	if err != nil {
		return err
	}
	now := s.opts.Clock()
	leave, err := l.enter(now)
	if err != nil {
		return err
	}
	defer func() { leave(s.opts.Clock()) }()
	s.note(l, positionMS, now)
	if state == Paused {
		return s.Flush(ctx)
	}
	return nil
}

// note keeps a position in memory, unless a later one is there.
func (s *Service) note(l *live, positionMS int64, at time.Time) {
	session := l.snapshot()
	duration := l.asset.Grid.DurationMS()
	s.remember(Progress{
		Profile: session.Viewer.Profile, Title: session.Title, File: session.File,
		PositionMS: max(0, min(positionMS, duration)), DurationMS: duration, At: at,
	})
}

func (s *Service) remember(p Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := watched{p.Profile, p.Title}
	if have, ok := s.pending[key]; !ok || !p.At.Before(have.At) {
		s.pending[key] = p
	}
}

// Flush stores every position that is only in memory. What cannot be stored stays there.
func (s *Service) Flush(ctx context.Context) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	batch := make([]Progress, 0, len(s.pending))
	for _, p := range s.pending {
		batch = append(batch, p)
	}
	clear(s.pending)
	s.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	if err := s.opts.Store.SaveProgress(ctx, batch); err != nil {
		for _, p := range batch {
			s.remember(p)
		}
		return fmt.Errorf("store %d positions: %w", len(batch), err)
	}
	return nil
}

// Progress tells where a profile is in each of the titles; titles it never began are left out.
func (s *Service) Progress(ctx context.Context, p id.Profile, titles []id.Title) (map[id.Title]Progress, error) {
	out, err := s.opts.Store.Progress(ctx, p, titles)
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, t := range titles {
		if newer, ok := s.pending[watched{p, t}]; ok && !newer.At.Before(out[t].At) {
			out[t] = newer
		}
	}
	return out, nil
}

// resumeAt is where a profile goes on with a title, in milliseconds.
func (s *Service) resumeAt(ctx context.Context, p id.Profile, t id.Title) (int64, error) {
	all, err := s.Progress(ctx, p, []id.Title{t})
	return all[t].ResumeMS(), err
}

// ContinueWatching lists up to limit titles that a profile began and did not finish, the last watched first.
func (s *Service) ContinueWatching(ctx context.Context, p id.Profile, limit int) ([]Progress, error) {
	if err := s.Flush(ctx); err != nil { // what was played a moment ago must stand first
		return nil, err
	}
	out, err := s.opts.Store.Resumable(ctx, p, limit)
	if err != nil {
		return nil, fmt.Errorf("list what was begun: %w", err)
	}
	return out, nil
}

// Forget removes a title from what a profile began.
func (s *Service) Forget(ctx context.Context, p id.Profile, t id.Title) error {
	s.saving.Lock() // a flush under way would bring it back
	defer s.saving.Unlock()
	s.mu.Lock()
	delete(s.pending, watched{p, t})
	s.mu.Unlock()
	if err := s.opts.Store.ForgetProgress(ctx, p, t); err != nil {
		return fmt.Errorf("forget a position: %w", err)
	}
	return nil
}
