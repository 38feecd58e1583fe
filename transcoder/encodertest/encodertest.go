// Package encodertest is an Encoder that makes no pictures: it writes well-formed fragmented MP4 that lies on the grid,
// as fast as it is read, and does what a test tells it to. It is imported by tests only.
package encodertest

import (
	"context"
	"errors"
	"fmt"
	"io"
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
}

var _ transcoder.Encoder = (*Encoder)(nil)

// New makes an Encoder. A nil step never waits and never fails.
func New(step Step) *Encoder {
	if step == nil {
		step = func(ctx context.Context, _ transcoder.Order, _ media.Rendition, _ int) error { return ctx.Err() }
	}
	return &Encoder{step: step}
}

// Orders lists every run that was started, oldest first.
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
	e.orders = append(e.orders, o)
	e.live++
	r := &running{encoder: e, order: o}
	r.ctx, r.kill = context.WithCancelCause(ctx)
	for _, rendition := range o.Renditions {
		in, out := io.Pipe()
		r.outputs = append(r.outputs, in)
		r.wg.Go(func() { out.CloseWithError(r.write(out, rendition)) })
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
func (r *running) write(w io.Writer, x media.Rendition) error {
	if _, err := w.Write(Init(r.order.Asset, x)); err != nil {
		return nil // the reader has closed the pipe
	}
	for n := r.order.From; n < r.order.To; n++ {
		if err := r.encoder.step(r.ctx, r.order, x, n); err != nil {
			r.fail(err)
			return io.EOF
		}
		if _, err := w.Write(fragment(r.order, x, n)); err != nil {
			return nil
		}
	}
	return io.EOF
}

// Init is the Init Section the encoder writes for a rendition, before the packager has added its edit list.
func Init(a media.Asset, x media.Rendition) []byte {
	if x.Kind == media.Audio {
		return mp4test.AudioInit(media.AudioRate)
	}
	return mp4test.VideoInit(a.Grid.Timescale(), x.Codecs)
}

// fragment is one segment's worth. The first audio fragment of a run begins with priming or preroll, as ffmpeg's does.
func fragment(o transcoder.Order, x media.Rendition, n int) []byte {
	g, content := o.Asset.Grid, fmt.Sprintf("%s/%d", x.ID, n)
	if x.Kind == media.Video {
		ticks := g.FrameTicks()
		return mp4.Segment(
			1, mp4test.Pictures(int64(g.Frames[n]*ticks), g.Frames[n+1]-g.Frames[n], ticks, content), 0, true,
		)
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
