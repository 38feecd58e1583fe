package library

import (
	"context"
	"fmt"
	"sync"
	"time"

	"movify/pkg/id"
)

const (
	// overviewLife is how long an overview is believed when nothing was written here: another process may have.
	overviewLife = time.Minute
	// overviewSmall is up to how many titles an overview is read again as soon as something was written. A larger one is
	// older for a while during a scan: nobody waits for the next one, which is read behind their backs, and not before twenty
	// times as long have passed as reading it took.
	overviewSmall = 5000
	overviewRest  = 20
	// overviewOldest is when even a large one is waited for: nothing reads it behind anybody's back before Run.
	overviewOldest = 10 * time.Minute
	// overviewViews is of how many audiences it is remembered what they see.
	overviewViews = 16
)

// overviews keeps what filters and counts are answered from: one line of every movie and series, in memory. To count the
// titles of each genre of a hundred thousand takes a database a second and this some milliseconds. Who may see what is
// asked of the store, and the cards of a page are read from it: nothing here decides that.
type overviews struct {
	mu      sync.Mutex
	current *overview
}

// overview is the library at one moment. Nothing of it changes but seen and counted.
type overview struct {
	glances  []Glance
	at       map[id.Title]int
	genres   perTitle[id.Label]
	channels perTitle[id.Collection]
	words    map[id.Label]string
	named    []Collection            // in their order
	holds    map[id.Collection][]int // titles in their order

	edition int64
	read    time.Time
	took    time.Duration

	mu      sync.Mutex
	seen    map[Audience][]bool
	counted map[question]Facets // those of no profile: the home page asks at every visit
}

// question is what facets were counted for.
type question struct {
	audience Audience
	filter   Filter
}

// overviewCounts is how many answers are kept.
const overviewCounts = 64

// perTitle is a list of values for each title: those of title i are all[from[i]:from[i+1]].
type perTitle[T comparable] struct {
	all  []T
	from []int32
}

func (m perTitle[T]) of(i int) []T { return m.all[m.from[i]:m.from[i+1]] }

// byTitle sorts pairs of titles and values by title.
func byTitle[T comparable](n int, pairs func(yield func(title int, value T))) perTitle[T] {
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

// forget has the next one who asks read everything anew: who may see what has changed.
func (o *overviews) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.current = nil
}

// overview gives the library as it is now, or for a while as it was. Several who ask at once wait for one reading.
func (s *Service) overview(ctx context.Context) (*overview, error) {
	o := &s.overviews
	o.mu.Lock()
	defer o.mu.Unlock()
	edition, now := s.o.Store.Edition(), time.Now()
	if c := o.current; c != nil {
		age := now.Sub(c.read)
		if age < overviewLife && c.edition == edition {
			return c, nil
		}
		if len(c.glances) > overviewSmall && age < overviewOldest {
			poke(s.aging)
			return c, nil
		}
	}
	next, err := s.readOverview(ctx)
	if err != nil {
		return nil, err
	}
	o.current = next
	return next, nil
}

// keepOverview reads the first overview, and large ones anew when somebody was given an old one, until ctx is done.
func (s *Service) keepOverview(ctx context.Context) error {
	if _, err := s.overview(ctx); err != nil && ctx.Err() == nil {
		s.o.Logger.Warn("look over the library", "err", err)
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.aging:
		}
		s.overviews.mu.Lock()
		old := s.overviews.current
		s.overviews.mu.Unlock()
		if old == nil {
			continue // whoever asks next reads it
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Until(old.read.Add(overviewRest * old.took))):
		}
		next, err := s.readOverview(ctx)
		if err != nil {
			if ctx.Err() == nil {
				s.o.Logger.Warn("look over the library", "err", err)
			}
			continue
		}
		s.overviews.mu.Lock()
		if s.overviews.current == old { // else it was forgotten meanwhile, and what was read may be too old
			s.overviews.current = next
		}
		s.overviews.mu.Unlock()
	}
}

func (s *Service) readOverview(ctx context.Context) (*overview, error) {
	edition, now := s.o.Store.Edition(), time.Now()
	next, err := s.gatherOverview(ctx)
	if err != nil {
		return nil, fmt.Errorf("look over the library: %w", err)
	}
	next.edition, next.read, next.took = edition, now, time.Since(now)
	return next, nil
}

func (s *Service) gatherOverview(ctx context.Context) (*overview, error) {
	glances, err := s.o.Store.Glances(ctx)
	if err != nil {
		return nil, err
	}
	o := &overview{glances: glances, at: make(map[id.Title]int, len(glances)), seen: make(map[Audience][]bool), counted: make(map[question]Facets)}
	for i := range glances {
		o.at[glances[i].ID] = i
	}
	if o.words, err = s.o.Store.Labels(ctx, Genre); err != nil {
		return nil, err
	}
	labelled, err := s.o.Store.Labelled(ctx, Genre)
	if err != nil {
		return nil, err
	}
	o.genres = byTitle(len(glances), func(yield func(int, id.Label)) {
		for _, l := range labelled {
			if i, ok := o.at[l.Title]; ok {
				yield(i, l.Label)
			}
		}
	})
	if o.named, err = s.o.Store.Collections(ctx, ""); err != nil {
		return nil, err
	}
	members, err := s.o.Store.Members(ctx, "")
	if err != nil {
		return nil, err
	}
	o.holds = make(map[id.Collection][]int, len(o.named))
	for _, m := range members {
		if i, ok := o.at[m.Title]; ok {
			o.holds[m.Collection] = append(o.holds[m.Collection], i)
		}
	}
	o.channels = byTitle(len(glances), func(yield func(int, id.Collection)) {
		for _, c := range o.named {
			if c.Kind != Channel {
				continue
			}
			for _, i := range o.holds[c.ID] {
				yield(i, c.ID)
			}
		}
	})
	return o, nil
}

// shown gives which titles an audience may see; nil means all.
func (o *overview) shown(ctx context.Context, store Store, a Audience) ([]bool, error) {
	if !a.Restricted() {
		return nil, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if v, ok := o.seen[a]; ok {
		return v, nil
	}
	titles, err := store.Shown(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("look over what an audience sees: %w", err)
	}
	v := make([]bool, len(o.glances))
	for _, t := range titles {
		if i, ok := o.at[t]; ok {
			v[i] = true
		}
	}
	if len(o.seen) >= overviewViews {
		clear(o.seen)
	}
	o.seen[a] = v
	return v, nil
}
