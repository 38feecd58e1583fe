package transcoder

import (
	"context"
	"errors"
	"fmt"

	"movify/pkg/media"
	"movify/pkg/mp4"
)

// ErrOffGrid says that an encoder ran to its end, but that what it wrote cannot be cut into segments on the grid.
var ErrOffGrid = errors.New("the encoder's pictures do not lie on the grid")

// Made is one rendition as runs store it.
type Made struct {
	Segments [][]byte // in order, from the order's first
	in       mp4.Init
}

// Make executes an order of one rendition into memory: it is meant for a second of a test picture. It fails with ErrOffGrid when the
// output fails the packager's checks, else with the error of the encoder.
func Make(ctx context.Context, encoder Encoder, o Order) (Made, error) {
	enc, err := encoder.Start(ctx, o)
	if err != nil {
		return Made{}, err
	}
	out := &memorySink{}
	failed := packageOutput(enc.Output(0), o.Renditions[0], o.Asset.Grid, o.From, o.To, o.Maker(0), out)
	if failed != nil && !errors.Is(failed, errShort) {
		enc.Kill()
	}
	_, err = enc.Wait()
	switch {
	case ctx.Err() != nil:
		return Made{}, ctx.Err()
	case failed != nil && (err == nil || !errors.Is(failed, errShort)):
		return Made{}, fmt.Errorf("%w: %w", ErrOffGrid, failed)
	case err != nil:
		return Made{}, err
	}
	return out.made, nil
}

// JoinedInit is the Init Section that a rendition gets which a hardware encoder begins: the segments of both decode with it. It
// fails with ErrHeaders when that cannot be.
func JoinedInit(hardware, beside Made) ([]byte, error) {
	joined, err := joinInits(hardware.in, beside.in)
	return joined.Bytes, err
}

// memorySink keeps what a packager hands out.
type memorySink struct{ made Made }

func (m *memorySink) init(_ media.Rendition, in mp4.Init) error {
	m.made.in = in
	return nil
}

func (m *memorySink) segment(_ media.Rendition, _ int, data []byte) error {
	m.made.Segments = append(m.made.Segments, data)
	return nil
}
