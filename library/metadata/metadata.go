// Package metadata identifies the title of each file and merges the descriptions of titles from all sources. It imports the
// files that a scan examined, reads the NFO files and subtitles beside films, asks the provider, and takes the facts and
// matches that people set by hand. The provider's pictures are handed to artwork, which stores them.
//
// It never writes into a library folder, except NFO files of edited titles when Options.WriteNFO is set, and never
// replaces an NFO file of another program. A title keeps its ID, and a description stays when its source cannot be read.
package metadata

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"movify/library"
	"movify/pkg/event"
	"movify/pkg/id"
)

// batchSize is the largest number of titles per transaction, so that readers and other writers get their turn in
// between.
const batchSize = 64

// Options configure a Service. Store is required; every other field may be left out.
type Options struct {
	Store    Store
	FS       library.FileSystem // nil = library.SystemFS
	Artwork  Artwork            // nil = no pictures
	NFO      library.NFOReader  // nil = NFO files are not read
	WriteNFO library.NFOWriter  // nil = nothing is written into library folders
	Provider library.Provider   // nil = no online metadata
	Bus      library.Publisher
	Changes  library.ChangeListener // nil = changes are not reported
	Clock    func() time.Time
	Logger   *slog.Logger

	// Sidecars lists the sidecars in a folder of a root and below it, by folder. The only error is ctx's.
	Sidecars func(ctx context.Context, root library.Root, dir string) (map[string][]library.Sidecar, error)
	// Rescan requests a scan of a folder. It does not wait.
	Rescan func(dir string)
	// OnChange is called after a file got another title; it must not block.
	OnChange func()
	// OnMetadata is called after the resolved metadata of a title changed, which may change its age rating; it must not
	// block.
	OnMetadata func()
}

// Artwork stores the pictures that a provider has of titles.
type Artwork interface {
	// SaveProviderPicture stores a picture of the provider, downloaded by fetch unless the picture of that address is
	// stored already.
	SaveProviderPicture(
		ctx context.Context, t id.Title, kind library.PictureKind, address string,
		fetch func(ctx context.Context, address string) ([]byte, error),
	) error
	// Wait waits until the artwork of every folder queued so far is stored. The error is ctx's.
	Wait(ctx context.Context) error
}

// Service is the metadata of the library. Its methods are safe for concurrent use.
type Service struct {
	o Options

	sidecarWake  event.Signal  // sidecarQueue is not empty
	matchWake    event.Signal  // titles may need a match
	nfoWake      event.Signal  // nfoQueue is not empty
	providerLock chan struct{} // capacity 1: held while the provider's answers are written

	mu             sync.Mutex // guards the fields below, up to sidecarWaiters
	nfoQueue       []id.Title // edited titles whose NFO files are to be written
	sidecarQueue   []library.WalkedFolder
	sidecarWaiters []chan<- struct{} // closed when sidecarQueue has been worked off

	sidecarsRead map[id.Root]sidecarState // state of each root at its last complete read; used by sidecarWorker only
	refreshes    atomic.Int64             // number of calls of Refresh: each has unchanged sidecars read again

	writeMu sync.Mutex // held while files or descriptions are written, and by Exclusively
}

// New returns a metadata service. Nothing runs before Run.
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
	if o.Artwork == nil {
		o.Artwork = noArtwork{}
	}
	if o.FS == nil {
		o.FS = library.SystemFS()
	}
	if o.Sidecars == nil {
		o.Sidecars = func(ctx context.Context, _ library.Root, _ string) (map[string][]library.Sidecar, error) {
			return nil, ctx.Err()
		}
	}
	if o.Rescan == nil {
		o.Rescan = func(string) {}
	}
	if o.OnChange == nil {
		o.OnChange = func() {}
	}
	if o.OnMetadata == nil {
		o.OnMetadata = func() {}
	}
	return &Service{
		o:            o,
		sidecarWake:  event.NewSignal(),
		matchWake:    event.NewSignal(),
		nfoWake:      event.NewSignal(),
		providerLock: make(chan struct{}, 1),
		sidecarsRead: make(map[id.Root]sidecarState),
	}
}

// Run reads sidecars, asks the provider and writes NFO files until ctx is done. All goroutines it started have ended
// when it returns. The error is nil after ctx is done.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
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

// Exclusively runs f while no file or description is written.
func (s *Service) Exclusively(f func() error) error {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	return f()
}

// NotifyPictures sends the notice that the pictures of a title changed, with the file of a new still or "".
func (s *Service) NotifyPictures(t id.Title, f id.File) { s.publish(t, f) }

// publish sends the notice that a title or, with f, its file changed, and reports the change to the catalogue.
func (s *Service) publish(t id.Title, f id.File) {
	s.o.Changes.Changed(t)
	ids := map[string]string{"title": string(t)}
	if f != "" {
		ids["file"] = string(f)
	}
	s.o.Bus.Publish(event.Notice{Topic: event.Library, Kind: "title", IDs: ids})
}

func (s *Service) now() int64 { return s.o.Clock().UnixMilli() }

// noArtwork stores no picture.
type noArtwork struct{}

func (noArtwork) SaveProviderPicture(
	context.Context, id.Title, library.PictureKind, string, func(context.Context, string) ([]byte, error),
) error {
	return nil
}

func (noArtwork) Wait(context.Context) error { return nil }
