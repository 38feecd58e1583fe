package scan

import (
	"maps"
	"slices"
	"time"

	"movify/library"
)

// pendingFile is a file that changed recently and may still be written to.
type pendingFile struct {
	task
	since  time.Time // when its current size and time were first seen
	urgent bool
}

// enqueueWhenStable queues a file that has not changed for Options.StableFor; a younger file is checked again later.
func (sc *scanner) enqueueWhenStable(t task, urgent bool) {
	delete(sc.passedBy, t.video.Path)
	if v, ok := sc.inProgress[t.video.Path]; ok && v == t.video {
		return
	}
	if w, ok := sc.pendingFiles[t.video.Path]; ok && w.video == t.video {
		return
	}
	age := sc.o.Clock().Sub(time.Unix(0, t.video.ModTimeNS))
	if age >= sc.o.StableFor && t.video.Size > 0 {
		sc.enqueue(t, urgent)
		return
	}
	if len(sc.pendingFiles) == 0 {
		sc.stableTimer.Reset(sc.o.StableFor)
	}
	sc.pendingFiles[t.video.Path] = pendingFile{t, sc.o.Clock(), urgent}
}

// passBy forgets files that wait, are examined or are about to be written, and that a walk has found to be no part of the
// library meanwhile: an ignore file came, or the index of the disc that they are on.
func (sc *scanner) passBy(seen walkResult) {
	passed := seen.passedBy()
	if len(passed) == 0 || len(sc.pendingFiles)+len(sc.inProgress)+len(sc.pendingWrites) == 0 {
		return
	}
	there := make(map[string]bool, len(seen.videos))
	for _, v := range seen.videos {
		there[v.Path] = true
	}
	isPassed := func(path string) bool {
		_, found := passed.find(path)
		return found && !there[path]
	}
	maps.DeleteFunc(sc.pendingFiles, func(path string, _ pendingFile) bool { return isPassed(path) })
	for path := range sc.inProgress {
		if isPassed(path) {
			sc.passedBy[path] = true
		}
	}
	sc.pendingWrites = slices.DeleteFunc(sc.pendingWrites, func(r result) bool { return isPassed(r.video.Path) })
}

// checkPending stats the pending files again. A file whose size and time stayed equal for Options.StableFor is queued.
func (sc *scanner) checkPending() {
	now := sc.o.Clock()
	next := time.Duration(-1)
	in := folders{fs: sc.o.FS} // what came beside a file meanwhile tells about its name
	for path, w := range sc.pendingFiles {
		v, there, err := library.StatVideo(sc.o.FS, path)
		switch {
		case err != nil || !there:
			delete(sc.pendingFiles, path)
			continue
		case v != w.video || now.Before(w.since): // it changed, or the clock was put back
			w.video, w.since = v, now
			sc.pendingFiles[path] = w
		case now.Sub(w.since) >= sc.o.StableFor:
			delete(sc.pendingFiles, path)
			w.siblings = in.siblings(path)
			sc.enqueue(w.task, w.urgent)
			continue
		}
		if left := max(time.Millisecond, sc.o.StableFor-now.Sub(w.since)); next < 0 || left < next {
			next = left
		}
	}
	if next >= 0 {
		sc.stableTimer.Reset(next)
	}
}

func (sc *scanner) enqueue(t task, urgent bool) {
	sc.inProgress[t.video.Path] = t.video
	if urgent {
		sc.urgent.push(t)
		return
	}
	sc.backlog.push(t)
}
