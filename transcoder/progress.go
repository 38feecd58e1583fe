package transcoder

import (
	"cmp"
	"context"
	"slices"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// Measures is what is known of each rendition's bytes; nothing for an asset that nobody has looked at.
func (s *Service) Measures(a media.Asset) map[id.Rendition]media.Measure {
	sh, err := s.shelf(context.Background(), a)
	if err != nil {
		s.opts.Logger.Error("measure", "asset", a.ID, "error", err)
		return map[id.Rendition]media.Measure{}
	}
	return sh.measures()
}

// RunState is a run that goes on now.
type RunState struct {
	ID         id.Run
	Asset      id.Asset
	Class      queue.Class
	Renditions []media.Rendition
	From, To   int // segments [From, To)
	At         int // the next segment of the slowest rendition
	Paused     bool
	Speed      float64 // times realtime, pauses left out; 0 = not known yet
}

// Running lists the runs that go on now, oldest first.
func (s *Service) Running() []RunState {
	s.mu.Lock()
	var runs []*run
	for r := range s.runs {
		runs = append(runs, r)
	}
	s.mu.Unlock()
	now := s.opts.Now()
	out := make([]RunState, 0, len(runs))
	for _, r := range runs {
		out = append(out, r.state(now))
	}
	slices.SortFunc(out, func(a, b RunState) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (r *run) state(now time.Time) RunState {
	s := r.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	at := r.to
	for _, head := range r.heads {
		at = min(at, head)
	}
	out := RunState{
		ID: r.id, Asset: s.asset.ID, Class: r.class, Renditions: r.renditions,
		From: r.from, To: r.to, At: at, Paused: r.standing,
	}
	if worked := now.Sub(r.started) - r.paused; at > r.from && worked > 0 {
		var made float64
		for n := r.from; n < at; n++ {
			made += s.tracks[r.renditions[0].ID].seconds[n]
		}
		out.Speed = made / worked.Seconds()
	}
	return out
}

// Percent is how much of the ladder of a file with that content is stored, 0 to 100, as last looked at.
func (s *Service) Percent(fingerprint string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.percent[fingerprint]
}

// Failure is why the ladder of a file with that content is not finished and will not be tried again by itself; "" when
// there is nothing to say.
func (s *Service) Failure(fingerprint string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed[fingerprint]
}

// Forgive lets a failed file be tried again at the next look, and what storage refused at once.
func (s *Service) Forgive(fingerprint string) {
	s.mu.Lock()
	delete(s.failed, fingerprint)
	delete(s.reviews, fingerprint)
	s.mu.Unlock()
	s.finishing.hurry(fingerprint)
	s.Poke()
}
