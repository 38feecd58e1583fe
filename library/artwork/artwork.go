// Package artwork owns the pictures of titles: it finds picture files beside films, stores them and the uploads of users
// and the pictures of the provider in the blob store, makes stills of films, and serves every picture in the sizes that
// are asked for.
//
// It never scans: it is given the folders that a scan walked. Each source keeps its own picture of a kind, so an upload
// survives every scan. Keys are never written twice.
package artwork

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"runtime"
	"sync"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"movify/library"
	"movify/pkg/blob"
	"movify/pkg/event"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Stills extracts frames of films.
type Stills interface {
	// Stills returns a representative frame of the film at path, whose probe is p.
	Stills(ctx context.Context, path string, p media.Probe) (Still, error)
}

// Still is the thumbnail of a film: one frame of it in two sizes.
type Still struct {
	WebP1280 []byte // at most 1280 pixels wide
	WebP480  []byte // at most 480 pixels wide
	Color    string // average colour, "#rrggbb"
}

// Store persists pictures. Reads see every write that returned before.
type Store interface {
	// Cards returns the cards of those titles that are known and visible to the audience, in the order asked for.
	Cards(ctx context.Context, a library.Audience, titles []id.Title) ([]library.Card, error)
	// TitledFiles lists the present files of a root at or below path that have a title.
	TitledFiles(ctx context.Context, r id.Root, path string) iter.Seq2[library.TitledFile, error]

	// Pictures returns the pictures of titles, by title, strongest source first, including those that could not be
	// read. A title without any is left out.
	Pictures(ctx context.Context, titles []id.Title) (map[id.Title][]library.Picture, error)
	// SavePicture adds the picture or replaces the one of the same title, kind and source; ErrTitleNotFound without the
	// title.
	SavePicture(ctx context.Context, p library.Picture) error
	// RemovePicture deletes a picture. A missing one is no error.
	RemovePicture(ctx context.Context, t id.Title, kind library.PictureKind, source library.PictureSource) error

	// FilesWithoutArt lists up to limit present files with ArtWanted, with probes, newest first.
	FilesWithoutArt(ctx context.Context, limit int) ([]library.File, error)
	// SaveArt stores the still state of a file, unless its fingerprint has changed.
	SaveArt(ctx context.Context, f id.File, fingerprint string, art library.Art, color string) error
}

// Options configure a Service. Store is required; every other field may be left out.
type Options struct {
	Store  Store
	Blobs  blob.Store  // stores stills and artwork; nil = neither is made
	Stills Stills      // nil = no stills
	Busy   func() bool // reports that viewers need the machine, so stills wait; nil = never busy
	// Scanning reports that a scan runs, so stills wait; Wake is called at its end. nil = never.
	Scanning func() bool
	// OnChange is called after the pictures of a title changed, with the file of a new still or ""; must not block.
	OnChange func(t id.Title, f id.File)
	Logger   *slog.Logger
}

// Service stores and serves pictures. Its methods are safe for concurrent use; those that only read work whether or not
// Run does.
type Service struct {
	o        Options
	wakeup   event.Signal        // stills or artwork are queued
	decoding *semaphore.Weighted // one original at a time is decoded: each may take 100 MB
	resizing *semaphore.Weighted // bounds how many sizes are made in parallel
	resizes  singleflight.Group  // by blob key: sizes that are being made

	mu      sync.Mutex             // guards the fields below
	folders []library.WalkedFolder // walked folders whose artwork is to be compared
	lost    []job                  // artwork whose blobs are lost, to be stored again
	waiters []chan<- struct{}      // closed when folders has been worked off
}

// New returns a service. Nothing runs before Run.
func New(o Options) *Service {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Busy == nil {
		o.Busy = func() bool { return false }
	}
	if o.Scanning == nil {
		o.Scanning = func() bool { return false }
	}
	if o.OnChange == nil {
		o.OnChange = func(id.Title, id.File) {}
	}
	return &Service{
		o:        o,
		wakeup:   event.NewSignal(),
		decoding: semaphore.NewWeighted(1),
		resizing: semaphore.NewWeighted(int64(max(1, runtime.NumCPU()/2))),
	}
}

// QueueFolders queues walked folders, whose picture files are compared with the stored pictures.
func (s *Service) QueueFolders(folders []library.WalkedFolder) {
	s.mu.Lock()
	s.folders = append(s.folders, folders...)
	s.mu.Unlock()
	s.Wake()
}

// Wake makes Run look for work: files without a still, or the end of a scan that stills waited for.
func (s *Service) Wake() { s.wakeup.Set() }

// Wait waits until the artwork of every folder queued so far is stored, but not for stills. Run must be running; the
// error is ctx's.
func (s *Service) Wait(ctx context.Context) error {
	if s.o.Blobs == nil {
		return nil
	}
	done := make(chan struct{})
	s.mu.Lock()
	s.waiters = append(s.waiters, done)
	s.mu.Unlock()
	s.Wake()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// takeWaiters removes and returns the waiters, to be closed once the work queued by now is done.
func (s *Service) takeWaiters() []chan<- struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.waiters
	s.waiters = nil
	return taken
}

// SaveProviderPicture stores a picture of the provider, downloaded by fetch unless the picture of that address is
// stored already.
func (s *Service) SaveProviderPicture(
	ctx context.Context, t id.Title, kind library.PictureKind, address string,
	fetch func(ctx context.Context, address string) ([]byte, error),
) error {
	if s.o.Blobs == nil {
		return nil
	}
	old, err := s.findPicture(ctx, t, kind, library.ProviderPicture)
	if err != nil || old != nil && old.Revision == address {
		return err
	}
	data, err := fetch(ctx, address)
	if err != nil {
		return fmt.Errorf("download a picture: %w", err)
	}
	return s.savePicture(
		ctx, library.Picture{Title: t, Kind: kind, Source: library.ProviderPicture, Revision: address}, data,
	)
}

// title returns the card of a title visible to a.
func (s *Service) title(ctx context.Context, a library.Audience, t id.Title) (library.Card, error) {
	cards, err := s.o.Store.Cards(ctx, a, []id.Title{t})
	if err != nil {
		return library.Card{}, err
	}
	if len(cards) == 0 {
		return library.Card{}, library.ErrTitleNotFound
	}
	return cards[0], nil
}
