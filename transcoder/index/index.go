// Package index is the segment index of one asset (not the sidx box of a file): which segments, Init Sections and packed
// renditions exist, and which run owns each missing segment. It reads and writes no storage: the transcoder builds an
// Index from a listing of Stage, and reports every later change to it.
//
// Invariants: every method takes the index's own mutex, so any goroutine may call any of them; a segment has at most
// one owner; a segment that is being written, or is stored, is never claimed. Unexported methods of Index, Claim and
// renditionState run under that mutex.
package index

import (
	"crypto/sha256"
	"slices"
	"sync"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
)

// Index lists the segments of one asset that exist, and the claims on those that do not.
type Index struct {
	asset media.Asset

	mu         sync.Mutex
	renditions map[id.Rendition]*renditionState
	changed    chan struct{} // closed and replaced at every change
	used       time.Time
}

// Staged is one file that a listing of Stage found.
type Staged struct {
	Rendition id.Rendition
	Name      string
	Size      int64
	Packing   *media.Packing // of a head (media.HeadName), else nil
}

// State is what the index has of one segment and of its rendition, at one moment.
type State struct {
	Segment  bool            // the segment is stored
	Init     bool            // the Init Section is stored
	Failures int             // runs of the rendition that broke so far: a waiter compares two counts
	Err      error           // of the last of them
	Changed  <-chan struct{} // closed at the next change of the index
}

// New builds the index of an asset from the files that Stage holds of it. A rendition with segments but without its
// Init Section loses segment 0, because only a run stores an Init Section and only a missing segment starts a run.
func New(a media.Asset, staged []Staged, now time.Time) *Index {
	x := &Index{asset: a, renditions: map[id.Rendition]*renditionState{}, changed: make(chan struct{}), used: now}
	for _, r := range a.Ladder.Renditions {
		x.renditions[r.ID] = newRenditionState(r, a.Grid)
	}
	for _, f := range staged {
		if s, ok := x.renditions[f.Rendition]; ok {
			s.addStaged(f.Name, f.Size)
		}
	}
	for _, f := range staged {
		if s, ok := x.renditions[f.Rendition]; ok && f.Packing != nil {
			s.setPacked(*f.Packing)
		}
	}
	for _, s := range x.renditions {
		if s.packed == nil && !s.init && s.has(0) {
			s.drop(0)
		}
	}
	return x
}

// Asset is the asset that is indexed.
func (x *Index) Asset() media.Asset { return x.asset }

// State gives the state of segment n of a rendition.
func (x *Index) State(r id.Rendition, n int) State {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	return State{Segment: s.has(n), Init: s.init, Failures: s.failures, Err: s.err, Changed: x.changed}
}

// NextMissing gives the first segment in [from, to) that is missing and that no just-in-time run owns. ok is false when
// there is none, or when a just-in-time run owns the first that is missing: the segments after it are left to that run.
func (x *Index) NextMissing(r id.Rendition, from, to int) (n int, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	for n := from; n < min(to, len(s.sizes)); n++ {
		if s.has(n) {
			continue
		}
		owner := s.owners[n]
		return n, owner == nil || !owner.jit
	}
	return 0, false
}

// AnyMissing reports whether a rendition lacks a segment before end: one of those in only, or any where only is nil.
func (x *Index) AnyMissing(end int, only []id.Rendition) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for r, s := range x.renditions {
		if only != nil && !slices.Contains(only, r) {
			continue
		}
		for n := range min(end, len(s.sizes)) {
			if !s.has(n) {
				return true
			}
		}
	}
	return false
}

// Counts gives the stored and the wanted segments over all renditions.
func (x *Index) Counts() (stored, wanted int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.renditions {
		stored, wanted = stored+s.stored, wanted+len(s.sizes)
	}
	return stored, wanted
}

// Init gives the checksum of a rendition's Init Section, zero before a run has compared it, and whether one is stored.
func (x *Index) Init(r id.Rendition) (sum [sha256.Size]byte, stored bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.renditions[r].initSum, x.renditions[r].init
}

// SetInit records that a rendition's Init Section is stored, with its checksum.
func (x *Index) SetInit(r id.Rendition, sum [sha256.Size]byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.renditions[r].init, x.renditions[r].initSum = true, sum
	x.notify()
}

// RemoveInit records that a rendition's Init Section is gone. A packed rendition has its own.
func (x *Index) RemoveInit(r id.Rendition) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s := x.renditions[r]; s.packed == nil {
		s.init, s.initSum = false, [sha256.Size]byte{}
	}
}

// Remove records that the bytes of a segment are gone, so that it is made again. Segments of a packed rendition stay.
func (x *Index) Remove(r id.Rendition, n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s := x.renditions[r]; s.has(n) && s.packed == nil {
		s.drop(n)
		x.notify()
	}
}

// Adopt records a segment that was copied from Blobs to Stage, with the Init Section of its rendition.
func (x *Index) Adopt(r id.Rendition, n int, size int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s := x.renditions[r]; s.packed == nil {
		s.init = true
		s.put(n, size)
		s.staged += size
	}
	x.notify()
}

// Fail records that no run for a rendition could begin, for the requests that wait for one.
func (x *Index) Fail(r id.Rendition, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s, ok := x.renditions[r]; ok {
		s.fail(err)
		x.notify()
	}
}

// Touch records that the index is in use.
func (x *Index) Touch(now time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.used = now
}

// Idle is how long the index has not been used.
func (x *Index) Idle(now time.Time) time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	return now.Sub(x.used)
}

// notify wakes all that wait on State.Changed.
func (x *Index) notify() {
	close(x.changed)
	x.changed = make(chan struct{})
}
