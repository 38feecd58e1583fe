package original

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync/atomic"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4"
)

// Stream is the Original stream of an open file. It is safe for concurrent use.
type Stream struct {
	r      io.ReaderAt
	source Source
	tracks []*track
	media  media.Original
	// changing is set when a picture had parameter sets that the Init Section lacks, at a place that was not looked at when the film
	// was opened: pictures behind it may need them, and none of those tells.
	changing atomic.Bool
}

// track is a track with its segments.
type track struct {
	Track
	Layout
}

// Open reads the index of a film of size bytes and fixes its segments. The fault of a film that is unfit says why; that of a
// transport stream, which has no index, is ErrIndexPending. The stream goes on reading from r.
func Open(r io.ReaderAt, size int64) (*Stream, error) {
	source, err := openSource(r, size)
	if err != nil {
		return nil, err
	}
	return newStream(r, source)
}

func openSource(r io.ReaderAt, size int64) (Source, error) {
	film, err := openMP4(r, size)
	if !errors.Is(err, ErrContainer) {
		return film, err
	}
	other, err := openMatroska(r, size)
	if !errors.Is(err, ErrContainer) {
		return other, err
	}
	return nil, withoutIndex(r, size)
}

func newStream(r io.ReaderAt, source Source) (*Stream, error) {
	s := &Stream{r: r, source: source}
	tracks, left := source.Tracks()
	points, end := source.Points()
	scale := int64(tracks[0].Init.Timescale)
	starts, unfit := plan(points, end, scale)
	if unfit != nil {
		return nil, unfit
	}
	if tracks[0].Delay > math.MaxInt32/2 {
		return nil, ErrTimes.Because(fmt.Errorf("pictures are decoded %d ticks late", tracks[0].Delay))
	}
	layouts, err := source.Cut(starts)
	if err != nil {
		return nil, err
	}
	for n, layout := range layouts {
		if layout.Left != "" {
			left = append(left, media.LeftSound{
				Stream: tracks[n].Copy.Stream, Codec: tracks[n].Format, Reason: layout.Left,
			})
		}
		s.tracks = append(s.tracks, &track{tracks[n], layout})
	}
	slices.SortFunc(left, func(a, b media.LeftSound) int { return cmp.Compare(a.Stream, b.Stream) })
	s.describe(left)
	return s, nil
}

// describe fills in what the playlists say.
func (s *Stream) describe(left []media.LeftSound) {
	s.media.Left = left
	target := int64(1)
	for _, t := range s.tracks {
		t.bound()
		for n := range t.Segments {
			target = max(target, (t.Copy.Bounds[n+1]-t.Copy.Bounds[n]+500)/1000)
		}
	}
	for n, t := range s.tracks {
		if t.Left != "" {
			continue
		}
		t.measure(target)
		if n == 0 {
			t.Copy.FrameRate = t.frameRate()
			s.media.Picture = t.Copy
			continue
		}
		s.media.Sounds = append(s.media.Sounds, t.Copy)
	}
}

// bound gives the boundaries in milliseconds.
func (t *track) bound() {
	if t.Left != "" {
		return
	}
	scale := int64(t.Init.Timescale)
	for _, segment := range t.Segments {
		t.Copy.Bounds = append(t.Copy.Bounds, milliseconds(segment.Time, scale))
	}
	t.Copy.Bounds = append(t.Copy.Bounds, milliseconds(t.End, scale))
}

// measure gives sizes and bit rates, the heads of the segments with them.
func (t *track) measure(target int64) {
	sizes := make([]int64, len(t.Segments))
	for n, segment := range t.Segments {
		sizes[n] = segment.Bytes + mp4.SegmentHeadSize(segment.Samples, t.Init.Video)
		t.Copy.Bytes += sizes[n]
		t.Copy.Samples += segment.Samples
	}
	t.Copy.Peak, t.Copy.Average = rates(sizes, t.Copy.Bounds, target)
	if t.Estimated { // no segment may need more
		t.Copy.Peak += t.Copy.Peak / 8
	}
}

// frameRate is the largest of any segment that lasts half a second or more: FRAME-RATE is the maximum (RFC 8216bis section
// 4.4.6.2), and while the first picture is held there are fewer.
func (t *track) frameRate() (largest float64) {
	scale := int64(t.Init.Timescale)
	for n, segment := range t.Segments {
		end := t.End
		if n+1 < len(t.Segments) {
			end = t.Segments[n+1].Time
		}
		if length := end - segment.Time; length > 0 && (2*length >= scale || len(t.Segments) == 1) {
			largest = max(largest, float64(segment.Samples)*float64(scale)/float64(length))
		}
	}
	return largest
}

// Media describes the stream.
func (s *Stream) Media() media.Original { return s.media }

// find gives the track of a rendition.
func (s *Stream) find(r id.Rendition) (int, *track, error) {
	for n, t := range s.tracks {
		if t.Copy.ID == r && t.Left == "" {
			return n, t, nil
		}
	}
	return 0, nil, ErrNoSegment
}

// Init gives the Init Section of a rendition.
func (s *Stream) Init(r id.Rendition) ([]byte, error) {
	_, t, err := s.find(r)
	if err != nil {
		return nil, err
	}
	in := t.Track.Init
	in.MediaTime = uint32(t.Delay)
	return mp4.WriteInit(in), nil
}

// Bytes is a Media Segment: a head, and the parts of the file that follow it.
type Bytes struct {
	Head  []byte
	Parts []Part // in order
	Size  int64  // of all
}

// Part is a range of the file, or Data or Pieces where they are not empty; Size is that of either.
type Part struct {
	Offset, Size int64
	Data         []byte
	Pieces       []Piece
}

// Unfit is why the film turned out to have no Original stream while segments were made; nil as long as it has.
func (s *Stream) Unfit() error {
	if s.changing.Load() {
		return ErrChanging
	}
	return nil
}

// Segment gives segment n of a rendition, from 0. Its samples are not read but for the beginning of the first picture, at
// which decoding has to begin.
func (s *Stream) Segment(r id.Rendition, n int) (Bytes, error) {
	number, t, err := s.find(r)
	if err != nil {
		return Bytes{}, err
	}
	if n < 0 || n >= len(t.Segments) {
		return Bytes{}, ErrNoSegment
	}
	if err := s.Unfit(); err != nil {
		return Bytes{}, err
	}
	samples, end, err := s.source.Samples(number, n)
	if err != nil {
		return Bytes{}, fmt.Errorf("segment %d of %s: %w", n, r, err)
	}
	out, err := s.pack(t, n, samples, end)
	if err != nil {
		return Bytes{}, fmt.Errorf("segment %d of %s: %w", n, r, err)
	}
	return out, nil
}

func (s *Stream) pack(t *track, n int, samples []Sample, end int64) (out Bytes, err error) {
	if end == 0 {
		end = t.End
		if n+1 < len(t.Segments) {
			end = t.Segments[n+1].Time
		}
	}
	if err := s.check(t, samples); err != nil {
		return Bytes{}, err
	}
	var timed []mp4.Sample
	var sizes []uint32
	if t.Init.Video {
		timed, sizes, err = pictures(samples, t.Segments[n].Time, end, t.Delay)
	} else {
		timed, sizes, err = sounds(samples, end)
	}
	if err != nil {
		return Bytes{}, err
	}
	for n := range sizes {
		sizes[n] += uint32(len(t.Prefix))
	}
	out.Head = mp4.SegmentHead(uint32(n+1), timed, sizes, int32(t.Delay), t.Init.Video)
	out.Size = int64(len(out.Head))
	out.Parts = make([]Part, 0, len(samples))
	for _, sample := range samples {
		out.add(t.Prefix, sample)
	}
	return out, nil
}

// add adds a sample; those that are neighbours in the file are one part.
func (b *Bytes) add(prefix []byte, s Sample) {
	if len(s.Pieces) > 0 {
		b.scatter(s.Pieces)
		return
	}
	b.Size += int64(len(prefix)) + s.Size
	if len(prefix) > 0 {
		b.Parts = append(b.Parts, Part{Size: int64(len(prefix)), Data: prefix})
	} else if last := len(b.Parts) - 1; last >= 0 && b.Parts[last].Offset+b.Parts[last].Size == s.Offset {
		b.Parts[last].Size += s.Size
		return
	}
	b.Parts = append(b.Parts, Part{Offset: s.Offset, Size: s.Size})
}

// check looks at the key frames of a segment: the first has to be one, and none may need parameter sets that the Init Section
// does not have. In other pictures they do not change (ITU-T H.264 section 7.4.1.2.1, ITU-T H.265 section 7.4.2.4.2). Containers
// mark the first picture of an open group of H.264 as well (a recovery point), at which not every decoder can begin: in ISO/IEC
// 14496-15 it is no sync sample, and is marked as none.
func (s *Stream) check(t *track, samples []Sample) error {
	for n, sample := range samples {
		if n > 0 && (t.Units.Codec == "" || !sample.Key) {
			continue
		}
		e, err := t.look(s.r, sample.Offset, sample.Size)
		switch {
		case err != nil:
			return err
		case n == 0 && !(e.entry && sample.Key):
			return ErrChanged.Because(fmt.Errorf("the picture at %d is no key frame", sample.Offset))
		case e.sets && !t.Units.InBand:
			s.changing.Store(true)
			return ErrChanging.Because(fmt.Errorf("the picture at %d has parameter sets of its own", sample.Offset))
		}
		samples[n].Key = e.entry
	}
	return nil
}

// WriteTo writes a segment whose parts are read from r.
func (b Bytes) WriteTo(w io.Writer, r io.ReaderAt) (int64, error) {
	n, err := w.Write(b.Head)
	written := int64(n)
	for _, p := range b.Parts {
		if err != nil {
			break
		}
		var copied int64
		if len(p.Data) > 0 {
			n, err = w.Write(p.Data)
			written += int64(n)
			continue
		}
		if len(p.Pieces) > 0 {
			copied, err = p.writeTo(w, r)
			written += copied
			continue
		}
		copied, err = io.Copy(w, io.NewSectionReader(r, p.Offset, p.Size))
		written += copied
		if err == nil && copied < p.Size {
			err = ErrChanged.Because(io.ErrUnexpectedEOF)
		}
	}
	return written, err
}
