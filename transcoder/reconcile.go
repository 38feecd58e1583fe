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

// reconcileLoop compares what is wanted with what exists at the start, when poked, and every minute.
func (s *Service) reconcileLoop(ctx context.Context) error {
	tick := time.NewTicker(reconcileGap)
	defer tick.Stop()
	for {
		if err := s.reconcile(ctx); err != nil && ctx.Err() == nil {
			s.opts.Logger.Error("reconcile", "error", err)
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
// one job, so it may run as often as it likes.
func (s *Service) reconcile(ctx context.Context) error {
	for src, err := range s.opts.Sources.Sources(ctx) {
		if err != nil {
			return fmt.Errorf("walk sources: %w", err)
		}
		if err := s.reconcileOne(ctx, src); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.opts.Logger.Warn("reconcile", "file", src.File, "error", err)
		}
	}
	s.opts.Bus.Publish(event.Notice{Topic: event.Jobs, Kind: "reconciled"})
	return nil
}

func (s *Service) reconcileOne(ctx context.Context, src Source) error {
	if s.Percent(src.Fingerprint) == 100 {
		return nil
	}
	a, err := s.Asset(ctx, src)
	if err != nil {
		return err
	}
	class, err := s.missing(ctx, a)
	if err != nil || class == "" || s.Failure(src.Fingerprint) != "" {
		return err
	}
	payload, err := json.Marshal(fileJob{Fingerprint: src.Fingerprint})
	if err != nil {
		return fmt.Errorf("encode job: %w", err)
	}
	job := queue.Job{ID: id.New[id.Job](), Class: class, Key: string(a.ID), Payload: payload}
	_, err = s.opts.Queue.Publish(ctx, job)
	return err
}

// missing tells which class of job an asset needs: New for its beginning, Backlog for the rest, "" when it is whole or
// when the backlog is left alone.
func (s *Service) missing(ctx context.Context, a media.Asset) (queue.Class, error) {
	_, err := s.opts.Blobs.Stat(ctx, a.Prefix+wholeName)
	if err == nil {
		s.setPercent(a.ID, 100)
		return "", nil
	}
	if !errors.Is(err, blob.ErrNotFound) {
		return "", err
	}
	sh := s.known(a.ID)
	if sh == nil { // looked at once and not kept: a large library would fill the memory
		if sh, err = loadShelf(ctx, s.opts.Blobs, a, s.opts.Now()); err != nil {
			return "", err
		}
	}
	stored, wanted := sh.counts()
	if stored == wanted {
		return "", s.markWhole(ctx, sh)
	}
	s.setPercent(a.ID, min(99, stored*100/wanted))
	switch {
	case sh.anyMissing(s.prewarmEnd(a)):
		return queue.New, nil
	case s.opts.Backlog:
		return queue.Backlog, nil
	}
	return "", nil
}

// wholeName is the file that says that every segment of an asset is stored, so that nobody has to list them.
const wholeName = "whole.json"

// markWhole leaves the mark; the measures in it are for people.
func (s *Service) markWhole(ctx context.Context, sh *shelf) error {
	text, err := json.Marshal(sh.measures())
	if err != nil {
		return fmt.Errorf("encode measures: %w", err)
	}
	if err := s.opts.Blobs.Put(ctx, sh.asset.Prefix+wholeName, text); err != nil && !errors.Is(err, blob.ErrExists) {
		return fmt.Errorf("mark %s whole: %w", sh.asset.ID, err)
	}
	s.setPercent(sh.asset.ID, 100)
	s.announce(sh.asset.ID)
	return nil
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

func (s *Service) setPercent(a id.Asset, percent int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.percent[fingerprintOf(a)] = percent
}
