package transcoder

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"movify/pkg/blob"
	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// Faults a viewer or an admin may meet.
var (
	ErrSourceAway = fault.New(fault.Unavailable, "source_away", "The file is not within reach right now. Its disk may be unplugged or asleep.")
	ErrEncode     = fault.New(fault.Unavailable, "encode_failed", "This part of the title could not be prepared.")
	ErrNoSegment  = fault.New(fault.NotFound, "no_segment", "There is no such segment.")
	// ErrStorage is for a storage's trouble that has no words of its own.
	ErrStorage = fault.New(fault.Unavailable, "storage_trouble", "Storage does not take what is finished. It is tried again; the log says more.")
)

// Source is a file to be made playable. Fingerprint is its content key: two files with one fingerprint share an asset.
// Probe may be Quick.
type Source struct {
	File        id.File
	Path        string // absolute
	Fingerprint string // hexadecimal
	Probe       media.Probe
}

// Prober looks into a file and takes its time.
type Prober interface {
	// Probe says what is in the file at path, or by a fault why it cannot be played.
	Probe(ctx context.Context, path string) (media.Probe, error)
}

// Sources is the library as the transcoder sees it.
type Sources interface {
	// Sources walks all files that are present and playable, newest first, without their paths and probes. An error ends
	// the walk.
	Sources(ctx context.Context) iter.Seq2[Source, error]
	// Source gives a present file with that content, or an error that wraps ErrSourceAway.
	Source(ctx context.Context, fingerprint string) (Source, error)
}

// Speed is what this machine can do: an encode at Height lines of 16:9 at 24 frames/s with the just-in-time preset runs
// at Times realtime.
type Speed struct {
	Height int     `json:"height"`
	Times  float64 `json:"times"`
}

// Options configure a Service. All fields but Share, StageBytes, Bus and Speeds are required.
type Options struct {
	// Stage is a local store for single segments as they are made. It is also the index of what exists: nothing is looked
	// up elsewhere while somebody waits.
	Stage blob.Store
	// Blobs is the home of what is finished: packed renditions and plans. It may be far away, slow, and out of reach for
	// a while.
	Blobs blob.Store
	// Share puts every segment that is made just in time into Blobs too, until its rendition is packed.
	Share bool
	// StageBytes is how much may wait in Stage to be packed before background runs wait as well; 0 = any amount.
	StageBytes int64
	Queue      queue.Queue
	Encoder    Encoder
	Sources    Sources
	// Prober is asked once for a source whose probe is Quick, before it is planned.
	Prober Prober
	Log    Log
	Policy Policy
	Bus    *event.Bus
	Speeds []Speed
	// Prewarm is how much of every rendition's beginning is made as soon as a file is found.
	Prewarm time.Duration
	// Backlog says that whole ladders are made while nobody waits, not only beginnings and what viewers ask for.
	Backlog bool
	// Background is how many background runs go on at once.
	Background int
	Logger     *slog.Logger
	Now        func() time.Time
}

// Service makes assets. Start nothing before Run; every method may be called from many goroutines.
type Service struct {
	opts  Options
	gate  *gate // shut while a viewer's run goes on
	first *gate // shut while a viewer's first picture is made
	poke  chan struct{}

	finishing *finishing
	sharing   chan shareable
	room      *room
	reshaping sync.Mutex // held while a rendition of any asset turns from single segments into a packed one, or back

	planning singleflight.Group // by asset

	mu      sync.Mutex
	shelves map[id.Asset]*shelf
	loading map[id.Asset]chan struct{}
	runs    map[*run]struct{}
	viewers map[id.Session]*interest
	noticed map[id.Asset]time.Time
	percent map[string]int       // by fingerprint: how much of the ladder is stored
	settled map[string]bool      // by fingerprint: all is stored, packed and marked so
	failed  map[string]string    // by fingerprint: why the ladder was given up
	reviews map[string]time.Time // by fingerprint: when it was looked at whether there is something to do
}

// New makes a Service that does nothing yet.
func New(o Options) *Service {
	if o.Bus == nil {
		o.Bus = &event.Bus{}
	}
	return &Service{
		opts: o, gate: newGate(), first: newGate(), poke: make(chan struct{}, 1),
		shelves: map[id.Asset]*shelf{}, loading: map[id.Asset]chan struct{}{}, runs: map[*run]struct{}{},
		viewers: map[id.Session]*interest{}, noticed: map[id.Asset]time.Time{}, percent: map[string]int{},
		failed: map[string]string{}, settled: map[string]bool{}, reviews: map[string]time.Time{}, finishing: newFinishing(), sharing: make(chan shareable, shareAtMost), room: newRoom(),
	}
}

// Run does the work until ctx ends; then it stops every encoder and returns when all have ended. What is stored stays.
func (s *Service) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reconcileLoop(ctx) })
	g.Go(func() error { return s.janitor(ctx) })
	g.Go(func() error { return s.urgentLane(ctx) })
	for range finishers {
		g.Go(func() error { return s.finishLane(ctx) })
	}
	if s.opts.Share {
		g.Go(func() error { return s.shareLane(ctx) })
	}
	for range s.opts.Background {
		g.Go(func() error { return s.backgroundLane(ctx) })
	}
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Poke asks for a look at what is wanted and what exists, soon. It carries no data and never blocks.
func (s *Service) Poke() {
	select {
	case s.poke <- struct{}{}:
	default:
	}
}

func (s *Service) known(a id.Asset) *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shelves[a]
}

// shelf gives the asset's index, listing Stage on first use. Callers that arrive together share one listing.
func (s *Service) shelf(ctx context.Context, a media.Asset) (*shelf, error) {
	for {
		s.mu.Lock()
		if sh := s.shelves[a.ID]; sh != nil {
			s.mu.Unlock()
			sh.touch(s.opts.Now())
			return sh, nil
		}
		loading, busy := s.loading[a.ID]
		if !busy {
			loading = make(chan struct{})
			s.loading[a.ID] = loading
		}
		s.mu.Unlock()
		if !busy {
			return s.load(ctx, a, loading)
		}
		select {
		case <-loading:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *Service) load(ctx context.Context, a media.Asset, done chan struct{}) (*shelf, error) {
	sh, err := s.loadShelf(ctx, a)
	if err == nil {
		err = s.adoptSoon(ctx, a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.loading, a.ID)
	close(done)
	if err != nil {
		return nil, err
	}
	s.shelves[a.ID] = sh
	return sh, nil
}

func (s *shelf) touch(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = now
}

// fingerprintOf is the content key inside an asset's ID.
func fingerprintOf(a id.Asset) string {
	fingerprint, _, _ := strings.Cut(string(a), "-")
	return fingerprint
}

func (s *Service) track(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[r] = struct{}{}
}

func (s *Service) untrack(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.runs, r)
}

// notice tells listeners that an asset moved on, at most four times a second.
func (s *Service) notice(sh *shelf, now time.Time) {
	a := sh.asset.ID
	s.mu.Lock()
	due := now.Sub(s.noticed[a]) >= 250*time.Millisecond
	if due {
		s.noticed[a] = now
	}
	s.mu.Unlock()
	if due {
		stored, wanted := sh.counts()
		s.setPercent(a, min(99, stored*100/wanted))
		s.announce(a)
	}
}

func (s *Service) announce(a id.Asset) {
	s.opts.Bus.Publish(event.Notice{Topic: event.Jobs, Kind: "progress", IDs: map[string]string{"asset": string(a)}})
}
