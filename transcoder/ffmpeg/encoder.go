package ffmpeg

import (
	"context"
	"fmt"

	"movify/pkg/queue"
	"movify/transcoder"
)

// EncoderOptions configure an Encoder.
type EncoderOptions struct {
	Program string // "ffmpeg" or a path; found on PATH
	// Background is the preset of runs that no viewer waits for.
	Background Preset
}

// Encoder starts ffmpeg for runs. It meets transcoder.Encoder.
type Encoder struct{ opts EncoderOptions }

var _ transcoder.Encoder = (*Encoder)(nil)

// NewEncoder starts nothing.
func NewEncoder(o EncoderOptions) *Encoder { return &Encoder{opts: o} }

// niceness of runs that no viewer waits for.
const niceness = 10

// Start runs ffmpeg for an order.
func (e *Encoder) Start(ctx context.Context, o transcoder.Order) (transcoder.Encode, error) {
	preset, l := e.opts.Background, limits{nice: niceness}
	if o.Class == queue.JIT {
		preset, _ = PresetNamed("veryfast")
		l = limits{}
	}
	in, err := openInput(o.Path)
	if err != nil {
		return nil, err
	}
	args, err := encodeArgs(o, preset, in)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, child{
		program: e.opts.Program, args: args, dir: in.dir, reads: in.reads, pipes: len(o.Renditions), limits: l,
	})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", o.Asset.ID, err)
	}
	return p, nil
}
