// Package scan brings the store up to date with the disk. It walks the library folders (roots), compares the files there
// with the known ones, examines new and changed ones once they are stable, has them imported, and notices files that are
// gone. It watches the roots, plans their scans, and administers them.
//
// It never forgets a file because it is missing (an unmounted disk looks like a deleted folder), and never writes into a
// library folder. Notices of the watcher are hints; the scan decides. Which title a file belongs to is the importer's to
// say.
package scan

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"movify/library"
	"movify/library/naming"

	"golang.org/x/sync/errgroup"

	"movify/pkg/event"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Options configure a Service. Store, Prober and Importer are required (Preview needs neither of the last two); every
// other field may be left out.
type Options struct {
	Store    Store
	Prober   library.Prober
	Importer Importer
	Watcher  library.Watcher // nil = only rescans notice changes
	Bus      library.Publisher
	Changes  library.ChangeListener // nil = changes are not reported
	Clock    func() time.Time
	Logger   *slog.Logger
	// Walked is called with folders that were walked, once all their films are known; it must not block.
	Walked func([]library.WalkedFolder)
	// OnChange is called after files were added or changed, and at the end of a scan; it must not block.
	OnChange func()
	// OnScan is called when a scan begins (true) and when it has ended; it must not block. nil = it is not told.
	OnScan func(running bool)

	FS           library.FileSystem      // nil = library.SystemFS
	WatchOptions map[string]WatchOptions // set by the configuration, by root path; other roots are set by SetWatch
	// LadderSettings say when the ladders of a root's files are made: set by the configuration, by root path. Other roots
	// are set by SetLadder.
	LadderSettings map[string]media.LadderSetting
	Ladder         media.LadderSetting // of roots without a setting of their own; "" = media.LadderWhenWatched
	PollMin        time.Duration       // shortest interval of a polled root, used after a change; 0 = 30 seconds
	// PollMax is the longest interval of a polled root, reached when nothing changes; 0 = 10 minutes.
	PollMax    time.Duration
	QuietHours []Window // no scheduled scan begins in them, so that disks may sleep
	BinDays    int      // days until missing files are purged; 0 = never
	Ignore     Ignores  // ignore rules for every root

	// LinksInto are folders outside of the roots that symbolic links may lead into. Links to other roots are followed too.
	LinksInto []string
	Exclude   []string      // folders that are never scanned, in any root: the data folder holds segments, not films
	Roots     []string      // configured library folders, present or not; absolute
	Rescan    time.Duration // interval of full scans; 0 = 15 minutes
	StableFor time.Duration // how long size and time must stay equal before a file is probed; 0 = 2 seconds
	Workers   int           // files examined in parallel; 0 = half the processors
}

// Importer writes examined files.
type Importer interface {
	// Import writes examined files in one transaction, all or none, and publishes nothing. Files of a root that was
	// removed in the meantime are left out.
	Import(ctx context.Context, examined []library.Examined) (library.Imported, error)
	// Reidentify reads the names of all known files of a root anew and returns how many works changed; siblings gives the
	// video files in the folder of a file, nil when it is alone. A second run finds nothing to do.
	Reidentify(ctx context.Context, root library.Root, siblings func(path string) *naming.Siblings) (int, error)
	// Exclusively runs f while nothing is imported or edited, and returns its error.
	Exclusively(f func() error) error
}

// Service scans the library. Its methods are safe for concurrent use; those that only read work whether or not Run does.
type Service struct {
	o Options

	scanRequests chan chan struct{} // callers of Scan, each with the channel to close when the scan is done
	rescanWake   event.Signal       // a full scan was requested
	hintWake     event.Signal       // hints is not empty
	scheduleWake event.Signal       // the watch options of a root changed

	mu             sync.Mutex // guards the fields below
	hints          library.Hint
	scan           Status
	acceptedLosses map[id.Root]bool     // roots whose loss was accepted since their last scan
	scanPlans      map[id.Root]scanPlan // next scheduled scan of each root
	rootPaths      []string
	links          map[string]*library.FollowedLinks // by the path of the root, since its last full scan
	leftOut        map[id.Root][]LeftOut

	maxEntries int // of a walk; changed by tests only
}

// Status is the progress of the current scan, or the result of the last one.
type Status struct {
	Running    bool
	Seen       int // video files seen
	Added      int // new files
	Probed     int // files probed
	StartedMS  int64
	FinishedMS int64  // 0 = never
	Path       string // of the file written last, as displayable text
}

// New returns a scan service. Nothing runs before Run.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Bus == nil {
		o.Bus = new(event.Bus)
	}
	if o.Changes == nil {
		o.Changes = library.NoListener{}
	}
	if o.Walked == nil {
		o.Walked = func([]library.WalkedFolder) {}
	}
	if o.OnChange == nil {
		o.OnChange = func() {}
	}
	if o.OnScan == nil {
		o.OnScan = func(bool) {}
	}
	if o.Rescan <= 0 {
		o.Rescan = 15 * time.Minute
	}
	if o.StableFor <= 0 {
		o.StableFor = 2 * time.Second
	}
	if o.Workers <= 0 {
		o.Workers = max(1, runtime.NumCPU()/2)
	}
	if o.FS == nil {
		o.FS = library.SystemFS()
	}
	if o.PollMin <= 0 {
		o.PollMin = defaultPollMin
	}
	if o.PollMax <= 0 {
		o.PollMax = defaultPollMax
	}
	return &Service{
		o:              o,
		scanRequests:   make(chan chan struct{}),
		rescanWake:     event.NewSignal(),
		hintWake:       event.NewSignal(),
		scheduleWake:   event.NewSignal(),
		acceptedLosses: make(map[id.Root]bool),
		links:          make(map[string]*library.FollowedLinks),
		leftOut:        make(map[id.Root][]LeftOut),
		maxEntries:     maxEntries,
	}
}

// Run adds the configured roots, scans everything once and then follows changes of the disk until ctx is done. All
// goroutines it started have ended when it returns. The error is nil after ctx is done; any other error means that the
// library is no longer updated.
func (s *Service) Run(ctx context.Context) error {
	roots, err := s.configuredRoots(ctx)
	if err != nil {
		return err
	}
	for _, r := range roots {
		if err := s.o.Store.SaveRoot(ctx, r); err != nil {
			return fmt.Errorf("add a library folder: %w", err)
		}
	}
	if err := s.applyWatchOptions(ctx); err != nil {
		return err
	}
	if err := s.applyLadderSettings(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	if s.o.Watcher != nil {
		group.Go(func() error { return s.o.Watcher.Run(ctx, s.enqueueHint) })
	}
	group.Go(func() error { return newScanner(s).run(ctx) })
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// configuredRoots returns the roots of the options that the store does not have.
func (s *Service) configuredRoots(ctx context.Context) ([]library.Root, error) {
	known, err := s.o.Store.Roots(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the library folders: %w", err)
	}
	var added []library.Root
	for _, path := range s.o.Roots {
		path, err := checkRoot(path, append(known, added...))
		switch {
		case errors.Is(err, library.ErrRootExists):
			continue
		case errors.Is(err, library.ErrFolderNotFound), errors.Is(err, library.ErrFolderUnreadable):
			// A root whose disk is not mounted yet is added as well.
			s.o.Logger.Warn("library folder is away", "error", err)
		case err != nil:
			return nil, err
		}
		added = append(
			added, library.Root{ID: id.New[id.Root](), Path: path, State: library.Present, SinceMS: s.now(), AddedMS: s.now()},
		)
	}
	return added, nil
}

// enqueueHint queues a hint of the watcher or of a request for the scanner.
func (s *Service) enqueueHint(h library.Hint) {
	s.mu.Lock()
	s.hints.All = s.hints.All || h.All
	s.hints.Paths = append(s.hints.Paths, h.Paths...)
	s.mu.Unlock()
	s.hintWake.Set()
}

// RequestScan requests a full scan and returns at once.
func (s *Service) RequestScan() { s.rescanWake.Set() }

// Scan requests a full scan and waits until every file it found has been examined, including files that are still being
// written. Concurrent callers share one scan. Run must be running.
func (s *Service) Scan(ctx context.Context) (Status, error) {
	done := make(chan struct{})
	select {
	case s.scanRequests <- done:
	case <-ctx.Done():
		return s.Status(), ctx.Err()
	}
	select {
	case <-done:
		return s.Status(), nil
	case <-ctx.Done():
		return s.Status(), ctx.Err()
	}
}

// Status returns the progress of the current scan, or the result of the last one.
func (s *Service) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scan
}

// updateScan changes the scan state.
func (s *Service) updateScan(f func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.scan)
}

func (s *Service) now() int64 { return s.o.Clock().UnixMilli() }

// Rescan requests a scan of a folder and returns at once.
func (s *Service) Rescan(dir string) { s.enqueueHint(library.Hint{Paths: []string{dir}}) }

// Sidecars lists the sidecars in a folder of a root and below it, by folder. The only error is ctx's.
func (s *Service) Sidecars(ctx context.Context, root library.Root, dir string) (map[string][]library.Sidecar, error) {
	seen, err := s.walk(ctx, root.Path, dir)
	return seen.sidecars, err
}
