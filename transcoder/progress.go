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

// Measures gives the stored bytes and the bit rates of each rendition; none for an asset that is not planned yet.
func (s *Service) Measures(a media.Asset) map[id.Rendition]media.Measure {
	if a.Grid.Segments() == 0 {
		return map[id.Rendition]media.Measure{}
	}
	x, err := s.index(context.Background(), a)
	if err != nil {
		s.opts.Logger.Error("measure an asset", "asset", a.ID, "error", err)
		return map[id.Rendition]media.Measure{}
	}
	return x.Measures()
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
	renditions, from := r.claim.Renditions(), r.claim.From()
	_, at, end := r.claim.Progress()
	pauses, paused := r.pauses()
	out := RunState{
		ID: r.id, Asset: r.asset().ID, Class: r.class, Renditions: renditions,
		From: from, To: end, At: at, Paused: paused,
	}
	if worked := now.Sub(r.started) - pauses; at > from && worked > 0 {
		out.Speed = r.claim.Index().Seconds(renditions[0].ID, from, at) / worked.Seconds()
	}
	return out
}

// Percent is how much of the ladder of a file with that content is stored, 0 to 100, as of its last check.
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

// RetryFailed lets the reconciler try a failed file again, and retries at once what storage refused.
func (s *Service) RetryFailed(fingerprint string) {
	s.mu.Lock()
	delete(s.failed, fingerprint)
	s.checked.forget(fingerprint)
	s.mu.Unlock()
	s.finishQueue.prioritize(fingerprint)
	s.Poke()
}
