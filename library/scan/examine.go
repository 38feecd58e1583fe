package scan

import (
	"context"
	"errors"
	"io/fs"

	"movify/library"
)

// result is what a worker read from a file.
type result struct {
	task
	library.Examined
	probed   bool  // the prober ran
	changed  bool  // it changed while it was examined
	gone     bool  // it was removed while it was examined
	storeErr error // the store could not be asked; the file is examined again by the next scan
}

// runWorker examines files until ctx is done.
func (sc *scanner) runWorker(ctx context.Context) {
	var fp fingerprinter
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-sc.tasks:
			r := sc.examine(ctx, t, &fp)
			select {
			case <-ctx.Done():
				return
			case sc.results <- r:
			}
		}
	}
}

// examine fingerprints and probes one file. A file whose content is known is not probed again.
func (s *Service) examine(ctx context.Context, t task, fp *fingerprinter) result {
	r := result{task: t, Examined: library.Examined{
		Root: *t.root, Video: t.video, Named: t.siblings.Identify(t.root.Rel(t.video.Path)),
	}}
	r.Fingerprint, r.Err = fp.fingerprint(t.video.Path)
	if errors.Is(r.Err, fs.ErrNotExist) {
		r.gone = true
		return r
	}
	if r.Err != nil {
		return r
	}
	known := false
	if t.video.Size > 0 {
		if r.SameContent, r.storeErr = s.o.Store.FilesByFingerprint(ctx, r.Fingerprint); r.storeErr != nil {
			return r
		}
		for _, twin := range r.SameContent {
			if twin.Examined() {
				r.Probe, known = twin.Probe, true
				break
			}
		}
	}
	if !known {
		r.probed = true
		r.Probe, r.Err = s.o.Prober.Probe(ctx, t.video.Path)
	}
	v, there, err := library.StatVideo(s.o.FS, t.video.Path)
	if err != nil {
		r.Err = unreadable(err)
		return r
	}
	r.gone = !there
	r.changed = there && v != t.video
	return r
}
