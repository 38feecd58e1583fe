package ffmpeg

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"movify/pkg/media"
)

// streamEnd is the packet of a stream that is shown last, microseconds on the container's clock.
type streamEnd struct {
	atUS       int64
	durationUS int64 // 0 = it does not say
}

// longestSound is more than a packet of sound lasts, microseconds: ffmpeg gives the last one of an Ogg stream 2³² samples.
const longestSound = 10_000_000

// soundEndUS is where a packet of sound ends.
func (e streamEnd) soundEndUS() int64 {
	if e.durationUS > longestSound {
		return e.atUS
	}
	return e.atUS + e.durationUS
}

func (e streamEnd) later(other streamEnd) streamEnd {
	if other.atUS >= e.atUS || e == (streamEnd{}) {
		return other
	}
	return e
}

// readPacket reads a line of stream index, presentation and decoding time, duration and flags.
func readPacket(fields []string) (index int, e streamEnd, ok bool) {
	if len(fields) < 5 {
		return 0, e, false
	}
	index, err := strconv.Atoi(fields[0])
	if err != nil || len(fields[4]) > 1 && fields[4][1] == 'D' { // it is decoded and not shown: an edit list cuts it
		return 0, e, false
	}
	at, err := strconv.ParseFloat(fields[1], 64)
	if err != nil {
		if at, err = strconv.ParseFloat(fields[2], 64); err != nil { // AVI has no presentation times
			return 0, e, false
		}
	}
	if math.IsNaN(at) || math.Abs(at) > 1e9 {
		return 0, e, false
	}
	return index, streamEnd{atUS: int64(math.Round(at * 1e6)), durationUS: max(0, microseconds(fields[3]))}, true
}

// longestPicture is how long a last picture stays, microseconds, when nothing else lasts as long: the last sample of an
// MP4 may say anything.
const longestPicture = 1_000_000

// withLength corrects the lengths in a probe by the last packets of its streams. What the header says stands where both
// agree to a frame and a half: it is the more exact, because it has not been rounded to the container's ticks.
func withLength(p media.Probe, ends map[int]streamEnd) media.Probe {
	v, _ := p.Picture()
	last, ok := ends[v.Index]
	if !ok {
		return p
	}
	soundEnd := p.StartUS
	for _, a := range p.Audio {
		if e, ok := ends[a.Index]; ok {
			soundEnd = max(soundEnd, e.soundEndUS())
		}
	}
	frame := frameUS(v)
	end := last.atUS + cmp.Or(last.durationUS, frame)
	end = min(end, max(last.atUS+max(longestPicture, frame), soundEnd))
	tolerance := frame * 3 / 2
	if apart(v.StartUS+v.DurationUS, end) > tolerance {
		v.DurationUS, v.Frames = max(0, end-v.StartUS), 0
	}
	said, whole := p.StartUS+p.DurationUS, max(end, soundEnd)
	if apart(said, whole) > tolerance || said < end-frame/4 { // the picture is not held to less than its own end
		p.DurationUS = max(0, whole-p.StartUS)
	}
	p.Audio = withSoundLengths(p.Audio, ends, whole, tolerance)
	return withPicture(p, v)
}

// withSoundLengths corrects the lengths of audio tracks: one without a packet ends before the others, and in any case with
// the file.
func withSoundLengths(
	tracks []media.AudioTrack, ends map[int]streamEnd, whole, tolerance int64,
) []media.AudioTrack {
	tracks = slices.Clone(tracks)
	for n := range tracks {
		a := &tracks[n]
		if e, ok := ends[a.Index]; ok && apart(a.StartUS+a.DurationUS, e.soundEndUS()) > tolerance {
			a.DurationUS = max(0, e.soundEndUS()-a.StartUS)
		}
		a.DurationUS = max(0, min(a.DurationUS, whole-a.StartUS))
	}
	return tracks
}

// withPicture replaces a probe's main video track.
func withPicture(p media.Probe, v media.VideoTrack) media.Probe {
	tracks := append([]media.VideoTrack(nil), p.Video...)
	for n := range tracks {
		if tracks[n].Index == v.Index {
			tracks[n] = v
		}
	}
	p.Video = tracks
	return p
}

// frameUS is how long a frame lasts, microseconds: at least 10 ms, because a variable rate has a nominal one of up to
// 90,000.
func frameUS(v media.VideoTrack) int64 {
	rate := v.AverageRate.Float()
	if rate <= 0 {
		rate = v.FrameRate.Float()
	}
	if rate <= 0 {
		rate = usualRate
	}
	return max(10_000, int64(1e6/rate))
}

func apart(a, b int64) int64 { return max(a-b, b-a) }

// lineWriter passes on each line that is written to it, split at commas.
type lineWriter struct {
	each func(fields []string)
	rest []byte
}

// maxLine bounds a line; the questions asked have short answers.
const maxLine = 4 << 10

func (w *lineWriter) Write(b []byte) (int, error) {
	n := len(b)
	for {
		line, rest, ok := bytes.Cut(b, []byte{'\n'})
		if !ok {
			break
		}
		w.each(strings.Split(string(append(w.rest, line...)), ","))
		w.rest, b = w.rest[:0], rest
	}
	if len(w.rest)+len(b) > maxLine {
		return 0, errTooMuch
	}
	w.rest = append(w.rest, b...)
	return n, nil
}
