package library

import (
	"context"
	"fmt"
	"sync"
	"time"

	"movify/pkg/id"
)

const (
	// catalogueTTL is how long an overview is believed when nothing was written here: another process may have.
	catalogueTTL = time.Minute
	// catalogueSmall is up to how many titles an overview is read again as soon as something was written. A larger one is
	// older for a while during a scan: nobody waits for the next one, which is read behind their backs, and not before twenty
	// times as long have passed as reading it took.
	catalogueSmall = 5000
	catalogueRest  = 20
	// catalogueMaxAge is when even a large one is waited for: nothing reads it behind anybody's back before Run.
	catalogueMaxAge = 10 * time.Minute
	// maxCachedAudiences is of how many audiences it is remembered what they see.
	maxCachedAudiences = 16
)

// catalogueCache keeps what filters and counts are answered from: one line of every movie and series, in memory. To count the
// titles of each genre of a hundred thousand takes a database a second and this some milliseconds. Who may see what is
// asked of the store, and the cards of a page are read from it: nothing here decides that.
type catalogueCache struct {
	mu      sync.Mutex
	current *catalogueIndex
}

// catalogueIndex is the library at one moment. Nothing of it changes but seen and counted.
type catalogueIndex struct {
	titles      []TitleSummary
	position    map[id.Title]int
	genres      perTitle[id.Label]
	channels    perTitle[id.Collection]
	genreNames  map[id.Label]string
	collections []Collection            // in their order
	members     map[id.Collection][]int // titles in their order

	edition  int64
	readAt   time.Time
	readTime time.Duration

	mu         sync.Mutex
	visibleTo  map[Audience][]bool
	facetCache map[facetQuery]Facets // those of no profile: the home page asks at every visit
}

// facetQuery is what facets were counted for.
type facetQuery struct {
	audience Audience
	filter   Filter
}

// maxCachedFacets is how many answers are kept.
const maxCachedFacets = 64

// perTitle is a list of values for each title: those of title i are all[from[i]:from[i+1]].
type perTitle[T comparable] struct {
	all  []T
	from []int32
}

func (m perTitle[T]) of(i int) []T { return m.all[m.from[i]:m.from[i+1]] }

// groupByTitle sorts pairs of titles and values by title.
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

// invalidate has the next one who asks read everything anew: who may see what has changed.
func (o *catalogueCache) invalidate() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.current = nil
}

// currentCatalogue gives the library as it is now, or for a while as it was. Several who ask at once wait for one reading.
func (s *Service) currentCatalogue(ctx context.Context) (*catalogueIndex, error) {
	o := &s.catalogue
	o.mu.Lock()
	defer o.mu.Unlock()
	edition, now := s.o.Store.Edition(), time.Now()
	if c := o.current; c != nil {
		age := now.Sub(c.readAt)
		if age < catalogueTTL && c.edition == edition {
			return c, nil
		}
		if len(c.titles) > catalogueSmall && age < catalogueMaxAge {
			wake(s.catalogueWake)
			return c, nil
		}
	}
	next, err := s.loadCatalogue(ctx)
	if err != nil {
		return nil, err
	}
	o.current = next
	return next, nil
}

// catalogueWorker reads the first overview, and large ones anew when somebody was given an old one, until ctx is done.
func (s *Service) catalogueWorker(ctx context.Context) error {
	if _, err := s.currentCatalogue(ctx); err != nil && ctx.Err() == nil {
		s.o.Logger.Warn("look over the library", "error", err)
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.catalogueWake:
		}
		s.catalogue.mu.Lock()
		old := s.catalogue.current
		s.catalogue.mu.Unlock()
		if old == nil {
			continue // whoever asks next reads it
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Until(old.readAt.Add(catalogueRest * old.readTime))):
		}
		next, err := s.loadCatalogue(ctx)
		if err != nil {
			if ctx.Err() == nil {
				s.o.Logger.Warn("look over the library", "error", err)
			}
			continue
		}
		s.catalogue.mu.Lock()
		if s.catalogue.current == old { // else it was forgotten meanwhile, and what was read may be too old
			s.catalogue.current = next
		}
		s.catalogue.mu.Unlock()
	}
}

func (s *Service) loadCatalogue(ctx context.Context) (*catalogueIndex, error) {
	edition, now := s.o.Store.Edition(), time.Now()
	next, err := s.buildCatalogue(ctx)
	if err != nil {
		return nil, fmt.Errorf("look over the library: %w", err)
	}
	next.edition, next.readAt, next.readTime = edition, now, time.Since(now)
	return next, nil
}

func (s *Service) buildCatalogue(ctx context.Context) (*catalogueIndex, error) {
	glances, err := s.o.Store.TitleSummaries(ctx)
	if err != nil {
		return nil, err
	}
	o := &catalogueIndex{titles: glances, position: make(map[id.Title]int, len(glances)), visibleTo: make(map[Audience][]bool), facetCache: make(map[facetQuery]Facets)}
	for i := range glances {
		o.position[glances[i].ID] = i
	}
	if o.genreNames, err = s.o.Store.Labels(ctx, Genre); err != nil {
		return nil, err
	}
	labelled, err := s.o.Store.Labelled(ctx, Genre)
	if err != nil {
		return nil, err
	}
	o.genres = groupByTitle(len(glances), func(yield func(int, id.Label)) {
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
	o.channels = groupByTitle(len(glances), func(yield func(int, id.Collection)) {
		for _, c := range o.collections {
			if c.Kind != Channel {
				continue
			}
			for _, i := range o.members[c.ID] {
				yield(i, c.ID)
			}
		}
	})
	return o, nil
}

// visible gives which titles an audience may see; nil means all.
func (o *catalogueIndex) visible(ctx context.Context, store Store, a Audience) ([]bool, error) {
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
		return nil, fmt.Errorf("look over what an audience sees: %w", err)
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
