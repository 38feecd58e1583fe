package transcoder

import (
	"errors"
	"sync"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder/index"
)

const (
	// positionLife is how long the last request of a silent session keeps a just-in-time run alive.
	positionLife = 30 * time.Second
	// viewerIdle is how long the positions of a silent session are kept.
	viewerIdle = 10 * time.Minute
)

// errUnwanted ends a just-in-time run that no viewer waits for.
var errUnwanted = errors.New("no viewer wants this any more")

// viewers holds the last position of every session, for video and audio.
type viewers struct {
	mu sync.Mutex
	of map[id.Session]*viewerPosition
}

// viewerPosition is what a session asked for last.
type viewerPosition struct {
	video, audio position
	frames       int // of pictures of the ladder of video.asset, in the segments asked for
}

type position struct {
	asset     id.Asset
	rendition id.Rendition
	segment   int
	at        time.Time
}

func newViewers() *viewers { return &viewers{of: map[id.Session]*viewerPosition{}} }

func (p *viewerPosition) kind(k media.Kind) *position {
	if k == media.Audio {
		return &p.audio
	}
	return &p.video
}

// touch records that a session asks for a segment. moved tells that it is not one of the next few of its last position,
// needed that with this segment it has asked for neededFrames of the asset's pictures. Sound by itself does not count: it
// is made beside the Original stream too, and costs little.
func (v *viewers) touch(
	viewer id.Session, a media.Asset, r media.Rendition, n int, now time.Time,
) (moved, needed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.of[viewer]
	if p == nil {
		p = &viewerPosition{}
		v.of[viewer] = p
	}
	at := p.kind(r.Kind)
	moved = at.asset != a.ID || at.rendition != r.ID || n < at.segment || n > at.segment+index.WaitWithin
	if r.Kind == media.Video {
		needed = p.count(a, n)
	}
	*at = position{asset: a.ID, rendition: r.ID, segment: n, at: now}
	return moved, needed
}

// count counts the pictures of segment n, unless it was the last that was asked for, and reports whether they now reach
// neededFrames.
func (p *viewerPosition) count(a media.Asset, n int) bool {
	switch {
	case p.video.asset != a.ID:
		p.frames = 0
	case p.video.segment == n:
		return false
	}
	if n < 0 || n >= a.Grid.Segments() {
		return false
	}
	before, wanted := p.frames, neededFrames(a)
	p.frames += a.Grid.Frames[n+1] - a.Grid.Frames[n]
	return before < wanted && p.frames >= wanted
}

// renew records that a session still waits for a segment, unless it has asked for another since.
func (v *viewers) renew(viewer id.Session, a id.Asset, r media.Rendition, n int, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p := v.of[viewer]
	if p == nil {
		return
	}
	at := p.kind(r.Kind)
	if at.asset == a && at.rendition == r.ID && at.segment == n {
		at.at = now
	}
}

// remove forgets a session.
func (v *viewers) remove(viewer id.Session) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.of, viewer)
}

// expire forgets the sessions that have been silent for long.
func (v *viewers) expire(now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for viewer, p := range v.of {
		if last := max(p.video.at.UnixNano(), p.audio.at.UnixNano()); now.UnixNano()-last > int64(viewerIdle) {
			delete(v.of, viewer)
		}
	}
}

// want reports whether a session asks for a segment of a rendition that a run is of use for, which makes [from, end)
// and has come to next: one it has just made or is about to make, not one so far ahead that another run would be
// started.
func (v *viewers) want(a media.Asset, r id.Rendition, from, next, end int, now time.Time) bool {
	near := segmentsIn(a.Grid, nearAhead)
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.of {
		for _, at := range [...]position{p.video, p.audio} {
			if at.asset == a.ID && at.rendition == r && now.Sub(at.at) < positionLife &&
				at.segment >= from-near && at.segment <= next+index.WaitWithin && at.segment < end {
				return true
			}
		}
	}
	return false
}

// touch records that a session asks for a segment, and stops the runs that no viewer wants any more.
func (s *Service) touch(viewer id.Session, a media.Asset, r media.Rendition, n int) {
	now := s.opts.Now()
	moved, needed := s.viewers.touch(viewer, a, r, n, now)
	if moved {
		s.stopUnwantedRuns(now)
	}
	if needed {
		s.need(a.ID)
	}
}

// Leave forgets a session and stops the runs that it alone wanted.
func (s *Service) Leave(viewer id.Session) {
	s.viewers.remove(viewer)
	s.stopUnwantedRuns(s.opts.Now())
}

// stopUnwantedRuns stops the just-in-time runs that no viewer wants.
func (s *Service) stopUnwantedRuns(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for r := range s.runs {
		if r.class != queue.JIT {
			continue
		}
		next, _, end := r.claim.Progress()
		if !s.viewers.want(r.asset(), r.claim.Renditions()[0].ID, r.claim.From(), next, end, now) {
			r.claim.Stop(errUnwanted)
		}
	}
}

// stillWanted reports whether a run that is about to begin is of use: the viewer may have gone elsewhere while its job
// waited in the queue.
func (s *Service) stillWanted(a media.Asset, r id.Rendition, from int) bool {
	return s.viewers.want(a, r, from, from, a.Grid.Segments(), s.opts.Now())
}
