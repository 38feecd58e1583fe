package transcoder

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/transcoder/index"
)

const (
	// hardwareFailures in a row put hardware aside for hardwarePause.
	hardwareFailures = 3
	hardwarePause    = 10 * time.Minute
	// hardwareStall is how long a hardware run may store nothing. A viewer may wait for it, and a device that makes less
	// than a segment in that time is slower than any CPU.
	hardwareStall = 30 * time.Second
)

// HardwareTrouble says what became of runs with the hardware encoder in this process.
type HardwareTrouble struct {
	Failures int       // runs that broke and that software finished
	Last     string    // why the last of them broke, "" = none did
	Until    time.Time // software makes everything until then, zero = hardware is used
}

// hardwareUse counts the failures of the hardware encoder.
type hardwareUse struct {
	mu      sync.Mutex
	trouble HardwareTrouble
	row     int                  // failures without a success between
	refused map[renditionOf]bool // begun by another hardware encoder, or another version of it
}

type renditionOf struct {
	asset     id.Asset
	rendition id.Rendition
}

func newHardwareUse() *hardwareUse { return &hardwareUse{refused: map[renditionOf]bool{}} }

func (h *hardwareUse) paused(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return now.Before(h.trouble.Until)
}

// failed notes a run that broke although software then made the same segments.
func (h *hardwareUse) failed(now time.Time, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.row++
	h.trouble.Failures++
	h.trouble.Last = err.Error()
	if h.row >= hardwareFailures {
		h.row, h.trouble.Until = 0, now.Add(hardwarePause)
	}
}

func (h *hardwareUse) worked() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.row, h.trouble.Until = 0, time.Time{}
}

func (h *hardwareUse) refuse(a id.Asset, r id.Rendition) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused[renditionOf{a, r}] = true
}

func (h *hardwareUse) refuses(a id.Asset, r id.Rendition) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.refused[renditionOf{a, r}]
}

// HardwareTrouble tells how the hardware encoder has done since the start of this process.
func (s *Service) HardwareTrouble() HardwareTrouble {
	s.hardware.mu.Lock()
	defer s.hardware.mu.Unlock()
	return s.hardware.trouble
}

// hardwareReady reports whether the hardware encoder passed its trial, is switched on and has not broken again and again.
func (s *Service) hardwareReady() bool {
	return s.opts.Hardware != nil && s.opts.Hardware() && !s.hardware.paused(s.opts.Now())
}

// assign says who makes each rendition of a claim. Hardware begins renditions without a segment, and goes on with those it began;
// what it began and may not go on with is finished by software.
func (s *Service) assign(ctx context.Context, c *index.Claim, hardware bool) ([]Maker, error) {
	x := c.Index()
	out := make([]Maker, len(c.Renditions()))
	for n, r := range c.Renditions() {
		if r.Kind != media.Video {
			continue
		}
		in, stored, err := s.storedInit(ctx, x, r.ID)
		if err != nil {
			return nil, err
		}
		may := hardware && hardwareMay(r) && !s.hardware.refuses(x.Asset().ID, r.ID)
		switch begun := stored && begunByHardware(in); {
		case may && (begun || !stored):
			out[n] = Hardware
		case begun:
			out[n] = SoftwareBeside
		}
	}
	return out, nil
}

// storedInit reads the Init Section of a rendition that is not packed.
func (s *Service) storedInit(
	ctx context.Context, x *index.Index, r id.Rendition,
) (in mp4.Init, stored bool, err error) {
	if x.IsPacked(r) {
		return mp4.Init{}, false, nil
	}
	data, err := blob.ReadAll(ctx, s.opts.Stage, x.Asset().InitKey(r))
	if errors.Is(err, blob.ErrNotFound) {
		return mp4.Init{}, false, nil
	}
	if err != nil {
		return mp4.Init{}, false, fmt.Errorf("read stored init section: %w", err)
	}
	if in, err = parseInit(data); err != nil {
		return mp4.Init{}, false, fmt.Errorf("read stored init section: %w", err)
	}
	return in, true, nil
}

// attemptHardware executes a run with the hardware encoder where it may be used. It returns done when nothing is left for software to
// do, else the run of the other renditions, and why.
func (s *Service) attemptHardware(ctx context.Context, r *run, src Source) (rest *run, done bool, err error) {
	if !s.hardwareReady() {
		return r, false, nil
	}
	by, err := s.assign(ctx, r.claim, true)
	if err != nil || !slices.Contains(by, Hardware) {
		return r, false, nil // software meets the error itself, if it lasts
	}
	r.hardware = true
	err = s.execute(ctx, r, src.Path, manner{by: by})
	if quietEnd(ctx, err) {
		if err == nil {
			s.hardware.worked()
		}
		return r, true, err
	}
	s.opts.Logger.Warn("the hardware encoder broke, software goes on", "run", r.id, "asset", r.asset().ID, "error", err)
	if errors.Is(err, ErrHeaders) {
		for n, maker := range by {
			if maker == Hardware {
				s.hardware.refuse(r.asset().ID, r.claim.Renditions()[n].ID)
			}
		}
	}
	left := r.claim.Rest()
	if left == nil {
		return r, true, nil // it broke behind its last segment, or what it left belongs to others
	}
	return newRun(left, r.class, s.opts.Now()), false, err
}

// beginHardware makes and stores the Init Section of a rendition that a hardware run begins; others may be faster.
func (w stageWriter) beginHardware(r media.Rendition, in mp4.Init) error {
	beside, err := headerOf(w.ctx, w.s.opts.Encoder, w.order, r)
	if err != nil {
		return fmt.Errorf("ask the software encoder for its header: %w", err)
	}
	joined, err := joinInits(in, beside)
	if err != nil {
		return err
	}
	if joined.Codecs != r.Codecs {
		return fmt.Errorf("%w: codec is %s, the plan says %s", ErrHeaders, joined.Codecs, r.Codecs)
	}
	err = w.s.opts.Stage.Put(w.ctx, w.order.Asset.InitKey(r.ID), joined.Bytes)
	if err != nil && !errors.Is(err, blob.ErrExists) {
		return fmt.Errorf("store init section: %w", err)
	}
	return nil
}

// headerOf asks the software encoder for the Init Section that it would write as SoftwareBeside. Its header is pinned and depends on
// no picture, so one blank picture does.
func headerOf(ctx context.Context, encoder Encoder, o Order, r media.Rendition) (mp4.Init, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o.Renditions, o.Makers, o.HeaderOnly = []media.Rendition{r}, []Maker{SoftwareBeside}, true
	o.From, o.To = 0, 1
	enc, err := encoder.Start(ctx, o)
	if err != nil {
		return mp4.Init{}, err
	}
	out := headerSink{}
	failed := packageOutput(enc.Output(0), r, o.Asset.Grid, 0, 1, SoftwareBeside, &out)
	enc.Kill()
	_, ended := enc.Wait()
	if out.in.Bytes == nil {
		return mp4.Init{}, errors.Join(failed, ended)
	}
	return out.in, nil
}

// headerSink takes an Init Section and nothing else.
type headerSink struct{ in mp4.Init }

func (h *headerSink) init(_ media.Rendition, in mp4.Init) error {
	h.in = in
	return errEnded
}

func (h *headerSink) segment(media.Rendition, int, []byte) error { return errEnded }
