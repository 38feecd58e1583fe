package transcoder

import (
	"context"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// run is one execution of an encoder over segments [from, to) of some renditions. Its claims on the shelf are what keeps
// a segment from being made twice. All fields after the constants are guarded by the shelf's mutex.
type run struct {
	id         id.Run
	class      queue.Class
	shelf      *shelf
	renditions []media.Rendition
	from       int
	firstDone  func() // set by perform for a picture somebody waits for: its first segment is there

	to       int                  // shrinks when a just-in-time run takes over what lies ahead
	heads    map[id.Rendition]int // next segment of each rendition
	started  time.Time
	advanced time.Time     // last commit
	paused   time.Duration // spent standing aside
	standing bool          // stands aside now
	stood    time.Time     // since when
	stop     context.CancelCauseFunc
}

// waitWithin is how many segments behind the wanted one a running just-in-time run may be for the viewer to wait for it
// instead of starting another.
const waitWithin = 2

// claimAhead takes up to count segments of one rendition from n on for a just-in-time run. What a background run was
// going to make there is taken from it. nil means that there is nothing to do: the segment is stored, or a
// just-in-time run is about to reach it.
func (s *shelf) claimAhead(r id.Rendition, n, count int, now time.Time) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	if t.has(n) || t.landing[n] {
		return nil
	}
	if maker := t.makers[n]; maker != nil && maker.class == queue.JIT && n-maker.heads[r] <= waitWithin {
		return nil
	}
	if maker := t.makers[n]; maker != nil {
		maker.shrink(n)
	}
	to := n + 1
	for to < min(n+count, len(t.sizes)) && !t.has(to) && !t.landing[to] {
		if maker := t.makers[to]; maker != nil && maker.class == queue.JIT {
			break
		} else if maker != nil {
			maker.shrink(to)
		}
		to++
	}
	return s.claim(queue.JIT, []media.Rendition{t.rendition}, n, to, now)
}

// claimGap takes the next hole of the asset in [from, to) for a background run: it begins at the first free segment of
// any rendition and goes on for as long as the same renditions are free. nil means that nothing is free.
func (s *shelf) claimGap(class queue.Class, from, to int, now time.Time) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	to = min(to, s.asset.Grid.Segments())
	for n := from; n < to; n++ {
		free := s.freeAt(n)
		if len(free) == 0 {
			continue
		}
		end := n + 1
		for end < to && sameRenditions(free, s.freeAt(end)) {
			end++
		}
		return s.claim(class, free, n, end, now)
	}
	return nil
}

// freeAt gives the renditions whose segment n is missing and unclaimed, in ladder order.
func (s *shelf) freeAt(n int) []media.Rendition {
	var out []media.Rendition
	for _, r := range s.asset.Ladder.Renditions {
		if s.tracks[r.ID].free(n) {
			out = append(out, r)
		}
	}
	return out
}

func sameRenditions(a, b []media.Rendition) bool {
	if len(a) != len(b) {
		return false
	}
	for n := range a {
		if a[n].ID != b[n].ID {
			return false
		}
	}
	return true
}

// claim marks the segments as being made by a new run. The caller holds mu.
func (s *shelf) claim(class queue.Class, renditions []media.Rendition, from, to int, now time.Time) *run {
	r := &run{
		id: id.New[id.Run](), class: class, shelf: s, renditions: renditions, from: from,
		to: to, heads: map[id.Rendition]int{}, started: now, advanced: now,
	}
	for _, x := range renditions {
		r.heads[x.ID] = from
		for n := from; n < to; n++ {
			s.tracks[x.ID].makers[n] = r
		}
	}
	return r
}

// shrink ends a run's claim before segment n. A run that has nothing left is stopped. The caller holds the shelf's mu.
func (r *run) shrink(n int) {
	if n >= r.to {
		return
	}
	r.release(n)
	r.to = n
	if r.finished() && r.stop != nil {
		r.stop(errEnded)
	}
}

// release gives up the claims on segments from n on. The caller holds the shelf's mu.
func (r *run) release(n int) {
	for _, x := range r.renditions {
		t := r.shelf.tracks[x.ID]
		for i := max(n, r.from); i < r.to; i++ {
			if t.makers[i] == r && !t.landing[i] {
				t.makers[i] = nil
			}
		}
	}
}

// finished reports whether every rendition has reached the end. The caller holds the shelf's mu.
func (r *run) finished() bool {
	for _, head := range r.heads {
		if head < r.to {
			return false
		}
	}
	return true
}

// picture reports whether the run makes pictures that somebody waits for. Just-in-time runs have one rendition.
func (r *run) picture() bool { return r.class == queue.JIT && r.renditions[0].Kind == media.Video }

// done counts the segments of the run's first rendition that are there.
func (r *run) done() int {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	return r.heads[r.renditions[0].ID] - r.from
}

// wants reports whether segment n is still to be made.
func (r *run) wants(n int) bool {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	return n < r.to
}

// end gives up whatever the run has not made and tells those who wait why.
func (r *run) end(err error) {
	s := r.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	r.release(r.from)
	if err != nil {
		for _, x := range r.renditions {
			t := s.tracks[x.ID]
			t.failure, t.failures = err, t.failures+1
		}
	}
	s.ring()
}

// stand notes that the run stands aside. Several of its outputs may do so at once; the time is counted once.
func (r *run) stand(now time.Time) {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	if !r.standing {
		r.standing, r.stood = true, now
	}
}

// resume notes that the run works again.
func (r *run) resume(now time.Time) {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	if r.standing {
		r.standing, r.advanced = false, now
		r.paused += now.Sub(r.stood)
	}
}
