package transcoder

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
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
	"movify/transcoder/index"
)

// Faults a viewer or an admin may meet.
var (
	ErrSourceAway = fault.New(fault.Unavailable, "source_away",
		"The file is not within reach right now. Its disk may be unplugged or asleep.")
	ErrEncode    = fault.New(fault.Unavailable, "encode_failed", "This part of the title could not be prepared.")
	ErrNoSegment = fault.New(fault.NotFound, "no_segment", "There is no such segment.")
	// ErrStorage is for an error of a storage that is no fault.
	ErrStorage = fault.New(fault.Unavailable, "storage_trouble",
		"Storage does not take what is finished. It is tried again; the log says more.")
)

// Source is a file to be made playable. Fingerprint is its content key: two files with one fingerprint share an asset.
// Probe may be Quick.
type Source struct {
	File        id.File
	Path        string // absolute
	Fingerprint string // hexadecimal
	Probe       media.Probe
	Demand      Demand // of a walk over all sources, else zero: ask Sources.Demand
}

// Prober probes a file in full, which may take seconds.
type Prober interface {
	// Probe lists the streams of the file at path; a fault says why it cannot be played.
	Probe(ctx context.Context, path string) (media.Probe, error)
}

// Sources is the library as the transcoder sees it.
type Sources interface {
	// Sources walks all files that are present and playable, newest first, without their paths and probes and with the
	// demand of their own folder. An error ends the walk.
	Sources(ctx context.Context) iter.Seq2[Source, error]
	// Source gives a present file with that content, or an error that wraps ErrSourceAway.
	Source(ctx context.Context, fingerprint string) (Source, error)
	// Demand gives what is wanted of the ladder of the present files with that content, the most that any of their
	// folders asks for; zero without one.
	Demand(ctx context.Context, fingerprint string) (Demand, error)
	// WantLadder records that a viewer has needed the ladder of the files with that content: their demand is Wanted from
	// then on, after a restart too. Recording it again changes nothing.
	WantLadder(ctx context.Context, fingerprint string) error
}

// Speed is a measured encoding speed of this machine: an encode at Height lines of 16:9 at 24 frames/s with the
// just-in-time preset runs at Times realtime.
type Speed struct {
	Height int     `json:"height"`
	Times  float64 `json:"times"`
}

// Options configure a Service. All fields but UploadJIT, StageBytes, Bus, Speeds and Hardware are required.
type Options struct {
	// Stage is a local store for single segments as they are made. The index of an asset is built from it alone, so
	// that no request waits for a listing of Blobs.
	Stage blob.Store
	// Blobs is the store of packed renditions and plans. It may be slow, and unreachable for a while.
	Blobs blob.Store
	// UploadJIT puts every segment that is made just in time into Blobs too, until its rendition is packed.
	UploadJIT bool
	// StageBytes is how many bytes may wait in Stage to be packed before background runs wait as well; 0 = any number.
	StageBytes int64
	Queue      queue.Queue
	Encoder    Encoder
	// Hardware reports whether Encoder can make pictures as Hardware now: the device passed its trial and is switched on.
	Hardware func() bool
	Sources  Sources
	// Prober is asked once for a source whose probe is Quick, before it is planned.
	Prober Prober
	Log    Log
	Policy Policy
	Bus    *event.Bus
	Speeds []Speed
	// Prewarm is how much of a file's beginning is made as soon as it is found, where its folder's setting permits: of
	// every rendition where whole ladders are made, else of the start rung and the default sound.
	Prewarm time.Duration
	// PresetCost is that of the preset of background runs, see PredictOptions.
	PresetCost float64
	// Background is how many background runs go on at once.
	Background int
	Logger     *slog.Logger
	Now        func() time.Time
}

// Service makes assets. Start nothing before Run; every method may be called from many goroutines.
type Service struct {
	opts           Options
	jitGate        *gate // shut while a just-in-time run goes on
	firstFrameGate *gate // shut while the first video segment of a just-in-time run is made
	poke           chan struct{}

	finishQueue *finishQueue
	uploads     chan upload
	quota       *stageQuota
	viewers     *viewers
	hardware    *hardwareUse
	packing     sync.Mutex // held while a rendition of any asset turns from loose segments into a packed one, or back

	planning singleflight.Group // by asset

	mu          sync.Mutex
	indexes     map[id.Asset]*index.Index
	loading     map[id.Asset]chan struct{} // closed when the asset's index is loaded
	runs        map[*run]struct{}
	publishedAt map[id.Asset]time.Time // when the asset's progress was published last

	// By fingerprint.
	percent  map[string]int    // how much of the ladder is stored
	finished map[string]bool   // every rendition is packed and marked complete
	failed   map[string]string // why the ladder is not tried again
	needed   map[string]bool   // a viewer has needed the ladder, and that is not recorded yet
	checked  checkTimes        // when it was checked last whether a job is needed
}

// New makes a Service that does nothing yet.
func New(o Options) *Service {
	if o.Bus == nil {
		o.Bus = &event.Bus{}
	}
	return &Service{
		opts: o, jitGate: newGate(), firstFrameGate: newGate(), poke: make(chan struct{}, 1),
		finishQueue: newFinishQueue(), uploads: make(chan upload, maxUploads), quota: newStageQuota(), viewers: newViewers(),
		hardware: newHardwareUse(),
		indexes:  map[id.Asset]*index.Index{}, loading: map[id.Asset]chan struct{}{}, runs: map[*run]struct{}{},
		publishedAt: map[id.Asset]time.Time{}, percent: map[string]int{}, finished: map[string]bool{},
		failed: map[string]string{}, needed: map[string]bool{}, checked: newCheckTimes(),
	}
}

// Run does the work until ctx ends; then it stops every encoder and returns when all have ended. Stored segments stay.
func (s *Service) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reconcileLoop(ctx) })
	g.Go(func() error { return s.janitor(ctx) })
	g.Go(func() error { return s.jitWorker(ctx) })
	for range finishWorkers {
		g.Go(func() error { return s.finishWorker(ctx) })
	}
	if s.opts.UploadJIT {
		g.Go(func() error { return s.uploadWorker(ctx) })
	}
	for range s.opts.Background {
		g.Go(func() error { return s.backgroundWorker(ctx) })
	}
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Poke asks for a reconciler pass, soon. It carries no data and never blocks.
func (s *Service) Poke() {
	select {
	case s.poke <- struct{}{}:
	default:
	}
}

// fingerprintOf is the content key inside an asset's ID.
func fingerprintOf(a id.Asset) string {
	fingerprint, _ := media.ParseAssetID(a)
	return fingerprint
}

func (s *Service) addRun(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[r] = struct{}{}
}

func (s *Service) removeRun(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.runs, r)
	close(r.ended)
}

// endRunsOf stops the runs that make a rendition and waits until they have ended.
func (s *Service) endRunsOf(ctx context.Context, a id.Asset, r id.Rendition, why error) error {
	makes := func(x media.Rendition) bool { return x.ID == r }
	var ending []*run
	s.mu.Lock()
	for run := range s.runs {
		if run.asset().ID == a && slices.ContainsFunc(run.claim.Renditions(), makes) {
			ending = append(ending, run)
		}
	}
	s.mu.Unlock()
	for _, run := range ending {
		run.claim.Stop(why)
		select {
		case <-run.ended:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// reportProgress publishes that an asset has a new segment, at most four times a second.
func (s *Service) reportProgress(x *index.Index, now time.Time) {
	a := x.Asset().ID
	s.mu.Lock()
	due := now.Sub(s.publishedAt[a]) >= 250*time.Millisecond
	if due {
		s.publishedAt[a] = now
	}
	s.mu.Unlock()
	if due {
		stored, wanted := x.Counts()
		s.setPercent(a, min(99, stored*100/wanted))
		s.publishProgress(a)
	}
}

func (s *Service) publishProgress(a id.Asset) {
	s.opts.Bus.Publish(event.Notice{
		Topic: event.Jobs, Kind: "progress", IDs: map[string]string{"asset": string(a)},
	})
}
