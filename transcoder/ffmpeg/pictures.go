package ffmpeg

import (
	"context"
	"fmt"
	"strconv"

	"movify/pkg/media"
)

// frameFacts are what one decoded frame says of itself.
type frameFacts struct {
	atUS       int64 // microseconds on the container's clock
	interlaced bool
	topFirst   bool
}

// decode decodes the frames of an interval of a stream, in ffprobe's notation.
func (p *Prober) decode(
	ctx context.Context, in input, stream int, interval string, more ...string,
) ([]frameFacts, error) {
	var out []frameFacts
	_, err := p.lines(ctx, in, func(fields []string) {
		if len(fields) >= 3 && len(out) < maxFrames {
			out = append(out, frameFacts{
				atUS: microseconds(fields[0]), interlaced: fields[1] == "1", topFirst: fields[2] == "1",
			})
		}
	}, append(more, "-select_streams", strconv.Itoa(stream), "-read_intervals", interval,
		"-show_entries", "frame=best_effort_timestamp_time,interlaced_frame,top_field_first")...)
	return out, err
}

const (
	maxFrames  = 2_000 // of one answer
	firstAsked = 12    // frames that are asked for their fields
)

// withFields asks the first frames whether they are interlaced, when the stream does not say or is known to say wrong.
func (p *Prober) withFields(ctx context.Context, in input, probe media.Probe) (media.Probe, error) {
	v, _ := probe.Picture()
	if !fieldsInDoubt(v) {
		return probe, nil
	}
	frames, err := p.decode(ctx, in, v.Index, fmt.Sprintf("%%+#%d", firstAsked))
	if err != nil {
		return probe, err
	}
	v.FieldOrder = fieldOrder(frames, v.FieldOrder)
	return withPicture(probe, v), nil
}

// withDelay asks the first picture of an AVI file with B-frames when it comes.
func (p *Prober) withDelay(ctx context.Context, in input, probe media.Probe) (media.Probe, error) {
	v, _ := probe.Picture()
	if probe.Format != "avi" || v.BFrames == 0 {
		return probe, nil
	}
	frames, err := p.decode(ctx, in, v.Index, fmt.Sprintf("%%+#%d", firstAsked))
	if err != nil || len(frames) == 0 {
		return probe, err
	}
	const mostFrames = 16 // that a decoder of H.264 reorders
	if delay := frames[0].atUS - v.StartUS; delay > 0 && delay <= mostFrames*frameUS(v) {
		v.DelayUS = delay
	}
	return withPicture(probe, v), nil
}

// fieldsInDoubt reports whether the field order of a stream has to be looked up in its frames. DV in AVI and MPEG-4
// ASP have theirs in the frames only. Motion JPEG in QuickTime has it in the header, where it stays when frames were
// made progressive.
func fieldsInDoubt(v media.VideoTrack) bool {
	switch v.Codec {
	case "vp8", "vp9", "av1", "theora", "gif", "png": // always whole frames
		return false
	case "mjpeg":
		return v.Interlaced()
	}
	return v.FieldOrder == "" || v.FieldOrder == "unknown"
}

// fieldOrder is what most of the frames say; without frames what was known.
func fieldOrder(frames []frameFacts, known string) string {
	if len(frames) == 0 {
		return known
	}
	interlaced, topFirst := 0, 0
	for _, f := range frames {
		if f.interlaced {
			interlaced++
		}
		if f.interlaced && f.topFirst {
			topFirst++
		}
	}
	switch {
	case interlaced*2 <= len(frames):
		return "progressive"
	case topFirst*2 > interlaced:
		return "tt"
	}
	return "bb"
}

const (
	// groupSeconds is the longest interval that is decoded as a whole: x264 by itself puts a key frame every 250 frames.
	groupSeconds = 12
	// maxHalvings find the last second that can be decoded in a film of a week.
	maxHalvings = 20
)

// withoutDeadEnd shortens a film whose end has packets, by its header, and no pictures. It looks for the last second
// that can be decoded by halving, and decodes what follows.
func (p *Prober) withoutDeadEnd(ctx context.Context, in input, probe media.Probe) (media.Probe, error) {
	v, _ := probe.Picture()
	readable := func(us int64) (bool, error) {
		frames, err := p.decode(ctx, in, v.Index, at(us)+"%+#10", "-skip_frame", "nokey")
		return len(frames) > 0, err
	}
	good, bad := v.StartUS, v.StartUS+v.DurationUS
	ok, err := readable(bad)
	if err != nil || ok {
		return probe, err
	}
	for n := 0; n < maxHalvings && bad-good > 1_000_000; n++ {
		middle := good + (bad-good)/2
		if ok, err = readable(middle); err != nil {
			return probe, err
		}
		if ok {
			good = middle
		} else {
			bad = middle
		}
	}
	frames, err := p.decode(ctx, in, v.Index, fmt.Sprintf("%s%%+%d", at(good), groupSeconds))
	if err != nil || len(frames) == 0 {
		return probe, err
	}
	ends := map[int]streamEnd{}
	for _, f := range frames {
		ends[v.Index] = ends[v.Index].later(streamEnd{atUS: f.atUS})
	}
	probe.Damage = media.Unreadable
	return withLength(probe, ends), nil
}

// at writes a time for ffprobe.
func at(us int64) string { return strconv.FormatFloat(float64(us)/1e6, 'f', 6, 64) }
