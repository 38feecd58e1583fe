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
	settling map[string]settling // by path: may still be written to
	gone     map[id.File]Known   // to become Missing once it is clear that they have not only moved
	walked   []scope             // places whose posters are to be looked at once their films are known
	waiters  []chan<- struct{}   // who waits for the scanner to be idle
	timer    *time.Timer         // fires when something in settling is due
}

// task is a file to be looked into.
type task struct {
	root  Root
	entry entry
	known id.File // "" when its path is new
}

// settling is a file that changed lately.
type settling struct {
	task
	since  time.Time // when it was first seen as it is
	urgent bool
}

func newScanner(s *Service) *scanner {
	return &scanner{
		Service:  s,
		tasks:    make(chan task, s.o.Workers), // one in hand for each while the last ones are written
		results:  make(chan result, batch),
		inWork:   make(map[string]entry),
		settling: make(map[string]settling),
		gone:     make(map[id.File]Known),
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
	ticker := time.NewTicker(sc.o.Rescan)
	defer ticker.Stop()
	absence := time.NewTicker(min(sc.o.Rescan, awayCheck))
	defer absence.Stop()
	sc.timer = time.NewTimer(sc.o.Settle)
	defer sc.timer.Stop()

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
		case <-sc.heard:
			sc.follow(ctx)
		case <-sc.timer.C:
			sc.settle()
		case <-sc.rescan:
			sc.all(ctx)
		case <-ticker.C:
			sc.all(ctx)
		case <-absence.C:
			sc.returned(ctx)
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
	sc.bury(ctx)
	if sc.ScanState().Running {
		sc.update(func(s *ScanState) { s.Running, s.FinishedMS = false, sc.now() })
		sc.tell("scan", nil)
	}
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
	}
}

// all looks through every root.
func (sc *scanner) all(ctx context.Context) {
	sc.update(func(s *ScanState) { *s = ScanState{Running: true, StartedMS: sc.now(), FinishedMS: s.FinishedMS} })
	sc.tell("scan", nil)
	for _, r := range sc.readRoots(ctx) {
		sc.root(ctx, r)
	}
}

// root looks through one root. One that is away keeps all its files, as unreachable.
func (sc *scanner) root(ctx context.Context, r Root) {
	known, err := sc.o.Store.Known(ctx, r.ID, r.Path)
	if err != nil {
		sc.trouble(ctx, "list the known files", err)
		return
	}
	if !available(r.Path) && (len(known) > 0 || checkFolder(r.Path) != nil) {
		if r.State != Unreachable {
			sc.o.Logger.Warn("library folder is away", "root", r.ID, "files", len(known))
		}
		r.State = Unreachable
		sc.saveRoot(ctx, r)
		sc.meet(ctx, r, compare(known, sight{failed: []string{r.Path}}), false)
		return
	}
	seen, err := walk(ctx, r.Path, sc.o.Apart)
	if err != nil {
		return
	}
	if r.State != Present && sc.o.Watcher != nil {
		sc.o.Watcher.Add(r.Path) // watches do not survive the disk they were on
	}
	r.State, r.ScannedMS = Present, sc.now()
	sc.saveRoot(ctx, r)
	sc.update(func(s *ScanState) { s.Seen += len(seen.entries) })
	sc.meet(ctx, r, compare(known, seen), false)
	sc.visit(scope{r, r.Path, seen.beside})
}

// awayCheck is how often a root that is away is looked for: mounting a disk over a folder tells nobody.
const awayCheck = 30 * time.Second

// returned looks through the roots that were away and are back.
func (sc *scanner) returned(ctx context.Context) {
	for _, r := range sc.readRoots(ctx) {
		if r.State == Unreachable && available(r.Path) {
			sc.root(ctx, r)
		}
	}
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
	roots := sc.readRoots(ctx)
	for _, path := range outermost(hints.Paths) {
		for _, r := range roots {
			switch {
			case path == r.Path || within(path, r.Path):
				sc.root(ctx, r)
			case r.contains(path) && !hidden(r.rel(path)):
				sc.place(ctx, r, path)
			}
		}
	}
}

// place looks at one place below a root.
func (sc *scanner) place(ctx context.Context, r Root, path string) {
	if !available(r.Path) {
		sc.root(ctx, r)
		return
	}
	seen, err := walk(ctx, path, sc.o.Apart)
	if err != nil {
		return
	}
	known, err := sc.o.Store.Known(ctx, r.ID, path)
	if err != nil {
		sc.trouble(ctx, "list the known files", err)
		return
	}
	sc.meet(ctx, r, compare(known, seen), true)
	sc.visit(scope{r, path, seen.beside})
}

// meet acts on a difference: states that need no look into the file change now, the rest is queued.
func (sc *scanner) meet(ctx context.Context, r Root, d difference, urgent bool) {
	for _, k := range d.gone {
		sc.gone[k.ID] = k
	}
	for _, k := range slices.Concat(d.back, d.same, d.away) {
		delete(sc.gone, k.ID)
	}
	sc.move(ctx, d.back, Present, nil)
	sc.move(ctx, d.away, Unreachable, nil)
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

// admit queues a file that has settled and keeps an eye on one that may still be written to.
func (sc *scanner) admit(t task, urgent bool) {
	if e, ok := sc.inWork[t.entry.path]; ok && e == t.entry {
		return
	}
	if w, ok := sc.settling[t.entry.path]; ok && w.entry == t.entry {
		return
	}
	age := sc.o.Clock().Sub(time.Unix(0, t.entry.modTimeNS))
	if age >= sc.o.Settle && t.entry.size > 0 {
		sc.enqueue(t, urgent)
		return
	}
	if len(sc.settling) == 0 {
		sc.timer.Reset(sc.o.Settle)
	}
	sc.settling[t.entry.path] = settling{t, sc.o.Clock(), urgent}
}

// settle looks again at the files that may still be written to; the same size and time twice, and it is whole.
func (sc *scanner) settle() {
	now := sc.o.Clock()
	next := time.Duration(-1)
	for path, w := range sc.settling {
		e, there := look(path)
		switch {
		case !there:
			delete(sc.settling, path)
			continue
		case e != w.entry || now.Before(w.since): // it changed, or the clock was put back
			w.entry, w.since = e, now
			sc.settling[path] = w
		case now.Sub(w.since) >= sc.o.Settle:
			delete(sc.settling, path)
			sc.enqueue(w.task, w.urgent)
			continue
		}
		if left := max(time.Millisecond, sc.o.Settle-now.Sub(w.since)); next < 0 || left < next {
			next = left
		}
	}
	if next >= 0 {
		sc.timer.Reset(next)
	}
}

func (sc *scanner) enqueue(t task, urgent bool) {
	sc.inWork[t.entry.path] = t.entry
	if urgent {
		sc.urgent = append(sc.urgent, t)
		return
	}
	sc.backlog = append(sc.backlog, t)
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
	if t := id.Title(ids["title"]); t != "" {
		s.sortTitle(t)
	}
	s.o.Bus.Publish(event.Notice{Topic: event.Library, Kind: kind, IDs: ids})
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
		if places[i] = filepath.Clean(p); isSidecar(filepath.Base(p)) {
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
