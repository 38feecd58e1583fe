package index

import (
	"math"
	"slices"

	"movify/pkg/id"
	"movify/pkg/media"
)

// Measures gives the stored bytes and the bit rates of each rendition.
func (x *Index) Measures() map[id.Rendition]media.Measure {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := make(map[id.Rendition]media.Measure, len(x.renditions))
	for r, s := range x.renditions {
		out[r] = s.measure()
	}
	return out
}

// StagedBytes is how many bytes of the asset lie in Stage as loose segments.
func (x *Index) StagedBytes() int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	var sum int64
	for _, s := range x.renditions {
		sum += s.staged
	}
	return sum
}

// Seconds is how long the segments [from, to) of a rendition last.
func (x *Index) Seconds(r id.Rendition, from, to int) (sum float64) {
	for _, seconds := range x.renditions[r].seconds[from:to] {
		sum += seconds
	}
	return sum
}

func (s *renditionState) measure() media.Measure {
	m := media.Measure{Segments: s.stored, Complete: s.complete()}
	var seconds float64
	for n, size := range s.sizes {
		if size > 0 {
			m.Bytes += size
			seconds += s.seconds[n]
		}
	}
	if seconds > 0 {
		m.Average = int(float64(m.Bytes) * 8 / seconds)
	}
	m.Peak = max(m.Average, s.peak())
	return m
}

// peak is the peak segment bit rate of RFC 8216bis section 4.1: the largest of any contiguous stored segments that last
// between half and one and a half target durations together. The short segments of the start ramp count in company.
func (s *renditionState) peak() int {
	target := math.Round(slices.Max(s.seconds))
	peak := 0
	for first := range s.sizes {
		bytes, seconds := int64(0), 0.0
		for n := first; n < len(s.sizes) && s.has(n); n++ {
			bytes, seconds = bytes+s.sizes[n], seconds+s.seconds[n]
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
