package original

import (
	"errors"
	"fmt"
	"io"
	"sort"

	"movify/pkg/media"
	"movify/pkg/mpegts"
)

// tsSource is a transport stream with an index of it.
type tsSource struct {
	file    *mpegts.Reader
	index   tsIndex // columns of points only until the segments are cut
	track   Track
	sounds  []*tsSound
	left    []media.LeftSound
	points  []tsPoint // of the segments
	pending []Point
	first   int64 // time of the first picture
	lead    int64 // for how long it is held before it
	end     int64
}

// tsPoint is where a segment of the picture begins.
type tsPoint struct {
	Segment
	offset, behind int64 // of the packet in which it begins, behind the last one of it
}

// withoutIndex is why a file has no Original stream that is no MP4 and no Matroska file: it is to be indexed, or of a kind that
// is not copied.
func withoutIndex(r io.ReaderAt, size int64) error {
	_, err := readTSHead(r, size)
	switch {
	case err == nil:
		return ErrIndexPending
	case errors.Is(err, ErrContainer):
		return kindOfFile(r, err)
	}
	return err
}

// kindOfFile names the kind of a file by its first bytes.
func kindOfFile(r io.ReaderAt, cause error) error {
	head := make([]byte, 12)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the film: %w", err)
	}
	head = head[:n]
	for _, kind := range [...]struct {
		at          int
		magic, name string
	}{
		{8, "AVI ", "AVI"}, {0, "FLV\x01", "FLV"}, {0, "\x00\x00\x01\xba", "MPEG program stream"}, {0, "OggS", "Ogg"},
		{0, "\x30\x26\xb2\x75", "Windows Media"}, {0, ".RMF", "RealMedia"},
	} {
		if len(head) >= kind.at+len(kind.magic) && string(head[kind.at:][:len(kind.magic)]) == kind.magic {
			words := "The video cannot be copied out of a file of this kind: " + kind.name + "."
			return ErrContainer.Saying(words).Because(cause)
		}
	}
	return ErrContainer.Because(cause)
}

// OpenIndexed opens a film of size bytes with an index that MakeIndex made of it. The fault of a film that is unfit says why;
// ErrIndex is that of an index that is not of this film or of another version.
func OpenIndexed(r io.ReaderAt, size int64, index []byte) (*Stream, error) {
	x, err := unpackIndex(index, size)
	if err != nil {
		return nil, err
	}
	s := &tsSource{index: x, first: x.Picture.Times[0]}
	if s.file, err = mpegts.NewReader(r, size); err != nil {
		return nil, ErrChanged.Because(err)
	}
	if s.track, err = tsPictureTrack(x.Picture); err != nil {
		return nil, err
	}
	s.openSounds()
	s.hold()
	s.enter()
	return newStream(r, s)
}

// openSounds opens the sounds that are copied and says which are not.
func (s *tsSource) openSounds() {
	for _, x := range s.index.Sounds {
		track, reason := Track{}, x.Left
		if reason == "" {
			var ok bool
			if track, ok = tsSoundTrack(x); !ok {
				reason = media.LeftCodec
			} else if len(s.sounds) == maxSounds {
				reason = media.LeftTooMany
			}
		}
		if reason != "" {
			s.left = append(s.left, media.LeftSound{Stream: x.Stream, Codec: x.Codec, Reason: reason})
			continue
		}
		s.sounds = append(s.sounds, &tsSound{source: s, track: track, index: x})
	}
}

// hold finds how long the first picture is held before its time: by the rule of an MP4 file's sounds.
func (s *tsSource) hold() {
	before, pictures := int64(0), int64(0)
	for _, x := range s.index.Sounds {
		if x.Heard {
			before = max(before, s.first-x.First)
		}
	}
	for _, n := range s.index.Picture.Samples {
		pictures += n
	}
	s.end = s.index.Picture.End - s.first
	if before >= heldFrom*tsClock/1000 && before <= maxSeconds*tsClock {
		frame := max(1, (s.end+pictures/2)/pictures)
		s.lead = (before + frame - 1 - frame/1000) / frame * frame
		s.end += s.lead
	}
}

// time is when a picture is shown, as in an MP4 file.
func (s *tsSource) time(pts int64) int64 {
	if pts == s.first {
		return 0
	}
	return pts - s.first + s.lead
}

// enter lists the points.
func (s *tsSource) enter() {
	x := s.index.Picture
	for n, at := range x.Times {
		s.pending = append(s.pending, Point{Time: s.time(at), Bytes: x.Bytes[n], Samples: int(x.Samples[n])})
	}
	for _, n := range x.Open {
		s.pending[n].Open = true
	}
}

func (s *tsSource) Tracks() ([]Track, []media.LeftSound) {
	out := []Track{s.track}
	for _, sound := range s.sounds {
		out = append(out, sound.track)
	}
	return out, s.left
}

func (s *tsSource) Points() ([]Point, int64) { return s.pending, s.end }

// maxRange is how many bytes of the file a segment may lie in, with those of other streams.
const maxRange = 256 << 20

func (s *tsSource) Cut(starts []int) ([]Layout, error) {
	x := s.index.Picture
	layout := Layout{End: s.end}
	for n, from := range starts {
		to, behind := len(s.pending), x.Behind
		if n+1 < len(starts) {
			to = starts[n+1]
			behind = x.Offsets[to]
		}
		p := tsPoint{Segment: Segment{Time: s.pending[from].Time}, offset: x.Offsets[from], behind: behind}
		for _, point := range s.pending[from:to] {
			p.Bytes, p.Samples = p.Bytes+point.Bytes, p.Samples+point.Samples
		}
		if p.behind-p.offset > maxRange {
			return nil, ErrDense.Because(fmt.Errorf("a segment in %d bytes of the file", p.behind-p.offset))
		}
		s.points = append(s.points, p)
		layout.Segments = append(layout.Segments, p.Segment)
	}
	out := []Layout{layout}
	for _, sound := range s.sounds {
		out = append(out, sound.cut(layout))
	}
	s.pending, s.index = nil, tsIndex{Picture: tsPictureIndex{PID: x.PID, Codec: x.Codec}}
	return out, nil
}

func (s *tsSource) Samples(track, segment int) ([]Sample, int64, error) {
	if track == 0 {
		samples, err := s.pictures(segment)
		return samples, 0, err
	}
	return s.sounds[track-1].samples(segment)
}

// changedTS is the fault of a file whose packets were as they should be when its index was made.
func changedTS(err error) error {
	for _, wrong := range [...]error{errLostPackets, errScrambled, errFrames, errSoundTimes} {
		if errors.Is(err, wrong) {
			return ErrChanged.Because(err)
		}
	}
	return err
}

// pictures reads those of a segment.
func (s *tsSource) pictures(segment int) ([]Sample, error) {
	p := s.points[segment]
	r := tsPictures{source: s, point: p}
	r.units = newPictureReader(isHEVC(s.index.Picture.Codec), func([]byte) error { return nil }, r.picture)
	packets := tsBytes{counter: -1, take: r.take}
	if err := readPID(s.file, p.offset, p.behind, s.index.Picture.PID, packets.packet); err != nil {
		return nil, changedTS(err)
	}
	if err := r.units.finish(); err != nil {
		return nil, changedTS(err)
	}
	if len(r.out) != p.Samples || r.bytes != p.Bytes {
		err := fmt.Errorf("%d pictures of %d bytes, not %d of %d", len(r.out), r.bytes, p.Samples, p.Bytes)
		return nil, ErrChanged.Because(err)
	}
	return r.out, nil
}

// tsPictures collects the pictures of a segment.
type tsPictures struct {
	source *tsSource
	point  tsPoint
	units  *pictureReader
	runs   runs
	bytes  int64
	out    []Sample
}

func (r *tsPictures) take(b []byte, offset int64, pes pesPlace) error {
	r.runs = append(r.runs, run{at: r.units.at, offset: offset, size: int64(len(b))})
	return r.units.add(b, pes)
}

func (r *tsPictures) picture(u tsPictureUnits) error {
	s := r.source
	if !u.timed || u.pes.pts < 0 || len(r.out) == 0 && !u.entry {
		return ErrChanged.Because(fmt.Errorf("the picture at %d is no key frame, or has no time", u.pes.offset))
	}
	if r.bytes += u.size; r.bytes > maxBytes || len(r.out) == maxBetween {
		return ErrChanged.Because(errors.New("more pictures than there were"))
	}
	sample := Sample{
		PTS: s.time(mpegts.Unwrap(u.pes.pts, r.point.Time+s.first-s.lead)), Key: u.entry, Size: u.size, Offset: u.pes.offset,
	}
	for _, unit := range u.units {
		sample.Pieces = append(sample.Pieces, Piece{Length: uint32(unit[1] - unit[0])})
		sample.Pieces = r.runs.pieces(sample.Pieces, unit[0], unit[1])
	}
	r.out = append(r.out, sample)
	return nil
}

// tsSound is a sound of a transport stream that is copied.
type tsSound struct {
	source *tsSource
	track  Track
	index  tsSoundIndex // without its columns once it is cut
	marks  []tsMark     // from which the segments are read
	bounds []int64      // at which they begin
	end    int64
}

// tsMark is a place at which a frame begins.
type tsMark struct {
	offset, skip, time int64
}

// tsFrameAt is a frame by its number and the bytes before it.
type tsFrameAt struct {
	time, number, bytes int64
	mark                int
}

// offset is from the times of the file to those of the stream.
func (t *tsSound) offset() int64 { return t.source.lead - t.source.first }

// after is the first frame at or after a time of the stream. It lies where it is to be expected from the mark before it.
func (t *tsSound) after(time int64) tsFrameAt {
	x, at := t.index, time-t.offset()
	n := max(0, sort.Search(len(x.Times), func(n int) bool { return x.Times[n] > at })-1)
	length := int64(x.PerFrame) * tsClock
	frames := int64(0)
	if at > x.Times[n] {
		frames = ((at-x.Times[n])*int64(x.Rate) + length - 1) / length
	}
	next := tsFrameAt{time: x.End, number: x.Frames, bytes: x.Bytes}
	if n+1 < len(x.Times) {
		next = tsFrameAt{time: x.Times[n+1], number: x.Counts[n+1], bytes: x.Sums[n+1]}
	}
	next.mark, next.time = n, next.time+t.offset()
	all := next.number - x.Counts[n]
	if frames >= all {
		return next
	}
	return tsFrameAt{
		time: x.Times[n] + frames*length/int64(x.Rate) + t.offset(), number: x.Counts[n] + frames,
		bytes: x.Sums[n] + (next.bytes-x.Sums[n])*frames/all, mark: n,
	}
}

// cut cuts the sound at the boundaries of the picture, at the first frame at or after each, as in an MP4 file.
func (t *tsSound) cut(picture Layout) Layout {
	x := t.index
	t.end = x.End + t.offset()
	for _, segment := range picture.Segments {
		t.bounds = append(t.bounds, segment.Time)
	}
	for {
		last := t.bounds[len(t.bounds)-1]
		next := max(min(picture.End+behindRest*tsClock, last+maxSeconds*tsClock), last+behindEach*tsClock)
		if next >= t.end || len(t.bounds) >= maxPoints {
			break
		}
		t.bounds = append(t.bounds, next)
	}
	out := Layout{End: t.end, Estimated: true}
	at := t.after(t.bounds[0])
	if at.time > heldFrom*tsClock/1000 || at.number == x.Frames {
		return Layout{Left: media.LeftLate}
	}
	for n := 0; n < len(t.bounds) && at.number < x.Frames; n++ {
		next := tsFrameAt{time: t.end, number: x.Frames, bytes: x.Bytes}
		if n+1 < len(t.bounds) {
			next = t.after(t.bounds[n+1])
		}
		segment := Segment{Time: at.time, Bytes: next.bytes - at.bytes, Samples: int(next.number - at.number)}
		tooMuch := segment.Bytes > maxBytes || segment.Samples > maxSamples
		if segment.Samples == 0 || next.time-at.time > (maxSeconds+1)*tsClock || tooMuch {
			return Layout{Left: media.LeftHole}
		}
		out.Segments = append(out.Segments, segment)
		t.marks = append(t.marks, tsMark{offset: x.Offsets[at.mark], skip: x.Skips[at.mark], time: x.Times[at.mark]})
		at = next
	}
	t.index = tsSoundIndex{PID: x.PID, Codec: x.Codec}
	return out
}

// samples gives the frames from one boundary to the next, and where the last one ends.
func (t *tsSound) samples(segment int) ([]Sample, int64, error) {
	const never = 1 << 62
	mark := t.marks[segment]
	w := tsSounds{sound: t, mark: mark, from: max(0, t.bounds[segment]), until: never}
	if segment+1 < len(t.bounds) {
		w.until = t.bounds[segment+1]
	}
	w.frames = &soundReader{
		parse: frameReaders[t.index.Codec], near: func() int64 { return mark.time }, skip: mark.skip, done: w.sample,
	}
	packets := tsBytes{counter: -1, take: w.take}
	err := readPID(t.source.file, mark.offset, mark.offset+maxRange, t.index.PID, packets.packet)
	if err == nil {
		err = w.frames.finish()
	}
	if err != nil && !errors.Is(err, errDone) {
		return nil, 0, changedTS(err)
	}
	last := segment+1 == len(t.marks)
	if n := len(w.out); n == 0 || w.end == 0 && !last || last && w.end == 0 && w.last != t.end {
		return nil, 0, ErrChanged.Because(fmt.Errorf("%d sound frames up to tick %d", n, w.last))
	}
	if w.end == 0 {
		w.end = w.last
	}
	return w.out, w.end, nil
}

// errDone ends the reading.
var errDone = errors.New("all was read")

// tsSounds collects the frames of a sound in [from, until).
type tsSounds struct {
	sound       *tsSound
	mark        tsMark
	begun       bool
	from, until int64
	frames      *soundReader
	runs        runs
	bytes       int64
	end, last   int64 // when the first frame behind is heard, 0 for none; when the last one ends
	out         []Sample
}

func (w *tsSounds) take(b []byte, offset int64, pes pesPlace) error {
	w.runs = append(w.runs, run{at: w.frames.at, offset: offset, size: int64(len(b))})
	return w.frames.add(b, pes)
}

func (w *tsSounds) sample(s tsSample) error {
	time := s.time + w.sound.offset()
	if !w.begun && (s.time != w.mark.time || s.pes.offset != w.mark.offset) {
		return ErrChanged.Because(fmt.Errorf("no sound of tick %d in the packet at %d", w.mark.time, w.mark.offset))
	}
	w.begun = true
	switch {
	case time < w.from:
		return nil
	case time >= w.until:
		w.end = time
		return errDone
	}
	if w.bytes += s.bytes(); w.bytes > maxBytes || len(w.out) == maxSamples {
		return ErrChanged.Because(errors.New("more sound than there was"))
	}
	w.last = time + int64(s.samples)*tsClock/int64(s.rate)
	w.out = append(w.out, Sample{
		PTS: time, Key: true, Offset: s.pes.offset, Size: s.bytes(), Pieces: w.runs.pieces(nil, s.from+int64(s.strip), s.to),
	})
	return nil
}
