// Package catalogue answers what clients ask about the titles of the library: pages, filters and facets, the page of a
// title or person, search, the rows of the home page. It owns collections and channels with their rules and logos, and
// keeps the search index and the index that filters read up to date.
//
// Every method that takes an Audience returns only what that audience may see. The package never reads a library folder
// and never changes a title: library/scan and library/metadata do, and report each change here.
package catalogue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"movify/library"
	"movify/pkg/blob"
	"movify/pkg/event"
	"movify/pkg/id"
)

// Options configure a Service. Store is required; every other field may be left out.
type Options struct {
	Store  Store
	Index  library.Index // nil = search by substring of the name
	Blobs  blob.Store    // stores logos of collections; nil = there are none
	Bus    library.Publisher
	Clock  func() time.Time
	Logger *slog.Logger
	// CollectSets makes a collection for each set that two films name. Without it those that were made are removed.
	CollectSets bool
	IndexDelay  time.Duration // how long changes are collected before the search index is updated; 0 = 2 seconds
}

// Service is the catalogue. Its methods are safe for concurrent use and work whether or not Run does; without it rules
// are not applied and the search index is not updated.
type Service struct {
	o Options

	titleIndex  titleIndexCache
	counted     countsCache
	staleWake   event.Signal // a stale title index was returned
	searchWake  event.Signal // the search index has changes to read
	searchReady atomic.Bool  // the search index held every change when it was last compared

	ruleWake     event.Signal // rulesPending is not empty
	rulesMu      sync.Mutex
	rulesPending ruleQueue  // titles whose collection rules are to be applied; guarded by rulesMu
	setsMu       sync.Mutex // held while the collections of sets are brought up to date
	sets         filmSets   // guarded by setsMu
	collectionMu sync.Mutex // held while the titles of a collection are changed by hand
}

var _ library.ChangeListener = (*Service)(nil)

// New returns a catalogue. Nothing runs before Run.
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
	if o.IndexDelay <= 0 {
		o.IndexDelay = 2 * time.Second
	}
	return &Service{
		o:          o,
		staleWake:  event.NewSignal(),
		searchWake: event.NewSignal(),
		ruleWake:   event.NewSignal(),
	}
}

// Run applies the rules of collections and keeps both indices up to date until ctx is done. All goroutines it started
// have ended when it returns. The error is nil after ctx is done.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	if s.o.Index != nil {
		group.Go(func() error { return (&searchFeeder{Service: s}).run(ctx) })
	}
	group.Go(func() error { return s.ruleWorker(ctx) })
	group.Go(func() error { return s.titleIndexWorker(ctx) })
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Changed reports that a title changed or, with "", something else that searches find. It returns at once.
func (s *Service) Changed(t id.Title) {
	if t != "" {
		s.queueRules(t)
	}
	s.searchWake.Set()
}

// VisibilityChanged reports that titles may have become visible to other audiences. The next query reads them again.
func (s *Service) VisibilityChanged() { s.titleIndex.invalidate() }

// publish sends a notice of a collection, and updates the search index, which holds its name.
func (s *Service) publish(c id.Collection) {
	s.o.Bus.Publish(
		event.Notice{Topic: event.Library, Kind: "collection", IDs: map[string]string{"collection": string(c)}},
	)
	s.Changed("")
}

func (s *Service) now() int64 { return s.o.Clock().UnixMilli() }
