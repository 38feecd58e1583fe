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

const (
	// reconcileEvery is the interval of reconciling without a poke.
	reconcileEvery = time.Minute
	// minReconcilePause is how long pokes are gathered: a scan pokes with every batch it writes.
	minReconcilePause = 250 * time.Millisecond
	// reconcilePauseFactor is how many times longer than a pass the pause after it is, so that a large library costs
	// little.
	reconcilePauseFactor = 10
	// recheckAfter is when a file is checked again without an event: a job may have been lost.
	recheckAfter = 10 * time.Minute
)

// recordTimeout is how long recording what viewers needed may take at the end.
const recordTimeout = 5 * time.Second

// reconcileLoop reconciles at the start, when poked, and every minute.
func (s *Service) reconcileLoop(ctx context.Context) error {
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
		defer cancel()
		if err := s.recordNeeded(ctx); err != nil {
			s.opts.Logger.Error("reconcile", "error", err)
		}
	}()
	tick := time.NewTicker(reconcileEvery)
	defer tick.Stop()
	for {
		began := s.opts.Now()
		if err := s.reconcile(ctx); err != nil && ctx.Err() == nil {
			s.opts.Logger.Error("reconcile", "error", err)
		}
		pause := time.NewTimer(max(minReconcilePause, reconcilePauseFactor*s.opts.Now().Sub(began)))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
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

// reconcile publishes a job for every file of whose ladder less is stored than is wanted, and stops the runs that make
// more. A job that is in the queue stays one job, so it may run as often as it likes; files that were checked lately, with
// the same extent wanted, are passed by.
func (s *Service) reconcile(ctx context.Context) error {
	if err := errors.Join(s.recordNeeded(ctx), s.stopUndemanded(ctx)); err != nil {
		return err
	}
	for src, err := range s.opts.Sources.Sources(ctx) {
		if err != nil {
			return fmt.Errorf("walk sources: %w", err)
		}
		wanted := src.Demand.extent()
		if s.checkedLately(src.Fingerprint, wanted) {
			continue
		}
		if err := s.reconcileOne(ctx, src.Fingerprint, wanted); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.opts.Logger.Warn("reconcile", "file", src.File, "error", err)
		}
	}
	s.opts.Bus.Publish(event.Notice{Topic: event.Jobs, Kind: "reconciled"})
	return nil
}

// reconcileOne publishes a job for a file with that content if less of its ladder is stored than the extent that is wanted.
// It plans nothing: that takes ffprobe, and is the job's work.
func (s *Service) reconcileOne(ctx context.Context, fingerprint string, wanted extent) error {
	if s.isFinished(fingerprint) {
		return nil
	}
	a, planned, err := s.findPlan(ctx, fingerprint, wanted)
	if err != nil {
		return err
	}
	class := queue.New
	switch {
	case planned:
		if class, err = s.neededJob(ctx, a, wanted); err != nil {
			return err
		}
	case wanted == extentNothing, wanted == extentBeginning && s.opts.Prewarm <= 0:
		class = "" // it is planned when it is first played
	}
	s.markChecked(fingerprint, wanted)
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

// findPlan gives the stored plan of a file with that content; without one, planned is false and the asset only named. Of a
// file whose ladder is not wanted Stage alone is asked: there may be thousands that never have a plan.
func (s *Service) findPlan(
	ctx context.Context, fingerprint string, wanted extent,
) (a media.Asset, planned bool, err error) {
	named := nameAsset(fingerprint, s.opts.Policy)
	if x := s.cachedIndex(named.ID); x != nil {
		return x.Asset(), true, nil
	}
	if wanted == extentNothing {
		a, err = readPlan(ctx, s.opts.Stage, named)
	} else {
		a, err = s.readPlans(ctx, named)
	}
	if errors.Is(err, blob.ErrNotFound) {
		return named, false, nil
	}
	return a, err == nil, err
}

// checkedLately reports whether a file was checked within recheckAfter, with the same extent wanted, and needs no check
// before.
func (s *Service) checkedLately(fingerprint string, wanted extent) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.finished[fingerprint] || s.checked.within(fingerprint, wanted, recheckAfter, s.opts.Now())
}

func (s *Service) markChecked(fingerprint string, wanted extent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checked.set(fingerprint, wanted, s.opts.Now())
}

// recheck lets the next pass check a file again.
func (s *Service) recheck(fingerprint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checked.forget(fingerprint)
}

// neededJob gives the class of job that an asset needs: New for its beginning, Backlog for the rest, "" when it is
// complete, has to be adopted first, or no more of it is wanted. It reads nothing but Stage.
func (s *Service) neededJob(ctx context.Context, a media.Asset, wanted extent) (queue.Class, error) {
	complete, err := s.staged(ctx, a.CompleteKey())
	if err != nil {
		return "", err
	}
	if complete {
		s.markFinished(a.ID)
		return "", nil
	}
	adopted, err := s.staged(ctx, a.PlanKey())
	if err != nil {
		return "", err
	}
	if !adopted {
		s.finish(a)
		return "", nil
	}
	x := s.cachedIndex(a.ID)
	if x == nil { // loaded for this check only: the indexes of a large library would fill the memory
		if x, err = s.loadIndex(ctx, a); err != nil {
			return "", err
		}
	}
	if x.Unfinished() {
		s.finish(a)
	}
	stored, all := x.Counts()
	s.setPercent(a.ID, min(99, stored*100/all))
	switch {
	case stored == all, wanted == extentNothing:
		return "", nil
	case x.AnyMissing(s.prewarmEnd(a), s.beginningOf(a, wanted)):
		return queue.New, nil
	case wanted == extentWhole:
		return queue.Backlog, nil
	}
	return "", nil
}

// staged reports whether Stage has a blob.
func (s *Service) staged(ctx context.Context, key string) (bool, error) {
	_, err := s.opts.Stage.Stat(ctx, key)
	if errors.Is(err, blob.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// setPercent records how much of an asset is stored; one that is finished stays at 100 when a late run reports less.
func (s *Service) setPercent(a id.Asset, percent int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fingerprint := fingerprintOf(a); !s.finished[fingerprint] {
		s.percent[fingerprint] = percent
	}
}

// markFinished records that nothing is left to do for an asset.
func (s *Service) markFinished(a id.Asset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.percent[fingerprintOf(a)], s.finished[fingerprintOf(a)] = 100, true
}

// markUnfinished takes markFinished back.
func (s *Service) markUnfinished(a id.Asset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.percent, fingerprintOf(a))
	delete(s.finished, fingerprintOf(a))
	s.checked.forget(fingerprintOf(a))
}

func (s *Service) isFinished(fingerprint string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.finished[fingerprint]
}
