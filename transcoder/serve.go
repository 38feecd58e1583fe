package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

const (
	// lookAhead is how far a just-in-time run goes beyond the segment that was asked for.
	lookAhead = 90 * time.Second
	// nearAhead is how close to the end of what is stored a viewer may come before the next run begins.
	nearAhead = 40 * time.Second
	// askAgain is how often a waiting viewer's job is offered again: the queue refuses a doubled one, and an earlier
	// run may have been stopped before it got here.
	askAgain = time.Second
)

// Segment opens segment n of a rendition, and has it made first when it is not stored: the call then waits until it is,
// until it cannot be made, or until ctx ends.
func (s *Service) Segment(ctx context.Context, viewer id.Session, a media.Asset, r id.Rendition, n int) (blob.Object, error) {
	sh, err := s.shelf(ctx, a)
	if err != nil {
		return blob.Object{}, err
	}
	t, ok := sh.tracks[r]
	if !ok || n < 0 || n >= len(t.sizes) {
		return blob.Object{}, ErrNoSegment
	}
	s.look(viewer, sh, t.rendition, n)
	for {
		if err := s.await(ctx, viewer, sh, r, n, func() bool { return t.has(n) }); err != nil {
			return blob.Object{}, err
		}
		o, err := s.openSegment(ctx, sh, r, n)
		if !errors.Is(err, blob.ErrNotFound) {
			s.keepAhead(ctx, sh, r, n)
			return o, err
		} // somebody took it from the store, or it is packed now: look again
	}
}

// Init opens a rendition's Init Section. When none is stored yet, the run that makes it begins at segment near, where
// the viewer is about to look.
func (s *Service) Init(ctx context.Context, viewer id.Session, a media.Asset, r id.Rendition, near int) (blob.Object, error) {
	sh, err := s.shelf(ctx, a)
	if err != nil {
		return blob.Object{}, err
	}
	t, ok := sh.tracks[r]
	if !ok {
		return blob.Object{}, ErrNoSegment
	}
	near = min(max(near, 0), len(t.sizes)-1)
	s.look(viewer, sh, t.rendition, near)
	for {
		if err := s.await(ctx, viewer, sh, r, near, func() bool { return t.init }); err != nil {
			return blob.Object{}, err
		}
		o, err := s.openInit(ctx, sh, r, near)
		if !errors.Is(err, blob.ErrNotFound) {
			return o, err
		}
	}
}

// await waits until there holds, which is asked under the shelf's lock, and keeps asking for segment n of r meanwhile.
func (s *Service) await(ctx context.Context, viewer id.Session, sh *shelf, r id.Rendition, n int, there func() bool) error {
	t := sh.tracks[r]
	sh.mu.Lock()
	ready, failures, changed := there(), t.failures, sh.changed
	sh.mu.Unlock()
	if ready {
		return nil
	}
	if err := s.ask(ctx, sh.asset.ID, r, n); err != nil {
		return err
	}
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		select {
		case <-changed:
		case <-again.C:
			s.stays(viewer, sh, t.rendition, n)
			if err := s.ask(ctx, sh.asset.ID, r, n); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		sh.mu.Lock()
		ready, changed = there(), sh.changed
		failed, err := t.failures > failures, t.failure
		sh.mu.Unlock()
		if ready {
			return nil
		}
		if failed {
			return asFault(err)
		}
	}
}

// asFault keeps a fault that already has words and gives others those of ErrEncode.
func asFault(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return ErrEncode.Because(err)
}

// urgentJob is the payload of a just-in-time job.
type urgentJob struct {
	Asset     id.Asset     `json:"asset"`
	Rendition id.Rendition `json:"rendition"`
	Segment   int          `json:"segment"`
}

// ask puts a just-in-time job into the queue; one that is there already stays.
func (s *Service) ask(ctx context.Context, a id.Asset, r id.Rendition, n int) error {
	payload, err := json.Marshal(urgentJob{Asset: a, Rendition: r, Segment: n})
	if err != nil {
		return fmt.Errorf("encode job: %w", err)
	}
	job := queue.Job{ID: id.New[id.Job](), Class: queue.JIT, Key: fmt.Sprintf("%s_%s_%d", a, r, n), Payload: payload}
	if _, err := s.opts.Queue.Publish(ctx, job); err != nil {
		return fmt.Errorf("ask for segment %d of %s: %w", n, r, err)
	}
	return nil
}

// keepAhead asks for the first missing segment in front of a viewer, before the viewer gets there.
func (s *Service) keepAhead(ctx context.Context, sh *shelf, r id.Rendition, n int) {
	next, ok := sh.nextMissing(r, n+1, n+1+segmentsIn(sh.asset.Grid, nearAhead))
	if !ok {
		return
	}
	if err := s.ask(ctx, sh.asset.ID, r, next); err != nil && ctx.Err() == nil {
		s.opts.Logger.Warn("look ahead", "asset", sh.asset.ID, "error", err)
	}
}

func segmentsIn(g media.Grid, d time.Duration) int {
	full := time.Duration(float64(g.Full) / g.Rate.Float() * float64(time.Second))
	return max(1, int(d/full))
}

// Warm begins to make what a session will ask for first: the start rung and the default audio at positionMS. It does not
// wait.
func (s *Service) Warm(viewer id.Session, a media.Asset, positionMS int64) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	go func() {
		defer cancel()
		if err := s.warm(ctx, viewer, a, a.Grid.SegmentAt(positionMS)); err != nil {
			s.opts.Logger.Warn("warm up", "asset", a.ID, "error", err)
		}
	}()
}

func (s *Service) warm(ctx context.Context, viewer id.Session, a media.Asset, n int) error {
	sh, err := s.shelf(ctx, a)
	if err != nil {
		return err
	}
	first := []id.Rendition{s.StartRung(a)}
	for _, r := range a.Ladder.Audios() {
		if r.Default {
			first = append(first, r.ID)
		}
	}
	for _, r := range first {
		s.look(viewer, sh, sh.tracks[r].rendition, n)
		if _, ok := sh.nextMissing(r, n, n+1); ok {
			if err := s.ask(ctx, a.ID, r, n); err != nil {
				return err
			}
		}
	}
	return nil
}
