package index

import (
	"context"
	"errors"
	"slices"

	"movify/pkg/id"
	"movify/pkg/media"
)

// ErrClaimEnded is the cause with which a claim stops its run: every segment of the claim is stored, or was taken over.
var ErrClaimEnded = errors.New("every segment of the claim is stored or belongs to another run")

// WaitWithin is how many segments behind the wanted one a just-in-time run may be for a request to wait for it instead
// of starting another run.
const WaitWithin = 2

// Claim is the right of one run to make the segments [from, end) of some renditions. It keeps a segment from being made
// twice. The index's mutex guards the fields after from.
type Claim struct {
	index      *Index
	jit        bool
	renditions []media.Rendition
	from       int

	end  int                  // shrinks when a just-in-time run takes over the segments from there on
	next map[id.Rendition]int // next segment of each rendition
	stop context.CancelCauseFunc
}

// ClaimAhead claims up to count segments of one rendition from n on for a just-in-time run, and takes over those that a
// background run owns. nil means that there is nothing to do: the segment is stored, or a just-in-time run is about to
// reach it.
func (x *Index) ClaimAhead(r id.Rendition, n, count int) *Claim {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	if s.has(n) || s.writing[n] {
		return nil
	}
	if owner := s.owners[n]; owner != nil && owner.jit && n-owner.next[r] <= WaitWithin {
		return nil
	}
	if owner := s.owners[n]; owner != nil {
		owner.shrink(n)
	}
	end := n + 1
	for end < min(n+count, len(s.sizes)) && !s.has(end) && !s.writing[end] {
		if owner := s.owners[end]; owner != nil && owner.jit {
			break
		} else if owner != nil {
			owner.shrink(end)
		}
		end++
	}
	return x.claim(true, []media.Rendition{s.rendition}, n, end)
}

// ClaimGap claims the next gap of the asset in [from, to) for a background run: from the first free segment of any
// rendition on, as far as the same renditions are free. Where only is not nil, the renditions in it are meant alone. nil
// means that nothing is free.
func (x *Index) ClaimGap(from, to int, only []id.Rendition) *Claim {
	x.mu.Lock()
	defer x.mu.Unlock()
	to = min(to, x.asset.Grid.Segments())
	for n := from; n < to; n++ {
		free := x.freeAt(n, only)
		if len(free) == 0 {
			continue
		}
		end := n + 1
		for end < to && sameRenditions(free, x.freeAt(end, only)) {
			end++
		}
		return x.claim(false, free, n, end)
	}
	return nil
}

// freeAt gives the renditions whose segment n is missing and unclaimed, in ladder order: those in only, or all where only
// is nil.
func (x *Index) freeAt(n int, only []id.Rendition) []media.Rendition {
	var out []media.Rendition
	for _, r := range x.asset.Ladder.Renditions {
		if (only == nil || slices.Contains(only, r.ID)) && x.renditions[r.ID].free(n) {
			out = append(out, r)
		}
	}
	return out
}

func (x *Index) allFree(renditions []media.Rendition, n int) bool {
	for _, r := range renditions {
		if !x.renditions[r.ID].free(n) {
			return false
		}
	}
	return true
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

// claim makes a new claim the owner of segments that are free.
func (x *Index) claim(jit bool, renditions []media.Rendition, from, end int) *Claim {
	c := &Claim{index: x, jit: jit, renditions: renditions, from: from, end: end, next: map[id.Rendition]int{}}
	for _, r := range renditions {
		c.next[r.ID] = from
		for n := from; n < end; n++ {
			x.renditions[r.ID].owners[n] = c
		}
	}
	return c
}

// Index is the index that the claim belongs to.
func (c *Claim) Index() *Index { return c.index }

// Renditions are those the claim makes, in ladder order. A just-in-time claim has one.
func (c *Claim) Renditions() []media.Rendition { return c.renditions }

// From is the first segment of the claim.
func (c *Claim) From() int { return c.from }

// Start gives the end of the claim, and the function that stops its run once nothing of the claim is left.
func (c *Claim) Start(stop context.CancelCauseFunc) (end int) {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	c.stop = stop
	return c.end
}

// Stop stops the run of the claim with a reason. A claim whose run has not started goes on.
func (c *Claim) Stop(why error) {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	if c.stop != nil {
		c.stop(why)
	}
}

// Progress gives the next segment of the first rendition and of the one furthest behind, and the end of the claim.
func (c *Claim) Progress() (first, slowest, end int) {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	return c.next[c.renditions[0].ID], c.slowest(), c.end
}

// Includes reports whether segment n is before the end of the claim.
func (c *Claim) Includes(n int) bool {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	return n < c.end
}

// BeginWrite announces that the run is about to store a segment; false when another run owns it by now. Commit or
// AbortWrite must follow.
func (c *Claim) BeginWrite(r id.Rendition, n int) bool {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	s := c.index.renditions[r]
	if s.owners[n] != c || s.packed != nil {
		return false
	}
	s.writing[n] = true
	return true
}

// AbortWrite records that a segment could not be stored.
func (c *Claim) AbortWrite(r id.Rendition, n int) {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	s := c.index.renditions[r]
	s.owners[n] = nil
	delete(s.writing, n)
	c.index.notify()
}

// Commit records that a segment is stored, and tells whether it was the last of its rendition.
func (c *Claim) Commit(r id.Rendition, n int, size int64) (complete bool) {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	s := c.index.renditions[r]
	if s.loose = true; s.packed == nil {
		s.put(n, size)
		s.staged += size
	}
	delete(s.writing, n)
	if s.owners[n] == c {
		s.owners[n] = nil
	}
	c.next[r] = n + 1
	c.index.notify()
	return s.complete()
}

// StopIfDone stops the run when every rendition has reached the end of the claim.
func (c *Claim) StopIfDone() {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	if c.done() && c.stop != nil {
		c.stop(ErrClaimEnded)
	}
}

// Rest turns the segments that a broken run still owns into a new claim: from the first missing segment on, the
// renditions that lack it. nil when a rendition elsewhere is all that is missing, or nothing.
func (c *Claim) Rest() *Claim {
	x := c.index
	x.mu.Lock()
	defer x.mu.Unlock()
	least := c.slowest()
	c.release(c.from)
	var left []media.Rendition
	for _, r := range c.renditions {
		if s := x.renditions[r.ID]; s.free(min(least, len(s.sizes)-1)) {
			left = append(left, r)
		}
	}
	if len(left) == 0 || least >= c.end {
		return nil
	}
	end := least + 1
	for end < c.end && x.allFree(left, end) {
		end++
	}
	return x.claim(c.jit, left, least, end)
}

// Release gives up the segments that the run has not made. err, if any, is told to the requests that wait for them.
func (c *Claim) Release(err error) {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	c.release(c.from)
	if err != nil {
		for _, r := range c.renditions {
			c.index.renditions[r.ID].fail(err)
		}
	}
	c.index.notify()
}

// shrink ends the claim before segment n, and stops its run when nothing of the claim is left.
func (c *Claim) shrink(n int) {
	if n >= c.end {
		return
	}
	c.release(n)
	c.end = n
	if c.done() && c.stop != nil {
		c.stop(ErrClaimEnded)
	}
}

// release gives up the segments from n on, except those that are being written.
func (c *Claim) release(n int) {
	for _, r := range c.renditions {
		s := c.index.renditions[r.ID]
		for i := max(n, c.from); i < c.end; i++ {
			if s.owners[i] == c && !s.writing[i] {
				s.owners[i] = nil
			}
		}
	}
}

// done reports whether every rendition has reached the end of the claim.
func (c *Claim) done() bool {
	for _, next := range c.next {
		if next < c.end {
			return false
		}
	}
	return true
}

// slowest is the next segment of the rendition that is furthest behind.
func (c *Claim) slowest() int {
	least := c.end
	for _, next := range c.next {
		least = min(least, next)
	}
	return least
}
