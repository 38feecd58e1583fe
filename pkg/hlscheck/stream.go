package hlscheck

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
)

// tolerance is how far a segment's time may be from the sum of EXTINF before it, in seconds: each printed duration is a
// difference of boundaries rounded to milliseconds, so the sum is off by half of one, and the same again for slack.
const tolerance = 0.001 + 1e-6

// stream is one rendition with everything read of it.
type stream struct {
	ref      reference
	playlist mediaPlaylist
	track    track
	segments []measured
	begins   []uint64 // of the segments, ticks
	frames   int
	ticks    uint64
}

// measured is one segment that could be read.
type measured struct {
	bytes    int64
	duration float64 // EXTINF, seconds
	frames   int
	ticks    uint64
}

// stream reads and judges one rendition. It is nil when its playlist is not there.
func (j *judge) stream(ref reference) (*stream, error) {
	text, ok, err := j.fetch(ref.path, maxPlaylist)
	if !ok {
		return nil, err
	}
	s := &stream{ref: ref, playlist: j.mediaPlaylist(ref.path, text)}
	if s.playlist.init.path == "" {
		return s, nil
	}
	init, ok, err := j.fetchSpan(s.playlist.init, maxPlaylist)
	if !ok {
		return s, err
	}
	if s.track, err = readInit(init); err != nil {
		j.find(InitBoxes, s.playlist.init.String(), "%v", err)
		return s, nil
	}
	j.track(s)
	return s, j.segments(s)
}

// track judges the Init Section by what the Multivariant Playlist promises.
func (j *judge) track(s *stream) {
	where, t := s.playlist.init.String(), s.track
	if v := s.ref.variant; v != nil {
		if t.handler != "vide" {
			j.find(CodecsMatch, where, "a variant's own playlist holds no video but %q", t.handler)
			return
		}
		if !slices.ContainsFunc(v.codecs, t.within) || !j.original && t.entry != "avc1" {
			j.find(CodecsMatch, where, "holds %s, CODECS says %s", t.codecs(), strings.Join(v.codecs, ","))
		}
		if j.original && t.shown == [2]int{v.width, v.height} {
			return
		}
		if t.width != v.width || t.height != v.height {
			j.find(Resolution, where, "is %dx%d, RESOLUTION says %dx%d", t.width, t.height, v.width, v.height)
		}
		return
	}
	if t.handler != "soun" || !j.original && (t.objectType != 2 || t.sampleRate != 48000) {
		j.find(CodecsMatch, where, "holds %s at %d Hz, not AAC-LC at 48000 Hz", t.codecs(), t.sampleRate)
		return
	}
	if named := s.ref.codecs; !slices.ContainsFunc(named, t.within) && len(named) > 0 {
		j.find(CodecsMatch, where, "holds %s, CODECS says %s", t.codecs(), strings.Join(named, ","))
	}
	if t.channels > 0 && t.channels != s.ref.audio.channels {
		j.find(Channels, where, "has %d channels, CHANNELS says %d", t.channels, s.ref.audio.channels)
	}
}

// within reports whether the declared codec is the track's: for H.264, "avc1.PPCCLL" in hex, one of its profile and at least
// its level. The letters of hexadecimal digits may be large or small.
func (t track) within(declared string) bool {
	if t.handler == "soun" || t.name != "" {
		return strings.EqualFold(declared, t.codecs())
	}
	kind, digits, _ := strings.Cut(declared, ".")
	var profile, constraints, level int
	if n, _ := fmt.Sscanf(strings.ToLower(digits), "%02x%02x%02x", &profile, &constraints, &level); n != 3 {
		return false
	}
	return kind == t.entry && t.profile == profile && t.level <= level
}

// segments reads every segment in order and judges it by itself and by its place.
func (j *judge) segments(s *stream) error {
	var boundary float64 // where the playlist says the segment begins, seconds
	var next uint64      // where the segment before ended, ticks
	broken := false      // the segment before could not be read, so its end is unknown
	for i, e := range s.playlist.segments {
		data, ok, err := j.fetchSpan(e.span, maxSegment)
		if err != nil {
			return err
		}
		if ok {
			var f fragment
			if f, ok = j.fragment(e.String(), data, s.track); ok {
				if late := float64(f.time) / float64(s.track.timescale); i == 0 && j.mayBeginLate(s, late) {
					boundary, next = late, f.time
				}
				s.begins = append(s.begins, f.time)
				j.place(s, i, f, boundary, next, broken)
				next = f.time + f.ticks
				s.frames += f.samples
				s.ticks += f.ticks
				s.segments = append(s.segments, measured{int64(len(data)), e.duration, f.samples, f.ticks})
			}
		}
		broken = !ok
		boundary += e.duration
	}
	if end := float64(next) / float64(s.track.timescale); !broken && math.Abs(end-boundary) > tolerance {
		j.find(Boundary, s.ref.path, "the last segment ends at %.3f s, the playlist at %.3f s", end, boundary)
	}
	return nil
}

// lateSound is how much later than the picture a copied sound may begin, in seconds: hls.js plays over a hole of that length.
const lateSound = 0.1

// mayBeginLate reports whether the first segment of a rendition may begin that many seconds after zero.
func (j *judge) mayBeginLate(s *stream, late float64) bool {
	return j.original && s.ref.audio != nil && late <= lateSound
}

// fragment reads one segment and checks it by itself; ok is false when it cannot be read.
func (j *judge) fragment(where string, data []byte, t track) (f fragment, ok bool) {
	f, err := readFragment(data, t.defaults)
	if !f.plain() {
		j.find(SegmentBoxes, where, "holds %s, not one moof and one mdat", strings.Join(f.layout, " "))
	} else if err != nil {
		j.find(SegmentBoxes, where, "%v", err)
	}
	if err != nil {
		return f, false
	}
	if !f.hasTime {
		j.find(Contiguous, where, "has no tfdt")
		return f, false
	}
	if f.samples == 0 || f.ticks == 0 {
		j.find(Samples, where, "holds no sample")
		return f, false
	}
	if f.gap != 0 {
		j.find(DataSize, where, "its samples and its mdat differ by %d bytes", f.gap)
	}
	if t.handler == "vide" && !t.entered(f.first) {
		j.find(IDR, where, "its first picture is not an IDR picture")
	}
	if !f.firstSync {
		j.find(SyncFlag, where, "its first sample is marked as one that needs others")
	}
	return f, true
}

// place judges where a segment lies on the timeline.
func (j *judge) place(s *stream, i int, f fragment, boundary float64, next uint64, broken bool) {
	where, scale := s.playlist.segments[i].String(), float64(s.track.timescale)
	if !broken && f.time != next {
		j.find(Contiguous, where, "begins at tick %d, the one before ends at %d", f.time, next)
	}
	slack := tolerance
	if j.original && s.ref.audio != nil { // by a part of a frame, where a sound lacks some that are listed nowhere
		slack += float64(f.ticks) / float64(f.samples) / scale
	}
	if start := float64(f.time) / scale; math.Abs(start-boundary) > slack {
		j.find(Boundary, where, "begins at %.4f s, the playlist says %.4f s", start, boundary)
	}
	if late := float64(f.earliest-s.track.editStart) / scale; math.Abs(late) > tolerance {
		j.find(PresentationStart, where, "its first picture is shown %.4f s after the segment begins", late)
	}
}

// totals sums a stream up for the report.
func (s *stream) totals() Rendition {
	r := Rendition{
		Path: s.ref.path, Kind: "audio", Segments: len(s.segments), Frames: s.frames,
		Peak: s.peak(), Average: s.average(),
	}
	if s.ref.variant != nil {
		r.Kind = "video"
	}
	if s.track.timescale > 0 {
		r.Codecs = s.track.codecs()
		r.DurationMS = int64(math.Round(float64(s.ticks) * 1000 / float64(s.track.timescale)))
	}
	for _, m := range s.segments {
		r.Bytes += m.bytes
	}
	return r
}

// peak is the largest bit rate of any contiguous run of segments that lasts between 0.5 and 1.5 target durations
// (RFC 8216bis section 4.4.6.2), or of the whole when no run does.
func (s *stream) peak() int {
	low, high := 0.5*float64(s.playlist.target), 1.5*float64(s.playlist.target)
	peak := 0.0
	for i := range s.segments {
		var bytes int64
		var duration float64
		for _, m := range s.segments[i:] {
			bytes, duration = bytes+m.bytes, duration+m.duration
			if duration > high {
				break
			}
			if duration >= low && duration > 0 {
				peak = max(peak, float64(bytes*8)/duration)
			}
		}
	}
	if peak == 0 {
		return s.average()
	}
	return int(peak)
}

// average is the bit rate over all segments.
func (s *stream) average() int {
	var bytes int64
	var duration float64
	for _, m := range s.segments {
		bytes, duration = bytes+m.bytes, duration+m.duration
	}
	if duration == 0 {
		return 0
	}
	return int(float64(bytes*8) / duration)
}

func (s *stream) folder() string { return path.Dir(s.ref.path) }
