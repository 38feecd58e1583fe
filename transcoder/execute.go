package transcoder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/queue"
	"movify/transcoder/index"
)

// Entry is one line of the encode log: a segment that a run has made.
type Entry struct {
	Run       id.Run
	Asset     id.Asset
	Class     queue.Class
	Rendition id.Rendition
	Segment   int
	Bytes     int64
	SHA256    string // hexadecimal
	AtMS      int64  // Unix milliseconds
	// Duplicate says that the segment was already stored: it was encoded twice. That never happens on one node.
	Duplicate bool
}

// Log keeps the encode log.
type Log interface {
	// Committed is called after the segment is stored. An error is reported and stops nothing.
	Committed(ctx context.Context, e Entry) error
}

// ErrDamaged is returned when less of a file can be decoded than its headers and packets say.
var ErrDamaged = fault.New(
	fault.Unsupported, "file_damaged",
	"The file is damaged: less of it can be decoded than it says. Copy or download it again.",
)

// ErrHeaders says that a run's Init Section does not fit the stored one, or no plan: its segments would decode to garbage.
var ErrHeaders = errors.New("the encoder's headers differ from the stored Init Section")

// manner is how a run is executed.
type manner struct {
	by      []Maker // of each rendition
	careful bool
}

// execute runs an encoder for a claim. It returns nil when every segment of the claim is stored, and when a
// just-in-time run took over the rest.
func (s *Service) execute(ctx context.Context, r *run, path string, how manner) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	order := Order{
		Path: path, Asset: r.asset(), Renditions: r.claim.Renditions(), From: r.claim.From(), To: r.claim.Start(stop),
		Class: r.class, Careful: how.careful, Makers: how.by,
	}
	if order.To <= order.From {
		return nil
	}
	s.addRun(r)
	defer s.removeRun(r)
	if r.class == queue.JIT {
		defer s.jitGate.enter()()
	}
	if r.jitVideo() {
		r.firstFrame = s.firstFrameGate.enter()
		defer r.firstFrame()
	}
	enc, err := s.opts.Encoder.Start(ctx, order)
	if err != nil {
		return reasonOfEnd(ctx, err)
	}
	broken, short := s.packageOutputs(ctx, enc, r, order, stop)
	if broken {
		enc.Kill()
	}
	usage, err := enc.Wait()
	if usage.Warnings > 0 && !r.hardware { // drivers have much to say
		s.opts.Logger.Warn("the decoder reported damaged input", "run", r.id, "asset", r.asset().ID, "lines", usage.Warnings)
	}
	if cause := context.Cause(ctx); broken && err != nil && !errors.Is(cause, index.ErrClaimEnded) {
		return fmt.Errorf("%w (%w)", cause, err) // the end of the encoder's log says why
	}
	switch {
	case short == nil || ctx.Err() != nil:
		return reasonOfEnd(ctx, err)
	case err == nil: // the encoder has read all there is
		return ErrDamaged.Because(short)
	}
	return fmt.Errorf("%w (%w)", short, err)
}

// reasonOfEnd returns why a run whose encoder returned err has ended: of one that was stopped, also before its encoder
// had started, the encoder knows only that its context is over.
func reasonOfEnd(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, index.ErrClaimEnded):
		return nil
	case cause != nil:
		return cause
	}
	return err
}

// packageOutputs reads all outputs at once and returns when all have ended. The first failure to package or to store
// ends the run with that as its cause; broken tells whether there was one. An output that ends too early, short, ends no
// other: only the encoder's exit status tells whether it broke or the file has no more.
func (s *Service) packageOutputs(
	ctx context.Context, enc Encode, r *run, o Order, stop context.CancelCauseFunc,
) (broken bool, short error) {
	var wg sync.WaitGroup
	var failures atomic.Int32
	var early atomic.Pointer[error]
	for n, rendition := range o.Renditions {
		wg.Go(func() {
			in := enc.Output(n)
			switch {
			case r.class != queue.JIT:
				in = gatedReader{ctx: ctx, r: in, gate: s.jitGate, run: r, now: s.opts.Now}
			case rendition.Kind == media.Audio:
				in = gatedReader{ctx: ctx, r: in, gate: s.firstFrameGate, run: r, now: s.opts.Now}
			}
			err := packageOutput(
				in, rendition, o.Asset.Grid, o.From, o.To, o.Maker(n), stageWriter{ctx: ctx, s: s, run: r, order: o},
			)
			if errors.Is(err, errEnded) {
				// Other outputs of this process may not have reached the new end: go on reading its pipe.
				_, err = io.Copy(io.Discard, in)
			}
			if errors.Is(err, errShort) {
				early.Store(&err)
			} else if err != nil && ctx.Err() == nil { // a stopped run's outputs end anyhow
				failures.Add(1)
				stop(err)
			}
		})
	}
	wg.Wait()
	if e := early.Load(); e != nil {
		short = *e
	}
	return failures.Load() > 0, short
}

// stageWriter is the sink that stores the packager's segments in Stage and commits them to the index.
type stageWriter struct {
	ctx   context.Context
	s     *Service
	run   *run
	order Order
}

// init stores a rendition's Init Section once and compares every later one with it.
func (w stageWriter) init(r media.Rendition, in mp4.Init) error {
	if maker := w.order.makerOf(r.ID); maker != Software {
		return w.initBeside(r, in, maker)
	}
	sum := sha256.Sum256(in.Bytes)
	known, stored := w.run.claim.Index().Init(r.ID)
	if !stored {
		err := w.s.opts.Stage.Put(w.ctx, w.order.Asset.InitKey(r.ID), in.Bytes)
		if err != nil && !errors.Is(err, blob.ErrExists) {
			return fmt.Errorf("store init section: %w", err)
		}
		stored = errors.Is(err, blob.ErrExists)
	}
	if stored && known == ([sha256.Size]byte{}) {
		old, err := w.readInit(r.ID)
		if err != nil {
			return err
		}
		known = sha256.Sum256(old)
	}
	if stored && known != sum {
		return ErrHeaders
	}
	w.run.claim.Index().SetInit(r.ID, sum)
	return nil
}

// initBeside is init for a run whose Init Section is only a part of the stored one. A hardware run stores it where there is none.
func (w stageWriter) initBeside(r media.Rendition, in mp4.Init, maker Maker) error {
	_, stored := w.run.claim.Index().Init(r.ID)
	if !stored && maker == Hardware {
		if err := w.beginHardware(r, in); err != nil {
			return err
		}
	}
	data, err := w.readInit(r.ID)
	if err != nil {
		return err
	}
	whole, err := parseInit(data)
	if err != nil {
		return fmt.Errorf("read stored init section: %w", err)
	}
	if err := fits(in, whole); err != nil {
		return err
	}
	w.run.claim.Index().SetInit(r.ID, sha256.Sum256(data))
	return nil
}

// readInit reads the stored Init Section. errEnded says that all of the rendition is stored already.
func (w stageWriter) readInit(r id.Rendition) ([]byte, error) {
	data, err := blob.ReadAll(w.ctx, w.s.opts.Stage, w.order.Asset.InitKey(r))
	if errors.Is(err, blob.ErrNotFound) && w.run.claim.Index().IsPacked(r) {
		return nil, errEnded
	}
	if err != nil {
		return nil, fmt.Errorf("read stored init section: %w", err)
	}
	return data, nil
}

func (w stageWriter) segment(r media.Rendition, n int, data []byte) error {
	if !w.run.claim.BeginWrite(r.ID, n) {
		return w.ended()
	}
	// A run that is stopped this instant still stores the segment that it has made, and logs it.
	ctx := context.WithoutCancel(w.ctx)
	err := w.s.opts.Stage.Put(ctx, w.order.Asset.SegmentKey(r.ID, n), data)
	duplicate := errors.Is(err, blob.ErrExists)
	if err != nil && !duplicate {
		w.run.claim.AbortWrite(r.ID, n)
		return fmt.Errorf("store segment %d: %w", n, err)
	}
	now := w.s.opts.Now()
	complete := w.run.claim.Commit(r.ID, n, int64(len(data)))
	w.run.advance(now)
	w.s.quota.set(w.order.Asset.ID, w.run.claim.Index().StagedBytes())
	if w.run.firstFrame != nil {
		w.run.firstFrame()
	}
	sum := sha256.Sum256(data)
	entry := Entry{
		Run: w.run.id, Asset: w.order.Asset.ID, Class: w.run.class, Rendition: r.ID, Segment: n,
		Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), AtMS: now.UnixMilli(), Duplicate: duplicate,
	}
	if err := w.s.opts.Log.Committed(ctx, entry); err != nil {
		w.s.opts.Logger.Error("write the encode log", "asset", entry.Asset, "rendition", r.ID, "segment", n, "error", err)
	}
	w.s.reportProgress(w.run.claim.Index(), now)
	w.s.queueUpload(w.run, r.ID, n)
	if complete {
		w.s.finish(w.order.Asset)
	}
	if n+1 < w.order.To && !w.run.claim.Includes(n+1) {
		return w.ended()
	}
	return nil
}

// ended tells the packager that no more segments of its output are wanted, and ends the process when that holds for all
// outputs.
func (w stageWriter) ended() error {
	w.run.claim.StopIfDone()
	return errEnded
}
