package transcoder

import (
	"errors"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// interest is what a session looked at last.
type interest struct {
	video, audio look
}

type look struct {
	asset     id.Asset
	rendition id.Rendition
	segment   int
	at        time.Time
}

func (in *interest) of(k media.Kind) *look {
	if k == media.Audio {
		return &in.audio
	}
	return &in.video
}

// look notes what a session wants to see and stops the runs that nobody wants any more.
func (s *Service) look(viewer id.Session, sh *shelf, r media.Rendition, n int) {
	now := s.opts.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.viewers[viewer]
	if in == nil {
		in = &interest{}
		s.viewers[viewer] = in
	}
	at := in.of(r.Kind)
	moved := at.asset != sh.asset.ID || at.rendition != r.ID || n < at.segment || n > at.segment+waitWithin
	*at = look{asset: sh.asset.ID, rendition: r.ID, segment: n, at: now}
	if moved {
		s.stopUnwanted(now)
	}
}

// stays notes that a session still waits for what it asked for last; one that has looked elsewhere since is left there.
func (s *Service) stays(viewer id.Session, sh *shelf, r media.Rendition, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.viewers[viewer]
	if in == nil {
		return
	}
	at := in.of(r.Kind)
	if at.asset == sh.asset.ID && at.rendition == r.ID && at.segment == n {
		at.at = s.opts.Now()
	}
}

// Leave forgets a session; what was being made for it alone stops.
func (s *Service) Leave(viewer id.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.viewers, viewer)
	s.stopUnwanted(s.opts.Now())
}

// interestLasts is how long a silent session keeps a run alive.
const interestLasts = 30 * time.Second

// errUnwanted ends a just-in-time run that nobody waits for.
var errUnwanted = errors.New("no viewer wants this any more")

// tidy stops the runs that nobody wants any more.
func (s *Service) tidy() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopUnwanted(s.opts.Now())
}

// stopUnwanted stops just-in-time runs outside every session's view. The caller holds s.mu.
func (s *Service) stopUnwanted(now time.Time) {
	for r := range s.runs {
		if r.class == queue.JIT && !s.wanted(r, now) {
			r.cancel(errUnwanted)
		}
	}
}

// wanted reports whether a session is about to see what the run makes.
func (s *Service) wanted(r *run, now time.Time) bool {
	head, end := r.span()
	return s.looked(r.shelf.asset, r.renditions[0].ID, r.from, head, end, now)
}

// stillWanted is wanted for a run that has not begun: the viewer may have gone elsewhere while its job waited.
func (s *Service) stillWanted(a media.Asset, r id.Rendition, from int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looked(a, r, from, from, a.Grid.Segments(), s.opts.Now())
}

// looked reports whether a session looks at a rendition where a run from segment from to end, now at head, is of use:
// at what it has just made or is about to make, not beyond where it could be waited for. The caller holds s.mu.
func (s *Service) looked(a media.Asset, r id.Rendition, from, head, end int, now time.Time) bool {
	near := segmentsIn(a.Grid, nearAhead)
	for _, in := range s.viewers {
		for _, at := range [...]look{in.video, in.audio} {
			if at.asset == a.ID && at.rendition == r && now.Sub(at.at) < interestLasts &&
				at.segment >= from-near && at.segment <= head+waitWithin && at.segment < end {
				return true
			}
		}
	}
	return false
}

// span is the run's next segment and the end of its claim. Just-in-time runs have one rendition.
func (r *run) span() (head, end int) {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	return r.heads[r.renditions[0].ID], r.to
}

// cancel stops the run with a reason.
func (r *run) cancel(why error) {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	if r.stop != nil {
		r.stop(why)
	}
}
