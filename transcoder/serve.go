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
	"movify/transcoder/index"
)

const (
	// lookAhead is how far a just-in-time run goes beyond the segment that was asked for.
	lookAhead = 90 * time.Second
	// nearAhead is how close to the end of the stored segments a viewer may come before the next run begins.
	nearAhead = 40 * time.Second
	// requestEvery is how often the job of a waiting request is published again: the queue refuses a doubled one, and
	// an earlier run may have been stopped before it made the segment.
	requestEvery = time.Second
)

// Segment opens segment n of a rendition, and has it made first when it is not stored: the call then waits until it is,
// until it cannot be made, or until ctx ends.
func (s *Service) Segment(
	ctx context.Context, viewer id.Session, a media.Asset, r id.Rendition, n int,
) (blob.Object, error) {
	x, err := s.index(ctx, a)
	if err != nil {
		return blob.Object{}, err
	}
	rendition, ok := x.Asset().Ladder.Find(r)
	if !ok || !hasSegment(x.Asset(), r, n) {
		return blob.Object{}, ErrNoSegment
	}
	s.touch(viewer, x.Asset(), rendition, n)
	for {
		if err := s.await(ctx, viewer, x, rendition, n, func(st index.State) bool { return st.Segment }); err != nil {
			return blob.Object{}, err
		}
		o, err := s.openSegment(ctx, x, r, n)
		if !errors.Is(err, blob.ErrNotFound) {
			s.requestAhead(ctx, x, r, n)
			return o, err
		} // deleted from the store, or packed since: the index knows by now
	}
}

// Init opens a rendition's Init Section. When none is stored yet, the run that makes it begins at segment near, which
// the viewer is about to ask for.
func (s *Service) Init(
	ctx context.Context, viewer id.Session, a media.Asset, r id.Rendition, near int,
) (blob.Object, error) {
	x, err := s.index(ctx, a)
	if err != nil {
		return blob.Object{}, err
	}
	rendition, ok := x.Asset().Ladder.Find(r)
	if !ok {
		return blob.Object{}, ErrNoSegment
	}
	near = min(max(near, 0), x.Asset().Grid.Segments()-1)
	s.touch(viewer, x.Asset(), rendition, near)
	for {
		if err := s.await(ctx, viewer, x, rendition, near, func(st index.State) bool { return st.Init }); err != nil {
			return blob.Object{}, err
		}
		o, err := s.openInit(ctx, x, r)
		if !errors.Is(err, blob.ErrNotFound) {
			return o, err
		}
	}
}

// await waits until the index's state of segment n is ready, and keeps requesting the segment meanwhile.
func (s *Service) await(
	ctx context.Context, viewer id.Session, x *index.Index, r media.Rendition, n int, ready func(index.State) bool,
) error {
	first := x.State(r.ID, n)
	if ready(first) {
		return nil
	}
	a := x.Asset().ID
	if err := s.requestSegment(ctx, a, r.ID, n); err != nil {
		return err
	}
	again := time.NewTicker(requestEvery)
	defer again.Stop()
	for changed := first.Changed; ; {
		select {
		case <-changed:
		case <-again.C:
			s.viewers.renew(viewer, a, r, n, s.opts.Now())
			if err := s.requestSegment(ctx, a, r.ID, n); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		now := x.State(r.ID, n)
		if ready(now) {
			return nil
		}
		if now.Failures > first.Failures {
			return asFault(now.Err)
		}
		changed = now.Changed
	}
}

// asFault keeps a fault and makes ErrEncode of any other error.
func asFault(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return ErrEncode.Because(err)
}

// jitJob is the payload of a just-in-time job.
type jitJob struct {
	Asset     id.Asset     `json:"asset"`
	Rendition id.Rendition `json:"rendition"`
	Segment   int          `json:"segment"`
}

// requestSegment publishes the just-in-time job of a segment; one that is queued already stays.
func (s *Service) requestSegment(ctx context.Context, a id.Asset, r id.Rendition, n int) error {
	payload, err := json.Marshal(jitJob{Asset: a, Rendition: r, Segment: n})
	if err != nil {
		return fmt.Errorf("encode job: %w", err)
	}
	job := queue.Job{ID: id.New[id.Job](), Class: queue.JIT, Key: fmt.Sprintf("%s_%s_%d", a, r, n), Payload: payload}
	if _, err := s.opts.Queue.Publish(ctx, job); err != nil {
		return fmt.Errorf("request segment %d of %s: %w", n, r, err)
	}
	return nil
}

// requestAhead requests the first missing segment in front of a viewer, before the viewer gets there.
func (s *Service) requestAhead(ctx context.Context, x *index.Index, r id.Rendition, n int) {
	a := x.Asset()
	next, ok := x.NextMissing(r, n+1, n+1+segmentsIn(a.Grid, nearAhead))
	if !ok {
		return
	}
	if err := s.requestSegment(ctx, a.ID, r, next); err != nil && ctx.Err() == nil {
		s.opts.Logger.Warn("request the segments ahead", "asset", a.ID, "error", err)
	}
}

// segmentsIn is how many full segments last d, at least one.
func segmentsIn(g media.Grid, d time.Duration) int {
	full := time.Duration(float64(g.Full) / g.Rate.Float() * float64(time.Second))
	return max(1, int(d/full))
}

// Warm begins to make the segments that a session will ask for first: the start rung and the default audio at
// positionMS. It does not wait.
func (s *Service) Warm(viewer id.Session, a media.Asset, positionMS int64) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	go func() {
		defer cancel()
		if err := s.warm(ctx, viewer, a, a.Grid.SegmentAt(positionMS)); err != nil {
			s.opts.Logger.Warn("warm the start of a playback", "asset", a.ID, "error", err)
		}
	}()
}

func (s *Service) warm(ctx context.Context, viewer id.Session, a media.Asset, n int) error {
	x, err := s.index(ctx, a)
	if err != nil {
		return err
	}
	var first []media.Rendition
	if start, ok := a.Ladder.Find(s.StartRung(a)); ok {
		first = append(first, start)
	}
	for _, r := range a.Ladder.Audios() {
		if r.Default {
			first = append(first, r)
		}
	}
	for _, r := range first {
		s.touch(viewer, x.Asset(), r, n)
		if _, ok := x.NextMissing(r.ID, n, n+1); ok {
			if err := s.requestSegment(ctx, a.ID, r.ID, n); err != nil {
				return err
			}
		}
	}
	return nil
}
