package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// pageLatency is the limit of the p95 of every kind of page of a large catalogue.
const pageLatency = 50 * time.Millisecond

// catalogue measures the latency of pages of a large catalogue.
func catalogue(ctx context.Context, o options) (err error) {
	if o.works < smallestCatalogue {
		return errFewWorks
	}
	dir, remove, err := o.scratch("catalogue")
	if err != nil {
		return err
	}
	defer remove()
	began := time.Now()
	films, data := filepath.Join(dir, "library"), filepath.Join(dir, "data")
	if err := seed(ctx, data, films, o.works); err != nil {
		return err
	}
	o.line("%d titles seeded in %s", o.works, time.Since(began).Round(time.Second))
	s, err := serve(ctx, o, data, films)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	began = time.Now()
	if err := s.settled(ctx); err != nil {
		return err
	}
	o.line("the server has looked through its files and knows all names after %s", time.Since(began).Round(time.Second))
	pages, err := s.pages(ctx)
	if err != nil {
		return err
	}
	all := make([]*latencies, len(pages))
	for n, p := range pages {
		all[n] = &latencies{name: p.name, limit: pageLatency, at: 0.95}
	}
	for round := range o.asks { // one kind after the other, so that none has the caches for itself
		for n, p := range pages {
			if err := all[n].ask(ctx, s, p.paths[round%len(p.paths)]); err != nil {
				return err
			}
		}
	}
	over := reportAll(o, all)
	return errors.Join(over, s.reportIdle(ctx, o, "after all pages"))
}

// settled waits until the server has finished its work on the catalogue.
func (s *server) settled(ctx context.Context) error {
	err := untilEvery(ctx, time.Second, 2*patience, "the files have been looked through", func() (bool, error) {
		state, err := s.scanState(ctx)
		return state.FinishedMs > 0 && !state.Running, err
	})
	if err != nil {
		return err
	}
	err = untilEvery(ctx, time.Second, 2*patience, "titles can be searched", func() (bool, error) {
		var found struct{ Total int }
		err := s.call(ctx, http.MethodGet, "/api/v1/search?q="+url.QueryEscape(wordsOf(lastMovie)), nil, &found)
		return found.Total > 0, err
	})
	if err != nil {
		return err
	}
	return s.calm(ctx)
}

// kindOfPage is several addresses that ask for the same kind of thing.
type kindOfPage struct {
	name  string
	paths []string
}

// pages lists the addresses of pages that people visit.
func (s *server) pages(ctx context.Context) ([]kindOfPage, error) {
	movies, err := s.some(ctx, "/api/v1/titles?kind=movie&limit=40&sort=random")
	if err != nil {
		return nil, err
	}
	series, err := s.some(ctx, "/api/v1/titles?kind=series&limit=40&sort=random")
	if err != nil {
		return nil, err
	}
	genres, err := s.some(ctx, "/api/v1/genres")
	if err != nil {
		return nil, err
	}
	var walls []kindOfPage
	for _, sort := range []string{"added", "title", "year", "released", "rating", "random"} {
		p, err := s.leafed(ctx, "browse by "+sort, "/api/v1/titles?sort="+sort)
		if err != nil {
			return nil, err
		}
		walls = append(walls, p)
	}
	searches, slips := kindOfPage{name: "search"}, kindOfPage{name: "search with a slip"}
	for n := range 60 {
		words := strings.ToLower(wordsOf(n * 7))
		searches.paths = append(
			searches.paths, "/api/v1/search?q="+url.QueryEscape(words), "/api/v1/search?q="+url.QueryEscape(words[:5]),
		)
		slips.paths = append(slips.paths, "/api/v1/search?q="+url.QueryEscape(words[:3]+"x"+words[4:]))
	}
	return append([]kindOfPage{
		{"home", []string{"/api/v1/home"}},
		{"a movie", prefixed("/api/v1/titles/", movies)},
		{"a series", prefixed("/api/v1/titles/", series)},
		{"browse by genre", prefixed("/api/v1/titles?sort=rating&genre=", genres)},
		{"browse by years and length", []string{"/api/v1/titles?year=1990-1999&minutes=90-120", "/api/v1/titles?year=2001&kind=movie&sort=title"}},
		{"browse unwatched titles", []string{"/api/v1/titles?watched=no&sort=title", "/api/v1/titles?watched=no&kind=series"}},
		{"counts of all filters", []string{"/api/v1/titles/facets", "/api/v1/titles/facets?kind=movie"}},
		{"counts within a genre", prefixed("/api/v1/titles/facets?genre=", genres)},
		searches, slips,
	}, walls...), nil
}

// some gives the IDs in a list.
func (s *server) some(ctx context.Context, path string) ([]string, error) {
	var list struct{ Items []struct{ ID string } }
	if err := s.call(ctx, http.MethodGet, path, nil, &list); err != nil {
		return nil, err
	}
	if len(list.Items) == 0 {
		return nil, errors.New(path + " lists nothing")
	}
	var ids []string
	for _, x := range list.Items {
		ids = append(ids, x.ID)
	}
	return ids, nil
}

// leafed follows a list for some pages, by the cursor of the page before.
func (s *server) leafed(ctx context.Context, name, path string) (kindOfPage, error) {
	p := kindOfPage{name: name, paths: []string{path}}
	for range 10 {
		var page struct{ Next string }
		if err := s.call(ctx, http.MethodGet, p.paths[len(p.paths)-1], nil, &page); err != nil {
			return p, err
		}
		if page.Next == "" {
			break
		}
		p.paths = append(p.paths, path+"&cursor="+url.QueryEscape(page.Next))
	}
	return p, nil
}

func prefixed(prefix string, ids []string) []string {
	out := make([]string, len(ids))
	for n, x := range ids {
		out[n] = prefix + x
	}
	return out
}
