package catalogue

import (
	"context"
	"fmt"
	"sync"
	"time"

	"movify/library"

	"movify/pkg/id"
)

const (
	// indexTTL is how long an index is used when this process wrote nothing: another process may have written.
	indexTTL = time.Minute
	// indexSmall is the number of titles up to which the index is read again right after a write. A larger one may
	// be stale during a scan, so that no request waits: it is read in the background, at most once per indexRest
	// times the duration of a read.
	indexSmall = 5000
	indexRest  = 20
	// indexMaxAge is when a request waits even for a large index: before Run nothing reads it in the background.
	indexMaxAge = 10 * time.Minute
	// maxCachedAudiences is the number of audiences whose visible titles are cached.
	maxCachedAudiences = 16
)

// titleIndexCache holds the in-memory index that filters and facets are computed from: one TitleSummary per movie and
// series. Counting the titles per genre of a hundred thousand takes a database a second and the index milliseconds.
// Visibility is asked of the store, and the cards of a page are read from it.
type titleIndexCache struct {
	mu      sync.Mutex
	current *titleIndex
}

// titleIndex is a snapshot of the catalogue. It is immutable but for visibleTo and facetCache.
type titleIndex struct {
	titles      []library.TitleSummary
	position    map[id.Title]int
	genres      perTitle[id.Label]
	channels    perTitle[id.Collection]
	genreNames  map[id.Label]string
	collections []library.Collection    // in their order
	members     map[id.Collection][]int // indices of titles, in order

	edition  int64
	readAt   time.Time
	readTime time.Duration

	mu         sync.Mutex
	visibleTo  map[library.Audience][]bool
	facetCache map[facetQuery]Facets // without a profile: the home page asks at every visit
}

// facetQuery is the key of facetCache.
type facetQuery struct {
	audience library.Audience
	filter   Filter
}

// maxCachedFacets is the number of cached facet queries.
const maxCachedFacets = 64

// perTitle is a list of values for each title: those of title i are all[from[i]:from[i+1]].
type perTitle[T comparable] struct {
	all  []T
	from []int32
}

func (m perTitle[T]) of(i int) []T { return m.all[m.from[i]:m.from[i+1]] }

// groupByTitle groups pairs of titles and values by title.
func groupByTitle[T comparable](n int, pairs func(yield func(title int, value T))) perTitle[T] {
	m := perTitle[T]{from: make([]int32, n+1)}
	pairs(func(i int, _ T) { m.from[i+1]++ })
	for i := range n {
		m.from[i+1] += m.from[i]
	}
	m.all = make([]T, m.from[n])
	next := append([]int32{}, m.from...)
	pairs(func(i int, v T) {
		m.all[next[i]] = v
		next[i]++
	})
	return m
}

// invalidate drops the index, because visibility changed.
func (o *titleIndexCache) invalidate() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.current = nil
}

// currentIndex returns the index, current or for a while stale. Concurrent callers share one read.
func (s *Service) currentIndex(ctx context.Context) (*titleIndex, error) {
	o := &s.titleIndex
	o.mu.Lock()
	defer o.mu.Unlock()
	edition, now := s.o.Store.Edition(), time.Now()
	if c := o.current; c != nil {
		age := now.Sub(c.readAt)
		if age < indexTTL && c.edition == edition {
			return c, nil
		}
		if len(c.titles) > indexSmall && age < indexMaxAge {
			s.staleWake.Set()
			return c, nil
		}
	}
	next, err := s.loadIndex(ctx)
	if err != nil {
		return nil, err
	}
	o.current = next
	return next, nil
}

// titleIndexWorker reads the first index, and large ones again after a stale one was returned, until ctx is done.
func (s *Service) titleIndexWorker(ctx context.Context) error {
	if _, err := s.currentIndex(ctx); err != nil && ctx.Err() == nil {
		s.o.Logger.Warn("the catalogue index could not be read", "error", err)
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.staleWake:
		}
		s.titleIndex.mu.Lock()
		old := s.titleIndex.current
		s.titleIndex.mu.Unlock()
		if old == nil {
			continue // the next request reads it
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Until(old.readAt.Add(indexRest * old.readTime))):
		}
		next, err := s.loadIndex(ctx)
		if err != nil {
			if ctx.Err() == nil {
				s.o.Logger.Warn("the catalogue index could not be read", "error", err)
			}
			continue
		}
		s.titleIndex.mu.Lock()
		if s.titleIndex.current == old { // else it was invalidated meanwhile, and next may be stale
			s.titleIndex.current = next
		}
		s.titleIndex.mu.Unlock()
	}
}

func (s *Service) loadIndex(ctx context.Context) (*titleIndex, error) {
	edition, now := s.o.Store.Edition(), time.Now()
	next, err := s.buildIndex(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue index: %w", err)
	}
	next.edition, next.readAt, next.readTime = edition, now, time.Since(now)
	return next, nil
}

func (s *Service) buildIndex(ctx context.Context) (*titleIndex, error) {
	summaries, err := s.o.Store.TitleSummaries(ctx)
	if err != nil {
		return nil, err
	}
	o := &titleIndex{
		titles: summaries, position: make(map[id.Title]int, len(summaries)), visibleTo: make(map[library.Audience][]bool),
		facetCache: make(map[facetQuery]Facets),
	}
	for i := range summaries {
		o.position[summaries[i].ID] = i
	}
	if o.genreNames, err = s.o.Store.Labels(ctx, library.Genre); err != nil {
		return nil, err
	}
	labelled, err := s.o.Store.Labelled(ctx, library.Genre)
	if err != nil {
		return nil, err
	}
	o.genres = groupByTitle(len(summaries), func(yield func(int, id.Label)) {
		for _, l := range labelled {
			if i, ok := o.position[l.Title]; ok {
				yield(i, l.Label)
			}
		}
	})
	if o.collections, err = s.o.Store.Collections(ctx, ""); err != nil {
		return nil, err
	}
	members, err := s.o.Store.Members(ctx, "")
	if err != nil {
		return nil, err
	}
	o.members = make(map[id.Collection][]int, len(o.collections))
	for _, m := range members {
		if i, ok := o.position[m.Title]; ok {
			o.members[m.Collection] = append(o.members[m.Collection], i)
		}
	}
	o.channels = groupByTitle(len(summaries), func(yield func(int, id.Collection)) {
		for _, c := range o.collections {
			if c.Kind != library.Channel {
				continue
			}
			for _, i := range o.members[c.ID] {
				yield(i, c.ID)
			}
		}
	})
	return o, nil
}

// visible returns which titles an audience may see; nil means all.
func (o *titleIndex) visible(ctx context.Context, store Store, a library.Audience) ([]bool, error) {
	if !a.Restricted() {
		return nil, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if v, ok := o.visibleTo[a]; ok {
		return v, nil
	}
	titles, err := store.VisibleTitles(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("list the visible titles: %w", err)
	}
	v := make([]bool, len(o.titles))
	for _, t := range titles {
		if i, ok := o.position[t]; ok {
			v[i] = true
		}
	}
	if len(o.visibleTo) >= maxCachedAudiences {
		clear(o.visibleTo)
	}
	o.visibleTo[a] = v
	return v, nil
}
