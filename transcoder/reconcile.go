package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"movify/pkg/blob"
	"movify/pkg/event"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// reconcileGap is how often the truth is looked at when nobody pokes.
const reconcileGap = time.Minute

// Between two looks.
const (
	// restAtLeast is how long pokes are gathered: a scan pokes with every batch it writes.
	restAtLeast = 250 * time.Millisecond
	// restTimes is how many times longer than a look the rest after it is, so that a large library costs little.
	restTimes = 10
	// lookAgain is when a file is looked at again of which nothing was heard meanwhile: a job may have been lost.
	lookAgain = 10 * time.Minute
)

// reconcileLoop compares what is wanted with what exists at the start, when poked, and every minute.
func (s *Service) reconcileLoop(ctx context.Context) error {
	tick := time.NewTicker(reconcileGap)
	defer tick.Stop()
	for {
		began := s.opts.Now()
		if err := s.reconcile(ctx); err != nil && ctx.Err() == nil {
			s.opts.Logger.Error("reconcile", "error", err)
		}
		rest := time.NewTimer(max(restAtLeast, restTimes*s.opts.Now().Sub(began)))
		select {
		case <-rest.C:
		case <-ctx.Done():
			rest.Stop()
			return ctx.Err()
		}
		select {
		case <-s.poke:
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reconcile offers a job for every file whose beginning or whose ladder is not whole. Jobs that are in the queue stay
// one job, so it may run as often as it likes; what was looked at lately is passed by.
func (s *Service) reconcile(ctx context.Context) error {
	for src, err := range s.opts.Sources.Sources(ctx) {
		if err != nil {
			return fmt.Errorf("walk sources: %w", err)
		}
		if s.isReviewed(src.Fingerprint) {
			continue
		}
		if err := s.reconcileOne(ctx, src.Fingerprint); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.opts.Logger.Warn("reconcile", "file", src.File, "error", err)
		}
	}
	s.opts.Bus.Publish(event.Notice{Topic: event.Jobs, Kind: "reconciled"})
	return nil
}

// reconcileOne offers a job for a file with that content if there is something to do. It plans nothing: that takes
// ffprobe, and is the job's.
func (s *Service) reconcileOne(ctx context.Context, fingerprint string) error {
	if s.isSettled(fingerprint) {
		return nil
	}
	a, planned, err := s.findPlan(ctx, fingerprint)
	if err != nil {
		return err
	}
	class := queue.New
	switch {
	case planned:
		if class, err = s.missing(ctx, a); err != nil {
			return err
		}
	case s.opts.Prewarm <= 0 && !s.opts.Backlog:
		class = "" // whoever presses play has it planned
	}
	s.reviewed(fingerprint)
	if class == "" || s.Failure(fingerprint) != "" {
		return nil
	}
	payload, err := json.Marshal(fileJob{Fingerprint: fingerprint})
	if err != nil {
		return fmt.Errorf("encode job: %w", err)
	}
	job := queue.Job{ID: id.New[id.Job](), Class: class, Key: string(a.ID), Payload: payload}
	_, err = s.opts.Queue.Publish(ctx, job)
	return err
}

// findPlan gives the stored plan of a file with that content; without one, planned is false and the asset only named.
func (s *Service) findPlan(ctx context.Context, fingerprint string) (a media.Asset, planned bool, err error) {
	named := nameAsset(fingerprint, s.opts.Policy)
	if sh := s.known(named.ID); sh != nil {
		return sh.asset, true, nil
	}
	a, err = s.readPlans(ctx, named)
	if errors.Is(err, blob.ErrNotFound) {
		return named, false, nil
	}
	return a, err == nil, err
}

// isReviewed reports whether a file was looked at lately, and nothing was heard of it since.
func (s *Service) isReviewed(fingerprint string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, looked := s.reviews[fingerprint]
	return s.settled[fingerprint] || looked && s.opts.Now().Sub(at) < lookAgain
}

func (s *Service) reviewed(fingerprint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reviews[fingerprint] = s.opts.Now()
}

// reviewAgain has a file looked at again at the next look.
func (s *Service) reviewAgain(fingerprint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.reviews, fingerprint)
}

// missing tells which class of job an asset needs: New for its beginning, Backlog for the rest, "" when it is whole, when
// what Blobs may have of it comes first, or when the backlog is left alone. It looks at nothing but Stage.
func (s *Service) missing(ctx context.Context, a media.Asset) (queue.Class, error) {
	whole, err := s.staged(ctx, a, wholeName)
	if err != nil {
		return "", err
	}
	if whole {
		s.markSettled(a.ID)
		return "", nil
	}
	adopted, err := s.staged(ctx, a, planName)
	if err != nil {
		return "", err
	}
	if !adopted {
		s.finish(a)
		return "", nil
	}
	sh := s.known(a.ID)
	if sh == nil { // looked at once and not kept: a large library would fill the memory
		if sh, err = s.loadShelf(ctx, a); err != nil {
			return "", err
		}
	}
	if sh.unfinished() {
		s.finish(a)
	}
	stored, wanted := sh.counts()
	s.setPercent(a.ID, min(99, stored*100/wanted))
	switch {
	case stored == wanted:
		return "", nil
	case sh.anyMissing(s.prewarmEnd(a)):
		return queue.New, nil
	case s.opts.Backlog:
		return queue.Backlog, nil
	}
	return "", nil
}

// staged reports whether Stage has a file of an asset.
func (s *Service) staged(ctx context.Context, a media.Asset, name string) (bool, error) {
	_, err := s.opts.Stage.Stat(ctx, a.Prefix+name)
	if errors.Is(err, blob.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (s *shelf) anyMissing(end int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tracks {
		for n := range min(end, len(t.sizes)) {
			if !t.has(n) {
				return true
			}
		}
	}
	return false
}

// setPercent notes how far an asset is; one that is settled stays at 100 whatever a late run says.
func (s *Service) setPercent(a id.Asset, percent int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fingerprint := fingerprintOf(a); !s.settled[fingerprint] {
		s.percent[fingerprint] = percent
	}
}

// markSettled notes that nothing is left to do for an asset; unsettle, that something is after all.
func (s *Service) markSettled(a id.Asset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.percent[fingerprintOf(a)], s.settled[fingerprintOf(a)] = 100, true
}

func (s *Service) unsettle(a id.Asset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.percent, fingerprintOf(a))
	delete(s.settled, fingerprintOf(a))
	delete(s.reviews, fingerprintOf(a))
}

func (s *Service) isSettled(fingerprint string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settled[fingerprint]
}
