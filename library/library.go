// Package library owns what there is to watch: the folders it looks in, the files it finds there and the titles they
// hold. It walks the disk, hears it, waits until a file has settled, asks what is in it, reads its name, and keeps what it
// learned; it answers what a wall, a title page or an admin wants to know.
//
// It never writes, renames or deletes anything in a library folder, unless its owner asked for descriptions of the titles he
// edits: then it writes those, where no other file is. It never forgets a file because it is gone (an unmounted
// disk looks the same as a deleted one), and never encodes. What the watcher tells is a hint; the scan is the truth.
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
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"movify/pkg/blob"
	"movify/pkg/event"
	"movify/pkg/id"
)

// Options are what a Service is made of. Store and Prober are needed; every other field may be left out.
type Options struct {
	Store    Store
	Prober   Prober
	Stills   Stills     // nil = no stills
	Blobs    blob.Store // where stills and posters go; nil = neither is made
	NFO      NFOReader  // nil = descriptions beside films are not read
	WriteNFO NFOWriter  // nil = nothing is ever written into a library folder
	Provider Provider   // nil = nobody is asked about titles
	Index    Index      // nil = names are looked for as they are written
	Watcher  Watcher    // nil = only rescans notice changes
	Bus      Publisher
	Clock    func() time.Time
	Logger   *slog.Logger
	OnChange func() // called after files appeared or changed; returns at once
	// OnMetadata is called after something is shown otherwise than before, perhaps rated otherwise; it returns at once.
	OnMetadata func()
	Busy       func() bool // somebody waits for the machine: stills are made later; nil = never

	FS           FileSystem              // nil = SystemDisk
	WatchOptions map[string]WatchOptions // how roots are watched by the configuration, by path; those not in it are set by Tune
	PollMin      time.Duration           // between two looks at a polled root that changes; 0 = 30 seconds
	PollMax      time.Duration           // between two looks at one that does not; 0 = 10 minutes
	QuietHours   []Window                // when no look begins by itself, so that disks may sleep
	BinDays      int                     // how long missing files are remembered; 0 = for ever
	Ignore       Ignores                 // what scans pass by in every root

	Exclude    []string      // folders that are never looked into, wherever they lie: segments are no films
	Roots      []string      // folders that are always part of the library, present or not; absolute
	Rescan     time.Duration // between whole scans; 0 = 15 minutes
	StableFor  time.Duration // how long a file must not change before it is looked at; 0 = 2 seconds
	Workers    int           // files examined at once; 0 = half the processors
	IndexDelay time.Duration // how long changes gather before Index is given them; 0 = 2 seconds
}

// Service is the library. Its methods may be called at once from many goroutines; those that only read work whether or
// not Run does.
type Service struct {
	o Options

	scanRequests chan chan struct{}  // scans somebody waits for
	rescanWake   chan struct{}       // a scan is wanted
	hintWake     chan struct{}       // hints is not empty
	scheduleWake chan struct{}       // roots are to be watched in another way
	indexWake    chan struct{}       // the search index is behind
	indexReady   atomic.Bool         // the search index holds all there was when it was looked at last
	sidecarWake  chan struct{}       // besides is not empty
	matchWake    chan struct{}       // titles may have to be looked up
	providerLock chan struct{}       // holds something while what a provider says is written
	nfoWake      chan struct{}       // edited is not empty
	artworkWake  chan struct{}       // stills or pictures are wanted
	decoding     *semaphore.Weighted // bounds how many originals are decoded at once: one, each may take 100 MB
	resizing     *semaphore.Weighted // bounds how many sizes are made at once
	resizes      singleflight.Group  // by key: sizes that are being made

	mu           sync.Mutex // guards what follows
	hints        Hint
	scan         ScanState
	artworkQueue []walkedFolder // places to look for pictures in
	lostArtwork  []artworkJob   // pictures whose blobs are lost

	acceptedLosses map[id.Root]bool     // losses that somebody accepted and no scan knows of yet
	scanPlans      map[id.Root]scanPlan // when roots are due
	nfoQueue       []id.Title           // titles whose descriptions are to be written
	sidecarQueue   []walkedFolder       // places to look for descriptions and subtitles in
	sidecarWaiters []chan<- struct{}    // who waits for besides to be read
	artworkWaiters []chan<- struct{}    // who waits for the pictures of scopes

	fileChanges  atomic.Int64             // of files, since the start
	sidecarsRead map[id.Root]sidecarState // of whole roots; only readBeside touches it

	catalogueWake chan struct{} // somebody was given an old overview
	ruleWake      chan struct{} // titles may belong into other collections
	rulesPending  ruleQueue     // which those are; guarded by mu
	collectionMu  sync.Mutex    // held while a person changes what is in a collection
	catalogue     catalogueCache

	writeMu sync.Mutex // held while files are written and while a root is removed
}

// ScanState is what the scanner is doing, or did last.
type ScanState struct {
	Running    bool
	Seen       int // video files the scan came by
	Added      int // files that are new
	Probed     int // files looked into
	StartedMS  int64
	FinishedMS int64  // 0 = never
	Path       string // the file looked at last, as text
}

// New makes a library. Nothing happens before Run.
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
	if o.Busy == nil {
		o.Busy = func() bool { return false }
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
	if o.IndexDelay <= 0 {
		o.IndexDelay = 2 * time.Second
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
		artworkWake:    make(chan struct{}, 1),
		indexWake:      make(chan struct{}, 1),
		sidecarWake:    make(chan struct{}, 1),
		matchWake:      make(chan struct{}, 1),
		providerLock:   make(chan struct{}, 1),
		nfoWake:        make(chan struct{}, 1),

		sidecarsRead:  make(map[id.Root]sidecarState),
		decoding:      semaphore.NewWeighted(1),
		resizing:      semaphore.NewWeighted(int64(max(1, runtime.NumCPU()/2))),
		catalogueWake: make(chan struct{}, 1),
		ruleWake:      make(chan struct{}, 1),
	}
}

// Run adds the configured roots, scans everything once, and then keeps up with the disk until ctx is done. It has stopped
// all it started when it returns. The error is nil after ctx is done; any other means that the library is not kept up.
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
		// Watches come before the first scan: what appears in between is then seen twice and never missed.
		for _, r := range roots {
			s.o.Watcher.Add(r.Path, r.WatchMethod)
		}
		group.Go(func() error { return s.o.Watcher.Run(ctx, s.enqueueHint) })
	}
	group.Go(func() error { return newScanner(s).run(ctx) })
	group.Go(func() error { return s.artworkWorker(ctx) })
	if s.o.Index != nil {
		group.Go(func() error { return (&indexFeeder{Service: s}).run(ctx) })
	}
	group.Go(func() error { return s.sidecarWorker(ctx) })
	group.Go(func() error { return s.ruleWorker(ctx) })
	group.Go(func() error { return s.catalogueWorker(ctx) })
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

// configuredRoots gives the roots of the options that are not known yet.
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
			// A disk that is not plugged in yet is a root all the same.
			s.o.Logger.Warn("library folder is away", "error", err)
		case err != nil:
			return nil, err
		}
		added = append(added, Root{ID: id.New[id.Root](), Path: path, State: Present, SinceMS: s.now(), AddedMS: s.now()})
	}
	return added, nil
}

// enqueueHint takes a hint of the watcher, or of a request, for the scanner.
func (s *Service) enqueueHint(h Hint) {
	s.mu.Lock()
	s.hints.All = s.hints.All || h.All
	s.hints.Paths = append(s.hints.Paths, h.Paths...)
	s.mu.Unlock()
	wake(s.hintWake)
}

// RequestScan asks for a scan of everything and returns at once.
func (s *Service) RequestScan() { wake(s.rescanWake) }

// Scan asks for a scan of everything and waits until all that it found has been looked into, files that are still being
// written included. Several callers share one scan. Run must be running.
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

// ScanState tells what the scanner is doing.
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

// wake leaves a token in a channel of capacity one.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
