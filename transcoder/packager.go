package transcoder

import (
	"errors"
	"fmt"
	"io"

	"movify/pkg/media"
	"movify/pkg/mp4"
)

// reorderDelay is how many frames composition may lag behind decoding in our streams (two with a B-pyramid). The
// encoder writes negative offsets, so that tfdt is the boundary; the packager turns them into positive ones and an edit
// list of the same length, because libavformat's players show negative ones two frames late.
const reorderDelay = 2

// maxBox bounds a box of an encoder's pipe: a 4 s fragment at our highest cap is about 12 MB.
const maxBox = 256 << 20

// sink receives the segments that a packager has cut. Either error ends the packaging.
type sink interface {
	// init is called once, before any segment, with the whole Init Section.
	init(r media.Rendition, in mp4.Init) error
	// segment is called for each segment in order with its canonical bytes.
	segment(r media.Rendition, n int, data []byte) error
}

// errEnded says that the sink wants no more; it is not a failure.
var errEnded = errors.New("no more segments wanted")

// errShort says that the stream ended before the last segment was complete.
var errShort = errors.New("the file has fewer frames than its header says")

// packageOutput cuts one encoder output into the segments [from, to) of a rendition, checks each against the grid and
// hands it to the sink. It returns when the stream ends; a segment that fails a check does not reach the sink.
func packageOutput(r io.Reader, rendition media.Rendition, grid media.Grid, from, to int, maker Maker, out sink) error {
	p := packager{rendition: rendition, grid: grid, next: from, to: to, maker: maker, out: out}
	for {
		box, err := mp4.ReadBox(r, maxBox)
		if errors.Is(err, io.EOF) {
			return p.close()
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", rendition.ID, err)
		}
		if err := p.box(box); err != nil {
			return fmt.Errorf("package %s: %w", rendition.ID, err)
		}
	}
}

type packager struct {
	rendition media.Rendition
	grid      media.Grid
	next, to  int
	maker     Maker
	out       sink

	ftyp, moof mp4.Box
	in         mp4.Init
	config     mp4.AVCConfig // of a hardware encoder
	pending    []mp4.Sample
}

func (p *packager) box(b mp4.Box) (err error) {
	switch b.Type {
	case "ftyp":
		p.ftyp = b
	case "moov":
		err = p.moov(b)
	case "moof":
		p.moof = b
	case "mdat":
		var samples []mp4.Sample
		if samples, err = p.samples(b); err == nil {
			p.pending = append(p.pending, samples...)
			err = p.cut()
		}
	}
	return err
}

func (p *packager) moov(moov mp4.Box) (err error) {
	if p.video() {
		moov = mp4.WithEditList(moov, uint32(reorderDelay*p.grid.FrameTicks()))
	}
	if p.in, err = mp4.ParseInit(p.ftyp, moov); err != nil {
		return err
	}
	if p.in.Timescale != p.timescale() {
		return fmt.Errorf("timescale is %d, the grid wants %d", p.in.Timescale, p.timescale())
	}
	if p.maker == Hardware { // what it says of itself is judged with its parameter sets
		if p.config, err = mp4.ParseAVCConfig(p.in.Config); err != nil {
			return err
		}
	} else if p.in.Codecs != p.rendition.Codecs {
		return fmt.Errorf("codec is %s, the plan says %s", p.in.Codecs, p.rendition.Codecs)
	}
	return p.out.init(p.rendition, p.in)
}

// samples are those of a fragment. Hardware encoders repeat their parameter sets within the pictures.
func (p *packager) samples(mdat mp4.Box) ([]mp4.Sample, error) {
	samples, err := p.in.Samples(p.moof, mdat)
	if err != nil || p.maker != Hardware {
		return samples, err
	}
	for n := range samples {
		if samples[n].Data, err = p.config.OutOfBand(samples[n].Data); err != nil {
			return nil, err
		}
	}
	return samples, nil
}

// cut hands out every segment that is complete.
func (p *packager) cut() error {
	for p.next < p.to {
		begin, end := p.bound(p.next), p.bound(p.next+1)
		for len(p.pending) > 0 && p.pending[0].DTS < begin {
			p.pending = p.pending[1:] // preroll and the audio encoder's priming
		}
		n := 0
		for n < len(p.pending) && p.pending[n].DTS < end {
			n++
		}
		if complete := n > 0 && p.pending[n-1].End() >= end; !complete && n == len(p.pending) {
			return nil // the rest is still to come
		}
		if err := p.emit(p.pending[:n], begin, end); err != nil {
			return err
		}
		p.pending = append([]mp4.Sample(nil), p.pending[n:]...)
		p.next++
	}
	p.pending = nil
	return nil
}

func (p *packager) emit(samples []mp4.Sample, begin, end int64) error {
	if err := p.check(samples, begin, end); err != nil {
		return fmt.Errorf("segment %d: %w", p.next, err)
	}
	shift := int32(0)
	if p.video() {
		shift = int32(reorderDelay * p.grid.FrameTicks())
	}
	data := mp4.Segment(uint32(p.next+1), samples, shift, p.video())
	return p.out.segment(p.rendition, p.next, data)
}

// check holds a segment against the grid: it begins with a picture that needs no other, exactly on its boundary, ends
// exactly on the next, and has no gap between.
func (p *packager) check(samples []mp4.Sample, begin, end int64) error {
	if len(samples) == 0 {
		return fmt.Errorf("no samples in [%d, %d)", begin, end)
	}
	ticks := int64(media.AACFrame)
	if p.video() {
		ticks = int64(p.grid.FrameTicks())
		if !samples[0].Key || !mp4.IsIDR(samples[0].Data, p.in.NALLength) {
			return errors.New("does not begin with an IDR picture")
		}
		if samples[0].PTS() != begin {
			return fmt.Errorf("first picture is at %d, the grid wants %d", samples[0].PTS(), begin)
		}
	}
	at := begin
	for n, s := range samples {
		if s.DTS != at || int64(s.Duration) != ticks {
			return fmt.Errorf(
				"sample %d is at %d for %d ticks, the grid wants %d for %d", n, s.DTS, s.Duration, at, ticks,
			)
		}
		if offset := int64(s.CTO) + reorderDelay*ticks; p.video() && offset < 0 {
			return fmt.Errorf("sample %d is shown %d ticks before it can be decoded", n, -offset)
		}
		at += ticks
	}
	if at != end {
		return fmt.Errorf("ends at %d, the grid wants %d", at, end)
	}
	return nil
}

func (p *packager) close() error {
	if p.next < p.to {
		return fmt.Errorf("%s: segment %d: %w", p.rendition.ID, p.next, errShort)
	}
	return nil
}

func (p *packager) video() bool { return p.rendition.Kind == media.Video }

func (p *packager) timescale() int { return timescale(p.grid, p.rendition.Kind) }

func (p *packager) bound(n int) int64 { return bound(p.grid, p.rendition.Kind, n) }

// timescale is the ticks per second of a kind of rendition.
func timescale(g media.Grid, k media.Kind) int {
	if k == media.Video {
		return g.Timescale()
	}
	return media.AudioRate
}

// bound is the boundary n in ticks of that timescale.
func bound(g media.Grid, k media.Kind, n int) int64 {
	if k == media.Video {
		return int64(g.Frames[n]) * int64(g.FrameTicks())
	}
	return int64(g.Audio[n]) * media.AACFrame
}
