package original

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"movify/pkg/matroska"
	"movify/pkg/media"
)

// matroskaSource is a Matroska or WebM file. Its Cues say where key frames are; where the samples between two of them are, the
// Blocks themselves say, which are read when a segment is made.
type matroskaSource struct {
	r       io.ReaderAt
	index   matroska.Index
	tracks  []matroska.Track
	picture matroskaPicture
	sounds  []*matroskaSound
	left    []media.LeftSound
	views   []stretch // Blocks behind some points, until the segments are cut
	tail    tail      // the same
}

// openMatroska reads the header, the Cues, and the Blocks at the beginning, at the end and at some points between.
func openMatroska(r io.ReaderAt, size int64) (*matroskaSource, error) {
	h, err := matroska.ReadHeader(r, size)
	if errors.Is(err, matroska.ErrNotMatroska) {
		return nil, ErrContainer.Because(err)
	}
	if err != nil {
		return nil, matroskaFault(err)
	}
	s := &matroskaSource{r: r, tracks: h.Tracks}
	if s.index, err = matroska.ReadCues(r, size); err != nil {
		return nil, matroskaFault(err)
	}
	n, err := matroskaPictureTrack(h, s.index)
	if err != nil {
		return nil, err
	}
	start, err := s.beginning(h.Tracks[n])
	if err != nil {
		return nil, err
	}
	if err := s.openPicture(n, start); err != nil {
		return nil, err
	}
	if s.tail, err = s.readTail(); err != nil {
		return nil, err
	}
	s.openSounds(start)
	s.hold(start)
	s.index = matroska.Index{ // without its Cues
		SegmentOffset: s.index.SegmentOffset, End: s.index.End, Truncated: s.index.Truncated, First: s.index.First,
		TickNS: s.index.TickNS,
	}
	return s, nil
}

// matroskaFault tells a file that is wrong from one that cannot be read.
func matroskaFault(err error) error {
	switch {
	case errors.Is(err, matroska.ErrNoCues):
		return ErrNoIndex.Because(err)
	case errors.Is(err, matroska.ErrMalformed), errors.Is(err, matroska.ErrTooMuch), errors.Is(err, io.EOF),
		errors.Is(err, io.ErrUnexpectedEOF):
		return ErrIndex.Because(err)
	}
	return fmt.Errorf("read the film: %w", err)
}

// changedFault is that of a file whose Blocks were there when it was opened.
func changedFault(err error) error {
	if err = matroskaFault(err); errors.Is(err, ErrIndex) {
		return ErrChanged.Because(err)
	}
	return err
}

// matroskaPictureTrack chooses the video track as the ladder does: a default one, then the longest by its Cues, then the
// largest, then the first. One that is not to be used is none, unless all are.
func matroskaPictureTrack(h matroska.Header, x matroska.Index) (int, error) {
	best, longest := -1, int64(0)
	for n, t := range h.Tracks {
		if !used(h.Tracks, t, typeVideo) {
			continue
		}
		points, err := x.Points(t.Number)
		if err != nil {
			return 0, matroskaFault(err)
		}
		length := int64(-1)
		if len(points) > 0 {
			length = points[len(points)-1].Ticks
		}
		if best < 0 || better(t, h.Tracks[best], length-longest) {
			best, longest = n, length
		}
	}
	switch {
	case best < 0:
		return 0, ErrNoPicture
	case longest < 0:
		return 0, ErrNoIndex.Because(errors.New("no Cues of the video"))
	}
	return best, nil
}

// used reports whether a track of a type is to be used: it is enabled, or none is.
func used(all []matroska.Track, t matroska.Track, of uint64) bool {
	enabled := slices.ContainsFunc(all, func(t matroska.Track) bool { return t.Type == of && !t.Disabled })
	return t.Type == of && !(t.Disabled && enabled)
}

// better reports whether a video track is to be shown rather than another that is longer ticks shorter.
func better(t, than matroska.Track, longer int64) bool {
	if t.Default != than.Default {
		return t.Default
	}
	if longer != 0 {
		return longer > 0
	}
	return t.Video.Width*t.Video.Height > than.Video.Width*than.Video.Height
}

// Types of tracks (RFC 9559 section 5.1.4.1.3).
const (
	typeVideo = 1
	typeAudio = 2
)

func (s *matroskaSource) Tracks() ([]Track, []media.LeftSound) {
	out := []Track{s.picture.track}
	for _, sound := range s.sounds {
		out = append(out, sound.track)
	}
	return out, s.left
}

func (s *matroskaSource) Points() ([]Point, int64) {
	p := &s.picture
	out := make([]Point, len(p.points))
	for n, at := range p.points {
		out[n] = Point{Time: at.time, Open: p.open && n > 0, Bytes: s.index.End - place(at.Cue)}
		if n+1 < len(p.points) {
			out[n].Bytes = place(p.points[n+1].Cue) - place(at.Cue)
		}
	}
	out[len(out)-1].Bytes = max(0, place(p.last)+s.tail.lastSize-place(p.points[len(out)-1].Cue))
	return out, p.end
}

// Cut looks at the first pictures of each segment where groups may be open, so that its time is that of the first of them.
func (s *matroskaSource) Cut(starts []int) ([]Layout, error) {
	layout, err := s.picture.cut(starts)
	if err != nil {
		return nil, err
	}
	out := []Layout{layout}
	for _, sound := range s.sounds {
		out = append(out, sound.cut(layout))
	}
	s.tail.sounds, s.views = nil, nil
	return out, nil
}

func (s *matroskaSource) Samples(track, segment int) ([]Sample, int64, error) {
	if track == 0 {
		samples, err := s.picture.samples(segment)
		return samples, 0, err
	}
	return s.sounds[track-1].samples(segment)
}

// hold finds how long the first picture is held before its time: by the rule of an MP4 file's sounds.
func (s *matroskaSource) hold(start stretch) {
	p := &s.picture
	scale := int64(p.track.Init.Timescale)
	before := int64(0)
	for _, t := range s.tracks {
		if seen := start.tracks[t.Number]; t.Type == typeAudio && seen != nil && t.DelayNS <= longestDelay {
			ns := seen.first*int64(s.index.TickNS) - int64(t.DelayNS)
			before = max(before, p.first-convert(ns, second, scale))
		}
	}
	if before >= heldFrom*scale/1000 && before > 0 {
		p.lead = (before + p.frame - 1 - p.frame/1000) / p.frame * p.frame
		for n := range p.points[1:] {
			p.points[n+1].time += p.lead
		}
		p.end += p.lead
	}
	for _, sound := range s.sounds {
		sound.offset = -convert(int64(sound.delayNS), second, sound.scale()) - convert(p.first-p.lead, scale, sound.scale())
	}
}

// rateOf is how many bytes a second some tracks have on average, by the views.
func (s *matroskaSource) rateOf(of func(matroska.Track) bool) (bytes float64) {
	for _, t := range s.tracks {
		if !of(t) {
			continue
		}
		sum, length := int64(0), int64(0)
		for _, v := range s.views {
			if seen := v.tracks[t.Number]; seen != nil && seen.last > seen.first {
				sum, length = sum+seen.bytes, length+seen.last-seen.first
			}
		}
		if length > 0 {
			bytes += float64(sum) * second / (float64(length) * float64(s.index.TickNS))
		}
	}
	return bytes
}

// each does something for each number below n, some at a time, and gives the first error: most of the time is spent waiting
// for the disk.
func each(n int, do func(int) error) error {
	const together = 8
	errs := make([]error, n)
	var wg sync.WaitGroup
	var next atomic.Int64
	for range min(together, n) {
		wg.Go(func() {
			for k := next.Add(1) - 1; k < int64(n); k = next.Add(1) - 1 {
				errs[k] = do(int(k))
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// second is the nanoseconds in a second.
const second = 1_000_000_000
