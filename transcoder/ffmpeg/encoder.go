package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

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
type Encoder struct {
	opts   EncoderOptions
	device atomic.Pointer[candidate] // makes pictures as transcoder.Hardware; nil = none
}

var _ transcoder.Encoder = (*Encoder)(nil)

// NewEncoder starts nothing.
func NewEncoder(o EncoderOptions) *Encoder { return &Encoder{opts: o} }

// niceness of runs that no viewer waits for.
const niceness = 10

// errNoHardware is returned for an order of pictures by hardware where none was chosen.
var errNoHardware = errors.New("no hardware encoder passed its trial")

// Start runs ffmpeg for an order.
func (e *Encoder) Start(ctx context.Context, o transcoder.Order) (transcoder.Encode, error) {
	device := e.device.Load()
	if device == nil {
		if usesHardware(o) {
			return nil, errNoHardware
		}
		device = &candidate{}
	}
	return e.start(ctx, o, *device)
}

// withDevice is an Encoder on a device that is being tried.
type withDevice struct {
	encoder *Encoder
	device  candidate
}

func (w withDevice) Start(ctx context.Context, o transcoder.Order) (transcoder.Encode, error) {
	return w.encoder.start(ctx, o, w.device)
}

func (e *Encoder) start(ctx context.Context, o transcoder.Order, device candidate) (transcoder.Encode, error) {
	preset, l := e.opts.Background, limits{nice: niceness}
	if o.Class == queue.JIT {
		preset, _ = PresetNamed("veryfast")
		l = limits{}
	}
	in, err := openInput(o.Path)
	if err != nil {
		return nil, err
	}
	args, err := encodeArgs(o, preset, in, device)
	if err != nil {
		return nil, err
	}
	c := child{program: e.opts.Program, args: args, dir: in.dir, reads: in.reads, pipes: len(o.Renditions), limits: l}
	if usesHardware(o) {
		c.devices = thisMachine().opened(device)
	}
	p, err := start(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", o.Asset.ID, err)
	}
	return p, nil
}
