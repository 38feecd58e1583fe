package transcoder

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// shelf is the index of what is stored of one asset, and of who is making what is not. It is built from Stage's own
// listing, so it is right after any crash; from then on every commit passes through it.
type shelf struct {
	asset media.Asset

	mu      sync.Mutex
	tracks  map[id.Rendition]*track
	changed chan struct{} // closed and replaced at every change
	used    time.Time
}

// track is one rendition on the shelf.
type track struct {
	rendition media.Rendition
	seconds   []float64 // length of each segment
	sizes     []int64   // bytes of each stored segment, 0 = missing
	stored    int
	init      bool
	initSum   [sha256.Size]byte // of the Init Section, once a run has compared it
	packed    *media.Packing    // set when all segments are in one blob
	singles   bool              // packed, and single segments may be left somewhere
	staged    int64             // bytes of single segments in Stage
	strays    bool              // single segments may be in Blobs that shared does not know of
	shared    map[int]bool      // segments that are, or are being put, into Blobs one by one
	makers    []*run            // who is making each segment, nil = nobody
	landing   map[int]bool      // made and being written to the store now: nobody else may begin it
	failure   error             // of the last run that broke
	failures  int               // counts broken runs, so that a waiter can tell a new failure from an old one
}

// loadShelf lists what is stored, in Stage alone.
func (s *Service) loadShelf(ctx context.Context, a media.Asset) (*shelf, error) {
	sh := &shelf{asset: a, tracks: map[id.Rendition]*track{}, changed: make(chan struct{}), used: s.opts.Now()}
	for _, r := range a.Ladder.Renditions {
		n := a.Grid.Segments()
		sh.tracks[r.ID] = &track{
			rendition: r, seconds: lengths(a.Grid, r.Kind), sizes: make([]int64, n), makers: make([]*run, n),
			landing: map[int]bool{}, shared: map[int]bool{},
		}
	}
	heads := map[*track]media.Packing{}
	for info, err := range s.opts.Stage.List(ctx, a.Prefix) {
		if err != nil {
			return nil, fmt.Errorf("list asset %s: %w", a.ID, err)
		}
		dir, name := path.Split(strings.TrimPrefix(info.Key, a.Prefix))
		t, ok := sh.tracks[id.Rendition(strings.TrimSuffix(dir, "/"))]
		if !ok {
			continue
		}
		if name == media.HeadName {
			data, err := blob.ReadAll(ctx, s.opts.Stage, info.Key)
			if err != nil {
				return nil, fmt.Errorf("list asset %s: %w", a.ID, err)
			}
			if heads[t], err = parseHead(data, a.Grid.Segments()); err != nil {
				return nil, fmt.Errorf("list asset %s: %w", a.ID, err)
			}
		}
		t.found(name, info.Size)
	}
	for _, t := range sh.tracks {
		if p, ok := heads[t]; ok {
			t.pack(p)
		} else if !t.init && t.has(0) {
			t.drop(0) // whoever makes it brings the Init Section
		}
	}
	s.room.set(a.ID, sh.stagedBytes())
	return sh, nil
}

// found notes a file of Stage, which an earlier process may have shared or adopted.
func (t *track) found(name string, size int64) {
	if name == media.InitName {
		t.init, t.singles = true, true
	} else if n, ok := media.ParseSegmentName(name); ok && n < len(t.sizes) {
		t.put(n, size)
		t.staged, t.singles, t.strays = t.staged+size, true, true
	}
}

// pack notes that all segments are in one blob; whoever makes one still has worked in vain.
func (t *track) pack(p media.Packing) {
	t.packed, t.init, t.initSum, t.stored = &p, true, [sha256.Size]byte{}, len(t.sizes)
	for n := range t.sizes {
		_, t.sizes[n] = p.Segment(n)
		if maker := t.makers[n]; maker != nil && len(maker.renditions) == 1 {
			maker.shrink(maker.heads[t.rendition.ID])
		}
		t.makers[n] = nil
	}
}

func lengths(g media.Grid, k media.Kind) []float64 {
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

func (t *track) put(n int, size int64) {
	if t.sizes[n] == 0 {
		t.stored++
	}
	t.sizes[n] = size
}

func (t *track) has(n int) bool { return t.sizes[n] > 0 }

func (t *track) complete() bool { return t.init && t.stored == len(t.sizes) }

// free reports whether segment n is missing and nobody makes it.
func (t *track) free(n int) bool { return !t.has(n) && t.makers[n] == nil }

// ring wakes everyone who waits for a change. The caller holds mu.
func (s *shelf) ring() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// lost takes a segment off the index whose bytes are gone, so that it is made again.
func (s *shelf) lost(r id.Rendition, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tracks[r]; t.has(n) && t.packed == nil {
		t.drop(n)
		s.ring()
	}
}

func (t *track) drop(n int) {
	t.staged -= t.sizes[n]
	t.sizes[n] = 0
	t.stored--
}

// land announces that a run is about to store a segment; false when it is no longer the run's to make. commit or missed
// must follow.
func (s *shelf) land(by *run, r id.Rendition, n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	if t.makers[n] != by || t.packed != nil {
		return false
	}
	t.landing[n] = true
	return true
}

// missed records that a segment that was about to be stored was not.
func (s *shelf) missed(r id.Rendition, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	t.makers[n] = nil
	delete(t.landing, n)
	s.ring()
}

// commit records a stored segment and tells whether it was the last of its rendition.
func (s *shelf) commit(by *run, r id.Rendition, n int, size int64, now time.Time) (complete bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	if t.singles = true; t.packed == nil {
		t.put(n, size)
		t.staged += size
	}
	delete(t.landing, n)
	if t.makers[n] == by {
		t.makers[n] = nil
	}
	by.heads[r] = n + 1
	by.advanced = now
	s.ring()
	return t.complete()
}

// stagedBytes is how much of the asset is in Stage as single segments.
func (s *shelf) stagedBytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sum int64
	for _, t := range s.tracks {
		sum += t.staged
	}
	return sum
}

// measures is what is known of each rendition's bytes.
func (s *shelf) measures() map[id.Rendition]media.Measure {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[id.Rendition]media.Measure, len(s.tracks))
	for r, t := range s.tracks {
		out[r] = t.measure()
	}
	return out
}

func (t *track) measure() media.Measure {
	m := media.Measure{Segments: t.stored, Complete: t.complete()}
	var seconds float64
	for n, size := range t.sizes {
		if size > 0 {
			m.Bytes += size
			seconds += t.seconds[n]
		}
	}
	if seconds > 0 {
		m.Average = int(float64(m.Bytes) * 8 / seconds)
	}
	m.Peak = max(m.Average, t.peak())
	return m
}

// peak is the peak segment bit rate of RFC 8216bis section 4.1: the largest of any contiguous stored segments that last
// between half and one and a half target durations together. The short segments of the start ramp count in company.
func (t *track) peak() int {
	target := math.Round(slices.Max(t.seconds))
	peak := 0
	for first := range t.sizes {
		bytes, seconds := int64(0), 0.0
		for n := first; n < len(t.sizes) && t.has(n); n++ {
			bytes, seconds = bytes+t.sizes[n], seconds+t.seconds[n]
			if seconds > 1.5*target {
				break
			}
			if seconds >= 0.5*target {
				peak = max(peak, int(math.Ceil(float64(bytes)*8/seconds)))
			}
		}
	}
	return peak
}

// counts gives the stored and the wanted segments over all renditions.
func (s *shelf) counts() (stored, wanted int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tracks {
		stored, wanted = stored+t.stored, wanted+len(t.sizes)
	}
	return stored, wanted
}

// nextMissing gives the first segment in [from, to) that is missing and that nobody brings: where a just-in-time run is
// at work the rest is left to it, and to those who ask when it has ended. ok is false when there is none.
func (s *shelf) nextMissing(r id.Rendition, from, to int) (n int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tracks[r]
	for n := from; n < min(to, len(t.sizes)); n++ {
		if t.has(n) {
			continue
		}
		maker := t.makers[n]
		return n, maker == nil || maker.class != queue.JIT
	}
	return 0, false
}
