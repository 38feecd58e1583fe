package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"movify/pkg/media"
	"movify/pkg/queue"
)

// fileJob is the payload of a background job.
type fileJob struct {
	Fingerprint string `json:"fingerprint"`
}

// urgent does a just-in-time job.
func (s *Service) urgent(ctx context.Context, job queue.Job) error {
	var p urgentJob
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	src, sh, err := s.fetch(ctx, fingerprintOf(p.Asset))
	if err == nil && !sh.holds(p) {
		err = ErrNoSegment
	}
	if err != nil {
		s.fail(p, err)
		return err
	}
	a := sh.asset
	if !s.stillWanted(a, p.Rendition, p.Segment) {
		return nil
	}
	r := sh.claimAhead(p.Rendition, p.Segment, segmentsIn(a.Grid, lookAhead), s.opts.Now())
	if r == nil {
		return nil
	}
	s.tidy() // a viewer who jumped has left behind what stops here now
	if err := s.attempt(ctx, r, src); err != nil && !errors.Is(err, errUnwanted) {
		return err
	}
	return s.reconcileOne(ctx, src.Fingerprint) // a background job may have ended because this run held the rest
}

// fetch gives what a job on a file with that content needs: the file and the index of its asset.
func (s *Service) fetch(ctx context.Context, fingerprint string) (Source, *shelf, error) {
	src, err := s.opts.Sources.Source(ctx, fingerprint)
	if err != nil {
		return Source{}, nil, err
	}
	a, err := s.Asset(ctx, src)
	if err != nil {
		return Source{}, nil, err
	}
	sh, err := s.shelf(ctx, a)
	return src, sh, err
}

// holds reports whether a job's segment is one of this asset's.
func (s *shelf) holds(p urgentJob) bool {
	t, ok := s.tracks[p.Rendition]
	return ok && s.asset.ID == p.Asset && p.Segment >= 0 && p.Segment < len(t.sizes)
}

// fail tells those who wait for a job that it cannot even begin.
func (s *Service) fail(p urgentJob, err error) {
	sh := s.known(p.Asset)
	if sh == nil {
		return
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if t, ok := sh.tracks[p.Rendition]; ok {
		t.failure, t.failures = err, t.failures+1
		sh.ring()
	}
}

// attempt performs a claimed run; one that breaks is tried once more, carefully, for what it left.
func (s *Service) attempt(ctx context.Context, r *run, src Source) error {
	err := s.perform(ctx, r, src.Path, false)
	if err != nil && !quietEnd(ctx, err) {
		s.opts.Logger.Warn("run broke, one careful try", "run", r.id, "asset", r.shelf.asset.ID, "error", err)
		if again := r.rest(s.opts.Now()); again != nil {
			r = again
			err = s.perform(ctx, r, src.Path, true)
		}
	}
	if quietEnd(ctx, err) {
		r.end(nil)
		return err
	}
	r.end(err)
	return err
}

// quietEnd reports whether a run ended for a reason that is nobody's failure.
func quietEnd(ctx context.Context, err error) bool {
	return err == nil || ctx.Err() != nil || errors.Is(err, errUnwanted) || errors.Is(err, errStoodTooLong)
}

// rest turns what a broken run still claims into a new run; nil when its renditions do not stand at one segment.
func (r *run) rest(now time.Time) *run {
	s := r.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	least := r.to
	for _, head := range r.heads {
		least = min(least, head)
	}
	r.release(r.from)
	var left []media.Rendition
	for _, x := range r.renditions {
		if s.tracks[x.ID].free(min(least, len(s.tracks[x.ID].sizes)-1)) {
			left = append(left, x)
		}
	}
	if len(left) == 0 || least >= r.to {
		return nil
	}
	end := least + 1
	for end < r.to && allFree(s, left, end) {
		end++
	}
	return s.claim(r.class, left, least, end, now)
}

func allFree(s *shelf, renditions []media.Rendition, n int) bool {
	for _, x := range renditions {
		if !s.tracks[x.ID].free(n) {
			return false
		}
	}
	return true
}

// background does a pre-warm or ladder job: hole after hole until none is left. The first one of a file plans it.
func (s *Service) background(ctx context.Context, job queue.Job) error {
	var p fileJob
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	src, sh, err := s.fetch(ctx, p.Fingerprint)
	if errors.Is(err, ErrSourceAway) {
		return nil // the reconciler asks again when the file is back
	}
	if err != nil {
		s.remember(job, p.Fingerprint, err)
		return err
	}
	a := sh.asset
	end := a.Grid.Segments()
	if job.Class == queue.New {
		end = s.prewarmEnd(a)
	}
	err = s.fill(ctx, sh, src, job.Class, end)
	if !quietEnd(ctx, err) {
		s.remember(job, p.Fingerprint, err)
	}
	s.announce(a.ID)
	if err != nil {
		return err
	}
	return s.reconcileOne(ctx, src.Fingerprint) // after the pre-warm comes the backlog, after the backlog the mark that all is there
}

func (s *Service) fill(ctx context.Context, sh *shelf, src Source, class queue.Class, end int) error {
	for {
		if err := s.awaitRoom(ctx); err != nil {
			return err
		}
		r := sh.claimGap(class, 0, end, s.opts.Now())
		if r == nil {
			return nil
		}
		if err := s.attempt(ctx, r, src); err != nil {
			return err
		}
	}
}

// remember keeps why a ladder was given up.
func (s *Service) remember(job queue.Job, fingerprint string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil && job.Attempt >= maxAttempts {
		s.failed[fingerprint] = err.Error()
	}
}

// prewarmEnd is the segment at which pre-warming ends.
func (s *Service) prewarmEnd(a media.Asset) int {
	if s.opts.Prewarm <= 0 {
		return 0
	}
	return min(a.Grid.SegmentAt(s.opts.Prewarm.Milliseconds())+1, a.Grid.Segments())
}
