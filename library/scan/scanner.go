package scan

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"movify/library"
	"movify/library/naming"

	"movify/pkg/disc"
	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// scanner brings the store up to date with the disk. The goroutine of run owns every field: it walks, compares and
// writes. Workers only read files; they receive tasks and return results over channels.
type scanner struct {
	*Service
	tasks   chan task
	results chan result

	urgent        taskQueue                    // tasks found by a hint: a file that was just added
	backlog       taskQueue                    // tasks found by a scan
	inProgress    map[string]library.VideoFile // by path: queued or with a worker
	activeTasks   int                          // tasks that workers hold
	pendingWrites []result                     // results to be written in one transaction
	pendingFiles  map[string]pendingFile       // by path: not yet stable, perhaps still being written
	passedBy      map[string]bool              // by path: in progress, and no part of the library any more
	disappeared   map[id.File]missingFile      // become Missing unless they turn out to have moved
	acceptedRoots map[id.Root]bool             // scanned after their loss was accepted
	secondLook    map[id.Root]bool             // walked again before a mass deletion is held back
	dirty         bool                         // files were written since held roots were counted
	fileChanges   int64                        // number of file changes since the start
	walked        []library.WalkedFolder       // folders handed to artwork and sidecars once all their films are known
	waiters       []chan<- struct{}            // closed when the scanner is idle
	schedule      map[id.Root]nextScan         // next scheduled scan of each root
	stableTimer   *time.Timer                  // fires when a pending file may be stable
	writeTimer    *time.Timer                  // fires writeDelay after the first pending write
	scanTimer     *time.Timer                  // fires when a root is due
	purgedAt      time.Time                    // when purgeBin last ran
}

// task is a file to be examined.
type task struct {
	root  *library.Root // shared by the tasks of one scan and never changed
	video library.VideoFile
	known id.File // "" when its path is new
	// siblings are the video files in its folder; nil when it is alone.
	siblings *naming.Siblings
}

func newScanner(s *Service) *scanner {
	return &scanner{
		Service:       s,
		tasks:         make(chan task, s.o.Workers), // one buffered task per worker while results are written
		results:       make(chan result, batchSize),
		inProgress:    make(map[string]library.VideoFile),
		pendingFiles:  make(map[string]pendingFile),
		passedBy:      make(map[string]bool),
		disappeared:   make(map[id.File]missingFile),
		acceptedRoots: make(map[id.Root]bool),
		schedule:      make(map[id.Root]nextScan),
	}
}

// run scans once, then again on every hint, request and scheduled time. It returns ctx's error.
func (sc *scanner) run(ctx context.Context) error {
	var workers sync.WaitGroup
	defer workers.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Wait: deferred calls run last to first
	for range sc.o.Workers {
		workers.Go(func() { sc.runWorker(ctx) })
	}
	sc.stableTimer = time.NewTimer(sc.o.StableFor)
	defer sc.stableTimer.Stop()
	sc.writeTimer = time.NewTimer(writeDelay)
	defer sc.writeTimer.Stop()
	sc.scanTimer = time.NewTimer(sc.o.Rescan)
	defer sc.scanTimer.Stop()

	sc.scanAll(ctx)
	for ctx.Err() == nil {
		sc.whenIdle(ctx)
		tasks, next := sc.nextTask()
		select {
		case <-ctx.Done():
		case tasks <- next:
			sc.taskSent()
		case r := <-sc.results:
			sc.handleResult(ctx, r)
		case <-sc.writeTimer.C:
			sc.flushResults(ctx)
		case <-sc.hintWake:
			sc.handleHints(ctx)
		case <-sc.stableTimer.C:
			sc.checkPending()
		case <-sc.rescanWake:
			sc.scanAll(ctx)
		case <-sc.scanTimer.C:
			sc.scanDue(ctx)
		case <-sc.scheduleWake:
			sc.reschedule(ctx)
		case done := <-sc.scanRequests:
			sc.waiters = append(sc.waiters, done)
			sc.scanAll(ctx)
		}
	}
	return ctx.Err()
}

// nextTask returns the next task and the channel to send it to, which is nil when there is none.
func (sc *scanner) nextTask() (chan<- task, task) {
	switch {
	case sc.urgent.len() > 0:
		return sc.tasks, sc.urgent.first()
	case sc.backlog.len() > 0:
		return sc.tasks, sc.backlog.first()
	}
	return nil, task{}
}

// taskSent removes the task that was sent to a worker.
func (sc *scanner) taskSent() {
	sc.activeTasks++
	if sc.urgent.len() > 0 {
		sc.urgent.pop()
		return
	}
	sc.backlog.pop()
}

// busy reports whether files wait to be examined, or are being examined.
func (sc *scanner) busy() bool {
	return sc.activeTasks > 0 || sc.urgent.len() > 0 || sc.backlog.len() > 0
}

// whenIdle runs once all queues are empty: it marks files Missing that did not move, ends the scan state, purges the
// bin and closes the channels of waiting callers.
func (sc *scanner) whenIdle(ctx context.Context) {
	if sc.busy() {
		return
	}
	sc.flushResults(ctx)
	sc.confirmMissing(ctx)
	if sc.busy() { // a root was walked again
		return
	}
	sc.recountHeld(ctx)
	if sc.Status().Running {
		sc.updateScan(func(s *Status) { s.Running, s.FinishedMS = false, sc.now() })
		sc.inProgress = make(map[string]library.VideoFile) // empty, but a map keeps its largest size
		sc.publish("scan", nil)
		sc.o.OnScan(false)
		sc.o.OnChange() // stills wait for the end of the scan
	}
	sc.purgeBin(ctx)
	sc.dispatchWalked()
	if len(sc.pendingFiles) == 0 {
		for _, w := range sc.waiters {
			close(w)
		}
		sc.waiters = nil
	}
}

// addWalked records a walked folder, replacing an earlier walk of the same path.
func (sc *scanner) addWalked(place library.WalkedFolder) {
	sc.walked = slices.DeleteFunc(sc.walked, func(old library.WalkedFolder) bool { return old.Path == place.Path })
	sc.walked = append(sc.walked, place)
}

// dispatchWalked queues artwork and sidecars of the walked folders that hold no pending file. Which film a picture
// belongs to depends on the other films beside it.
func (sc *scanner) dispatchWalked() {
	var ready, held []library.WalkedFolder
	for _, place := range sc.walked {
		waits := false
		for path := range sc.pendingFiles {
			waits = waits || library.Within(place.Path, path)
		}
		if waits {
			held = append(held, place)
		} else {
			ready = append(ready, place)
		}
	}
	sc.walked = held
	for i := range ready {
		ready[i].Changes = sc.fileChanges
	}
	if len(ready) > 0 {
		sc.o.Walked(ready)
	}
}

// scanAll scans every root.
func (sc *scanner) scanAll(ctx context.Context) {
	sc.beginScan()
	for _, r := range sc.listRoots(ctx) {
		sc.scanRoot(ctx, r)
	}
}

// beginScan resets the scan state.
func (sc *scanner) beginScan() {
	sc.o.OnScan(true)
	sc.updateScan(func(s *Status) { *s = Status{Running: true, StartedMS: sc.now(), FinishedMS: s.FinishedMS} })
	sc.publish("scan", nil)
}

// scanRoot scans one root. A root that is unavailable, or looks unmounted, keeps its files as Unreachable.
func (sc *scanner) scanRoot(ctx context.Context, r library.Root) {
	known, err := sc.o.Store.KnownFiles(ctx, r.ID, r.Path)
	if err != nil {
		sc.logError(ctx, "list the known files", err)
		return
	}
	if sc.takeAcceptedLoss(r.ID) {
		sc.acceptedRoots[r.ID] = true
	}
	hasFiles := countNotMissing(known) > 0 && !sc.acceptedRoots[r.ID]
	measured := startCPUTimer()
	disk, why := sc.checkAvailability(r.Path, hasFiles)
	var seen walkResult
	if sc.o.Watcher != nil && (sc.o.Watcher.State(r.Path).Pending || why == nil && r.State != library.Present) {
		// Before the walk: a file that appears in between is seen twice and never missed. Watches end with a mount.
		sc.o.Watcher.Add(ctx, r.Path, r.WatchMethod)
	}
	if why == nil {
		seen, err = sc.walk(ctx, r.Path, r.Path)
	}
	d := compare(known, seen)
	cost := measured()
	switch {
	case err != nil:
		return
	case why == nil && hasFiles:
		why = sc.suspectUnmount(r, disk, d)
	}
	if why != nil {
		sc.markUnreachable(ctx, r, known, why)
		return
	}
	sc.keepLinks(r.Path, seen)
	r = sc.updateRoot(ctx, r, func(r *library.Root) {
		if r.State != library.Present {
			r.State, r.Code, r.Reason, r.SinceMS = library.Present, "", "", sc.now()
		}
		r.Disk, r.ScannedMS, r.CostMS = disk, sc.now(), cost.Milliseconds()
		if !d.empty() {
			r.ChangedMS = sc.now()
		}
	})
	sc.updateScan(func(s *Status) {
		if s.Running && !sc.secondLook[r.ID] { // else they are counted
			s.Seen += len(seen.videos)
		}
	})
	sc.noteLeftOut(r, r.Path, seen.leftOut)
	in := folders{fs: sc.o.FS}
	in.add(r.Path, seen)
	sc.passBy(seen)
	sc.applyDiff(ctx, r, d, &in, false)
	r = sc.reidentifyFiles(ctx, r, known, seen, &in)
	sc.addWalked(library.WalkedFolder{Root: r, Path: r.Path, Sidecars: seen.sidecars})
	sc.planNextScan(r, !d.empty())
}

// markUnreachable marks a root and all its files Unreachable for the given reason.
func (sc *scanner) markUnreachable(ctx context.Context, r library.Root, known []library.KnownFile, why *fault.Fault) {
	if r.State != library.Unreachable || r.Code != why.Code {
		sc.o.Logger.Warn(
			"library folder is unavailable", "root", r.ID, "files", countNotMissing(known), "code", why.Code,
			"error", why,
		)
	}
	r = sc.updateRoot(ctx, r, func(r *library.Root) {
		if r.State != library.Unreachable {
			r.State, r.SinceMS = library.Unreachable, sc.now()
		}
		r.Code, r.Reason = why.Code, why.Message
	})
	for f, k := range sc.disappeared {
		if k.root == r.ID {
			delete(sc.disappeared, f)
		}
	}
	sc.setState(ctx, compare(known, walkResult{failed: []string{r.Path}}).unreachable, library.Unreachable, why)
	sc.planNextScan(r, false)
}

// handleHints scans the paths of the queued hints.
func (sc *scanner) handleHints(ctx context.Context) {
	sc.mu.Lock()
	hints := sc.hints
	sc.hints = library.Hint{}
	sc.mu.Unlock()
	if hints.All {
		sc.scanAll(ctx)
		return
	}
	paths := outermostPaths(hints.Paths)
	for _, r := range sc.listRoots(ctx) {
		var below []string
		whole := false
		for _, path := range paths {
			switch {
			case path == r.Path || library.Within(path, r.Path):
				whole = true
			case r.Contains(path) && !library.IgnoredPath(r.Rel(path)):
				below = append(below, path)
			}
		}
		switch {
		case whole:
			sc.scanRoot(ctx, r)
		case len(below) > 0:
			sc.scanPaths(ctx, r, below)
		}
	}
}

// maxPathQueries is up to how many hinted paths of a root the store is asked one by one. The query for one path reads
// all files of its root, so for more paths the root is read once.
const maxPathQueries = 4

// scanPaths scans paths below a root.
func (sc *scanner) scanPaths(ctx context.Context, r library.Root, below []string) {
	disk, why := sc.checkAvailability(r.Path, true)
	if why != nil || disk.ID != r.Disk.ID {
		sc.scanRoot(ctx, r)
		return
	}
	var all []library.KnownFile
	if len(below) > maxPathQueries {
		var err error
		if all, err = sc.o.Store.KnownFiles(ctx, r.ID, r.Path); err != nil {
			sc.logError(ctx, "list the known files", err)
			return
		}
	}
	in := folders{fs: sc.o.FS}
	for _, path := range below {
		seen, err := sc.walk(ctx, r.Path, path)
		if err != nil {
			return
		}
		var known []library.KnownFile
		if all == nil {
			if known, err = sc.o.Store.KnownFiles(ctx, r.ID, path); err != nil {
				sc.logError(ctx, "list the known files", err)
				return
			}
		}
		for _, k := range all {
			if library.Within(path, k.Path) {
				known = append(known, k)
			}
		}
		d := compare(known, seen)
		if !d.empty() {
			r = sc.updateRoot(ctx, r, func(r *library.Root) { r.ChangedMS = sc.now() })
		}
		sc.noteLeftOut(r, path, seen.leftOut)
		in.add(path, seen)
		sc.passBy(seen)
		sc.applyDiff(ctx, r, d, &in, true)
		sc.addWalked(library.WalkedFolder{Root: r, Path: path, Sidecars: seen.sidecars})
	}
}

// applyDiff writes the state changes that need no look into the file and queues the rest. in knows the files beside.
func (sc *scanner) applyDiff(ctx context.Context, r library.Root, d scanDiff, in *folders, urgent bool) {
	for _, k := range d.gone {
		sc.disappeared[k.ID] = missingFile{k, r.ID, sc.o.Clock()}
	}
	if sc.acceptedRoots[r.ID] || r.Held.Missing == 0 {
		for _, k := range d.held {
			sc.disappeared[k.ID] = missingFile{k, r.ID, sc.o.Clock()}
		}
	}
	if len(sc.disappeared) > 0 {
		for _, f := range d.unchanged {
			delete(sc.disappeared, f)
		}
	}
	for _, k := range slices.Concat(d.returned, d.unreachable, d.ignored) {
		delete(sc.disappeared, k.ID)
	}
	for why, known := range d.leftOut {
		for _, k := range known {
			delete(sc.disappeared, k.ID)
		}
		sc.setState(ctx, known, library.Unreachable, why)
	}
	sc.setState(ctx, d.returned, library.Present, nil)
	sc.setState(ctx, d.unreachable, library.Unreachable, library.ErrDiskTrouble)
	sc.setState(ctx, d.ignored, library.Missing, library.ErrPassedBy)
	var again []library.KnownFile
	for _, p := range d.changed {
		delete(sc.disappeared, p.known.ID)
		if p.known.State == library.Present {
			again = append(again, p.known)
		}
		sc.enqueueWhenStable(task{&r, p.video, p.known.ID, in.siblings(p.video.Path)}, urgent)
	}
	sc.setState(ctx, again, library.Incoming, nil)
	for _, p := range d.unreadable {
		if readable(p.video.Path) {
			sc.enqueueWhenStable(task{&r, p.video, p.known.ID, in.siblings(p.video.Path)}, urgent)
		}
	}
	for _, v := range d.added {
		sc.enqueueWhenStable(task{&r, v, "", in.siblings(v.Path)}, urgent)
	}
}

// listRoots lists the roots. After an error it returns none, and the next scan tries again.
func (sc *scanner) listRoots(ctx context.Context) []library.Root {
	roots, err := sc.o.Store.Roots(ctx)
	if err != nil {
		sc.logError(ctx, "list the library folders", err)
		return nil
	}
	sc.setRootPaths(roots)
	return roots
}

// logError reports an error of the store. The scan goes on; the next scan repeats the failed step.
func (sc *scanner) logError(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		sc.o.Logger.Error("library scan step failed", "step", doing, "error", err, "code", fault.Of(err).Code)
	}
}

// publish sends a notice of the library and reports the change to the catalogue.
func (s *Service) publish(kind string, ids map[string]string) {
	s.o.Changes.Changed(id.Title(ids["title"]))
	s.o.Bus.Publish(event.Notice{Topic: event.Library, Kind: kind, IDs: ids})
}

// outermostPaths drops paths below another path of the list. A sidecar stands for its folder, because sidecars are read
// by folder.
func outermostPaths(paths []string) []string {
	places := make([]string, len(paths))
	for i, p := range paths {
		if places[i] = filepath.Clean(p); isSidecar(filepath.Base(p)) || filepath.Base(p) == library.IgnoreFile {
			places[i] = filepath.Dir(p)
		}
		if dir, ok := disc.Folder(places[i]); ok {
			places[i] = dir // its files are one title
		}
	}
	slices.Sort(places)
	var out []string
	for _, p := range slices.Compact(places) {
		if !slices.ContainsFunc(out, func(o string) bool { return library.Within(o, p) }) {
			out = append(out, p)
		}
	}
	return out
}
