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
	// OnDescribed is called after something is shown otherwise than before, perhaps rated otherwise; it returns at once.
	OnDescribed func()
	Busy        func() bool // somebody waits for the machine: stills are made later; nil = never

	Disk    FileSystem      // nil = SystemDisk
	Wishes  map[string]Wish // how roots are watched by the configuration, by path; those not in it are set by Tune
	PollMin time.Duration   // between two looks at a polled root that changes; 0 = 30 seconds
	PollMax time.Duration   // between two looks at one that does not; 0 = 10 minutes
	Quiet   []Window        // when no look begins by itself, so that disks may sleep
	BinDays int             // how long missing files are remembered; 0 = for ever
	Ignore  Ignores         // what scans pass by in every root

	Apart   []string      // folders that are never looked into, wherever they lie: segments are no films
	Roots   []string      // folders that are always part of the library, present or not; absolute
	Rescan  time.Duration // between whole scans; 0 = 15 minutes
	Settle  time.Duration // how long a file must not change before it is looked at; 0 = 2 seconds
	Workers int           // files examined at once; 0 = half the processors
	Gather  time.Duration // how long changes gather before Index is given them; 0 = 2 seconds
}

// Service is the library. Its methods may be called at once from many goroutines; those that only read work whether or
// not Run does.
type Service struct {
	o Options

	requests chan chan struct{}  // scans somebody waits for
	rescan   chan struct{}       // a scan is wanted
	heard    chan struct{}       // hints is not empty
	retimed  chan struct{}       // roots are to be watched in another way
	finding  chan struct{}       // the search index is behind
	fed      atomic.Bool         // the search index holds all there was when it was looked at last
	reading  chan struct{}       // besides is not empty
	looking  chan struct{}       // titles may have to be looked up
	answers  chan struct{}       // holds something while what a provider says is written
	writing  chan struct{}       // edited is not empty
	painting chan struct{}       // stills or pictures are wanted
	decoding *semaphore.Weighted // bounds how many originals are decoded at once: one, each may take 100 MB
	sizing   *semaphore.Weighted // bounds how many sizes are made at once
	drawing  singleflight.Group  // by key: sizes that are being made

	mu     sync.Mutex // guards what follows
	hints  Hint
	scan   ScanState
	scopes []scope  // places to look for pictures in
	again  []errand // pictures whose blobs are lost

	accepted map[id.Root]bool  // losses that somebody accepted and no scan knows of yet
	plans    map[id.Root]plan  // when roots are due
	edited   []id.Title        // titles whose descriptions are to be written
	besides  []scope           // places to look for descriptions and subtitles in
	readers  []chan<- struct{} // who waits for besides to be read
	viewers  []chan<- struct{} // who waits for the pictures of scopes

	changes     atomic.Int64            // of files, since the start
	besidesRead map[id.Root]besideState // of whole roots; only readBeside touches it

	aging     chan struct{} // somebody was given an old overview
	sorting   chan struct{} // titles may belong into other collections
	unsorted  sorting       // which those are; guarded by mu
	arranging sync.Mutex    // held while a person changes what is in a collection
	overviews overviews

	commit sync.Mutex // held while files are written and while a root is removed
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
	if o.OnDescribed == nil {
		o.OnDescribed = func() {}
	}
	if o.OnChange == nil {
		o.OnChange = func() {}
	}
	if o.Rescan <= 0 {
		o.Rescan = 15 * time.Minute
	}
	if o.Settle <= 0 {
		o.Settle = 2 * time.Second
	}
	if o.Gather <= 0 {
		o.Gather = 2 * time.Second
	}
	if o.Workers <= 0 {
		o.Workers = max(1, runtime.NumCPU()/2)
	}
	if o.Disk == nil {
		o.Disk = SystemDisk()
	}
	if o.PollMin <= 0 {
		o.PollMin = defaultPollMin
	}
	if o.PollMax <= 0 {
		o.PollMax = defaultPollMax
	}
	return &Service{
		o:        o,
		accepted: make(map[id.Root]bool),
		retimed:  make(chan struct{}, 1),
		requests: make(chan chan struct{}),
		rescan:   make(chan struct{}, 1),
		heard:    make(chan struct{}, 1),
		painting: make(chan struct{}, 1),
		finding:  make(chan struct{}, 1),
		reading:  make(chan struct{}, 1),
		looking:  make(chan struct{}, 1),
		answers:  make(chan struct{}, 1),
		writing:  make(chan struct{}, 1),

		besidesRead: make(map[id.Root]besideState),
		decoding:    semaphore.NewWeighted(1),
		sizing:      semaphore.NewWeighted(int64(max(1, runtime.NumCPU()/2))),
		aging:       make(chan struct{}, 1),
		sorting:     make(chan struct{}, 1),
	}
}

// Run adds the configured roots, scans everything once, and then keeps up with the disk until ctx is done. It has stopped
// all it started when it returns. The error is nil after ctx is done; any other means that the library is not kept up.
func (s *Service) Run(ctx context.Context) error {
	roots, err := s.configured(ctx)
	if err != nil {
		return err
	}
	for _, r := range roots {
		if err := s.o.Store.SaveRoot(ctx, r); err != nil {
			return fmt.Errorf("add a library folder: %w", err)
		}
	}
	if roots, err = s.wished(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	if s.o.Watcher != nil {
		// Watches come before the first scan: what appears in between is then seen twice and never missed.
		for _, r := range roots {
			s.o.Watcher.Add(r.Path, r.Wish)
		}
		group.Go(func() error { return s.o.Watcher.Run(ctx, s.hear) })
	}
	group.Go(func() error { return newScanner(s).run(ctx) })
	group.Go(func() error { return s.paint(ctx) })
	if s.o.Index != nil {
		group.Go(func() error { return (&feeder{Service: s}).run(ctx) })
	}
	group.Go(func() error { return s.readBeside(ctx) })
	group.Go(func() error { return s.sortOut(ctx) })
	group.Go(func() error { return s.keepOverview(ctx) })
	if s.o.WriteNFO != nil {
		group.Go(func() error { return s.writeNFOs(ctx) })
	}
	if s.o.Provider != nil {
		group.Go(func() error { return s.lookUp(ctx) })
	}
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// configured gives the roots of the options that are not known yet.
func (s *Service) configured(ctx context.Context) ([]Root, error) {
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
			s.o.Logger.Warn("library folder is away", "err", err)
		case err != nil:
			return nil, err
		}
		added = append(added, Root{ID: id.New[id.Root](), Path: path, State: Present, SinceMS: s.now(), AddedMS: s.now()})
	}
	return added, nil
}

// hear takes a hint of the watcher, or of a request, for the scanner.
func (s *Service) hear(h Hint) {
	s.mu.Lock()
	s.hints.All = s.hints.All || h.All
	s.hints.Paths = append(s.hints.Paths, h.Paths...)
	s.mu.Unlock()
	poke(s.heard)
}

// Poke asks for a scan of everything and returns at once.
func (s *Service) Poke() { poke(s.rescan) }

// Scan asks for a scan of everything and waits until all that it found has been looked into, files that are still being
// written included. Several callers share one scan. Run must be running.
func (s *Service) Scan(ctx context.Context) (ScanState, error) {
	done := make(chan struct{})
	select {
	case s.requests <- done:
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

// update changes the scan state.
func (s *Service) update(f func(*ScanState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.scan)
}

func (s *Service) now() int64 { return s.o.Clock().UnixMilli() }

// poke leaves a token in a channel of capacity one.
func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
