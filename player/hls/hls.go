// Package hls writes the playlists of an Asset, and of the Original stream of a file (RFC 8216bis): one Multivariant Playlist
// and one Media Playlist for each rendition, complete before a single frame is encoded. It is the only door to the m3u8 library and sets right what
// that library gets wrong. Its functions are pure: they read no clock, no disk and no store, and equal arguments give
// equal bytes. It never decides who may watch, and it never adds a token: URIs are relative, so they inherit the path
// they are read under.
package hls

import (
	"errors"
	"fmt"
	"math"

	"movify/pkg/id"
	"movify/pkg/media"
)

// ErrUnplayable is returned, wrapped, for an Asset from which no valid playlist can be made.
var ErrUnplayable = errors.New("stream cannot be written as a playlist")

// audioGroup is the GROUP-ID of the one group of audio renditions.
const audioGroup = "audio"

// headroom is added to the encoder's cap while the real peak is not known: a capped encode with a buffer of two
// seconds was measured to overshoot its cap by up to 11 % in a segment.
const headroom = 1.15

// Multivariant writes the Multivariant Playlist of a. m holds the measured bit rates of each rendition and
// decides BANDWIDTH and AVERAGE-BANDWIDTH; a rendition without a Measure counts as unfinished. start is listed first,
// as players begin there (RFC 8216bis section 6.3.1); the other rungs follow from the tallest down.
func Multivariant(a media.Asset, m map[id.Rendition]media.Measure, start id.Rendition) (string, error) {
	videos := startFirst(a.Ladder.Videos(), start)
	if len(videos) == 0 {
		return "", fmt.Errorf("multivariant playlist of asset %s: no video rendition: %w", a.ID, ErrUnplayable)
	}
	audios := a.Ladder.Audios()
	return renderMultivariant(variants(a.Grid, videos, audios, m), alternatives(audios), ""), nil
}

// Media writes the Media Playlist of rendition r of a: every segment of the grid, closed by EXT-X-ENDLIST. With p,
// which must have as many segments as the grid, each is a range of the packed rendition (EXT-X-BYTERANGE, RFC 8216bis
// section 4.4.4.2), else a file of its own. EXT-X-TARGETDURATION is the same in all Media Playlists of a (RFC 8216bis
// section 6.2.4).
func Media(a media.Asset, r media.Rendition, p *media.Packing) (string, error) {
	bounds := boundsOf(a.Grid, r.Kind)
	if len(bounds) < 2 {
		return "", fmt.Errorf(
			"media playlist of asset %s rendition %s: the grid has no segment: %w", a.ID, r.ID, ErrUnplayable,
		)
	}
	durations, err := differences(bounds)
	if err != nil {
		return "", fmt.Errorf("media playlist of asset %s rendition %s: %w", a.ID, r.ID, err)
	}
	if p != nil && p.Segments() != len(durations) {
		return "", fmt.Errorf("media playlist of asset %s rendition %s: %d packed segments for %d on the grid: %w",
			a.ID, r.ID, p.Segments(), len(durations), ErrUnplayable)
	}
	return renderMedia(durations, targetDuration(a), p)
}

// boundsOf gives the segment boundaries of a kind of rendition in milliseconds, first and end included.
func boundsOf(g media.Grid, k media.Kind) []int64 {
	if k == media.Audio {
		return g.AudioMS()
	}
	return g.VideoMS()
}

// differences turns boundaries into durations in milliseconds. As each boundary was rounded by itself, their sum never
// drifts from the timeline by more than half a millisecond.
func differences(bounds []int64) ([]int64, error) {
	out := make([]int64, len(bounds)-1)
	for i := range out {
		out[i] = bounds[i+1] - bounds[i]
		if out[i] < 0 {
			return nil, fmt.Errorf("segment %d ends before it starts: %w", i, ErrUnplayable)
		}
	}
	return out, nil
}

// targetDuration is the largest EXTINF of all Media Playlists, rounded to the nearest second (RFC 8216bis section
// 4.4.3.1), and at least 1.
func targetDuration(a media.Asset) int {
	var longest int64
	for _, r := range a.Ladder.Renditions {
		b := boundsOf(a.Grid, r.Kind)
		for i := 1; i < len(b); i++ {
			longest = max(longest, b[i]-b[i-1])
		}
	}
	return max(1, int((longest+500)/1000))
}

// startFirst moves the rendition start to the front and keeps the order of the others.
func startFirst(videos []media.Rendition, start id.Rendition) []media.Rendition {
	out := make([]media.Rendition, 0, len(videos))
	for _, v := range videos {
		if v.ID == start {
			out = append(out, v)
		}
	}
	for _, v := range videos {
		if v.ID != start {
			out = append(out, v)
		}
	}
	return out
}

// rates gives peak and average of a rendition in bit/s: measured once every segment is stored, before that what the
// encoder was told, but never a peak below one that was already seen.
func rates(r media.Rendition, m media.Measure) (peak, average int) {
	if m.Complete && m.Peak > 0 && m.Average > 0 {
		return max(m.Peak, m.Average), m.Average
	}
	declared := int(math.Ceil(headroom * float64(r.MaxRate)))
	return max(declared, m.Peak), r.MaxRate
}
