// Package encodertest is an Encoder that makes no pictures: it writes well-formed fragmented MP4 that lies on the grid,
// as fast as it is read, and does what a test tells it to. It is imported by tests only.
package encodertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
	"movify/transcoder"
)

// ErrKilled is what Wait returns for a run that was killed.
var ErrKilled = errors.New("signal: killed")

// Step is called before each segment of each rendition is written. It may wait for as long as it likes, or until ctx
// ends with the run; its error ends the run as a crash of the encoder would.
type Step func(ctx context.Context, o transcoder.Order, r media.Rendition, segment int) error

// Encoder records its orders. It meets transcoder.Encoder.
type Encoder struct {
	step Step

	mu     sync.Mutex
	orders []transcoder.Order
	live   int
	mark   byte // of the hardware's parameter sets
}

var _ transcoder.Encoder = (*Encoder)(nil)

// New makes an Encoder. A nil step never waits and never fails.
func New(step Step) *Encoder {
	if step == nil {
		step = func(ctx context.Context, _ transcoder.Order, _ media.Rendition, _ int) error { return ctx.Err() }
	}
	return &Encoder{step: step}
}

// SetDriver makes later runs those of another version of the hardware encoder, whose parameter sets are others.
func (e *Encoder) SetDriver(version byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.mark = version
}

// Orders lists every run that was started, oldest first, but for those that made a header alone.
func (e *Encoder) Orders() []transcoder.Order {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]transcoder.Order(nil), e.orders...)
}

// Live counts the runs that were started and not waited for.
func (e *Encoder) Live() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.live
}

// Start begins a run.
func (e *Encoder) Start(ctx context.Context, o transcoder.Order) (transcoder.Encode, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !o.HeaderOnly {
		e.orders = append(e.orders, o)
	}
	e.live++
	r := &running{encoder: e, order: o, mark: e.mark}
	r.ctx, r.kill = context.WithCancelCause(ctx)
	for n, rendition := range o.Renditions {
		in, out := io.Pipe()
		r.outputs = append(r.outputs, in)
		r.wg.Go(func() { out.CloseWithError(r.write(out, rendition, o.Maker(n))) })
	}
	r.unhook = context.AfterFunc(r.ctx, func() {
		for _, in := range r.outputs {
			in.Close() // a write under way fails
		}
	})
	return r, nil
}

type running struct {
	encoder *Encoder
	order   transcoder.Order
	ctx     context.Context
	kill    context.CancelCauseFunc
	unhook  func() bool
	mark    byte
	outputs []*io.PipeReader
	wg      sync.WaitGroup

	mu     sync.Mutex
	failed error
}

// Output reads like a process's pipe: when the process dies it just ends.
func (r *running) Output(n int) io.Reader { return pipe{r.outputs[n]} }

type pipe struct{ *io.PipeReader }

func (p pipe) Read(b []byte) (int, error) {
	n, err := p.PipeReader.Read(b)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

func (r *running) Kill() { r.kill(ErrKilled) }

func (r *running) Wait() (transcoder.Usage, error) {
	r.wg.Wait()
	r.mu.Lock()
	err := r.failed
	r.mu.Unlock()
	if err == nil && r.ctx.Err() != nil {
		err = ErrKilled
	}
	r.kill(nil)
	r.encoder.mu.Lock()
	r.encoder.live--
	r.encoder.mu.Unlock()
	return transcoder.Usage{CPU: time.Millisecond}, err
}

// fail ends the process: its other pipes end too.
func (r *running) fail(err error) {
	if r.ctx.Err() != nil {
		return // killed before
	}
	r.mu.Lock()
	r.failed = err
	r.mu.Unlock()
	r.kill(err)
}

// write puts one rendition into its pipe. A step's error ends the whole process.
func (r *running) write(w io.Writer, x media.Rendition, maker transcoder.Maker) error {
	if _, err := w.Write(initOf(r.order.Asset, x, maker, r.mark)); err != nil {
		return nil // the reader has closed the pipe
	}
	for n := r.order.From; n < r.order.To; n++ {
		if err := r.encoder.step(r.ctx, r.order, x, n); err != nil && !r.order.HeaderOnly {
			r.fail(err)
			return io.EOF
		}
		if _, err := w.Write(fragment(r.order, x, n, maker, r.mark)); err != nil {
			return nil
		}
	}
	return io.EOF
}

// initOf is the Init Section of a rendition by its maker. Software's has no parameter sets: the packager does not look at them.
func initOf(a media.Asset, x media.Rendition, maker transcoder.Maker, mark byte) []byte {
	if x.Kind == media.Audio || maker == transcoder.Software {
		return Init(a, x)
	}
	sps, pps := parameterSets(x, maker, mark)
	return mp4test.VideoInitWith(a.Grid.Timescale(), x.Codecs, [][]byte{sps}, [][]byte{pps})
}

func parameterSets(x media.Rendition, maker transcoder.Maker, mark byte) (sps, pps []byte) {
	if maker == transcoder.SoftwareBeside {
		return mp4test.ParameterSets(x.Codecs, transcoder.BesideSet, 0xff)
	}
	return mp4test.ParameterSets(x.Codecs, 0, mark)
}

// Init is the Init Section the encoder writes for a rendition, before the packager has added its edit list.
func Init(a media.Asset, x media.Rendition) []byte {
	if x.Kind == media.Audio {
		return mp4test.AudioInit(media.AudioRate)
	}
	return mp4test.VideoInit(a.Grid.Timescale(), x.Codecs)
}

// fragment is one segment's worth. The first audio fragment of a run begins with priming or preroll, as ffmpeg's does.
// Hardware repeats its parameter sets before the first picture, as devices do.
func fragment(o transcoder.Order, x media.Rendition, n int, maker transcoder.Maker, mark byte) []byte {
	g, content := o.Asset.Grid, fmt.Sprintf("%s/%d", x.ID, n)
	if x.Kind == media.Video {
		ticks := g.FrameTicks()
		switch maker {
		case transcoder.Hardware:
			content = mp4test.SliceHeader(0) + content
		case transcoder.SoftwareBeside:
			content = mp4test.SliceHeader(transcoder.BesideSet) + content
		}
		pictures := mp4test.Pictures(int64(g.Frames[n]*ticks), g.Frames[n+1]-g.Frames[n], ticks, content)
		if maker == transcoder.Hardware {
			sps, pps := parameterSets(x, maker, mark)
			pictures[0].Data = slices.Concat(mp4test.NAL(sps), mp4test.NAL(pps), pictures[0].Data)
		}
		return mp4.Segment(1, pictures, 0, true)
	}
	first := g.Audio[n]
	if n == o.From {
		first -= 5
		if n == 0 {
			first = -1
		}
	}
	return mp4.Segment(1, mp4test.Frames(int64(first*media.AACFrame), g.Audio[n+1]-first, content), 0, false)
}
