package catalogue_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/catalogue"
	"movify/library/librarytest"
	"movify/library/search"
	"movify/pkg/id"
	"movify/pkg/store"
)

// searchHarness is a catalogue over a store without a library.
type searchHarness struct {
	*catalogue.Service
	t     *testing.T
	dir   string
	store *store.Library
	index library.Index
}

// newSearchHarness opens a library over a new database.
func newSearchHarness(t *testing.T) *searchHarness {
	t.Helper()
	r := &searchHarness{t: t, dir: t.TempDir()}
	r.open("movify.db")
	return r
}

func (r *searchHarness) open(database string) {
	r.t.Helper()
	db, err := store.Open(r.t.Context(), store.Options{Path: filepath.Join(r.dir, database)})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			r.t.Error(err)
		}
	})
	r.store = db.Library()
}

// run starts the library with its index, waits until it can be searched and gives what stops it.
func (r *searchHarness) run() (stop func()) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	index := search.New(search.Options{Dir: filepath.Join(r.dir, "index")})
	r.index = index
	r.Service = catalogue.New(catalogue.Options{Store: r.store, Index: index, IndexDelay: time.Millisecond})
	ended := make(chan error, 2)
	go func() { ended <- index.Run(ctx) }()
	go func() { ended <- r.Service.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				r.t.Error(err)
			}
		}
	})
	r.t.Cleanup(stop)
	r.until("the index is made", func() bool {
		_, known, err := r.SearchTitles(r.t.Context(), "x", 1)
		return known && err == nil
	})
	return stop
}

func (r *searchHarness) until(what string, ok func() bool) {
	r.t.Helper()
	deadline, tick := time.After(librarytest.Timeout), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			r.t.Fatal("never happened:", what)
		}
	}
}

// add keeps a film that is there.
func (r *searchHarness) add(f library.Facts) id.Title {
	r.t.Helper()
	t := library.Title{
		ID: id.New[id.Title](), Kind: library.Movie, Identity: f.Name, Name: f.Name, Year: f.Year, Age: f.Age,
	}
	file := library.File{
		ID: id.New[id.File](), Root: "root", Title: t.ID, Path: "/films/" + f.Name, State: library.Present,
		DurationMS: 1,
	}
	c := library.Change{
		Titles: []library.Title{t}, Files: []library.File{file}, Resolved: []library.Resolved{{Title: t.ID, Facts: f}},
	}
	if err := r.store.Apply(r.t.Context(), c); err != nil {
		r.t.Fatal(err)
	}
	return t.ID
}

// found is what a search gives, by names.
type found struct {
	Titles, People, Groups []string
	Instead                string
}

func (r *searchHarness) find(a library.Audience, text string) (out found) {
	r.t.Helper()
	f, err := r.Search(r.t.Context(), a, text, 20)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, c := range f.Titles {
		out.Titles = append(out.Titles, c.Name)
	}
	for _, p := range f.People {
		out.People = append(out.People, p.Name)
	}
	for _, g := range f.Groups {
		out.Groups = append(out.Groups, g.Name)
	}
	out.Instead = f.DidYouMean
	return out
}

func years(n int) *int { return &n }

func (r *searchHarness) expect(a library.Audience, text string, want found) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.find(a, text)); diff != "" {
		r.t.Errorf("%q (-want +got):\n%s", text, diff)
	}
}

func addFilms(r *searchHarness) {
	r.add(
		library.Facts{
			Name: "Le Cœur à ses raisons", Age: years(6), Genres: []string{"Comédie"},
			Credits: []library.Credit{{Name: "Anne Dorval", Kind: library.Actor}},
		},
	)
	r.add(
		library.Facts{
			Name: "Heat", Age: years(16), Genres: []string{"Crime"},
			Credits: []library.Credit{{Name: "Al Pacino", Kind: library.Actor}},
		},
	)
	r.add(library.Facts{Name: "Heart and Souls", Age: years(0), Genres: []string{"Comédie"}})
}

func TestSearchFindsOnlyWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	r := newSearchHarness(t)
	addFilms(r)
	r.run()
	all, child := library.Unrestricted(), library.Audience{MaxAge: 6}
	r.expect(all, "coeur raison", found{Titles: []string{"Le Cœur à ses raisons"}})
	r.expect(child, "raisns", found{Titles: []string{"Le Cœur à ses raisons"}, Instead: "Le Cœur à ses raisons"})
	r.expect(all, "pacino", found{Titles: []string{"Heat"}, People: []string{"Al Pacino"}})
	r.expect(child, "pacino", found{})
	r.expect(all, "crime", found{Groups: []string{"Crime"}})
	r.expect(child, "crime", found{})
	r.expect(child, "comedie", found{Groups: []string{"Comédie"}})
	r.expect(all, "heat", found{Titles: []string{"Heat", "Heart and Souls"}})
	// What a child is told instead is never the name of a film that is hidden from it.
	r.expect(child, "heat", found{Titles: []string{"Heart and Souls"}, Instead: "Heart and Souls"})
	r.expect(child, "heat crime pacino", found{})
	r.expect(all, "heat robbery", found{Instead: "Heat"})

	names := func(a library.Audience, text string) (out []string) {
		all, err := r.Suggest(t.Context(), a, text, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			out = append(out, string(s.Kind)+" "+s.Text)
		}
		return out
	}
	if diff := cmp.Diff([]string{"movie Heat", "movie Heart and Souls"}, names(all, "hea")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"movie Heart and Souls"}, names(child, "hea")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"person Al Pacino"}, names(all, "al pac")); diff != "" {
		t.Error(diff)
	}
}

// A library whose first few thousand hits are hidden still shows the visible ones after them.
func TestSearchLooksBehindWhatIsHidden(t *testing.T) {
	t.Parallel()
	r := newSearchHarness(t)
	for range 300 {
		r.add(
			library.Facts{
				Name: "Alien " + string(id.New[id.Title]()), Age: years(18),
				Ratings: []library.Rating{{By: "imdb", Value: 8, Votes: 10_000}},
			},
		)
	}
	r.add(library.Facts{Name: "My friend the little alien from the yellow planet", Age: years(0)})
	r.run()
	r.expect(
		library.Audience{MaxAge: 6}, "alien",
		found{Titles: []string{"My friend the little alien from the yellow planet"}},
	)
}

func TestSearchFollowsWhatChanges(t *testing.T) {
	t.Parallel()
	r := newSearchHarness(t)
	addFilms(r)
	stop := r.run()
	all := library.Unrestricted()
	ronin := r.add(library.Facts{Name: "Ronin"})
	r.Changed(ronin)
	r.until("the new film is found", func() bool { return len(r.find(all, "ronin").Titles) == 1 })
	stop()
	r.expect(all, "ron", found{Titles: []string{"Ronin"}}) // without an index, as names are written

	// What changed while nothing ran is found after the next start.
	r.add(library.Facts{Name: "Serpico"})
	stop = r.run()
	r.expect(all, "serpicco", found{Titles: []string{"Serpico"}, Instead: "Serpico"})
	stop()

	// An index that was fed from another database is made anew.
	r.open("restored.db")
	r.add(library.Facts{Name: "Scarface"})
	r.run()
	r.expect(all, "serpico", found{})
	r.expect(all, "scarfase", found{Titles: []string{"Scarface"}, Instead: "Scarface"})
}

func TestSearchWithoutAnIndex(t *testing.T) {
	t.Parallel()
	r := newSearchHarness(t)
	addFilms(r)
	r.Service = catalogue.New(catalogue.Options{Store: r.store})
	r.expect(library.Unrestricted(), "COEUR", found{Titles: []string{"Le Cœur à ses raisons"}})
	if _, known, err := r.SearchTitles(t.Context(), "heat", 5); known || err != nil {
		t.Errorf("there is an index: %v, %v", known, err)
	}
	s, err := r.Suggest(t.Context(), library.Audience{MaxAge: 6}, "hea", 5)
	if err != nil || len(s) != 1 || s[0].Text != "Heart and Souls" {
		t.Errorf("suggested is %v, %v", s, err)
	}
}

// indexes is library.Index under a name that its method has not.
type indexes = library.Index

// brokenIndex loses what it is given; it calls tried each time.
type brokenIndex struct {
	indexes
	tried func()
}

var errDiskFull = errors.New("no space left on device")

func (x brokenIndex) Index(context.Context, []library.SearchDoc) error {
	x.tried()
	return errDiskFull
}

func TestSearchGoesOnWhenTheIndexCannotBeWritten(t *testing.T) {
	t.Parallel()
	r := newSearchHarness(t)
	addFilms(r)
	ctx, cancel := context.WithCancel(context.Background())
	index := search.New(search.Options{})
	tried := make(chan struct{})
	broken := brokenIndex{index, sync.OnceFunc(func() { close(tried) })}
	r.Service = catalogue.New(catalogue.Options{Store: r.store, Index: broken, IndexDelay: time.Millisecond})
	ended := make(chan error, 2)
	go func() { ended <- index.Run(ctx) }()
	go func() { ended <- r.Run(ctx) }()
	<-tried
	r.expect(library.Unrestricted(), "heat", found{Titles: []string{"Heat"}})
	cancel()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
