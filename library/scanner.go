package library

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
)

// scanner makes what is known equal to what is on disk. One goroutine, run, owns all its fields: it walks, compares and
// writes. Workers only read files; they get tasks and give results over channels.
type scanner struct {
	*Service
	tasks   chan task
	results chan result

	urgent   []task              // found by a hint: somebody has just put it there
	backlog  []task              // found by a scan
	inWork   map[string]entry    // by path: in a queue or with a worker
	working  int                 // tasks with workers
	found    []result            // to be written together
	settling map[string]settling // by path: may still be written to
	gone     map[id.File]loss    // to become Missing once it is clear that they have not only moved
	allowed  map[id.Root]bool    // scanned with the word of somebody that their losses are real
	stirred  bool                // files were written since held roots were counted
	walked   []scope             // places whose posters are to be looked at once their films are known
	waiters  []chan<- struct{}   // who waits for the scanner to be idle
	paces    map[id.Root]pace    // when each root is due
	timer    *time.Timer         // fires when something in settling is due
	flush    *time.Timer         // fires when what was found has waited long enough
	clock    *time.Timer         // fires when a root is due
	swept    time.Time           // when the bin was last looked through
}

// task is a file to be looked into.
type task struct {
	root  Root
	entry entry
	known id.File // "" when its path is new
}

func newScanner(s *Service) *scanner {
	return &scanner{
		Service:  s,
		tasks:    make(chan task, s.o.Workers), // one in hand for each while the last ones are written
		results:  make(chan result, batch),
		inWork:   make(map[string]entry),
		settling: make(map[string]settling),
		gone:     make(map[id.File]loss),
		allowed:  make(map[id.Root]bool),
		paces:    make(map[id.Root]pace),
	}
}

// run scans once, then again whenever a hint, a request or the time says so. It ends with ctx's error.
func (sc *scanner) run(ctx context.Context) error {
	var workers sync.WaitGroup
	defer workers.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before Wait: deferred calls run last to first
	for range sc.o.Workers {
		workers.Go(func() { sc.work(ctx) })
	}
	sc.timer = time.NewTimer(sc.o.Settle)
	defer sc.timer.Stop()
	sc.flush = time.NewTimer(gather)
	defer sc.flush.Stop()
	sc.clock = time.NewTimer(sc.o.Rescan)
	defer sc.clock.Stop()

	sc.all(ctx)
	for ctx.Err() == nil {
		sc.rest(ctx)
		tasks, next := sc.next()
		select {
		case <-ctx.Done():
		case tasks <- next:
			sc.sent()
		case r := <-sc.results:
			sc.collect(ctx, r)
		case <-sc.flush.C:
			sc.write(ctx)
		case <-sc.heard:
			sc.follow(ctx)
		case <-sc.timer.C:
			sc.settle()
		case <-sc.rescan:
			sc.all(ctx)
		case <-sc.clock.C:
			sc.turn(ctx)
		case <-sc.retimed:
			sc.retime(ctx)
		case done := <-sc.requests:
			sc.waiters = append(sc.waiters, done)
			sc.all(ctx)
		}
	}
	return ctx.Err()
}

// next gives the task that is to go out and the channel for it, which is nil when there is none.
func (sc *scanner) next() (chan<- task, task) {
	switch {
	case len(sc.urgent) > 0:
		return sc.tasks, sc.urgent[0]
	case len(sc.backlog) > 0:
		return sc.tasks, sc.backlog[0]
	}
	return nil, task{}
}

// sent notes that the next task has gone to a worker.
func (sc *scanner) sent() {
	sc.working++
	if len(sc.urgent) > 0 {
		sc.urgent = sc.urgent[1:]
		return
	}
	sc.backlog = sc.backlog[1:]
}

// rest does what has waited for the queues to be empty: files that have not moved become Missing, and whoever waits for
// the scan is told.
func (sc *scanner) rest(ctx context.Context) {
	if sc.working > 0 || len(sc.urgent) > 0 || len(sc.backlog) > 0 {
		return
	}
	sc.write(ctx)
	sc.bury(ctx)
	sc.recount(ctx)
	if sc.ScanState().Running {
		sc.update(func(s *ScanState) { s.Running, s.FinishedMS = false, sc.now() })
		sc.tell("scan", nil)
		poke(sc.painting) // stills wait for this
	}
	sc.forget(ctx)
	sc.release()
	if len(sc.settling) == 0 {
		for _, w := range sc.waiters {
			close(w)
		}
		sc.waiters = nil
	}
}

// visit notes a place that was walked; what was seen there last counts.
func (sc *scanner) visit(place scope) {
	sc.walked = slices.DeleteFunc(sc.walked, func(old scope) bool { return old.path == place.path })
	sc.walked = append(sc.walked, place)
}

// release hands the places on whose films are all known. Which film a picture belongs to depends on the others beside it.
func (sc *scanner) release() {
	var ready, held []scope
	for _, place := range sc.walked {
		waits := false
		for path := range sc.settling {
			waits = waits || within(place.path, path)
		}
		if waits {
			held = append(held, place)
		} else {
			ready = append(ready, place)
		}
	}
	sc.walked = held
	if len(ready) > 0 {
		sc.wantPosters(ready)
		sc.wantBeside(ready)
	}
}

// all looks through every root.
func (sc *scanner) all(ctx context.Context) {
	sc.begin()
	for _, r := range sc.readRoots(ctx) {
		sc.root(ctx, r)
	}
}

// begin says that a scan is under way.
func (sc *scanner) begin() {
	sc.update(func(s *ScanState) { *s = ScanState{Running: true, StartedMS: sc.now(), FinishedMS: s.FinishedMS} })
	sc.tell("scan", nil)
}

// root looks through one root. One that is away, or of which that may be so, keeps all its files, as unreachable.
func (sc *scanner) root(ctx context.Context, r Root) {
	known, err := sc.o.Store.Known(ctx, r.ID, r.Path)
	if err != nil {
		sc.trouble(ctx, "list the known files", err)
		return
	}
	if sc.wasAccepted(r.ID) {
		sc.allowed[r.ID] = true
	}
	hasFiles := had(known) > 0 && !sc.allowed[r.ID]
	measured := costing()
	disk, why := sc.presence(r.Path, hasFiles)
	var seen sight
	if why == nil {
		seen, err = sc.walk(ctx, r.Path, r.Path)
	}
	d := compare(known, seen)
	cost := measured()
	switch {
	case err != nil:
		return
	case why == nil && hasFiles:
		why = sc.doubt(r, disk, d)
	}
	if why != nil {
		sc.lose(ctx, r, known, why)
		return
	}
	was := r
	r = sc.amend(ctx, r, func(r *Root) {
		if r.State != Present {
			r.State, r.Code, r.Reason, r.SinceMS = Present, "", "", sc.now()
		}
		r.Disk, r.ScannedMS, r.CostMS = disk, sc.now(), cost.Milliseconds()
		if !d.none() {
			r.ChangedMS = sc.now()
		}
	})
	if was.State != Present && sc.o.Watcher != nil {
		sc.o.Watcher.Add(r.Path, r.Wish) // watches do not survive the disk they were on
	}
	sc.update(func(s *ScanState) {
		if s.Running {
			s.Seen += len(seen.entries)
		}
	})
	sc.meet(ctx, r, d, false)
	sc.visit(scope{r, r.Path, seen.beside})
	sc.pace(r, !d.none())
}

// lose notes that a root is away, with all its files.
func (sc *scanner) lose(ctx context.Context, r Root, known []Known, why *fault.Fault) {
	if r.State != Unreachable || r.Code != why.Code {
		sc.o.Logger.Warn("library folder is away", "root", r.ID, "files", had(known), "code", why.Code, "err", why)
	}
	r = sc.amend(ctx, r, func(r *Root) {
		if r.State != Unreachable {
			r.State, r.SinceMS = Unreachable, sc.now()
		}
		r.Code, r.Reason = why.Code, why.Message
	})
	for f, k := range sc.gone {
		if k.root == r.ID {
			delete(sc.gone, f)
		}
	}
	sc.move(ctx, compare(known, sight{failed: []string{r.Path}}).away, Unreachable, why)
	sc.pace(r, false)
}

// follow looks at what the hints name.
func (sc *scanner) follow(ctx context.Context) {
	sc.mu.Lock()
	hints := sc.hints
	sc.hints = Hint{}
	sc.mu.Unlock()
	if hints.All {
		sc.all(ctx)
		return
	}
	paths := outermost(hints.Paths)
	for _, r := range sc.readRoots(ctx) {
		var below []string
		whole := false
		for _, path := range paths {
			switch {
			case path == r.Path || within(path, r.Path):
				whole = true
			case r.contains(path) && !hidden(r.rel(path)):
				below = append(below, path)
			}
		}
		switch {
		case whole:
			sc.root(ctx, r)
		case len(below) > 0:
			sc.places(ctx, r, below)
		}
	}
}

// fewPlaces is how many places of a root are asked for one by one. What is known of a place is found by reading all of its
// root, so for many the root is read once.
const fewPlaces = 4

// places looks at places below a root.
func (sc *scanner) places(ctx context.Context, r Root, below []string) {
	disk, why := sc.presence(r.Path, true)
	if why != nil || disk.ID != r.Disk.ID {
		sc.root(ctx, r)
		return
	}
	var all []Known
	if len(below) > fewPlaces {
		var err error
		if all, err = sc.o.Store.Known(ctx, r.ID, r.Path); err != nil {
			sc.trouble(ctx, "list the known files", err)
			return
		}
	}
	for _, path := range below {
		seen, err := sc.walk(ctx, r.Path, path)
		if err != nil {
			return
		}
		var known []Known
		if all == nil {
			if known, err = sc.o.Store.Known(ctx, r.ID, path); err != nil {
				sc.trouble(ctx, "list the known files", err)
				return
			}
		}
		for _, k := range all {
			if within(path, k.Path) {
				known = append(known, k)
			}
		}
		d := compare(known, seen)
		if !d.none() {
			r = sc.amend(ctx, r, func(r *Root) { r.ChangedMS = sc.now() })
		}
		sc.meet(ctx, r, d, true)
		sc.visit(scope{r, path, seen.beside})
	}
}

// meet acts on a difference: states that need no look into the file change now, the rest is queued.
func (sc *scanner) meet(ctx context.Context, r Root, d difference, urgent bool) {
	for _, k := range d.gone {
		sc.gone[k.ID] = loss{k, r.ID, sc.o.Clock()}
	}
	if sc.allowed[r.ID] || r.Held.Missing == 0 {
		for _, k := range d.held {
			sc.gone[k.ID] = loss{k, r.ID, sc.o.Clock()}
		}
	}
	if len(sc.gone) > 0 {
		for _, f := range d.same {
			delete(sc.gone, f)
		}
	}
	for _, k := range slices.Concat(d.back, d.away, d.passed) {
		delete(sc.gone, k.ID)
	}
	sc.move(ctx, d.back, Present, nil)
	sc.move(ctx, d.away, Unreachable, ErrDiskTrouble)
	sc.move(ctx, d.passed, Missing, ErrPassedBy)
	var again []Known
	for _, p := range d.changed {
		delete(sc.gone, p.known.ID)
		if p.known.State == Present {
			again = append(again, p.known)
		}
		sc.admit(task{r, p.entry, p.known.ID}, urgent)
	}
	sc.move(ctx, again, Incoming, nil)
	for _, p := range d.unreadable {
		if readable(p.entry.path) {
			sc.admit(task{r, p.entry, p.known.ID}, urgent)
		}
	}
	for _, e := range d.fresh {
		sc.admit(task{r, e, ""}, urgent)
	}
}

// readRoots lists the roots; on trouble there are none, and the next scan tries again.
func (sc *scanner) readRoots(ctx context.Context) []Root {
	roots, err := sc.o.Store.Roots(ctx)
	if err != nil {
		sc.trouble(ctx, "list the library folders", err)
	}
	return roots
}

// trouble handles an error of the store: the scan goes on, and the next one repeats what was not done.
func (sc *scanner) trouble(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		sc.o.Logger.Error("library scan was hindered", "doing", doing, "err", err, "code", fault.Of(err).Code)
	}
}

func (s *Service) tell(kind string, ids map[string]string) {
	s.o.Bus.Publish(event.Notice{Topic: event.Library, Kind: kind, IDs: ids})
	poke(s.finding)
}

// hidden reports whether a path below a root lies in something that scans pass by.
func hidden(rel string) bool {
	return slices.ContainsFunc(strings.Split(rel, "/"), Ignored)
}

// outermost gives the paths without those that lie below another of them. What tells about a film
// stands for its folder, because it is read a folder at a time.
func outermost(paths []string) []string {
	places := make([]string, len(paths))
	for i, p := range paths {
		if places[i] = filepath.Clean(p); isSidecar(filepath.Base(p)) || filepath.Base(p) == IgnoreFile {
			places[i] = filepath.Dir(p)
		}
	}
	slices.Sort(places)
	var out []string
	for _, p := range slices.Compact(places) {
		if !slices.ContainsFunc(out, func(o string) bool { return within(o, p) }) {
			out = append(out, p)
		}
	}
	return out
}
