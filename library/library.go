// Package library owns the library folders (roots), the files found in them and the titles those files belong to. It scans
// and watches the roots, probes files once they are stable, identifies titles from paths and merges descriptions of
// several sources. Pictures are kept by library/artwork, which is given the folders that were walked; library/catalogue
// answers queries, and is told of every change.
//
// It never writes, renames or deletes anything in a library folder, except NFO files of edited titles when
// Options.WriteNFO is set, and never replaces an NFO file of another program. It never forgets a file because it is
// missing (an unmounted disk looks like a deleted folder) and never encodes. Notices of the watcher are hints; the scan
// decides.
package library

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"movify/pkg/event"
	"movify/pkg/id"
)

// Options configure a Service. Store and Prober are required; every other field may be left out.
type Options struct {
	Store    Store
	Prober   Prober
	Artwork  Artwork        // nil = no pictures
	Changes  ChangeListener // nil = changes are not reported
	NFO      NFOReader      // nil = NFO files are not read
	WriteNFO NFOWriter      // nil = nothing is written into library folders
	Provider Provider       // nil = no online metadata
	Watcher  Watcher        // nil = only rescans notice changes
	Bus      Publisher
	Clock    func() time.Time
	Logger   *slog.Logger
	OnChange func() // called after files were added or changed; must not block
	// OnMetadata is called after the resolved metadata of a title changed, which may change its age rating; must not
	// block.
	OnMetadata func()

	FS           FileSystem              // nil = SystemFS
	WatchOptions map[string]WatchOptions // set by the configuration, by root path; other roots are set by SetWatch
	PollMin      time.Duration           // shortest interval of a polled root, used after a change; 0 = 30 seconds
	// longest interval of a polled root, reached when nothing changes; 0 = 10 minutes
	PollMax    time.Duration
	QuietHours []Window // no scheduled scan begins in them, so that disks may sleep
	BinDays    int      // days until missing files are purged; 0 = never
	Ignore     Ignores  // ignore rules for every root

	Exclude   []string      // folders that are never scanned, in any root: the data folder holds segments, not films
	Roots     []string      // configured library folders, present or not; absolute
	Rescan    time.Duration // interval of full scans; 0 = 15 minutes
	StableFor time.Duration // how long size and time must stay equal before a file is probed; 0 = 2 seconds
	Workers   int           // files examined in parallel; 0 = half the processors
}

// Service is the library. Its methods are safe for concurrent use; those that only read work whether or not Run does.
type Service struct {
	o Options

	scanRequests chan chan struct{} // callers of Scan, each with the channel to close when the scan is done
	rescanWake   chan struct{}      // a full scan was requested
	hintWake     chan struct{}      // hints is not empty
	scheduleWake chan struct{}      // the watch options of a root changed
	sidecarWake  chan struct{}      // sidecarQueue is not empty
	matchWake    chan struct{}      // titles may need a match
	providerLock chan struct{}      // capacity 1: held while the provider's answers are written
	nfoWake      chan struct{}      // nfoQueue is not empty

	mu    sync.Mutex // guards the fields below, up to sidecarWaiters
	hints Hint
	scan  ScanState

	acceptedLosses map[id.Root]bool     // roots whose loss was accepted since their last scan
	scanPlans      map[id.Root]scanPlan // next scheduled scan of each root
	nfoQueue       []id.Title           // edited titles whose NFO files are to be written
	sidecarQueue   []WalkedFolder       // walked folders whose NFO files and subtitles are to be read
	sidecarWaiters []chan<- struct{}    // closed when sidecarQueue has been worked off

	fileChanges  atomic.Int64             // number of file changes since the start
	sidecarsRead map[id.Root]sidecarState // state of each root at its last complete read; used by sidecarWorker only

	writeMu sync.Mutex // held while files or descriptions are written and while a root is removed
}

// ScanState is the progress of the current scan, or the result of the last one.
type ScanState struct {
	Running    bool
	Seen       int // video files seen
	Added      int // new files
	Probed     int // files probed
	StartedMS  int64
	FinishedMS int64  // 0 = never
	Path       string // of the file written last, as displayable text
}

// New returns a library. Nothing runs before Run.
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
	if o.Artwork == nil {
		o.Artwork = noArtwork{}
	}
	if o.Changes == nil {
		o.Changes = noListener{}
	}
	if o.OnMetadata == nil {
		o.OnMetadata = func() {}
	}
	if o.OnChange == nil {
		o.OnChange = func() {}
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
		o.FS = SystemFS()
	}
	if o.PollMin <= 0 {
		o.PollMin = defaultPollMin
	}
	if o.PollMax <= 0 {
		o.PollMax = defaultPollMax
	}
	return &Service{
		o:              o,
		acceptedLosses: make(map[id.Root]bool),
		scheduleWake:   make(chan struct{}, 1),
		scanRequests:   make(chan chan struct{}),
		rescanWake:     make(chan struct{}, 1),
		hintWake:       make(chan struct{}, 1),
		sidecarWake:    make(chan struct{}, 1),
		matchWake:      make(chan struct{}, 1),
		providerLock:   make(chan struct{}, 1),
		nfoWake:        make(chan struct{}, 1),

		sidecarsRead: make(map[id.Root]sidecarState),
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
	if roots, err = s.applyWatchOptions(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	if s.o.Watcher != nil {
		// Watches are set before the first scan: a file that appears in between is seen twice and never missed.
		for _, r := range roots {
			s.o.Watcher.Add(r.Path, r.WatchMethod)
		}
		group.Go(func() error { return s.o.Watcher.Run(ctx, s.enqueueHint) })
	}
	group.Go(func() error { return newScanner(s).run(ctx) })
	group.Go(func() error { return s.sidecarWorker(ctx) })
	if s.o.WriteNFO != nil {
		group.Go(func() error { return s.nfoWorker(ctx) })
	}
	if s.o.Provider != nil {
		group.Go(func() error { return s.matchWorker(ctx) })
	}
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// configuredRoots returns the roots of the options that the store does not have.
func (s *Service) configuredRoots(ctx context.Context) ([]Root, error) {
	known, err := s.o.Store.Roots(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the library folders: %w", err)
	}
	var added []Root
	for _, path := range s.o.Roots {
		path, err := checkRoot(path, append(known, added...))
		switch {
		case errors.Is(err, ErrRootExists):
			continue
		case errors.Is(err, ErrFolderNotFound), errors.Is(err, ErrFolderUnreadable):
			// A root whose disk is not mounted yet is added as well.
			s.o.Logger.Warn("library folder is away", "error", err)
		case err != nil:
			return nil, err
		}
		added = append(
			added, Root{ID: id.New[id.Root](), Path: path, State: Present, SinceMS: s.now(), AddedMS: s.now()},
		)
	}
	return added, nil
}

// enqueueHint queues a hint of the watcher or of a request for the scanner.
func (s *Service) enqueueHint(h Hint) {
	s.mu.Lock()
	s.hints.All = s.hints.All || h.All
	s.hints.Paths = append(s.hints.Paths, h.Paths...)
	s.mu.Unlock()
	wake(s.hintWake)
}

// RequestScan requests a full scan and returns at once.
func (s *Service) RequestScan() { wake(s.rescanWake) }

// Scan requests a full scan and waits until every file it found has been examined, including files that are still being
// written. Concurrent callers share one scan. Run must be running.
func (s *Service) Scan(ctx context.Context) (ScanState, error) {
	done := make(chan struct{})
	select {
	case s.scanRequests <- done:
	case <-ctx.Done():
		return s.ScanState(), ctx.Err()
	}
	select {
	case <-done:
		return s.ScanState(), nil
	case <-ctx.Done():
		return s.ScanState(), ctx.Err()
	}
}

// ScanState returns the progress of the scanner.
func (s *Service) ScanState() ScanState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scan
}

// updateScan changes the scan state.
func (s *Service) updateScan(f func(*ScanState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.scan)
}

func (s *Service) now() int64 { return s.o.Clock().UnixMilli() }

// wake puts a token into a channel of capacity 1, unless one is there.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
