package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder/index"
)

// fileJob is the payload of a background job.
type fileJob struct {
	Fingerprint string `json:"fingerprint"`
}

// runJITJob does a just-in-time job.
func (s *Service) runJITJob(ctx context.Context, job queue.Job) error {
	var p jitJob
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	src, x, err := s.openJob(ctx, fingerprintOf(p.Asset))
	if err == nil && (x.Asset().ID != p.Asset || !hasSegment(x.Asset(), p.Rendition, p.Segment)) {
		err = ErrNoSegment
	}
	if err != nil {
		if x := s.cachedIndex(p.Asset); x != nil {
			x.Fail(p.Rendition, err) // the requests that wait for the segment end
		}
		return err
	}
	a := x.Asset()
	if !s.stillWanted(a, p.Rendition, p.Segment) {
		return nil
	}
	c := x.ClaimAhead(p.Rendition, p.Segment, segmentsIn(a.Grid, lookAhead))
	if c == nil {
		return nil
	}
	s.stopUnwantedRuns(s.opts.Now()) // after a seek: the new claim may have cut the old run short
	if err := s.attempt(ctx, newRun(c, queue.JIT, s.opts.Now()), src); err != nil && !errors.Is(err, errUnwanted) {
		return err
	}
	return s.reconcileFile(ctx, src.Fingerprint) // a background job may have ended because this run held the rest
}

// openJob gives the source with that content and the index of its asset, for a job.
func (s *Service) openJob(ctx context.Context, fingerprint string) (Source, *index.Index, error) {
	src, err := s.opts.Sources.Source(ctx, fingerprint)
	if err != nil {
		return Source{}, nil, err
	}
	a, err := s.Asset(ctx, src)
	if err != nil {
		return Source{}, nil, err
	}
	x, err := s.index(ctx, a)
	return src, x, err
}

// attempt executes a run. What the hardware encoder may make and does not, software makes; a software run that breaks is
// tried once more, carefully, for the segments that it did not make.
func (s *Service) attempt(ctx context.Context, r *run, src Source) error {
	r, done, broke := s.attemptHardware(ctx, r, src)
	err := broke
	if !done {
		if r, err = s.attemptSoftware(ctx, r, src); broke != nil && err == nil {
			s.hardware.failed(s.opts.Now(), broke)
		}
	}
	if quietEnd(ctx, err) {
		r.claim.Release(nil)
		return err
	}
	r.claim.Release(err)
	return err
}

// attemptSoftware executes a run by software, twice if need be. It returns the run that was last.
func (s *Service) attemptSoftware(ctx context.Context, r *run, src Source) (*run, error) {
	by, err := s.assign(ctx, r.claim, false)
	if err != nil {
		return r, err
	}
	err = s.execute(ctx, r, src.Path, manner{by: by})
	if quietEnd(ctx, err) {
		return r, err
	}
	s.opts.Logger.Warn("run broke, one careful try", "run", r.id, "asset", r.asset().ID, "error", err)
	rest := r.claim.Rest()
	if rest == nil {
		return r, err
	}
	r = newRun(rest, r.class, s.opts.Now())
	if by, err = s.assign(ctx, rest, false); err != nil { // it may have broken on an Init Section stored meanwhile
		return r, err
	}
	return r, s.execute(ctx, r, src.Path, manner{by: by, careful: true})
}

// quietEnd reports whether a run ended without a failure.
func quietEnd(ctx context.Context, err error) bool {
	return err == nil || ctx.Err() != nil || errors.Is(err, errUnwanted) || errors.Is(err, errPausedTooLong)
}

// reconcileFile is reconcileOne with what the library wants now.
func (s *Service) reconcileFile(ctx context.Context, fingerprint string) error {
	wanted, err := s.extentOf(ctx, fingerprint)
	if err != nil {
		return err
	}
	return s.reconcileOne(ctx, fingerprint, wanted)
}

// runBackgroundJob does a pre-warm or ladder job: gap after gap until none is left. The first one of a file plans it. A
// job that waited in the queue until its work was not wanted any more ends at once.
func (s *Service) runBackgroundJob(ctx context.Context, job queue.Job) error {
	var p fileJob
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	wanted, err := s.extentOf(ctx, p.Fingerprint)
	if err != nil || !wanted.covers(job.Class) {
		return err
	}
	src, x, err := s.openJob(ctx, p.Fingerprint)
	if errors.Is(err, ErrSourceAway) {
		return nil // the reconciler asks again when the file is back
	}
	if err != nil {
		s.recordFailure(job, p.Fingerprint, err)
		return err
	}
	a := x.Asset()
	end, only := a.Grid.Segments(), []id.Rendition(nil)
	if job.Class == queue.New {
		end, only = s.prewarmEnd(a), s.beginningOf(a, wanted)
	}
	err = s.fill(ctx, x, src, job.Class, end, only)
	if !quietEnd(ctx, err) {
		s.recordFailure(job, p.Fingerprint, err)
	}
	s.publishProgress(a.ID)
	if err != nil {
		return err
	}
	// After the pre-warm comes the backlog, after the backlog the completion mark.
	return s.reconcileFile(ctx, src.Fingerprint)
}

// fill makes the gaps of an asset before segment end, one after another: those of some renditions, or of all where only
// is nil.
func (s *Service) fill(
	ctx context.Context, x *index.Index, src Source, class queue.Class, end int, only []id.Rendition,
) error {
	for {
		if err := s.awaitQuota(ctx); err != nil {
			return err
		}
		c := x.ClaimGap(0, end, only)
		if c == nil {
			return nil
		}
		if err := s.attempt(ctx, newRun(c, class, s.opts.Now()), src); err != nil {
			return err
		}
	}
}

// recordFailure records why a ladder is not tried again after its last attempt.
func (s *Service) recordFailure(job queue.Job, fingerprint string, err error) {
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
