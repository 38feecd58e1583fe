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
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4"
	"movify/pkg/queue"
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
	// Duplicate says that the segment was already stored, so that the work was in vain. It never happens on one node.
	Duplicate bool
}

// Log keeps the encode log.
type Log interface {
	// Committed is called after the segment is stored. An error is reported and stops nothing.
	Committed(ctx context.Context, e Entry) error
}

// errHeaders says that a run's Init Section differs from the stored one: its segments would decode to garbage.
var errHeaders = errors.New("the encoder's headers differ from the stored Init Section")

// perform executes a claimed run to its end and gives up the claim. It returns nil when everything that was still
// claimed is stored, and when a just-in-time run took over the rest.
func (s *Service) perform(ctx context.Context, r *run, path string, careful bool) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r.shelf.mu.Lock()
	r.stop = stop
	order := Order{Path: path, Asset: r.shelf.asset, Renditions: r.renditions, From: r.from, To: r.to, Class: r.class, Careful: careful}
	r.shelf.mu.Unlock()
	if order.To <= order.From {
		return nil
	}
	s.track(r)
	defer s.untrack(r)
	if r.class == queue.JIT {
		defer s.gate.enter()()
	}
	if r.picture() {
		r.firstDone = s.first.enter()
		defer r.firstDone()
	}
	enc, err := s.opts.Encoder.Start(ctx, order)
	if err != nil {
		return err
	}
	broken := s.packAll(ctx, enc, r, order, stop)
	if broken {
		enc.Kill()
	}
	usage, err := enc.Wait()
	if usage.Warnings > 0 {
		s.opts.Logger.Warn("decoder complained", "run", r.id, "asset", r.shelf.asset.ID, "lines", usage.Warnings)
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errEnded):
		return nil
	case broken && err != nil: // the encoder's last words say why
		return fmt.Errorf("%w (%w)", cause, err)
	case cause != nil:
		return cause
	}
	return err
}

// packAll reads all outputs at once and returns when all have ended. The first failure of its own ends the run with that
// as its cause; broken tells whether there was one.
func (s *Service) packAll(ctx context.Context, enc Encode, r *run, o Order, stop context.CancelCauseFunc) (broken bool) {
	var wg sync.WaitGroup
	var failures atomic.Int32
	for n, rendition := range o.Renditions {
		wg.Go(func() {
			in := enc.Output(n)
			switch {
			case r.class != queue.JIT:
				in = gated{ctx: ctx, r: in, gate: s.gate, run: r, now: s.opts.Now}
			case rendition.Kind == media.Audio:
				in = gated{ctx: ctx, r: in, gate: s.first, run: r, now: s.opts.Now}
			}
			err := pack(in, rendition, o.Asset.Grid, o.From, o.To, committer{ctx: ctx, s: s, run: r, order: o})
			if errors.Is(err, errEnded) {
				// Others of this process may not have reached the new end: keep its pipe moving.
				_, err = io.Copy(io.Discard, in)
			}
			if err != nil && ctx.Err() == nil { // a stopped run's outputs end anyhow
				failures.Add(1)
				stop(err)
			}
		})
	}
	wg.Wait()
	return failures.Load() > 0
}

// committer stores what the packager has cut.
type committer struct {
	ctx   context.Context
	s     *Service
	run   *run
	order Order
}

// init stores a rendition's Init Section once and holds every later one against it.
func (c committer) init(r media.Rendition, in mp4.Init) error {
	sum := sha256.Sum256(in.Bytes)
	known, stored := c.run.shelf.initSum(r.ID)
	if !stored {
		err := c.s.opts.Stage.Put(c.ctx, c.order.Asset.InitKey(r.ID), in.Bytes)
		if err != nil && !errors.Is(err, blob.ErrExists) {
			return fmt.Errorf("store init section: %w", err)
		}
		stored = errors.Is(err, blob.ErrExists)
	}
	if stored && known == ([sha256.Size]byte{}) {
		old, err := blob.ReadAll(c.ctx, c.s.opts.Stage, c.order.Asset.InitKey(r.ID))
		if errors.Is(err, blob.ErrNotFound) && c.run.shelf.isPacked(r.ID) {
			return errEnded // all of it is stored already
		}
		if err != nil {
			return fmt.Errorf("read stored init section: %w", err)
		}
		known = sha256.Sum256(old)
	}
	if stored && known != sum {
		return errHeaders
	}
	c.run.shelf.setInit(r.ID, sum)
	return nil
}

func (c committer) segment(r media.Rendition, n int, data []byte) error {
	if !c.run.shelf.land(c.run, r.ID, n) {
		return c.ended()
	}
	// A run that is stopped this instant still keeps what it has made, and the log of it.
	ctx := context.WithoutCancel(c.ctx)
	err := c.s.opts.Stage.Put(ctx, c.order.Asset.SegmentKey(r.ID, n), data)
	duplicate := errors.Is(err, blob.ErrExists)
	if err != nil && !duplicate {
		c.run.shelf.missed(r.ID, n)
		return fmt.Errorf("store segment %d: %w", n, err)
	}
	now := c.s.opts.Now()
	complete := c.run.shelf.commit(c.run, r.ID, n, int64(len(data)), now)
	c.s.room.set(c.order.Asset.ID, c.run.shelf.stagedBytes())
	if c.run.firstDone != nil {
		c.run.firstDone()
	}
	sum := sha256.Sum256(data)
	entry := Entry{
		Run: c.run.id, Asset: c.order.Asset.ID, Class: c.run.class, Rendition: r.ID, Segment: n,
		Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), AtMS: now.UnixMilli(), Duplicate: duplicate,
	}
	if err := c.s.opts.Log.Committed(ctx, entry); err != nil {
		c.s.opts.Logger.Error("encode log", "asset", entry.Asset, "rendition", r.ID, "segment", n, "error", err)
	}
	c.s.notice(c.run.shelf, now)
	c.s.share(c.run, r.ID, n)
	if complete {
		c.s.finish(c.order.Asset)
	}
	if n+1 < c.order.To && !c.run.wants(n+1) {
		return c.ended()
	}
	return nil
}

// ended tells the packager that its output is wanted no more, and ends the process when that holds for all outputs.
func (c committer) ended() error {
	c.run.shelf.mu.Lock()
	defer c.run.shelf.mu.Unlock()
	if c.run.finished() {
		c.run.stop(errEnded)
	}
	return errEnded
}

func (s *shelf) initSum(r id.Rendition) (sum [sha256.Size]byte, stored bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tracks[r].initSum, s.tracks[r].init
}

func (s *shelf) setInit(r id.Rendition, sum [sha256.Size]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tracks[r].init, s.tracks[r].initSum = true, sum
	s.ring()
}

// stalled reports whether a run has stored nothing for too long although it was not standing aside.
func (r *run) stalled(now time.Time) bool {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	return !r.standing && now.Sub(r.advanced) > stallAfter
}

// stallAfter is generous: a small NAS needs about 15 s for the slowest full segment of a whole ladder.
const stallAfter = 3 * time.Minute

// errStalled ends a run that makes no progress.
var errStalled = errors.New("the encoder made nothing for three minutes")
