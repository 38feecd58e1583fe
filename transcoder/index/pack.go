package index

import (
	"crypto/sha256"
	"slices"

	"movify/pkg/id"
	"movify/pkg/media"
)

// PackState is how far a rendition is on its way from loose segments to one blob.
type PackState struct {
	Complete  bool // every segment and the Init Section are stored
	Packed    bool
	Leftovers bool // packed, and segments may lie outside the blob
}

// PackState gives the state of one rendition.
func (x *Index) PackState(r id.Rendition) PackState {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	return PackState{Complete: s.complete(), Packed: s.packed != nil, Leftovers: s.leftovers()}
}

// Packing gives the layout of a packed rendition; nil while it is made of loose segments, or is none of the asset's.
func (x *Index) Packing(r id.Rendition) *media.Packing {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s, ok := x.renditions[r]; ok {
		return s.packed
	}
	return nil
}

// IsPacked reports whether a rendition is packed.
func (x *Index) IsPacked(r id.Rendition) bool { return x.Packing(r) != nil }

// Unfinished reports whether there is anything to pack, to remove or to mark.
func (x *Index) Unfinished() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	packed := 0
	for _, s := range x.renditions {
		if s.complete() && (s.packed == nil || s.leftovers()) {
			return true
		}
		if s.packed != nil {
			packed++
		}
	}
	return packed == len(x.renditions) // only the mark is missing
}

// AllPacked reports whether every rendition is packed and has no segments left outside its blob.
func (x *Index) AllPacked() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.renditions {
		if s.packed == nil || s.leftovers() {
			return false
		}
	}
	return true
}

// Sizes gives the bytes of each segment of a rendition, 0 for one that is missing.
func (x *Index) Sizes(r id.Rendition) []int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.renditions[r].sizes)
}

// SetPacked records that a rendition's blob and head are stored. Its loose segments are left to be removed.
func (x *Index) SetPacked(r id.Rendition, p media.Packing) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	s.setPacked(p)
	s.loose = true
	x.notify()
}

// RemovePacked records that a packed rendition's blob is gone: all of its segments are missing.
func (x *Index) RemovePacked(r id.Rendition) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	s.packed, s.init, s.initSum, s.stored = nil, false, [sha256.Size]byte{}, 0
	clear(s.sizes)
	x.notify()
}

// SetLoose records whether a rendition may have loose segments in Stage. It is set to false before they are removed: a
// segment that is stored meanwhile sets it to true again.
func (x *Index) SetLoose(r id.Rendition, loose bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.renditions[r].loose = loose
}

// ClearStaged records that no loose segment of a rendition is left in Stage.
func (x *Index) ClearStaged(r id.Rendition) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.renditions[r].staged = 0
}

// AddOrphans records that Blobs may hold segments of a rendition that were not uploaded by this process.
func (x *Index) AddOrphans(r id.Rendition) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.renditions[r].loose, x.renditions[r].orphans = true, true
}

// BeginUpload records that a segment is on its way to Blobs; first tells that it is the first of its rendition. ok is
// false when there is nothing to upload.
func (x *Index) BeginUpload(r id.Rendition, n int) (first, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	if s.packed != nil || !s.has(n) || s.uploaded[n] {
		return false, false
	}
	first = len(s.uploaded) == 0
	s.uploaded[n] = true
	return first, true
}

// EndUpload records how an upload ended: a failure may hide that the segment was stored. late tells that the rendition
// was packed meanwhile, so that the segment has to be removed from Blobs.
func (x *Index) EndUpload(r id.Rendition, n int, err error) (late bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	if err != nil {
		delete(s.uploaded, n)
		s.orphans = true
	}
	if s.packed == nil {
		return false
	}
	s.orphans, s.loose = true, true
	return true
}

// TakeUploaded gives the segments of a rendition that were uploaded, and whether Blobs may hold others, and forgets
// both.
func (x *Index) TakeUploaded(r id.Rendition) (segments []int, orphans bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.renditions[r]
	for n := range s.uploaded {
		segments = append(segments, n)
	}
	orphans, s.orphans = s.orphans, false
	clear(s.uploaded)
	return segments, orphans
}
