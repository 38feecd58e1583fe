package library

import (
	"context"
	"errors"
	"io/fs"

	"movify/pkg/media"
)

// result is what a worker read from a file.
type result struct {
	task
	parsedPath
	fingerprint string
	sameContent []File // known files with this fingerprint
	probe       media.Probe
	probed      bool  // the prober ran
	changed     bool  // it changed while it was examined
	gone        bool  // it was removed while it was examined
	err         error // why it cannot be played
	storeErr    error // the store could not be asked; the file is examined again by the next scan
}

// runWorker examines files until ctx is done.
func (sc *scanner) runWorker(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-sc.tasks:
			r := sc.examine(ctx, t)
			select {
			case <-ctx.Done():
				return
			case sc.results <- r:
			}
		}
	}
}

// examine fingerprints and probes one file. A file whose content is known is not probed again.
func (s *Service) examine(ctx context.Context, t task) result {
	r := result{task: t, parsedPath: parsePath(*t.root, t.video.path)}
	r.fingerprint, r.err = fingerprint(t.video.path)
	if errors.Is(r.err, fs.ErrNotExist) {
		r.gone = true
		return r
	}
	if r.err != nil {
		return r
	}
	known := false
	if t.video.size > 0 {
		if r.sameContent, r.storeErr = s.o.Store.FilesByFingerprint(ctx, r.fingerprint); r.storeErr != nil {
			return r
		}
		for _, twin := range r.sameContent {
			if twin.examined() {
				r.probe, known = twin.Probe, true
				break
			}
		}
	}
	if !known {
		r.probed = true
		r.probe, r.err = s.o.Prober.Probe(ctx, t.video.path)
	}
	v, there, err := s.statVideo(t.video.path)
	if err != nil {
		r.err = unreadable(err)
		return r
	}
	r.gone = !there
	r.changed = there && v != t.video
	return r
}
