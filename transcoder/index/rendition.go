package index

import (
	"crypto/sha256"

	"movify/pkg/media"
)

// renditionState is what exists of one rendition.
type renditionState struct {
	rendition media.Rendition
	seconds   []float64 // length of each segment
	sizes     []int64   // bytes of each stored segment, 0 = missing
	stored    int
	init      bool
	initSum   [sha256.Size]byte // of the Init Section, once a run has compared it
	packed    *media.Packing    // set when all segments are in one blob
	staged    int64             // bytes of loose segments in Stage
	owners    []*Claim          // the claim on each segment, nil = none
	writing   map[int]bool      // segments that their run has begun to store: no other run may claim them
	uploaded  map[int]bool      // segments that are in Blobs, or on their way there, one by one
	err       error             // of the last run that broke
	failures  int               // runs that broke

	// A packed rendition may have segments outside its blob that are to be removed: loose ones, in Stage or Blobs, and
	// orphans, which lie in Blobs without being in uploaded and can only be found by a listing.
	loose, orphans bool
}

func newRenditionState(r media.Rendition, g media.Grid) *renditionState {
	return &renditionState{
		rendition: r, seconds: segmentSeconds(g, r.Kind),
		sizes: make([]int64, g.Segments()), owners: make([]*Claim, g.Segments()),
		writing: map[int]bool{}, uploaded: map[int]bool{},
	}
}

func segmentSeconds(g media.Grid, k media.Kind) []float64 {
	bounds := g.VideoMS()
	if k == media.Audio {
		bounds = g.AudioMS()
	}
	out := make([]float64, g.Segments())
	for i := range out {
		out[i] = float64(bounds[i+1]-bounds[i]) / 1000
	}
	return out
}

// addStaged records a file of Stage. An earlier process may have uploaded or adopted it: Blobs may have it too.
func (s *renditionState) addStaged(name string, size int64) {
	if name == media.InitName {
		s.init, s.loose = true, true
	} else if n, ok := media.ParseSegmentName(name); ok && n < len(s.sizes) {
		s.put(n, size)
		s.staged, s.loose, s.orphans = s.staged+size, true, true
	}
}

// setPacked records that all segments are in one blob, and ends the claims on them.
func (s *renditionState) setPacked(p media.Packing) {
	s.packed, s.init, s.initSum, s.stored = &p, true, [sha256.Size]byte{}, len(s.sizes)
	for n := range s.sizes {
		_, s.sizes[n] = p.Segment(n)
		if owner := s.owners[n]; owner != nil && len(owner.renditions) == 1 {
			owner.shrink(owner.next[s.rendition.ID])
		}
		s.owners[n] = nil
	}
}

func (s *renditionState) put(n int, size int64) {
	if s.sizes[n] == 0 {
		s.stored++
	}
	s.sizes[n] = size
}

func (s *renditionState) drop(n int) {
	s.staged -= s.sizes[n]
	s.sizes[n] = 0
	s.stored--
}

func (s *renditionState) fail(err error) { s.err, s.failures = err, s.failures+1 }

func (s *renditionState) has(n int) bool { return s.sizes[n] > 0 }

func (s *renditionState) complete() bool { return s.init && s.stored == len(s.sizes) }

// free reports whether segment n is missing and unclaimed.
func (s *renditionState) free(n int) bool { return !s.has(n) && s.owners[n] == nil }

// leftovers reports whether a packed rendition may have segments outside its blob.
func (s *renditionState) leftovers() bool { return s.loose || s.orphans }
