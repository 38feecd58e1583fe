package hlscheck

import (
	"math"
	"strconv"
	"strings"
)

// mediaPlaylist is a Media Playlist as read.
type mediaPlaylist struct {
	target   int  // seconds, 0 when absent
	init     span // path empty when absent
	segments []entry
}

// entry is one Media Segment of a playlist.
type entry struct {
	span
	duration float64 // seconds
}

func (m mediaPlaylist) duration() float64 {
	var sum float64
	for _, s := range m.segments {
		sum += s.duration
	}
	return sum
}

// mediaPlaylist reads and judges a Media Playlist by itself.
func (j *judge) mediaPlaylist(where string, content []byte) mediaPlaylist {
	lines := j.lines(where, content)
	j.head(where, lines)
	var m mediaPlaylist
	seen := make(map[string]int)
	next := -1.0 // the EXTINF that waits for its URI
	var ranged *line
	var last span
	kind := ""
	for _, l := range lines {
		seen[l.tag]++
		switch l.tag {
		case "EXT-X-TARGETDURATION":
			m.target = number(l.value)
		case "EXT-X-MEDIA-SEQUENCE":
			if l.value != "0" {
				j.find(MediaSequence, where, "begins at %q, not at 0", l.value)
			}
		case "EXT-X-PLAYLIST-TYPE":
			kind = l.value
		case "EXT-X-MAP":
			if len(m.segments) > 0 {
				j.find(Map, where, "line %d: EXT-X-MAP stands after the first segment", l.number)
			}
			m.init = j.mapped(where, l)
		case "EXT-X-DISCONTINUITY", "EXT-X-DISCONTINUITY-SEQUENCE":
			j.find(Discontinuity, where, "line %d: %s", l.number, l.tag)
		case "EXT-X-STREAM-INF", "EXT-X-MEDIA":
			j.find(PlaylistSyntax, where, "line %d: %s belongs to a Multivariant Playlist", l.number, l.tag)
		case "EXT-X-BYTERANGE":
			ranged = &l
		case "EXTINF":
			next = j.extinf(where, l)
		case "":
			if next < 0 {
				j.find(PlaylistSyntax, where, "line %d: a segment without EXTINF", l.number)
			}
			if name, ok := j.resolve(where, l.uri); ok {
				last = j.ranged(where, name, ranged, last)
				m.segments = append(m.segments, entry{span: last, duration: max(0, next)})
			}
			next, ranged = -1, nil
		}
	}
	if seen["EXT-X-TARGETDURATION"] != 1 || m.target < 1 {
		j.find(TargetDuration, where, "EXT-X-TARGETDURATION must stand once and be at least 1")
		m.target = 0
	}
	if seen["EXT-X-ENDLIST"] != 1 || kind != "VOD" {
		j.find(CompletePlaylist, where, "must be of type VOD and closed by EXT-X-ENDLIST")
	}
	if m.init.path == "" || seen["EXT-X-MAP"] != 1 {
		j.find(Map, where, "EXT-X-MAP must stand once and name an Init Section")
	}
	if len(m.segments) == 0 {
		j.find(PlaylistSyntax, where, "names no segment")
	}
	for i, s := range m.segments {
		if m.target > 0 && math.Round(s.duration) > float64(m.target) {
			j.find(
				TargetDuration, where, "segment %d lasts %.3f s, the target duration is %d s", i, s.duration, m.target,
			)
		}
	}
	return m
}

// extinf reads the duration of "EXTINF:<duration>,[<title>]", as far as it is one.
func (j *judge) extinf(where string, l line) float64 {
	s, _, comma := strings.Cut(l.value, ",")
	d, err := strconv.ParseFloat(s, 64)
	if err != nil || !comma || s == "" || strings.Trim(s, "0123456789.") != "" {
		j.find(PlaylistSyntax, where, "line %d: EXTINF is %q", l.number, l.value)
	}
	if err != nil {
		return 0 // ParseFloat gives infinity for a number that is too large
	}
	return max(0, d)
}
