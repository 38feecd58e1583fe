package player

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"movify/pkg/id"
)

// State is the state that a player reports.
type State string

// The states of a player.
const (
	Playing   State = "playing"
	Paused    State = "paused"
	Buffering State = "buffering"
)

// Progress is the position of a profile in a title: in all of it, also when that is several files.
type Progress struct {
	Profile    id.Profile
	Title      id.Title
	File       id.File
	PositionMS int64
	DurationMS int64
	At         time.Time // when the player was there
}

// progressKey names the Progress of a profile in a title.
type progressKey struct {
	profile id.Profile
	title   id.Title
}

// beginning is up to which position a title has not been started: half a minute, or a tenth of a title under five
// minutes.
func beginning(durationMS int64) int64 { return min(30_000, durationMS/10) }

// Watched reports whether the title was seen to the end: from 95 % on there are only credits.
func (p Progress) Watched() bool { return p.DurationMS > 0 && p.PositionMS*100 >= p.DurationMS*95 }

// Started reports whether the position is past the beginning.
func (p Progress) Started() bool { return p.DurationMS > 0 && p.PositionMS >= beginning(p.DurationMS) }

// ResumeMS is the position to resume at, in milliseconds; 0 when the title was not started or was watched to the end.
func (p Progress) ResumeMS() int64 {
	if !p.Started() || p.Watched() {
		return 0
	}
	return p.PositionMS
}

// Report records the position of a playback of v, in milliseconds. It is stored within ten seconds, at a pause at once.
func (s *Service) Report(ctx context.Context, v id.Viewer, x id.Session, positionMS int64, state State) error {
	l, err := s.ownSession(ctx, v, x)
	if err != nil {
		return err
	}
	now := s.opts.Clock()
	leave, err := l.enter(now)
	if err != nil {
		return err
	}
	defer func() { leave(s.opts.Clock()) }()
	p := s.setPosition(l, positionMS, now)
	if state == Paused || p.Watched() { // a later position must not hide that the end was seen
		return s.Flush(ctx)
	}
	return nil
}

// OfflineReport is the position of a device in a title, as in Progress, that it reports later: it had no connection
// then.
type OfflineReport struct {
	Title      id.Title
	File       id.File
	PositionMS int64
	DurationMS int64
	At         time.Time
}

// AddOfflineReports stores the positions that a device of v reports late. Each counts as of its time, so that no later
// one is undone; a time in the future is now.
func (s *Service) AddOfflineReports(ctx context.Context, v id.Viewer, reports []OfflineReport) error {
	if err := s.Flush(ctx); err != nil { // a position in memory may be the later one
		return err
	}
	batch := make([]pendingProgress, 0, len(reports))
	for _, b := range reports {
		batch = append(batch, pendingProgress{v, Progress{
			Profile: v.Profile, Title: b.Title, File: b.File, DurationMS: b.DurationMS,
			PositionMS: max(0, min(b.PositionMS, b.DurationMS)), At: s.past(b.At),
		}})
	}
	return s.save(ctx, batch)
}

// pendingProgress is a position in memory with its viewer.
type pendingProgress struct {
	viewer   id.Viewer
	progress Progress
}

// save stores positions and sends notices to the devices of their profiles.
func (s *Service) save(ctx context.Context, batch []pendingProgress) error {
	if len(batch) == 0 {
		return nil
	}
	ps := make([]Progress, 0, len(batch))
	for _, x := range batch {
		ps = append(ps, x.progress)
	}
	if err := s.opts.Store.SaveProgress(ctx, ps); err != nil {
		return fmt.Errorf("store %d positions: %w", len(batch), err)
	}
	for _, x := range batch {
		s.publishChange(x.viewer, "progress", x.progress.Title)
	}
	return nil
}

// setPosition records a position in memory, unless a later one is there.
func (s *Service) setPosition(l *activeSession, positionMS int64, at time.Time) Progress {
	session := l.snapshot()
	p := Progress{
		Profile: session.Viewer.Profile, Title: session.Title, File: session.File,
		PositionMS: l.span.beforeMS + max(0, min(positionMS, l.span.ownMS)), DurationMS: l.span.wholeMS, At: at,
	}
	s.addPending(pendingProgress{session.Viewer, p})
	return p
}

func (s *Service) addPending(x pendingProgress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := progressKey{x.progress.Profile, x.progress.Title}
	if have, ok := s.pending[key]; !ok || !x.progress.At.Before(have.progress.At) {
		s.pending[key] = x
	}
}

// Flush stores every position that is only in memory. It stays in memory until it is stored, so that a reader always
// finds it in one of the two.
func (s *Service) Flush(ctx context.Context) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.RLock()
	batch := slices.Collect(maps.Values(s.pending))
	s.mu.RUnlock()
	if err := s.save(ctx, batch); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range batch {
		if key := (progressKey{x.progress.Profile, x.progress.Title}); s.pending[key] == x { // no later one came meanwhile
			delete(s.pending, key)
		}
	}
	return nil
}

// pendingOf lists the positions of a profile that are only in memory.
func (s *Service) pendingOf(p id.Profile) []Progress {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []Progress
	for key, x := range s.pending {
		if key.profile == p {
			out = append(out, x.progress)
		}
	}
	return out
}

// Progress gives the position of a profile in each of the titles; titles it never began are left out.
func (s *Service) Progress(ctx context.Context, p id.Profile, titles []id.Title) (map[id.Title]Progress, error) {
	out, err := s.opts.Store.Progress(ctx, p, titles)
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	s.replaceStored(p, titles, out)
	return out, nil
}

// replaceStored replaces stored positions by later ones in memory.
func (s *Service) replaceStored(p id.Profile, titles []id.Title, at map[id.Title]Progress) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, t := range titles {
		if newer, ok := s.pending[progressKey{p, t}]; ok && !newer.progress.At.Before(at[t].At) {
			at[t] = newer.progress
		}
	}
}

// resumeAt is the position at which a profile resumes a title, in milliseconds.
func (s *Service) resumeAt(ctx context.Context, p id.Profile, t id.Title) (int64, error) {
	all, err := s.Progress(ctx, p, []id.Title{t})
	return all[t].ResumeMS(), err
}

// ContinueWatching lists up to limit titles that a profile started and did not finish, the last watched first. It
// stores nothing.
func (s *Service) ContinueWatching(ctx context.Context, p id.Profile, limit int) ([]Progress, error) {
	// Positions in memory take the place of stored ones of their titles, some of which cannot be continued then.
	pending := s.pendingOf(p)
	out, err := s.opts.Store.Resumable(ctx, p, limit+len(pending))
	if err != nil {
		return nil, fmt.Errorf("list resumable titles: %w", err)
	}
	if len(pending) == 0 {
		return out, nil
	}
	titles := make([]id.Title, 0, len(pending))
	for _, x := range pending {
		titles = append(titles, x.Title)
	}
	latest, err := s.Progress(ctx, p, titles)
	if err != nil {
		return nil, err
	}
	out = slices.DeleteFunc(out, func(x Progress) bool { return slices.Contains(titles, x.Title) })
	for _, x := range latest {
		if x.ResumeMS() > 0 {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Progress) int { return b.At.Compare(a.At) })
	return out[:min(limit, len(out))], nil
}

// Forget removes the position of v in a title, which stays in the history.
func (s *Service) Forget(ctx context.Context, v id.Viewer, t id.Title) error {
	if err := s.forget(ctx, v.Profile, t, s.opts.Clock()); err != nil {
		return err
	}
	s.publishChange(v, "progress", t)
	return nil
}

// forget removes the positions in a title up to a time.
func (s *Service) forget(ctx context.Context, p id.Profile, t id.Title, at time.Time) error {
	s.saving.Lock() // a flush under way would store it again
	defer s.saving.Unlock()
	s.mu.Lock()
	if x, ok := s.pending[progressKey{p, t}]; ok && !x.progress.At.After(at) {
		delete(s.pending, progressKey{p, t})
	}
	s.mu.Unlock()
	if err := s.opts.Store.ForgetProgress(ctx, p, t, at); err != nil {
		return fmt.Errorf("forget a position: %w", err)
	}
	return nil
}
